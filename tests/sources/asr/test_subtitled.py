"""Subtitles and text are read again by our own readers, with their times."""

from fairstream.records import Sound, Span, Utterance
from fairstream.sources.asr.subtitled import MOST_CHARACTERS, as_srt, as_text, as_vtt
from fairstream.sources.subtitles import read_subtitles
from fairstream.sources.transcripts import read_transcript

SAID = (
    Utterance("u1", "这款茶 <b>&", 1000, 3_723_456, heard="syllables"),
    Utterance("u2", "好", 3_724_000, 3_725_000, speaker_name="voice 2"),
)


def test_srt() -> None:
    text = "".join(as_srt(SAID))
    assert text == (
        "1\n00:00:01,000 --> 01:02:03,456\n这款茶 <b>&\n\n2\n01:02:04,000 --> 01:02:05,000\nvoice 2：好\n\n"
    )


def test_vtt_says_that_the_characters_are_a_guess_and_is_read_again() -> None:
    text = "".join(as_vtt(SAID))
    assert text.startswith("WEBVTT\n\nNOTE 文字由音节推测")
    loaded = read_subtitles(text.encode(), name="x.vtt")
    assert [(u.text, u.start_ms, u.end_ms, u.speaker_name) for u in loaded.records] == [
        ("这款茶 <b>&", 1000, 3_723_456, None),
        ("好", 3_724_000, 3_725_000, "voice 2"),
    ]
    assert loaded.problems == ()
    assert "NOTE" not in "".join(as_vtt(SAID[1:]))


def test_a_long_utterance_becomes_cues_with_their_own_times() -> None:
    text = "茶" * 100
    sounds = tuple(Sound("cha2", Span(n, n + 1), 100 * n, 100 * n + 100) for n in range(100))
    loaded = read_subtitles(
        "".join(as_srt([Utterance("u", text, 0, 10_000, sounds=sounds)])).encode(), name="x.srt"
    )
    assert [(len(u.text), u.start_ms, u.end_ms) for u in loaded.records] == [
        (MOST_CHARACTERS, 0, 3600), (MOST_CHARACTERS, 3600, 7200), (28, 7200, 10_000),
    ]  # fmt: skip


def test_text_lines_are_read_again() -> None:
    loaded = read_transcript("".join(as_text(SAID)).encode(), name="x.txt")
    assert [(u.text, u.start_ms) for u in loaded.records] == [
        ("这款茶 <b>&", 1000),
        ("voice 2：好", 3_724_000),
    ]


def test_without_times_there_is_no_cue() -> None:
    assert "".join(as_srt([Utterance("u", "好")])) == ""
    assert "".join(as_srt([])) == ""
