"""Toned syllables as a recogniser writes them (``bai3``, ``lv4``, ``de``), to characters and back.

A recogniser that hears syllables knows no characters. `spell` guesses them, one for each syllable, so that
rules written in characters have something to read; what was heard stays in `records.Sound`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from fairstream.text.lattice import Lattice
from fairstream.text.wordsounds import word_sounds

UNKNOWN = "□"
"""What stands for a token that is neither a syllable nor a letter, a digit or a single character."""

INITIALS = (
    *("zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h"),
    *("j", "q", "x", "r", "z", "c", "s", "y", "w"),
)
"""As written; y and w count as initials, and a syllable may have none (``an``)."""


class Syllable(NamedTuple):
    """A syllable as written in pinyin; tone 1–4, 0 for the light tone or none."""

    initial: str
    final: str
    tone: int

    @property
    def base(self) -> str:
        """The syllable without its tone."""
        return self.initial + self.final


@lru_cache(maxsize=8192)
def parse(token: str) -> Syllable | None:
    """The syllable a token stands for; None when it stands for none.

    ü may be written ``v``, ``ü`` or ``u:``; 5 and 0 are the light tone. Capitals are no syllables.
    """
    written = token.replace("u:", "v").replace("ü", "v")
    base, tone = (written[:-1], int(written[-1])) if written[-1:] in tuple("012345") else (written, 0)
    if base not in word_sounds().numbers:
        return None
    initial = next((start for start in INITIALS if base.startswith(start) and len(base) > len(start)), "")
    return Syllable(initial, base[len(initial) :], tone % 5)


def spell(syllables: Sequence[str]) -> str:
    """The likeliest characters for toned syllables, exactly one for each.

    Words of a dictionary with their frequencies, by Viterbi search; a tone heard wrong costs, an initial or a
    final heard wrong is not mended (`detect.sounding` looks for what matters). A letter stays a capital, a
    digit or single character itself, a letter run its first letter; any other token becomes `UNKNOWN`.
    """
    if not syllables:
        return ""
    lattice = lattice_of(syllables)
    codes = lattice.best().codes
    return "".join(chr(code) if code else _kept(token) for code, token in zip(codes, syllables, strict=True))


def lattice_of(syllables: Sequence[str]) -> Lattice:
    """The words that the syllables may be."""
    numbers = word_sounds().numbers
    parsed = [parse(token) for token in syllables]
    return Lattice(
        [numbers[syllable.base] if syllable else 0 for syllable in parsed],
        [syllable.tone if syllable else 0 for syllable in parsed],
    )


def _kept(token: str) -> str:
    """One character for a token that is no syllable."""
    if len(token) == 1:
        kept = token.upper() if token.isascii() else token
        return kept if kept.isprintable() and not kept.isspace() else UNKNOWN
    return token[0].upper() if token[:1].isascii() and token[:1].isalpha() else UNKNOWN


def sounds_of(text: str) -> list[str]:
    """How each character of a text sounds in its words, one token for each character.

    Characters that are not Chinese stay: letters as capitals, others as they are.
    """
    return [sound for run, han in _runs(text) for sound in (_read(run) if han else map(_upper, run))]


def _upper(character: str) -> str:
    return character.upper() if character.isascii() else character


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches that are Chinese and stretches that are not."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or _is_han(text[at]) != _is_han(text[begin]):
            yield text[begin:at], _is_han(text[begin])
            begin = at


@lru_cache(maxsize=16384)
def _is_han(character: str) -> bool:
    return bool(word_sounds().usual(character)[0])


def _read(run: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # heavy: its tables of phrases

    sounds = lazy_pinyin(run, style=Style.TONE3)
    if len(sounds) == len(run) and all(parse(sound) for sound in sounds):
        return [str(sound) for sound in sounds]
    return [word_sounds().token(*word_sounds().usual(character)) for character in run]
