"""Citations of rules resolved for a day: what is in force, what is named as missing, and asked only once."""

from datetime import date

import pytest

from fairstream.law.citing import Citer
from fairstream.records import Citation, Language, ProductClass

from . import made_up

TEA = made_up.tea_law()
BEFORE, EARLY, LATE = date(2020, 1, 9), date(2024, 6, 30), date(2024, 7, 1)


class Counted:
    """The invented law, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, date, Language]] = []

    def resolve(self, citation: str, on: date, language: Language = "zh") -> Citation:
        self.asked.append((citation, on, language))
        return TEA.resolve(citation, on, language)

    def speaks_of(self, citation: str, product_class: ProductClass) -> bool:
        return TEA.speaks_of(citation, product_class)


def test_articles_are_those_of_the_day_in_the_language() -> None:
    citer = Citer(TEA)
    (old,), nothing = citer.cited(["seaweed-tea-law#3"], EARLY, "zh")
    assert (old.article, old.version, old.title) == ("2", "seaweed-tea-law-2020", "海草茶法（2020年，虚构）")
    assert nothing == ()
    (new,), nothing = citer.cited(["seaweed-tea-law#3"], LATE, "en")
    assert (new.article, new.version) == ("3", "seaweed-tea-law-2024")
    assert (new.title, new.gist) == ("Seaweed Tea Law (2024, invented)", "no singing or dancing claims")
    assert nothing == ()


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("zh", "以下依据在2024-06-30没有可引用的现行文本，未引用：seaweed-tea-law#2、rum-law#7。"),
        ("en", "No text in force on 2024-06-30 is held for seaweed-tea-law#2, rum-law#7; not cited."),
    ],
)
def test_what_is_not_in_force_is_named_and_the_rest_is_cited(language: Language, note: str) -> None:
    cites = ["seaweed-tea-law#2", "seaweed-tea-law#1", "rum-law#7", "seaweed-tea-law#3"]
    found, notes = Citer(TEA).cited(cites, EARLY, language)
    assert [item.article for item in found] == ["1", "2"]
    assert notes == (note,)


def test_nothing_cited_is_nothing_found() -> None:
    assert Citer(TEA).cited([], EARLY, "zh") == ((), ())


def test_each_citation_is_asked_once_for_a_day_and_language() -> None:
    law = Counted()
    citer = Citer(law)
    for _ in range(3):
        citer.cited(["seaweed-tea-law#3", "seaweed-tea-law#3", "rum-law#7"], LATE, "zh")
    assert law.asked == [("seaweed-tea-law#3", LATE, "zh"), ("rum-law#7", LATE, "zh")]
    citer.cited(["seaweed-tea-law#3"], LATE, "en")
    found, notes = citer.cited(["seaweed-tea-law#3"], BEFORE, "zh")
    assert (found, len(notes)) == ((), 1)
    assert law.asked[2:] == [("seaweed-tea-law#3", LATE, "en"), ("seaweed-tea-law#3", BEFORE, "zh")]
