"""Time limits: the table, and counting days as the law counts them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import LawError
from fairstream.law.deadlines import (
    CHINA,
    Counting,
    Due,
    Extension,
    Limit,
    add_months,
    due,
    limit_of,
    load_limits,
    read_limits,
)
from fairstream.law.numerals import NUMERAL, parse_numeral
from fairstream.law.resolve import load_law
from fairstream.law.texts import read_text_file
from fairstream.law.workdays import WorkCalendar, load_calendar, read_years
from fairstream.records import Words

CALENDAR = load_calendar()
LIMITS = tuple(load_limits().values())
DAYS = st.dates(date(2023, 1, 2), date(2026, 9, 30))
STATUTES = Path(__file__).parents[3] / "shared" / "statutes"


def counted(name: str, start: date | datetime, extended: int = 0, *pauses: tuple[date, date]) -> Due:
    return due(limit_of(name), start, CALENDAR, extended=extended, excluded=pauses)


@pytest.mark.parametrize(
    ("name", "start", "last"),
    [
        # Spring festival 2026: off from 15 to 23 February, worked on Saturdays 14 and 28.
        ("case-lead-check", date(2026, 2, 10), date(2026, 3, 9)),
        ("statement-and-hearing", date(2026, 2, 10), date(2026, 2, 24)),
        ("statement-and-hearing", date(2026, 2, 13), date(2026, 2, 27)),
        ("evidence-registration", date(2026, 4, 30), date(2026, 5, 13)),
        ("blacklist-publicity", date(2026, 9, 25), date(2026, 10, 29)),
        # A weekend opening day, and one before a weekend.
        ("complaint-acceptance", date(2026, 3, 7), date(2026, 3, 17)),
        ("complaint-acceptance", date(2026, 3, 6), date(2026, 3, 17)),
        # Calendar days, moved by a Sunday (90 days on is 11 October 2026) and by a holiday.
        ("decision", date(2026, 7, 13), date(2026, 10, 12)),
        ("decision", date(2026, 7, 14), date(2026, 10, 12)),
        ("payment", date(2026, 9, 20), date(2026, 10, 8)),
        ("payment", date(2026, 9, 25), date(2026, 10, 10)),
        ("mediation", date(2026, 2, 10), date(2026, 4, 13)),
        ("seizure", date(2026, 9, 2), date(2026, 10, 2)),
        # Three days of the transfer provisions are calendar days: no text says otherwise.
        ("transfer-decision", date(2026, 10, 1), date(2026, 10, 4)),
        # Months and years end on the day of the same number, or the last of the month.
        ("re-verification", date(2025, 8, 31), date(2026, 2, 28)),
        ("re-verification", date(2023, 8, 31), date(2024, 2, 29)),
        ("publicity-short", date(2026, 1, 31), date(2026, 4, 30)),
        ("operator-records", date(2024, 2, 29), date(2027, 2, 28)),
        ("transaction-records", date(2026, 12, 31), date(2029, 12, 31)),
        ("limitation", date(2024, 2, 29), date(2026, 2, 28)),
        ("limitation-health", date(2024, 2, 29), date(2029, 2, 28)),
        # Counted back from the event.
        ("hearing-notice", date(2026, 2, 10), date(2026, 1, 30)),
        ("hearing-notice", date(2026, 2, 28), date(2026, 2, 12)),
        ("end-of-business-notice", date(2026, 3, 31), date(2026, 3, 1)),
    ],
)
def test_last_day(name: str, start: date, last: date) -> None:
    assert counted(name, start).last == last


def test_a_moved_last_day_keeps_the_day_before_moving() -> None:
    answer = counted("payment", date(2026, 9, 20))
    assert (answer.counted, answer.last) == (date(2026, 10, 5), date(2026, 10, 8))
    assert [step.zh for step in answer.steps] == [
        "2026-09-20（收到处罚决定书）当日不计，往后数 15 日",
        "最后一日：2026-10-05",
        "该日休息，顺延至 2026-10-08",
        "起算当日（时）不计；末日遇节假日顺延至其后第一日",
    ]
    assert answer.steps[2].en == "that day is off: moved to 2026-10-08"


def test_an_unmoved_last_day_says_nothing_of_moving() -> None:
    answer = counted("hearing-notice", date(2026, 2, 10))
    assert [step.en for step in answer.steps[:2]] == [
        "2026-02-10 (the hearing) is not counted; 7 working days back",
        "at the latest 2026-01-30",
    ]
    assert len(answer.steps) == 3
    assert answer.steps[0].zh == "2026-02-10（举行听证）当日不计，往前数 7 个工作日"


def test_extensions_add_up() -> None:
    assert counted("case-lead-check", date(2026, 2, 10), 1).last == date(2026, 3, 30)
    assert counted("decision", date(2026, 3, 2), 0).last == date(2026, 6, 1)
    assert counted("decision", date(2026, 3, 2), 1).last == date(2026, 6, 30)


def test_an_open_extension_gives_no_date() -> None:
    answer = counted("decision", date(2026, 3, 2), 2)
    assert (answer.last, answer.counted, answer.moment) == (None, None, None)
    assert answer.unknown
    assert answer.unknown.zh == "期限由机关另定：特别复杂，集体讨论决定并确定合理期限"


@pytest.mark.parametrize("extended", [-1, 3])
def test_extensions_the_law_does_not_know_are_refused(extended: int) -> None:
    with pytest.raises(LawError, match=f"decision has 2 extensions, not {extended}"):
        counted("decision", date(2026, 3, 2), extended)


def test_excluded_periods_do_not_run() -> None:
    test = (date(2026, 3, 10), date(2026, 3, 19))
    assert counted("seizure", date(2026, 3, 2)).last == date(2026, 4, 1)
    assert counted("seizure", date(2026, 3, 2), 0, test).last == date(2026, 4, 11)
    assert counted("case-lead-check", date(2026, 3, 2), 0, test).last == date(2026, 4, 2)
    assert counted("case-lead-check", date(2026, 3, 2)).last == date(2026, 3, 23)
    assert counted("enforcement-application", date(2026, 3, 2), 0, test).last == date(2026, 6, 12)
    step = counted("seizure", date(2026, 3, 2), 0, test).steps[1]
    assert step == ("2026-03-10 至 2026-03-19 不计入", "2026-03-10 to 2026-03-19 does not run")


def test_a_pause_that_begins_after_the_last_day_changes_nothing() -> None:
    later = (date(2026, 6, 3), date(2026, 6, 5))
    assert counted("enforcement-application", date(2026, 3, 2), 0, later).last == date(2026, 6, 2)
    until = (date(2026, 6, 2), date(2026, 6, 2))
    assert counted("enforcement-application", date(2026, 3, 2), 0, until).last == date(2026, 6, 3)


def test_hours_run_from_the_moment_in_chinese_time() -> None:
    start = datetime(2026, 3, 2, 22, 15, tzinfo=UTC)
    answer = counted("transfer", start)
    assert answer.moment == datetime(2026, 3, 4, 6, 15, tzinfo=CHINA)
    assert (answer.start, answer.last, answer.counted) == (
        date(2026, 3, 3),
        date(2026, 3, 4),
        date(2026, 3, 4),
    )
    assert answer.steps[0].en.startswith("2026-03-03 06:15 (the transfer was approved) to 2026-03-04 06:15")


def test_a_moment_is_a_chinese_day() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert counted("transfer-decision", late).last == date(2026, 3, 6)
    assert counted("transfer-decision", date(2026, 3, 2)).last == date(2026, 3, 5)


def test_a_moment_without_zone_and_hours_without_moment_are_refused() -> None:
    with pytest.raises(LawError, match="has no time zone") as naive:
        counted("seizure", datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the hostile input
    assert naive.value.remedy == "write it with +08:00"
    with pytest.raises(LawError, match="transfer is counted in hours"):
        counted("transfer", date(2026, 3, 2))


def test_an_unknown_year_gives_no_date() -> None:
    answer = counted("case-lead-check", date(2026, 12, 20))
    assert (answer.last, answer.counted) == (None, None)
    assert answer.unknown == (
        "没有 2027 年的节假日表，无法计算；请补充该年的国务院办公厅通知",
        "no holiday table for 2027: add the State Council notice of that year",
    )
    assert answer.overdue(date(2030, 1, 1), date(2030, 1, 1)) is None


def test_a_last_day_in_an_unknown_year_is_counted_but_not_moved() -> None:
    answer = counted("decision", date(2026, 12, 1))
    assert (answer.last, answer.counted) == (None, date(2027, 3, 1))
    assert counted("limitation", date(2026, 12, 1)).last == date(2028, 12, 1)


@pytest.mark.parametrize(
    ("done", "today", "late"),
    [
        (date(2026, 3, 30), date(2026, 5, 1), False),
        (date(2026, 3, 31), date(2026, 5, 1), True),
        (None, date(2026, 3, 30), False),
        (None, date(2026, 3, 31), True),
    ],
)
def test_on_the_last_day_is_in_time(done: date | None, today: date, late: bool) -> None:
    assert counted("case-lead-check", date(2026, 2, 10), 1).overdue(done, today) is late


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_number_of_the_day_or_end_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(1)).day == 1)


@given(DAYS)
def test_working_days_after_the_event_are_as_many_as_the_law_says(day: date) -> None:
    last = counted("blacklist-removal-decision", day).last
    if last is None:
        assert day.year == 2026
        return
    between = [day + timedelta(n) for n in range(1, (last - day).days + 1)]
    assert sum(bool(CALENDAR.is_worked(one)) for one in between) == 15
    assert CALENDAR.is_worked(last)


@given(DAYS)
def test_a_moved_day_is_the_first_worked_one(day: date) -> None:
    answer = counted("payment", day)
    if answer.last is None or answer.counted is None:
        return
    assert (answer.counted - day).days == 15
    assert CALENDAR.is_worked(answer.last)
    skipped = [answer.counted + timedelta(n) for n in range((answer.last - answer.counted).days)]
    assert not any(CALENDAR.is_worked(one) for one in skipped)


@given(DAYS, DAYS, st.sampled_from([limit for limit in LIMITS if limit.unit != "hour"]))
def test_a_later_event_never_ends_earlier(one: date, other: date, limit: Limit) -> None:
    first, second = (due(limit, day, CALENDAR).last for day in sorted((one, other)))
    assert first is None or second is None or first <= second


def test_the_table_cites_articles_that_exist() -> None:
    law = load_law()
    for limit in LIMITS:
        for citation in (*limit.cites, *limit.counting.cites):
            assert law.resolve(citation).version


@pytest.mark.skipif(not STATUTES.is_dir(), reason="the statutes are not at hand")
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_every_figure_stands_in_its_article(limit: Limit) -> None:
    units = {"hour": "小时", "day": "日", "working_day": "(?:个?工作)?日", "month": "个月", "year": "年"}
    shape = re.compile(f"([{NUMERAL}]+){units[limit.unit]}")
    written = {parse_numeral(one) for citation in limit.cites for one in shape.findall(_article(citation))}
    assert {limit.amount, *(one.amount for one in limit.extensions if one.amount)} <= written


def _article(citation: str) -> str:
    found = load_law().resolve(citation)
    return read_text_file(STATUTES / f"{found.version}.md").articles[found.article].words


def test_what_no_text_counts_is_marked() -> None:
    assert limit_of("transfer-decision").counting.unverified
    assert not limit_of("payment").counting.unverified
    marked = [limit.id for limit in LIMITS if limit.unverified]
    assert marked == ["transfer-review"]


def test_an_unknown_limit_is_named() -> None:
    with pytest.raises(LawError, match="no time limit 'tea'") as error:
        limit_of("tea")
    assert "endorser-bar" in str(error.value)


ENTRY = {
    "id": "tea", "title": {"zh": "茶", "en": "tea"}, "cites": ["tea-law#1"], "amount": 3, "unit": "day",
    "event": {"zh": "沏茶", "en": "brewing"}, "counting": "plain",
}  # fmt: skip
RULES = {"plain": {"words": {"zh": "数", "en": "count"}}}


def test_a_plain_entry_is_read() -> None:
    limit = read_limits({"counting": RULES, "limits": [ENTRY]}, "tea.yaml")["tea"]
    assert (limit.sense, limit.extensions, limit.excluded, limit.unverified) == ("by", (), (), None)
    assert (limit.counting.rolls, limit.counting.unverified, limit.counting.cites) == (False, False, ())


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"amount": 0}, "amount is 0, not a positive whole number"),
        ({"amount": 1.5}, "amount is 1.5"),
        ({"amount": True}, "amount is True"),
        ({"unit": "week"}, "'week' is not one of hour, day"),
        ({"sense": "soon"}, "'soon' is not one of by, keep"),
        ({"counting": "fast"}, "'fast' is missing"),
        ({"cites": ["tea"]}, "'tea' is not a citation"),
        ({"event": {"zh": "沏茶"}}, "en"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(change: dict[str, object], cause: str) -> None:
    with pytest.raises(LawError, match=re.escape(cause)):
        read_limits({"counting": RULES, "limits": [{**ENTRY, **change}]}, "tea.yaml")


def test_the_same_limit_twice_is_refused() -> None:
    with pytest.raises(LawError, match="time limit 'tea': stands there twice"):
        read_limits({"counting": RULES, "limits": [ENTRY, ENTRY]}, "tea.yaml")


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2023, 1, 2), False), (date(2023, 1, 3), True), (date(2023, 6, 25), True),
        (date(2023, 10, 8), True), (date(2023, 12, 30), False), (date(2024, 2, 9), True),
        (date(2024, 2, 18), True), (date(2024, 9, 14), True), (date(2024, 10, 7), False),
        (date(2025, 1, 2), True), (date(2025, 1, 26), True), (date(2025, 10, 8), False),
        (date(2025, 10, 9), True), (date(2026, 1, 4), True), (date(2026, 2, 14), True),
        (date(2026, 2, 23), False), (date(2026, 2, 24), True), (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 11, 21), False), (date(2026, 11, 22), False), (date(2026, 11, 23), True),
    ],
)  # fmt: skip
def test_days_as_the_notices_order(day: date, worked: bool) -> None:
    assert CALENDAR.is_worked(day) is worked


def test_working_days_of_each_year() -> None:
    totals = {}
    for year in CALENDAR.years:
        days = (date(year, 1, 1) + timedelta(n) for n in range(366))
        totals[year] = sum(bool(CALENDAR.is_worked(day)) for day in days if day.year == year)
    assert totals == {2023: 249, 2024: 251, 2025: 248, 2026: 248}


def test_a_year_outside_the_table_is_unknown() -> None:
    assert CALENDAR.is_worked(date(2022, 12, 31)) is None
    assert CALENDAR.is_worked(date(2027, 1, 1)) is None
    assert WorkCalendar().is_worked(date(2026, 3, 2)) is None


def test_a_users_table_lies_over_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("holidays:\n  2027:\n    rest: [[2027-01-01, 2027-01-01]]\n    work: [2027-01-02]\n")
    calendar = load_calendar(own)
    assert calendar.is_worked(date(2027, 1, 1)) is False
    assert calendar.is_worked(date(2027, 1, 2)) is True
    assert calendar.is_worked(date(2027, 1, 4)) is True
    assert calendar.is_worked(date(2026, 2, 23)) is False
    assert calendar.years[2027].notice == ""


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ({"rest": [], "work": ["2027-01-04"]}, "2027-01-04 is worked anyway"),
        (
            {"rest": [["2027-01-02", "2027-01-02"]], "work": ["2027-01-02"]},
            "2027-01-02 is worked anyway or also off",
        ),
        ({"rest": [["2026-12-31", "2027-01-01"]], "work": []}, "2026-12-31 lies in another year"),
        ({"rest": [["2027-02-02", "2027-02-01"]], "work": []}, "is no stretch of days off"),
        ({"rest": [["2027-02-01", "2027-03-04"]], "work": []}, "is no stretch of days off"),
        ({"work": []}, "rest"),
        ({"rest": [], "work": ["soon"]}, "soon"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(entry: dict[str, object], cause: str) -> None:
    with pytest.raises(LawError, match=cause) as error:
        read_years({"holidays": {"2027": entry}}, Path("own.yaml"))
    assert error.value.file == "own.yaml"


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="cannot be read: No such file"):
        load_calendar(tmp_path / "none.yaml")


def test_an_entry_is_read_with_every_part() -> None:
    entry = {
        **ENTRY,
        "cites": ["tea-law#1", "tea-law#2(3)"],
        "amount": 1,
        "unit": "working_day",
        "sense": "before",
        "counting": "moved",
        "extensions": [
            {"when": {"zh": "再", "en": "again"}, "amount": 2},
            {"when": {"zh": "又", "en": "more"}},
        ],
        "excluded": [{"zh": "停", "en": "pause"}],
        "unverified": {"zh": "疑", "en": "doubt"},
    }
    moved = {
        "words": {"zh": "顺延", "en": "moved"},
        "cites": ["tea-law#9"],
        "rolls": True,
        "unverified": True,
    }
    rules = {**RULES, "moved": moved}
    assert read_limits({"counting": rules, "limits": [ENTRY, {**entry, "id": "pot"}]}, "tea.yaml") == {
        "tea": Limit(
            id="tea",
            title=Words("茶", "tea"),
            cites=("tea-law#1",),
            amount=3,
            unit="day",
            event=Words("沏茶", "brewing"),
            counting=Counting(Words("数", "count"), (), False, False),
        ),
        "pot": Limit(
            id="pot",
            title=Words("茶", "tea"),
            cites=("tea-law#1", "tea-law#2(3)"),
            amount=1,
            unit="working_day",
            event=Words("沏茶", "brewing"),
            counting=Counting(Words("顺延", "moved"), ("tea-law#9",), True, True),
            sense="before",
            extensions=(Extension(Words("再", "again"), 2), Extension(Words("又", "more"), None)),
            excluded=(Words("停", "pause"),),
            unverified=Words("疑", "doubt"),
        ),
    }


def test_nothing_written_is_no_limit() -> None:
    assert read_limits({}, "tea.yaml") == {}


def test_refusals_of_the_table_name_file_cause_and_remedy() -> None:
    with pytest.raises(LawError) as caught:
        read_limits({"counting": RULES, "limits": [{"id": "tea"}]}, "tea.yaml")
    assert (caught.value.file, caught.value.cause) == ("tea.yaml", "time limit 'tea': 'amount' is missing")
    assert caught.value.remedy == "compare it with the other limits"
    with pytest.raises(LawError, match=r"time limit '\?': 'amount' is missing"):
        read_limits({"limits": [{}]}, "tea.yaml")


def test_refusals_of_a_question_carry_the_remedy() -> None:
    with pytest.raises(LawError) as caught:
        counted("decision", date(2026, 3, 2), 3)
    assert caught.value.remedy == "give the number of extensions that were granted"
    with pytest.raises(LawError) as caught:
        counted("decision", datetime(2026, 3, 2))  # noqa: DTZ001 - what is refused
    assert caught.value.remedy == "write it with +08:00"
    with pytest.raises(LawError) as caught:
        limit_of("tea")
    assert caught.value.remedy == f"one of {', '.join(sorted(load_limits()))}"


def test_the_steps_to_an_unknown_year_are_told() -> None:
    answer = counted("decision", date(2026, 12, 1))
    assert [step.zh for step in answer.steps] == ["2026-12-01（立案）当日不计，往后数 90 日"]
    assert answer.unknown
    assert answer.unknown.en == "no holiday table for 2027: add the State Council notice of that year"


def test_hours_ask_for_the_moment_and_tell_how_they_count() -> None:
    with pytest.raises(LawError) as caught:
        counted("transfer", date(2026, 3, 2))
    assert caught.value.remedy == "give the moment, with its time zone"
    (step,) = counted("transfer", datetime(2026, 3, 2, 9, tzinfo=CHINA)).steps
    assert step.en.startswith("2026-03-02 09:00 (")
    assert step.en.endswith(
        ") to 2026-03-03 09:00, Chinese time; the opening hour is counted, to be cautious"
    )
    assert counted("decision", date(2026, 12, 1)).limit == limit_of("decision")
