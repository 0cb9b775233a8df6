"""Bytes from outside → text, within a size limit.

The order of trust: a byte-order mark, then UTF-8, then UTF-16 by the place of its NULs, then GB18030
(which holds GBK and GB2312) when the result reads like Chinese, and charset-normalizer's guess last.
Whatever had to be replaced is reported; bytes that are no text at all raise `EncodingError`.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairstream.errors import EncodingError, InputError, LimitError
from fairstream.sources.problems import ProblemLog

Source = str | Path | bytes

MIB: Final = 1 << 20
TEXT_LIMIT: Final = 64 * MIB
"""Largest text file read whole: a two-hour transcript with word times is about 5 MiB."""
STREAM_LIMIT: Final = 512 * MIB
"""Largest file read piece by piece."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"FLV\x01", "a recording"),
    (b"\x1aE\xdf\xa3", "a recording"),
    (b"RIFF", "a recording"),
    (b"ID3", "a recording"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)"),
    (b"SQLite format 3", "a database"),
)
_CONTROLS: Final = bytes(c for c in range(1, 32) if c not in b"\t\n\r\x0b\x0c\x1b") + b"\x7f"
_BAD_CHARACTERS: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Input:
    """A file or bytes to be read, its name for places, and its limit in bytes."""

    name: str
    origin: Path | bytes
    limit: int

    def size(self) -> int:
        """Bytes of the input."""
        if isinstance(self.origin, bytes):
            return len(self.origin)
        try:
            if not self.origin.is_file():
                there = self.origin.exists()
                cause = "this is a folder, pipe or device, not a file" if there else "there is no such file"
                raise InputError(cause, file=self.name, remedy="check the name")
            return self.origin.stat().st_size
        except OSError as error:
            raise _cannot_read(self.name, error) from error

    def head(self, length: int = 65536) -> bytes:
        """The first `length` bytes, whatever the size."""
        return next(self.blocks(length, guard=False), b"")

    def data(self) -> bytes:
        """All bytes; raises `LimitError` before reading when there are more than the limit."""
        return b"".join(self.blocks(max(self.guarded_size(), 1)))

    def guarded_size(self) -> int:
        """Bytes of the input; LimitError when there are too many."""
        size = self.size()
        if size > self.limit:
            raise LimitError(
                f"the file has {size / MIB:,.0f} MiB, more than the limit of {self.limit / MIB:,.0f} MiB",
                file=self.name,
                remedy="split the file, or raise the limit if you trust it",
            )
        return size

    def blocks(self, length: int, *, guard: bool = True) -> Iterator[bytes]:
        """The bytes in pieces of `length`; `guard` checks the limit first."""
        if guard:
            self.guarded_size()
        if isinstance(self.origin, bytes):
            for start in range(0, len(self.origin), length):
                yield self.origin[start : start + length]
            return
        self.size()
        try:
            with self.origin.open("rb") as file:
                while block := file.read(length):
                    yield block
        except OSError as error:
            raise _cannot_read(self.name, error) from error


def open_input(source: Source, name: str | None = None, limit: int = TEXT_LIMIT) -> Input:
    """`source` as an `Input`: a path, or bytes that `name` names."""
    if isinstance(source, bytes):
        return Input(name or "<bytes>", source, limit)
    return Input(name or str(source), Path(source), limit)


def read_text(source: Input, log: ProblemLog) -> str:
    """The whole text with unified line ends. Raises `LimitError`, `EncodingError`, `InputError`."""
    data = source.data()
    if not data.strip():
        log.add("empty")
        return ""
    text = clean(decode(data, log), log)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def decode(data: bytes, log: ProblemLog) -> str:
    """`data` as text; what had to be guessed or replaced goes to `log`."""
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return _replacing(data[len(bom) :], charset, log)
    refuse_binary(data[:65536], log.file)
    for errors in ("strict", "surrogatepass"):  # a lone surrogate alone does not make it another encoding
        with suppress(UnicodeDecodeError):
            return data.decode(errors=errors)
    charset = _guess(data, log.file)
    if charset != "utf-8":
        log.add("encoding", charset=charset.upper())
    return _replacing(data, charset, log)


def charset_of(source: Input) -> str:
    """The character set of a file too long to be decoded at once; reads it once in pieces."""
    head = source.head()
    for bom, charset in _BOMS:
        if head.startswith(bom):
            return charset
    refuse_binary(head, source.name)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in source.blocks(MIB):
            decoder.decode(block)
    except UnicodeDecodeError as error:
        return _guess(bytes(error.object)[max(0, error.start - 65536) :], source.name)
    return "utf-8"


def refuse_binary(head: bytes, name: str) -> None:
    """Raise `EncodingError` when the first bytes are those of a picture, recording, archive or noise."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise _not_text(name, f"this is {what}, not text")
    if head[4:8] == b"ftyp" or (head[:1] == b"G" and head[188:189] == b"G" == head[376:377]):
        raise _not_text(name, "this is a recording, not text")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    nulls = head.count(0)
    if controls > 0.05 * len(head) or (nulls > 0.3 * len(head) and not _utf16_by_nulls(head)):
        raise _not_text(name, "these bytes are not text in any known encoding")


def clean(text: str, log: ProblemLog, line: int | None = None) -> str:
    """NULs and lone surrogates become U+FFFD, one for one, so that offsets stay."""
    if not _BAD_CHARACTERS.search(text):
        return text
    text, count = _BAD_CHARACTERS.subn("�", text)
    log.add("controls", line, count)
    return text


def _guess(data: bytes, name: str) -> str:
    sample = data[: 4 * MIB]
    wide = _utf16_by_nulls(sample)
    if wide:
        return wide
    if _loss(sample, "utf-8") < 0.02:
        return "utf-8"
    if _loss(sample, "gb18030") < 0.02 and _reads_like_chinese(sample):
        return "gb18030"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:65536]).best()
    if best is None:
        raise _not_text(name, "these bytes are not text in any known encoding")
    return best.encoding


def _loss(sample: bytes, charset: str) -> float:
    """Share of the characters beyond ASCII that cannot be decoded; one cut at the end is no loss."""
    text = codecs.getincrementaldecoder(charset)(errors="replace").decode(sample)
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("�") / foreign if foreign else 0.0


def _reads_like_chinese(sample: bytes) -> bool:
    """Most letters are in the everyday half of GB 2312 (rows 16–55), as in any Chinese text."""
    text = sample.decode("gb18030", errors="ignore")[:20000]
    letters = [c for c in text if c > "\x7f" and (c.isalpha() or "\ue000" <= c <= "\uf8ff")]
    codes = [c.encode("gb18030") for c in letters]
    common = sum(1 for code in codes if len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1)
    return bool(letters) and common / len(letters) > 0.6


def _utf16_by_nulls(sample: bytes) -> str | None:
    """UTF-16 without a mark: ASCII characters leave NULs on one side of each pair only."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 0.02 * len(sample) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _replacing(data: bytes, charset: str, log: ProblemLog) -> str:
    text = data.decode(charset, errors="replace")
    bad = text.count("�") - data.count("�".encode()) if "�" in text else 0
    if bad > 0:
        log.add("bad_bytes", count=bad, charset=charset.upper())
    return text


def _not_text(name: str, cause: str) -> EncodingError:
    return EncodingError(cause, file=name, remedy="give a text file (subtitles, chat, table), best in UTF-8")


def _cannot_read(name: str, error: OSError) -> InputError:
    cause = f"the file cannot be read ({error.strerror})"
    return InputError(cause, file=name, remedy="check the name and the rights")
