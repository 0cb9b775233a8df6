"""Sizes that keep the code liveable: no file over 500 lines, no function over 60.

    python tools/sizes.py DIR…

Prints every file and function that is too long and exits with 1 when there is one.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 60


def too_long(path: Path) -> Iterator[str]:
    """Complaints about one file."""
    source = path.read_text(encoding="utf-8")
    lines = source.count("\n")
    if lines > MOST_FILE_LINES:
        yield f"{path}: {lines} lines, at most {MOST_FILE_LINES}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {MOST_FUNCTION_LINES}"


def main(roots: list[str]) -> int:
    """Exit code."""
    files = [path for root in roots for path in sorted(Path(root).rglob("*.py"))]
    complaints = [complaint for path in files for complaint in too_long(path)]
    print("\n".join(complaints) or f"{len(files)} files, none too long.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
