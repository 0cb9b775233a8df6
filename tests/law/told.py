"""Matters told in YAML, as tables of fact patterns write them; everything not told is unknown."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fairstream.facts import AdContract, Amounts, Circumstances, HostFacts, PlatformFacts
from fairstream.law.matter import Answer, Matter
from fairstream.records import Party, Words

HERE = Path(__file__).parent


def patterns(name: str) -> list[Any]:
    """The fact patterns of one table, each with a `name` of its own."""
    table = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    named = [entry["name"] for entry in table]
    assert len(named) == len(set(named)), "two patterns bear the same name"
    return list(table)


def matter(told: dict[str, Any]) -> Matter:
    """A matter from what is told; `day` is that of the conduct, parties are written role: name."""
    rest = dict(told)
    told_parties = rest.pop("parties", {})
    return replace(
        Matter(rest.pop("conduct", "false_commercial_publicity"), rest.pop("day", date(2026, 5, 1))),
        parties=tuple(_party(role, name) for role, names in told_parties.items() for name in _list(names)),
        platform=_one(PlatformFacts, rest.pop("platform", None), name="云集平台（虚构）"),
        hosts=tuple(_one(HostFacts, item, name="主播甲（虚构）") for item in rest.pop("hosts", ())),
        contracts=tuple(AdContract(**item) for item in rest.pop("contracts", ())),
        circumstances=_one(Circumstances, rest.pop("circumstances", {})),
        amounts=_one(Amounts, rest.pop("amounts", {})),
        **{key: tuple(value) if isinstance(value, list) else value for key, value in rest.items()},
    )


def holdings(answers: tuple[Answer, ...]) -> dict[str, str]:
    """Code, or code and subject, of each answer with its holding."""
    return {f"{answer.code} {answer.subject}".strip(): answer.holding for answer in answers}


def sentences(words: tuple[Words, ...]) -> list[str]:
    """The Chinese of several words."""
    return [item.zh for item in words]


def both_languages(answers: tuple[Answer, ...]) -> None:
    """Every word of the answers is told in both languages, the English without Chinese characters."""
    for answer in answers:
        told = [answer.title, *(ground.words for ground in answer.grounds), *answer.would_change]
        for words in told:
            assert words.zh
            assert words.en
            assert not any("一" <= character <= "鿿" for character in words.en), words.en


def _one(kind: Any, told: Any, **otherwise: Any) -> Any:
    if told is None:
        return None
    known = {item.name for item in fields(kind)}
    assert set(told) <= known, f"{set(told) - known} is no field of {kind.__name__}"
    return kind(**{**otherwise, **{key: tuple(v) if isinstance(v, list) else v for key, v in told.items()}})


def _party(role: Any, told: Any) -> Party:
    if isinstance(told, dict):
        return Party(role, told["name"], told.get("identifier"), told.get("kind", "uscc"))
    return Party(role, told)


def _list(names: Any) -> list[Any]:
    return names if isinstance(names, list) else [names]
