"""A seeded set of evasive spellings, and what share of them a folder recovers with exact spans.

Every kind of fold is applied to terms put into lawful carrier sentences (`carriers.txt`, written for this
purpose). The generator works from other sources than the folder where it can: homophones come from
pypinyin and the 3,755 characters of GB 2312's first level, traditional forms from OpenCC.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from fairstream.detect.engine import Scanner
from fairstream.records import Finding, Text
from fairstream.text.fold import FoldedBatch, Folder
from fairstream.text.lists import listed

Spell = Callable[[str, random.Random], str | None]

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2063\ufe0f"
_SEPARATORS = (
    " ",
    "  ",
    "\u3000",
    "*",
    " * ",
    "·",
    "-",
    "_",
    "|",
    "/",
    "~",
    "+",
    "#",
    "^",
    "=",
    "`",
    "●",
    "★",
)
_EMOJI = ("😊", "🔥🔥", "👍", "✨", "😂", "🎉", "💯")
_PUNCTUATION = ("，", "。", ".", "、", "！", "…", "；", ",")
_NEAR = (
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("n", "l"),
    ("l", "r"),
    ("ang", "an"),
    ("eng", "en"),
    ("ing", "in"),
)

#: Kinds that need no knowledge of the language to undo.
MECHANICAL = (
    "width", "letters", "traditional", "digits", "invisible", "marks", "separator", "emoji", "punctuation",
    "repeat", "pinyin", "pinyin tones", "pinyin mixed", "chain",
)  # fmt: skip
#: Kinds that do.
LINGUISTIC = ("homophone", "near homophone", "split", "lookalike")
#: Least share of all mechanical items, and of each linguistic kind, that must be recovered.
LEAST_MECHANICAL, LEAST_LINGUISTIC = 0.97, 0.85


@dataclass(frozen=True, slots=True)
class EvasionItem:
    """A text in which `term` is spelled evasively at the half-open span `start`–`end`."""

    text: str
    term: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many items of a kind there are, and how many were recovered with the exact span."""

    kind: str
    items: int
    recovered: int

    @property
    def share(self) -> float:
        return self.recovered / self.items if self.items else 0.0

    @property
    def least(self) -> float:
        """The share that is asked of this kind, or of the group it belongs to."""
        return LEAST_LINGUISTIC if self.kind in LINGUISTIC else LEAST_MECHANICAL

    def as_json(self) -> dict[str, object]:
        """Counts and share as plain data."""
        return {"kind": self.kind, "items": self.items, "recovered": self.recovered, "share": self.share}


def together(kinds: Sequence[str], results: Iterable[Recovered], name: str) -> Recovered:
    """All results of these kinds as one."""
    own = [result for result in results if result.kind in kinds]
    return Recovered(name, sum(r.items for r in own), sum(r.recovered for r in own))


