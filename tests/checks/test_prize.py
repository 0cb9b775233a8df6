"""What the prize checks say, in full."""

from datetime import date, datetime, timedelta

import pytest

from fairstream.checks import DATA
from fairstream.checks.about import Outcome
from fairstream.checks.library import read_about
from fairstream.checks.prize import CHECKS
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, HostFacts, Prize
from fairstream.law.resolve import load_law
from fairstream.records import CHINA, Broadcast, Place, Utterance

PLACE = Place("prizes.csv", 4)


def run(check: str, *prizes: Prize, said: str = "", hosts: tuple[HostFacts, ...] = ()) -> list[Outcome]:
    utterances = (Utterance("u", said, start_ms=5000),) if said else ()
    scene = Scene(
        Broadcast("b", "t", date(2026, 3, 1), utterances=utterances), Facts(prizes=prizes, hosts=hosts)
    )
    return list(CHECKS[check](scene, read_about(DATA / f"{check}.yaml")))


def test_the_sum_and_the_cap_are_told() -> None:
    (one,) = run(
        "prize/value-cap", Prize("车", 8_800_000, 1, by_draw=True, winners=("甲", "乙"), place=PLACE)
    )
    assert one.why.zh == "抽奖奖品“车”价值 8.8万元，超过抽奖式有奖销售的上限 5万元，涉嫌违法有奖销售"
    assert one.known[0].text.zh == "车，价值 8.8万元，1 份，公布中奖 2 人"
    assert one.known[0].text.en == "车, worth 88,000 yuan, 1 pieces, 2 winners published"
    assert (one.known[0].fact, one.known[0].place) == ("prizes", PLACE)


def test_the_cap_is_the_one_of_both_texts_held() -> None:
    law = load_law()
    versions = law.family("anti-unfair-competition-law").versions
    about = read_about(DATA / "prize/value-cap.yaml")
    first = min(version.since for version in versions)
    assert about.limits == {"cap_fen": 50_000 * 100, "held_from": int(f"{first:%Y%m%d}")}
    assert law.resolve("anti-unfair-competition-law#11", date(2025, 10, 14)).article == "10"
    assert law.resolve("anti-unfair-competition-law#11", date(2025, 10, 15)).article == "11"


def test_winners_are_counted_and_never_named() -> None:
    prize = Prize("链", by_draw=True, winners=("暗号七", "助理小禾"), winners_inside=("助理小禾", "仓库小青"))
    (one,) = run("prize/winners", prize, hosts=(HostFacts("暗号七"),))
    told = f"{one.why}{one.known}"
    assert one.why.zh == "奖品“链”的中奖者中有 3 名内部人员，涉嫌让内定人员中奖"
    assert not any(name in told for name in ("暗号七", "助理小禾", "仓库小青"))


def test_a_change_tells_both_moments() -> None:
    start = datetime(2026, 3, 1, 20, tzinfo=CHINA)
    (one,) = run("prize/rules", Prize("机", started_at=start, rules_changed_at=start + timedelta(seconds=61)))
    assert one.why.zh == (
        "奖品“机”的活动 2026-03-01 20:00 开始，2026-03-01 20:01 改了规则；"
        "没有正当理由的，涉嫌擅自变更有奖销售信息"
    )
    assert one.known[0].text.zh == "机：2026-03-01 20:00 开始，2026-03-01 20:01 改规则"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("抽三台平板", "enough"),
        ("抽奖抽出四台平板", "more_announced"),
        ("送出40台平板", "more_announced"),
        ("如果人多就抽40台平板", "enough"),
        ("没有抽40台平板", "enough"),
        ("抽40台平板吗", "enough"),
        ("抽屉里有40个格子", "enough"),
        ("抽2台平板，再抽4台平板", "more_announced"),
    ],
)
def test_announcements(said: str, reason: str) -> None:
    (one,) = run("prize/quantity", Prize("平板", quantity=3), said=said)
    assert one.reason == reason


def test_numbers_are_told() -> None:
    (one,) = run("prize/quantity", Prize("平板", quantity=3), said="抽4台平板")
    assert one.why.zh == "口播说奖品“平板”有 4 份，实际为 3 份，涉嫌谎称有奖"
    assert (one.said[0].quote, one.said[0].start_ms) == ("抽4台平板", 5000)


def test_a_prize_not_named_among_several_is_not_meant() -> None:
    both = run("prize/quantity", Prize("平板", quantity=3), Prize("雨伞", quantity=3), said="抽9台电视")
    assert [one.reason for one in both] == ["enough", "enough"]


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_nothing_said_nothing_handed_in(check: str) -> None:
    assert run(check) == []
    assert run(check, said="抽" * 5000 + "9" * 5000) == []
