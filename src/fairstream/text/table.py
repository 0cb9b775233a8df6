"""The table of the base fold: one packed number for each of the 0x110000 code points.

Layout of an entry (uint32): bits 0–20 the folded code point (or the index of an expansion), 21–24 the
`FoldKind`, 26 set for an emoji that may stand for a character, 27–30 the `CharClass`, 31 set when the
entry expands to several characters (⑩ → 10). The table is derived from Unicode's own data
(`unicodedata`), from OpenCC's traditional→simplified dictionary and from the small lists below; it takes
about a second to derive and is then kept in the user's cache directory.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.kinds import CharClass, FoldKind
from fairstream.text.lists import listed
from fairstream.text.store import cached_arrays, packages_key

CODE_POINTS = 0x110000
CODE_MASK = 0x1FFFFF
KIND_SHIFT, CLASS_SHIFT = 21, 27
EMOJI_BIT = 1 << 26
EXPAND_BIT = 1 << 31
#: Entries from here on need a look at their neighbours.
SPECIAL = int(CharClass.DROP) << CLASS_SHIFT
VERSION = 6

_HAN = [(0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0), (0x3005, 0x3008)]
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def _signs(**groups: str) -> dict[str, str]:
    """Map every sign of a group to its first one."""
    return {sign: group[0] for group in groups.values() for sign in group}


_MARKS = _signs(
    stop="。" + _LINE_ENDS,
    call="！!‼¡❗❕⁉",
    question="？?⁇⁈¿❓❔",
    halt="；;",
    list="、",
    pause="…⋯",
    dash="—―",
)
_CONTEXT = {".": "。", ",": "，", ":": "："}
_QUOTES = _signs(
    opening="“„‟‘‚‛「『﹁﹃〝«‹",
    closing="”’」』﹂﹄〞〟»›",
    straight='"',
    left="[{【〔〖〘〚",
    right="]}】〕〗〙〛",
    round_left="(",
    round_right=")",
    title_left="《〈⟨",
    title_right="》〉⟩",
)
_KEPT = _signs(
    yuan="￥¥",
    percent="%",
    permille="‰",
    celsius="℃",
    fahrenheit="℉",
    degree="°",
    dollar="$",
    euro="€",
    pound="£",
)
_BLANKS = "\t\u2800\u3164\u115f\u1160\uffa0"
#: Letters that look like a Latin letter, lower case after folding of width and maths alphabets.
_LOOKALIKES = {
    sign: letter
    for letter, signs in {
        "a": "аαɑᴀ",
        "b": "вьβʙ",
        "c": "сϲᴄ",
        "d": "đᴅ",
        "e": "еёєεᴇəɛ",
        "f": "ꜰ",
        "g": "ɡց",
        "h": "нһհʜħ",
        "i": "іιıɩɪ",
        "j": "јϳᴊ",
        "k": "кκᴋ",
        "l": "ℓʟł",
        "m": "мᴍ",
        "n": "ηոɴ",
        "o": "оοօᴏøɔ",
        "p": "рρᴘ",
        "q": "ԛզ",
        "r": "ʀ",
        "s": "ѕꜱ",
        "t": "тτᴛŧ",
        "u": "υսᴜ",
        "v": "νᴠʋ",
        "w": "ԝωᴡ",
        "x": "хχ",
        "y": "уγʏ",
        "z": "зζᴢƶ",
    }.items()
    for sign in signs
}
_HANGZHOU = dict(zip("〡〢〣〤〥〦〧〨〩", "123456789", strict=True))
_VARIANTS = {
    "髙": "高",
    "伱": "你",
    "莪": "我",
    "吥": "不",
    "菿": "到",
    "哋": "的",
    "恏": "好",
    "媞": "是",
    "妳": "你",
    "囍": "喜",
    "麽": "么",
    "嘅": "的",
    "の": "的",
    "丶": "、",
    "氺": "水",
}


@dataclass(frozen=True)
class FoldTable:
    """The packed entries and the expansions they point to."""

    entries: npt.NDArray[np.uint32]
    expansions: npt.NDArray[np.uint32]  # one row per expansion, padded with 0
    lengths: npt.NDArray[np.int64]


def is_han(code: int) -> bool:
    """Whether a code point is a Chinese character."""
    return any(low <= code < high for low, high in _HAN)


def pack(code: int, kind: int, char_class: int) -> int:
    """A folded code with its kind of fold and its class in one number."""
    return code | int(kind) << KIND_SHIFT | int(char_class) << CLASS_SHIFT


@cache
def sign_characters() -> tuple[tuple[str, str], ...]:
    """Emoji and signs that may stand for a character, with the character."""
    pairs = ((sign, character) for character, signs in listed("emoji.tsv") for sign in signs.split())
    return tuple((sign, character) for sign, character in pairs if len(sign) == 1)


@cache
def fold_table() -> FoldTable:
    """The table, from the user's cache directory when it is there, else derived and kept."""
    key = packages_key("fold", VERSION, ("opencc-python-reimplemented",))
    stored = cached_arrays(key, _derive)
    entries = stored["difference"].astype(np.uint32) ^ np.arange(CODE_POINTS, dtype=np.uint32)
    entries[[ord(sign) for sign, _ in sign_characters()]] |= np.uint32(EMOJI_BIT)
    return FoldTable(entries, stored["expansions"].astype(np.uint32), stored["lengths"].astype(np.int64))


