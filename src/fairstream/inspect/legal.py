"""What the report shows of the legal consequences: one block per matter."""

from collections.abc import Mapping
from typing import NamedTuple

from fairstream.inspect.fact_words import fact_title
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.words import CONDUCTS
from fairstream.law.consequences import Consequences, Fine
from fairstream.law.matter import Answer, Ground, Holding
from fairstream.law.wording import span_in_words
from fairstream.records import Words

Provisions = Mapping[str, Words]


class GroundRow(NamedTuple):
    """A reason: met, failed or unknown, with its provision and the fact it was read from."""

    holds: bool | None
    words: Words
    provision: Words | None
    fact: Words | None
    unverified: bool


class AnswerRow(NamedTuple):
    """An answer with its reasons."""

    title: Words
    subject: str
    holding: Holding
    grounds: tuple[GroundRow, ...]
    would_change: tuple[Words, ...]


class FineRow(NamedTuple):
    """The one fine of a capacity: provision, range and computation, and the rules that gave way."""

    who: Words
    provision: Words
    range: Words
    holding: Holding
    computation: tuple[Words, ...]
    displaced: tuple[Words, ...]
    unverified: bool


class Block(NamedTuple):
    """The legal part of one conduct."""

    anchor: str
    conduct: Words
    findings: int
    liability: tuple[AnswerRow, ...]
    roles: tuple[AnswerRow, ...]
    fines: tuple[FineRow, ...]
    leniency: tuple[AnswerRow, ...]
    proposals: tuple[AnswerRow, ...]


def blocks(inspection: Inspection) -> tuple[Block, ...]:
    """One block per matter, in the order of the matters."""
    return tuple(
        _block(f"law{number}", one, inspection) for number, one in enumerate(inspection.consequences, 1)
    )


def _block(anchor: str, one: Consequences, inspection: Inspection) -> Block:
    named = inspection.provisions
    conduct = one.matter.conduct
    return Block(
        anchor,
        CONDUCTS[conduct],
        sum(located.finding.conduct == conduct for located in inspection.findings),
        tuple(_answer(answer, named) for answer in one.liability),
        tuple(_answer(answer, named) for answer in one.roles if answer.holding != "not_held"),
        tuple(_fine(fine) for fine in one.fines),
        tuple(_answer(answer, named) for answer in one.leniency),
        tuple(_answer(answer, named) for answer in one.proposals),
    )


def _answer(answer: Answer, named: Provisions) -> AnswerRow:
    grounds = tuple(_ground(ground, named) for ground in answer.grounds)
    return AnswerRow(answer.title, answer.subject, answer.holding, grounds, answer.would_change)


def _ground(ground: Ground, named: Provisions) -> GroundRow:
    provision = named.get(ground.citation)
    if provision and ground.words.zh.startswith(provision.zh):
        provision = None
    return GroundRow(
        ground.holds,
        ground.words,
        provision,
        fact_title(ground.fact) if ground.fact else None,
        ground.unverified,
    )


def _fine(fine: Fine) -> FineRow:
    computed = fine.applied
    return FineRow(
        fine.who,
        computed.provision,
        span_in_words(computed.low_fen, computed.high_fen),
        computed.holding,
        computed.computation,
        tuple(item.why for item in fine.displaced),
        computed.unverified,
    )
