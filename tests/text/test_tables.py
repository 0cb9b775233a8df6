"""Sounds, the word memory and the store of derived tables."""

from pathlib import Path

import numpy as np
import pytest

from fairstream.text import store
from fairstream.text.lists import listed
from fairstream.text.ordinary import are_words, crosses, is_ordinary, is_word
from fairstream.text.phonetic import confusable, sound_table
from fairstream.text.table import fold_table, sign_characters


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("lin", "ning"), ("shi", "si"), ("ran", "lang")]
)
def test_syllables_that_sound_alike_share_a_group(one: str, other: str) -> None:
    assert confusable(one) == confusable(other)


def test_other_syllables_do_not() -> None:
    assert confusable("hao") != confusable("hou")
    assert confusable("hui") != confusable("fei")


def test_sounds_of_characters() -> None:
    table = sound_table()
    names = [table.names[s] for s in table.readings("行")]
    assert {"xing", "hang"} <= set(names)
    assert table.readings("a") == table.readings("😊") == []
    assert int(table.group_of.max()) < 256


def test_words_come_from_the_dictionary_and_the_memory_agrees() -> None:
    pairs = ["效果", "跟治", "要小", "小心", "效果"]
    codes = np.array([[ord(c) for c in pair] for pair in pairs], dtype=np.uint16)
    for _ in range(2):
        assert are_words(codes[:, 0], codes[:, 1]).tolist() == [is_word(pair) for pair in pairs]


def test_ordinary_language() -> None:
    assert is_ordinary("我要小心", 1, 3)
    assert not is_ordinary("加薇芯吧", 1, 3)
    assert not is_ordinary("全网蕞低价", 0, 4, frozenset({0, 1, 3}))
    assert crosses("药效果", 2)
    assert not crosses("跟治", 1)


def test_derived_tables_are_kept_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRSTREAM_CACHE", str(tmp_path / "cache"))
    calls = []

    def derive() -> dict[str, np.ndarray]:
        calls.append(1)
        return {"numbers": np.arange(3)}

    for _ in range(2):
        assert store.cached_arrays("t", derive)["numbers"].tolist() == [0, 1, 2]
    assert len(calls) == 1
    (tmp_path / "cache" / "t.npz").write_bytes(b"broken")
    assert store.cached_arrays("t", derive)["numbers"].tolist() == [0, 1, 2]
    assert len(calls) == 2
    assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == ["t.npz"]


def test_a_cache_that_cannot_be_written_costs_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("FAIRSTREAM_CACHE", str(tmp_path / "file"))
    assert store.cached_arrays("t", lambda: {"a": np.ones(1)})["a"].tolist() == [1]


def test_the_key_changes_with_the_version() -> None:
    assert store.packages_key("fold", 1, ["numpy"]) != store.packages_key("fold", 2, ["numpy"])


def test_fold_table_is_complete_and_stable_under_itself() -> None:
    table = fold_table()
    assert len(table.entries) == 0x110000
    plain = (table.entries & 0x1FFFFF)[np.arange(0x4E00, 0x9FA6)]
    assert ((plain >= 0x3000) & (plain < 0x323B0)).all()
    assert ((table.entries & 0x1FFFFF)[plain] == plain).mean() > 0.999


def test_lists_are_well_formed() -> None:
    splits = dict(listed("split.tsv"))
    assert len(splits) > 500
    assert all(len(parts) == 2 for ways in splits.values() for parts in ways.split())
    assert all(len(line) == 2 and len(line[0]) == len(line[1]) == 1 for line in listed("lookalike.tsv"))
    assert len({sign for sign, _ in sign_characters()}) == len(sign_characters())
    assert all(0 < int(level) < 20 for level, _ in listed("free.tsv"))
