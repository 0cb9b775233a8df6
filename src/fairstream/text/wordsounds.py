"""A dictionary by sound: words with how often they are used and how each of their characters is read.

Words and frequencies are jieba's dictionary (MIT; counted in news and novels), readings pypinyin's tables
(MIT); `data/spoken.tsv` adds words of selling live. Derived once and kept in the user's cache directory;
about 10 MB in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import util
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fairstream.text.lists import listed as listed_words
from fairstream.text.phonetic import toneless
from fairstream.text.store import Arrays, cached_arrays, packages_key
from fairstream.text.table import CODE_MASK, fold_table

VERSION = 3
PACKAGES = ("jieba", "pypinyin")
"""What the dictionary is from."""
LONGEST = 7
"""Longer words are left out: the syllables of one word make one 64-bit number."""
BITS = 9
TONES = 5
OTHER_READING = 1.5
"""What a reading that is not a character's usual one costs, in nats."""
_UNLISTED = 0.02
"""The frequency of a character that the dictionary does not list."""
TONE_COST: npt.NDArray[np.float32] = np.array(
    [
        [0.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, 0.0, 2.0, 2.2, 2.0],
        [1.0, 2.0, 0.0, 0.8, 2.2],
        [1.0, 2.2, 1.6, 0.0, 2.0],
        [1.0, 2.0, 2.2, 2.0, 0.0],
    ],
    dtype=np.float32,
)
"""What it costs, in nats, that the first tone is heard for the second: row heard, column meant.

The third tone is spoken as the second before another third; the light tone is often heard as another.
"""


@dataclass(frozen=True)
class WordSounds:
    """Words of two to `LONGEST` characters in order of `keys`, and the best single characters.

    `keys` pack the syllables' numbers, the first in the lowest bits; `costs` are negative log probabilities;
    `codes` and `tones` have `LONGEST` columns. `single_codes` and `single_costs` are by syllable and heard
    tone. `first_syllable`, `first_tone` and `character_costs` are by code point below 0x10000: its usual
    reading, and what it costs as a word of one character.
    """

    names: tuple[str, ...]
    keys: npt.NDArray[np.uint64]
    costs: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint16]
    tones: npt.NDArray[np.uint8]
    single_codes: npt.NDArray[np.uint16]
    single_costs: npt.NDArray[np.float32]
    first_syllable: npt.NDArray[np.uint16]
    first_tone: npt.NDArray[np.uint8]
    character_costs: npt.NDArray[np.float32]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each syllable without its tone, from 1."""
        return {name: number for number, name in enumerate(self.names) if name}

    @cached_property
    def pair_first(self) -> npt.NDArray[np.int64]:
        """Where the words of two syllables with a key begin among the rows, and in the next entry end."""
        pairs = self.keys[: int(np.searchsorted(self.keys, np.uint64(1 << 2 * BITS)))]
        counts = np.bincount(pairs.astype(np.int64), minlength=1 << 2 * BITS)
        return np.concatenate(([0], np.cumsum(counts)))

    @cached_property
    def reach(self) -> npt.NDArray[np.uint8]:
        """By the key of two syllables, the lengths of the words that begin with them: bit 3 for three …"""
        found = np.zeros(1 << 2 * BITS, dtype=np.uint8)
        begins = (self.keys & np.uint64((1 << 2 * BITS) - 1)).astype(np.int64)
        lengths = np.count_nonzero(self.codes, axis=1)
        for length in range(2, LONGEST + 1):
            found[begins[lengths == length]] |= np.uint8(1 << length)
        return found

    def usual(self, character: str) -> tuple[int, int]:
        """Syllable and tone of a character's usual reading; (0, 0) when it has none."""
        code = ord(character)
        if code >= len(self.first_syllable):
            return 0, 0
        return int(self.first_syllable[code]), int(self.first_tone[code])

    def token(self, syllable: int, tone: int) -> str:
        """A syllable as recognisers write it."""
        return f"{self.names[syllable]}{tone or ''}"


@cache
def word_sounds() -> WordSounds:
    """The dictionary; from the cache after the first time on a machine."""
    key = packages_key("wordsounds", VERSION, PACKAGES)
    stored = cached_arrays(key, _derive)
    return WordSounds(
        tuple(str(name) for name in stored["names"]),
        stored["keys"].astype(np.uint64),
        stored["costs"].astype(np.float32),
        stored["codes"].astype(np.uint16),
        stored["tones"].astype(np.uint8),
        stored["single_codes"].astype(np.uint16),
        stored["single_costs"].astype(np.float32),
        stored["first_syllable"].astype(np.uint16),
        stored["first_tone"].astype(np.uint8),
        stored["character_costs"].astype(np.float32),
    )


Reading = tuple[tuple[str, int], ...]


