"""Training, labels and the command, on invented texts."""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fairstream.cli.opinion_train import train as command
from fairstream.errors import EncodingError, FormatError, RuleError, UsageError
from fairstream.opinion.labels import (
    COMPLAINT,
    NEITHER,
    PRAISE,
    Labelled,
    read_labelled,
    read_plain,
    read_words,
)
from fairstream.opinion.polarity import PolarityModel
from fairstream.opinion.training import Plan, adapt, train
from fairstream.text.fold import Folder

DAY = date(2026, 3, 1)
SMALL = Plan(bits=14, rare=1, folds=2, steps=60)


def labelled(*rows: tuple[str, int, str]) -> Labelled:
    texts, labels, domains = zip(*rows, strict=True)
    return Labelled(list(texts), np.array(labels, np.uint8), list(domains))


def polarity(model: PolarityModel, *texts: str) -> list[int]:
    return model.judge(Folder().fold(texts, evasion=False)).polarity.tolist()


@pytest.fixture(scope="module")
def shipped() -> Labelled:
    return read_words()


@pytest.fixture(scope="module")
def words(shipped: Labelled) -> Labelled:
    """The shipped sayings, and a few of the frames: enough to learn from, and quick."""
    framed = np.array(shipped.domains) == "frames"
    return shipped.where(~framed | (np.arange(len(framed)) % 40 == 0))


def test_words_make_texts_of_all_three_labels(shipped: Labelled) -> None:
    made = dict(zip(shipped.texts, shipped.labels.tolist(), strict=True))
    assert (made["骑手态度差"], made["不干净"], made["不难吃"], made["早安"]) == (1, 1, 2, 0)
    assert set(shipped.domains) == {"words", "frames"}


FRAMED = """
good: []
bad: []
complaint: {}
praise: {}
neither: {}
pairs: []
lists: {good: [锅, 灯]}
frames:
  complaint: [(为什么|凭什么)<good>不退]
  neither: ["<good>(，<good>|)多少钱"]
"""


