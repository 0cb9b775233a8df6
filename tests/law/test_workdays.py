"""The table of working days: the user's own file, and what a year's entry is refused for."""

from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.law import workdays
from fairstream.law.workdays import WorkCalendar, Year, load_calendar, own_tables, read_years


def test_a_year_is_read_day_by_day() -> None:
    entry = {"rest": [["2027-01-01", "2027-01-03"]], "work": ["2027-01-09"], "notice": "某通知"}
    assert read_years({"holidays": {"2027": entry, "2028": {"rest": [], "work": []}}}, Path("own.yaml")) == {
        2027: Year(
            frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}),
            frozenset({date(2027, 1, 9)}),
            "某通知",
        ),
        2028: Year(frozenset(), frozenset(), ""),
    }
    assert read_years({}, Path("own.yaml")) == {}
    assert read_years({"holidays": None}, Path("own.yaml")) == {}


def test_a_month_off_is_the_longest_stretch() -> None:
    entry = {"rest": [["2027-03-01", "2027-03-31"]], "work": []}
    assert len(read_years({"holidays": {"2027": entry}}, Path("own.yaml"))[2027].rest) == 31
    with pytest.raises(LawError, match="2027-03-01 to 2027-04-01 is no stretch of days off"):
        read_years(
            {"holidays": {"2027": {"rest": [["2027-03-01", "2027-04-01"]], "work": []}}}, Path("own.yaml")
        )


def test_a_refusal_names_year_file_and_remedy() -> None:
    with pytest.raises(LawError) as caught:
        read_years({"holidays": {"2027": {"rest": []}}}, Path("own.yaml"))
    assert (caught.value.cause, caught.value.file) == ("holidays of 2027: 'work'", "own.yaml")
    assert caught.value.remedy == ("give rest: [[first day, last day], …] and work: [day, …] as YYYY-MM-DD")
    with pytest.raises(LawError, match="holidays of next"):
        read_years({"holidays": {"next": {"rest": [], "work": []}}}, Path("own.yaml"))


def test_weekends_are_off_and_other_days_worked_save_what_the_notice_says() -> None:
    year = Year(frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 2)}))
    calendar = WorkCalendar({2027: year})
    worked = [day for day in range(1, 11) if calendar.is_worked(date(2027, 1, day))]
    assert worked == [2, 4, 5, 6, 7, 8]
    assert calendar.is_worked(date(2026, 12, 31)) is None


def test_the_users_own_table_counts_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def folder(name: str) -> Path:
        asked.append(name)
        return tmp_path

    monkeypatch.setattr(workdays, "user_data_path", folder)
    assert own_tables() == ()
    (tmp_path / "holidays.yaml").mkdir()
    assert own_tables() == ()
    (tmp_path / "holidays.yaml").rmdir()
    (tmp_path / "holidays.yaml").write_text("holidays: {}\n")
    assert own_tables() == (tmp_path / "holidays.yaml",)
    assert asked == ["fairstream"] * 3


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LawError) as caught:
        load_calendar(tmp_path / "none.yaml")
    assert caught.value.cause == "cannot be read: No such file or directory"
    assert caught.value.file == str(tmp_path / "none.yaml")
    assert caught.value.remedy == "name a holiday table (YAML)"
