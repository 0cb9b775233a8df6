"""What recognisers make up over silence and music, and how it is told.

Whisper and its kin, trained on subtitles, write credits and requests for donations where nobody speaks, and
any recogniser may fall into an endless repeat or a run of numbers. Reported in vibe#1159, WhisperLive#246,
whisper.cpp#1788 and Whisper-WebUI#152; the patterns in ``data/invented.yaml`` are our own.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, NamedTuple

import yaml

DOUBTFUL: Final = 0.35
"""Below this confidence a recogniser was guessing: a farewell is then taken for invented, and whatever rests
on such a segment is to be listened to."""
_DATA: Final = Path(__file__).parent / "data" / "invented.yaml"
_REPEAT: Final = re.compile(r"(.{1,12}?)\1{11,}.{0,12}", re.DOTALL)
_REPEAT_LETTERS: Final = 40
_NUMBER: Final = re.compile(r"\d+")
_COUNTED: Final = 15
_FAREWELL_LETTERS: Final = 16
_SAME: Final = 5
_EDGES: Final = " \t\n。.!！?？~～…,，、"

Code = Literal["heard_invented", "heard_repeats"]


class Invention(NamedTuple):
    """Something left out, with its position in the file."""

    code: Code
    position_ms: int
    text: str


class Inventions:
    """Tells what is made up as it is heard, and keeps what was left out until it is taken."""

    _MOST: Final = 10_000

    def __init__(self) -> None:
        self._left_out: list[Invention] = []
        self._last = ""
        self._run = 0

    def left_out(self, text: str, confidence: float | None, position_ms: int) -> bool:
        """Whether to leave this out: known inventions, endless repeats, and a line said again and again.

        A host may well say a line five times in a row, so a run of equal lines counts only from the fifth
        on, and only where the recogniser doubted it.
        """
        same = text == self._last and len(text) >= 4
        self._last, self._run = text, self._run + 1 if same else 1
        code: Code | None = None
        if is_invented(text, confidence):
            code = "heard_invented"
        elif is_repeat(text) or (self._run >= _SAME and confidence is not None and confidence < DOUBTFUL):
            code = "heard_repeats"
        if code and len(self._left_out) < self._MOST:
            self._left_out.append(Invention(code, position_ms, text[:80]))
        return code is not None

    def take(self) -> tuple[Invention, ...]:
        """What was left out so far; it is forgotten here."""
        taken, self._left_out = tuple(self._left_out), []
        self._last, self._run = "", 0
        return taken


def is_invented(text: str, confidence: float | None = None) -> bool:
    """Whether a whole segment is a line that recognisers make up.

    A plain farewell ("谢谢观看") is what hosts say too: it is taken for invented only when the recogniser
    doubted it.
    """
    bare = text.strip(_EDGES)
    if _patterns()["credits"].fullmatch(bare) or _counts(bare):
        return True
    doubted = confidence is not None and confidence < DOUBTFUL
    return doubted and len(bare) <= _FAREWELL_LETTERS and bool(_patterns()["farewells"].fullmatch(bare))


def is_repeat(text: str) -> bool:
    """Whether a segment is one short piece twelve times over and at least 40 letters long."""
    return len(text) >= _REPEAT_LETTERS and _REPEAT.fullmatch(text) is not None


def _counts(text: str) -> bool:
    """Whether a segment is nothing but numbers counted on and on, or one number again and again.

    A host counts down from ten, or reads out a size or a code; fifteen in even steps are a recogniser's.
    """
    if not re.fullmatch(r"[\d\s,，、.。]+", text):
        return False
    numbers = [int(number[:9]) for number in _NUMBER.findall(text)]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) >= _COUNTED and len(steps) == 1


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return {
        name: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.DOTALL)
        for name, patterns in data.items()
    }
