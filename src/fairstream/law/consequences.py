"""What may follow in law from one suspected conduct: who answers, what it may cost, which measure fits.

Pure functions of a `Matter`. Nothing here decides: every part is a proposal with its grounds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fairstream.errors import LawError
from fairstream.law.citation import article_title, parse_citation
from fairstream.law.collision import Collision, Displaced
from fairstream.law.leniency import leniency
from fairstream.law.liability import who_answers
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.measures import propose
from fairstream.law.ranges import Branch, Computed
from fairstream.law.resolve import Law
from fairstream.law.roles import roles
from fairstream.law.sanctions import Sanction, not_held, one_fine, sanctions
from fairstream.records import Words


@dataclass(frozen=True, slots=True)
class Fine:
    """The one fine of a person in one capacity: whom it addresses, the rule applied, those that give way.

    `uncertain` is True when the choice rests on a sum that is not known.
    """

    capacity: str
    who: Words
    applied: Computed
    displaced: tuple[Displaced, ...]
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """The legal part of one matter.

    `liability` says who answers, `roles` who is who in advertising and on the platform, `sanctions` every
    range the law threatens, `fines` the one rule each person would be fined under
    (administrative-penalty-law 29), `leniency` the grounds to go below, `proposals` measures from mild to
    severe. `not_held` are cited articles without a text of the day.
    """

    matter: Matter
    liability: tuple[Answer, ...]
    roles: tuple[Answer, ...]
    sanctions: tuple[Sanction, ...]
    fines: tuple[Fine, ...]
    leniency: tuple[Answer, ...]
    proposals: tuple[Answer, ...]
    not_held: tuple[str, ...] = ()

    def answers(self) -> Iterator[Answer]:
        """Every answer, in the order shown."""
        yield from (*self.liability, *self.roles, *self.leniency, *self.proposals)


def consequences(matter: Matter, law: Law) -> Consequences:
    """Everything the law may attach to the matter. LawError when a citation of the matter is malformed."""
    return Consequences(
        matter,
        who_answers(matter, law),
        roles(matter, law),
        sanctions(matter, law),
        fines_of(one_fine(matter, law), law),
        tuple(item.answer for item in leniency(matter, law)),
        propose(matter, law),
        not_held(matter, law),
    )


def fines_of(collisions: Iterable[Collision], law: Law) -> tuple[Fine, ...]:
    """The fines with their addressees in words; capacities whose every fine is excluded are left out."""
    return tuple(
        Fine(one.capacity, _addressed(one.applied, law), one.applied, one.displaced, one.uncertain)
        for one in collisions
        if one.applied is not None
    )


def _addressed(computed: Computed, law: Law) -> Words:
    named = [law.table.actors[code] for code in computed.penalty.who]
    return Words("、".join(each["zh"] for each in named), ", ".join(each["en"] for each in named))


def provisions(found: Iterable[Consequences], law: Law) -> dict[str, Words]:
    """Statute and article, as of the day of each matter, for every citation among the grounds."""
    named: dict[str, Words] = {}
    for one in found:
        for citation in _cited(one):
            if citation and citation not in named:
                named[citation] = named_in(citation, one.matter, law)
    return named


def _cited(found: Consequences) -> Iterator[str]:
    yield from (ground.citation for answer in found.answers() for ground in answer.grounds)
    yield from (item.citation for fine in found.fines for item in fine.displaced)


def named_in(citation: str, matter: Matter, law: Law) -> Words:
    """Statute and article as of the day of the matter; the citation itself where no text is held."""
    reference = parse_citation(citation)
    # A measure taken now rests on the law of now, which may be younger than the conduct.
    for day in (matter.on, matter.decided_on, law.as_of):
        try:
            zh, en = (law.resolve(reference, day, language) for language in ("zh", "en"))
            break
        except LawError:
            continue
    else:
        return Words(citation, citation)
    return Words(
        f"《{zh.title}》{article_title(zh.article)}", f"{en.title}, {article_title(en.article, 'en')}"
    )


def as_data(found: Consequences) -> dict[str, Any]:
    """The consequences as plain data for JSON; money in fen."""
    matter = found.matter
    return {
        "conduct": matter.conduct,
        "on": matter.on.isoformat(),
        "decided_on": matter.decided_on.isoformat() if matter.decided_on else None,
        "articles": list(matter.articles),
        "not_held": list(found.not_held),
        "liability": [_answer(answer) for answer in found.liability],
        "roles": [_answer(answer) for answer in found.roles],
        "sanctions": [_sanction(sanction) for sanction in found.sanctions],
        "one_fine": [_fine(fine) for fine in found.fines],
        "leniency": [_answer(answer) for answer in found.leniency],
        "proposals": [_answer(answer) for answer in found.proposals],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "code": answer.code,
        **_words("title", answer.title),
        "holding": answer.holding,
        "subject": answer.subject,
        "grounds": [_ground(ground) for ground in answer.grounds],
        "would_change_zh": [words.zh for words in answer.would_change],
        "would_change_en": [words.en for words in answer.would_change],
    }


def _ground(ground: Ground) -> dict[str, Any]:
    return {
        **_words("words", ground.words),
        "holds": ground.holds,
        "citation": ground.citation,
        "fact": ground.fact,
        "unverified": ground.unverified,
    }


def _sanction(sanction: Sanction) -> dict[str, Any]:
    return {**_computed(sanction.applied), "by": sanction.by, **_steps(sanction.computation)}


def _computed(computed: Computed) -> dict[str, Any]:
    return {
        "id": computed.penalty.id,
        **_words("provision", computed.provision),
        "version": computed.citation.version,
        "holding": computed.holding,
        "low_fen": computed.low_fen,
        "high_fen": computed.high_fen,
        "path": computed.path,
        "missing": list(computed.missing),
        "unverified": computed.unverified,
        "measures": list(computed.penalty.measures),
        "branches": [_branch(branch) for branch in computed.branches],
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "holding": branch.holding,
        "low_fen": branch.low_fen,
        "high_fen": branch.high_fen,
        "missing": branch.missing,
        "discretionary": branch.discretionary,
        **_steps(branch.steps),
    }


def _fine(fine: Fine) -> dict[str, Any]:
    return {
        "capacity": fine.capacity,
        **_words("who", fine.who),
        "applied": fine.applied.penalty.id,
        "uncertain": fine.uncertain,
        "displaced": [
            {"id": item.sanction.penalty.id, "by": item.by.penalty.id, **_words("why", item.why)}
            for item in fine.displaced
        ],
    }


def _words(name: str, words: Words) -> dict[str, str]:
    return {f"{name}_zh": words.zh, f"{name}_en": words.en}


def _steps(steps: Iterable[Words]) -> dict[str, list[str]]:
    listed = list(steps)
    return {"computation_zh": [step.zh for step in listed], "computation_en": [step.en for step in listed]}
