"""A made-up window of posts with known shares, of any size: what can be planted can be measured.

Nothing here is anybody's words: texts are put together from the pieces of `data/invented.yaml`. Every label
is planted in exact numbers (rounded along the window, so that a part of it has its share too), and a seed
fixes every character. What was planted lies beside the posts as truth. Real posts differ more from each other
than these; figures measured here say how counting works, not how well people's words are understood.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from fairstream.columns import AT, INVENTED
from fairstream.opinion.aggregate import Window
from fairstream.records import CHINA

PART: Final = 1_000_000
"""Items of a part, about: parts are whole hours."""
TRUTH: Final = pa.schema(
    [
        ("id", pa.string()),
        ("rights", pa.bool_()),
        ("polarity", pa.string()),
        ("topics", pa.list_(pa.string())),
    ]
)
"""What was planted, a row per item."""
POSTS: Final = pa.schema(
    [("id", pa.string()), ("at", AT), ("channel", pa.string()), ("text", pa.string()), ("kind", pa.string()),
     ("author", pa.string()), ("likes", pa.int64()), ("comments", pa.int64()), ("reposts", pa.int64())],
    metadata={INVENTED: b"true"},
)  # fmt: skip
"""The columns written; they read as `columns.POSTS`."""
PLAIN, NEUTRAL, PRAISE, COMPLAINT = range(4)
"""Kinds of items: not about consumer rights, about them without opinion, praise, complaint."""
_HOUR: Final = 3_600_000
_NONE: Final = -1
_RETURNED: Final = "好评返现，五星晒图找客服领{money}元红包，{goods}还可以"

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many items of each kind and topic each hour of the window has.

    `kinds` is 3 × hours (`PLAIN`, `NEUTRAL`, `PRAISE`), `topics` topics × hours of memberships of complaints,
    `bare` hours of complaints without a topic. `second` is the share of memberships that are an item's
    second.
    """

    window: Window
    names: tuple[str, ...]
    kinds: Ints
    topics: Ints
    bare: Ints
    second: float

    @property
    def items(self) -> Ints:
        """Items of each hour, about: second memberships stay in their part, not in their hour."""
        own = self.topics.sum(axis=0) - np.round(self.topics.sum(axis=0) * self.second).astype(np.int64)
        return np.asarray(self.kinds.sum(axis=0) + self.bare + own)

    def parts(self, size: int = PART) -> list[slice]:
        """Stretches of whole hours with about `size` items each."""
        ends = np.cumsum(self.items)
        number = (ends - 1) // size
        starts = np.flatnonzero(np.concatenate(([True], number[1:] != number[:-1])))
        return [slice(int(a), int(b)) for a, b in zip(starts, [*starts[1:], len(ends)], strict=True)]


class Part(NamedTuple):
    """Some consecutive hours: posts in the order of time, and what was planted."""

    posts: pa.Table
    truth: pa.Table


