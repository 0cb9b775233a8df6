"""Do the computed ranges contain the penalties that were published?

The articles are those the decision names; of the facts only the conduct and a day are known, amounts and
circumstances are not. So a range is wide, and how wide is printed beside the share.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final, Literal, get_args

from fairstream.errors import FormatError
from fairstream.evaluate.bench import numbered_rows, published_day
from fairstream.evaluate.metrics import Share
from fairstream.evaluate.printed import Placed, place, read_printed, short_title, statute_named
from fairstream.facts import Circumstances
from fairstream.law.collision import capacity
from fairstream.law.leniency import load_grounds
from fairstream.law.matter import Matter
from fairstream.law.resolve import Law
from fairstream.law.sanctions import Sanction, sanctions
from fairstream.records import Conduct

Outcome = Literal[
    "inside",
    "below: the decision cites a ground of leniency",
    "below: an amount the case does not tell (a multiple of it), or mitigation",
    "below: mitigation or facts the case does not tell",
    "above: the sum holds forfeited income",
    "above: several acts or firms, or facts the case does not tell",
    "open: no upper bound without the amount",
    "no fine in the data for the articles named",
    "a text older than those held",
    "a statute that is not held",
    "no article named",
]
"""What became of a case; all but the first three groups have no bounded range to compare."""
COMPARED: Final = tuple(name for name in get_args(Outcome) if name.startswith(("inside", "below", "above")))
_OLD_LENIENCY: Final = ("行政处罚法", "27")
"""Lighter punishment in the penalty law before 2021-07-15, whose text is not held; today's is article 32."""


