"""Bytes of a long text file → UTF-8, piece by piece, in whatever encoding it came."""

import codecs
import io
import re
from typing import BinaryIO, Final

from fairstream.sources.bytes import MIB, charset_of, open_input
from fairstream.sources.posts.origin import Origin
from fairstream.sources.problems import ProblemLog

_BOMS: Final = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
_SAMPLE: Final = 4 * MIB
_BLOCK: Final = MIB
_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")


class Utf8(io.RawIOBase):
    """A stream of valid UTF-8 without a mark.

    The encoding is told from the first 4 MiB (a mark, UTF-8, UTF-16, GB18030 when it reads like Chinese, a
    guess). Bytes that do not belong to it become "�" and so do NULs; both are logged, once per file.
    Raises `EncodingError` when it is no text at all.
    """

    def __init__(self, origin: Origin, log: ProblemLog) -> None:
        self._file: BinaryIO = origin.open()
        self._log = log
        sample = self._file.read(_SAMPLE)
        self.charset = charset_of(open_input(sample, origin.name))
        if self.charset not in ("utf-8", "ascii") and not sample.startswith(_BOMS):
            log.add("encoding", charset=self.charset.upper())
        self._decoder = codecs.getincrementaldecoder(self.charset)(errors="replace")
        self._pending = sample[_mark(sample) :]
        self._ready = b""
        self._ended = False
        self._ascii = self.charset == "utf-8"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready and not self._ended:
            self._ready = self._next()
        part = self._ready[: len(view)]
        self._ready = self._ready[len(part) :]
        view[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        block = self._pending or self._file.read(_BLOCK)
        self._pending = b""
        self._ended = not block
        if self._ascii and (beyond := _BEYOND_ASCII.search(block)):
            self._ascii = False
            self._tell_again(block[beyond.start() :])
        text = self._decoder.decode(block, final=self._ended)
        # A "�" may stand in the source itself; only what decoding made is a problem.
        bad = text.count("�") - block.count("�".encode()) if "�" in text else 0
        if bad > 0:
            self._log.add("bad_bytes", count=bad, charset=self.charset.upper())
        if "\0" in text:
            self._log.add("controls", count=text.count("\0"))
            text = text.replace("\0", "�")
        return text.encode("utf-8", "replace")

    def _tell_again(self, block: bytes) -> None:
        """The first bytes beyond ASCII may come late and tell another encoding than the sample did."""
        charset = charset_of(open_input(block, self._log.file))
        if charset != self.charset:
            self._log.add("encoding", charset=charset.upper())
            self.charset = charset
            self._decoder = codecs.getincrementaldecoder(charset)(errors="replace")


def _mark(sample: bytes) -> int:
    return next((len(mark) for mark in _BOMS if sample.startswith(mark)), 0)
