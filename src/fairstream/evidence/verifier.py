#!/usr/bin/env python3
"""Verify a sealed evidence package: every byte, the custody chain, the capture records, the relations.

校验证据包：每一个字节、保管链、提取记录、派生关系。

This one file needs Python 3.8 or newer and nothing else; a copy of it lies in every package as verify.py:

    python3 verify.py PACKAGE [--receipt PACKAGE.sha256] [--lang en] [--json]

A package is a BagIt 1.0 bag (RFC 8493), as a folder or as a zip without compression. Exit codes: 0 whole,
1 something differs, 2 called wrongly, 3 this is no package.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import struct
import sys
import zipfile
from pathlib import Path
from typing import IO, Any, Iterable, Iterator, NamedTuple  # noqa: UP035 - Python 3.8 runs this file

FIRST = "0" * 64
"""What the first entry of a custody log names as the one before it."""
TAGS, PAYLOAD = "tagmanifest-sha256.txt", "manifest-sha256.txt"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
UNREADABLE = (OSError, EOFError, LookupError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile)
MOST_FILES, MOST_TEXT, MOST_LINE = 1_000_000, 1 << 28, 1 << 22
_LINE = re.compile(rb"([0-9a-f]{64})  ([^\r\n]+)")
_ENTRY = re.compile(rb'(\{.*),"hash":"([0-9a-f]{64})"\}', re.S)
_HEX = re.compile("[0-9a-f]{64}")
_ODD = re.compile(r"^[A-Za-z]:|[\\\0]")

# fmt: off
WORDS = {
    "differs": ("内容已改变", "differs from what was sealed"),
    "missing": ("缺失", "is missing"),
    "extra": ("封存时没有此文件", "was not there at sealing"),
    "malformed": ("格式不符", "is not in the form it was written in"),
    "link": ("是链接，不是文件", "is a link, not a file"),
    "chain": ("保管记录链断裂", "the custody chain breaks"),
    "head": ("保管记录的末端与封存时不符", "the custody log does not end as it did at sealing"),
    "capture": ("提取记录有误", "a capture record is wrong"),
    "relation": ("派生关系有误", "the relation to an original is wrong"),
    "receipt": ("与回执不符", "does not match the receipt"),
    "stamp": ("时间戳不是本证据包的", "the time stamp is not of this package"),
    "no_receipt": ("没有回执：请比对封存时抄录的指纹", "no receipt: compare the fingerprint you kept"),
    "absent": ("不在包内，仅有哈希值", "is not in this package, only its hash"),
    "torn": ("写入时中断的行，已保留", "a line that broke off while being written, kept as it was"),
    "stamped": ("时间戳与本包相符；签名用 openssl 校验", "is of this package; openssl checks who signed"),
    "whole": ("证据包完整", "The package is whole"),
    "broken": ("证据包已被改动或不完整", "The package was changed or is not complete"),
    "fingerprint": ("指纹", "Fingerprint"),
    "files": ("个文件", "files"),
    "captures": ("条提取记录", "capture records"),
    "entries": ("条保管记录", "custody entries"),
}
# fmt: on


class NotAPackage(Exception):  # noqa: N818 - reads as what it says
    """This is no sealed package, or one that is unsafe to open; the words say why."""


class Trouble(NamedTuple):
    """One thing to tell: a code of `WORDS`, the file it is about, and more in words or numbers."""

    code: str
    file: str
    detail: str = ""


class Chain(NamedTuple):
    """A custody log as far as it holds: entries, hash of the last, the first break, lines that broke off."""

    entries: int
    head: str
    broken_line: int | None = None
    broken_why: str = ""
    torn: tuple[int, ...] = ()


class Report(NamedTuple):
    """What verifying found. `troubles` break the package, `notes` do not."""

    package: str
    fingerprint: str
    files: int
    bytes: int
    captures: int
    entries: int
    troubles: tuple[Trouble, ...]
    notes: tuple[Trouble, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing differs."""
        return not self.troubles


