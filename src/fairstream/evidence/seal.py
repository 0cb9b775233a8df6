"""Sealing: a folder of evidence in, a package out that anyone can verify with standard tools.

The package is written under another name and gets its own in one step, so there is never half of one. Beside
it lies a receipt in the form of `sha256sum`: it covers the tag manifest (and the zip itself), which covers
the other tag files, which cover every file. Kept apart from the package, it makes any change of any bit
visible.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from fairstream.errors import InputError, UsageError
from fairstream.evidence.capture import (
    CAPTURES,
    TOOL,
    CaptureRecord,
    append_captures,
    hash_file,
    here,
    record_id,
    sayable,
)
from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject
from fairstream.evidence.journal import sync_folder, write_new
from fairstream.evidence.package import LOGS, Found, Gathered, find_originals, gather
from fairstream.evidence.package_bag import Bag, FolderSink, ZipSink, bag_info
from fairstream.evidence.package_names import packed_name
from fairstream.evidence.package_pages import Contents, Item, index_page, verify_text
from fairstream.evidence.verifier import TAGS, check_chain
from fairstream.records import Language, Problem

RECEIPT_SUFFIX: Final = ".sha256"
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sealed, by whom, when (with zone), and where to."""

    folder: Path
    out: Path
    who: str
    at: datetime
    case: str = ""
    originals: tuple[Path, ...] = ()
    with_originals: bool = True

    @property
    def zipped(self) -> bool:
        """Whether the package is to be one zip."""
        return self.out.suffix.lower() == ".zip"

    @property
    def top(self) -> str:
        """The name of the package's folder, inside the zip when it is one."""
        return self.out.stem if self.zipped else self.out.name

    @property
    def receipt(self) -> Path:
        """Where the receipt goes: beside the package."""
        return self.out.with_name(self.out.name + RECEIPT_SUFFIX)


@dataclass(slots=True)
class Sealed:
    """What was sealed. `found` had no capture record until now, `left_out` are originals that are not in the
    package by order, `absent` those that were not there to be packed, both with their hashes."""

    package: Path
    receipt: Path
    fingerprint: str = ""
    files: int = 0
    bytes: int = 0
    found: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)
    unasked: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


def seal(order: Order, *, progress: Callable[[int], None] | None = None) -> Sealed:
    """Seal a folder. `progress` is told how many bytes were copied.

    Raises `UsageError` when the order does not fit (nothing is ever written over), `InputError` when
    something in the folder must not be packed or an original has changed since it was captured. Then no
    package is left behind, and the custody log says so.
    """
    gathered = _checked(order)
    log = CustodyLog(_home(order.folder) / CUSTODY)
    log.add("seal", order.out.name, who=order.who, at=order.at, detail="begun")
    staging = order.out.with_name(f".{order.out.name[:60]}.{secrets.token_hex(4)}.sealing")
    try:
        sealed = _sealed(_Sealing(order, gathered, log, staging, progress))
        _write_receipt(order, sealed, staging)
        try:
            _put_in_place(staging, order.out)
        except BaseException:
            order.receipt.unlink()
            raise
    except BaseException as error:
        _discard(staging)
        log.add("seal", order.out.name, who=order.who, detail=f"not sealed: {str(error)[:300]}")
        raise
    done = f"sealed: {sealed.files} files, {sealed.bytes} bytes; the hash is of {TAGS}"
    log.add("seal", Subject(order.out.name, sealed.fingerprint), who=order.who, detail=done)
    return sealed


def plan(order: Order) -> Sealed:
    """What sealing would do, with every file read but nothing written."""
    gathered = _checked(order)
    sealed = Sealed(order.out, order.receipt, problems=gathered.problems)
    for found in gathered.files:
        digest, size = hash_file(found.path)
        gathered.refuse_changed(found, digest)
        log = found.path.name in LOGS
        if not log and not found.result and not gathered.record_for(found, digest):
            sealed.found.append(sayable(found.relative))
        if not order.with_originals and not log and gathered.original(found):
            sealed.left_out.append((found.relative, digest))
        else:
            sealed.files, sealed.bytes = sealed.files + 1, sealed.bytes + size
    return sealed


