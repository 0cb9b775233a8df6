"""What no committed file may hold, and what the design documents ask of names."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from fairstream.records import Conduct

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
# Put together here, so that this file does not hold what it forbids.
PACKAGE_HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "test.py" + "pi",
    "npm" + "js.org",
    "npm" + "js.com",
    "npm" + "mirror.com",
    "crates" + ".io",
    "proxy.go" + "lang.org",
    "mirrors." + "aliyun",
    "mirrors." + "tuna",
    "tuna.tsing" + "hua",
]
MACHINE_PATHS = re.compile(r"(?<![\w./~])/(?:work|tmp|root|home/\w+)/")


@cache
def committed() -> tuple[Path, ...]:
    """Text files under version control that are there."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if done.returncode:
        pytest.skip("not a git checkout")
    return tuple(
        path for path in (ROOT / name for name in done.stdout.decode().split("\0") if name) if path.is_file()
    )


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    for path in committed():
        inside = path.relative_to(ROOT).as_posix()
        if folders and not inside.startswith(folders):
            continue
        try:
            yield inside, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_package_host() -> None:
    found = [(name, host) for name, text in texts() for host in PACKAGE_HOSTS if host in text.lower()]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts("src/", "docs/", "examples/", "benchmarks/", "README", "pyproject")
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_the_pattern_for_paths_sees_what_it_should() -> None:
    machine = "/" + "work/main"
    assert MACHINE_PATHS.search(f"see {machine}/x")
    assert not MACHINE_PATHS.search(f"https://example.org{machine}/x")


def test_no_secret_and_no_cache_is_committed() -> None:
    bad = re.compile(r"(^|/)(__pycache__|\.venv|\.env|node_modules|\.DS_Store)(/|$)|\.(pyc|pem|key|sqlite3)$")
    assert [str(path) for path in committed() if bad.search(path.relative_to(ROOT).as_posix())] == []


def test_no_file_is_large() -> None:
    large = [str(path) for path in committed() if path.stat().st_size > 2_000_000]
    assert large == []


def test_text_files_end_in_one_line_end_and_hold_no_tabs_in_yaml() -> None:
    bad = [
        name
        for name, text in texts("src/", "docs/")
        if text
        and (not text.endswith("\n") or text.endswith("\n\n") or (name.endswith(".yaml") and "\t" in text))
    ]
    assert bad == []


def test_conduct_codes_are_those_of_the_design() -> None:
    product = SHARED / "design" / "product.md"
    if not product.exists():
        pytest.skip("the design documents (../shared) are not beside this checkout")
    rows = [line for line in product.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    begin = next(i for i, row in enumerate(rows) if "conduct codes" in row)
    named: set[str] = set()
    for row in rows[begin + 1 :]:
        first, *_, codes, _ = row.split("|")[1:]
        if not re.fullmatch(r" (\d+|–) ", first):
            break
        if not codes.strip().startswith("(umbrella"):
            named |= set(re.findall(r"`([a-z_]+)`", codes))
    assert named == set(get_args(Conduct))