def _derive() -> dict[str, npt.NDArray[np.generic]]:
    simplified = _simplified()
    entries = np.empty(CODE_POINTS, dtype=np.uint32)
    expansions: dict[str, int] = {}
    for code in range(CODE_POINTS):
        entries[code] = _entry(code, simplified, expansions)
    width = max(map(len, expansions), default=1)
    rows = [[ord(c) for c in text.ljust(width, "\0")] for text in expansions]
    return {
        "difference": entries ^ np.arange(CODE_POINTS, dtype=np.uint32),
        "expansions": np.array(rows, dtype=np.uint32).reshape(-1, width),
        "lengths": np.array([len(text) for text in expansions], dtype=np.uint8),
    }


def _entry(code: int, simplified: dict[str, str], expansions: dict[str, int]) -> int:
    if 0xD800 <= code < 0xE000:
        return pack(0xFFFD, FoldKind.NONE, CharClass.OTHER)
    published = chr(code)
    folded, kind = _folded(published, simplified)
    if len(folded) == 1:
        char_class, folded = _classified(published, folded)
        return pack(ord(folded), kind, char_class)
    index = expansions.setdefault(folded, len(expansions))
    char_class = CharClass.HAN if is_han(ord(folded[0])) else CharClass.WORD
    return pack(index, kind, char_class) | EXPAND_BIT


def _folded(published: str, simplified: dict[str, str]) -> tuple[str, FoldKind]:
    """The folded form, one to four characters, and the fold that made it."""
    if published in _MARKS or published in _QUOTES or published in _KEPT:
        return published, FoldKind.NONE
    digits = _digits(published)
    if digits is not None:
        return digits, FoldKind.NONE if digits == published else FoldKind.DIGIT
    letter = _enclosed_letter(ord(published)) or _compatible(published)
    lowered = letter.lower()
    plain = "".join(_LOOKALIKES.get(c, c) for c in _unaccented(lowered))
    if len(plain) != len(lowered) or not plain:
        plain = lowered if len(lowered) == len(letter) else letter
    result = "".join(simplified.get(c, _VARIANTS.get(c, c)) for c in plain)
    if result != plain:
        return result, FoldKind.TRADITIONAL
    if plain != lowered:
        return result, FoldKind.LOOKALIKE
    if letter != published:
        return result, FoldKind.WIDTH
    return result, FoldKind.CASE if result != published else FoldKind.NONE


def _digits(published: str) -> str | None:
    """ASCII digits of a digit or number sign of any shape: ５, ①, ⑴, ⒈, ❿, ² …"""
    if published in _HANGZHOU:
        return _HANGZHOU[published]
    if unicodedata.category(published) not in ("Nd", "No"):
        return None
    value = unicodedata.numeric(published, None)
    if any(is_han(ord(c)) for c in unicodedata.normalize("NFKC", published)):
        return None  # ㈠ is 一, a word as often as a number
    if value is None or value != int(value) or not 0 <= value <= 100:
        return None
    return str(int(value))


def _enclosed_letter(code: int) -> str | None:
    for first in (0x1F130, 0x1F150, 0x1F170):  # squared, negative circled, negative squared A–Z
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return None


def _compatible(published: str) -> str:
    """NFKC without the brackets and stops of enclosed forms; the sign itself when nothing usable is left."""
    normal = unicodedata.normalize("NFKC", published)
    if len(normal) == 1:
        return normal
    bare = normal.strip("()[]. 〔〕")
    usable = 0 < len(bare) <= 4 and all((c.isascii() and c.isalnum()) or is_han(ord(c)) for c in bare)
    return bare if usable else published


def _unaccented(letters: str) -> str:
    if letters.isascii() or any(is_han(ord(c)) for c in letters):
        return letters
    bare = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return bare if bare.isascii() and bare.isalpha() else letters


def _classified(published: str, folded: str) -> tuple[CharClass, str]:
    if folded in _CONTEXT:
        return CharClass.CONTEXT, folded
    for marks, char_class in (
        (_MARKS, CharClass.STRONG),
        (_QUOTES, CharClass.QUOTE),
        (_KEPT, CharClass.OTHER),
    ):
        for sign in (published, folded):
            if sign in marks:
                return char_class, marks[sign]
    if is_han(ord(folded)):
        return CharClass.HAN, folded
    if folded in _BLANKS or unicodedata.category(folded).startswith("Z"):
        return CharClass.SPACE, " "
    return _by_category(folded), folded


def _by_category(folded: str) -> CharClass:
    category = unicodedata.category(folded)
    if category in ("Mn", "Me") or 0x1F3FB <= ord(folded) <= 0x1F3FF:
        return CharClass.MARK
    if category in ("Cc", "Cf"):
        return CharClass.DROP
    if category == "Cn":
        return CharClass.SEPARATOR if 0x1F000 <= ord(folded) < 0x1FB00 else CharClass.OTHER
    if category == "Co" or (category[0] in "SP" and category != "Sc"):
        return CharClass.SEPARATOR
    return CharClass.WORD if folded.isascii() and folded.isalnum() else CharClass.OTHER


def _simplified() -> dict[str, str]:
    from opencc import OpenCC

    characters = list(_han_characters())
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1}


def _han_characters() -> Iterator[str]:
    for low, high in _HAN:
        yield from map(chr, range(low, high))