def test_a_frame_stands_for_all_its_readings(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(FRAMED, encoding="utf-8")
    read = read_words(file)
    asked = {first + second + "多少钱" for first in "锅灯" for second in ("", "，锅", "，灯")}
    assert {t for t, c in zip(read.texts, read.labels, strict=True) if c == NEITHER} == asked
    assert {t for t, c in zip(read.texts, read.labels, strict=True) if c == COMPLAINT} == {
        why + good + "不退" for why in ("为什么", "凭什么") for good in "锅灯"
    }


def test_of_a_large_frame_the_same_sample_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(FRAMED.replace("[锅, 灯]", str([f"第{n}锅" for n in range(40)])), encoding="utf-8")
    read = read_words(file)
    assert read.texts == read_words(file).texts
    assert (read.labels == COMPLAINT).sum() == 60


def test_two_readings_in_one_keep_the_label_of_the_one_that_evaluates(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(FRAMED.replace("(，<good>|)", "") + "  praise: [好<good>]\n", encoding="utf-8")
    read = read_words(file)
    made = dict(zip(read.texts, read.labels.tolist(), strict=True))
    joined = {text: text.split("，") for text in made if "，" in text}
    assert (made["锅多少钱，好灯"], made["灯多少钱，凭什么锅不退"], made["锅多少钱，灯多少钱"]) == (2, 1, 0)
    assert all(made[text] == made[second] for text, (_, second) in joined.items())
    assert all(made[first] in (NEITHER, made[text]) for text, (first, _) in joined.items())


def test_a_frame_that_names_no_list_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    for wrong in (
        FRAMED.replace("lists: {good", "lists: {food"),
        FRAMED.replace("  neither: [", "  nothing: ["),
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(RuleError, match="no such name in frames"):
            read_words(file)


def test_a_list_of_words_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("good: [好]", encoding="utf-8")
    with pytest.raises(RuleError, match="not a list of words"):
        read_words(file)


def test_the_same_texts_give_the_same_bytes(words: Labelled, tmp_path: Path) -> None:
    for name in "ab":
        train(words, made=DAY, plan=SMALL).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_words_alone_teach_the_plain_cases(words: Labelled) -> None:
    model = train(words, made=DAY, plan=SMALL)
    assert polarity(model, "骑手态度差，菜都凉了", "房间干净，很满意") == [COMPLAINT, PRAISE]
    assert (model.header.made, model.header.domains) == ("2026-03-01", dict(Counter(words.domains)))


def test_a_missing_label_is_named(words: Labelled) -> None:
    with pytest.raises(UsageError, match="labelled neither"):
        train(words.where(words.labels != NEITHER), made=DAY, plan=SMALL)


def test_own_labels_teach_words_the_model_did_not_know(words: Labelled) -> None:
    model = train(words, made=DAY, plan=SMALL)
    said = [
        (f"{thing}龘龘的", COMPLAINT, "own") for thing in ("书", "茶", "鞋", "灯", "锅", "伞", "碗", "布")
    ]
    said += [(f"{thing}靐靐的", PRAISE, "own") for thing in ("书", "茶", "鞋", "灯", "锅", "伞", "碗", "布")]
    bent = adapt(model, labelled(*said), made=DAY)
    assert polarity(bent, "桶龘龘的", "桶靐靐的") == [COMPLAINT, PRAISE]
    assert polarity(bent, "骑手态度差，菜都凉了", "房间干净，很满意") == [COMPLAINT, PRAISE]
    assert bent.header.domains["own labels"] == 16
    assert "own labels" not in model.header.domains


def test_labels_of_one_side_leave_the_lean_alone(words: Labelled) -> None:
    model = train(words, made=DAY, plan=SMALL)
    bent = adapt(model, labelled(("很好", PRAISE, "own"), ("挺好", PRAISE, "own")), made=DAY)
    assert np.abs(bent.table[:, 0].astype(int) - model.table[:, 0]).max() <= 1


def test_files_of_three_formats_are_read_alike(tmp_path: Path) -> None:
    rows = [{"Review": "好", "label": "1", "cat": "茶"}, {"Review": "差", "label": "负面", "cat": None},
            {"Review": "", "label": "1", "cat": "茶"},
            {"Review": "嗯", "label": "混合", "cat": "茶"}]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    (tmp_path / "t.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text(
        "\ufeffReview,label,cat\n好,1,茶\n差,负面,\n,1,茶\n嗯,混合,茶\n", encoding="utf-8"
    )
    for kind in ("parquet", "jsonl", "csv"):
        read = read_labelled(tmp_path / f"t.{kind}")
        assert (read.texts, read.labels.tolist(), read.domains) == (
            ["好", "差"],
            [PRAISE, COMPLAINT],
            ["茶", "t"],
        )
        assert read.skipped == 2


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    wrong = {
        "a.txt": (b"x", FormatError, "not a CSV"),
        "b.csv": (b"text,x\n1,2\n", FormatError, "no column named label"),
        "c.csv": ("text,label\n好,1\n".encode("gbk"), EncodingError, "not UTF-8"),
        "d.jsonl": (b"{", FormatError, "not JSON"),
        "e.parquet": (b"PAR", FormatError, "not a Parquet"),
    }
    for name, (content, kind, cause) in wrong.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(kind, match=cause):
            read_labelled(tmp_path / name)


def test_a_sample_of_plain_texts_is_fixed_by_its_seed(tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_text("title\n" + "\n".join(f"第{n}条" for n in range(50)) + "\n第1条\n", encoding="utf-8")
    one, two = (read_plain(file, most=10, seed=3) for _ in range(2))
    assert one.texts == two.texts != read_plain(file, most=10, seed=4).texts
    assert len(set(one.texts)) == 10
    assert not one.labels.any()
    assert len(read_plain(file, most=100, seed=3)) == 50


def test_the_command_bends_the_shipped_model(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("text,label\n不明觉厉龘,complaint\n好靐,praise\n嗯,perhaps\n", encoding="utf-8")
    arguments = ["--labels", str(own), "--on", "2026-03-01", "--json", "--out"]
    told = []
    for name in "ab":
        result = CliRunner().invoke(command, [*arguments, str(tmp_path / name)], standalone_mode=False)
        assert result.return_value == 1
        told.append(json.loads(result.stdout))
    assert told[0]["skipped"] == 1
    assert told[0]["texts"]["own labels"] == 2
    assert told[0]["sha256"] == told[1]["sha256"]
    assert PolarityModel.open(tmp_path / "a").header.made == "2026-03-01"


def test_the_command_trains_anew_with_progress(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("text,label\n差龘,complaint\n好靐,praise\n", encoding="utf-8")
    out, words = tmp_path / "new.model", tmp_path / "words.yaml"
    words.write_text(FRAMED, encoding="utf-8")
    arguments = [str(own), "--words", str(words), "--out", str(out)]
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert result.return_value == 0, result.output
    assert "complaint against praise" in result.stderr
    assert PolarityModel.open(out).header.domains["own"] == 2


@pytest.mark.parametrize("arguments", [[], ["IN", "--from", "IN"], ["--labels", "IN", "--neither", "IN"]])
def test_what_does_not_go_together_is_said(arguments: list[str], tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("text,label\n好,1\n", encoding="utf-8")
    given = [str(file) if argument == "IN" else argument for argument in arguments]
    with pytest.raises(UsageError):
        CliRunner().invoke(
            command, [*given, "--out", str(tmp_path / "m")], standalone_mode=False, catch_exceptions=False
        )


def test_without_the_extra_the_error_names_it(words: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(UsageError, match=r"fairstream\[train\]"):
        train(words, made=DAY, plan=SMALL)
