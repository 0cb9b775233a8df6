"""Pin every dependency with hashes and without addresses: requirements/base, dev and mutation.txt.

Needs `uv` on the path (`pip install uv`); users never run this.
"""

import shutil
import subprocess
import sys

COMMON = ["--generate-hashes", "--no-header", "--no-annotate", "--universal", "--python-version", "3.11"]
BUILD = "requirements/build.in"
LOCKS = (
    ("base", []),
    ("dev", ["--group", "dev"]),
    ("mutation", ["--group", "mutation"]),
    ("spark", ["--extra", "spark"]),
)


def main() -> int:
    """Exit code of the last compile."""
    uv = shutil.which("uv") or ".venv/bin/uv"
    code = 0
    for out, extra in LOCKS:
        command = [
            uv,
            "pip",
            "compile",
            *COMMON,
            "pyproject.toml",
            BUILD,
            *extra,
            "-o",
            f"requirements/{out}.txt",
        ]
        code = subprocess.run([*command, "--quiet"], check=False).returncode or code  # noqa: S603 - fixed words
    return code


if __name__ == "__main__":
    sys.exit(main())
