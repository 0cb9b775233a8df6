"""WARC records, read one after the other: what was fetched, when, and whether its digests hold.

WARC 1.0 and 1.1 (ISO 28500), compressed by record or not; warcio reads the records. Digests are checked as
the record states them (SHA-1 in base 32, SHA-256 in base 16 or 32, …).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final, Literal

from fairstream.errors import FormatError, LimitError
from fairstream.evidence.pages_stream import FREE, MOST_RATIO, Inflated
from fairstream.records import Place, Problem

Digest = Literal["holds", "broken", "absent"]
Kind = Literal["response", "resource", "revisit", "conversion"]
MOST_RECORDS: Final = 5_000_000
MOST_BODY: Final = 1 << 30
"""A body longer than this is not taken out."""
_BLOCK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 20
_MOST_LINES: Final = 100_000
_KEPT: Final = frozenset({"response", "resource", "revisit", "conversion"})
_REMEDY: Final = "ask for the archive again; what stood before this was read"


@dataclass(frozen=True, slots=True)
class PageCapture:
    """One address as it was kept: when (with zone), the answer's status and kind, and its digest.

    `digest` is as the record states it and `digest_state` whether what lies in the archive meets it. `size`
    is the body in bytes as kept. `title` is known for pages that a WACZ lists. `same_as` is set on a revisit:
    the address and time of the capture with the same content. `record` is the WARC record's own id, `file`
    the WARC it lies in.
    """

    url: str
    at: datetime | None
    kind: Kind
    status: int | None
    mime: str
    digest: str | None
    digest_state: Digest
    size: int
    record: str
    file: str
    title: str = ""
    page: bool = False
    same_as: tuple[str, datetime | None] | None = None


class Reader:
    """The records of one WARC; `problems` grows while it is read."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._inflated = Inflated(file, name)
        self._number = 0

    def captures(self) -> Iterator[PageCapture]:
        """Every capture, its digests checked."""
        for record in self._records():
            size = sum(len(block) for block in _blocks(record.raw_stream))
            yield self._capture(record, size)

    def bodies(self, wanted: Callable[[PageCapture], bool]) -> Iterator[tuple[PageCapture, bytes]]:
        """The captures asked for, each with its body: transfer and content codings undone."""
        for record in self._records():
            if not wanted(self._capture(record, 0)):
                continue
            body = self._body(record)
            if body is not None:
                yield self._capture(record, len(body)), body

    def _body(self, record: Any) -> bytes | None:
        body = bytearray()
        coding = record.http_headers and record.http_headers.get_header("Content-Encoding")
        try:
            for block in _blocks(record.content_stream()):
                body += block
                if len(body) > FREE and len(body) > MOST_RATIO * max(record.length or 0, 1):
                    raise LimitError("a body unpacks out of all proportion", file=self.name)
                if len(body) > MOST_BODY:
                    raise LimitError("a body is longer than 1 GiB", file=self.name)
        except LimitError as error:
            self._problem(error.cause, "take it out with another program if you trust its source")
            return None
        except Exception as error:
            # warcio passes on whatever the coding's library raises.
            self._problem(
                f"a body cannot be decoded ({coding or 'no coding'}: {error})", "see the raw record"
            )
            return None
        return bytes(body)

    def _records(self) -> Iterator[Any]:
        """Captures and their neighbours; a record that cannot be read ends the archive."""
        from warcio.exceptions import ArchiveLoadFailed

        records = _iterator(self._inflated, self.name)
        errors = kept = 0
        try:
            for record in records:
                self._number += 1
                records.reader.lines = 0
                self._says_its_length(record.rec_headers)
                if self._number > MOST_RECORDS:
                    raise LimitError(f"more than {MOST_RECORDS:,} records", file=self.name)
                if record.rec_type in _KEPT:
                    kept += 1
                    yield record
                for _ in _blocks(record.raw_stream):
                    pass
                if getattr(record.raw_stream, "limit", 0):
                    self._problem("a record is shorter than it says: the archive broke off", _REMEDY)
                if records.err_count > errors:
                    errors = records.err_count
                    self._problem("a record is longer than it says", _REMEDY)
        except LimitError:
            raise
        except (ArchiveLoadFailed, EOFError, ValueError, AttributeError, UnicodeError) as error:
            if not self._number:
                raise FormatError(
                    "this is no web archive (WARC)", file=self.name, remedy="give a .warc, .warc.gz or .wacz"
                ) from error
            self._problem(f"what follows is no record: {str(error)[:120]}", _REMEDY)
        if not kept:
            self._problem("it holds no capture", _REMEDY)
        if self._inflated.torn:
            self._problem("the compressed archive broke off or is damaged", _REMEDY)

    def _says_its_length(self, headers: Any) -> None:
        """A record without a length swallows whatever follows, which must not be lost in silence."""
        length = headers.get_header("Content-Length") or ""
        if headers.headers and not (length.isascii() and length.isdigit()):
            self._problem(
                "a record does not say how long it is: all that follows counts as part of it", _REMEDY
            )

    def _capture(self, record: Any, size: int) -> PageCapture:
        headers = record.rec_headers
        digest = headers.get_header("WARC-Payload-Digest")
        revisit = record.rec_type == "revisit"
        same = headers.get_header("WARC-Refers-To-Target-URI")
        return PageCapture(
            url=headers.get_header("WARC-Target-URI") or "",
            at=when(headers.get_header("WARC-Date")),
            kind=record.rec_type,
            status=_status(record),
            mime=_mime(record),
            digest=digest,
            digest_state=_state(record),
            size=size,
            record=headers.get_header("WARC-Record-ID") or "",
            file=self.name,
            same_as=(
                same or headers.get_header("WARC-Target-URI") or "",
                when(headers.get_header("WARC-Refers-To-Date")),
            )
            if revisit
            else None,
        )

    def _problem(self, cause: str, remedy: str) -> None:
        self.problems.append(Problem(Place(self.name, self._number or None), cause, remedy))


