"""Personal numbers, mail addresses and house numbers in text → stars, at output.

Offsets into the text as published must hold, so a mask has the length of what it hides: the first three
and the last two digits stay, every other digit becomes a star, separators stay. Identity-card numbers follow
GB 11643, bank cards ISO/IEC 7812, mobile numbers the Chinese plan (1[3-9] and nine digits). Unified social
credit codes and approval numbers are public and are left alone.
"""

import re
from typing import Final

_D: Final = r"[0-9０-９]"
_SEP: Final = r"[ \-–—－·.]?"
_DIGIT: Final = re.compile(r"[0-9０-９xX]")
_NUMBERS: Final = re.compile(
    rf"(?<![0-9０-９A-Za-z])(?:"
    rf"(?P<card>[1-9１-９]{_D}{{5}}{_SEP}(?:{_D}{_SEP}){{11}}[0-9０-９xX])"
    rf"|(?P<bank>(?:{_D}{_SEP}){{15,18}}{_D})"
    rf"|(?:[+＋]?(?:86|８６){_SEP})?(?P<mobile>[1１]{_SEP}[3-9３-９](?:{_SEP}{_D}){{9}})"
    rf"|(?P<line>[(（]?[0０](?:[12１２]{_D}|[3-9３-９]{_D}{{2}})[)）]?{_SEP}[2-8２-８](?:{_SEP}{_D}){{6,7}})"
    rf")(?![0-9０-９A-Za-z])"
)
_WIDE: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_BIRTH: Final = re.compile(r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII)
_MAIL: Final = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@(?=[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", re.ASCII)
_UNIT: Final = rf"[A-Za-z]?{_D}{{1,5}}\s*(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|户)?\s*[-—]?\s*"
_DOOR: Final = re.compile(
    rf"(?:(?:路|街|大道|巷|弄|胡同|小区|花园|苑|新村|公寓|大厦|广场)\s*(?:{_UNIT}){{1,6}}"
    rf"|{_D}{{1,4}}\s*(?:号楼|栋|幢|座|单元)\s*(?:{_UNIT}){{1,4}})"
)
_DOOR_END: Final = re.compile(r"号|弄|栋|幢|座|单元|室|户")
_DIGITS: Final = re.compile(r"[0-9０-９]")


def mask(text: str) -> str:
    """`text` with phone, identity-card and bank-card numbers starred; same length, same offsets."""
    return _NUMBERS.sub(_starred, text)


def private(text: str) -> str:
    """`text` of a consumer: as `mask`, mail addresses and house numbers starred too; same length."""
    return without_doors(without_mail(mask(text)))


def without_mail(text: str) -> str:
    """`text` with the names in mail addresses starred; same length."""
    return _MAIL.sub(lambda match: "*" * len(match.group(1)) + "@", text)


def without_doors(text: str) -> str:
    """`text` with the digits of house, floor and door numbers starred; same length."""
    return _DOOR.sub(_door, text)


def _starred(match: re.Match[str]) -> str:
    whole = match.group()
    digits = "".join(_DIGIT.findall(whole)).translate(_WIDE)
    if match.lastgroup == "card" and not _BIRTH.fullmatch(digits) and digits[0] == "9":
        return whole
    name = match.lastgroup or "mobile"
    start, end = match.span(name)
    offset = match.start()
    return whole[: start - offset] + _stars(match.group(name)) + whole[end - offset :]


def _stars(number: str) -> str:
    places = [match.start() for match in _DIGIT.finditer(number)]
    hidden = set(places[3:-2])
    return "".join("*" if at in hidden else character for at, character in enumerate(number))


def _door(match: re.Match[str]) -> str:
    whole = match.group()
    return _DIGITS.sub("*", whole) if _DOOR_END.search(whole[1:]) else whole
