"""Whether a case is to be transferred to the police: crimes, their elements and amounts (in fen).

The amounts stand in `penalties.yaml` (nature ``crime_threshold``), the elements in `crimes.yaml`. A transfer
is due when elements and amount are met; an unknown one leaves it open, for rights of intellectual property
with the note that reasonable suspicion suffices. A transfer is proposed; the head of the authority approves
it. Sources: transfer-of-suspected-crime-provisions 3, 5, 11; criminal-law; the interpretations each crime
cites. Filing standards whose text is not held (2022) have no effect; figures from them are marked unverified.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fairstream.law.answering import Case, if_found, in_force, proposed, reasons, repeated, single_changes
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.questions import Rule, Truth, document, every, holding, read_rule, some, words
from fairstream.law.resolve import Law
from fairstream.law.thresholds import Limit, as_ground, in_words, limits, times_reached
from fairstream.law.wording import yuan
from fairstream.records import Conduct, ProductClass, Words

DATA: Final = "crimes.yaml"


@dataclass(frozen=True, slots=True)
class Hint:
    """A figure of a filing standard whose text is not held: an amount of fen, or a number of penalties."""

    base: str = ""
    at_least: int = 0
    penalties: int = 0


@dataclass(frozen=True, slots=True)
class Crime:
    """A crime: the rule of its elements, what raises it, and the ids of its amounts in the penalty table."""

    rule: Rule
    conduct: tuple[Conduct, ...]
    classes: tuple[ProductClass, ...]
    thresholds: tuple[str, ...]
    aggravated: int | None
    suspicion: bool
    hints: tuple[Hint, ...]


def transfer(matter: Matter, law: Law, *, commercial_ad: Truth = None) -> tuple[Answer, ...]:
    """One answer for each crime the conduct and the class of goods may amount to, in the order of the code.

    Goods of unknown class rule out no crime. The answer's code is ``transfer.`` and the crime's.
    """
    return tuple(_answer(crime, matter, law, commercial_ad) for crime in crimes() if _concerns(crime, matter))


def transfer_due(answers: tuple[Answer, ...]) -> Truth:
    """Whether on the facts known one of the crimes must be transferred."""
    return some(None if answer.holding == "possible" else answer.holding == "held" for answer in answers)


@lru_cache(maxsize=1)
def crimes() -> tuple[Crime, ...]:
    """All crimes in the order of the data."""
    return tuple(read_crime(entry) for entry in document(DATA)["crimes"])


def read_crime(entry: Mapping[str, Any]) -> Crime:
    """Build a crime from its data entry; LawError when its rule does not fit."""
    return Crime(
        rule=read_rule(entry, DATA),
        conduct=tuple(entry["conduct"]),
        classes=tuple(entry.get("classes") or ()),
        thresholds=tuple(entry.get("thresholds") or ()),
        aggravated=entry.get("aggravated"),
        suspicion=bool(entry.get("suspicion")),
        hints=tuple(Hint(**item) for item in entry.get("hints") or ()),
    )


def _concerns(crime: Crime, matter: Matter) -> bool:
    of_class = not crime.classes or matter.product_class in (*crime.classes, "unknown")
    return of_class and not {matter.conduct, *matter.conduct_also}.isdisjoint(crime.conduct)


def _answer(crime: Crime, matter: Matter, law: Law, commercial_ad: Truth) -> Answer:
    case = Case(matter, law, given={"commercial_ad": commercial_ad})
    known = case.known(crime.rule.codes())
    exists, provisions = in_force(law, crime.rule.cites[:1], matter.on)
    in_class = True if not crime.classes or matter.product_class in crime.classes else None
    found = limits(crime.thresholds, matter, law)
    amount = some(item.truth for item in found) if found else True

    def evaluate(answers: Mapping[str, Truth]) -> Truth:
        return every((exists, in_class, amount, crime.rule.truth(answers)))

    result = evaluate(known)
    answer = Answer(
        code=f"transfer.{crime.rule.code}",
        title=_titled(crime.rule.title),
        holding=holding(result),
        grounds=(
            *reasons(crime.rule, known, law, matter.on),
            *_class_ground(crime, in_class),
            *(as_ground(item) for item in found),
            *_aggravated(crime, found),
            *_hints(crime, matter),
            *provisions,
            *_notes(crime, matter, law, result),
        ),
        would_change=(
            *single_changes(crime.rule.codes(), known, evaluate),
            *_amount_changes(found, every((exists, in_class, crime.rule.truth(known))), result),
        ),
    )
    return proposed(answer)


def _titled(crime: Words) -> Words:
    return Words(f"建议移送公安机关：{crime.zh}", f"Propose transfer to the police: {crime.en}")


def _class_ground(crime: Crime, in_class: Truth) -> Iterator[Ground]:
    if crime.classes:
        yield Ground(words(document(DATA)["transfer"]["of_class"]), in_class, fact="product_class")


def _aggravated(crime: Crime, found: tuple[Limit, ...]) -> Iterator[Ground]:
    if crime.aggravated is not None:
        told = document(DATA)["transfer"]["aggravated"]
        times = crime.aggravated
        filled = Words(told["zh"].format(times=times), told["en"].format(times=times))
        yield Ground(filled, times_reached(found, times), crime.rule.cites[-1])


def _hints(crime: Crime, matter: Matter) -> Iterator[Ground]:
    """Figures without a text: compared, shown as unverified, and without effect on the answer."""
    told = document(DATA)["transfer"]["hints"]
    for hint in crime.hints:
        kind = told["penalties" if hint.penalties else hint.base]
        zh, en = (
            (str(hint.penalties),) * 2 if hint.penalties else (yuan(hint.at_least), yuan(hint.at_least, "en"))
        )
        filled = Words(kind["zh"].format(number=zh), kind["en"].format(number=en))
        yield Ground(filled, _hinted(hint, matter), unverified=True)


def _hinted(hint: Hint, matter: Matter) -> Truth:
    if hint.penalties:
        return repeated(matter, hint.penalties)
    known = getattr(matter.amounts, hint.base)
    return None if known is None else known >= hint.at_least


def _notes(crime: Crime, matter: Matter, law: Law, result: Truth) -> Iterator[Ground]:
    """Remarks on the crime, then the procedure of the day on which the case is handled."""
    if crime.rule.note:
        yield Ground(crime.rule.note, True, unverified=crime.rule.unverified)
    told, day = document(DATA)["transfer"], matter.decided_on or matter.on
    if crime.suspicion and result is None:
        yield Ground(words(told["suspicion"]), True, told["cites"][0])
    if result is not False:
        yield Ground(words(told["procedure"]), True)
        yield from in_force(law, told["cites"], day)[1]


def _amount_changes(found: tuple[Limit, ...], rest: Truth, now: Truth) -> Iterator[Words]:
    for item in found:
        reached = every((rest, True))
        if item.truth is not True and reached is not now:
            yield if_found((in_words(item),), holding(reached))
