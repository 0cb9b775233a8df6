"""Prices as sellers write them → integer fen."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

_NUMBER: Final = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,6})?)"
_YUAN: Final = re.compile(rf"{_NUMBER}\s*([万千wk]?)\s*(?:元|块钱?|圆)\s*(?:(\d)[毛角]?(\d)?分?(?!\d))?")
_SIGN: Final = re.compile(rf"(?:[¥$]|rmb|cny)\s*{_NUMBER}\s*([万千wk]?)()()")
_BARE: Final = re.compile(rf"{_NUMBER}\s*([万千wk]?)(\d?)()\s*(?:[-~–—至到/起+].*)?", re.DOTALL)
_SCALE: Final = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000}
_MOST: Final = 10**15


def money_fen(value: object, *, in_fen: bool = False) -> int | None:
    """Fen of a price: 9.9, "¥9.9", "9块9", "1.2万", "99元起", "9.9-19.9" (the lower one); None if it is none.

    A bare number is yuan, or fen when `in_fen`.
    """
    if isinstance(value, bool) or value is None:
        return None
    text = unicodedata.normalize("NFKC", str(value)[:100]).strip().lower()
    if text in ("免费", "free"):
        return 0
    match = _SIGN.search(text) or _YUAN.search(text) or _BARE.fullmatch(text)
    if match is None:
        return None
    number, scale, jiao, fen = match.groups()
    try:
        amount = Decimal(number.replace(",", "")) * _SCALE[scale]
    except InvalidOperation:
        return None
    if match.re is _BARE and in_fen:
        amount /= 100
    step = _SCALE[scale] if match.re is _BARE else 1
    amount += Decimal(jiao or 0) * step / 10 + Decimal(fen or 0) * step / 100
    cents = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return cents if cents < _MOST else None
