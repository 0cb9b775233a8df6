"""Numerals as statutes write them: 一百四十二, 二〇二六, 20万, １２."""

import unicodedata

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}

NUMERAL = "0-9０-９〇零一二两三四五六七八九十百千万亿"
"""Characters a numeral may consist of, for use inside a character class."""


def parse_numeral(text: str) -> int:
    """The whole number written as `text`; ValueError when it is none.

    Chinese, Arabic and full-width digits may be mixed with units (20万, 一百零八, 二〇二六).
    """
    plain = "".join(_plain(character) for character in text.strip())
    if not plain:
        raise ValueError("no numeral")
    if plain.isdecimal():
        return int(plain)
    return _with_units(plain, text)


def _plain(character: str) -> str:
    if character in _DIGITS:
        return str(_DIGITS[character])
    if character in _SMALL_UNITS or character in _LARGE_UNITS:
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    raise ValueError(f"{character!r} is not part of a numeral")


def _with_units(plain: str, text: str) -> int:
    total = section = 0
    digits = ""
    for character in plain:
        if character.isdecimal():
            # 一百零八: the zero only marks a skipped unit.
            digits = character if digits == "0" else digits + character
            continue
        if character in _SMALL_UNITS:
            section += (int(digits) if digits else 1) * _SMALL_UNITS[character]
        else:
            section += int(digits or 0)
            if total + section == 0:
                raise ValueError(f"{text!r} has a unit without a number")
            total = (total + section) * _LARGE_UNITS[character]
            section = 0
        digits = ""
    return total + section + int(digits or 0)
