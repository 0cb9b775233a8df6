"""What a recogniser heard stays with the words until the finding has its second."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from inspect_scenes import PhraseScanner

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.shelf import Shelf
from fairstream.inspect.units import Part, units_of
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Finding, Language, Sound, Span, Text, Utterance


def heard(name: str, text: str, *times: tuple[int, int], start: int | None = None) -> Utterance:
    """An utterance of one syllable per character, each with its own times."""
    sounds = tuple(Sound(f"s{i}", Span(i, i + 1), *time) for i, time in enumerate(times))
    first = times[0][0] if start is None else start
    return Utterance(name, text, first, times[-1][1], heard="syllables", sounds=sounds)


ONE = heard("u1", "全网最", (1000, 1100), (1900, 2000), (2000, 2400))
TWO = heard("u2", "低价吗", (2600, 2700), (3600, 3700), (3700, 3900))


def test_sounds_and_spotted_phrases_move_to_the_text_of_the_window() -> None:
    spotted = replace(TWO, spotted=(Sound("低价", Span(0, 2), 2600, 3700, 0.4),))
    broadcast = Broadcast("b", "b", date(2026, 3, 14), utterances=(ONE, spotted))

    joined, crossing = units_of(broadcast, Shelf(()))

    assert joined.text.text == "全网最，低价吗"
    assert joined.text.heard == "syllables"
    assert [joined.text.text[s.span.start : s.span.end] for s in joined.text.sounds] == list("全网最低价吗")
    assert joined.text.spotted == (Sound("低价", Span(4, 6), 2600, 3700, 0.4),)
    assert crossing.text.text == "全网最低价吗"
    assert [s.span.start for s in crossing.text.sounds] == [0, 1, 2, 3, 4, 5]
    assert crossing.text.spotted[0].span == Span(3, 5)


def test_utterances_that_came_to_be_text_in_different_ways_are_not_read_together() -> None:
    given = Utterance("u2", "低价吗", 2600, 3900)
    units = units_of(Broadcast("b", "b", date(2026, 3, 14), utterances=(ONE, given)), Shelf(()))

    assert [unit.text.heard for unit in units] == ["syllables", "given"]


def test_a_finding_begins_and_ends_with_the_syllables_that_were_heard(
    scan_talk: Callable[..., Inspection],
) -> None:
    (found,) = scan_talk((ONE, TWO), "网最低价").findings

    assert (found.finding.start_ms, found.finding.end_ms) == (1900, 3700)
    assert found.finding.quote == "网最低价"


@pytest.mark.parametrize(
    ("character", "end", "moment"),
    [
        (0, False, 1000),
        (1, False, 2000),  # a comma nobody heard: the next sound
        (2, True, 1600),  # behind the comma: the end of the sound before
        (3, False, 2300),  # inside a word of three characters
        (3, True, 2300),
        (5, False, 5000),  # behind the last sound: evenly, from the whole utterance
    ],
)
def test_characters_without_a_sound_take_a_neighbour(character: int, end: bool, moment: int) -> None:
    sounds = (Sound("hao", Span(0, 1), 1000, 1600), Sound("最低价", Span(2, 5), 2000, 2900))
    part = Part("u", 0, "好，最低价", 1000, 5000, spoken=True, sounds=sounds)

    assert part.moment(character, end=end) == moment


class _Ears(PhraseScanner):
    """Marks what it finds in syllables as to be listened to."""

    def _of(self, text: Text, language: Language) -> list[Finding]:
        return [replace(f, listen=text.heard == "syllables") for f in super()._of(text, language)]


def test_words_to_be_listened_to_are_not_counted_with_words_that_were_read() -> None:
    given = Utterance("u9", "全网最低", 9000, 9900)
    again = replace(given, id="u10", start_ms=20_000, end_ms=20_900)
    broadcast = Broadcast(
        "b", "b", date(2026, 3, 14), utterances=(heard("u1", "全网最低", *[(0, 99)] * 4), given, again)
    )

    findings: list[Any] = [
        (f.finding.listen, f.finding.count)
        for f in inspect_broadcast(broadcast, _Ears("全网最低"), load_law()).findings
    ]

    assert findings == [(True, 1), (False, 2)]
