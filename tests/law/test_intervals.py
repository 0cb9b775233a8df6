"""Intervals of the data against what an invented text says of itself."""

from collections.abc import Mapping
from datetime import date

import pytest

from fairstream.law.instruments import Version
from fairstream.law.intervals import Finding, check_version
from fairstream.law.texts import OfficialText, TextArticle

AS_OF = date(2026, 11, 22)
TITLE = {"zh": "海草茶法（虚构）", "en": "Seaweed Tea Law (invented)"}


def found(
    front: Mapping[str, object],
    since: str = "2024-07-01",
    until: str | None = None,
    words: str = "海草茶要好喝。",
    complete: bool = True,
    certain_from: date | None = None,
) -> list[tuple[str, str]]:
    """What disagrees, as (cause, remedy)."""
    version = Version(
        "tea",
        TITLE,
        date.fromisoformat(since),
        date.fromisoformat(until) if until else None,
        complete,
        certain_from,
    )
    text = OfficialText("tea", "茶", "tea.md", {"1": TextArticle("1", words, 1)}, front)
    findings = list(check_version(version, text, AS_OF))
    assert all(isinstance(item, Finding) for item in findings)
    return [(item.cause, item.remedy) for item in findings]


FROM = {"version": "effective 2024-07-01"}


def test_a_title_is_compared_with_the_chinese_one() -> None:
    assert found({**FROM, "title_zh": "海草茶法（虚构）"}) == []
    assert found({**FROM, "title_zh": "另一部法"}) == [("the text is called 另一部法", "correct the title")]
    assert found({**FROM, "title_zh": ""}) == []


@pytest.mark.parametrize(
    ("stated", "complete", "agrees"),
    [
        ("yes", True, True),
        ("YES", True, True),
        (True, True, True),
        ("true", True, True),
        ("no", True, False),
        (False, True, False),
        ("yes", False, False),
        (True, False, False),
        ("no", False, True),
    ],
)
def test_completeness_agrees_or_is_told(stated: object, complete: bool, agrees: bool) -> None:
    told = [(f"the text says complete: {stated}", "correct complete")]
    assert found({**FROM, "complete": stated}, complete=complete) == ([] if agrees else told)


def test_without_a_word_on_completeness_nothing_is_compared() -> None:
    assert found(FROM, complete=False) == []


@pytest.mark.parametrize(
    ("stated", "note", "since", "day"),
    [
        ("effective 2024-07-01", "", "2024-07-01", None),
        ("effective 2024-07-01", "", "2024-07-02", "2024-07-01"),
        ("effective 2024-07-01", "", "2024-06-30", "2024-07-01"),
        ("effective 2020-01-01, effective 2024-07-01", "", "2024-07-01", None),
        ("effective 2020-01-01, effective 2024-07-01", "", "2020-01-01", "2024-07-01"),
        ("effective 2024-07-01, corrected 2024-09-01", "", "2024-09-01", None),
        ("adopted 2024-03-01, effective 2024-07-01", "", "2024-03-01", "2024-07-01"),
        ("effective 2024-07-01", "amended 2025-05-05", "2025-05-05", None),
        ("effective 2024-07-01", "amended 2025-05-05", "2025-05-06", "2024-07-01"),
    ],
)
def test_the_first_day_is_the_last_effective_day_or_a_later_one_named(
    stated: str, note: str, since: str, day: str | None
) -> None:
    told = [] if day is None else [(f"from is {since}, the text says effective {day}", "correct from")]
    assert found({"version": stated, "note": note}, since) == told


@pytest.mark.parametrize(
    ("front", "words", "since", "named"),
    [
        ({"version": "published 2024-07-01"}, "茶。", "2024-07-01", True),
        ({"note": "known since 2024-07-01"}, "茶。", "2024-07-01", True),
        ({}, "本法自2024年7月1日起施行。", "2024-07-01", True),
        ({}, "本法自2024年11月21日起施行。", "2024-11-21", True),
        ({"version": "published 2024-07-01"}, "茶。", "2024-07-02", False),
        ({"version": "2024-07-01"}, "本法自2024年8月1日起施行。", "2024-08-01", True),
        ({}, "茶。", "2024-07-01", False),
    ],
)
def test_without_an_effective_day_the_text_must_name_the_first(
    front: dict[str, object], words: str, since: str, named: bool
) -> None:
    told = (
        f"from is {since}, a day the text does not name",
        "take the day from the text, or mark it with certain_from",
    )
    assert found(front, since, words=words) == ([] if named else [told])
    assert found(front, since, words=words, certain_from=date(2025, 1, 1)) == []


@pytest.mark.parametrize(
    ("stated", "until", "cause"),
    [
        ("replaced on 2025-01-01", "2025-01-01", None),
        ("replaced on 2025-01-01", "2025-01-02", "until is 2025-01-02, the text was replaced on 2025-01-01"),
        ("replaced on 2025-01-01", None, "until is None, the text was replaced on 2025-01-01"),
        ("in force until 2024-12-31", "2025-01-01", None),
        (
            "in force until 2024-12-31",
            "2024-12-31",
            "until is 2024-12-31, the text's last day is 2024-12-31",
        ),
        ("in force until 2024-12-31", None, "until is None, the text's last day is 2024-12-31"),
    ],
)
def test_the_day_it_ended_is_compared(stated: str, until: str | None, cause: str | None) -> None:
    told = [] if cause is None else [(cause, "correct until")]
    assert found({"version": f"effective 2024-07-01; {stated}"}, until=until) == told


@pytest.mark.parametrize(
    ("status", "since", "until", "agrees"),
    [
        ("yes", "2024-07-01", None, True),
        ("YES", "2024-07-01", None, True),
        ("yes", "2024-07-01", "2026-11-22", False),
        ("yes", "2024-07-01", "2026-11-23", True),
        (True, "2024-07-01", None, True),
        (True, "2024-07-01", "2026-11-22", False),
        ("superseded", "2024-07-01", "2026-11-22", True),
        ("superseded", "2024-07-01", "2026-11-23", False),
        ("superseded", "2024-07-01", None, False),
        ("not-yet", "2026-11-23", None, True),
        ("not-yet", "2026-11-22", None, False),
        ("whoever knows", "2026-11-22", None, True),
        ("", "2024-07-01", "2025-01-01", True),
    ],
)
def test_being_in_force_is_compared_on_the_day_of_the_data(
    status: object, since: str, until: str | None, agrees: bool
) -> None:
    cause = f"the text says in_force: {str(status).lower()}, the interval says otherwise"
    assert found({"version": f"effective {since}", "in_force": status}, since, until) == (
        [] if agrees else [(cause, "correct the interval")]
    )


def test_all_disagreements_are_told_at_once() -> None:
    front = {
        "title_zh": "别的法",
        "complete": "no",
        "version": "effective 2024-01-01; replaced by another on 2025-01-01",
        "in_force": "yes",
    }
    assert [cause.split()[0] for cause, _ in found(front, until="2025-02-01")] == [
        "the",
        "the",
        "from",
        "until",
        "the",
    ]
