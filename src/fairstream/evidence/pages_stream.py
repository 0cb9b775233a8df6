"""Compressed bytes → bytes, in bounded memory and to a bounded length.

An archive from outside may hold a few kilobytes that unpack to terabytes. Everything here stops with a
`LimitError` once what came out is both large in itself and out of proportion to what went in.
"""

import io
import zlib
from typing import IO, Final

from fairstream.errors import LimitError

MOST: Final = 64 << 30
"""Bytes that are unpacked from one archive at most."""
FREE: Final = 64 << 20
"""Bytes that may come out whatever the proportion; memory stays below this when one line never ends."""
MOST_RATIO: Final = 200
"""Web pages shrink to a twentieth; only made-up data shrinks to a two-hundredth."""
_BLOCK: Final = 1 << 16


class Inflated(io.RawIOBase):
    """The content of a file of gzip members (RFC 1952), or the file itself when it is not compressed.

    `torn` says that the last member broke off or was damaged; what was readable of it came out.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        super().__init__()
        self.file = file
        self.name = name
        self.torn = False
        self.out = 0
        self._in = 0
        self._left = b""
        head = file.read(2)
        self._pending = head
        self._gzip = head == b"\x1f\x8b"
        self._unpacker = zlib.decompressobj(31) if self._gzip else None
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self, most: int) -> bytes:
        while not self._ended:
            if self._unpacker is None:
                data = self._raw(most)
                self._ended = not data
            else:
                data = self._inflated(most)
            if data:
                self.out += len(data)
                guard(self.out, self._in, self.name)
                return data
        return b""

    def _raw(self, most: int) -> bytes:
        data, self._pending = self._pending[:most], self._pending[most:]
        data = data or self.file.read(most)
        self._in += len(data)
        return data

    def _inflated(self, most: int) -> bytes:
        unpacker = self._unpacker
        if unpacker is None:
            return b""
        if not self._left and not self._feed():
            self.torn = self.torn or not unpacker.eof
            self._ended = True
            return b""
        if unpacker.eof:
            self._left = self._left.lstrip(b"\0")
            if not self._left and not self._feed():
                self._ended = True
                return b""
            self._unpacker = unpacker = zlib.decompressobj(31)
        try:
            data = unpacker.decompress(self._left, most)
        except zlib.error:
            self.torn = self._ended = True
            return b""
        self._left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        return data

    def _feed(self) -> bool:
        self._left = self._raw(_BLOCK)
        return bool(self._left)


def guard(out: int, read: int, name: str) -> None:
    """Raise `LimitError` when more came out than any honest archive holds."""
    if out > MOST or (out > FREE and out > read * MOST_RATIO):
        raise LimitError(
            f"{read} bytes unpack to more than {out >> 20} MiB: this is no honest archive",
            file=name,
            remedy="ask for the file again, and where it comes from",
        )
