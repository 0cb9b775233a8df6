"""Whole numbers as statutes write them: 一百四十二, 二〇二六, 20万, １２."""

import unicodedata

from fairstream.text.numbers import parse_number

NUMERAL = "0-9０-９〇零一二两三四五六七八九十百千万亿"
"""Characters such a number may consist of, for use inside a character class."""


def parse_numeral(text: str) -> int:
    """The whole number written as `text`; ValueError when it is none."""
    value = parse_number(unicodedata.normalize("NFKC", text))
    if value != int(value):
        raise ValueError(f"{text!r} is not a whole number")
    return int(value)
