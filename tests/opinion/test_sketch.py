"""Sketches: what counts as the author's own words, and what does not change them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.opinion.copies import likeness
from fairstream.opinion.sketch import BARE, BINS, MINIMA, Sketches, chain, own_letters, shingles, sketch
from fairstream.text.fold import Folder

FOLDER = Folder()


def sketched(texts: Sequence[str]) -> Sketches:
    return sketch(FOLDER.fold(texts, evasion=False), texts)


def words(text: str) -> tuple[str, int]:
    """The letters compared of one text, and their kind."""
    letters, bounds, kinds = own_letters(FOLDER.fold([text], evasion=False), [text])
    return letters[bounds[0] : bounds[1]].tobytes().decode("utf-32-le"), int(kinds[0])


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("客服不理人，气死了！", "客服不理人气死了"),
        ("客服不理人😡😡 氣死了~~", "客服不理人气死了"),
        ("说得对//@甲:原文在此//@乙:更早的", "说得对"),
        ("说得对 // @甲乙: 原文在此", "说得对"),
        ("说得对／／＠甲：原文在此", "说得对"),
        ("说得对/@甲:原文在此", "说得对"),
        ("说得对||@甲:原文在此", "说得对"),
        ("看看 RT @abc: 原文在此", "看看"),
        ("转发微博//@甲:原文在此", "原文在此"),
        ("转发//@甲:轉發微博//@乙:原文在此", "原文在此"),
        ("//@甲:原文在此", "原文在此"),
        ("@甲:@乙:@丙: 原文在此", "原文在此"),
        ("回复@甲:已经退了", "已经退了"),
        ("快来看 @小王 @小李_1 这个坑", "快来看这个坑"),
        ("太坑了@小王 退钱", "太坑了退钱"),
        ("#双11 尾款#太坑了#好物推荐", "太坑了"),
        ("#双11 #尾款人 太坑了", "太坑了"),
        ("退钱 https://t.cn/A6xYz 快点", "退钱快点"),
        ("退钱http://t.cn/A6xYz，快点", "退钱快点"),
        ("退钱 O网页链接", "退钱"),
        ("退钱...展开全文", "退钱"),
        ("[怒][怒]退钱[good]", "退钱"),
        ("iPhone 14 卡顿", "iphone14卡顿"),
        ("ＡＢＣ１２３", "abc123"),
        ("a\x00b", "ab"),
        ("ئۇيغۇر", "ئۇيغۇر"),
    ],
)
def test_the_words_compared_are_the_authors_own(text: str, own: str) -> None:
    assert words(text) == (own, 1)


@pytest.mark.parametrize("text", ["转发微博", "轉發微博。", "Repost", "转发微博//@甲:", "转发//@甲:转发微博"])
def test_a_mere_repost_has_no_letters(text: str) -> None:
    assert words(text) == ("", BARE)


@pytest.mark.parametrize("text", ["[赞][赞]", "😀", "@小王 @小李", "。", "http://t.cn/A6xYz", "#双11#"])
def test_signs_names_links_and_topics_alone_are_no_words(text: str) -> None:
    assert words(text)[1] == 0
    assert sketched([text]).length[0] == 0


def test_a_long_run_after_an_at_sign_is_words_and_no_name() -> None:
    assert words("@客服为什么不给我退款我已经等了三天了")[0] == "客服为什么不给我退款我已经等了三天了"


def test_keys_are_the_same_on_every_machine() -> None:
    found = sketched(["客服不理人", "转发微博", "", "[赞]"])
    assert found.key.tolist() == [
        8914068175384433516,
        6238072747940578789,
        15839785061582574730,
        13499838589966584933,
    ]
    assert found.minima[0, :3].tolist() == [398964600, 2932432445, 119108228]
    assert found.length.tolist() == [5, BARE, 0, 0]


def test_neighbours_in_the_batch_do_not_matter() -> None:
    texts = ["客服不理人，气死了", "", "说得对//@甲:原文", "好", "x" * 5000, "#双11#好 @小王"]
    together = sketched(texts)
    for row, text in enumerate(texts):
        alone = sketched([text])
        assert [alone.key[0], alone.length[0]] == [together.key[row], together.length[row]]
        assert (alone.minima[0] == together.minima[row]).all()
        assert (alone.bins[0] == together.bins[row]).all()


def test_without_the_texts_chains_between_letters_are_still_seen() -> None:
    texts = ["ok //@user_1: original words", "客服不理人"]
    folded = FOLDER.fold(texts, evasion=False)
    assert (sketch(folded).key == sketch(folded, texts).key).all()


def test_letters_that_repeat_count_once() -> None:
    assert sketched(["哈" * 40, "好评" * 20, "客服不理人气死了"]).length.tolist() == [3, 4, 8]


def test_three_letters_of_an_alphabet_weigh_one_han_character() -> None:
    assert sketched(["abcdefghijkl", "快递慢abcdef"]).length.tolist() == [4, 5]


def test_fingerprints_are_the_same_on_every_machine_and_empty_without_words() -> None:
    found = sketched(["客服不理人", "转发微博", "", "[赞]", "好"])
    filled = [[(at, one) for at, one in enumerate(row) if one] for row in found.bins.tolist()]
    assert filled == [[(0, 159), (5, 48), (40, 117)], [], [], [], [(45, 42)]]


def test_minima_and_fingerprints_estimate_the_similarity_of_the_runs() -> None:
    rng = np.random.default_rng(3)
    texts = ["".join(map(chr, rng.integers(0x4E00, 0x9000, 60))) for _ in range(400)]
    halves = [text[:45] + other[:15] for text, other in zip(texts, texts[1:] + texts[:1], strict=True)]
    found = sketched(texts + halves)
    alike = (found.minima[:400] == found.minima[400:]).mean()
    letters, bounds, _ = own_letters(FOLDER.fold(texts + halves, evasion=False), texts + halves)
    hashes, ends = shingles(letters, bounds)
    sets = [set(hashes[a:b].tolist()) for a, b in pairwise(ends)]
    true = np.mean([len(sets[i] & sets[i + 400]) / len(sets[i] | sets[i + 400]) for i in range(400)])
    assert true == pytest.approx(43 / 73, abs=0.01)
    assert alike == pytest.approx(true, abs=0.02)  # 6,400 minima: standard error 0.006
    finer = likeness(found.bins[:400], found.bins[400:])
    assert finer.mean() == pytest.approx(true, abs=0.01)
    assert finer.std() < (found.minima[:400] == found.minima[400:]).mean(axis=1).std() / 2


def test_an_empty_batch_gives_empty_arrays() -> None:
    found = sketched([])
    assert (found.key.shape, found.minima.shape, found.length.shape) == ((0,), (0, MINIMA), (0,))
    assert found.bins.shape == (0, BINS)


def test_a_megabyte_of_text_is_one_sketch() -> None:
    text = "".join(chr(0x4E00 + i % 5000) for i in range(1 << 20))
    found = sketched([text, "a\x00" * 500_000, "@" * 100_000, "#" * 100_000, "[" * 100_000, "/" * 50_000])
    assert found.length[0] > 1_000_000
    assert (found.bins[0] > 0).all()
    assert found.length[1:].max() <= 1


def test_chain_names_the_nearest_first() -> None:
    assert chain("说得对//@甲:是的 //@User_1：原文") == ["甲", "User_1"]
    assert chain("RT @abc: 原文") == ["abc"]
    assert chain("没有转发 @小王") == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=8))
def test_any_text_has_a_sketch(texts: list[str]) -> None:
    found = sketched(texts)
    assert len(found.key) == len(texts)
    assert (found.length >= BARE).all()


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30))
def test_marks_and_signs_never_matter(text: str) -> None:
    dressed = "！".join(text) + "😀[赞]，。"
    found = sketched([text, dressed])
    if found.length[0] > 0:  # else there are no words (全文) and the signs are all there is
        assert found.key[0] == found.key[1]
