"""Families of versions: what the data may say, what follows from it, and how it is refused."""

from datetime import date
from typing import Any, get_args

import pytest

from fairstream.errors import LawError
from fairstream.law.instruments import (
    KIND_TITLES,
    Concordance,
    Family,
    Kind,
    Version,
    read_family,
)

AS_OF = date(2026, 11, 22)
TITLE = {"zh": "海草茶法（虚构）", "en": "Seaweed Tea Law (invented)"}
REMEDY = "give id, title {zh, en}, issuer, kind and versions with slug and from"


def entry(*versions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A data entry of the invented statute."""
    held = versions or ({"slug": "tea-1", "from": "2024-07-01"},)
    data = {"id": "tea", "title": TITLE, "issuer": "虚构机关", "kind": "law", "versions": list(held)}
    return {**data, **keys}


def read(*versions: dict[str, Any], **keys: Any) -> Family:
    """The family of such an entry."""
    return read_family(entry(*versions, **keys), AS_OF, "tea.yaml")


OLD = {"slug": "tea-1", "from": "2020-01-01", "until": "2024-07-01"}
NEW = {"slug": "tea-2", "from": "2024-07-01"}


def test_the_least_a_statute_needs() -> None:
    assert read() == Family(
        id="tea",
        title=TITLE,
        issuer="虚构机关",
        kind="law",
        versions=(Version("tea-1", TITLE, date(2024, 7, 1)),),
        reference="tea-1",
    )
    version = read().versions[0]
    assert (version.until, version.complete, version.certain_from, version.certain_until, version.note) == (
        None,
        True,
        None,
        None,
        {},
    )


def test_the_most_a_version_can_say() -> None:
    family = read(
        {
            "slug": "tea-1",
            "title": {"zh": "旧", "en": "old"},
            "from": date(2020, 1, 1),
            "until": "2026-12-31",
            "complete": False,
            "certain_from": "2020-03-01",
            "certain_until": date(2026, 1, 1),
            "note": {"zh": "注", "en": "note"},
        },
        reference="tea-1",
        concordance={"tea-1": {"articles": {3: 2, "4(1)": "9"}, "otherwise": "none"}, "tea-0": {}},
        changed=[3, "4"],
    )
    assert family.versions == (
        Version(
            "tea-1",
            {"zh": "旧", "en": "old"},
            date(2020, 1, 1),
            date(2026, 12, 31),
            False,
            date(2020, 3, 1),
            date(2026, 1, 1),
            {"zh": "注", "en": "note"},
        ),
    )
    assert family.concordances == {
        "tea-1": Concordance({"3": "2", "4(1)": "9"}, "none"),
        "tea-0": Concordance({}, "same"),
    }
    assert family.changed == frozenset({"3", "4"})


def test_versions_stand_in_the_order_of_time() -> None:
    family = read(NEW, OLD)
    assert [version.slug for version in family.versions] == ["tea-1", "tea-2"]
    assert [version.title for version in family.versions] == [TITLE, TITLE]


@pytest.mark.parametrize(
    ("as_of", "keys", "reference"),
    [
        (date(2026, 1, 1), {}, "tea-2"),
        (date(2024, 7, 1), {}, "tea-2"),
        (date(2024, 6, 30), {}, "tea-1"),
        (date(2019, 1, 1), {}, "tea-2"),
        (date(2026, 1, 1), {"reference": "tea-1"}, "tea-1"),
    ],
)
def test_rules_cite_the_version_in_force_unless_another_is_named(
    as_of: date, keys: dict[str, Any], reference: str
) -> None:
    assert read_family(entry(OLD, NEW, **keys), as_of, "tea.yaml").reference == reference


def test_a_version_is_in_force_from_its_first_day_up_to_its_end() -> None:
    old, new = read(OLD, NEW).versions
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2024, 6, 30), date(2024, 7, 1)]
    assert [old.in_force(day) for day in days] == [False, True, True, False]
    assert [new.in_force(day) for day in days] == [False, False, False, True]


def test_a_family_finds_versions_by_day_and_by_slug() -> None:
    family = read(OLD, NEW)
    old, new = family.versions
    assert family.version_on(date(2019, 12, 31)) is None
    assert family.version_on(date(2024, 6, 30)) == old
    assert family.version_on(date(2024, 7, 1)) == new
    assert (family.version("tea-1"), family.version("tea-2"), family.version("tea-3")) == (old, new, None)


def test_doubt_begins_and_ends_on_the_days_named() -> None:
    version = Version("t", TITLE, date(2020, 1, 1), None, True, date(2020, 3, 1), date(2021, 3, 1))
    days = [date(2020, 2, 29), date(2020, 3, 1), date(2021, 2, 28), date(2021, 3, 1)]
    assert [version.doubtful(day) for day in days] == [True, False, False, True]
    late = Version("t", TITLE, date(2020, 1, 1), certain_until=date(2021, 3, 1))
    assert [late.doubtful(day) for day in days] == [False, False, False, True]
    early = Version("t", TITLE, date(2020, 1, 1), certain_from=date(2020, 3, 1))
    assert [early.doubtful(day) for day in days] == [True, False, False, False]
    assert not Version("t", TITLE, date(2020, 1, 1)).doubtful(days[0])


def test_doubt_between_two_texts_touches_only_what_they_word_differently() -> None:
    doubt = {**OLD, "certain_until": "2024-01-01"}
    family = read(doubt, NEW, changed=["3"])
    old, new = family.versions
    day = date(2024, 1, 1)
    assert family.doubtful(old, "3", day)
    assert not family.doubtful(old, "4", day)
    assert not family.doubtful(old, "3", date(2023, 12, 31))
    assert not family.doubtful(new, "3", day)
    alone = read(doubt)
    assert alone.doubtful(alone.versions[0], "4", day)


def test_a_concordance_gives_the_number_of_the_version() -> None:
    family = read(OLD, NEW, concordance={"tea-1": {"otherwise": "none", "articles": {"3": "2", "3(5)": "8"}}})
    old, new = family.versions
    assert family.article_in(old, "3") == "2"
    assert family.article_in(old, "3", "(5)") == "8"
    assert family.article_in(old, "3", "(1)") == "2"
    assert family.article_in(old, "4") is None
    assert family.article_in(new, "4") == "4"
    assert Concordance({"3": "2"}).number("4") == "4"
    assert Concordance({"3": "2"}).number("3", "(1)") == "2"
    assert Concordance({"3": "2"}, "none").number("4") is None


def refusal(data: dict[str, Any]) -> tuple[str, str | None, int | None, str | None]:
    """How an entry is refused: cause, file, line, remedy."""
    with pytest.raises(LawError) as caught:
        read_family(data, AS_OF, "tea.yaml")
    error = caught.value
    return error.cause, error.file, error.line, error.remedy


@pytest.mark.parametrize("key", ["title", "versions", "kind", "issuer", "id"])
def test_a_missing_key_is_named(key: str) -> None:
    data = entry()
    del data[key]
    name = "'?'" if key == "id" else "'tea'"
    assert refusal(data) == (f"statute {name}: '{key}' is missing", "tea.yaml", None, REMEDY)


@pytest.mark.parametrize("key", ["slug", "from"])
def test_a_missing_key_of_a_version_is_named(key: str) -> None:
    data = entry()
    del data["versions"][0][key]
    assert refusal(data) == (f"statute 'tea': '{key}' is missing", "tea.yaml", None, REMEDY)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (entry(kind="ukase"), "unknown kind 'ukase'"),
        (entry(concordance={"a": {"otherwise": "maybe"}}), "otherwise is 'maybe', not same or none"),
        (entry({"slug": "a", "from": "soon"}), "Invalid isoformat string: 'soon'"),
        (entry({"slug": "a", "from": 5}), "fromisoformat: argument must be str"),
        (entry({"slug": "a", "from": "2020-01-01", "until": "x"}), "Invalid isoformat string: 'x'"),
        (entry({"slug": "a", "from": "2020-01-01", "certain_from": "y"}), "Invalid isoformat string: 'y'"),
        (entry({"slug": "a", "from": "2020-01-01", "certain_until": "z"}), "Invalid isoformat string: 'z'"),
    ],
    ids=["kind", "otherwise", "from", "from-number", "until", "certain-from", "certain-until"],
)
def test_a_wrong_value_is_named(data: dict[str, Any], cause: str) -> None:
    assert refusal(data) == (f"statute 'tea': {cause}", "tea.yaml", None, REMEDY)


@pytest.mark.parametrize("until", [None, "2024-07-02"])
def test_versions_must_not_overlap(until: str | None) -> None:
    assert refusal(entry({**OLD, "until": until}, NEW)) == (
        "versions tea-1 and tea-2 of 'tea' overlap",
        "tea.yaml",
        None,
        "end the earlier version on the day the later one takes effect",
    )


def test_a_gap_between_versions_is_allowed() -> None:
    assert len(read({**OLD, "until": "2024-06-30"}, NEW).versions) == 2


def test_the_third_version_is_compared_with_the_second() -> None:
    third = {"slug": "tea-3", "from": "2025-01-01"}
    assert refusal(entry(OLD, NEW, third))[0] == "versions tea-2 and tea-3 of 'tea' overlap"
    assert len(read(OLD, {**NEW, "until": "2025-01-01"}, third).versions) == 3


@pytest.mark.parametrize("until", ["2024-07-01", "2024-06-30"])
def test_a_version_must_last_a_day(until: str) -> None:
    assert refusal(entry({**NEW, "until": until})) == (
        "version tea-2 ends before it begins",
        "tea.yaml",
        None,
        "correct from or until",
    )
    assert read({**NEW, "until": "2024-07-02"}).versions[0].until == date(2024, 7, 2)


def test_every_kind_has_a_title_in_both_languages() -> None:
    assert set(KIND_TITLES) == set(get_args(Kind))
    assert {kind for kind in get_args(Kind) if read(kind=kind).kind == kind} == set(KIND_TITLES)
