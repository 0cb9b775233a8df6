"""Reviews: near-copies, Fisher's exact test, bursts, and what captures cover."""

from datetime import UTC, date, datetime, timedelta
from math import comb, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.checks import DATA
from fairstream.checks.about import Outcome
from fairstream.checks.library import read_about
from fairstream.checks.reviews import CHECKS, burst_chance, densest, fisher, percent, poisson_tail
from fairstream.checks.reviews_alike import MOST_IN_BUCKET, alike, likeness, plain, shingles
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, Review
from fairstream.records import Broadcast

ABOUTS = {name: read_about(DATA / f"{name}.yaml") for name in CHECKS}
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(check: str, *reviews: Review) -> list[Outcome]:
    scene = Scene(Broadcast("b", "b", date(2026, 3, 1)), Facts(reviews=reviews))
    return list(CHECKS[check](scene, ABOUTS[check]))


def review(
    number: int, text: str = "好用", rating: int | None = 5, after_h: float = 0, **more: object
) -> Review:
    at = SEEN + timedelta(hours=after_h)
    return Review(str(number), "cup", text, at, rating=rating, **more)  # type: ignore[arg-type]


def test_fisher_is_the_hypergeometric_tail() -> None:
    assert fisher(3, 3, 0, 17) == 1 / comb(20, 3)
    assert fisher(2, 2, 1, 18) == pytest.approx(3 / 190)
    assert fisher(0, 5, 3, 9) == 1
    assert fisher(1, 2, 1, 2) == pytest.approx(5 / 6)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_fisher_is_a_chance_that_falls(
    bad_gone: int, good_gone: int, bad_stayed: int, good_stayed: int
) -> None:
    chance = fisher(bad_gone, bad_gone + good_gone, bad_stayed, bad_stayed + good_stayed)
    assert 0 < chance <= 1
    if bad_gone and good_stayed:
        assert fisher(bad_gone - 1, bad_gone + good_gone, bad_stayed + 1, bad_stayed + good_stayed) >= chance


def test_plain_text_has_no_marks() -> None:
    assert plain(["保溫杯，很 好！Ok～", ""]) == ["保温杯很好ok", ""]


def test_likeness_of_shingles() -> None:
    assert likeness(shingles("一二三四"), shingles("一二三五")) == pytest.approx(1 / 3)
    assert likeness(shingles("一二三四"), shingles("一二三四")) == 1
    assert likeness(shingles("一二"), shingles("")) == 0
    assert len(shingles("一二三")) == 1
    assert len(shingles("好好好好好")) == 1


def test_alike_joins_at_the_limit() -> None:
    one, other = shingles("甲乙丙丁戊己庚辛"), shingles("甲乙丙丁戊己壬癸")
    close = likeness(one, other)
    assert close == 0.5
    assert alike([one, shingles("子丑寅卯辰"), other], close) == [[0, 2]]
    assert alike([one, other], close + 0.01) == []


def test_many_copies_are_one_group() -> None:
    same = shingles("甲乙丙丁戊己庚辛")
    assert alike([same] * (MOST_IN_BUCKET + 5), 0.9) == [list(range(MOST_IN_BUCKET + 5))]


def test_copies_quote_three_reviews() -> None:
    text = "收到以后先用开水烫过再装茶第二天早上打开还是温的密封圈也很紧"
    found = run("reviews/templated", *(review(n, text, author=f"u{n}") for n in range(5)))
    assert [one.reason for one in found] == ["copies"]
    assert len(found[0].known) == 3
    assert found[0].known[0].text.zh == f"评价 0：{text}"
    assert "5 个账号的 5 条" in found[0].why.zh
    assert "100%" in found[0].why.zh


def test_unknown_authors_do_not_add_up_to_accounts() -> None:
    text = "收到以后先用开水烫过再装茶第二天早上打开还是温的密封圈也很紧"
    known = [review(n, text, author=f"u{n}") for n in range(2)]
    assert [one.reason for one in run("reviews/templated", *known, review(9, text))] == ["authors"]
    assert [one.reason for one in run("reviews/templated", *known)] == ["clear"]


def captured(count: int, bad: int, gone: set[int], after_h: float = 24) -> list[Review]:
    first = [review(n, rating=1 if n < bad else 5) for n in range(count)]
    return [
        *first,
        *(review(n, rating=one.rating, after_h=after_h) for n, one in enumerate(first) if n not in gone),
    ]


def test_alpha_is_one_in_a_hundred() -> None:
    # 2 of 2 gone, both the only bad ones: 1 / C(n, 2) is 1/91 for 14 reviews, 1/105 for 15
    assert run("reviews/vanished", *captured(14, 2, {0, 1}))[0].reason == "even"
    assert run("reviews/vanished", *captured(15, 2, {0, 1}))[0].reason == "bad"