def _checked(order: Order) -> Gathered:
    """The files of the folder, when the order fits."""
    out, name = order.out, order.out.name
    for path in (out, order.receipt):
        if os.path.lexists(path):
            raise UsageError(
                "it is there already, and evidence is never overwritten", file=path, remedy="use another name"
            )
    if not order.who.strip() or order.at.tzinfo is None:
        raise UsageError(
            "sealing needs a person and a time with its zone", remedy="say who seals: --who NAME"
        )
    if packed_name(name, set()) != name or name.startswith("-") or not order.top.strip("."):
        raise UsageError(
            "the name of the package has characters that not every system can hold",
            file=out,
            remedy="use letters, digits, - and _",
        )
    if not out.parent.is_dir():
        raise UsageError("there is no such folder", file=out.parent, remedy="make it first")
    if out.resolve().is_relative_to(order.folder.resolve()):
        raise UsageError(
            "the package lies in the folder it is made from", file=out, remedy="put it elsewhere"
        )
    return gather(order.folder)


def _home(folder: Path) -> Path:
    """Where the logs of the folder are kept: in it, else, when it is read only, beside nothing."""
    if os.access(folder, os.W_OK):
        return folder
    raise UsageError(
        "the folder cannot be written to, but sealing is an act of custody and is noted in it",
        file=folder,
        remedy="copy the folder to a disk that can be written to",
    )