def entry_of(line: bytes) -> dict[str, Any] | None:
    """The entry on one line when its own hash is right, else None."""
    found = _ENTRY.fullmatch(line)
    if found is None or hashlib.sha256(found.group(1) + b"}").hexdigest() != found.group(2).decode():
        return None
    data = _object(line)
    if data is None:
        return None
    texts = all(isinstance(data.get(name), str) for name in ("at", "who", "action", "detail", "previous"))
    subject = data.get("subject")
    if not texts or type(data.get("number")) is not int or not isinstance(subject, dict):
        return None
    return data if isinstance(subject.get("name"), str) and "sha256" in subject else None


def check_chain(lines: Iterable[bytes]) -> Chain:
    """Follow a custody log from its first line until it ends or an entry does not follow from the one
    before."""
    count, head = 0, FIRST
    left: list[tuple[int, str]] = []
    torn: list[int] = []
    for number, raw in enumerate(lines, 1):
        line = raw[:-1] if raw.endswith(b"\n") else raw
        data = entry_of(line) if len(line) <= MOST_LINE else None
        if data is None:
            if _object(line) is not None:
                return Chain(count, head, number, "the entry does not match its own hash", tuple(torn))
            left.append((number, hashlib.sha256(line).hexdigest()))
            continue
        if data["number"] != count + 1 or data["previous"] != head:
            return Chain(count, head, number, "the entry does not follow the one before", tuple(torn))
        if data["action"] == "torn" and left and data["subject"]["sha256"] == left[0][1]:
            torn.append(left.pop(0)[0])
        elif left:
            return Chain(count, head, left[0][0], "the line is no entry", tuple(torn))
        count, head = count + 1, data["hash"]
    if len(left) == 1 and not raw.endswith(b"\n"):
        torn.append(left.pop()[0])
    why = "the line is no entry" if left else ""
    return Chain(count, head, left[0][0] if left else None, why, tuple(torn))


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(line)
        return data if isinstance(data, dict) else None
    except (ValueError, RecursionError):
        return None


class Folder:
    """A package as a folder. Names are paths with `/`, whatever the system writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.links: list[str] = []
        self.names = frozenset(self._walk())

    def _walk(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.path):
            for name in sorted(folders) + sorted(files):
                found = Path(folder) / name
                inside = found.relative_to(self.path).as_posix()
                if found.is_symlink() or not (found.is_file() or found.is_dir()):
                    self.links.append(inside)
                elif found.is_file():
                    yield inside

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file."""
        return (self.path / name).open("rb")


class Zip:
    """A package as a zip, read where it lies. Whatever could harm is refused before anything is read.

    Sealing never compresses, so what is compressed, encrypted, named twice, named outside of the archive, or
    larger together than the archive itself is not a sealed package.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.links: list[str] = []
        try:
            self.archive = zipfile.ZipFile(path)
            infos = self.archive.infolist()
        except UNREADABLE as error:
            raise NotAPackage(f"the zip cannot be read: {error}") from None
        self._refuse(infos)
        tops = {info.filename.partition("/")[0] for info in infos}
        if len(tops) != 1:
            raise NotAPackage("a packed package holds exactly one folder")
        self.top = tops.pop() + "/"
        self.names = frozenset(info.filename[len(self.top) :] for info in infos if not info.is_dir())

    def _refuse(self, infos: list[zipfile.ZipInfo]) -> None:
        seen: set[str] = set()
        if len(infos) > MOST_FILES:
            raise NotAPackage(f"the zip holds more than {MOST_FILES} files")
        for info in infos:
            name = info.filename
            if name.startswith("/") or ".." in name.split("/") or _ODD.search(name):
                raise NotAPackage(f"the zip holds a name that climbs out: {name!r}")
            if name in seen:
                raise NotAPackage(f"the zip holds a name twice: {name!r}")
            if info.flag_bits & 0x1 or info.compress_type != zipfile.ZIP_STORED:
                raise NotAPackage(f"the zip was packed anew: {name!r}; unpack it and verify the folder")
            if info.file_size != (0 if info.is_dir() else info.compress_size):
                raise NotAPackage(f"the zip gives two sizes for {name!r}")
            if info.external_attr >> 28 == 0o12:
                raise NotAPackage(f"the zip holds a link: {name!r}")
            seen.add(name)
        if sum(info.file_size for info in infos) > self.path.stat().st_size:
            raise NotAPackage("the zip says it holds more than its own size")

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file."""
        return self.archive.open(self.top + name)