def generate(terms: Sequence[str], *, seed: int = 1, per_kind: int = 400) -> list[EvasionItem]:
    """Up to `per_kind` items of every kind, the same for the same terms and seed."""
    carriers = [line[0] for line in _carriers()]
    items = []
    for kind, spell in _SPELLERS.items():
        chance = random.Random(f"{seed}|{kind}")  # noqa: S311
        pool = list(terms) * (per_kind // max(1, len(terms)) + 3)
        chance.shuffle(pool)
        made = 0
        for term in pool:
            written = spell(term, chance) if made < per_kind else None
            if written is None or written == term:
                continue
            before, _, after = chance.choice(carriers).partition("{}")
            start = len(before)
            items.append(EvasionItem(before + written + after, term, start, start + len(written), kind))
            made += 1
    return items


def recovered(items: Sequence[EvasionItem], folder: Folder) -> list[Recovered]:
    """The share of items of each kind for which a reading holds the term at exactly its span."""
    batch = folder.fold([item.text for item in items])
    readings: dict[int, list[int]] = {}
    for reading, row in enumerate(batch.row.tolist()):
        readings.setdefault(row, []).append(reading)
    answers = [any(stands(batch, at, item) for at in readings[row]) for row, item in enumerate(items)]
    return _tally(items, answers)


def reported(items: Sequence[EvasionItem], scanner: Scanner) -> list[Recovered]:
    """The share of items of each kind for which a rule that flags the plain term flags the disguised one too.

    Items whose plain spelling no rule flags in its carrier (a word may need company) are left out.
    """
    plain = [_respelled(item) for item in items]
    rules = [_rules_at(found, item) for found, item in zip(_scanned(plain, scanner), plain, strict=True)]
    held = [(item, wanted) for item, wanted in zip(items, rules, strict=True) if wanted]
    found = _scanned([item for item, _ in held], scanner)
    answers = [bool(wanted & _rules_at(f, item)) for (item, wanted), f in zip(held, found, strict=True)]
    return _tally([item for item, _ in held], answers)


def _respelled(item: EvasionItem) -> EvasionItem:
    """The item with its term spelled plainly."""
    text = item.text[: item.start] + item.term + item.text[item.end :]
    return replace(item, text=text, end=item.start + len(item.term))


def _scanned(items: Sequence[EvasionItem], scanner: Scanner) -> list[list[Finding]]:
    return scanner.scan([Text(str(n), i.text, medium="speech", speaker="host") for n, i in enumerate(items)])


def _rules_at(found: Iterable[Finding], item: EvasionItem) -> set[str]:
    """Rules whose findings share a character with the term."""
    return {f.rule for f in found if f.span.start < item.end and item.start < f.span.end}


def _tally(items: Sequence[EvasionItem], answers: Sequence[bool]) -> list[Recovered]:
    total = Counter(item.kind for item in items)
    right = Counter(item.kind for item, answer in zip(items, answers, strict=True) if answer)
    return [Recovered(kind, count, right[kind]) for kind, count in total.items()]


def stands(batch: FoldedBatch, reading: int, item: EvasionItem) -> bool:
    """Whether the reading holds the item's term with its exact span."""
    text, offset = batch.reading(reading), int(batch.bounds[reading])
    at = text.find(item.term)
    while at >= 0:
        first, last = offset + at, offset + at + len(item.term) - 1
        if int(batch.start[first]) == item.start and int(batch.end[last]) == item.end:
            return True
        at = text.find(item.term, at + 1)
    return False


def table(results: Iterable[Recovered]) -> str:
    """The results as an aligned text table."""
    lines = [f"{'kind':<16}{'items':>7}{'recovered':>11}{'share':>8}"]
    lines += [f"{r.kind:<16}{r.items:>7}{r.recovered:>11}{r.share:>8.3f}" for r in results]
    return "\n".join(lines)


def _carriers() -> Iterable[list[str]]:
    content = resources.files("fairstream.evaluate").joinpath("carriers.txt").read_text(encoding="utf-8")
    return [[line] for line in content.splitlines() if line and not line.startswith("#")]


def _width(term: str, chance: random.Random) -> str | None:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in term)


def _letters(term: str, chance: random.Random) -> str | None:
    shapes = dict(zip("abcehkmoptxvy", "аbсеһкморtхνу", strict=True))
    return "".join(chance.choice((c.upper(), shapes.get(c.lower(), c))) for c in term)


def _traditional(term: str, chance: random.Random) -> str | None:
    return _opencc().convert(term) if len(_opencc().convert(term)) == len(term) else None


@cache
def _opencc():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("s2t")


def _digits(term: str, chance: random.Random) -> str | None:
    shapes = "⓪①②③④⑤⑥⑦⑧⑨", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "🄋➀➁➂➃➄➅➆➇➈", "⁰¹²³⁴⁵⁶⁷⁸⁹"
    return "".join(chance.choice(shapes)[int(c)] if c in "0123456789" else c for c in term)


def _between(signs: Sequence[str]) -> Spell:
    def spell(term: str, chance: random.Random) -> str | None:
        sign = chance.choice(signs)
        if not all(c >= "一" for c in term):
            return None
        every = chance.random() < 0.5 or len(term) == 2
        gap = len(term) if every else chance.randrange(1, len(term))
        return "".join(
            c + (sign if i < len(term) - 1 and (every or i + 1 == gap) else "") for i, c in enumerate(term)
        )

    return spell


def _marks(term: str, chance: random.Random) -> str | None:
    mark = chance.choice("\u0336\u0334\u0335\u0301\u20dd")
    return "".join(c + mark for c in term)


def _repeat(term: str, chance: random.Random) -> str | None:
    if not _is_han(term):
        return None  # a digit more is another number
    at = chance.randrange(len(term))
    if len(term) == 2 and chance.random() < 0.4:
        return "".join(c * 2 for c in term)
    if term[at : at + 2] == term[at] * 2 or (at and term[at - 1] == term[at]):
        return None
    return term[:at] + term[at] * chance.choice((2, 3)) + term[at + 1 :]