def test_two_stars_are_bad_and_three_are_not() -> None:
    for rating, reason in ((2, "bad"), (3, "good")):
        first = [review(n, rating=rating if n < 3 else 5) for n in range(20)]
        last = [review(n, rating=5, after_h=24) for n in range(3, 20)]
        assert run("reviews/vanished", *first, *last)[0].reason == reason


def test_the_first_and_the_last_capture_count() -> None:
    middle = [review(n, rating=5, after_h=10) for n in range(8, 15)]
    assert run("reviews/vanished", *captured(15, 2, set()), *middle)[0].reason == "kept"


def test_moments_with_and_without_zone_go_together() -> None:
    first = [Review(str(n), "cup", "评", datetime(2026, 3, 1, 20), rating=5) for n in range(3)]  # noqa: DTZ001
    again = [Review(str(n), "cup", "评", SEEN, rating=5) for n in range(3)]
    assert run("reviews/vanished", *first, *again)[0].reason == "once"  # 20:00 Beijing is 12:00 UTC


def test_densest_window_is_half_open() -> None:
    assert densest([0, 5, 9, 10, 30], 10) == (0, 3)
    assert densest([0, 5, 9, 9.5, 30], 10) == (0, 4)
    assert densest([0, 20, 21, 22], 10) == (1, 3)
    assert densest([], 10) == (0, 0)


def test_poisson_tail() -> None:
    assert poisson_tail(0, 2.0) == pytest.approx(1)
    assert poisson_tail(1, 2.0) == pytest.approx(1 - exp(-2))
    assert poisson_tail(3, 2.0) == pytest.approx(1 - 5 * exp(-2))
    assert poisson_tail(40, 2.0) == pytest.approx(
        exp(-2) * 2**40 / 8.15915283247898e47 * (1 + 2 / 41), rel=0.01
    )


def test_burst_chance_uses_the_busier_rate() -> None:
    day = 86_400.0
    quiet = [n * day for n in range(11)]
    burst = [5 * day + n for n in range(1, 9)]
    moments = sorted([*quiet, *burst])
    expected = (
        10 * (2 / day) * 600
    )  # 12 h each way of day 5 there is no other review, but the window's own first
    found = burst_chance(moments, 5, 9, 600, 10)
    rate = max(10 / (10 * day), 0 / day)
    assert found == pytest.approx(2 * 10 * day / 600 * poisson_tail(9, 10 * rate * 600))
    assert found < 2 * 10 * day / 600 * poisson_tail(9, expected)


@pytest.mark.parametrize(("count", "reason"), [(7, "small"), (8, "burst")])
def test_eight_reviews_make_a_burst(count: int, reason: str) -> None:
    others = [review(n, written_at=SEEN - timedelta(days=60 - 2 * n)) for n in range(20)]
    batch = [review(100 + n, written_at=SEEN - timedelta(minutes=n)) for n in range(count)]
    assert run("reviews/burst", *others, *batch)[0].reason == reason
    four = [review(int(one.id), rating=4, written_at=one.written_at) for one in batch]
    assert run("reviews/burst", *others, *four)[0].reason == "clear"


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_review_check_is_a_lead(check: str) -> None:
    assert ABOUTS[check].lead


@pytest.mark.parametrize(
    ("chance", "shown"), [(0.0312, "3.12%"), (0.0001, "0.01%"), (0.00009, "<0.01%"), (1.0, "100.00%")]
)
def test_chances_are_shown_as_readers_can_judge_them(chance: float, shown: str) -> None:
    assert percent(chance) == shown


def test_the_chance_of_a_burst_does_not_depend_on_the_date() -> None:
    moments = [0.0, 40_000, 90_000, 90_010, 90_020, 200_000]
    later = [1_700_000_000 + moment for moment in moments]
    assert burst_chance(later, 2, 3, 600, 10) == pytest.approx(burst_chance(moments, 2, 3, 600, 10))
    expected = poisson_tail(3, 10 * (3 / 200_000) * 600)
    assert burst_chance(later, 2, 3, 600, 10) == pytest.approx(2 * 200_000 / 600 * expected)


def test_the_chance_of_a_burst_is_taken_with_at_least_one_review_in_the_whole_time() -> None:
    moments = [float(second) for second in range(8)]
    expected = 2 * (1 / 86_400) * 60
    assert burst_chance(moments, 0, 8, 60, 2) == pytest.approx(2 * 86_400 / 60 * poisson_tail(8, expected))
