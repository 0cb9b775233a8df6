"""Text from outside made fit for XML, Word and Typst: the same text, with nothing in it that acts."""

import re
from typing import Final

_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"} | {
    0x7F: "\u2421"
}
_UNFIT: Final = re.compile("[\x80-\x9f\ufffe\uffff\ud800-\udfff]")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINT: Final = re.compile(r"(?<=\w)[_=/.:;&?-](?=[A-Za-z_])")
_LONG: Final = re.compile(r"[!-~]{25,}")
_FIGURE: Final = re.compile(r"[+-]?[\d,]*\.?\d+%?")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def fit(text: str) -> str:
    """Control characters become their pictures (␀); what turns the direction of writing goes.

    A text with an override (U+202E) would show its own letters, and those after it, in another order than
    they stand; without it they are read as they stand.
    """
    text = text.replace("\r\n", "\n").translate(_PICTURES)
    return _UNFIT.sub("\ufffd", _TURNING.sub("", text))


def breakable(text: str, *, narrow: bool = False) -> str:
    """Long runs without a blank get places where a line may end (for setters that never break inside).

    In a `narrow` column lines may also end after marks inside a word.
    """
    if narrow:
        text = _JOINT.sub("\\g<0>\u200b", text)
    return _LONG.sub(lambda run: re.sub("(.{24})", "\\1\u200b", run.group()), text)


def has_long_run(text: str) -> bool:
    """Whether a line of a table would have to end inside a word."""
    return _LONG.search(text) is not None


def cell(text: str) -> str:
    """A text as a cell of a spreadsheet; the apostrophe before a formula tells that it is text."""
    text = fit(text)
    acts = text.lstrip(" \n").startswith(FORMULA) and not _FIGURE.fullmatch(text)
    return f"'{text}" if acts else text
