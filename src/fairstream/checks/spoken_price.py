"""Prices said or shown, with what they are: the price now, the one struck out, the one elsewhere, of a gift.

Reads folded words, where numbers stand in digits (99, 9块9, 1,299) or as they are said (两百九十九, 一千二).
What a sum is follows from the nearest words before it; sums that are denied, asked, supposed, rough, a range,
a saving or a charge, or that belong to other goods are left out. The words stand in
`data/price/spoken.table.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from fairstream.checks.scene import Hit, Scene
from fairstream.checks.spoken_cuts import Cuts
from fairstream.records import Medium, Side
from fairstream.rules.node import Strict
from fairstream.rules.yamlfile import load_yaml
from fairstream.text.kinds import SENTENCE_MARKS
from fairstream.text.numbers import parse_number

PriceMeaning = Literal["deal", "original", "counter", "suggested", "elsewhere", "later", "per_piece", "gift"]
TABLE: Final = Path(__file__).parent / "data" / "price" / "spoken.table.yaml"

_D = "[一二两三四五六七八九]"
_TEN = f"{_D}?十{_D}?"
_HUNDRED = f"{_D}百(?:零{_D}|{_TEN}|{_D}(?![十百千万]))?"
_THOUSAND = f"{_D}千(?:零(?:{_TEN}|{_D})|{_HUNDRED}|{_D}(?![十百千万]))?"
_MYRIADS = rf"(?:{_THOUSAND}|{_HUNDRED}|{_TEN}|{_D}|[0-9]+(?:\.[0-9]+)?)万"
_WAN = f"{_MYRIADS}(?:零?{_THOUSAND}|零{_HUNDRED}|{_D}(?![十百千万]))?"
_SPELLED = f"(?:{_WAN}|{_THOUSAND}|{_HUNDRED}|{_TEN}|[零一二三四五六七八九两]{{3,4}}|{_D}(?:点{_D})?)"
_CENTS = "[0-9]{1,2}|[零一二三四五六七八九]{1,2}"
_FEW = frozenset(range(1, 10))
_SUM_LENGTH = 3
_REACH = 200


@dataclass(frozen=True, slots=True)
class SpokenPrice:
    """A price in words: what it is, how much in fen, for how many pieces (None when not said).

    `conditional` marks one that holds only with a coupon or for some buyers. `rest` is where a number goes
    on that is cut across utterances.
    """

    kind: PriceMeaning
    fen: int
    pieces: int | None
    conditional: bool
    hit: Hit
    rest: tuple[Hit, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """The words as one side of a comparison, one for each utterance they stand in."""
        return tuple(hit.side for hit in (self.hit, *self.rest))

    @property
    def listing_id(self) -> str | None:
        """The goods it speaks of, when known."""
        return self.hit.wording.listing_id

    @property
    def at_ms(self) -> int | None:
        """When it was said, from the start of the recording."""
        return self.hit.wording.start_ms


class _Words(Strict):
    """The table as written."""

    kinds: dict[PriceMeaning, list[str]]
    sums: list[str]
    named_now: list[str]
    asked: list[str]
    other_before: list[str]
    other_behind: list[str]
    other_goods: list[str]
    denied: list[str]
    asked_about: list[str]
    supposed: list[str]
    rough_before: list[str]
    rough_behind: list[str]
    question_behind: list[str]
    conditional: list[str]
    counters: str
    units: list[str]
    measures: str
    own: list[str]


def spoken_prices(scene: Scene, *media: Medium, listing_id: str | None = None) -> list[SpokenPrice]:
    """Prices in the words of room and shop, in order; without `media` in all of them.

    A number cut across utterances is read joined where it joins to one, else not at all.
    """
    reader = _reader()
    cuts = Cuts(scene, reader.amount)
    found = [
        price
        for hit in scene.find(reader.amount, *media, listing_id=listing_id)
        if cuts.whole(hit)
        for price in reader.read(hit)
    ]
    for first, rest in cuts.joined() if not media or "speech" in media else ():
        if listing_id in (None, first.wording.listing_id):
            found += [replace(price, rest=rest) for price in reader.read(first)]
    return sorted(found, key=lambda price: (price.at_ms or 0, price.hit.wording.unit, price.hit.span.start))


def packs(text: str) -> set[int]:
    """The numbers of pieces a text names: 3 of 面膜3盒装."""
    return {int(parse_number(match[1])) for match in _reader().pieces.finditer(text)}


class _Reader:
    """Judges a sum by the words around it."""

    def __init__(self, words: _Words) -> None:
        self._words = words
        self._counter = f"[大小整]?{words.counters}"
        self.pieces = re.compile(f"({_SPELLED}|[0-9]+){self._counter}(?![月人小星礼纱])")
        measured = f"{'|'.join(words.units)}|[{words.measures}]"
        after = rf"(?!{self._counter}|{measured}|[0-9])"
        self._bought = re.compile(f"[买拍带单]({_SPELLED}|[0-9]+){self._counter}")
        self.amount = re.compile(
            rf"(?<![0-9a-z.\-])(?P<sign>[￥¥])?(?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9])万?|{_SPELLED})"
            rf"(?:(?P<unit>块钱?|元|rmb|人民币)(?:(?P<cents>{_CENTS}){after})?毛?(?:钱)?|(?![0-9.a-z:\-]))"
        )
        self._kinds = {kind: _either(written) for kind, written in words.kinds.items()}
        self._sums = re.compile(f"(?:{'|'.join(words.sums)})[了个到的]?[:：]?$")
        self._named_now = _either(words.named_now)
        self._own = _either(words.own)
        self._asked = _either(words.asked)
        self._before = _either([*words.asked_about, *words.supposed, *words.other_goods])
        self._rough = re.compile(f"(?:{'|'.join(words.rough_before)})[^，。]{{0,2}}$")
        self._behind = _either([*words.rough_behind, *words.other_behind])
        self._question = _either(words.question_behind)
        self._other = re.compile(f"(?:{'|'.join(words.other_before)})(?!.*(?:到手|只[要需付]|价(?!值)))")
        self._denied = _either(words.denied)
        self._conditional = _either(words.conditional)
        self._counted = re.compile(rf"{self._counter}|{measured}")

    def read(self, hit: Hit) -> Iterator[SpokenPrice]:
        """The price a sum is, if it is one."""
        around = _Around(hit.match, self.amount)
        fen = self._fen(hit.match)
        if fen and not self._ruled_out(hit.match, around):
            kind = self._kind(hit.match, around)
            if kind:
                yield SpokenPrice(
                    kind, fen, self._count(kind, around), bool(self._conditional.search(around.sentence)), hit
                )

    def _fen(self, match: re.Match[str]) -> int:
        try:
            value = parse_number(match["number"]) * 100
        except (ValueError, KeyError):
            return 0
        cents = match["cents"]
        if cents:
            value += parse_number(cents) * (10 if len(cents) == 1 else 1)
        return int(value) if value == value.to_integral_value() and value > Decimal(0) else 0

    def _ruled_out(self, match: re.Match[str], around: "_Around") -> bool:
        return bool(
            self._before.search(around.clause)
            or self._before.search(around.left)
            or self._rough.search(around.left)
            or self._denied.search(around.left)
            or self._behind.match(around.right)
            or self._question.search(around.rest)
            or self._other.search(around.left)
            or (not match["unit"] and self._counted.match(around.right))
            or _RANGE.search(around.left)
        )

    def _kind(self, match: re.Match[str], around: "_Around") -> PriceMeaning | None:
        """What the sum is; None when it is not known to be money or the price of goods."""
        ours = not around.rest and self._held(around)
        kind = self._cue(around.left) or ("deal" if ours else self._carried(around))
        asked = bool(self._asked.match(around.right))
        pieces = bool(self.pieces.match(around.right) or self._next_pieces(around))
        held = ours or bool(kind and not around.left and not around.rest)
        coin = match["unit"] == "块" and bool(kind) and (asked or pieces or not around.rest)
        money = bool(match["sign"] or match["unit"] not in (None, "块") or match["cents"] or coin)
        called = bool(self._sums.search(around.left) or (pieces and not around.left))
        if not money and not asked and not called and not held:
            return None
        if not money and parse_number(match["number"]) in _FEW:
            return None
        if kind is None and (asked or pieces or self.pieces.search(around.left) or not around.left):
            kind = "elsewhere" if self._contrasted(around) else "deal"
        return None if kind == "gift" and self._other.search(around.sentence) else kind

    def _cue(self, text: str) -> PriceMeaning | None:
        if self._named_now.search(text):
            return "deal"
        return next((kind for kind, words in self._kinds.items() if words.search(text)), None)

    def _held(self, around: "_Around") -> bool:
        """The shop's own sum held against one before it: 别家一百二，我这里七十九."""
        return self._own.search(around.clause) is not None and self.amount.search(around.before) is not None

    def _contrasted(self, around: "_Around") -> bool:
        """A sum that the next clause holds against the price now: 九十八一盒，今天二十九块九."""
        return (
            self._kinds["deal"].search(around.next) is not None
            and self.amount.search(around.next) is not None
        )

    def _carried(self, around: "_Around") -> PriceMeaning | None:
        """What clauses before say of it; a deal goes on over other sums: 今天不是299，是199."""
        kind = self._cue(around.earlier)
        return "deal" if kind is None and self._kinds["deal"].search(around.before) else kind

    def _next_pieces(self, around: "_Around") -> re.Match[str] | None:
        return self.pieces.match(around.next) if not around.rest else None

    def _count(self, kind: PriceMeaning, around: "_Around") -> int | None:
        """For how many pieces the sum is: 99元3件, 三盒只要99, 49元/瓶."""
        if kind == "per_piece" or re.match(rf"[每一]?{self._counter}", around.right):
            return 1
        asked = self._asked.match(around.right)
        following = self.pieces.match(around.right, asked.end() if asked else 0)
        if not following:
            following = self._next_pieces(around)
            if following and following.end() != len(around.next):
                following = None
        before = list(self.pieces.finditer(around.left))
        if not around.left:
            before = list(self._bought.finditer(around.earlier))
        found = following or (before[-1] if before else None)
        return int(parse_number(found[1])) if found else None


