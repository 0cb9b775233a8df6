"""WACZ (Web Archive Collection Zipped, 1.1.1 and 1.2.0), opened safely and checked against its own hashes.

A WACZ is a zip of WARCs with an index, a list of pages and a frictionless data package. Three things are
checked: every file against the hash and size in ``datapackage.json``; that file against
``datapackage-digest.json``; and the signature there, when it has one. Nothing is unpacked to disk.
"""

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Literal, NamedTuple

from fairstream.errors import FormatError, LimitError
from fairstream.evidence.pages_stream import FREE, MOST, MOST_RATIO
from fairstream.evidence.pages_warc import when
from fairstream.evidence.wacz_sign import Verdict, verify_signature
from fairstream.records import Place, Problem

PACKAGE: Final = "datapackage.json"
DIGEST: Final = "datapackage-digest.json"
MOST_ENTRIES: Final = 100_000
_MOST_JSON: Final = 64 << 20
_MOST_PAGES: Final = 1_000_000
_WARCS: Final = (".warc", ".warc.gz")
_BLOCK: Final = 1 << 20


class Check(NamedTuple):
    """One check: of what kind, of which file or address, how it came out, and in words why."""

    kind: Literal["file", "package", "signature", "page"]
    name: str
    state: Literal["holds", "broken", "unchecked"]
    detail: str = ""


class Listed(NamedTuple):
    """A page the WACZ lists."""

    url: str
    at: datetime | None
    title: str


@dataclass
class Wacz:
    """An opened WACZ: what it lists, and how the checks came out. `open` reads a file of it."""

    archive: zipfile.ZipFile
    name: str
    warcs: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    pages: tuple[Listed, ...] = ()
    signature: Verdict | None = None
    problems: list[Problem] = field(default_factory=list)

    def open(self, inner: str) -> IO[bytes]:
        """One of its files, for reading."""
        return self.archive.open(inner)


@contextmanager
def opened_wacz(path: Path, *, name: str | None = None) -> Iterator[Wacz]:
    """Open and check a WACZ.

    Raises `FormatError` when it is none or is damaged, `LimitError` when it holds paths that climb out,
    links, the same name twice, or more than any honest archive.
    """
    name = name or path.name
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, OSError) and not path.is_file():
            raise
        raise FormatError(
            "this is no zip archive, or it broke off", file=name, remedy="ask for it again"
        ) from error
    with archive:
        names = _entries(archive, name)
        wacz = Wacz(
            archive, name, tuple(sorted(n for n in names if n.startswith("archive/") and n.endswith(_WARCS)))
        )
        try:
            _check(wacz, names)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise FormatError(f"it is damaged: {error}", file=name, remedy="ask for it again") from error
        yield wacz


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise LimitError(f"more than {MOST_ENTRIES:,} files", file=name, remedy="ask where it comes from")
    total = 0
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        inner = info.filename
        parts = PurePosixPath(inner).parts
        link = stat.S_ISLNK(info.external_attr >> 16)
        if inner.startswith("/") or ".." in parts or "\\" in info.orig_filename or ":" in inner or link:
            raise LimitError(
                f"a path in it climbs out or is a link: {inner[:80]!r}",
                file=name,
                remedy="do not use this archive",
            )
        if inner in found:
            raise LimitError(
                f"two files are named {inner[:80]!r}", file=name, remedy="do not use this archive"
            )
        if info.flag_bits & 1:
            raise FormatError(
                f"{inner[:80]!r} is encrypted", file=name, remedy="ask for it without a password"
            )
        total += info.file_size
        ratio = info.file_size > FREE and info.file_size > MOST_RATIO * max(info.compress_size, 1)
        if total > MOST or ratio:
            raise LimitError(
                f"{inner[:80]!r} claims {info.file_size:,} bytes out of {info.compress_size:,}",
                file=name,
                remedy="ask where it comes from",
            )
        if not info.is_dir():
            found[inner] = info
    return found


