"""Grounds to punish less or not at all: which concern a matter, what is met, what is missing."""

from datetime import date
from typing import Any

import pytest

from fairstream.errors import LawError
from fairstream.facts import Amounts, Circumstances, HostFacts
from fairstream.law.leniency import GroundRule, leniency, load_grounds, read_ground
from fairstream.law.matter import Answer, Matter
from fairstream.law.questions import read_rule
from fairstream.law.resolve import load_law
from fairstream.records import Conduct, ProductClass

LAW = load_law()
DAY = date(2026, 3, 1)
GENERAL = ["slight_corrected", "first_minor", "no_fault", "mitigating"]


def grounds(
    *articles: str,
    conduct: Conduct = "other",
    goods: ProductClass = "clothing",
    on: date = DAY,
    **told: Any,
) -> dict[str, Answer]:
    asked = Matter(conduct, on, articles, product_class=goods, circumstances=Circumstances(**told))
    return {item.answer.code: item.answer for item in leniency(asked, LAW)}


def test_the_general_grounds_are_asked_of_every_matter() -> None:
    assert list(grounds("advertising-law#17")) == GENERAL
    assert [item.effect for item in leniency(Matter("other", DAY, ("advertising-law#17",)), LAW)] == [
        "none",
        "spare",
        "none",
        "less",
    ]


@pytest.mark.parametrize(
    ("articles", "conduct", "special"),
    [
        (
            ("anti-unfair-competition-law#9",),
            "other",
            ["unfair_competition_mitigating", "unfair_competition_slight"],
        ),
        (
            ("live-ecommerce-measures-2026#34",),
            "other",
            ["unfair_competition_mitigating", "unfair_competition_slight"],
        ),
        (
            ("anti-unfair-competition-law#7",),
            "confusion",
            ["unfair_competition_mitigating", "unfair_competition_slight", "confusion_innocent_seller"],
        ),
        (
            ("consumer-protection-law#24",),
            "other",
            ["consumer_mitigating", "consumer_slight", "consumer_first"],
        ),
        (
            ("consumer-protection-implementing-regulations#19",),
            "other",
            ["consumer_mitigating", "consumer_slight", "consumer_first"],
        ),
        (("price-law#13",), "other", ["price_refunded", "price_slight", "price_first"]),
        (
            ("marked-price-and-price-fraud-provisions-2022#17",),
            "other",
            ["price_refunded", "price_slight", "price_first"],
        ),
        (("product-quality-law#39",), "other", ["quality_innocent_seller"]),
        (("food-safety-law#34",), "other", ["food_innocent_trader"]),
        (("trademark-law#57",), "other", ["trademark_innocent_seller"]),
        (
            ("advertising-law#9",),
            "ad_superlative",
            ["superlative_first", "superlative_own_media", "superlative_own_media_minor"],
        ),
        (("advertising-law#9",), "other", []),
    ],
)
def test_special_grounds_belong_to_their_statute(
    articles: tuple[str, ...], conduct: Conduct, special: list[str]
) -> None:
    assert list(grounds(*articles, conduct=conduct)) == [*GENERAL, *special]


def test_the_second_conduct_counts_too() -> None:
    asked = Matter("false_ad", DAY, ("advertising-law#9",), conduct_also=("ad_superlative",))
    assert "superlative_first" in [item.answer.code for item in leniency(asked, LAW)]


HELD: dict[str, dict[str, Any]] = {
    "slight_corrected": {"slight": True, "corrected": True, "harm": False},
    "first_minor": {"first_offence": True, "corrected": True, "harm_minor": True},
    "no_fault": {"no_fault_proven": True},
    "mitigating": {"harm_undone": True},
    "unfair_competition_mitigating": {"harm_undone": True},
    "unfair_competition_slight": {"slight": True, "corrected": True, "harm": False},
    "consumer_mitigating": {"harm_undone": True},
    "consumer_slight": {"slight": True, "corrected": True, "harm": False},
    "consumer_first": {"first_offence": True, "corrected": True, "harm": False},
    "price_refunded": {"harm_undone": True, "overpaid_refunded": True},
    "price_slight": {"slight": True, "corrected": True, "harm": False},
    "price_first": {"first_offence": True, "corrected": True, "harm_minor": True},
    "superlative_first": {"first_offence": True, "corrected": True, "harm_minor": True},
    "superlative_own_media": {"own_media": True, "brief_or_few": True, "corrected": True, "harm": False},
    "superlative_own_media_minor": {"own_media": True, "brief_or_few": True, "harm_minor": True},
    "quality_innocent_seller": {"knew": False, "source_named": True},
    "food_innocent_trader": {"knew": False, "source_named": True, "purchase_checked": True},
    "confusion_innocent_seller": {"knew": False, "source_named": True, "lawfully_obtained": True},
    "trademark_innocent_seller": {"knew": False, "source_named": True, "lawfully_obtained": True},
    "price_no_intent": {"intent": False},
}
ARTICLES = {
    "unfair": "anti-unfair-competition-law#7",
    "confusion": "anti-unfair-competition-law#7",
    "consumer": "consumer-protection-law#24",
    "price": "price-law#13",
    "superlative": "advertising-law#9",
    "quality": "product-quality-law#39",
    "food": "food-safety-law#34",
    "trademark": "trademark-law#57",
}