_RANGE = re.compile(r"[0-9一二两三四五六七八九十百千](?:块钱?|元)?[到至~—–\-]$")
_STOPS = re.compile(f"[{re.escape(SENTENCE_MARKS)}\n]")
_CLAUSES = re.compile(f"[{re.escape(SENTENCE_MARKS)}，、…\n]")


class _Around:
    """The words around a sum: its sentence, its clause, and what stands left and right of it in them."""

    def __init__(self, match: re.Match[str], sums: re.Pattern[str]) -> None:
        low = max(0, match.start() - _REACH)
        text = match.string[low : match.end() + _REACH]
        start, end = match.start() - low, match.end() - low
        marks = [mark.end() for mark in _CLAUSES.finditer(text, 0, start)]
        stops = [mark.end() for mark in _STOPS.finditer(text, 0, start)]
        begin = marks[-1] if marks else 0
        first = stops[-1] if stops else 0
        before = [sum_.end() for sum_ in sums.finditer(text, begin, start) if _is_large(sum_)]
        closing = _CLAUSES.search(text, end)
        close = closing.start() if closing else len(text)
        self.left = text[max([begin, *before]) : start]
        self.rest = text[end:close]
        self.right = text[end : close + 1] if closing and closing.group() in "?？" else self.rest
        if closing and closing.group() in "?？":
            self.rest = self.right
        self.clause = text[begin:close]
        told = [sum_.end() for sum_ in sums.finditer(text, first, begin) if _is_large(sum_)]
        self.before = text[first:begin]
        self.earlier = text[max([first, *told]) : begin]
        stop = _STOPS.search(text, end)
        self.sentence = text[first : stop.start() if stop else len(text)]
        after = _CLAUSES.search(text, close + 1)
        self.next = text[close + 1 : after.start() if after else len(text)]


def _is_large(match: re.Match[str]) -> bool:
    """Whether a number in passing is a sum, not a count of pieces."""
    return bool(match["sign"] or match["unit"] or len(match["number"]) >= _SUM_LENGTH)


def _either(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


@cache
def _reader() -> _Reader:
    data, _ = load_yaml(TABLE)
    return _Reader(_Words.model_validate(data))
