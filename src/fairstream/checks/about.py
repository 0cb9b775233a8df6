"""What a check is, as data: its title, law, limits and sentences; and the outcomes it yields.

One file `data/<family>/<name>.yaml` per check, `<name>.cases.yaml` beside it. The words stand in the data,
the comparison in the Python file named after the family.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from fairstream.records import Conduct, PartyRole, Place, Severity, Side, Words
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual

Verdict = Literal["suspected", "clear", "undecidable"]
VERDICTS: tuple[Verdict, ...] = ("suspected", "clear", "undecidable")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says of one subject: suspected, clear, or undecidable because facts are missing.

    `reason` is the code of the sentence `why`; `subject` names what was checked (a listing, an order).
    `said` and `known` are the two sides; `missing` names fields of `Facts` without which nothing can be said.
    `liable` replaces the roles of the check when not empty.
    """

    check: str
    verdict: Verdict
    reason: str
    why: Words
    subject: str = ""
    listing_id: str | None = None
    said: tuple[Side, ...] = ()
    known: tuple[Side, ...] = ()
    missing: tuple[str, ...] = ()
    liable: tuple[PartyRole, ...] = ()
    cites: tuple[str, ...] = ()


class About(Strict):
    """Everything about a check that is not its comparison.

    `needs` are fields of `Facts` (or of `Broadcast`); `says` the sentences by their code, with `{names}`
    to be filled in; `limits` the numbers the comparison uses. `lead` marks a check that alone proves nothing.
    `unverified` repeats the doubt of a source, in words, and is shown with every outcome.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    title: Bilingual
    conduct: Conduct
    conduct_also: list[Conduct] = []
    severity: Severity
    confidence: float = Field(default=0.8, gt=0, le=1)
    cites: list[str] = Field(min_length=1)
    liable: list[PartyRole] = Field(min_length=1)
    needs: list[str] = []
    says: dict[str, Bilingual]
    limits: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    proof_needed: list[Bilingual] = Field(min_length=1)
    explain: Bilingual
    errs_when: list[str] = []
    lead: bool = False
    unverified: Bilingual | None = None
    since: date

    def suspected(
        self,
        reason: str,
        *,
        subject: str = "",
        listing_id: str | None = None,
        said: tuple[Side, ...] = (),
        known: tuple[Side, ...] = (),
        liable: tuple[PartyRole, ...] = (),
        cites: tuple[str, ...] = (),
        **filling: object,
    ) -> Outcome:
        """A suspected violation: both sides contradict each other, or a fact contradicts the law."""
        why = self.sentence(reason, filling)
        return Outcome(self.id, "suspected", reason, why, subject, listing_id, said, known, (), liable, cites)

    def clear(
        self,
        reason: str,
        *,
        subject: str = "",
        listing_id: str | None = None,
        said: tuple[Side, ...] = (),
        known: tuple[Side, ...] = (),
        **filling: object,
    ) -> Outcome:
        """Both sides agree, or the law allows it."""
        return Outcome(
            self.id, "clear", reason, self.sentence(reason, filling), subject, listing_id, said, known
        )

    def undecidable(
        self,
        reason: str,
        *missing: str,
        subject: str = "",
        listing_id: str | None = None,
        said: tuple[Side, ...] = (),
        known: tuple[Side, ...] = (),
        **filling: object,
    ) -> Outcome:
        """Nothing can be said; `missing` names the fields of `Facts` that would be needed."""
        why = self.sentence(reason, filling)
        return Outcome(self.id, "undecidable", reason, why, subject, listing_id, said, known, missing)

    def sentence(self, reason: str, filling: dict[str, object]) -> Words:
        """The sentence of a code in both languages; `Words` among the filling give their own language."""
        said = self.says[reason]
        return Words(
            said.zh.format(**{name: _in(value, "zh") for name, value in filling.items()}),
            said.en.format(**{name: _in(value, "en") for name, value in filling.items()}),
        )


def _in(value: object, language: str) -> object:
    return getattr(value, language) if isinstance(value, Words) else value


def fact(name: str, text: Words | str, record: object = None) -> Side:
    """A side that a fact tells; `name` is the field of `Facts`, `record` the entry with its place."""
    words = text if isinstance(text, Words) else Words(text, text)
    place: Place | None = getattr(record, "place", None)
    return Side(text=words, fact=name, place=place)
