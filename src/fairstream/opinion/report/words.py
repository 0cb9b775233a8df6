"""The sentences of a report, from `words.yaml`: each in both languages, with the same `{names}`."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import yaml

from fairstream.blocks import Cell, Number, Quote
from fairstream.records import Words

_NAME = re.compile(r"{(\w+)}")


def said(key: str, **parts: Words) -> Words:
    """The sentence of a key; `parts` fill some names at once, the others stay for numbers and quotes."""
    words = _all()[key]
    if not parts:
        return words
    zh, en = {n: part.zh for n, part in parts.items()}, {n: part.en for n, part in parts.items()}
    return Words(_filled(words.zh, zh), _filled(words.en, en))


def enumerated(count: int) -> Words:
    """`{n0}（{c0}）、{n1}（{c1}）`: names with their numbers, for what `named_shares` holds."""
    return Words(
        "、".join(f"{{n{at}}}（{{c{at}}}）" for at in range(count)),
        ", ".join(f"{{n{at}}} ({{c{at}}})" for at in range(count)),
    )


def named_shares(pairs: Iterable[tuple[Cell, Cell]]) -> dict[str, Number | Quote | Words]:
    """What a sentence with `enumerated` names holds: each name, and its number."""
    return {
        f"{letter}{at}": cell
        for at, pair in enumerate(pairs)
        for letter, cell in zip("nc", pair, strict=True)
        if not isinstance(cell, str)
    }


def names(text: str) -> frozenset[str]:
    """The `{names}` of a sentence."""
    return frozenset(_NAME.findall(text))


@cache
def _all() -> dict[str, Words]:
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return {key: Words(both["zh"], both["en"]) for key, both in yaml.safe_load(text).items()}


def keys() -> tuple[str, ...]:
    """All keys."""
    return tuple(_all())


def _filled(text: str, parts: dict[str, str]) -> str:
    return _NAME.sub(lambda match: parts.get(match[1], match[0]), text)
