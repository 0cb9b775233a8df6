"""What the house rules promise about the source, checked on the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "fairstream"
FILES = sorted(SOURCE.rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 500, 60
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Public classes and functions of a module, and public methods of public classes."""
    for node in body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def test_there_is_source_to_check() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=name)
class TestEachFile:
    def test_the_module_says_what_it_is_for(self, path: Path) -> None:
        said = ast.get_docstring(tree(path)) or ""
        assert len(said) > 10
        assert "TODO" not in said

    def test_public_classes_and_functions_have_a_docstring(self, path: Path) -> None:
        """Methods may speak by their name; classes and functions of a module must explain themselves."""
        bare = [
            f"{name(path)}:{node.lineno} {what}"
            for what, node in public(tree(path).body)
            if "." not in what and not ast.get_docstring(node)
        ]
        assert bare == []

    def test_is_short_and_so_are_its_functions(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
        long = [
            f"{name(path)}:{node.lineno} {node.name}"
            for node in ast.walk(tree(path))
            if isinstance(node, Function)
            and (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
        ]
        assert long == []

    def test_has_no_stub(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for word in ("TODO", "FIXME", "XXX", "raise NotImplementedError", "pass  #"):
            assert word not in text, word

    def test_prints_nothing_and_asserts_nothing(self, path: Path) -> None:
        """Words for people go through the command line; a check that must hold is not an assert."""
        nodes = list(ast.walk(tree(path)))
        calls = [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "print"]
        assert calls == []
        assert [n.lineno for n in nodes if isinstance(n, ast.Assert)] == []


def test_imports_go_downward_only() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
