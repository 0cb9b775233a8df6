"""The shipped checks: each comparison joined with what its data file says of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from fairstream.checks import (
    DATA,
    ad_review,
    after_sale,
    ai_host,
    authorisation,
    class_claims,
    curves,
    display,
    display_seller,
    duties,
    food_dates,
    goods,
    host,
    label,
    numbers,
    price,
    price_compared,
    prize,
    reappearing,
    reviews,
    shelf,
    uscc,
)
from fairstream.checks.about import About, Outcome
from fairstream.checks.datafile import read_data
from fairstream.checks.scene import Scene
from fairstream.errors import RuleError

Compare = Callable[[Scene, About], Iterable[Outcome]]
COMPARISONS: Final[Mapping[str, Compare]] = {
    **uscc.CHECKS,
    **curves.CHECKS,
    **reviews.CHECKS,
    **shelf.CHECKS,
    **price_compared.CHECKS,
    **price.CHECKS,
    **numbers.CHECKS,
    **ad_review.CHECKS,
    **goods.CHECKS,
    **class_claims.CHECKS,
    **display.CHECKS,
    **reappearing.CHECKS,
    **display_seller.CHECKS,
    **duties.CHECKS,
    **ai_host.CHECKS,
    **host.CHECKS,
    **after_sale.CHECKS,
    **authorisation.CHECKS,
    **label.CHECKS,
    **food_dates.CHECKS,
    **prize.CHECKS,
}
"""The comparison of each check by its id."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check ready to run."""

    about: About
    compare: Compare

    def run(self, scene: Scene) -> Iterator[Outcome]:
        """Its outcomes for one broadcast, in the order it finds them."""
        yield from self.compare(scene, self.about)


@cache
def load_checks(folder: Path = DATA) -> tuple[Check, ...]:
    """All checks of a folder by id. RuleError names the file that does not fit."""
    checks = []
    for file in sorted(folder.rglob("*.yaml")):
        if not file.name.endswith((".cases.yaml", ".table.yaml")):
            about = read_about(file)
            if about.id != file.relative_to(folder).with_suffix("").as_posix():
                raise RuleError(f"the id is {about.id}", file=file, remedy="name the file after the id")
            if about.id not in COMPARISONS:
                raise RuleError(f"nothing compares for {about.id}", file=file, remedy="add it to COMPARISONS")
            checks.append(Check(about, COMPARISONS[about.id]))
    return tuple(checks)


def read_about(file: Path) -> About:
    """One data file. RuleError names file, line and key."""
    return read_data(file, TypeAdapter(About), "compare it with the other checks")
