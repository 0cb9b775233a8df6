"""Web archives: what is read, what is refused, and that what we write is read back by others and by us."""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from fairstream.errors import FormatError, LimitError, UsageError
from fairstream.evidence.pages import bodies, body_of, extract, page_text, read_archive
from fairstream.evidence.wacz import opened_wacz
from fairstream.evidence.wacz_write import KeptFile, sort_key, write_wacz

AT = datetime(2026, 3, 1, 20, 0, 5, tzinfo=timezone(timedelta(hours=8)))
HTML = (
    "<html><head><title>暖阳蜂蜜 （虚构）</title><style>p{}</style></head><body><h1>蜂蜜</h1>"
    "<p>售价 <b>39</b> 元<script>var x=1</script></p></body></html>"
).encode()


def kept(url: str = "https://shop.example/p/1", data: bytes = HTML, mime: str = "text/html") -> KeptFile:
    return KeptFile(url, AT, data, mime, (("Content-Type", f"{mime}; charset=utf-8"),), title="蜂蜜")


def warc(path: Path, *, zipped: bool = True, version: str = "WARC/1.1") -> Path:
    """Two captures of one page, the second a revisit, made by warcio itself (SHA-1 in base 32)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version=version)
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
        first = writer.create_warc_record(
            "https://shop.example/p/1",
            "response",
            payload=io.BytesIO(HTML),
            length=len(HTML),
            http_headers=answer,
            warc_headers_dict={"WARC-Date": "2026-03-01T12:00:05Z"},
        )
        writer.write_record(first)
        again = writer.create_revisit_record(
            "https://shop.example/p/1",
            first.rec_headers.get_header("WARC-Payload-Digest"),
            "https://shop.example/p/1",
            "2026-03-01T12:00:05Z",
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2026-03-02T12:00:05Z"},
        )
        writer.write_record(again)
    return path


@pytest.mark.parametrize(("zipped", "version"), [(True, "WARC/1.1"), (False, "WARC/1.1"), (True, "WARC/1.0")])
def test_warc_is_read(tmp_path: Path, zipped: bool, version: str) -> None:
    archive = read_archive(warc(tmp_path / "a.warc.gz", zipped=zipped, version=version))
    first, again = archive.captures
    assert archive.sound and archive.problems == ()
    assert (first.url, first.status, first.mime, first.kind) == (
        "https://shop.example/p/1",
        200,
        "text/html",
        "response",
    )
    assert first.at == AT and first.digest_state == "holds" and first.size == len(HTML)
    assert first.digest is not None and first.digest.startswith("sha1:")
    assert again.kind == "revisit" and again.same_as == ("https://shop.example/p/1", AT)
    assert again.digest_state == "absent"


def test_revisit_has_the_body_of_what_it_names(tmp_path: Path) -> None:
    found = list(bodies(warc(tmp_path / "a.warc.gz")))
    assert [(one.kind, body) for one, body in found] == [("response", HTML), ("revisit", HTML)]


def test_flipped_body_breaks_its_digest(tmp_path: Path) -> None:
    path = warc(tmp_path / "a.warc", zipped=False)
    path.write_bytes(path.read_bytes().replace("售价".encode(), "标价".encode(), 1))
    archive = read_archive(path)
    assert archive.captures[0].digest_state == "broken" and not archive.sound


def test_truncated_gzip_keeps_what_was_whole(tmp_path: Path) -> None:
    path = warc(tmp_path / "a.warc.gz")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 60])
    archive = read_archive(path)
    assert archive.captures[0].digest_state == "holds"
    assert any("broke off" in problem.cause for problem in archive.problems) and not archive.sound
    path.write_bytes(data[:400])
    cut = read_archive(path)
    assert all(one.digest_state == "broken" for one in cut.captures) and cut.problems


@pytest.mark.parametrize("said", [10, 100_000])
def test_lying_content_length_is_told(tmp_path: Path, said: int) -> None:
    path = warc(tmp_path / "a.warc", zipped=False)
    data = path.read_bytes()
    at = data.index(b"Content-Length: ") + 16
    path.write_bytes(data[:at] + str(said).encode() + data[data.index(b"\r\n", at) :])
    archive = read_archive(path)
    assert archive.problems and not archive.sound


def test_gzip_bomb_is_refused(tmp_path: Path) -> None:
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://x.example/\r\n"
    head += b"Content-Length: 900000000\r\n\r\n"
    path = tmp_path / "bomb.warc.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(head)
        block = bytes(1 << 20)
        for _ in range(100):
            file.write(block)
    with pytest.raises(LimitError, match="no honest archive"):
        read_archive(path)


def test_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "line.warc.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"WARC/1.1\r\nX: ")
        for _ in range(100):
            file.write(b"a" * (1 << 20))
    with pytest.raises(LimitError, match="never ends"):
        read_archive(path)


@pytest.mark.parametrize("data", [b"hello\n", b"PK\x03\x04 no zip"])
def test_no_archive_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"no web archive|no zip"):
        read_archive(path)


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b", b"WARC/1.1\r\n"])
def test_empty_archive_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(data)
    archive = read_archive(path)
    assert archive.captures == () and not archive.sound
    assert archive.problems[0].cause == "it holds no capture"


def test_written_wacz_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "page.wacz"
    picture = KeptFile("https://shop.example/i.png", AT, b"\x89PNG", "image/png")
    digest = write_wacz(path, [kept(), picture], title="页面")
    archive = read_archive(path)
    assert archive.sound and {check.state for check in archive.checks} == {"holds"}
    (page,) = archive.pages
    assert (page.url, page.title, page.at, page.digest) == (
        "https://shop.example/p/1",
        "蜂蜜",
        AT,
        "sha256:" + hashlib.sha256(HTML).hexdigest(),
    )
    assert body_of(path, "https://shop.example/p/1") == HTML
    assert body_of(path, "https://shop.example/i.png") == b"\x89PNG"
    with zipfile.ZipFile(path) as zipped:
        assert {info.compress_type for info in zipped.infolist()} == {zipfile.ZIP_STORED}
        package = json.loads(zipped.read("datapackage.json"))
        assert json.loads(zipped.read("datapackage-digest.json"))["hash"] == f"sha256:{digest}"
        data = zipped.read("archive/data.warc.gz")
        index = zipped.read("indexes/index.cdxj").decode().splitlines()
    assert package["wacz_version"] == "1.1.1"
    records = [
        (r.rec_type, r.content_stream().read())
        for r in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]
    assert records[1:] == [("response", HTML), ("resource", b"\x89PNG")]
    for line in index:
        key, stamp, entry = line.split(" ", 2)
        fields = json.loads(entry)
        at, length = int(fields["offset"]), int(fields["length"])
        (record,) = ArchiveIterator(io.BytesIO(data[at : at + length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == fields["url"]
        assert key == sort_key(fields["url"]) and stamp == "20260301120005"


def test_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_wacz(tmp_path / name, [kept()])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def rezip(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return path


def test_changed_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "page.wacz"
    write_wacz(path, [kept()])

    def change(files: dict[str, bytes]) -> None:
        files["pages/pages.jsonl"] += b'{"url": "https://other.example/", "ts": "2026-03-01T12:00:05Z"}\n'
        files["extra.txt"] = b"x"
        del files["indexes/index.cdxj"]

    archive = read_archive(rezip(path, change))
    broken = {(check.kind, check.name) for check in archive.checks if check.state == "broken"}
    assert broken == {
        ("file", "pages/pages.jsonl"),
        ("file", "extra.txt"),
        ("file", "indexes/index.cdxj"),
        ("page", "https://other.example/"),
    }


def test_changed_package_breaks_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "page.wacz"
    write_wacz(path, [kept()])
    rezip(path, lambda files: files.update({"datapackage.json": files["datapackage.json"] + b" "}))
    assert [c.kind for c in read_archive(path).checks if c.state == "broken"] == ["package"]


def signed(path: Path, signature_of: Callable[[str], dict[str, str]]) -> Path:
    def change(files: dict[str, bytes]) -> None:
        digest = json.loads(files["datapackage-digest.json"])
        digest["signedData"] = {"hash": digest["hash"], **signature_of(digest["hash"])}
        files["datapackage-digest.json"] = json.dumps(digest).encode()

    return rezip(path, change)


def test_anonymous_signature(tmp_path: Path) -> None:
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec", reason="needs cryptography")
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP384R1())
    public = b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()

    def sign(text: str) -> dict[str, str]:
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
        joined = r.to_bytes(48, "big") + s.to_bytes(48, "big")
        return {
            "publicKey": public,
            "signature": b64encode(joined).decode(),
            "created": "2026-03-01T12:00:05Z",
        }

    path = tmp_path / "page.wacz"
    write_wacz(path, [kept()])
    with opened_wacz(signed(path, sign)) as wacz:
        assert wacz.signature is not None and (wacz.signature.kind, wacz.signature.state) == (
            "anonymous",
            "holds",
        )
    with opened_wacz(signed(path, lambda _: sign("sha256:another"))) as wacz:
        assert wacz.signature is not None and wacz.signature.state == "broken"
    with opened_wacz(signed(path, lambda _: {"publicKey": "AAAA", "signature": "AAAA"})) as wacz:
        assert wacz.signature is not None and wacz.signature.state == "broken"


def test_domain_signature_says_what_was_not_checked(tmp_path: Path) -> None:
    x509 = pytest.importorskip("cryptography.x509", reason="needs cryptography")
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "observer.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("observer.example")]), critical=False)
        .sign(key, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()

    def sign(
        text: str, domain: str = "observer.example", created: str = "2026-03-01T12:00:05Z"
    ) -> dict[str, str]:
        signature = b64encode(key.sign(text.encode(), ec.ECDSA(SHA256()))).decode()
        return {"domain": domain, "domainCert": pem, "signature": signature, "created": created}

    path = tmp_path / "page.wacz"
    write_wacz(path, [kept()])
    with opened_wacz(signed(path, sign)) as wacz:
        assert wacz.signature is not None and wacz.signature.state == "unchecked"
        assert "chain of trust" in wacz.signature.detail
    with opened_wacz(signed(path, lambda text: sign(text, "other.example"))) as wacz:
        assert wacz.signature is not None and wacz.signature.state == "broken"
    with opened_wacz(signed(path, lambda text: sign(text, created="2020-01-01T00:00:00Z"))) as wacz:
        assert wacz.signature is not None and wacz.signature.state == "broken"


def hostile_zip(
    path: Path, name: str, data: bytes = b"x", *, twice: bool = False, link: bool = False
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o120777 if link else 0o100644) << 16
        zipped.writestr(info, data)
        if twice:
            with pytest.warns(UserWarning, match="Duplicate name"):
                zipped.writestr(name, b"y")
    return path


@pytest.mark.parametrize("name", ["../up.warc", "/etc/x", "archive/../../x", "a\\..\\..\\x", "C:/x"])
def test_climbing_paths_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LimitError, match="climbs out"):
        read_archive(hostile_zip(tmp_path / "x.wacz", name))


def test_links_and_doubles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="link"):
        read_archive(hostile_zip(tmp_path / "x.wacz", "archive/a.warc", b"/etc/passwd", link=True))
    with pytest.raises(LimitError, match="two files"):
        read_archive(hostile_zip(tmp_path / "x.wacz", "archive/a.warc", twice=True))


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="claims"):
        read_archive(hostile_zip(tmp_path / "x.wacz", "archive/a.warc", bytes(80 << 20)))


def test_truncated_wacz_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.wacz"
    write_wacz(path, [kept()])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FormatError, match="broke off"):
        read_archive(path)


def test_extracted_names_are_ours(tmp_path: Path) -> None:
    path = tmp_path / "page.wacz"
    write_wacz(
        path,
        [
            kept("https://shop.example/../../etc/passwd"),
            kept("https://shop.example/b", b"{}", "application/json"),
        ],
    )
    written = extract(path, tmp_path / "out")
    assert [target.name for _, target in written] == [
        "00001-shop-example-etc-passwd.html",
        "00002-shop-example-b.json",
    ]
    assert written[0][1].read_bytes() == HTML


def test_nothing_to_write_is_refused(tmp_path: Path) -> None:
    for wrong in (
        [],
        [kept("shop.example/p")],
        [KeptFile("https://x.example/", AT.replace(tzinfo=None), b"", "text/html")],
    ):
        with pytest.raises(UsageError):
            write_wacz(tmp_path / "x.wacz", wrong)
    with pytest.raises(UsageError, match="no capture"):
        write_wacz(tmp_path / "x.wacz", [kept()])
        body_of(tmp_path / "x.wacz", "https://none.example/")


def test_page_text_is_what_a_reader_sees() -> None:
    assert page_text(HTML.decode()) == ("暖阳蜂蜜 （虚构）", "蜂蜜\n售价 39 元")
    assert page_text("<p>a<br>b &lt;c&gt;<img alt='标签'></p><scr<ript>") == ("", "a\nb <c> 标签")


def test_sort_keys_turn_the_host_round() -> None:
    assert sort_key("https://www.Shop.example:8443/P?b=2&a=1") == "example,shop:8443)/p?a=1&b=2"


def test_a_record_without_a_length_is_told(tmp_path: Path) -> None:
    """It swallows whatever follows: that must not look like a whole archive of one page."""
    record = (
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://x.example/\r\n"
        b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n\r\nhi\r\n\r\n"
    )
    path = tmp_path / "p.warc"
    path.write_bytes(record * 3)
    found = read_archive(path)
    assert len(found.captures) == 1
    assert [problem.cause.partition(":")[0] for problem in found.problems] == [
        "a record does not say how long it is"
    ]
