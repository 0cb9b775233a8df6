"""The work of `fairstream law consequences` and `fairstream law due`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from fairstream.errors import LawError, UsageError
from fairstream.inspect.words import CONDUCTS, WORDS
from fairstream.law.consequences import Consequences, as_data, consequences, named_in, provisions
from fairstream.law.deadlines import Due, due, limit_of, load_limits
from fairstream.law.matter import Answer, Ground
from fairstream.law.questions import document, words
from fairstream.law.resolve import load_law
from fairstream.law.wording import span_in_words
from fairstream.law.workdays import load_calendar, own_tables
from fairstream.records import Language, Words
from fairstream.sources.matters import read_matters
from fairstream.sources.problems import in_language

COLON: dict[Language, str] = {"zh": "：", "en": ": "}
BRACKETS: dict[Language, str] = {"zh": "（{}）", "en": " ({})"}
DOUBTS = ("未核实", "UNVERIFIED")
"""Words that mark a doubt already."""
MARKS: dict[bool | None, str] = {True: "+", False: "-", None: "?"}
LEGEND = Words(
    "+ 条件具备　- 条件不具备　? 尚待查明　> 哪些事实会改变结论　~ 让位或者备选的条款",
    "+ met  - not met  ? open  > facts that would change the answer  ~ provisions that give way, or others",
)
PROPOSED = words(document("questions.yaml")["proposal"])
"""What every proposal says of itself; the closing line of the output says it for all."""
NO_FINE = Words("没有可能适用的罚款", "No fine can apply on these facts")
NOT_HELD = Words("当日没有可引用的文本", "No text of that day is held for")


def show_consequences(path: Path, language: Language, *, as_json: bool) -> int:
    """Print what follows from every matter; 1 when something was left out, 3 when no matter could be read."""
    loaded = read_matters(path)
    for problem in loaded.problems:
        cause, remedy = in_language(problem, language)
        click.echo(f"{problem.place.file}:{problem.place.line}: {cause}. {remedy}", err=True)
    if not loaded.records:
        click.echo(_in(Words("没有可读的事项。", "No matter could be read."), language), err=True)
        return 3
    law = load_law()
    found = [consequences(matter, law) for matter in loaded.records]
    if as_json:
        click.echo(orjson.dumps([as_data(one) for one in found], option=orjson.OPT_INDENT_2).decode())
    else:
        named = provisions(found, law)
        for one in found:
            named.update((article, named_in(article, one.matter, law)) for article in one.matter.articles)
        shown = ("\n".join(_lines(one, named, language)) for one in found)
        click.echo("\n\n".join((_in(LEGEND, language), *shown, _in(WORDS["legal_note"], language))))
    return 1 if loaded.problems else 0


def _lines(found: Consequences, named: Mapping[str, Words], language: Language) -> Iterator[str]:
    matter = found.matter
    title = _in(CONDUCTS[matter.conduct], language)
    cited = "; ".join(_in(named[article], language) for article in matter.articles)
    yield f"== {title} ({matter.conduct}) {matter.on} {cited}"
    if found.not_held:
        missing = "; ".join(_in(named[article], language) for article in found.not_held)
        yield f"! {_in(NOT_HELD, language)}{COLON[language]}{missing}"
    told: set[Words] = set()
    yield from _answers("who_answers", found.liability, named, told, language)
    yield f"-- {_in(WORDS['fines'], language)}"
    yield from _fines(found, language)
    yield from _answers("proposals", found.proposals, named, told, language)
    yield from _answers("leniency", found.leniency, named, told, language)
    yield from _answers("who_is_who", found.roles, named, told, language)


def _fines(found: Consequences, language: Language) -> Iterator[str]:
    colon = COLON[language]
    if not found.fines:
        yield f"  {_in(NO_FINE, language)}"
    for fine in found.fines:
        computed = fine.applied
        span = _in(span_in_words(computed.low_fen, computed.high_fen), language)
        whom = f"[{_in(WORDS['fine_' + computed.holding], language)}] {_in(fine.who, language)}"
        yield f"  {whom}{colon}{_in(computed.provision, language)}{colon}{span}"
        # The provision stands in the line above already.
        yield from (f"      {_in(step, language)}" for step in computed.computation[1:])
        yield from (f"      ~ {_in(item.why, language)}" for item in fine.displaced)


def _answers(
    head: str, answers: Iterable[Answer], named: Mapping[str, Words], told: set[Words], language: Language
) -> Iterator[str]:
    """What does not hold is told by its failing grounds; what a provision says is told once for a matter."""
    yield f"-- {_in(WORDS[head], language)}"
    for answer in answers:
        whom = f" · {answer.subject}" if answer.subject else ""
        yield f"  [{_in(WORDS[answer.holding], language)}] {_in(answer.title, language)}{whom}"
        for ground in answer.grounds:
            if ground.words != PROPOSED and (answer.holding != "not_held" or ground.holds is False):
                yield f"      {MARKS[ground.holds]} {_ground(ground, named, told, language)}"
        yield from (f"      > {_in(words, language)}" for words in answer.would_change)


def _ground(ground: Ground, named: Mapping[str, Words], told: set[Words], language: Language) -> str:
    said, name = _in(ground.words, language), _in(named.get(ground.citation, Words("", "")), language)
    if name and said.startswith(name) and ground.words in told:
        return name
    told.add(ground.words)
    cited = f"  [{name}]" if name and not said.startswith(name) else ""
    doubted = ground.unverified and not any(mark in said for mark in DOUBTS)
    doubt = BRACKETS[language].format(_in(WORDS["unverified"], language)) if doubted else ""
    return f"{said}{doubt}{cited}"


def show_limits(language: Language, *, as_json: bool) -> int:
    """Print every time limit."""
    limits = load_limits()
    if as_json:
        click.echo(_json([asdict(limit) for limit in limits.values()]))
        return 0
    for limit in limits.values():
        doubt = f" ({_in(WORDS['unverified'], language)})" if limit.unverified else ""
        title, event = _in(limit.title, language), _in(limit.event, language)
        click.echo(f"{limit.id:34} {limit.amount:3} {limit.unit:12} {title} ← {event}{doubt}")
    return 0


def show_due(
    name: str, start: str, extended: int, holidays: tuple[Path, ...], language: Language, *, as_json: bool
) -> int:
    """Print the last day of a limit; 1 when it cannot be told."""
    try:
        found = due(
            limit_of(name), _moment(start), load_calendar(*own_tables(), *holidays), extended=extended
        )
    except LawError as error:
        raise UsageError(error.cause, remedy=error.remedy) from error
    if as_json:
        click.echo(_json(_due(found)))
    else:
        click.echo("\n".join(_told(found, language)))
    return 1 if found.last is None else 0


def _moment(start: str) -> date | datetime:
    try:
        return date.fromisoformat(start) if len(start) == len("2026-03-01") else datetime.fromisoformat(start)
    except ValueError as error:
        raise UsageError(
            f"{start!r} is neither a day nor a moment", remedy="2026-03-01 or 2026-03-01T20:00:00+08:00"
        ) from error


def _due(found: Due) -> dict[str, Any]:
    return {**asdict(found), "limit": found.limit.id}


def _told(found: Due, language: Language) -> Iterator[str]:
    yield f"{_in(found.limit.title, language)}: {found.moment or found.last or '?'}"
    yield from (f"  {_in(step, language)}" for step in found.steps)
    if found.unknown:
        yield f"  ! {_in(found.unknown, language)}"
    yield f"  [{', '.join(found.limit.cites)}]"
    if found.limit.unverified:
        yield f"  ({_in(WORDS['unverified'], language)}) {_in(found.limit.unverified, language)}"


def _json(data: object) -> str:
    return orjson.dumps(data, default=_pair).decode()


def _pair(value: object) -> dict[str, str]:
    """Words as an object with both languages."""
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    raise TypeError(f"{type(value).__name__} is no JSON")


def _in(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en
