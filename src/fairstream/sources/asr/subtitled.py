"""Utterances → subtitles and plain text, for people and for other programs."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from fairstream.records import Utterance

MOST_CHARACTERS: Final = 36
"""Longest cue; what is longer is cut where a new sound begins, so that each cue has its own times."""


def as_srt(utterances: Iterable[Utterance]) -> Iterator[str]:
    """SubRip: numbered cues with commas in their times."""
    for number, (start, end, name, text) in enumerate(_cues(utterances), 1):
        spoken = f"{name}：{text}" if name else text
        yield f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{spoken}\n\n"


def as_vtt(utterances: Iterable[Utterance]) -> Iterator[str]:
    """WebVTT (W3C); what was guessed from syllables is said in a note."""
    yield "WEBVTT\n\n"
    held = list(utterances)
    if any(utterance.heard == "syllables" for utterance in held):
        yield "NOTE 文字由音节推测，仅供查找。The characters are a guess from the syllables heard.\n\n"
    for start, end, name, text in _cues(held):
        voice = f"<v {_escaped(name).replace('&gt;', '')}>" if name else ""
        yield f"{_time(start, '.')} --> {_time(end, '.')}\n{voice}{_escaped(text)}\n\n"


def as_text(utterances: Iterable[Utterance]) -> Iterator[str]:
    """One line for each utterance, with its start in brackets."""
    for utterance in utterances:
        name = f"{utterance.speaker_name}：" if utterance.speaker_name else ""
        yield f"[{_time(utterance.start_ms or 0, '.')}] {name}{utterance.text}\n"


WRITERS: Final[dict[str, Callable[[Iterable[Utterance]], Iterator[str]]]] = {
    ".srt": as_srt,
    ".vtt": as_vtt,
    ".txt": as_text,
}


def _cues(utterances: Iterable[Utterance]) -> Iterator[tuple[int, int, str | None, str]]:
    for utterance in utterances:
        if utterance.start_ms is None:
            continue
        end = utterance.end_ms if utterance.end_ms is not None else utterance.start_ms + 1000
        for start, stop, text in _pieces(utterance, utterance.start_ms, end):
            yield start, max(stop, start + 1), utterance.speaker_name, text


def _pieces(utterance: Utterance, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The text in pieces that begin with a sound; whole when it is short or no sound has a time."""
    cuts = [(0, start)]
    for sound in utterance.sounds:
        if sound.span.start - cuts[-1][0] >= MOST_CHARACTERS:
            cuts.append((sound.span.start, sound.start_ms))
    cuts.append((len(utterance.text), end))
    for number in range(len(cuts) - 1):
        (at, begins), (until, stops) = cuts[number], cuts[number + 1]
        if text := " ".join(utterance.text[at:until].split()):
            yield begins, stops, text


def _time(position_ms: int, point: str) -> str:
    seconds, ms = divmod(position_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