def open_package(path: Path) -> Any:
    """The `Folder` or `Zip` at `path`. Raises `NotAPackage`."""
    if not path.exists():
        raise NotAPackage("there is no file or folder of this name")
    return Folder(path) if path.is_dir() else Zip(path)


class Verifying:
    """One pass over a package."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.troubles: list[Trouble] = []
        self.notes: list[Trouble] = []
        self.told: set[tuple[str, str]] = set()
        self.hashes: dict[str, tuple[str, int]] = {}

    def bad(self, code: str, file: str, detail: str = "") -> None:
        """A thing that breaks the package, told once."""
        if (code, file) not in self.told:
            self.told.add((code, file))
            self.troubles.append(Trouble(code, file, detail))

    def digest(self, name: str) -> tuple[str, int]:
        """SHA-256 and size of a file of the package, read once; an unreadable one matches no hash."""
        if name not in self.hashes:
            try:
                with self.place.open(name) as file:
                    self.hashes[name] = hash_of(file)
            except UNREADABLE:
                self.hashes[name] = ("", 0)
        return self.hashes[name]

    def lines(self, name: str) -> list[bytes]:
        """The lines of a text of the package, with their line breaks."""
        try:
            with self.place.open(name) as file:
                content: bytes = file.read(MOST_TEXT + 1)
        except UNREADABLE:
            return []
        if len(content) > MOST_TEXT:
            self.bad("malformed", name, "too large")
            return []
        return io.BytesIO(content).readlines()

    def manifest(self, name: str) -> dict[str, str]:
        """Hashes by path in a manifest; what is not exactly as sealing writes it is told."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.lines(name), 1):
            parts = _LINE.fullmatch(line[:-1] if line.endswith(b"\n") else line)
            if parts is None or not line.endswith(b"\n"):
                self.bad("malformed", name, f"line {number}")
                continue
            path = parts.group(2).decode("utf-8", "surrogateescape")
            path = re.sub("%(0[AaDd]|25)", lambda code: chr(int(code.group(1), 16)), path)
            if path in found:
                self.bad("malformed", name, f"line {number}: named twice")
            found[path] = parts.group(1).decode()
        return found

    def compare(self, listed: dict[str, str], present: set[str]) -> None:
        """Each listed file is there with its hash, and nothing else is there."""
        for name in sorted(set(listed) | present):
            if name not in present:
                self.bad("missing", name)
            elif name not in listed:
                self.bad("extra", name)
            elif self.digest(name)[0] != listed[name]:
                self.bad("differs", name)


