"""A recogniser's tokens → syllables, when it writes pinyin instead of characters.

Such models (sherpa's ``ppinyin`` vocabulary) write an initial and a toned final as two tokens: ``b`` ``ǎi``.
Letters A–Z stand for themselves. Syllables come out as `records.Sound` wants them (``bai3``).
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import HeardSound
from fairstream.text.syllables import INITIALS

_INITIALS: Final = frozenset(INITIALS)
_BARE: Final = frozenset(
    ("a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "n", "m", "ng")
)
"""Finals that are syllables by themselves."""
_WRITTEN: Final = {
    "i": "yi", "in": "yin", "ing": "ying", "u": "wu", "v": "yu", "ve": "yue", "van": "yuan", "vn": "yun",
    "ong": "weng", "iu": "you", "ui": "wei", "un": "wen",
}  # fmt: skip
_TONES: Final = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_UMLAUT: Final = "\u0308"
_TOKENS_MOST: Final = 5_000_000
_ENOUGH: Final = 0.6


class Token(NamedTuple):
    """One token of a recogniser with its time and the probability it was given, in logarithms."""

    text: str
    start_ms: int
    log_probability: float | None = None


def read_tokens(path: Path) -> tuple[str, ...]:
    """The symbols of a ``tokens.txt``, one ``symbol id`` a line. Raises `UsageError` when it is none."""
    if path.stat().st_size > _TOKENS_MOST:
        raise UsageError("this is no list of tokens: it is too large", file=path, remedy="check the folder")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(
            "the list of tokens is not UTF-8", file=path, remedy="copy the model's folder again"
        ) from error
    return tuple(line.rsplit(maxsplit=1)[0] for line in lines if len(line.split()) > 1)


def writes_syllables(tokens: Iterable[str]) -> bool:
    """Whether a model with these tokens writes pinyin: most of them are initials or toned finals."""
    plain = [token for token in tokens if not token.startswith(("<", "#"))]
    known = sum(1 for token in plain if token in _INITIALS or _has_tone(token))
    return len(plain) > len(_INITIALS) and known >= _ENOUGH * len(plain)


def syllables_of(tokens: Sequence[Token], end_ms: int) -> tuple[HeardSound, ...]:
    """Initials joined with the finals behind them; letters stay; an initial without a final is left out.

    A syllable begins with its first token and ends where the next token begins, at the latest at `end_ms`.
    Its confidence is the geometric mean of its tokens' probabilities.
    """
    heard: list[HeardSound] = []
    initial: Token | None = None
    for number, token in enumerate(tokens):
        if token.text in _INITIALS:
            initial = token
            continue
        text = _syllable(initial.text if initial else "", token.text)
        if text:
            following = tokens[number + 1].start_ms if number + 1 < len(tokens) else end_ms
            parts = [initial, token] if initial else [token]
            start = parts[0].start_ms
            heard.append(HeardSound(text, start, max(following, start), confidence_of(parts)))
        initial = None
    return tuple(heard)


def confidence_of(tokens: Sequence[Token]) -> float | None:
    """Geometric mean of the tokens' probabilities, 0–1; None when the recogniser told none."""
    told = [token.log_probability for token in tokens if token.log_probability is not None]
    if not told or len(told) < len(tokens):
        return None
    return round(math.exp(sum(min(value, 0.0) for value in told) / len(told)), 4)


def _syllable(initial: str, final: str) -> str:
    """The syllable in letters with its tone behind; empty for tokens that are no speech."""
    if len(final) == 1 and "A" <= final <= "Z":
        return final
    letters, tone = _untoned(final)
    if not letters.isascii() or not letters.isalpha():
        return ""
    if initial:
        return initial + letters + tone
    if letters not in _BARE:
        letters = _WRITTEN.get(letters) or _with_glide(letters)
    return letters + tone


def _with_glide(letters: str) -> str:
    """A final that begins with i or u, written as a syllable of its own (``iao`` → ``yao``)."""
    return {"i": "y", "u": "w"}[letters[0]] + letters[1:] if letters[0] in "iu" else letters


def _untoned(final: str) -> tuple[str, str]:
    letters, tone = "", ""
    for sign in unicodedata.normalize("NFD", final):
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign == _UMLAUT:
            letters = letters[:-1] + "v"
        else:
            letters += sign
    return letters, tone


def _has_tone(token: str) -> bool:
    letters, tone = _untoned(token)
    return bool(tone) and letters.isascii() and letters.isalpha() and letters.islower()