def about(code: str, **told: Any) -> Answer:
    article = ARTICLES.get(code.partition("_")[0], "advertising-law#17")
    conduct: Conduct = "ad_superlative" if code.startswith("superlative") else "confusion"
    if code == "price_no_intent":
        article, conduct = "marked-price-and-price-fraud-provisions-2022#19", "price_fraud"
    return grounds(article, conduct=conduct, **told)[code]


def test_every_ground_is_in_the_table() -> None:
    assert set(HELD) == {ground.rule.code for ground in load_grounds() if not ground.if_met}


@pytest.mark.parametrize(("code", "facts"), HELD.items())
def test_a_ground_holds_when_all_is_met_and_each_fact_is_needed(code: str, facts: dict[str, bool]) -> None:
    assert about(code, **facts).holding == "held"
    for name, value in facts.items():
        without = {other: told for other, told in facts.items() if other != name}
        assert about(code, **without).holding == "possible", name
        if len(facts) > 1:
            assert about(code, **{**facts, name: not value}).holding in ("not_held", "possible"), name
            assert about(code, **{**facts, name: not value}).holding != "held", name


@pytest.mark.parametrize(("code", "facts"), HELD.items())
def test_nothing_is_assumed(code: str, facts: dict[str, bool]) -> None:
    assert about(code).holding == "possible"
    assert {ground.fact for ground in about(code).grounds if ground.fact} >= {
        f"circumstances.{name}" for name in facts
    }


def test_what_is_met_and_what_is_missing_is_told() -> None:
    told = about("slight_corrected", slight=True, corrected=True)
    assert [(ground.words.zh, ground.holds) for ground in told.grounds[:3]] == [
        ("违法行为轻微", True),
        ("已经及时改正", True),
        ("没有造成危害后果", None),
    ]
    assert told.grounds[3].citation == "administrative-penalty-law#33"
    assert told.would_change[0].zh == "如查明违法行为不轻微，则本项不成立"


@pytest.mark.parametrize(
    ("goods", "holding"),
    [
        ("clothing", "held"),
        ("ordinary_food", "held"),
        ("cosmetics", "held"),
        ("medical_service", "possible"),
        ("drug", "possible"),
        ("device", "possible"),
        ("health_food", "possible"),
        ("fsmp", "possible"),
        ("finance", "possible"),
        ("education", "possible"),
        ("unknown", "possible"),
    ],
)
def test_a_superlative_about_effect_is_not_slight(goods: ProductClass, holding: str) -> None:
    facts = HELD["superlative_first"]
    answer = grounds("advertising-law#9", conduct="ad_superlative", goods=goods, **facts)["superlative_first"]
    assert answer.holding == holding


def test_the_guideline_did_not_always_exist() -> None:
    early = grounds(
        "advertising-law#9", conduct="ad_superlative", on=date(2022, 5, 1), **HELD["superlative_first"]
    )
    assert early["superlative_first"].holding == "possible"


def test_leniency_looks_at_the_role_asked_about() -> None:
    asked = Matter("confusion", DAY, amounts=Amounts(turnover=1))
    assert "unfair_competition_slight" in [item.answer.code for item in leniency(asked, LAW)]
    assert "unfair_competition_slight" not in [
        item.answer.code for item in leniency(asked, LAW, ("endorser",))
    ]


@pytest.mark.parametrize("effect", [None, "mercy", ["none"]])
def test_an_unknown_effect_is_refused(effect: object) -> None:
    entry = {"code": "x", "effect": effect, "title": {"zh": "某", "en": "some"}, "when": []}
    with pytest.raises(LawError, match="ground 'x': unknown effect") as caught:
        read_ground(entry)
    with pytest.raises(LawError, match=r"ground '\?': unknown effect"):
        read_ground({"effect": effect})
    assert caught.value.file == "leniency.yaml"
    assert caught.value.remedy == "write one of none, spare, less, may_less"


def test_a_ground_is_read_with_every_part() -> None:
    entry = {
        "code": "x",
        "effect": "may_less",
        "title": {"zh": "某", "en": "some"},
        "when": ["slight"],
        "concerns": ["price-law", "trademark-law"],
        "conduct": "price_fraud",
    }
    rule = read_rule(entry, "leniency.yaml")
    concerns = frozenset({"price-law", "trademark-law"})
    assert read_ground(entry) == GroundRule(rule, "may_less", concerns, "price_fraud")
    bare = {key: entry[key] for key in ("code", "effect", "title", "when")}
    assert read_ground(bare) == GroundRule(rule, "may_less", frozenset(), None)


