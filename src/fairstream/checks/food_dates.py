"""Dates, shelf life, producer and licence on food labels against the day of the broadcast."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.label_places import CHINA, places
from fairstream.checks.papers import compiled
from fairstream.checks.scene import SPOKEN, Hit, Scene
from fairstream.facts import Label
from fairstream.records import Listing, Side, Words

FOOD: Final = frozenset({"ordinary_food", "health_food", "fsmp", "infant_formula", "alcohol"})
"""Classes that are food in the sense of the food safety law; drinks with alcohol are."""
UNSAID_BEFORE: Final = 8
"""Characters before words in which they are taken back."""
_ITEMS: Final = {
    "date": Words("生产日期", "production date"),
    "shelf": Words("保质期", "shelf life"),
    "producer": Words("生产者", "producer"),
    "licence": Words("生产许可证编号", "production licence number"),
}


def expired(scene: Scene, about: About) -> Iterator[Outcome]:
    """Food on sale after its last good day; that day itself is still good (food-safety-law 34, 124)."""
    yield from _without_labels(scene, about)
    for label in scene.facts.labels:
        kind = _class(scene, label)
        days = last_good_days(label)
        if kind not in FOOD and (kind != "unknown" or not days or max(days) >= scene.on):
            continue
        filling = _filling(scene, label, last=max(days) if days else "")
        if kind == "unknown":
            yield about.undecidable("class-unknown", "listings", **filling)
        elif not days:
            yield about.undecidable("no-dates", "labels", **filling)
        elif max(days) < scene.on:
            yield about.suspected("expired", over=(scene.on - max(days)).days, **filling)
        elif min(days) < scene.on:
            yield about.undecidable("two-dates", "labels", first=min(days), **filling)
        else:
            yield about.clear("good", **filling)


def unmarked(scene: Scene, about: About) -> Iterator[Outcome]:
    """Food whose label lacks what every packed food must bear (food-safety-law 67, 125).

    It lacks what is not on a label read off whole, and what the room itself says that it lacks.
    """
    loose, exempt = (re.compile("|".join(about.words[name])) for name in ("loose", "exempt"))
    admitted = _admitted(scene, about)
    for listing_id, said in admitted.items():
        if listing_id not in {label.listing_id for label in scene.facts.labels}:
            yield _of_words(scene, about, listing_id, said)
    if not admitted:
        yield from _without_labels(scene, about)
    for label in scene.facts.labels:
        if _class(scene, label) not in FOOD:
            continue
        text = _title(scene, label)
        lacking = list(_lacking(label, imported=_imported(label)))
        filling = _filling(scene, label, items=_listed(lacking))
        if not _tells(label) and not label.complete:
            yield about.undecidable("empty", "labels", **filling)
        elif not lacking:
            yield about.clear("complete", **filling)
        elif label.listing_id in admitted and not loose.search(text):
            yield about.suspected("admitted", said=admitted[label.listing_id], **filling)
        elif loose.search(text):
            yield about.undecidable("loose", "listings", **filling)
        elif lacking == ["shelf"] and (exempt.search(text) or _class(scene, label) == "alcohol"):
            yield about.undecidable("exempt", "labels", **filling)
        elif label.complete:
            yield about.suspected("lacks", **filling)
        else:
            yield about.undecidable("incomplete", "labels", **filling)


def _admitted(scene: Scene, about: About) -> dict[str, tuple[Side, ...]]:
    """What the room says of food that bears no date, shelf life or maker, by listing; packed or not."""
    found: dict[str, tuple[Side, ...]] = {}
    for hit in scene.find(compiled(*about.words["admitted"]), *SPOKEN):
        listing = scene.listings.get(hit.wording.listing_id or "")
        if listing is None or listing.product_class not in FOOD or _unsaid(about, hit):
            continue
        if not (hit.match.group().endswith("保质期") and _exempt(about, listing)):
            found[listing.id] = (*found.get(listing.id, ()), hit.side)
    return found


def _exempt(about: About, listing: Listing) -> bool:
    """Whether the goods are of a kind that may need no shelf life."""
    page = f"{listing.title}\n{listing.description}"
    return listing.product_class == "alcohol" or compiled(*about.words["exempt"]).search(page) is not None


def _unsaid(about: About, hit: Hit) -> bool:
    """Whether the words are asked, denied, or spoken of other people's goods."""
    text = hit.match.string
    before = text[max(0, hit.match.start() - UNSAID_BEFORE) : hit.match.start()]
    asked = compiled(*about.words["asked"]).match(text[hit.match.end() :])
    return compiled(*about.words["unsaid"]).search(before) is not None or asked is not None


