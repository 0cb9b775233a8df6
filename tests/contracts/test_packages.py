"""What the wheel and the source distribution carry."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = (
    "fairstream/charts/dist/charts-ssr.js",
    "fairstream/charts/dist/charts.js",
    "fairstream/charts/dist/LICENSES.txt",
    "fairstream/charts/dist/manifest.json",
    "fairstream/documents/paper.css",
    "fairstream/documents/paper.html.j2",
    "fairstream/documents/paper.typ",
    "fairstream/evidence/package_index.css",
    "fairstream/evidence/package_index.html.j2",
    "fairstream/evidence/package_verify.txt",
    "fairstream/evidence/verifier.py",
    "fairstream/inspect/report.html.j2",
    "fairstream/py.typed",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_carries_what_is_built_and_no_source_of_it(made: Path) -> None:
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert set(CARRIED) <= names
    assert not [name for name in names if name.startswith("frontend") or "node_modules" in name]
    assert not [name for name in names if name.endswith((".map", ".pyc", ".ts"))]


def test_the_source_distribution_installs_without_node(made: Path) -> None:
    (sdist,) = made.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/{name}" for name in CARRIED} <= names
    assert {"PKG-INFO", "hatch_build.py", "frontend/package-lock.json"} <= names
    assert not [name for name in names if "node_modules" in name]
