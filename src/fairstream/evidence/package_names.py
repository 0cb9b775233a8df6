"""Names inside a package: what a file is called there when its own name cannot travel.

A manifest must be readable by `sha256sum -c` and by RFC 8493 alike, but they write line breaks and percent
signs in different ways, and a package is unpacked on systems with rules of their own. So such characters are
written as ``=XX`` (the byte in hexadecimal), names that are too long keep their beginning and ending, and no
two names differ by case alone. The name as received stays in the capture record.
"""

import hashlib
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_FORBIDDEN: Final = frozenset('%<>:"|?*\\')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10))}
)
LONGEST: Final = 180
"""Bytes of one part of a path: file systems take 255, and a packed name may be joined to others."""


def packed_name(relative: str, taken: set[str]) -> str:
    """The path inside the package of a file at `relative` (with `/`), which is added to `taken`.

    `taken` holds what `folded` makes of the names in use.
    """
    path = PurePosixPath(*(_part(part) for part in relative.split("/")))
    found, number = str(path), 1
    while folded(found) in taken:
        number += 1
        found = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    taken.add(folded(found))
    return found


def folded(name: str) -> str:
    """A name without case and in one normal form, as file systems compare that know no case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _part(part: str) -> str:
    text = "".join(_escaped(character) for character in part)
    if text[-1:] in (".", " "):
        text = text[:-1] + f"={ord(text[-1]):02X}"
    if text.split(".")[0].lower() in _DEVICES:
        text = "=" + text
    return _shortened(text, part)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"={code - 0xDC00:02X}"
    if character in _FORBIDDEN or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return "".join(f"={byte:02X}" for byte in character.encode(errors="replace"))
    return character


def _shortened(text: str, part: str) -> str:
    raw = text.encode()
    if len(raw) <= LONGEST:
        return text
    ending = PurePosixPath(text).suffix.encode()
    ending = ending if len(ending) <= 16 else b""
    mark = b"-" + hashlib.sha256(part.encode(errors="surrogateescape")).hexdigest()[:8].encode()
    return (
        raw[: LONGEST - len(mark) - len(ending)].decode(errors="ignore").encode() + mark + ending
    ).decode()
