"""Packages on a machine without Fairstream: the commands of VERIFY.txt as they stand, and verify.py alone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from evidence.authority import make_authority, sign
from evidence.cases import make_case, order
from fairstream.evidence import verifier
from fairstream.evidence.seal import seal
from fairstream.evidence.stamp import import_stamp, write_request

PYTHON = shutil.which("python3", path=os.defpath) or shutil.which("python3")
"""The system's own Python, when there is one."""


@pytest.fixture(params=["案 17", "package", "案 17.zip"])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    out = tmp_path / "there" / str(request.param)
    out.parent.mkdir()
    seal(order(make_case(tmp_path), out))
    return out


def commands(package: Path) -> str:
    """The commands of VERIFY.txt, read from the package itself."""
    if package.is_dir():
        text = (package / "VERIFY.txt").read_text(encoding="utf-8")
    else:
        import zipfile

        with zipfile.ZipFile(package) as archive:
            text = archive.read(f"{package.stem}/VERIFY.txt").decode()
    return "\n".join(re.findall(r"^    (\S.*)$", text, re.M))


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A script in an empty environment: nothing of ours can be found."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_commands_of_verify_txt_run_as_they_stand(package: Path, tmp_path: Path) -> None:
    authority = make_authority(tmp_path / "authority")
    answer = tmp_path / "answer.tsr"
    answer.write_bytes(sign(authority, write_request(package).read_bytes()))
    import_stamp(package, answer)
    shutil.copy(authority / "ca.pem", package.parent)
    script = commands(package)
    for needed in ("sha256sum -c tagmanifest", "sha256sum -c manifest", "openssl ts -verify", "verify.py"):
        assert needed in script
    if "unzip" in script and shutil.which("unzip", path=os.defpath) is None:
        script = script.replace("unzip -q", f"{PYTHON} -m zipfile -e").replace(".zip'\n", ".zip' .\n", 1)
    done = run(script, package.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "Verification: OK" in done.stdout + done.stderr
    assert "证据包完整" in done.stdout


def test_they_fail_on_a_package_that_was_changed(package: Path) -> None:
    if package.is_file():
        pytest.skip("the same commands, once unpacked")
    script = commands(package).split("openssl")[0]
    assert run(script, package.parent).returncode == 0
    for name in ("data/聊天.txt", "index.zh.html", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        content = (package / name).read_bytes()
        (package / name).write_bytes(content[:-2] + b"~\n")
        assert run(script, package.parent).returncode != 0, name
        (package / name).write_bytes(content)
    assert run(script, package.parent).returncode == 0


@pytest.mark.skipif(PYTHON is None, reason="there is no Python on the path")
def test_the_verifier_inside_needs_nothing_but_itself(package: Path, tmp_path: Path) -> None:
    """`-I -S`: no environment, no site packages, not even the folder it lies in."""
    alone = tmp_path / "alone.py"
    shutil.copy(verifier.__file__, alone)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [str(PYTHON), "-I", "-S", str(alone), str(package), "--lang", "en"],
        cwd=elsewhere, env={}, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"The package is whole: {package.name}")
    assert list(elsewhere.iterdir()) == []
    assert not list(package.parent.rglob("__pycache__"))


def test_the_verifier_inside_is_ours_and_finds_its_own_package(package: Path) -> None:
    if package.is_file():
        pytest.skip("lies in the zip")
    assert (package / "verify.py").read_bytes() == Path(verifier.__file__).read_bytes()
    done = subprocess.run(
        [str(PYTHON), "-I", "-S", "verify.py"],
        cwd=package,
        env={},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert "✗" not in done.stdout.decode()
    (package / "data/聊天.txt").unlink()
    done = subprocess.run(
        [str(PYTHON), "-I", "-S", "verify.py"],
        cwd=package,
        env={},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "data/聊天.txt：缺失" in done.stdout.decode()


def test_what_was_added_shows_in_the_plain_counts(package: Path) -> None:
    if package.is_file():
        pytest.skip("the same commands, once unpacked")
    counts = re.findall(
        r"^    (find .*|cat tagmanifest.*)$", (package / "VERIFY.txt").read_text(encoding="utf-8"), re.M
    )
    assert len(counts) == 3

    def told() -> tuple[bool, str]:
        one, other, odd = (run(command, package).stdout.strip() for command in counts)
        return one == other, odd

    assert told() == (True, "")
    (package / "data" / "added.txt").write_text("x")
    assert told() == (False, "")
    (package / "data" / "added.txt").unlink()
    (package / "data" / "link").symlink_to("captures.jsonl")
    assert told() == (True, "./data/link")