class _Sealing:
    """One sealing, from the copying of files to the manifests."""

    def __init__(
        self,
        order: Order,
        gathered: Gathered,
        log: CustodyLog,
        staging: Path,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.order, self.gathered, self.log = order, gathered, log
        sink = ZipSink(staging, order.top) if order.zipped else FolderSink(staging)
        self.bag = Bag(sink, progress)
        self.sealed = Sealed(order.out, order.receipt, problems=gathered.problems)
        self.items: list[Item] = []
        self.fresh: list[CaptureRecord] = []
        self.heads: list[str] = []

    def run(self) -> Sealed:
        """Everything but the last step: giving the package its name."""
        own = {CAPTURES, CUSTODY}
        for found in self.gathered.files:
            if found.relative not in own:
                self._take(found)
        self._take_originals()
        self._write_logs()
        self._write_tags()
        sealed = self.sealed
        sealed.fingerprint, _ = self.bag.finish()
        sealed.files = len(self.bag.payload)
        sealed.bytes = sum(size for _, size in self.bag.payload.values())
        return sealed

    def _take(self, found: Found) -> None:
        """Copy one file of the folder, or only note it when originals stay outside."""
        gathered = self.gathered
        log = found.path.name in LOGS
        outside = not self.order.with_originals and not log and gathered.original(found)
        if found.path.name == CUSTODY:  # another log may still grow: what is checked is what is packed
            content = found.path.read_bytes()
            self._remember(found.packed, content)
            digest, size = self.bag.add_bytes(found.packed, content)
        elif outside:
            digest, size = hash_file(found.path)
            self.sealed.left_out.append((sayable(found.relative), digest))
        else:
            digest, size = self.bag.add_file(found.packed, found.path)
        gathered.refuse_changed(found, digest)
        record = gathered.record_for(found, digest)
        if record is None and not log:
            record = self._record(found.relative, digest, size, made=found.result)
        if not outside:
            self.items.append(Item(f"data/{found.packed}", digest, size, record, found.path))

    def _record(self, relative: str, digest: str, size: int, *, made: bool) -> CaptureRecord:
        """A capture record for a file that nobody recorded."""
        name = sayable(relative)
        record = CaptureRecord(
            id=record_id(name, digest),
            name=name,
            sha256=digest,
            size=size,
            who=self.order.who,
            at=self.order.at,
            method="written" if made else "found",
            source=sayable(self.order.folder.resolve().name),
            tool=TOOL,
            note="" if made else "no capture record until sealing",
            where=here(),
        )
        self.fresh.append(record)
        if not made:
            self.sealed.found.append(name)
        return record

    def _take_originals(self) -> None:
        """Copy originals that lie elsewhere, and note by hash those that are nowhere."""
        known = (*self.gathered.records, *self.fresh)
        wanted: dict[str, tuple[str, int | None]] = {}
        for record in known:
            if record.parent:
                wanted.setdefault(record.parent.sha256, ("", None))
            if record.original:
                wanted[record.sha256] = (record.name, record.size)
        outside = {digest for _, digest in self.sealed.left_out}
        here = {item.sha256 for item in self.items} | outside
        missing = {digest: size for digest, (_, size) in wanted.items() if digest not in here}
        places = find_originals(missing, self.order.originals) if self.order.with_originals else ({}, ())
        self.sealed.unasked = places[1]
        taken: set[str] = set()
        for digest in missing:
            if path := places[0].get(digest):
                self._take_original(path, digest, known, taken)
            else:
                self.sealed.absent.append((wanted[digest][0], digest))

    def _take_original(
        self, path: Path, digest: str, known: Sequence[CaptureRecord], taken: set[str]
    ) -> None:
        record = next((one for one in known if one.sha256 == digest), None)
        called = f"originals/{record.name if record else path.name}"
        name = packed_name(called, taken)
        while f"data/{name}" in self.bag.payload:
            name = packed_name(called, taken)
        found, size = self.bag.add_file(name, path)
        if found != digest:
            raise InputError("the original changed while it was copied", file=path, remedy="seal again")
        record = record or self._record(path.name, digest, size, made=False)
        self.items.append(Item(f"data/{name}", digest, size, record, path))

    def _write_logs(self) -> None:
        """Note what is done, then copy both logs as they are at this moment."""
        order = self.order
        captures = order.folder / CAPTURES
        if self.fresh:
            append_captures(captures, self.fresh)
            said = f"{len(self.fresh)} files had no capture record and got one at sealing"
            self.log.add("capture", CAPTURES, who=order.who, detail=said)
        said = f"{len(self.items)} files copied{f'; case {order.case}' if order.case else ''}"
        self.log.add("seal", order.out.name, who=order.who, detail=said)
        if captures.exists():
            self.bag.add_bytes(CAPTURES, captures.read_bytes())
        content = self.log.path.read_bytes()
        self._remember(CUSTODY, content)
        self.bag.add_bytes(CUSTODY, content)

    def _remember(self, packed: str, content: bytes) -> None:
        """Keep the head of a custody log. Raises `InputError` when its chain is broken."""
        chain = check_chain(content.splitlines(keepends=True))
        if chain.broken_line is not None:
            raise InputError(
                f"the custody log is broken: {chain.broken_why}",
                file=packed,
                line=chain.broken_line,
                remedy="keep it under another name as it is, say why, and begin a new log",
            )
        self.heads.append(f"{chain.entries} {chain.head} data/{packed}")

    def _write_tags(self) -> None:
        """The pages for people, the verifier, and bag-info.txt."""
        order, sealed = self.order, self.sealed
        outside = [*sealed.left_out, *sealed.absent]
        contents = Contents(
            name=order.top,
            who=order.who,
            at=order.at,
            case=order.case,
            items=tuple(sorted(self.items, key=lambda item: item.path)),
            outside=tuple(outside),
            entries=self.log.entries(),
            found=tuple(sealed.found),
            names={one.sha256: one.name for one in (*self.gathered.records, *self.fresh)},
        )
        for language in LANGUAGES:
            self.bag.add_tag(f"index.{language}.html", index_page(contents, language).encode())
        self.bag.add_tag("VERIFY.txt", verify_text(order.top, order.out.name).encode())
        self.bag.add_tag("verify.py", (files("fairstream.evidence") / "verifier.py").read_bytes())
        sizes = [size for _, size in self.bag.payload.values()]
        labels = [
            ("Bag-Software-Agent", TOOL),
            ("Bagging-Date", order.at.date().isoformat()),
            ("Sealed-At", order.at.isoformat()),
            ("Contact-Name", order.who),
            ("External-Identifier", order.case),
            ("Payload-Oxum", f"{sum(sizes)}.{len(sizes)}"),
            *(("Custody-Head", head) for head in self.heads),
        ]
        self.bag.add_tag("bag-info.txt", bag_info(labels))


def _sealed(work: _Sealing) -> Sealed:
    """The package under its other name; nothing of it stays open when that fails."""
    try:
        return work.run()
    except BaseException:
        work.bag.sink.abandon()
        raise


def _put_in_place(staging: Path, out: Path) -> None:
    """Give the package its name in one step; never over something else."""
    if staging.is_dir():
        if os.path.lexists(out):
            raise UsageError("it is there already", file=out, remedy="use another name")
        staging.rename(out)
    else:
        try:
            out.hardlink_to(staging)
            staging.unlink()
        except FileExistsError:
            raise UsageError("it is there already", file=out, remedy="use another name") from None
        except OSError:  # a file system without hard links
            staging.rename(out)
    sync_folder(out.parent)


def _write_receipt(order: Order, sealed: Sealed, staging: Path) -> None:
    """The receipt, in the form `sha256sum -c` reads."""
    lines = [f"{sealed.fingerprint}  {order.top}/{TAGS}\n"]
    if order.zipped:
        lines.append(f"{hash_file(staging)[0]}  {order.out.name}\n")
    write_new(order.receipt, "".join(lines).encode())


def _discard(staging: Path) -> None:
    with suppress(OSError):
        if staging.is_dir():
            shutil.rmtree(staging)
        else:
            staging.unlink()
