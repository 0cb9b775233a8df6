"""What must hold for every rule and every text."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairstream.detect import engine, pieces
from fairstream.detect.engine import Detection, Scanner
from fairstream.detect.gate import Bool, Gate, Hits
from fairstream.records import Text
from fairstream.text.fold import FoldedBatch
from world import World

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = [
    *("治疗", "糖尿病", "最低", "全网", "不", "没有", "第一", "第一次", "3天", "元", "路口交通", "口交"),
    *("我们", "治", "疗", "病", "，", "。", "！", "\n", " ", "；", "、", "：", ".", ",", "：", "的", "了"),
    *("😀", "\u200b", "＠", "治療", "⑩", "a", "Ａ", "9", "“", "”", "\u0301", "zhi", "liao", "茶", "\ud800"),
]
words = st.lists(st.sampled_from(WORDS), max_size=14).map("".join)
texts = st.builds(
    Text,
    id=st.sampled_from(["a", "b"]),
    text=st.one_of(words, st.text(max_size=20)),
    product=st.sampled_from(["", "普洱茶", "鞋"]),
    product_class=st.sampled_from(["unknown", "drug"]),
    medium=st.sampled_from(["speech", "listing", "chat"]),
    speaker=st.sampled_from(["host", "unknown", "customer"]),
)


def build(world: World) -> World:
    """A pack of every node and condition; only rules named text/… look beyond the sentence."""
    ph = "phrase"
    world.lexicon("white_list", "路口交通", "第一次")
    world.lexicon("cure", "治疗", "治", risky=False, except_=["治好了"])
    world.lexicon("risky", "治疗", "糖尿病", risky=True)
    world.lexicon("days", "元", patterns=[{"re2": "[0-9]+(天|元)", "needs": ["天", "元"]}])
    world.guard("denied", {"before": {ph: ["不", "没有"]}, "gap": 3}, {"after": {ph: "了"}, "gap": 1})
    world.classes(ordinary_food={"names": ["茶"]})
    near = {"near": {"of": [{"lexicon": "cure"}, {ph: "病"}, {ph: "我们"}], "within": 4}}
    order = {"sequence": [{ph: "全网"}, {"gap": 4, "across": "clause"}, {"any": [{ph: "最低"}, {ph: "元"}]}]}
    world.rule({"lexicon": "risky"}, "local/risky", unless=["denied"])
    world.rule({"lexicon": "days"}, "local/days", unless=[{"near": {ph: "第一"}, "within": 3}])
    world.rule(near, "local/near3", applies_to={"products": {"not": ["drug"]}})
    world.rule({"near": {"of": [{ph: "最低"}, {ph: "全网"}], "within": 5, "scope": "clause"}}, "local/near2")
    world.rule(order, "local/order", unless=[{"within": {ph: "不"}}], applies_to={"media": ["speech"]})
    world.rule({ph: ["口交", "第一"], "not_before": {ph: "次"}}, "local/edges")
    world.rule({"pattern": "[0-9]+", "needs": ["元", "天"]}, "text/pattern")
    world.rule({"all": [{ph: "治疗"}, {"any": [{ph: "病"}, {"lexicon": "days"}]}]}, "text/all")
    world.rule("最低", "text/requires", requires={ph: "我们"}, unless=[{"text": {ph: "没有"}}])
    world.rule({"near": {"of": [{ph: "治疗"}, {ph: "病"}], "within": 9, "scope": "text"}}, "text/near")
    world.rule("茶", "local/customer", applies_to={"speakers": ["customer"]})
    return world


@pytest.fixture(scope="module")
def scanner(module_world: World) -> Scanner:
    return build(module_world).scanner()


@pytest.fixture(scope="module")
def plain(module_world: World) -> Scanner:
    return build(module_world).scanner(evasion=False)


Key = tuple[str, int, int, str, float]


def keys(found: Sequence[Detection], shift: int = 0) -> list[Key]:
    return [
        (d.ready.rule.id, d.span.start + shift, d.span.end + shift, d.product.product_class, d.score)
        for d in found
    ]


@quick
@given(st.lists(texts, max_size=6))
def test_spans_lie_in_the_text_and_quotes_are_its_words(scanner: Scanner, batch: list[Text]) -> None:
    for text, findings in zip(batch, scanner.scan(batch), strict=True):
        for finding in findings:
            start, end = finding.span
            assert 0 <= start < end <= len(text.text)
            assert finding.quote == text.text[start:end]
            assert 0 < finding.score <= 1
            assert finding.why
            assert finding.citations
        assert findings == sorted(findings, key=lambda f: (f.span, f.rule))


@quick
@given(st.lists(texts, max_size=6), st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_batch_or_its_order(
    scanner: Scanner, batch: list[Text], random: Any
) -> None:
    alone = [scanner.scan([text])[0] for text in batch]
    assert scanner.scan(batch) == alone
    order = list(range(len(batch)))
    random.shuffle(order)
    assert scanner.scan([batch[i] for i in order]) == [alone[i] for i in order]


@quick
@given(st.lists(texts, max_size=6), st.integers(1, 4), st.integers(1, 60))
def test_findings_do_not_depend_on_batch_sizes(
    scanner: Scanner, batch: list[Text], count: int, characters: int
) -> None:
    whole = scanner.scan(batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "BATCH_TEXTS", count)
        patch.setattr(engine, "BATCH_CHARACTERS", characters)
        assert scanner.scan(batch) == whole


class OpenGate(Gate):
    """Lets every rule through that reads the text at all."""

    def candidates(self, batch: FoldedBatch, hits: Hits, takes: Bool) -> list[tuple[int, int, int]]:
        open_ = set(map(tuple, np.argwhere(takes).tolist()))
        readings = range(takes.shape[1])
        return [
            (reading, rule, a) for reading in readings for rule, a in self._units if (rule, reading) in open_
        ]


@settings(quick, max_examples=250)
@given(st.lists(texts, max_size=5))
def test_the_gate_never_shuts_out_a_rule_that_matches(scanner: Scanner, batch: list[Text]) -> None:
    gated = [keys(found) for found in scanner.detect(batch)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "_gate", OpenGate(scanner.compiled))
        assert [keys(found) for found in scanner.detect(batch)] == gated


@quick
@given(words, words)
def test_two_sentences_give_the_findings_of_both(plain: Scanner, first: str, second: str) -> None:
    """For rules that look at nothing beyond the sentence."""
    given_class = {"product_class": "other", "medium": "speech", "speaker": "host"}
    a, b, both = (
        [key for key in keys(found) if key[0].startswith("local/")]
        for found in plain.detect(
            [Text("u", words, **given_class) for words in (first, second, f"{first}。{second}")]
        )
    )
    shift = len(first) + 1
    moved = [(rule, start + shift, end + shift, *rest) for rule, start, end, *rest in b]
    assert sorted(both) == sorted([*a, *moved])


@quick
@given(texts)
def test_a_customer_is_silent_for_rules_about_sellers(scanner: Scanner, text: Text) -> None:
    [found] = scanner.detect([replace(text, speaker="customer")])
    assert {d.ready.rule.id for d in found} <= {"local/customer"}


@quick
@given(texts)
def test_scanning_twice_gives_the_same_findings_with_the_same_ids(scanner: Scanner, text: Text) -> None:
    [first], [second] = scanner.scan([text]), scanner.scan([text])
    assert first == second
    assert len({f.id for f in first}) == len(first)


@quick
@given(texts)
def test_both_languages_find_the_same(scanner: Scanner, text: Text) -> None:
    [zh], [en] = scanner.scan([text], "zh"), scanner.scan([text], "en")
    assert [(f.rule, f.span) for f in zh] == [(f.rule, f.span) for f in en]
    for finding in en:
        assert finding.why[-1].endswith("a person decides.")


class TestPieces:
    @quick
    @given(st.lists(words.map(lambda w: w.replace("\n", "")), min_size=3, max_size=12))
    def test_a_long_text_in_pieces_gives_what_it_gives_uncut(
        self, plain: Scanner, sentences: list[str]
    ) -> None:
        longest = max(map(len, sentences)) + 1
        text = Text("u", "。".join(sentences), product_class="other", medium="speech", speaker="host")
        uncut = [f for f in plain.scan([text])[0] if f.rule.startswith("local/")]
        with pytest.MonkeyPatch.context() as patch:
            for module in (engine, pieces):
                patch.setattr(module, "MOST_CHARACTERS", longest * 10)
            cut = [f for f in plain.scan([text])[0] if f.rule.startswith("local/")]
        assert cut == uncut

    @pytest.mark.parametrize("shift", range(0, 60, 3))
    def test_without_a_sentence_end_no_phrase_is_cut_in_two(
        self, plain: Scanner, monkeypatch: pytest.MonkeyPatch, shift: int
    ) -> None:
        filler = "的" * shift
        words = f"{filler}我们治疗糖尿病{'好' * 30}没有治疗全网的最低{'好' * 30}第一次第一元12元"
        text = Text("u", words, product_class="other", medium="speech", speaker="host")
        uncut = [f for f in plain.scan([text])[0] if f.rule.startswith("local/")]
        assert len(uncut) >= 3
        for module in (engine, pieces):
            monkeypatch.setattr(module, "MOST_CHARACTERS", 50)
        monkeypatch.setattr(pieces, "OVERLAP", 30)
        cut = [f for f in plain.scan([text])[0] if f.rule.startswith("local/")]
        assert cut == uncut

    def test_pieces_cover_the_text_and_end_at_sentences(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pieces, "MOST_CHARACTERS", 100)
        text = Text("u", "".join(f"第{i}句话说完了。" for i in range(100)))
        parts = [part[-1].text for part in pieces.pieces(text)]
        assert "".join(parts) == text.text
        assert all(len(part) <= 100 for part in parts)
        assert all(part.endswith("。") for part in parts)

    def test_a_short_text_is_one_piece(self) -> None:
        text = Text("u", "短")
        assert [part[-1] for part in pieces.pieces(text)] == [text]

    def test_a_long_text_between_short_ones_keeps_its_place(
        self, plain: Scanner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = [Text("1", "治疗"), Text("2", "治疗，" * 40), Text("3", "没有"), Text("4", "治疗")]
        whole = plain.scan(batch)
        for module in (engine, pieces):
            monkeypatch.setattr(module, "MOST_CHARACTERS", 50)
        assert [len(f) for f in plain.scan(batch)] == [len(f) for f in whole]
        assert plain.scan(batch)[0] == whole[0]
        assert plain.scan(batch)[3] == whole[3]
