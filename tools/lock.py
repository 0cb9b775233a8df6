"""Pin every dependency with hashes and without addresses: requirements/base, dev, node….

Needs `uv` on the path (`pip install uv`); users never run this.
"""

import shutil
import subprocess
import sys

COMMON = ["--generate-hashes", "--no-header", "--no-annotate", "--universal", "--python-version", "3.11"]
PACKAGE = ["pyproject.toml", "requirements/build.in"]
LOCKS = (
    ("base", PACKAGE),
    ("dev", [*PACKAGE, "--group", "dev"]),
    ("mutation", [*PACKAGE, "--group", "mutation"]),
    ("spark", [*PACKAGE, "--extra", "spark"]),
    ("node", ["requirements/node.in"]),
)


def main() -> int:
    """Exit code of the last compile that failed, or 0."""
    uv = shutil.which("uv") or ".venv/bin/uv"
    code = 0
    for out, given in LOCKS:
        command = [uv, "pip", "compile", *COMMON, *given, "-o", f"requirements/{out}.txt", "--quiet"]
        code = subprocess.run(command, check=False).returncode or code  # noqa: S603 - fixed words
    return code


if __name__ == "__main__":
    sys.exit(main())
