"""Time stamps, by an authority that runs `openssl ts` on this machine."""

import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.authority import make_authority, openssl, served, sign
from evidence.cases import sealed_case, sha256sum
from fairstream.errors import FormatError, InputError, LimitError, UsageError
from fairstream.evidence import stamp as stamping
from fairstream.evidence.stamp import check_signature, import_stamp, stamp, write_request
from fairstream.evidence.verifier import verify

pytest.importorskip("rfc3161_client", reason="needs the extra `stamp`")
if shutil.which("openssl") is None:
    pytest.skip("needs openssl", allow_module_level=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sealed")
    sealed_case(root)
    return root


@pytest.fixture
def package(sealed: Path, tmp_path: Path) -> Path:
    shutil.copytree(sealed, tmp_path, dirs_exist_ok=True)
    return tmp_path / "package"


def openssl_verifies(package: Path, authority: Path) -> bool:
    """The command of VERIFY.txt."""
    command = ["openssl", "ts", "-verify", "-data", str(package / "tagmanifest-sha256.txt")]
    command += ["-in", f"{package}.tsr", "-CAfile", str(authority / "ca.pem")]
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0


def test_a_stamp_is_kept_beside_the_package_and_holds_for_openssl(package: Path, authority: Path) -> None:
    with served(lambda query: (200, sign(authority, query), {})) as (url, bodies):
        done = stamp(package, url)
    assert len(bodies) == 1
    assert done.path == package.with_name("package.tsr")
    assert abs(done.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert done.authority == "CN=Invented TSA"
    assert done.policy == "1.2.3.4.1"
    assert openssl_verifies(package, authority)
    assert check_signature(package, authority / "ca.pem") == done
    report = verify(package)
    assert report.whole
    assert [(note.code, note.file) for note in report.notes] == [("stamped", "package.tsr")]


def test_the_receipt_covers_the_stamp(package: Path, authority: Path) -> None:
    with served(lambda query: (200, sign(authority, query), {})) as (url, _):
        path = stamp(package, url).path
    assert sha256sum("package.sha256", package.parent).returncode == 0
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert sha256sum("package.sha256", package.parent).returncode == 1
    assert ("receipt", "package.tsr") in [(one.code, one.file) for one in verify(package).troubles]
    assert not openssl_verifies(package, authority)
    with pytest.raises(InputError, match="does not hold"):
        check_signature(package, authority / "ca.pem")


def test_a_zip_is_stamped_without_unpacking(tmp_path: Path, authority: Path) -> None:
    sealed_case(tmp_path, "package.zip")
    with served(lambda query: (200, sign(authority, query), {})) as (url, _):
        assert stamp(tmp_path / "package.zip", url).path.name == "package.zip.tsr"
    report = verify(tmp_path / "package.zip")
    assert report.whole
    assert [note.code for note in report.notes] == ["stamped"]


def test_without_a_network_the_request_is_carried_by_hand(
    package: Path, authority: Path, tmp_path: Path
) -> None:
    query = write_request(package)
    assert query.name == "package.tsq"
    text = openssl(tmp_path, "ts", "-query", "-in", str(query), "-text").stdout.decode()
    assert "Hash Algorithm: sha256" in text
    answer = tmp_path / "from-there"
    answer.write_bytes(sign(authority, query.read_bytes()))
    import_stamp(package, answer)
    assert openssl_verifies(package, authority)
    with pytest.raises(UsageError, match="never overwritten"):
        import_stamp(package, answer)
    with pytest.raises(UsageError, match="never overwritten"):
        stamp(package, "http://127.0.0.1:9/")
    with pytest.raises(UsageError, match="never overwritten"):
        write_request(package)


def test_a_stamp_of_something_else_is_refused(package: Path, authority: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("other")
    openssl(tmp_path, "ts", "-query", "-data", "other", "-sha256", "-cert", "-out", "other.tsq")
    (tmp_path / "other.tsr").write_bytes(sign(authority, (tmp_path / "other.tsq").read_bytes()))
    with pytest.raises(FormatError, match="not of this package"):
        import_stamp(package, tmp_path / "other.tsr")
    assert not package.with_name("package.tsr").exists()
    shutil.copy(tmp_path / "other.tsr", package.with_name("package.tsr"))
    assert [one.code for one in verify(package).troubles] == ["stamp"]


def test_an_answer_to_another_request_is_refused(package: Path, authority: Path) -> None:
    old = sign(authority, stamping._request(stamping.tag_manifest(package)).as_bytes())
    with (
        served(lambda query: (200, old, {})) as (url, _),
        pytest.raises(FormatError, match="another request"),
    ):
        stamp(package, url)


def test_certificates_of_someone_else_do_not_verify(package: Path, authority: Path, tmp_path: Path) -> None:
    stranger = make_authority(tmp_path / "stranger")
    with served(lambda query: (200, sign(authority, query), {})) as (url, _):
        stamp(package, url)
    with pytest.raises(InputError, match="does not hold"):
        check_signature(package, stranger / "ca.pem")
    (tmp_path / "noise.pem").write_text("noise")
    with pytest.raises(InputError, match="does not hold"):
        check_signature(package, tmp_path / "noise.pem")


def test_a_package_changed_after_stamping_does_not_hold(package: Path, authority: Path) -> None:
    with served(lambda query: (200, sign(authority, query), {})) as (url, _):
        stamp(package, url)
    with (package / "tagmanifest-sha256.txt").open("ab") as file:
        file.write(b"\n")
    assert not openssl_verifies(package, authority)
    with pytest.raises(InputError, match="does not hold"):
        check_signature(package, authority / "ca.pem")
    assert ("stamp", "package.tsr") in [(one.code, one.file) for one in verify(package).troubles]


def test_a_refusal_says_why(package: Path, authority: Path) -> None:
    refused = authority / "refused.tsr"
    bad = (
        stamping._request(b"x")
        .as_bytes()
        .replace(b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", b"\x60\x86\x48\x01\x65\x03\x04\x02\x07")
    )
    refused.write_bytes(sign(authority, bad))
    with pytest.raises(InputError, match="the authority refused: REJECTION"):
        import_stamp(package, refused)


@pytest.mark.parametrize(
    ("status", "content", "headers", "error"),
    [
        (200, b"<html>sign in</html>", {}, FormatError),
        (200, b"", {}, FormatError),
        (200, b"x" * (stamping.LARGEST + 1), {}, LimitError),
        (500, b"", {}, InputError),
        (302, b"", {"Location": "http://127.0.0.1:9/elsewhere"}, InputError),
    ],
)
def test_servers_that_do_not_stamp_are_told(
    package: Path, status: int, content: bytes, headers: dict[str, str], error: type[Exception]
) -> None:
    with served(lambda query: (status, content, headers)) as (url, _), pytest.raises(error):
        stamp(package, url)
    assert not package.with_name("package.tsr").exists()


def test_a_server_that_never_answers_is_not_waited_for(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "PATIENCE", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(InputError, match="did not answer"),
    ):
        stamp(package, f"http://127.0.0.1:{silent.getsockname()[1]}/")


@pytest.mark.parametrize("url", ["ftp://tsa.example/", "file:///etc/passwd", "tsa.example", "http://"])
def test_only_addresses_of_the_web_are_asked(package: Path, url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        stamp(package, url)


def test_what_is_no_package_and_what_is_no_stamp(tmp_path: Path, package: Path) -> None:
    with pytest.raises(FormatError, match="it has no tagmanifest"):
        write_request(tmp_path)
    with pytest.raises(UsageError, match="no time stamp beside"):
        check_signature(package, tmp_path)
    (tmp_path / "large.tsr").write_bytes(bytes(stamping.LARGEST + 1))
    with pytest.raises(LimitError):
        import_stamp(package, tmp_path / "large.tsr")
