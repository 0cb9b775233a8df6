"""Findings in sentences made into syllables and spoilt as the recogniser spoils them: simulated, not heard.

Sentences: the claims of published cases and the lawful texts of ../shared/casebench (development half), and
shop reviews (5,000 of online_shopping_9_cats). Signs are left out, marks stay, ASCII digits are read aloud.
Errors are drawn with fixed seeds from the kinds and pairs counted on the clips, at a given share of
syllables. Claims, lawful texts and reviews are those of the half (by hash of the id) that no threshold was
set on; the other half is printed with --tuned. What the rules find in the characters as published, read as a
host's speech, is the reference: the best any method can do. A finding is recalled when one of the same
conduct overlaps its place.

Methods: `characters` are the spelt characters through the rules as if somebody had typed them; `sound` is
what the product does: the same characters, and the reading by sound beside them.
"""

import hashlib
import json
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
from hearing_errors import Errors

from fairstream.detect.engine import Scanner
from fairstream.records import Finding, Sound, Span, Text
from fairstream.text.syllables import parse, sounds_of, spell

RATES = (0.0, 0.05, 0.11, 0.2)
SEEDS = (1, 2, 3)
REVIEWS = 5_000
MARKS = frozenset("。！？；，、：,.!?;:")
SURE = 0.9
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_NUMERALS = "零一二三四五六七八九"


class Spoilt(NamedTuple):
    """A text as a recogniser may have written it, and where each of its characters was said."""

    text: Text
    places: tuple[int, ...]


def simulated(scanner: Scanner, errors: Errors, shared: Path, *, tuned: bool = False) -> None:
    """Print recall on violating sentences, false alarms on lawful ones, and what it costs in time."""
    half = 0 if tuned else 1
    claims = [text for text in _claims(shared / "casebench" / "cases.jsonl") if _half(text.id) == half]
    lawful = [text for text in _lawful(shared / "casebench" / "benign.jsonl") if _half(text.id) == half]
    reviews = [text for text in _reviews(shared / "data") if _half(text.id) == half]
    known = scanner.scan(claims)
    print(
        f"half {half}: {len(claims)} claims of {len({text.id.split()[0] for text in claims})} cases, "
        f"{sum(map(len, known))} findings in their characters; "
        f"{len(lawful)} lawful texts, {len(reviews)} reviews; seeds {', '.join(map(str, SEEDS))}"
    )
    flagged = {name: scanner.scan(texts) for name, texts in (("lawful", lawful), ("reviews", reviews))}
    for name, found in flagged.items():
        print(f"as published: {name} flagged {share(sum(map(bool, found)), len(found))}")
    for rate in RATES:
        for method in ("characters", "sound"):
            spoken = [_heard(text, rate, seed, errors, method) for seed in SEEDS for text in claims]
            found = scanner.scan([one.text for one in spoken])
            hits = [
                any(_recalled(finding, other, one.places) for other in own)
                for one, own, wanted in zip(spoken, found, known * len(SEEDS), strict=True)
                for finding in wanted
            ]
            print(f"{rate:.0%} errors, {method:10}: recalled {share(sum(hits), len(hits))}")
            for name, texts in (("lawful", lawful), ("reviews", reviews)):
                heard = [_heard(text, rate, 1, errors, method).text for text in texts]
                alarms = list(map(bool, scanner.scan(heard)))
                new = sum(a and not b for a, b in zip(alarms, map(bool, flagged[name]), strict=True))
                print(f"    {name} flagged {share(sum(alarms), len(alarms))}, of them not as published {new}")
    _speed(scanner, [_heard(text, 0.11, 1, errors, "sound").text for text in reviews])


def _recalled(wanted: Finding, found: Finding, places: Sequence[int]) -> bool:
    if wanted.conduct not in (found.conduct, *found.conduct_also) or found.span.end <= found.span.start:
        return False
    first, last = places[found.span.start], places[found.span.end - 1]
    return first < wanted.span.end and wanted.span.start <= last


def _heard(text: Text, rate: float, seed: int, errors: Errors, method: str) -> Spoilt:
    dice = random.Random(f"{seed} {text.id}")
    spoilt = errors.spoil(sounds_of(text.text), rate, dice)
    sounds = [sound for sound, _ in spoilt]
    written = spell(sounds)
    places = tuple(place for _, place in spoilt)
    if method == "characters":
        return Spoilt(replace(text, text=written), places)
    heard = tuple(Sound(sound, Span(at, at + 1), 0, 0, SURE) for at, sound in enumerate(sounds))
    return Spoilt(replace(text, text=written, heard="syllables", sounds=heard), places)


def _speed(scanner: Scanner, heard: Sequence[Text]) -> None:
    """Processor time of a scan of syllables over that of the same characters as if typed, in this run."""
    typed = [replace(text, heard="given", sounds=()) for text in heard]
    scanner.scan(heard[:50])
    ratios, rates = [], []
    for _ in range(5):
        seconds = []
        for texts in (typed, heard):
            began = time.process_time()
            scanner.scan(texts)
            seconds.append(time.process_time() - began)
        ratios.append(seconds[1] / seconds[0])
        rates.append(sum(len(text.text) for text in heard) / seconds[1])
    print(
        f"speed: {len(heard)} texts of syllables take {statistics.median(ratios):.1f} times as long as typed "
        f"ones, {statistics.median(rates):,.0f} syllables a processor second (median of 5)"
    )


def _half(identifier: str) -> int:
    return hashlib.sha256(identifier.split()[0].encode()).digest()[0] & 1


def _claims(path: Path) -> Iterator[Text]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        for number, claim in enumerate(case["claims"]):
            yield _text(f"{case['id']} {number}", claim, case.get("product") or "")


def _lawful(path: Path) -> Iterator[Text]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        yield _text(item["id"], item["text"])


def _reviews(folder: Path) -> Iterator[Text]:
    table = pq.read_table(folder / "online_shopping_9_cats.parquet")
    texts = [text for text in table.column("review").to_pylist() if text]
    for number in random.Random(7).sample(range(len(texts)), REVIEWS):
        yield _text(f"review-{number}", texts[number])


def _text(identifier: str, written: str, product: str = "") -> Text:
    return Text(identifier, said(written), product=product, medium="speech", speaker="host")


def said(written: str) -> str:
    """A text as one would say it: numbers in words, no signs; marks stay."""
    aloud = _NUMBER.sub(lambda found: _number(found.group()), written)
    sounds = zip(aloud, sounds_of(aloud), strict=True)
    return "".join(c for c, sound in sounds if c in MARKS or parse(sound) or (c.isascii() and c.isalnum()))


def _number(digits: str) -> str:
    percent = digits.endswith("%")
    whole, _, part = digits.removesuffix("%").partition(".")
    aloud = _whole(int(whole)) if len(whole) < 9 else "".join(_NUMERALS[int(d)] for d in whole)
    aloud += ("点" + "".join(_NUMERALS[int(d)] for d in part)) if part else ""
    return f"百分之{aloud}" if percent else aloud


def _whole(number: int) -> str:
    for size, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            high, rest = divmod(number, size)
            head = "" if size == 10 and high == 1 else _whole(high)
            gap = "零" if 0 < rest < size // 10 else ""
            return head + name + (gap + _whole(rest) if rest else "")
    return _NUMERALS[number]


def share(hits: int, count: int) -> str:
    """A share with its 95 % interval (E. B. Wilson 1927)."""
    if not count:
        return "–"
    z, rate = 1.96, hits / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    wide = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{hits}/{count} = {rate:.3f} ({middle - wide:.3f}–{middle + wide:.3f})"
