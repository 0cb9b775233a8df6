"""Hosts: completed years, and words about use."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.checks import DATA, host
from fairstream.checks.about import Outcome
from fairstream.checks.host import NEVER_USED, OWN_USE, age_on
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, HostFacts
from fairstream.records import Broadcast, Place, Utterance

ON = date(2026, 3, 1)


def run(name: str, *hosts: HostFacts, on: date = ON, words: tuple[str, ...] = ()) -> list[Outcome]:
    said = tuple(Utterance(f"u{n}", text) for n, text in enumerate(words))
    scene = Scene(Broadcast("b", "茶", on, utterances=said), Facts(hosts=hosts))
    return list(Check(read_about(DATA / f"{name}.yaml"), host.CHECKS[name]).run(scene))


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2010, 3, 1), date(2026, 2, 28), 15),
        (date(2010, 3, 1), date(2026, 3, 1), 16),
        (date(2012, 2, 29), date(2028, 2, 28), 15),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (date(2012, 2, 29), date(2029, 2, 27), 16),
        (date(2012, 2, 29), date(2029, 2, 28), 17),
        (date(2010, 12, 31), date(2011, 1, 1), 0),
        (date(2010, 12, 31), date(2010, 12, 31), 0),
    ],
)
def test_completed_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


@given(st.dates(date(1950, 1, 1), date(2020, 12, 31)), st.integers(0, 30_000))
def test_a_year_is_completed_once_a_year(born: date, days: int) -> None:
    on = born + timedelta(days)
    assert 0 <= age_on(born, on + timedelta(1)) - age_on(born, on) <= 1
    assert abs(age_on(born, on) - days / 365.2425) < 1.01


def test_the_age_is_told() -> None:
    (outcome,) = run("host/under-age", HostFacts("林小禾", date(2010, 3, 2), place=Place("hosts.csv", 2)))
    assert outcome.why.zh == "林小禾直播当日 15 周岁，不满 16 周岁，涉嫌违规担任主播"
    assert outcome.why.en == (
        "林小禾 was 15 on the day of the broadcast, under 16: suspected to be too young to host"
    )
    assert outcome.known[0].text == ("林小禾生于 2010-03-02", "林小禾, born 2010-03-02")
    assert (outcome.known[0].fact, outcome.known[0].place) == ("hosts", Place("hosts.csv", 2))


def test_the_end_of_a_bar_is_told() -> None:
    barred = HostFacts(
        "周麦",
        endorsement_penalised_on=(date(2023, 3, 2),),
        own_name_or_image=True,
        is_seller=False,
        has_influence=True,
    )
    (outcome,) = run("host/endorser-barred", barred)
    assert outcome.why.zh == (
        "周麦因虚假广告代言受罚，三年期到 2026-03-02，而在 2026-03-01 的直播中以代言人身份推荐商品，"
        "涉嫌违规利用代言人"
    )
    assert outcome.known[0].text.en == "周麦 was penalised on 2023-03-02 for a false ad"


def test_a_clean_record_is_told() -> None:
    (outcome,) = run("host/endorser-barred", HostFacts("周麦", endorsement_penalised_on=()))
    assert (outcome.verdict, outcome.why.zh) == ("clear", "周麦没有因虚假广告代言受罚的记录")
    assert outcome.why.en == "周麦 was never penalised for a false-ad endorsement, as handed in"
    assert [side.text for side in outcome.known] == [
        ("没有因虚假广告代言受罚的记录", "no penalty for endorsing a false advertisement on record")
    ]


def test_both_days_of_a_late_report_are_told() -> None:
    late = HostFacts("周麦", reported_to_platform_on=date(2026, 3, 2))
    (outcome,) = run("host/unverified", late)
    assert outcome.known[0].text == (
        "核验日期 未提供，报送平台日期 2026-03-02",
        "verified unknown, reported to the platform 2026-03-02",
    )
    assert outcome.why.en.endswith(
        "was reported to the platform on 2026-03-02, after the broadcast of 2026-03-01: "
        "suspected lack of a report"
    )


def test_an_ai_host_is_no_person_and_no_lack_of_hosts() -> None:
    assert run("host/endorser-barred", HostFacts("小麦", is_ai=True)) == []
    assert [one.reason for one in run("host/endorser-barred", HostFacts("周麦", is_ai=False))] == [
        "no-record"
    ]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("我自己一直在用这款面霜", True),
        ("我们家天天在吃", True),
        ("我本人亲自用过才敢推荐", True),
        ("我用了三个月", True),
        ("我吃了两瓶了", True),
        ("这是我的自用款", True),
        ("主播亲测有效", True),
        ("我晒一下我的空瓶", True),
        ("我用了吗？没有", False),
        ("你们在用什么面霜", False),
        ("顾客一直在用", False),
        ("这不是我自用款", False),
        ("我在用心做直播", False),
        ("我在试图说明白", False),
        ("东京的日本人也在用", False),
    ],
)
def test_words_of_own_use(text: str, uses: bool) -> None:
    assert bool(OWN_USE.search(text)) is uses


@pytest.mark.parametrize(
    ("text", "admits"),
    [
        ("我自己还没用过这款", True),
        ("说实话我没吃过，", True),
        ("主播本人从来没试过这个", True),
        ("我还没来得及用", True),
        ("我们未曾体验过该产品", True),
        ("我从来没用过这么好的", False),
        ("我没用过别家的", False),
        ("我没用过比它更好的", False),
        ("你没用过这款吧", False),
        ("我没说过", False),
    ],
)
def test_words_of_never_having_used(text: str, admits: bool) -> None:
    assert bool(NEVER_USED.search(text)) is admits