def _of_words(scene: Scene, about: About, listing_id: str, said: tuple[Side, ...]) -> Outcome:
    """Words alone, with no label handed in: packed food that is said to bear nothing."""
    listing = scene.listings[listing_id]
    filling: dict[str, Any] = {
        "subject": listing_id, "listing_id": listing_id, "goods": listing.title, "said": said,
        "items": _ITEMS["date"],
    }  # fmt: skip
    if compiled(*about.words["loose"]).search(f"{listing.title}\n{listing.description}"):
        return about.undecidable("loose", "listings", **filling)
    return about.suspected("admitted", **filling)


def future(scene: Scene, about: About) -> Iterator[Outcome]:
    """A production date that cannot be true: after the broadcast, or after the end of the shelf life."""
    yield from _without_labels(scene, about)
    for label in scene.facts.labels:
        if _class(scene, label) not in FOOD or label.produced_on is None:
            continue
        filling = _filling(scene, label, produced=label.produced_on, expires=label.expires_on)
        if label.produced_on > scene.on:
            yield about.suspected("future", ahead=(label.produced_on - scene.on).days, **filling)
        elif label.expires_on is not None and label.expires_on < label.produced_on:
            yield about.suspected("backwards", **filling)
        else:
            yield about.clear("possible", **filling)


def last_good_days(label: Label) -> set[date]:
    """The last good day by the printed end and by shelf life, the day of production not counted."""
    days = set() if label.expires_on is None else {label.expires_on}
    if label.produced_on is not None and label.shelf_life_days is not None:
        try:
            days.add(label.produced_on + timedelta(days=label.shelf_life_days))
        except OverflowError:
            days.add(date.max)
    return days


def _without_labels(scene: Scene, about: About) -> Iterator[Outcome]:
    """One undecidable outcome when there may be food but no label was handed in."""
    classes = {listing.product_class for listing in scene.broadcast.listings}
    if not scene.facts.labels and (not classes or classes & {*FOOD, "unknown"}):
        yield about.undecidable("none", "labels")


def _lacking(label: Label, *, imported: bool) -> Iterator[str]:
    if label.produced_on is None:
        yield "date"
    if label.shelf_life_days is None and label.expires_on is None:
        yield "shelf"
    if label.producer is None:
        yield "producer"
    if label.licence_number is None and not imported:
        yield "licence"


def _tells(label: Label) -> bool:
    """Whether anything at all was read off the label."""
    return bool(
        label.materials
        or label.origin
        or label.producer
        or label.licence_number
        or label.produced_on
        or label.expires_on
        or label.shelf_life_days is not None
    )


def _imported(label: Label) -> bool:
    """Imported food bears origin and agent, not a domestic licence (food-safety-law 97)."""
    spots = places().found(label.origin or "")
    return any(spot.country != CHINA or spot.customs for spot in spots)


def _listed(lacking: list[str]) -> Words:
    return Words(
        "、".join(_ITEMS[item].zh for item in lacking), ", ".join(_ITEMS[item].en for item in lacking)
    )


def _class(scene: Scene, label: Label) -> str:
    listing = scene.listings.get(label.listing_id)
    return "unknown" if listing is None else listing.product_class


def _title(scene: Scene, label: Label) -> str:
    listing = scene.listings.get(label.listing_id)
    return "" if listing is None else f"{listing.title}\n{listing.description}"


def _filling(scene: Scene, label: Label, **filling: object) -> dict[str, Any]:
    listing = scene.listings.get(label.listing_id)
    return {
        "subject": label.listing_id,
        "listing_id": label.listing_id,
        "known": (_side(label),),
        "goods": listing.title if listing else label.listing_id,
        "on": scene.on,
        **filling,
    }


def _side(label: Label) -> Side:
    parts = (
        ("生产日期", "produced", label.produced_on),
        ("保质期（日）", "shelf life in days", label.shelf_life_days),
        ("保质期至", "good until", label.expires_on),
        ("生产者", "producer", label.producer),
        ("许可证", "licence", label.licence_number),
        ("产地", "origin", label.origin),
    )
    given = [(zh, en, value) for zh, en, value in parts if value is not None]
    zh = "，".join(f"{name} {value}" for name, _, value in given) or "没有任何事项"
    en = ", ".join(f"{name} {value}" for _, name, value in given) or "nothing"
    return fact("labels", Words(f"标签：{zh}", f"label: {en}"), label)


CHECKS = {
    "food-dates/expired": expired,
    "food-dates/unmarked": unmarked,
    "food-dates/future": future,
}
