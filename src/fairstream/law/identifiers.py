"""Numbers by which the law knows firms, goods and approvals: shape, check character, what they tell."""

import re
from typing import Final

_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SHAPE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def uscc_fault(code: str) -> str | None:
    """What is wrong with a unified social credit code: ``shape``, ``check`` or None (GB 32100-2015).

    The check character catches every change of one character. A few codes that were really issued are
    reported to fail: a fault is a lead.
    """
    if not _USCC_SHAPE.fullmatch(code):
        return "shape"
    total = sum(_USCC.index(character) * 3**place for place, character in enumerate(code[:17]))
    return None if _USCC[-total % 31] == code[17] else "check"