def hash_of(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex and size of what is left to read."""
    digest, size = hashlib.sha256(), 0
    for block in iter(lambda: file.read(1 << 20), b""):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def verify(path: Path, receipt: Path | None = None) -> Report:
    """Verify the package at `path` against `receipt`, else against the one beside it when there is one.

    Raises `NotAPackage` when there is nothing that could be verified.
    """
    place = open_package(path)
    if TAGS not in place.names or PAYLOAD not in place.names:
        raise NotAPackage(f"it has no {PAYLOAD} and {TAGS}")
    work = Verifying(place)
    for link in place.links:
        work.bad("link", link)
    data = {name for name in place.names if name.startswith("data/")}
    work.compare(work.manifest(TAGS), set(place.names) - data - {TAGS})
    payload = work.manifest(PAYLOAD)
    work.compare(payload, data)
    entries = _custody(work, sorted(data), custody_heads(place, work))
    captures = _captures(work, sorted(data), payload)
    _receipt(work, path, receipt or _beside(path, ".sha256"), required=receipt is not None)
    _stamp(work, _beside(path, ".tsr"))
    size = sum(size for _, size in work.hashes.values())
    fingerprint = work.digest(TAGS)[0]
    name, told = path.resolve().name, (tuple(work.troubles), tuple(work.notes))
    return Report(name, fingerprint, len(place.names), size, captures, entries, *told)


def _beside(path: Path, suffix: str) -> Path:
    """What lies beside a package under its name; a folder may have been unpacked from a zip."""
    path = path if path.name not in ("", "..") else path.resolve()
    beside = path.with_name(path.name + suffix)
    packed = path.with_name(path.name + ".zip" + suffix)
    return packed if packed.is_file() and not beside.is_file() else beside


def _bag_info(work: Verifying) -> dict[str, list[str]]:
    """The labels of bag-info.txt; tells a bagit.txt or a payload sum that is not right."""
    if b"".join(work.lines("bagit.txt")) != BAGIT:
        work.bad("malformed", "bagit.txt")
    info: dict[str, list[str]] = {}
    for line in work.lines("bag-info.txt") if "bag-info.txt" in work.place.names else []:
        label, _, value = line.decode("utf-8", "replace").rstrip("\n").partition(": ")
        info.setdefault(label, []).append(value)
    sizes = [size for name, (_, size) in work.hashes.items() if name.startswith("data/")]
    if info.get("Payload-Oxum") != [f"{sum(sizes)}.{len(sizes)}"]:
        work.bad("malformed", "bag-info.txt", "Payload-Oxum")
    return info


def custody_heads(place: Any, work: Verifying | None = None) -> dict[str, list[str]]:
    """Number and hash of the last entry of each custody log as bag-info.txt remembers them."""
    rows = [value.split(" ", 2) for value in _bag_info(work or Verifying(place)).get("Custody-Head", [])]
    return {row[2]: row[:2] for row in rows if len(row) == 3}


def _custody(work: Verifying, names: list[str], heads: dict[str, list[str]]) -> int:
    """Follow every custody log of the payload to the head that bag-info.txt remembers."""
    total = 0
    for name in names:
        if name.rpartition("/")[2] != "custody.jsonl":
            continue
        chain = check_chain(work.lines(name))
        total += chain.entries
        if chain.broken_line is not None:
            work.bad("chain", name, f"line {chain.broken_line}: {chain.broken_why}")
        work.notes.extend(Trouble("torn", name, f"line {line}") for line in chain.torn)
        if heads.pop(name, None) != [str(chain.entries), chain.head]:
            work.bad("head", name, f"entry {chain.entries}, {chain.head}")
    for name in heads:
        work.bad("head", name)
    return total


def _captures(work: Verifying, names: list[str], payload: dict[str, str]) -> int:
    """Hold every capture record against the files of the package."""
    sizes = {work.digest(name)[0]: work.digest(name)[1] for name in names}
    records: list[tuple[str, int, dict[str, Any]]] = []
    for name in names:
        if name.rpartition("/")[2] == "captures.jsonl":
            for number, line in enumerate(work.lines(name), 1):
                record = _object(line)
                if record is None or not _HEX.fullmatch(str(record.get("sha256"))):
                    work.notes.append(Trouble("torn", name, f"line {number}"))
                else:
                    records.append((name, number, record))
    known = set(payload.values()) | {record["sha256"] for _, _, record in records}
    for name, number, record in records:
        size, label = record.get("size"), str(record.get("name"))
        if record["sha256"] not in sizes:
            work.notes.append(Trouble("absent", label, record["sha256"]))
        elif sizes[record["sha256"]] != size:
            work.bad("capture", name, f"line {number}: the size of {label} is not {size} bytes")
        why = _relation(record.get("parent"), known)
        if why:
            work.bad("relation", name, f"line {number}: {label}: {why}")
    return len(records)


def _relation(parent: Any, known: set[str]) -> str:
    """What is wrong with the relation to an original; nothing when there is none or it is sound."""
    if parent is None:
        return ""
    if not isinstance(parent, dict) or str(parent.get("sha256")) not in known:
        return "no record names its original"
    start, end = parent.get("from_ms"), parent.get("to_ms")
    whole = isinstance(start, int) and isinstance(end, int) and 0 <= start <= end
    return "" if whole or (start is None and end is None) else "its stretch is none"


def _receipt(work: Verifying, path: Path, receipt: Path, required: bool) -> None:
    """Hold the package against the receipt that was made at sealing and kept elsewhere."""
    if not receipt.is_file():
        if required:
            raise NotAPackage(f"there is no receipt {receipt.name}")
        work.notes.append(Trouble("no_receipt", TAGS, work.digest(TAGS)[0]))
        return
    with receipt.open("rb") as file:
        lines = [_LINE.fullmatch(line) for line in file.read(1 << 20).split(b"\n") if line]
    found = {part.group(2).decode("utf-8", "replace"): part.group(1).decode() for part in lines if part}
    tags = [digest for name, digest in found.items() if name.endswith("/" + TAGS)]
    if None in lines or len(tags) != 1:
        work.bad("malformed", receipt.name)
    elif tags[0] != work.digest(TAGS)[0]:
        work.bad("receipt", TAGS)
    for name, digest in found.items():
        packed = name.endswith(".zip")
        if "/" in name or (packed and path.is_dir()):
            continue  # the tag manifest, or the zip that a folder was unpacked from
        whole = path if packed else path.with_name(name)
        if not whole.is_file():
            work.bad("missing", name)
            continue
        with whole.open("rb") as file:
            if hash_of(file)[0] != digest:
                work.bad("receipt", name)


def _stamp(work: Verifying, stamp: Path) -> None:
    """Whether a time stamp beside the package is of its tag manifest; signatures are for openssl."""
    if not stamp.is_file():
        return
    imprint = b"\x04\x20" + bytes.fromhex(work.digest(TAGS)[0])
    if stamp.stat().st_size > 1 << 20 or imprint not in stamp.read_bytes():
        work.bad("stamp", stamp.name)
    else:
        work.notes.append(Trouble("stamped", stamp.name))


def as_data(report: Report) -> dict[str, Any]:
    """The report for programs."""
    lists = {name: [one._asdict() for one in getattr(report, name)] for name in ("troubles", "notes")}
    return {**report._asdict(), **lists, "whole": report.whole}


def as_words(report: Report, language: str) -> str:
    """The report for people, `language` zh or en."""
    pick = 1 if language == "en" else 0
    word = {code: pair[pick] for code, pair in WORDS.items()}
    gap = ": " if pick else "："
    lines = [word["whole" if report.whole else "broken"] + gap + report.package]
    lines += ["  ✗ " + _told(one, word, gap) for one in report.troubles]
    lines += ["  · " + _told(one, word, gap) for one in report.notes]
    counts = (report.files, "files"), (report.captures, "captures"), (report.entries, "entries")
    lines.append("  " + " · ".join(f"{count} {word[what]}" for count, what in counts))
    return "\n".join([*lines, f"  {word['fingerprint']}{gap}{report.fingerprint}", ""])


def _told(one: Trouble, word: dict[str, str], gap: str) -> str:
    name: str = one.file.encode("utf-8", "backslashreplace").decode()
    name = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in name)
    return name + gap + word[one.code] + (f" ({one.detail})" if one.detail else "")


def main(arguments: list[str] | None = None) -> int:
    """The program; returns the exit code."""
    parser = argparse.ArgumentParser(description="Verify a sealed evidence package. 校验证据包。")
    parser.add_argument(
        "package", nargs="?", type=Path, default=Path(__file__).parent, help="folder or zip; default: here"
    )
    parser.add_argument("--receipt", type=Path, help="receipt; default: PACKAGE.sha256 beside the package")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = verify(chosen.package, chosen.receipt)
    except (NotAPackage, OSError) as error:
        sys.stderr.write(f"{chosen.package}: {error}\n")
        return 3
    data = json.dumps(as_data(report), indent=2) + "\n"
    sys.stdout.write(data if chosen.json else as_words(report, chosen.lang))
    return 0 if report.whole else 1


if __name__ == "__main__":
    sys.exit(main())