def _iterator(stream: Inflated, name: str) -> Any:
    """warcio's iterator: it says nothing on standard error, and no line or header of it grows without end."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import DecompressingBufferedReader

    class Bounded(DecompressingBufferedReader):  # type: ignore[misc]
        lines = 0

        def readline(self, length: int | None = None) -> bytes:
            line: bytes = super().readline(min(length or _LONGEST_LINE, _LONGEST_LINE))
            self.lines += 1
            if self.lines > _MOST_LINES or (len(line) > _BLOCK and not line.endswith(b"\n")):
                raise LimitError(
                    "a record's header never ends", file=name, remedy="ask where the archive comes from"
                )
            return line

    class Quiet(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""

    logging.getLogger("warcio").setLevel(logging.ERROR)
    records = Quiet(stream, check_digests=True)
    records.reader = Bounded(records.fh, block_size=_BLOCK)
    return records


def when(text: str | None) -> datetime | None:
    """A time as WARC and WACZ write it (UTC), None when there is none that can be read."""
    if not text:
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _blocks(stream: Any) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _state(record: Any) -> Digest:
    headers = record.rec_headers
    if record.rec_type == "revisit" or not (
        headers.get_header("WARC-Payload-Digest") or headers.get_header("WARC-Block-Digest")
    ):
        return "absent"
    checker = record.digest_checker
    if checker.passed is None:
        # Never decided: the record broke off before its last byte, or its algorithm is not known.
        return "broken" if getattr(record.raw_stream, "limit", 0) else "absent"
    return "holds" if checker.passed else "broken"


def _status(record: Any) -> int | None:
    code = record.http_headers.get_statuscode() if record.http_headers else ""
    return int(code) if code and code.isascii() and code.isdigit() else None


def _mime(record: Any) -> str:
    named = record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type
    if record.rec_type in {"response", "revisit"} and not record.http_headers:
        named = None
    return (named or "").split(";")[0].strip().lower()
