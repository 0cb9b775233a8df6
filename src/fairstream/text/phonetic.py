"""How characters sound: toneless syllables, tones, and groups of syllables that dialect speakers confuse.

Derived once from pypinyin's table of single characters and kept in the user's cache directory.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.store import cached_arrays, packages_key

VERSION = 3
#: Readings kept per character: the usual one and up to two others.
READINGS = 3
_LIMIT = 0x10000
_MOST_GROUPS = 255
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True)
class SoundTable:
    """Per code point below 0x10000; syllable 0 and group 0 mean that it has no sound.

    `syllables` has `READINGS` columns, the usual reading first; `groups` holds the group of the usual
    reading; `group_of` maps a syllable to its group.
    """

    names: tuple[str, ...]
    syllables: npt.NDArray[np.uint16]
    tones: npt.NDArray[np.uint8]
    groups: npt.NDArray[np.uint8]
    group_of: npt.NDArray[np.uint8]

    def readings(self, character: str) -> list[int]:
        """Syllables the character may have, the usual one first."""
        code = ord(character)
        return [int(s) for s in self.syllables[code] if s] if code < _LIMIT else []


def confusable(syllable: str) -> str:
    """The name of the group of syllables that sound alike to many: zhang, zang and zan share one."""
    for initial, plain in _INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            syllable = plain + syllable[len(initial) :]
            break
    for final, plain in _FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + plain
    return syllable


@cache
def sound_table() -> SoundTable:
    """How every character sounds; from the cache after the first time on a machine."""
    stored = cached_arrays(packages_key("sound", VERSION, ("pypinyin",)), _derive)
    names = tuple(str(name) for name in stored["names"])
    syllables = stored["syllables"].astype(np.uint16).T
    group_of = stored["group_of"].astype(np.uint8)
    return SoundTable(names, syllables, stored["tones"].astype(np.uint8), group_of[syllables[:, 0]], group_of)


def _derive() -> dict[str, npt.NDArray[np.generic]]:
    from pypinyin.pinyin_dict import pinyin_dict

    names: dict[str, int] = {"": 0}
    syllables = np.zeros((READINGS, _LIMIT), dtype=np.uint16)
    tones = np.zeros(_LIMIT, dtype=np.uint8)
    for code, spelled in pinyin_dict.items():
        if code >= _LIMIT:
            continue
        plain = [toneless(reading) for reading in spelled.split(",")]
        tones[code] = plain[0][1]
        for column, name in enumerate(dict.fromkeys(name for name, _ in plain if name)):
            if column < READINGS:
                syllables[column, code] = names.setdefault(name, len(names))
    return {
        "names": np.array(list(names)),
        "syllables": syllables,
        "tones": tones,
        "group_of": _groups(list(names), np.bincount(syllables[0], minlength=len(names))),
    }


def _groups(names: Sequence[str], characters: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
    """The group of each syllable; group numbers are one byte, so groups of few characters get none (0)."""
    groups = [confusable(name) for name in names]
    sizes: Counter[str] = Counter()
    for group, count in zip(groups, characters.tolist(), strict=True):
        sizes[group] += count
    del sizes[""]
    numbers = {group: number for number, (group, _) in enumerate(sizes.most_common(_MOST_GROUPS), start=1)}
    return np.array([numbers.get(group, 0) for group in groups], dtype=np.uint8)


_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}


def toneless(reading: str) -> tuple[str, int]:
    """`lǜ` is ("lv", 4); the light tone is 0. Interjections without a vowel have no name."""
    letters, tone = "", 0
    for sign in unicodedata.normalize("NFD", reading.strip()):
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign == "\u0308":
            letters = letters[:-1] + "v"
        elif sign.isascii():
            letters += sign
        elif sign == "ê":
            letters += "e"
    return (letters if set(letters) & set("aeiouv") else "", tone)