@pytest.mark.parametrize("effect", ["none", "spare", "less", "may_less"])
def test_every_effect_is_known(effect: str) -> None:
    entry = {"code": "x", "effect": effect, "title": {"zh": "某", "en": "some"}}
    assert read_ground(entry).effect == effect


def test_a_ground_whose_rule_does_not_fit_names_its_file() -> None:
    with pytest.raises(LawError, match="rule 'x': 'title'") as caught:
        read_ground({"code": "x", "effect": "none"})
    assert caught.value.file == "leniency.yaml"


def of_hosts(*born: str | None, on: str = "2026-05-01") -> dict[str, str]:
    """The grounds of age told for hosts born on these days."""
    hosts = tuple(HostFacts("甲（虚构）", born_on=date.fromisoformat(day) if day else None) for day in born)
    asked = Matter("other", date.fromisoformat(on), hosts=hosts)
    told = {item.answer.code: item.effect for item in leniency(asked, LAW)}
    return {code: told[code] for code in ("under_14", "aged_14_to_17") if code in told}


@pytest.mark.parametrize(
    ("born", "told"),
    [
        ("2012-05-02", {"under_14": "none"}),
        ("2012-05-01", {}),  # the fourteenth birthday itself stays open
        ("2012-04-30", {"aged_14_to_17": "less"}),
        ("2008-05-02", {"aged_14_to_17": "less"}),
        ("2008-05-01", {}),  # and so does the eighteenth
        ("2008-04-30", {}),
        ("2010-05-01", {"aged_14_to_17": "less"}),  # a birthday in between does not
        (None, {}),
    ],
)
def test_minors_are_not_punished_or_more_lightly(born: str | None, told: dict[str, str]) -> None:
    assert of_hosts(born) == told


def test_one_minor_among_the_hosts_is_enough_and_none_is_silence() -> None:
    assert of_hosts("1990-01-01", "2013-01-01") == {"under_14": "none"}
    assert of_hosts("1990-01-01", None, "2009-01-01") == {"aged_14_to_17": "less"}
    assert of_hosts() == {}


@pytest.mark.parametrize(
    ("articles", "told"),
    [
        ((), True),
        (("marked-price-and-price-fraud-provisions-2022#19(3)",), True),
        (("marked-price-and-price-fraud-provisions-2022#16",), False),
        (("price-law#13",), False),
    ],
)
def test_lack_of_intent_is_asked_for_article_19_only(articles: tuple[str, ...], told: bool) -> None:
    asked = Matter("price_fraud", DAY, articles)
    assert ("price_no_intent" in [item.answer.code for item in leniency(asked, LAW)]) is told


@pytest.mark.parametrize(
    ("on", "decided_on", "holding"),
    [
        (date(2025, 10, 14), None, "not_held"),
        (date(2025, 10, 14), date(2025, 10, 14), "not_held"),
        (date(2025, 10, 14), date(2025, 10, 15), "held"),
        (date(2025, 10, 15), None, "held"),
    ],
)
def test_a_ground_made_since_the_act_is_the_lighter_law(
    on: date, decided_on: date | None, holding: str
) -> None:
    facts = Circumstances(knew=False, source_named=True, lawfully_obtained=True)
    articles = ("anti-unfair-competition-law#7",)
    asked = Matter("confusion", on, articles, decided_on=decided_on, circumstances=facts)
    told = {item.answer.code: item for item in leniency(asked, LAW)}["confusion_innocent_seller"]
    assert told.answer.holding == holding
    assert told.bars("anti-unfair-competition-law") is (holding == "held")
    assert not told.bars("product-quality-law")


def test_only_grounds_that_say_so_bar_a_fine() -> None:
    barring = [ground.rule.code for ground in load_grounds() if ground.bars_fine]
    assert barring == [
        "price_no_intent",
        "superlative_own_media",
        "confusion_innocent_seller",
        "trademark_innocent_seller",
    ]


@pytest.mark.parametrize(
    ("told", "holding"),
    [
        ({"corrected_on": date(2026, 3, 10)}, "held"),
        ({"corrected_on": date(2026, 3, 11)}, "not_held"),
        ({"corrected_on": None}, "possible"),
        ({"corrected_on": date(2026, 3, 11), "order_due_on": None}, "held"),
        ({"corrected": False}, "not_held"),
        ({"corrected": None}, "possible"),
    ],
)
def test_a_correction_after_the_time_given_is_not_in_time(told: dict[str, Any], holding: str) -> None:
    slight = {"slight": True, "harm": False, "corrected": True, "order_due_on": date(2026, 3, 10), **told}
    assert grounds("price-law#13", **slight)["slight_corrected"].holding == holding