class _Readings:
    """How words are read: pypinyin's phrases where they have them, else its characters one by one."""

    def __init__(self) -> None:
        from pypinyin.phrases_dict import phrases_dict
        from pypinyin.pinyin_dict import pinyin_dict

        self._phrases = phrases_dict
        self.characters: dict[str, list[tuple[str, int]]] = {}
        for code, spelled in pinyin_dict.items():
            readings = [toneless(reading) for reading in spelled.split(",")]
            kept = list(dict.fromkeys(reading for reading in readings if reading[0]))
            if code < 0x10000 and kept:
                self.characters[chr(code)] = kept

    def of(self, word: str) -> Reading | None:
        """None when a character has no reading."""
        found: list[tuple[str, int]] = []
        at = 0
        while at < len(word):
            size = next((n for n in range(len(word) - at, 1, -1) if word[at : at + n] in self._phrases), 1)
            part = self._part(word[at : at + size])
            if part is None:
                return None
            found += part
            at += size
        return tuple(found)

    def _part(self, part: str) -> list[tuple[str, int]] | None:
        if len(part) > 1:
            read = [toneless(options[0]) for options in self._phrases[part]]
            if len(read) == len(part) and all(name for name, _ in read):
                return read
        usual = [self.characters.get(character) for character in part]
        return [readings[0] for readings in usual if readings] if all(usual) else None


def _listed() -> Iterator[tuple[str, int]]:
    """Words and frequencies of jieba's dictionary that are Chinese and simplified."""
    found = util.find_spec("jieba")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("jieba")
    content = (Path(found.submodule_search_locations[0]) / "dict.txt").read_text(encoding="utf-8")
    entries = fold_table().entries
    for line in content.splitlines():
        word, frequency, _ = line.split(" ")
        plain = all("一" <= c <= "鿿" and int(entries[ord(c)]) & CODE_MASK == ord(c) for c in word)
        if plain and len(word) <= LONGEST:
            yield word, int(frequency)


def _derive() -> Arrays:
    readings = _Readings()
    listed = dict(_listed())
    for level, *words in listed_words("spoken.tsv"):
        listed.update((word, max(listed.get(word, 0), 10 ** int(level))) for word in words)
    names = sorted({name for options in readings.characters.values() for name, _ in options})
    numbers = {name: number for number, name in enumerate(names, start=1)}
    if len(numbers) >= 1 << BITS:
        raise ValueError(f"{len(numbers)} syllables do not fit {BITS} bits")
    total = log(sum(listed.values()))
    rows = [
        (
            sum(numbers[name] << (BITS * at) for at, (name, _) in enumerate(read)),
            total - log(count),
            word,
            read,
        )
        for word, frequency in listed.items()
        if len(word) > 1 and (read := readings.of(word)) and all(name in numbers for name, _ in read)
        for count in (max(frequency, 1),)
    ]
    rows.sort()
    codes = np.zeros((len(rows), LONGEST), dtype=np.uint16)
    tones = np.zeros((len(rows), LONGEST), dtype=np.uint8)
    for row, (_, _, word, read) in enumerate(rows):
        codes[row, : len(word)] = [ord(character) for character in word]
        tones[row, : len(word)] = [tone for _, tone in read]
    return {
        "names": np.array(["", *names]),
        "keys": np.array([key for key, *_ in rows], dtype=np.uint64),
        "costs": np.array([cost for _, cost, *_ in rows], dtype=np.float32),
        "codes": codes,
        "tones": tones,
        **_singles(readings, listed, numbers, total),
    }


def _singles(readings: _Readings, listed: dict[str, int], numbers: dict[str, int], total: float) -> Arrays:
    """The likeliest character of each syllable and heard tone, and how each character is usually read."""
    codes = np.zeros((len(numbers) + 1, TONES), dtype=np.uint16)
    costs = np.full(codes.shape, np.inf, dtype=np.float32)
    first_syllable = np.zeros(0x10000, dtype=np.uint16)
    first_tone = np.zeros(0x10000, dtype=np.uint8)
    alone = np.full(0x10000, total - log(_UNLISTED), dtype=np.float32)
    for character, options in readings.characters.items():
        code = ord(character)
        first_syllable[code], first_tone[code] = numbers[options[0][0]], options[0][1]
        if int(fold_table().entries[code]) & CODE_MASK != code or not "一" <= character <= "鿿":
            continue
        alone[code] = total - log(listed.get(character) or _UNLISTED)
        for place, (name, tone) in enumerate(options):
            whole = alone[code] + OTHER_READING * (place > 0) + TONE_COST[:, tone]
            better = whole < costs[numbers[name]]
            costs[numbers[name]][better] = whole[better]
            codes[numbers[name]][better] = code
    return {
        "single_codes": codes,
        "single_costs": costs,
        "first_syllable": first_syllable,
        "first_tone": first_tone,
        "character_costs": alone,
    }
