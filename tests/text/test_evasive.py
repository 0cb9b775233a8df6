"""Evasive spellings of risky terms: what is read, with which span, and what is left alone."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairstream.text.fold import Folder, FoldKind


def found(folder: Folder, text: str, term: str) -> list[tuple[str, FoldKind]]:
    """Published words of the term in any reading, with the costliest fold, shortest first."""
    batch = folder.fold([text])
    hits = set()
    for reading in range(len(batch)):
        content, offset = batch.reading(reading), int(batch.bounds[reading])
        at = content.find(term)
        while at >= 0:
            first, last = offset + at, offset + at + len(term)
            kind = FoldKind(int(batch.kinds[first + int(batch.cost[first:last].argmax())]))
            hits.add((text[int(batch.start[first]) : int(batch.end[last - 1])], kind))
            at = content.find(term, at + 1)
    return sorted(hits)


@pytest.mark.parametrize(
    ("text", "term", "published", "kind"),
    [
        ("这款zui好用", "最好", "zui好", FoldKind.PINYIN),
        ("这款zuì好用", "最好", "zuì好", FoldKind.PINYIN),
        ("这款ＺＵＩ好用", "最好", "ＺＵＩ好", FoldKind.PINYIN),
        ("ｚ ｕ ｉ 好", "最好", "ｚ ｕ ｉ 好", FoldKind.PINYIN),
        ("z-u-i-好 了", "最好", "z-u-i-好", FoldKind.PINYIN),
        ("加weixin聊", "微信", "weixin", FoldKind.PINYIN),
        ("加wei xin聊", "微信", "wei xin", FoldKind.PINYIN),
        ("有事vx我", "微信", "vx", FoldKind.PINYIN),
        ("有事加V信", "微信", "V信", FoldKind.PINYIN),
        ("➕v详聊", "加微信", "➕v", FoldKind.PINYIN),
        ("来，薇芯聊", "微信", "薇芯", FoldKind.HOMOPHONE),
        ("来，微❤聊", "微信", "微❤", FoldKind.HOMOPHONE),
        ("它的要效很强", "药效", "要效", FoldKind.HOMOPHONE),
        ("跟治糖尿病", "根治", "跟治", FoldKind.HOMOPHONE),
        ("全网蕞低", "全网最低", "全网蕞低", FoldKind.LOOKALIKE),
        ("可以氵台疗", "治疗", "氵台疗", FoldKind.SPLIT),
        ("可以氵台疒了", "治疗", "氵台疒了", FoldKind.SPLIT),
        ("可以冶疗", "治疗", "冶疗", FoldKind.LOOKALIKE),
        ("最最最好的", "最好", "最最最好", FoldKind.REPEAT),
        ("能根根治治它", "根治", "根根治治", FoldKind.REPEAT),
        ("真的是最，好的", "最好", "最，好", FoldKind.SEPARATOR),
        ("就是最.好.的", "最好", "最.好", FoldKind.SEPARATOR),
        ("就是最【好】的", "最好", "最【好", FoldKind.SEPARATOR),
        ("包、治、百、病", "包治百病", "包、治、百、病", FoldKind.SEPARATOR),
        ("最\n好\n的", "最好", "最\n好", FoldKind.SEPARATOR),
    ],
)
def test_spelling_is_recovered_with_its_span(
    folder: Folder, text: str, term: str, published: str, kind: FoldKind
) -> None:
    assert (published, kind) in found(folder, text, term)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("我买了药，效果不错", "药效"),
        ("要效果好的那款", "药效"),
        ("出门要小心", "药效"),
        ("他很有威信", "微信"),
        ("质量好，评价高", "好评"),
        ("今天天气不错", "天然"),
        ("we are the best", "微"),
        ("聪明的女子", "最好"),
        ("写完了，美美睡一觉", "完美"),
        ("iphone weixing", "微信"),
    ],
)
def test_ordinary_language_is_left_alone(folder: Folder, text: str, term: str) -> None:
    assert found(folder, text, term) == []


def test_white_phrases_win() -> None:
    assert found(Folder(["第一"]), "全网第，一", "第一")
    assert not found(Folder(["第一"], white=["网第一"]), "全网第，一", "第一")
    assert found(Folder(["药效"]), "要效很强", "药效")
    assert not found(Folder(["药效"], white=["要效很"]), "要效很强", "药效")


def test_without_evasion_there_are_base_readings_only(folder: Folder) -> None:
    texts = ["zui好", "三十天", "薇芯"]
    assert len(folder.fold(texts, evasion=False)) == 3
    assert len(folder.fold(texts)) > 3


def test_a_text_has_at_most_four_readings_beside_emoji(folder: Folder) -> None:
    text = "zui好，薇芯，氵台疗，跟治，最.好.的，最最最好，三十天，全网蕞低，vx，加v，可以冶疗" * 3
    assert len(folder.fold([text])) <= 4


def test_several_spellings_in_one_text_share_a_reading(folder: Folder) -> None:
    batch = folder.fold(["这个zui好，可以氵台疗，请加薇芯"])
    assert batch.reading(1) == "这个最好，可以治疗，请加微信"


def test_farther_sounds_cost_more() -> None:
    folder = Folder(["药效"])
    near, far = (folder.fold([text]) for text in ("要效很强", "咬孝很强"))
    assert len(near) == len(far) == 2
    assert float(near.cost[near.bounds[1] :].sum()) < float(far.cost[far.bounds[1] :].sum())


def test_spoken_numbers_get_a_reading_in_digits() -> None:
    batch = Folder().fold(["只要九块九，百分之百正品，三十天见效", "三心二意，一个都没有"])
    assert len(batch) == 3
    assert batch.reading(2) == "只要9.9块，100%正品，30天见效"
    low = int(batch.bounds[2]) + 2
    assert (int(batch.start[low]), int(batch.end[low + 3])) == (2, 5)
    assert float(batch.cost[batch.bounds[2] :].sum()) == 0


def test_hostile_terms_do_no_harm() -> None:
    folder = Folder(["", "好", "a", "\ud800\ud800", "最" * 500, "(.*)", "𠮷𠮷家", "最好"])
    assert len(folder.fold(["", "\n", "zui好", "𠮷，𠮷家", "\ud800"])) >= 5


TRANSFORMS = {
    "space": lambda s: " ".join(s),
    "star": lambda s: "*".join(s),
    "emoji": lambda s: "😊".join(s),
    "invisible": lambda s: "\u200b".join(s),
    "wide": lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s),
    "traditional": lambda s: s.translate(str.maketrans("疗药国", "療藥國")),
    "upper": str.upper,
}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["最好", "治疗", "药效", "国家级", "vip专享"]),
    st.lists(st.sampled_from(sorted(TRANSFORMS)), max_size=3, unique=True),
    st.sampled_from(["我说，", "这款，", ""]),
)
def test_any_chain_of_mechanical_folds_keeps_the_span(term: str, chain: list[str], before: str) -> None:
    written = term
    for name in chain:
        written = TRANSFORMS[name](written) if name != "wide" or term == "vip专享" else written
    if term == "vip专享" and set(chain) & {"space", "star", "emoji"}:
        return  # separators between letters are covered by the pinyin tests
    hits = found(Folder(["最好", "治疗", "药效", "国家级", "vip专享"]), before + written + "，对", term)
    assert written in [published for published, _ in hits]


def test_readings_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "from fairstream.text.fold import Folder\n"
        "batch = Folder(['全网最低', '加微信', '加微', '微信']).fold(['全网蕞低，加薇芯，加v，vx'])\n"
        "print(repr(batch.text), batch.kinds.tolist(), batch.start.tolist())\n"
    )
    outputs = set()
    for seed in ("0", "1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=False
        )
        assert run.returncode == 0, run.stderr.decode("utf-8", "replace")
        outputs.add(run.stdout)
    assert len(outputs) == 1
