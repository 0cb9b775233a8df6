"""Words of rules found in what a recogniser heard: by syllables and by spotted phrases."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fairstream.detect import sounding_terms
from fairstream.detect.sounding import (
    FAR_COST,
    NEAR_COST,
    SAME_COST,
    SPOTTED_COST,
    TONE_ONLY_COST,
    Sounding,
    score_cost,
    syllables_of,
)
from fairstream.detect.sounding_terms import kept_order, spoken_words
from fairstream.records import Finding, Sound, Span, Text
from fairstream.text.kinds import FoldKind
from fairstream.text.syllables import sounds_of, spell
from world import World


def spoken(syllables: str, **keys: Any) -> Text:
    """A text as a recogniser that writes syllables leaves it."""
    tokens = syllables.split()
    sounds = tuple(
        Sound(token, Span(n, n + 1), n * 200, n * 200 + 200, 0.9) for n, token in enumerate(tokens)
    )
    given: dict[str, Any] = {"medium": "speech", "speaker": "host", "heard": "syllables", "sounds": sounds}
    return Text("u", spell(tokens), **(given | keys))


def scan(world: World, text: Text) -> list[Finding]:
    return world.scanner().scan([text])[0]


YAN_ZHI_WU = "da4 jia1 xuan3 yan4 zhi1 wu1 de chan3 pin3"


@pytest.fixture
def brand(world: World) -> World:
    world.rule("燕之屋", confidence=0.8)
    return world


def test_a_name_that_the_spelling_lost_is_found_by_its_sound(brand: World) -> None:
    text = spoken(YAN_ZHI_WU)
    assert "燕之屋" not in text.text
    [finding] = scan(brand, text)
    assert finding.span == (3, 6)
    assert finding.quote == text.text[3:6]
    assert finding.listen
    assert finding.score == round(0.8 * (1 - SAME_COST), 3)


def test_the_explanation_tells_the_syllables_and_asks_for_a_listen(brand: World) -> None:
    text = spoken(YAN_ZHI_WU)
    [zh], [en] = (brand.scanner(language=language).scan([text])[0] for language in ("zh", "en"))
    assert (
        "此处按读音识别，听到的音节是“yan4 zhi1 wu1”，读作“燕之屋”；"
        "引文是机器按音写的字，请听辨原声后再认定。"
    ) in zh.why
    assert any(
        "recognised by sound" in line and "yan4 zhi1 wu1" in line and "listen" in line for line in en.why
    )


@pytest.mark.parametrize(
    ("syllables", "cost"),
    [
        ("yan4 zhi1 wu1", SAME_COST),
        ("yan4 zhi1 wu2", TONE_ONLY_COST),
        ("yan4 zi1 wu1", NEAR_COST),
        ("yang4 zhi1 wu1", NEAR_COST),
    ],
)
def test_what_was_misheard_lowers_the_score(brand: World, syllables: str, cost: float) -> None:
    [finding] = scan(brand, spoken(f"da4 jia1 dou1 xuan3 {syllables} de chan3 pin3"))
    assert finding.score == pytest.approx(0.8 * (1 - cost), abs=0.001)
    assert finding.span == (4, 7)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("稳赚不赔", "wen3 zuan4 bu4 pei2"),
        ("百分百有效", "bai3 hun1 bai3 you3 xiao4"),
        ("全网最低价", "quan2 wan3 zui4 di1 jia4"),
        ("纯天然阿胶", "cun2 tian1 ran2 e1 jiao1"),
        ("包治百病", "bao1 zi4 bai3 bin4"),
        ("国家级配方", "guo2 jia1 ji2 pei4 huang1"),
    ],
)
def test_confusable_initials_and_finals(world: World, said: str, heard: str) -> None:
    world.rule(said)
    text = spoken(f"wo3 men zhe4 ge4 {heard} de")
    [finding] = scan(world, text)
    assert finding.span == (4, 4 + len(said))
    assert finding.listen


def test_what_sounds_otherwise_is_not_found(brand: World) -> None:
    assert scan(brand, spoken("da4 jia1 xuan3 mei3 zhi1 tang2 de chan3 pin3")) == []
    assert scan(brand, spoken("wo3 men jin1 tian1 qu4 kan4 dian4 ying3")) == []


def test_an_ordinary_word_that_fits_better_wins(world: World) -> None:
    world.rule("内痔")
    assert scan(world, spoken("shou3 ji1 nei4 zhi4 de ruan3 jian4")) == []


def test_two_syllables_need_their_tones(world: World) -> None:
    world.rule("除疤")
    [finding] = scan(world, spoken("zhe4 ge4 neng2 chu2 ba1"))
    assert finding.span == (3, 5)
    assert scan(world, spoken("zhe4 ge4 neng2 chu4 ba4")) == []


def test_gaps_and_order_hold_in_the_reading_by_sound(world: World) -> None:
    world.rule({"sequence": [{"phrase": "燕之屋"}, {"gap": 2}, {"phrase": "冠名"}]})
    near = spoken("yan4 zhi1 wu1 de guan4 ming2 bo1 chu1")
    far = spoken("yan4 zhi1 wu1 de chan3 pin3 he2 guan4 ming2 bo1 chu1")
    assert [finding.span for finding in scan(world, near)] == [(0, 6)]
    assert scan(world, far) == []


@pytest.mark.parametrize(
    ("syllables", "count"),
    [
        ("wo3 men mai4 yan4 zhi1 wu1", 1),
        ("wo3 men bu4 mai4 yan4 zhi1 wu1", 0),
        ("wo3 men mei2 you3 yan4 zhi1 wu1", 0),
    ],
)
def test_guards_hold_in_the_reading_by_sound(world: World, syllables: str, count: int) -> None:
    world.guard("denied", {"before": {"phrase": ["不", "没有"]}, "gap": 1})
    world.rule("燕之屋", unless=["denied"])
    assert len(scan(world, spoken(syllables))) == count


def test_a_guard_word_may_itself_be_found_by_sound(world: World) -> None:
    world.guard("brand", {"before": {"phrase": "假冒的"}, "gap": 0})
    world.rule("燕之屋", unless=["brand"])
    assert scan(world, spoken("zhe4 shi4 jia3 mao4 de yan4 zhi1 wu1")) == []
    assert scan(world, spoken("zhe4 shi4 jia3 mao2 de yan4 zhi1 wu1")) == []


def test_spoken_numbers_are_read_beside_words_by_sound(world: World) -> None:
    world.rule({"sequence": [{"phrase": "30天"}, {"gap": 4}, {"phrase": "燕之屋"}]})
    [finding] = scan(world, spoken("san1 shi2 tian1 chi1 yan4 zhi1 wu1"))
    assert finding.span == (0, 7)


def test_a_rule_that_fires_on_the_characters_keeps_that_finding(world: World) -> None:
    world.rule("治疗失眠", confidence=0.8)
    text = spoken("ke3 yi3 zhi4 liao2 shi1 mian2")
    assert text.text[2:] == "治疗失眠"
    [finding] = scan(world, text)
    assert finding.score == 0.8
    assert not finding.listen


def test_white_phrases_are_not_taken_apart(world: World) -> None:
    world.lexicon("white_list", "宣言植物")
    world.rule("燕之屋")
    text = spoken("jiu4 xuan3 yan4 zhi1 wu1")
    assert (text.text, scan(world, replace(text, text="就宣言植物"))) == (text.text, [])


def test_letters_separate_and_stay(world: World) -> None:
    world.rule("燕之屋")
    world.rule({"sequence": [{"phrase": "vip"}, {"gap": 0}, {"phrase": "燕之屋"}]}, "t/letters")
    assert scan(world, spoken("yan4 A zhi1 wu1")) == []
    found = scan(world, spoken("V I P yan4 zhi1 wu1"))
    assert {rule for finding in found for rule in (finding.rule, *finding.also_rules)} == {"t/r", "t/letters"}


def test_one_character_and_empty_texts(brand: World) -> None:
    scanner = brand.scanner()
    texts = [
        spoken(""),
        spoken("wo3"),
        spoken("A"),
        Text("u", "", heard="syllables"),
        Text("u", "屋", heard="characters"),
    ]
    assert scanner.scan(texts) == [[]] * 5


def test_characters_of_a_recogniser_are_read_by_their_sound(brand: World) -> None:
    text = Text("u", "大家就选宴之污的产品", medium="speech", speaker="host", heard="characters")
    [finding] = scan(brand, text)
    assert (finding.span, finding.quote, finding.listen) == ((4, 7), "宴之污", True)


def test_texts_handed_in_are_left_alone(brand: World) -> None:
    assert brand.findings(spoken(YAN_ZHI_WU).text, medium="speech") == []
    assert scan(brand, replace(spoken(YAN_ZHI_WU), heard="given")) == []


@pytest.mark.parametrize(
    "spans",
    [
        [(-1, 0)] * 3,
        [(0, 0)] * 3,
        [(5, 3)] * 3,
        [(900, 901), (901, 902), (902, 903)],
        [(0, 9)] * 3,
        [(2**40, 2**40 + 1)] * 3,
    ],
)
def test_sounds_without_a_sensible_place_are_passed_over(brand: World, spans: list[tuple[int, int]]) -> None:
    sounds = tuple(Sound(t, Span(*s), 0, 0) for t, s in zip(("yan4", "zhi1", "wu1"), spans, strict=True))
    text = Text(
        "u", "大家好", medium="speech", speaker="host", heard="syllables", sounds=sounds, spotted=sounds
    )
    assert [len(found) for found in brand.scanner().scan([text, spoken(YAN_ZHI_WU)])] == [0, 1]


@pytest.mark.parametrize("token", ["", " ", "\ud800", "yan4" * 1000, "燕之屋", "𠮷", "\x00"])
def test_strange_sounds_do_no_harm(brand: World, token: str) -> None:
    text = replace(
        spoken(YAN_ZHI_WU), sounds=(*spoken(YAN_ZHI_WU).sounds[:-1], Sound(token, Span(8, 9), 0, 0))
    )
    [finding] = scan(brand, text)
    assert finding.span == (3, 6)


def test_a_break_between_sounds_breaks_a_word(brand: World) -> None:
    text = spoken(YAN_ZHI_WU)
    moved = tuple(
        s._replace(span=Span(s.span.start + (n > 4), s.span.end + (n > 4))) for n, s in enumerate(text.sounds)
    )
    paused = replace(text, text=f"{text.text[:5]}，{text.text[5:]}", sounds=moved)
    assert scan(brand, paused) == []


def test_the_same_findings_in_any_batch(brand: World) -> None:
    scanner = brand.scanner()
    texts = [spoken(YAN_ZHI_WU), Text("a", "燕之屋"), spoken("wo3"), Text("b", "好"), spoken("yan4 zhi1 wu1")]
    alone = [scanner.scan([text])[0] for text in texts]
    assert scanner.scan(texts) == alone
    assert scanner.scan(texts[::-1]) == alone[::-1]
    assert [len(found) for found in alone] == [1, 1, 0, 0, 1]


def test_a_long_text_in_pieces_keeps_its_sounds(brand: World) -> None:
    filler = "wo3 men dou1 hen3 hao3 "
    text = spoken(filler * 21_000 + YAN_ZHI_WU)
    [finding] = scan(brand, text)
    assert finding.span == (105_003, 105_006)
    assert any("yan4 zhi1 wu1" in line for line in finding.why)


def test_unsure_words_are_to_be_listened_to(world: World) -> None:
    world.rule("治疗失眠")
    text = spoken("ke3 yi3 zhi4 liao2 shi1 mian2")
    low = tuple(s._replace(confidence=0.2 if n == 3 else 0.9) for n, s in enumerate(text.sounds))
    untold = tuple(s._replace(confidence=None) for s in text.sounds)
    outside = tuple(s._replace(confidence=0.2 if n == 0 else 0.9) for n, s in enumerate(text.sounds))
    listens = [
        scan(world, replace(text, sounds=sounds))[0].listen for sounds in (text.sounds, low, untold, outside)
    ]
    assert listens == [False, True, True, False]
    written = replace(text, heard="characters", sounds=())
    assert not scan(world, written)[0].listen
    assert any("请听辨" in line for line in scan(world, replace(text, sounds=low))[0].why)


def phrase(text: Text, words: str, start: int, end: int) -> Text:
    return replace(text, spotted=(Sound(words, Span(start, end), 0, 0),))


def test_a_spotted_phrase_makes_a_rule_fire(brand: World) -> None:
    text = phrase(spoken("da4 jia1 xuan3 mei3 zi4 huo2 de chan3 pin3"), "燕之屋", 3, 6)
    [finding] = scan(brand, text)
    assert finding.span == (3, 6)
    assert finding.listen
    assert finding.score == pytest.approx(0.8 * (1 - SPOTTED_COST))
    assert any("由关键词检出" in line and "mei3 zi4 huo2" in line for line in finding.why)


def test_a_spotted_phrase_stands_where_its_syllables_fit(brand: World) -> None:
    text = phrase(spoken("da4 jia1 xuan3 yan4 zi4 huo2 de chan3 pin3"), "燕之屋", 4, 6)
    [finding] = scan(brand, text)
    assert finding.span == (3, 6)


def test_a_spotted_phrase_that_nothing_was_written_for(brand: World) -> None:
    text = Text("u", "□□□", medium="speech", speaker="host", heard="syllables")
    [finding] = scan(brand, phrase(text, "燕之屋", 0, 3))
    assert (finding.span, finding.quote, finding.listen) == ((0, 3), "□□□", True)


def test_a_spotted_phrase_that_stands_there_adds_nothing(brand: World) -> None:
    text = Text("u", "大家选燕之屋", medium="speech", speaker="host", heard="characters")
    assert scan(brand, phrase(text, "燕之屋", 3, 6)) == scan(brand, text)
    both = phrase(spoken(YAN_ZHI_WU), "燕之屋", 3, 6)
    assert len(scan(brand, both)) == 1


def test_guards_hold_for_spotted_phrases(world: World) -> None:
    world.guard("denied", {"before": {"phrase": "不是"}})
    world.rule("燕之屋", unless=["denied"])
    text = spoken("zhe4 bu2 shi4 mei3 zi4 huo2")
    assert "不是" in text.text
    assert scan(world, phrase(text, "燕之屋", 3, 6)) == []


def test_phrases_worth_spotting_make_a_rule_fire_alone(world: World) -> None:
    world.lexicon("cure", "根治", "药到病除", "包治百病", "彻底包治百病", "百病包治一次就好不用再来")
    world.rule({"lexicon": "cure"}, severity="high")
    world.rule({"sequence": [{"phrase": "加我微信"}, {"gap": 2}, {"phrase": "返现"}]}, "t/two")
    world.rule("全网最低价", "t/price", severity="low")
    world.rule("免费领走", "t/draft", status="draft")
    world.rule("100%", "t/digits")
    scanner = world.scanner()
    phrases = scanner.spoken_phrases(10)
    assert set(phrases[:2]) == {"药到病除", "包治百病"}  # the severe rule gives several before the mild one
    assert phrases[2:] == ("全网最低价",)
    assert scanner.spoken_phrases(1) == phrases[:1]
    assert scanner.spoken_phrases(0) == scanner.spoken_phrases(-1) == ()
    assert world.scanner().spoken_phrases(10) == phrases


def test_every_rule_gives_a_phrase_before_one_gives_many(world: World) -> None:
    world.lexicon("many", *(f"神奇{c}草药" for c in "红黄蓝绿白黑紫"))
    world.rule({"lexicon": "many"}, severity="medium")
    world.rule("全网最低价", "t/price", severity="medium")
    assert "全网最低价" in world.scanner().spoken_phrases(3)


def test_names_that_imitate_another_cannot_be_heard(world: World) -> None:
    world.lexicon("imitated", "燕之屋")
    world.rule({"lexicon": "imitated"}, conduct="confusion")
    assert scan(world, spoken(YAN_ZHI_WU)) == []
    world.rule({"lexicon": "imitated"}, "t/other", conduct="false_ad")
    assert scan(world, replace(spoken(YAN_ZHI_WU), text="大家选燕之屋的产品"))


def test_written_characters_are_doubted_less(world: World) -> None:
    world.rule("十大品牌")
    heard = spoken("zhe4 shi2 da4 pin3 pai2")
    assert [finding.span for finding in scan(world, heard)] == [(1, 5)]
    assert scan(world, Text("u", "这是大品牌", medium="speech", speaker="host", heard="characters")) == []


@pytest.mark.parametrize(
    ("misheard", "cost"),
    [
        (0.0, SAME_COST),
        (2.2, TONE_ONLY_COST),
        (4.4, NEAR_COST),
        (6.0, NEAR_COST),
        (8.0, FAR_COST),
        (14, FAR_COST),
    ],
)
def test_costs_grow_with_what_was_misheard(misheard: float, cost: float) -> None:
    assert score_cost(misheard) == cost


def test_syllables_of_several_texts_are_kept_apart() -> None:
    heard = syllables_of([spoken("yan4 zhi1"), spoken("wu1")])
    assert heard.row.tolist() == [0, 0, 0, 1, 1]
    assert heard.start.tolist() == [0, 1, 2, 0, 1]
    assert (heard.numbers > 0).tolist() == [True, True, False, True, False]
    assert Sounding(["燕之屋"]).heard([spoken("yan4 zhi1"), spoken("wu1")]) == [[], []]


def test_a_word_is_put_in_character_by_character() -> None:
    text = spoken(YAN_ZHI_WU)
    [heard] = Sounding(["燕之屋"]).heard([text])
    assert "".join(h.term for h in heard) == "".join(
        c for c, written in zip("燕之屋", text.text[3:6], strict=True) if c != written
    )
    assert all(h.kind == FoldKind.SOUND and h.cost == SAME_COST and h.end == h.start + 1 for h in heard)


def test_no_terms_no_words() -> None:
    assert Sounding([]).heard([spoken(YAN_ZHI_WU)]) == [[]]
    assert Sounding(["abc", "屋", "x屋"]).heard([spoken(YAN_ZHI_WU)]) == [[]]
    assert sounds_of("") == []


def test_many_texts_are_read_in_groups_with_the_same_result() -> None:
    sounding = Sounding(["燕之屋"])
    texts = [spoken(f"{YAN_ZHI_WU} {'wo3 men dou1 hen3 hao3 ' * 3_000}"), spoken(YAN_ZHI_WU)] * 5
    heard = sounding.heard(texts)
    assert len(heard) == 10
    assert heard[0] == heard[1] == heard[9] != []


def test_phrases_worth_spotting_are_kept_for_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRSTREAM_CACHE", str(tmp_path))
    monkeypatch.setattr(sounding_terms, "WORTH_KEEPING", 2)
    scanned: list[int] = []

    def scan_all(texts: Sequence[Text]) -> list[list[Finding]]:
        scanned.append(len(texts))
        return [[] for _ in texts]

    for origin in ("one", "one", "other"):
        assert kept_order(["全网最低价", "包治百病"], scan_all, origin) == ()
    assert scanned == [2, 2]
    kept_order(["全网最低价", "药到病除"], scan_all, "one")
    kept_order(["全网最低价", "药到病除"], scan_all, "")
    kept_order(["全网最低价"], scan_all, "one")
    assert scanned == [2, 2, 2, 2, 1]


def test_kept_phrases_are_those_of_the_rules(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lexicon("cure", "根治", "药到病除", "包治百病")
    world.rule({"lexicon": "cure"})
    fresh = world.scanner().spoken_phrases(9)
    monkeypatch.setenv("FAIRSTREAM_CACHE", str(tmp_path))
    monkeypatch.setattr(sounding_terms, "WORTH_KEEPING", 1)
    assert [world.scanner().spoken_phrases(9) for _ in range(2)] == [fresh, fresh]
    assert set(fresh) == {"药到病除", "包治百病"}
    assert len(list(tmp_path.glob("spotting-*.npz"))) == 1


def test_words_come_in_the_same_order_in_every_process(world: World) -> None:
    world.lexicon("many", "药到病除", "包治百病", "全网最低价", "免费领走")
    world.rule({"lexicon": "many"})
    words = spoken_words(world.scanner().compiled)
    assert words == tuple(sorted(words))
    assert len(words) == 4


def test_sounds_out_of_order_and_in_order_are_read_alike() -> None:
    text = spoken(YAN_ZHI_WU)
    turned = replace(text, sounds=text.sounds[::-1])
    longer = replace(text, sounds=(*text.sounds, Sound("de", Span(2, 4), 0, 0, 0.9)))
    [one, *others] = [syllables_of([heard]) for heard in (text, turned, longer)]
    for other in others:
        assert all((a == b).all() for a, b in zip(one, other, strict=True))
