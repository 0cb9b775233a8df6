"""Initials and finals joined to syllables; which models write them."""

from pathlib import Path

import pytest

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import HeardSound
from fairstream.sources.asr.syllables import Token, confidence_of, read_tokens, syllables_of, writes_syllables


def joined(*tokens: str) -> list[str]:
    timed = [Token(token, 100 * n) for n, token in enumerate(tokens)]
    return [sound.text for sound in syllables_of(timed, 5000)]


@pytest.mark.parametrize(
    ("tokens", "syllables"),
    [
        (["b", "ǎi", "f", "ēn", "b", "ǎi"], ["bai3", "fen1", "bai3"]),
        (["l", "ǜ", "n", "üè", "q", "ù"], ["lv4", "nve4", "qu4"]),
        (["d", "e", "zh", "e"], ["de", "zhe"]),
        (["èr", "ān", "é"], ["er4", "an1", "e2"]),
        (["y", "īng", "w", "ǒ"], ["ying1", "wo3"]),
        (["A", "j", "í", "V", "C"], ["A", "ji2", "V", "C"]),
        (["iǎn", "uáng", "ǐ", "ū", "ué", "iù"], ["yan3", "wang2", "yi3", "wu1", "we2", "you4"]),
        (["sh", "b", "ēi", "zh"], ["bei1"]),
        (["<unk>", "○", "m", "ā"], ["ma1"]),
        ([], []),
    ],
)
def test_tokens_become_syllables(tokens: list[str], syllables: list[str]) -> None:
    assert joined(*tokens) == syllables


def test_an_initial_before_a_letter_is_not_read_into_it() -> None:
    assert joined("b", "A", "b", "à") == ["A", "ba4"]


def test_a_syllable_begins_with_its_first_token_and_ends_where_the_next_begins() -> None:
    tokens = [Token("b", 40, -0.1), Token("ǎi", 120, -0.3), Token("f", 400, -1.0), Token("ēn", 480, -2.0)]
    assert syllables_of(tokens, 900) == (
        HeardSound("bai3", 40, 400, 0.8187),
        HeardSound("fen1", 400, 900, 0.2231),
    )


def test_without_probabilities_there_is_no_confidence() -> None:
    assert syllables_of([Token("m", 0), Token("ā", 10)], 100)[0].confidence is None
    assert confidence_of([]) is None
    assert confidence_of([Token("m", 0, -1.0), Token("ā", 0)]) is None
    assert confidence_of([Token("m", 0, 0.5)]) == 1.0


def test_models_that_write_syllables_are_told_by_their_tokens(model: Path) -> None:
    assert writes_syllables(read_tokens(model / "tokens.txt"))
    assert not writes_syllables(("<blk>", "<unk>", *"的一是在不了有和人这中大为上个国我以要他"))
    assert not writes_syllables(("<blk>", "▁the", "▁a", "s", "t", "▁of", "ing", "b", "c", "d", "m", "n"))
    assert not writes_syllables(())


def test_a_list_of_tokens_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokens.txt"
    path.write_bytes("好 0\n".encode("gbk"))
    with pytest.raises(UsageError, match="not UTF-8"):
        read_tokens(path)
    path.write_text("<blk> 0\n\n  \n好 1\n", encoding="utf-8")
    assert read_tokens(path) == ("<blk>", "好")
    path.write_bytes(b"a 0\n" * 1_300_000)
    with pytest.raises(UsageError, match="too large"):
        read_tokens(path)
