"""A barred room that may have come back under a new account: marks the two rooms share; a lead only.

live-ecommerce-measures-2026 14: who is blacklisted may not return under another account. Weights and
threshold are a design choice, no law. A mark that several other rooms bear too (the account of an agency,
words every room says) is no mark.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.scene import SPOKEN, Hit, Scene
from fairstream.facts import OtherRoom
from fairstream.records import Side, Words
from fairstream.text.fold import Folder

MARKS: Final[dict[str, Words]] = {
    "payee": Words("收款账户", "payee"),
    "licence": Words("证照号码", "licence numbers"),
    "goods": Words("商品", "goods"),
    "phrases": Words("特有话语", "phrases"),
}
MISSING: Final[dict[str, str]] = {
    "payee": "payees",
    "licence": "licences",
    "goods": "listings",
    "phrases": "utterances",
}
_SIGNS: Final = re.compile(r"[^\w]+")
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of mark compared: what both rooms share, or None when one side is not known."""

    name: str
    shared: tuple[str, ...] | None
    said: tuple[Side, ...] = ()


def reappearing(scene: Scene, about: About) -> Iterator[Outcome]:
    """Each barred room against this one."""
    rooms = scene.facts.other_rooms
    if not rooms:
        yield about.undecidable("no-rooms", "other_rooms")
    for room in rooms:
        yield _against(room, scene, about)


def _against(room: OtherRoom, scene: Scene, about: About) -> Outcome:
    subject = room.room
    if room.barred_on is None:
        return about.undecidable("no-date", "other_rooms", subject=subject, room=subject)
    if room.barred_on > scene.on:
        return about.clear("not-yet", subject=subject, room=subject, barred=room.barred_on)
    known = (
        fact(
            "other_rooms",
            Words(f"{subject}，{room.barred_on} 被禁", f"{subject}, barred {room.barred_on}"),
            room,
        ),
    )
    if scene.broadcast.room == subject:
        return about.suspected(
            "same-account", subject=subject, known=known, room=subject, barred=room.barred_on
        )
    marks = _marks(room, scene, about)
    alike = [mark for mark in marks if mark.shared]
    unlike = [mark for mark in marks if mark.shared == ()]
    unknown = [mark for mark in marks if mark.shared is None]
    score = sum(weight(mark, about) for mark in alike)
    possible = score + sum(about.limits[mark.name] for mark in unknown)
    told: dict[str, Any] = {
        "room": subject,
        "alike": _listed(alike, with_marks=True),
        "unlike": _listed(unlike),
        "score": f"{score:.2f}",
        "threshold": f"{about.limits['threshold']:.2f}",
    }
    said = tuple(side for mark in alike for side in mark.said)
    if reaches(score, about):
        return about.suspected("marks", subject=subject, said=said, known=known, **told)
    if reaches(possible, about):
        missing = [MISSING[mark.name] for mark in unknown]
        return about.undecidable("open", *missing, subject=subject, said=said, known=known, **told)
    return about.clear("few", subject=subject, said=said, known=known, **told)


def weight(mark: Mark, about: About) -> float:
    """What a shared mark counts: in full for payee and licence, by number for goods and phrases."""
    full = about.limits.get(f"{mark.name}_full", 1)
    return about.limits[mark.name] * min(1.0, len(mark.shared or ()) / full)


def reaches(score: float, about: About) -> bool:
    """Whether a score reaches the threshold; rounded, as weights are decimal fractions."""
    return round(score, 6) >= about.limits["threshold"]


def _marks(room: OtherRoom, scene: Scene, about: About) -> tuple[Mark, ...]:
    others, most = scene.facts.other_rooms, about.limits["common_rooms"]
    licences = [licence.number for licence in scene.facts.licences]
    licences += [shop.uscc for shop in scene.broadcast.shops if shop.uscc]
    page = scene.facts.account_page
    licences += [page.uscc] if page and page.uscc else []
    payees = _rare(room.payees, (other.payees for other in others), most)
    numbers = _rare(room.licence_numbers, (other.licence_numbers for other in others), most)
    titles = [listing.title for listing in scene.broadcast.listings]
    return (
        Mark("payee", _shared(payees, room.payees, scene.facts.payees)),
        Mark("licence", _shared(numbers, room.licence_numbers, licences)),
        Mark("goods", _similar(room.listing_titles, titles, about.limits["similar"])),
        _phrases(room, scene, about, most),
    )


def plain(text: str) -> str:
    """A text for comparison: folded (simplified, lower case), without signs and spaces."""
    batch = Folder().fold([text], evasion=False)
    return _SIGNS.sub("", batch.reading(0))


def _rare(mine: Iterable[str], all_rooms: Iterable[Iterable[str]], most: float) -> list[str]:
    count = Counter(text for texts in all_rooms for text in {plain(one) for one in texts})
    return [text for text in mine if count[plain(text)] <= most]


def _shared(rare: Iterable[str], theirs: tuple[str, ...], ours: Iterable[str]) -> tuple[str, ...] | None:
    here = {plain(text) for text in ours}
    if not theirs or not here:
        return None
    return tuple(text for text in rare if plain(text) in here)


def _similar(theirs: tuple[str, ...], ours: list[str], least: float) -> tuple[str, ...] | None:
    if not theirs or not ours:
        return None
    here = [pairs(title) for title in ours]
    return tuple(title for title in theirs if any(likeness(pairs(title), one) >= least for one in here))


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, never none: of a single character itself."""
    bare = plain(text)
    return frozenset(bare[n : n + _PAIR] for n in range(max(1, len(bare) - 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pairs two texts have in common (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other)


def _phrases(room: OtherRoom, scene: Scene, about: About, most: float) -> Mark:
    if not room.phrases or not any(wording.medium in SPOKEN for wording in scene.wordings):
        return Mark("phrases", None)
    listed = (other.phrases for other in scene.facts.other_rooms)
    own = [text for text in _rare(room.phrases, listed, most) if is_own(text, about)]
    found = {text: next(scene.find(_spoken(text), *SPOKEN), None) for text in dict.fromkeys(own)}
    hits: dict[str, Hit] = {text: hit for text, hit in found.items() if hit is not None}
    return Mark("phrases", tuple(hits), tuple(hit.side for hit in hits.values()))


def is_own(phrase: str, about: About) -> bool:
    """Whether enough of a phrase is left once the words every room says are taken away."""
    rest = plain(phrase)
    for common in sorted(about.words["common"], key=len, reverse=True):
        rest = rest.replace(plain(common), "")
    return len(rest) >= about.limits["phrase_length"]


def _spoken(phrase: str) -> re.Pattern[str]:
    """The phrase with any signs or spaces between its characters."""
    return re.compile(r"[^\w]*".join(map(re.escape, plain(phrase))))


def _listed(marks: list[Mark], *, with_marks: bool = False) -> Words:
    def one(mark: Mark, language: Callable[[Words], str]) -> str:
        name = language(MARKS[mark.name])
        return f"{name}「{'、'.join(mark.shared or ())}」" if with_marks else name

    return Words(
        "；".join(one(mark, lambda words: words.zh) for mark in marks) or "无",
        "; ".join(one(mark, lambda words: words.en) for mark in marks) or "none",
    )


CHECKS = {"room/reappearing": reappearing}
