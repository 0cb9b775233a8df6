"""Highlighted text is the text itself, cut where findings begin and end."""

from hypothesis import given
from hypothesis import strategies as st

from fairstream.inspect.inspection import Inspection
from fairstream.inspect.marks import Mark, marks_of, segments
from fairstream.records import Span


def test_overlapping_marks_share_a_segment_of_the_gravest():
    marks = [Mark(Span(1, 4), 2, "low"), Mark(Span(2, 5), 7, "high")]
    cut = [(part.text, part.numbers, part.severity) for part in segments("全网最好的茶", marks)]
    assert cut == [
        ("全", (), None),
        ("网", (2,), "low"),
        ("最好", (2, 7), "high"),
        ("的", (7,), "high"),
        ("茶", (), None),
    ]


def test_text_without_marks_is_one_segment():
    assert [part.text for part in segments("茶", [])] == ["茶"]
    assert list(segments("", [])) == []


def test_marks_know_every_record_a_finding_runs_over(inspected: Inspection):
    marks = marks_of(inspected.findings)
    assert [mark.span for mark in marks["speech", "u2"]] == [Span(2, 5)]
    assert [mark.span for mark in marks["speech", "u3"]] == [Span(0, 1)]
    assert marks["speech", "u2"][0].number == marks["speech", "u3"][0].number


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=6))
def test_segments_joined_are_the_text(text: str, spans: list[tuple[int, int]]):
    marks = [Mark(Span(*span), number, "low") for number, span in enumerate(spans)]
    assert "".join(part.text for part in segments(text, marks)) == text