@dataclass(frozen=True, slots=True)
class PenalisedCase:
    """A decided case: what was punished, under which articles as printed, with how many fen."""

    id: str
    conduct: Conduct
    conduct_also: tuple[Conduct, ...]
    published: date | None
    printed: tuple[str, ...]
    penalty_fen: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A case beside its computed range in fen; None where nothing could be computed."""

    id: str
    outcome: Outcome
    low_fen: int | None = None
    high_fen: int | None = None
    provision: str = ""
    penalty_fen: int = 0
    ordinary: tuple[int, int] | None = None
    """The range with the heavier brackets excluded."""
    provisional: bool = False
    """Whether the range leaves out a multiple of an amount the case does not tell."""

    @property
    def inside_ordinary(self) -> bool:
        """Whether the penalty lies in the ordinary range."""
        return self.ordinary is not None and self.ordinary[0] <= self.penalty_fen <= self.ordinary[1]


@dataclass(frozen=True, slots=True)
class Penalties:
    """All cases judged; `loose` are those that name a statute without an article, judged by their conduct."""

    cases: tuple[Judged, ...]
    loose: tuple[Judged, ...] = ()

    @property
    def compared(self) -> tuple[Judged, ...]:
        """The cases with a bounded range."""
        return tuple(case for case in self.cases if case.outcome in COMPARED)

    @property
    def inside(self) -> Share:
        """Penalties inside the computed range."""
        return Share.of(case.outcome == "inside" for case in self.compared)

    @property
    def inside_ordinary(self) -> Share:
        """Penalties inside the range when the heavier brackets, not established, are excluded."""
        return Share.of(case.inside_ordinary for case in self.compared)

    @property
    def inside_firm(self) -> Share:
        """Penalties inside the range, where it rests on no unknown amount."""
        return Share.of(case.outcome == "inside" for case in self.compared if not case.provisional)

    @property
    def inside_loose(self) -> Share:
        """Penalties inside the range where only the statute and the conduct are known."""
        return Share.of(case.outcome == "inside" for case in self.loose if case.outcome in COMPARED)

    @property
    def widths(self) -> tuple[float, ...]:
        """Highest by lowest fine of every bounded range with a lowest fine."""
        pairs = ((case.low_fen, case.high_fen) for case in self.compared)
        return tuple(high / low for low, high in pairs if low and high)

    @property
    def without_minimum(self) -> Share:
        """Ranges without a lowest fine, of which no width can be told."""
        return Share.of(not case.low_fen for case in self.compared)

    @property
    def ordinary_widths(self) -> tuple[float, ...]:
        """The widths with the heavier brackets excluded."""
        pairs = (case.ordinary for case in self.compared if case.ordinary)
        return tuple(high / low for low, high in pairs if low)

    def lines(self) -> Iterator[str]:
        """The figures in words."""
        yield "Published penalties inside the computed range (amounts unknown)"
        yield f"  {'all branches not excluded':36} {self.inside}"
        yield f"  {'heavier brackets excluded':36} {self.inside_ordinary}"
        yield f"  {'resting on no unknown amount':36} {self.inside_firm}"
        yield f"  {'statute and conduct known only':36} {self.inside_loose}"
        yield f"  {'ranges without a minimum':36} {self.without_minimum}"
        for name, widths in (
            ("median high/low", self.widths),
            ("the same, heavier excluded", self.ordinary_widths),
        ):
            if widths:
                yield f"  {name:36} {median(widths):.1f} ({len(widths)} ranges)"
        for outcome, count in Counter(case.outcome for case in self.cases).most_common():
            yield f"  {count:4}  {outcome}"

    def section(self) -> str:
        """The figures as a section of the quality page."""
        title, *rows = self.lines()
        return f"\n## {title}\n\n" + "\n".join(f"    {row.strip()}" for row in rows) + "\n"

    def as_json(self) -> dict[str, object]:
        """Everything as plain data."""
        return {
            "inside": self.inside.as_json(),
            "inside_ordinary": self.inside_ordinary.as_json(),
            "inside_firm": self.inside_firm.as_json(),
            "inside_loose": self.inside_loose.as_json(),
            "without_minimum": self.without_minimum.as_json(),
            "median_width": median(self.widths) if self.widths else None,
            "median_width_ordinary": median(self.ordinary_widths) if self.ordinary_widths else None,
            "outcomes": dict(Counter(case.outcome for case in self.cases)),
            "cases": [
                {
                    "id": case.id,
                    "outcome": case.outcome,
                    "provision": case.provision,
                    "low_fen": case.low_fen,
                    "high_fen": case.high_fen,
                    "penalty_fen": case.penalty_fen,
                }
                for case in self.cases
            ],
        }


def read_penalised(path: Path) -> list[PenalisedCase]:
    """Decided cases with a penalty of a JSON-lines file. Raises `FormatError` with file and line."""
    conducts: dict[str, Conduct] = {name: name for name in get_args(Conduct)}
    cases = []
    for number, row in numbered_rows(path, ("id", "conduct")):
        if row.get("status") != "decided" or not row.get("penalty_cny"):
            continue
        named = (row["conduct"], *(row.get("conduct_also") or ()))
        if not set(named) <= set(conducts):
            raise FormatError(
                f"unknown conduct {', '.join(sorted(set(named) - set(conducts)))}",
                file=path,
                line=number,
                remedy="use the codes of the product",
            )
        cases.append(
            PenalisedCase(
                row["id"],
                conducts[named[0]],
                tuple(conducts[name] for name in named[1:]),
                published_day(row.get("published")),
                tuple(row.get("law_articles") or ()),
                round(row["penalty_cny"] * 100),
                tuple(row.get("measures") or ()),
            )
        )
    return cases


def measure_penalties(cases: Sequence[PenalisedCase], law: Law) -> Penalties:
    """Compare every case with the range the law data gives for its articles."""
    loose = (_judge_loosely(case, law) for case in cases)
    return Penalties(tuple(_judge(case, law) for case in cases), tuple(case for case in loose if case))


def _judge(case: PenalisedCase, law: Law) -> Judged:
    if not any(read_printed(text) for text in case.printed):
        return Judged(case.id, "no article named")
    conducts = frozenset((case.conduct, *case.conduct_also))
    placed = place(case.printed, conducts, case.published or law.as_of, law)
    found = _sanction(case, placed, law, Circumstances())
    if found is None:
        return Judged(case.id, _nothing(placed))
    narrow = _sanction(case, placed, law, Circumstances(serious=False, first_offence=True))
    return _compared(case, placed, found, narrow)


def _judge_loosely(case: PenalisedCase, law: Law) -> Judged | None:
    """A case that names a statute and no article; None for every other."""
    if any(read_printed(text) for text in case.printed):
        return None
    families = {family.id for text in case.printed if (family := statute_named(text, law))}
    day = case.published or law.as_of
    found = [
        item
        for item in sanctions(Matter(case.conduct, day, (), case.conduct_also), law)
        if item.applied.penalty.reference.family in families and _comparable(item)
    ]
    if not found:
        return None
    return _compared(case, Placed((), day, (), ()), max(found, key=_height), None)


def _compared(case: PenalisedCase, placed: Placed, found: Sanction, narrow: Sanction | None) -> Judged:
    low, high, provision = found.low_fen, found.high_fen, found.provision.en
    if low is None or high is None:
        return Judged(
            case.id, "open: no upper bound without the amount", low, high, provision, case.penalty_fen
        )
    ordinary = (narrow.low_fen, narrow.high_fen) if narrow else (None, None)
    return Judged(
        case.id,
        _outcome(case, placed, found, low, high),
        low,
        high,
        provision,
        case.penalty_fen,
        None if ordinary[0] is None or ordinary[1] is None else (ordinary[0], ordinary[1]),
        found.provisional,
    )


def _sanction(case: PenalisedCase, placed: Placed, law: Law, circumstances: Circumstances) -> Sanction | None:
    """The sanction to compare with: of the provision the decision punishes under, else the highest found."""
    matter = Matter(case.conduct, placed.on, placed.articles, case.conduct_also, circumstances=circumstances)
    if not placed.articles:
        return None
    found = [item for item in sanctions(matter, law) if item.by == "article" and _comparable(item)]
    punishing = [item for item in found if _names(placed, str(item.applied.penalty.reference))]
    return max(punishing or found, key=_height, default=None)


def _comparable(item: Sanction) -> bool:
    return capacity(item.applied.penalty.who) in ("principal", "ad_media") and item.holding != "not_held"


def _height(item: Sanction) -> tuple[bool, int, int]:
    principal = capacity(item.applied.penalty.who) == "principal"
    return principal, item.high_fen or 0, item.low_fen or 0


def _nothing(placed: Placed) -> Outcome:
    if placed.articles:
        return "no fine in the data for the articles named"
    return "a text older than those held" if placed.older else "a statute that is not held"


def _outcome(case: PenalisedCase, placed: Placed, found: Sanction, low: int, high: int) -> Outcome:
    if low <= case.penalty_fen <= high:
        return "inside"
    if case.penalty_fen > high:
        if "confiscate" in case.measures:
            return "above: the sum holds forfeited income"
        return "above: several acts or firms, or facts the case does not tell"
    if _lenient(case, placed):
        return "below: the decision cites a ground of leniency"
    if found.provisional:
        return "below: an amount the case does not tell (a multiple of it), or mitigation"
    return "below: mitigation or facts the case does not tell"


def _lenient(case: PenalisedCase, placed: Placed) -> bool:
    """Whether the decision names a ground of leniency, in today's law or in the old penalty law."""
    grounds = {_article(citation) for ground in load_grounds() for citation in ground.rule.cites}
    if grounds & {_article(citation) for citation in placed.articles}:
        return True
    old = (read_printed(text) for text in case.printed)
    return any(item and (short_title(item.title), item.article) == _OLD_LENIENCY for item in old)


def _names(placed: Placed, provision: str) -> bool:
    """Whether the decision names the provision; a number without its paragraph names them all."""
    return any(
        _article(citation) == _article(provision)
        and (citation.startswith(provision) or provision.startswith(citation))
        for citation in placed.articles
    )


def _article(citation: str) -> str:
    return citation.partition("(")[0]
