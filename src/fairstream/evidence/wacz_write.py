"""Pages that were kept → a WACZ 1.1.1 that any replay tool opens.

The WARC is version 1.1, compressed record by record, so that the index (CDXJ) can name each by offset. The
same pages with the same times give the same bytes.
"""

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from fairstream import __version__
from fairstream.errors import UsageError
from fairstream.evidence.wacz import DIGEST, PACKAGE

SOFTWARE: Final = f"fairstream {__version__}"
_WARC: Final = "archive/data.warc.gz"
_NAMES: Final = uuid.UUID("5f0f3c1e-7a43-5d7e-9a38-0d5b6e1c2f44")
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "application/pdf"})


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file as an address answered it: `at` with zone, `headers` of the answer when they were kept.

    Without `headers` it is stored as a resource: nothing is said of an answer nobody wrote down. `page` lists
    it as a page; None: when it is a document.
    """

    url: str
    at: datetime
    data: bytes
    mime: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    title: str = ""
    text: str = ""
    page: bool | None = None


def write_wacz(path: Path, kept: Sequence[KeptFile], *, title: str = "", note: str = "") -> str:
    """Write a WACZ and return the SHA-256 of its data package.

    Raises `UsageError` when there is nothing to write, an address is none of the web, or a time has no zone.
    """
    if not kept:
        raise UsageError("there is nothing to write", remedy="name a file that was kept")
    for one in kept:
        if urlsplit(one.url).scheme not in {"http", "https", "urn", "file"} or any(
            c.isspace() for c in one.url
        ):
            raise UsageError(f"{one.url!r} is no web address", remedy="give it whole: https://…")
        if one.at.tzinfo is None:
            raise UsageError("the time of a page has no zone", remedy="give the time with its zone, +08:00")
    created = max(one.at for one in kept)
    warc, index = _warc(kept, created)
    files = {
        _WARC: warc,
        "indexes/index.cdxj": "".join(index).encode(),
        "pages/pages.jsonl": _pages(kept).encode(),
    }
    package = _package(files, created, title, note)
    digest = hashlib.sha256(package).hexdigest()
    files[PACKAGE] = package
    files[DIGEST] = _json({"path": PACKAGE, "hash": f"sha256:{digest}"})
    stamp = created.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (max(stamp[0], 1980), *stamp[1:]))
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return digest


def _warc(kept: Sequence[KeptFile], created: datetime) -> tuple[bytes, list[str]]:
    """The WARC, and a line of index for each record, sorted."""
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    info = writer.create_warcinfo_record(_WARC, {"software": SOFTWARE, "format": "WARC File Format 1.1"})
    _named(info, "warcinfo", created)
    writer.write_record(info)
    index = []
    for number, one in enumerate(kept):
        record = _record(writer, one)
        _named(record, f"{number} {one.url} {hashlib.sha256(one.data).hexdigest()}", one.at)
        offset = out.tell()
        writer.write_record(record)
        index.append(_cdxj(one, record, offset, out.tell() - offset))
    return out.getvalue(), sorted(index)


def _record(writer: Any, one: KeptFile) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    digest = {"WARC-Payload-Digest": "sha256:" + hashlib.sha256(one.data).hexdigest()}
    payload: BinaryIO = io.BytesIO(one.data)
    size = len(one.data)
    if not one.headers:
        return writer.create_warc_record(
            one.url,
            "resource",
            payload=payload,
            length=size,
            warc_content_type=one.mime,
            warc_headers_dict=digest,
        )
    # The body is kept decoded, so the headers that described its coding on the wire would be wrong here.
    coding = {"content-encoding", "transfer-encoding", "content-length"}
    headers = [(n, v) for n, v in one.headers if n.lower() not in coding]
    headers.append(("Content-Length", str(len(one.data))))
    answer = StatusAndHeaders(
        f"{one.status} {'OK' if one.status == 200 else ''}".strip(), headers, "HTTP/1.1"
    )
    return writer.create_warc_record(
        one.url, "response", payload=payload, length=size, http_headers=answer, warc_headers_dict=digest
    )


def _named(record: Any, name: str, at: datetime) -> None:
    """An id and a time that follow from the content, not from the moment of writing."""
    record.rec_headers.replace_header(
        "WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(_NAMES, name + at.isoformat())}>"
    )
    record.rec_headers.replace_header("WARC-Date", _utc(at))


def _cdxj(one: KeptFile, record: Any, offset: int, length: int) -> str:
    entry = {
        "url": one.url,
        "mime": one.mime,
        "status": str(one.status),
        "digest": record.rec_headers.get_header("WARC-Payload-Digest"),
        "length": str(length),
        "offset": str(offset),
        "filename": _WARC.rpartition("/")[2],
    }
    stamp = one.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{sort_key(one.url)} {stamp} {json.dumps(entry, ensure_ascii=False)}\n"


def sort_key(url: str) -> str:
    """An address with its host turned round, as indexes sort them (SURT): ``com,example)/path?query``."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    host = ",".join(reversed(parts.hostname.removeprefix("www.").split(".")))
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".lower()


def _pages(kept: Sequence[KeptFile]) -> str:
    lines = [
        {
            "format": "json-pages-1.0",
            "id": "pages",
            "title": "All Pages",
            "hasText": any(k.text for k in kept),
        }
    ]
    for number, one in enumerate(kept):
        if one.page if one.page is not None else one.mime in _PAGES:
            entry: dict[str, Any] = {
                "id": uuid.uuid5(_NAMES, f"page {number} {one.url}").hex,
                "url": one.url,
                "ts": _utc(one.at),
                "title": one.title or one.url,
                "size": len(one.data),
            }
            lines.append(entry | ({"text": one.text} if one.text else {}))
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _package(files: dict[str, bytes], created: datetime, title: str, note: str) -> bytes:
    return _json(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": SOFTWARE,
            "created": _utc(created),
            "modified": _utc(created),
            **({"title": title} if title else {}),
            **({"description": note} if note else {}),
            "resources": [
                {
                    "name": name.rpartition("/")[2],
                    "path": name,
                    "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
                    "bytes": len(data),
                }
                for name, data in files.items()
            ],
        }
    )


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
