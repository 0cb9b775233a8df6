"""One form for what readers of pictures write now wide, now narrow.

The same bracket comes out as （ from one frame and as ( from the next, so width is settled before texts are
compared. Letters, digits and signs between them become half width (NFKC), brackets and the marks of a
sentence full width beside Chinese, half width among Latin letters and digits. Words stay as read: traditional
characters, look-alikes and spelt numbers are the rules' own business (`fairstream.text.fold`).
"""

import re
import unicodedata
from typing import Final

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_WIDE: Final = {"(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_CHINESE: Final = re.compile(f"[{_HAN}]")
_MARK: Final = re.compile(f"(?<=[{_HAN}）])[,:;!?](?!\\d)|(?<=[{_HAN}）])[:](?=\\S)")
_SPACE: Final = re.compile(r"\s+")
_CLOSE_SPACE: Final = re.compile(r" (?=[，。：；！？）、])|(?<=[，。：；！？（、]) ")
# Signs that NFKC would take apart or replace by others; they are content, not width.
_KEPT: Final = frozenset("…℃℉№™㎡㎏㎎㏄㎜㎝㎞²³½¼¾①②③④⑤⑥⑦⑧⑨⑩")
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–﹣－−", "-"))


def normalise(text: str) -> str:
    """A text as read, with width, brackets, hyphens and spaces in one form.

    >>> normalise("食健广审(文)第250101－00001号")
    '食健广审（文）第250101-00001号'
    >>> normalise("现价９９元   原价399元")
    '现价99元 原价399元'
    """
    narrow = "".join(
        character if character in _KEPT else unicodedata.normalize("NFKC", character) for character in text
    ).translate(_HYPHENS)
    narrow = _SPACE.sub(" ", narrow).strip()
    wide = _BRACKETS.sub(lambda match: _bracketed(match, narrow), narrow)
    wide = _MARK.sub(lambda match: _WIDE[match[0]], wide)
    if _CHINESE.search(wide):
        # A bracket whose other half was lost.
        wide = re.sub(f"(?<=[{_HAN}])[()]|[()](?=[{_HAN}])", lambda match: _WIDE[match[0]], wide)
    return _CLOSE_SPACE.sub("", wide)


def _bracketed(match: re.Match[str], text: str) -> str:
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if _CHINESE.search(match[1]) or _CHINESE.match(before) or _CHINESE.match(after):
        return f"（{match[1]}）"
    return match[0]