def _check(wacz: Wacz, names: dict[str, zipfile.ZipInfo]) -> None:
    for inner in wacz.warcs:
        if names[inner].compress_type != zipfile.ZIP_STORED:
            wacz.problems.append(
                _problem(wacz, f"{inner} is compressed again inside the zip, against the format")
            )
    if PACKAGE not in names:
        wacz.problems.append(_problem(wacz, f"{PACKAGE} is missing: nothing says what the hashes were"))
        checks = [Check("package", PACKAGE, "broken", "it is missing")]
    else:
        data = _read(wacz, PACKAGE)
        checks = [*_files(wacz, names, _object(data)), *_package(wacz, names, data)]
    wacz.checks = tuple(checks)
    if "pages/pages.jsonl" in names:
        wacz.pages = tuple(_pages(wacz, "pages/pages.jsonl"))


def _files(wacz: Wacz, names: dict[str, zipfile.ZipInfo], package: dict[str, Any]) -> Iterator[Check]:
    """Every file against its hash and size; files that are listed but missing, or there but not listed."""
    resources = package.get("resources")
    listed: set[str] = set()
    for one in resources if isinstance(resources, list) else ():
        inner = str(one.get("path", "")) if isinstance(one, dict) else ""
        listed.add(inner)
        if inner not in names:
            yield Check("file", inner, "broken", "it is listed, but not there")
            continue
        algorithm, _, wanted = str(one.get("hash", "")).rpartition(":")
        digest, size = _hashed(wacz, inner, algorithm or "sha256")
        if digest is None:
            yield Check("file", inner, "unchecked", f"unknown kind of hash {algorithm[:20]!r}")
        elif digest != wanted.lower():
            yield Check("file", inner, "broken", f"{algorithm or 'sha256'} is {digest}, not {wanted[:130]}")
        elif one.get("bytes") not in (None, size):
            yield Check("file", inner, "broken", f"{size} bytes, not {one.get('bytes')}")
        else:
            yield Check("file", inner, "holds")
    for inner in sorted(set(names) - listed - {PACKAGE, DIGEST}):
        yield Check("file", inner, "broken", "it is there, but not listed")


def _package(wacz: Wacz, names: dict[str, zipfile.ZipInfo], data: bytes) -> Iterator[Check]:
    if DIGEST not in names:
        yield Check("package", PACKAGE, "unchecked", f"{DIGEST} is missing")
        return
    digest = _object(_read(wacz, DIGEST))
    stated = str(digest.get("hash", ""))
    actual = "sha256:" + hashlib.sha256(data).hexdigest()
    same = stated.lower() == actual
    yield Check(
        "package", PACKAGE, "holds" if same else "broken", "" if same else f"{actual}, not {stated[:80]}"
    )
    signed = digest.get("signedData")
    if isinstance(signed, dict):
        verdict = wacz.signature = verify_signature(signed, actual)
        yield Check("signature", verdict.signer, verdict.state, verdict.detail)


def _pages(wacz: Wacz, inner: str) -> Iterator[Listed]:
    with wacz.open(inner) as file:
        for number, line in enumerate(iter(lambda: file.readline(_BLOCK), b""), 1):
            if number > _MOST_PAGES:
                raise LimitError(f"more than {_MOST_PAGES:,} pages", file=wacz.name)
            try:
                page = json.loads(line)
            except (ValueError, RecursionError):
                wacz.problems.append(
                    Problem(Place(inner, number), "the line is not JSON", "ask for it again")
                )
                continue
            if isinstance(page, dict) and isinstance(page.get("url"), str):
                yield Listed(page["url"], when(str(page.get("ts") or "")), str(page.get("title") or ""))


def _hashed(wacz: Wacz, inner: str, algorithm: str) -> tuple[str | None, int]:
    if algorithm not in {"sha256", "sha512", "sha384", "sha1", "md5"}:
        return None, 0
    digest = hashlib.new(algorithm, usedforsecurity=False)
    size = 0
    with wacz.open(inner) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _read(wacz: Wacz, inner: str) -> bytes:
    with wacz.open(inner) as file:
        data = file.read(_MOST_JSON + 1)
    if len(data) > _MOST_JSON:
        raise LimitError(f"{inner} is larger than 64 MiB", file=wacz.name, remedy="ask where it comes from")
    return data


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _problem(wacz: Wacz, cause: str) -> Problem:
    return Problem(Place(wacz.name), cause, "ask for the archive as it was made", "repaired")