@cache
def pieces() -> Mapping[str, Any]:
    """The pieces of texts and the planted shares."""
    text = files("fairstream.opinion").joinpath("data/invented.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def plan(items: int, window: Window) -> Plan:
    """Exact numbers for a window of about `items` items (short of it by the items that have two topics)."""
    data, shares = pieces(), pieces()["shares"]
    weights = _weights(window)
    rights = round(items * shares["rights"])
    complaint, praise = round(rights * shares["complaint"]), round(rights * shares["praise"])
    names = tuple(data["topics"])
    second = data["second"] / (1 + data["second"])
    counts = [round(complaint * share) for share in data["topics"].values()]
    bare = max(complaint - sum(counts) + round(sum(counts) * second), 0)
    kinds = [items - rights, rights - complaint - praise, praise]
    return Plan(
        window,
        names,
        np.stack([_spread(count, weights) for count in kinds]),
        np.stack([_spread(c, weights * _burst(n, len(weights))) for c, n in zip(counts, names, strict=True)]),
        _spread(bare, weights),
        second,
    )


def _weights(window: Window) -> Floats:
    """Weight of each hour."""
    data = pieces()
    places, heights = zip(*data["days"], strict=True)
    of_day = np.interp(np.linspace(0, 1, len(window)), places, heights)
    return np.asarray(np.outer(of_day, data["hours"]).ravel())


def _burst(topic: str, hours: int) -> Floats:
    begin, end, times = pieces()["bursts"].get(topic, (0, 0, 1))
    place = np.arange(hours) / hours
    return np.where((place >= begin) & (place < end), float(times), 1.0)


def _spread(count: int, weights: Floats) -> Ints:
    """`count` items over the hours by weight, rounded along the way so that the sum is exact."""
    ends = np.round(count * np.cumsum(weights) / weights.sum()).astype(np.int64)
    return np.asarray(np.diff(ends, prepend=0))


def parts(made: Plan, seed: int, size: int = PART) -> Iterator[Part]:
    """All parts of a window in order."""
    for number, hours in enumerate(made.parts(size)):
        yield part(made, number, hours, seed)


def part(made: Plan, number: int, hours: slice, seed: int) -> Part:
    """One part; the same for the same plan, seed and number, whatever else was made."""
    random = np.random.default_rng([seed, number])
    labels = _labels(made, hours, random)
    order = np.argsort(labels.at, kind="stable")
    labels = Labels(*(column[order] for column in labels))
    source = _sources(labels, random)
    texts = _texts(labels, made.names, random)
    return _table(labels, source, texts, made, number, random)


class Labels(NamedTuple):
    """Rows of a part: time, kind (`PLAIN` …), first and second topic (−1: none)."""

    at: Ints
    kind: Ints
    topic: Ints
    second: Ints


def _labels(made: Plan, hours: slice, random: np.random.Generator) -> Labels:
    width = range(*hours.indices(made.kinds.shape[1]))
    slots = np.arange(width.start, width.stop)
    rows = [
        _rows(np.repeat(slots, made.kinds[kind, hours]), kind, _NONE, made, random)
        for kind in range(COMPLAINT)
    ]
    rows.append(_rows(np.repeat(slots, made.bare[hours]), COMPLAINT, _NONE, made, random))
    members = [
        _rows(np.repeat(slots, made.topics[topic, hours]), COMPLAINT, topic, made, random)
        for topic in range(len(made.names))
    ]
    joined = Labels(*(np.concatenate(column) for column in zip(*members, strict=True)))
    rows.append(_seconds(joined, made.second, random))
    return Labels(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _rows(slots: Ints, kind: int, topic: int, made: Plan, random: np.random.Generator) -> Labels:
    start = int(datetime.combine(made.window.start, time(), CHINA).timestamp() * 1000)
    at = start + slots * _HOUR + random.integers(0, _HOUR, len(slots))
    return Labels(at, *(np.full(len(slots), value, dtype=np.int64) for value in (kind, topic, _NONE)))


def _seconds(members: Labels, share: float, random: np.random.Generator) -> Labels:
    """Some memberships become the second topic of an item of another topic; none is lost."""
    order = random.permutation(len(members.topic))
    count = round(len(order) * share)
    guests, hosts = order[:count], order[count:]
    second = members.second.copy()
    chosen = hosts[:count]
    for _ in range(20):
        clash = np.flatnonzero(members.topic[guests] == members.topic[chosen])
        if not len(clash):
            break
        partner = random.permutation(count)[: len(clash)]
        guests[clash], guests[partner] = guests[partner], guests[clash]
    paired = members.topic[guests] != members.topic[chosen]
    second[chosen[paired]] = members.topic[guests[paired]]
    kept = np.sort(np.concatenate((hosts, guests[~paired])))
    return Labels(members.at[kept], members.kind[kept], members.topic[kept], second[kept])


class Sources(NamedTuple):
    """For each row the row whose words it repeats (itself when none), and how: `COPY_HOW`."""

    row: Ints
    how: Ints


COPY_HOW: Final = ("", "same", "repost", "near")


def _sources(labels: Labels, random: np.random.Generator) -> Sources:
    """Copies repeat an earlier original with the same labels, so that shares stay as planted."""
    count = len(labels.at)
    shares = [pieces()["copies"][how] for how in COPY_HOW[1:]]
    how = np.searchsorted(np.cumsum(shares), random.random(count), side="right")
    how = np.where(how < len(shares), how + 1, 0)
    row = np.arange(count)
    code = (labels.kind * 64 + labels.topic + 1) * 64 + labels.second + 1
    for one in np.unique(code):
        own = np.flatnonzero(code == one)
        how[own[0]] = 0
        originals = own[how[own] == 0]
        copies = own[how[own] > 0]
        before = np.searchsorted(originals, copies)
        row[copies] = originals[(random.random(len(copies)) * before).astype(np.int64)]
    return Sources(row, how)


def _texts(labels: Labels, names: Sequence[str], random: np.random.Generator) -> pa.Array:
    """The words of every row as if it were an original."""
    writer = _Writer(len(labels.at), random)
    complaint, praise = labels.kind == COMPLAINT, labels.kind == PRAISE
    live = names.index("live")
    scene = (labels.topic == live) | (labels.second == live)
    told = pc.if_else(pa.array(scene), writer.filled("scenes"), writer.filled("details"))
    bad = pa.array([None] * len(labels.at), pa.string())
    for number, name in enumerate(names):
        bad = pc.if_else(pa.array(labels.topic == number), writer.any_of(pieces()["complaints"][name]), bad)
    bad = pc.if_else(bad.is_null(), writer.any_of(pieces()["other_complaints"]), bad)
    more = writer.any_of(pieces()["anger"])
    for number, name in enumerate(names):
        both = pa.array(labels.second == number)
        again = pa.array(
            (labels.topic == number) & (labels.second == _NONE) & (random.random(len(scene)) < 0.5)
        )
        clause = writer.any_of(pieces()["complaints"][name])
        more = pc.if_else(pc.or_(both, again), clause, more)
    opening = writer.any_of(pieces()["openings"])
    between, after = writer.any_of(pieces()["fillers"]), writer.any_of(pieces()["fillers"])
    ending, good = writer.any_of(pieces()["endings"]), writer.any_of(pieces()["good_endings"])
    praised, also = writer.any_of(pieces()["praises"]), writer.any_of(pieces()["praises"])
    complaints = _joined(opening, told, "，", between, "，", bad, "，", more, "，", after, ending)
    praises = _joined(opening, told, "，", between, "，", praised, "，", after, "，", also, good)
    paid = pa.array(praise & (random.random(len(praise)) < 0.003))
    praises = pc.if_else(paid, writer.filled_one(_RETURNED), praises)
    asked = writer.any_of(pieces()["neutral_rights"])
    neutral = _joined(opening, told, "，", between, "，", asked, "。", after)
    idle = [writer.any_of(pieces()["others"] + pieces()["others_more"]) for _ in range(3)]
    moment, tail = writer.filled("moments"), writer.any_of(pieces()["other_tails"])
    plain = _joined(idle[0], "，", moment, "，", idle[1], "，", between, "，", idle[2], "，", after, tail)
    rest = pc.if_else(pa.array(labels.kind == NEUTRAL), neutral, plain)
    return pc.if_else(pa.array(complaint), complaints, pc.if_else(pa.array(praise), praises, rest))


def _joined(*columns: Any) -> pa.Array:
    return pc.binary_join_element_wise(*columns, "")


class _Writer:
    """Columns of pieces for the rows of a part."""

    def __init__(self, rows: int, random: np.random.Generator) -> None:
        self._rows, self._random = rows, random

    def any_of(self, words: Sequence[str]) -> pa.Array:
        """One of the words for each row."""
        return pa.array(words, pa.string()).take(pa.array(self._random.integers(0, len(words), self._rows)))

    def number(self, low: int, high: int) -> pa.Array:
        """A number for each row."""
        return pa.array(self._random.integers(low, high, self._rows)).cast(pa.string())

    def filled(self, name: str) -> pa.Array:
        """One of the templates for each row, with its slots filled."""
        templates = pieces()[name]
        chosen = self._random.integers(0, len(templates), self._rows)
        found = pa.array([None] * self._rows, pa.string())
        for number, template in enumerate(templates):
            found = pc.if_else(pa.array(chosen == number), self.filled_one(template), found)
        return found

    def filled_one(self, template: str) -> pa.Array:
        """One template for all rows, with its slots filled."""
        split = template.replace("{", "\0{").replace("}", "}\0").split("\0")
        return _joined(*(self._slot(piece[1:-1]) if piece.startswith("{") else piece for piece in split), "")

    def _slot(self, name: str) -> pa.Array:
        if name in ("goods", "shop", "host", "city"):
            return self.any_of(
                pieces()[{"goods": "goods", "shop": "shops", "host": "hosts", "city": "cities"}[name]]
            )
        low, high = {"money": (9, 2000), "month": (10, 12), "day": (1, 31), "tail": (1000, 10000)}[name]
        return self.number(low, high)


def _table(
    labels: Labels, source: Sources, texts: pa.Array, made: Plan, number: int, random: np.random.Generator
) -> Part:
    count = len(labels.at)
    ids = pc.binary_join_element_wise(f"i{number:04}", pa.array(np.arange(count)).cast(pa.string()), "-")
    words = texts.take(pa.array(source.row))
    author = pa.array(_authors(count, random)).cast(pa.string())
    channel = _channels(count, random)
    named = pc.binary_join_element_wise("转发//@用户", author.take(pa.array(source.row)), "：", words, "")
    near = pc.binary_join_element_wise(words, " 转给大家看看", "")
    words = pc.if_else(pa.array(source.how == 2), named, pc.if_else(pa.array(source.how == 3), near, words))
    reach = np.floor(random.lognormal(0.5, 1.6, (3, count))).astype(np.int64)
    kind = pc.if_else(pa.array(random.random(count) < 0.35), pa.scalar("comment"), pa.scalar("post"))
    author = pc.binary_join_element_wise("u", author, "")
    at = pa.array(labels.at).cast(AT)
    posts = pa.table([ids, at, channel, words, kind, author, *map(pa.array, reach)], schema=POSTS)
    polarity = pa.array(["neither", "neither", "praise", "complaint"]).take(pa.array(labels.kind))
    topics = _topic_lists(labels, made.names)
    truth = pa.table([ids, pa.array(labels.kind != PLAIN), polarity, topics], schema=TRUTH)
    return Part(posts, truth)


def _authors(count: int, random: np.random.Generator) -> Ints:
    """Some write more than others: the number of an author is a power of a uniform number."""
    return np.asarray((random.random(count) ** 1.2 * max(count, 100)).astype(np.int64))


def _channels(count: int, random: np.random.Generator) -> pa.Array:
    shares = pieces()["channels"]
    ends = np.round(count * np.cumsum(list(shares.values()))).astype(np.int64)
    number = np.searchsorted(ends, np.arange(count), side="right").clip(max=len(shares) - 1)
    return pa.array(list(shares), pa.string()).take(pa.array(random.permutation(number)))


def _topic_lists(labels: Labels, names: Sequence[str]) -> pa.ListArray:
    both = np.stack([labels.topic, labels.second], axis=1)
    held = both >= 0
    offsets = np.concatenate(([0], np.cumsum(held.sum(axis=1)))).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(names, pa.string()).take(pa.array(both[held]))
    )


def planted(made: Plan) -> dict[str, float]:
    """The shares of the plan: `rights` of all items, `complaint` of these, each topic of the complaints."""
    complaints = int(made.bare.sum() + made.topics.sum() - round(made.topics.sum() * made.second))
    rights = int(made.kinds[NEUTRAL].sum() + made.kinds[PRAISE].sum()) + complaints
    total = rights + int(made.kinds[PLAIN].sum())
    topics = {
        name: float(counts.sum()) / complaints for name, counts in zip(made.names, made.topics, strict=True)
    }
    return {"rights": rights / total, "complaint": complaints / rights, **topics}