def _pinyin(term: str, tones: bool = False) -> list[str] | None:
    from pypinyin import Style, lazy_pinyin

    style = Style.TONE if tones else Style.NORMAL
    return list(lazy_pinyin(term, style=style)) if _is_han(term) else None


def _is_han(term: str) -> bool:
    return all("一" <= c <= "鿿" for c in term)


def _full_pinyin(term: str, chance: random.Random) -> str | None:
    names = _pinyin(term)
    written = chance.choice(("", " ")).join(names) if names else ""
    return written if len(written) >= 5 else None


def _toned_pinyin(term: str, chance: random.Random) -> str | None:
    names = _pinyin(term, tones=True)
    at = chance.randrange(len(term))
    return term[:at] + names[at] + term[at + 1 :] if names else None


def _mixed_pinyin(term: str, chance: random.Random) -> str | None:
    names = _pinyin(term)
    if not names:
        return None
    replaced = set(chance.sample(range(len(term)), chance.randrange(1, len(term))))
    return "".join(chance.choice((n, n.upper())) if i in replaced else term[i] for i, n in enumerate(names))


def _chain(term: str, chance: random.Random) -> str | None:
    """Full-width pinyin of one character, with separators and invisible characters throughout."""
    names = _pinyin(term)
    if not names:
        return None
    at = chance.randrange(len(term))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in names[at])
    sign = chance.choice(("-", "*", " ", "\u200b", "·"))
    return sign.join([*term[:at], *wide, *term[at + 1 :]])


@cache
def _common() -> dict[str, list[str]]:
    """The characters of GB 2312's first level by toneless syllable."""
    from pypinyin import lazy_pinyin

    places = [bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    characters = [place.decode("gb2312", "ignore") for place in places]
    by_name: dict[str, list[str]] = {}
    for character in filter(None, characters):
        by_name.setdefault(lazy_pinyin(character)[0], []).append(character)
    return by_name


def _homophone(term: str, chance: random.Random) -> str | None:
    return _sounding(term, chance, lambda name: [name])


def _near_homophone(term: str, chance: random.Random) -> str | None:
    return _sounding(term, chance, _confused)


def _sounding(term: str, chance: random.Random, names_for: Callable[[str], list[str]]) -> str | None:
    """One or two characters replaced; never a spelling that is itself a word, which no one could tell."""
    import rjieba

    names = _pinyin(term)
    if not names:
        return None
    count = 1 if chance.random() < 0.6 else 2
    written = list(term)
    for at in chance.sample(range(len(term)), count):
        same = [c for name in names_for(names[at]) for c in _common().get(name, []) if c != term[at]]
        if same:
            written[at] = chance.choice(same)
    result = "".join(written)
    return None if rjieba.has_word(result) else result


def _confused(name: str) -> list[str]:
    forms = set()
    for one, other in _NEAR:
        for old, new in ((one, other), (other, one)):
            if name.startswith(old) and not (old in "zcs" and name[1:2] == "h"):
                forms.add(new + name[len(old) :])
            if name.endswith(old):
                forms.add(name[: -len(old)] + new)
    return sorted(form for form in forms if form in _common() and form != name)


def _split(term: str, chance: random.Random) -> str | None:
    parts = {character: ways.split() for character, ways in listed("split.tsv")}
    able = [at for at, character in enumerate(term) if character in parts]
    if not able:
        return None
    chosen = set(able if chance.random() < 0.3 else [chance.choice(able)])
    return "".join(chance.choice(parts[c]) if at in chosen else c for at, c in enumerate(term))


def _lookalike(term: str, chance: random.Random) -> str | None:
    pairs = [(a, b) for a, b in listed("lookalike.tsv")]
    able = [(at, b if a == c else a) for at, c in enumerate(term) for a, b in pairs if c in (a, b)]
    if not able:
        return None
    at, written = chance.choice(able)
    return term[:at] + written + term[at + 1 :]


_SPELLERS: dict[str, Spell] = {
    "width": _width,
    "letters": _letters,
    "traditional": _traditional,
    "digits": _digits,
    "invisible": _between(_INVISIBLE),
    "marks": _marks,
    "separator": _between(_SEPARATORS),
    "emoji": _between(_EMOJI),
    "punctuation": _between(_PUNCTUATION),
    "repeat": _repeat,
    "pinyin": _full_pinyin,
    "pinyin tones": _toned_pinyin,
    "pinyin mixed": _mixed_pinyin,
    "chain": _chain,
    "homophone": _homophone,
    "near homophone": _near_homophone,
    "split": _split,
    "lookalike": _lookalike,
}
