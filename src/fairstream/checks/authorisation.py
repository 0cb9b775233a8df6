"""Brands on sale, or claimed aloud, against the chain of authorisations from the owner to the seller."""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.label_firms import same_firm, sellers
from fairstream.checks.scene import Hit, Scene
from fairstream.facts import Authorisation
from fairstream.records import Side, Words

Term = Literal["valid", "undated", "not-yet", "expired"]
MOST_SIDES: Final = 5
_CLAUSE: Final = re.compile(r"[，。！？、；,.!?;\s]")
_GAPS: Final = {
    "not-yet": Words(
        "授权尚未开始（{grantor}→{grantee}，自 {day}）", "not yet begun ({grantor}→{grantee}, from {day})"
    ),
    "expired": Words(
        "授权已经到期（{grantor}→{grantee}，至 {day}）", "ended ({grantor}→{grantee}, until {day})"
    ),
}


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand to be authorised: the listings that bear it and the words that claim it."""

    name: str
    listing_id: str | None
    said: tuple[Hit, ...]


def authorisation(scene: Scene, about: About) -> Iterator[Outcome]:
    """One outcome for each brand of the listings, and for claims of authorisation that name none."""
    hits = list(_claims(scene, about))
    for brand in _brands(scene, hits):
        yield _judge(scene, about, brand)
    names = {listing.id for listing in scene.broadcast.listings if listing.brand}
    lost = [hit for hit in hits if hit.wording.listing_id not in names]
    if lost:
        yield about.undecidable(
            "brand-unknown",
            "listings",
            subject=lost[0].wording.unit,
            said=tuple(hit.side for hit in lost[:MOST_SIDES]),
            quote=lost[0].quote,
        )


def term(link: Authorisation, on: date) -> Term:
    """Whether a link holds on a day; both ends of its term are days on which it does."""
    if link.valid_from is not None and on < link.valid_from:
        return "not-yet"
    if link.valid_until is not None and on > link.valid_until:
        return "expired"
    return "undated" if None in (link.valid_from, link.valid_until) else "valid"


def shortest(
    links: Sequence[Authorisation], start: Sequence[str], goal: Sequence[str]
) -> tuple[tuple[Authorisation, ...] | None, str]:
    """The shortest chain of links from one of the starts to one of the goals, and the last name reached.

    Links that lead in circles end the search as any other: no name is left twice.
    """
    after: defaultdict[str, list[Authorisation]] = defaultdict(list)
    for link in links:
        after[link.grantor].append(link)
    queue: deque[tuple[str, tuple[Authorisation, ...]]] = deque((name, ()) for name in start)
    seen: set[str] = set()
    last = ""
    while queue:
        name, path = queue.popleft()
        if path and any(same_firm(name, wanted) for wanted in goal):
            return path, name
        if name in seen:
            continue
        seen.add(name)
        last = name
        next_links = (
            link for grantor, granted in after.items() if same_firm(grantor, name) for link in granted
        )
        queue.extend((link.grantee, (*path, link)) for link in next_links)
    return None, last


def _judge(scene: Scene, about: About, brand: Brand) -> Outcome:
    sold_by = sellers(scene)
    names = [name for name, _ in sold_by]
    owners = list(_owners(scene, about, brand.name))
    links = [link for link in scene.facts.authorisations if _plain(link.brand) == _plain(brand.name)]
    known = tuple(side for _, side in (*owners, *sold_by)) + tuple(_side(link) for link in links[:MOST_SIDES])
    telling: dict[str, Any] = {
        "subject": brand.name,
        "listing_id": brand.listing_id,
        "said": tuple(hit.side for hit in brand.said[:MOST_SIDES]),
        "known": known,
        "brand": brand.name,
        "seller": "、".join(names),
        "on": scene.on,
    }
    holders = [name for name, _ in owners]
    if not names:
        return about.undecidable("seller-unknown", "seller_display", **telling)
    if any(same_firm(holder, name) for holder in holders for name in names):
        return about.clear("own", **telling)
    if not holders and (lapsed := _lapsed(scene, links, names)):
        terms = {id(link): term(link, scene.on) for link in lapsed}
        return _suspect(about, "expired", path=_path(lapsed[:1]), gap=_gap(lapsed[:1], terms), **telling)
    if not holders:
        return about.undecidable("owner-unknown", "official_numbers", gap=_roots(links), **telling)
    if not links:
        return about.undecidable("no-papers", "authorisations", **telling)
    return _follow(scene, about, links, (holders, names), telling)


def _lapsed(scene: Scene, links: Sequence[Authorisation], names: Sequence[str]) -> tuple[Authorisation, ...]:
    """The links that end at the seller, if none of them holds on the day, whoever owns the brand."""
    last = tuple(link for link in links if any(same_firm(link.grantee, name) for name in names))
    held = any(term(link, scene.on) in ("valid", "undated") for link in last)
    return () if held else last


def _follow(
    scene: Scene,
    about: About,
    links: Sequence[Authorisation],
    ends: tuple[Sequence[str], Sequence[str]],
    telling: dict[str, Any],
) -> Outcome:
    """The best chain there is: one whose links all hold, else one without terms, else one that has broken."""
    terms = {id(link): term(link, scene.on) for link in links}
    for reason, allowed in (
        ("chain", {"valid"}),
        ("undated", {"valid", "undated"}),
        ("expired", set(_TERMS)),
    ):
        path, _ = shortest([link for link in links if terms[id(link)] in allowed], *ends)
        if path is None:
            continue
        filling = {"path": _path(path), **telling}
        if reason == "chain":
            return about.clear(reason, **filling)
        if reason == "undated":
            return about.undecidable(reason, "authorisations", **filling)
        return _suspect(about, reason, gap=_gap(path, terms), **filling)
    _, last = shortest(links, *ends)
    return _suspect(about, "broken", owner="、".join(ends[0]), gap=last, **telling)


def _suspect(about: About, reason: str, **filling: Any) -> Outcome:
    """A brand claimed aloud as authorised is publicity too (anti-unfair-competition-law 9)."""
    aloud = (*about.cites, "anti-unfair-competition-law#9") if filling["said"] else ()
    return about.suspected(reason, cites=aloud, **filling)


_TERMS: Final = ("valid", "undated", "not-yet", "expired")


def _gap(path: Sequence[Authorisation], terms: dict[int, Term]) -> Words:
    """The links of a chain that do not hold, in words."""
    said = []
    for link in path:
        words = _GAPS.get(terms[id(link)])
        if words is not None:
            day = link.valid_from if terms[id(link)] == "not-yet" else link.valid_until
            told = {"grantor": link.grantor, "grantee": link.grantee, "day": day}
            said.append(Words(words.zh.format(**told), words.en.format(**told)))
    return Words("；".join(words.zh for words in said), "; ".join(words.en for words in said))


def _owners(scene: Scene, about: About, brand: str) -> Iterator[tuple[str, Side]]:
    """Who owns a brand: by register, trademark certificate, or the parties if there is but one brand."""
    kinds = set(about.words["mark_kinds"])
    for row in scene.facts.official_numbers:
        named = row.product is not None and _plain(row.product) == _plain(brand)
        if row.kind in kinds and row.holder and named and row.status in (None, "valid"):
            yield row.holder, fact("official_numbers", f"{row.kind} {row.number}：{row.holder}", row)
    for mark in scene.facts.licences:
        if mark.kind in kinds and mark.holder and mark.scope and _plain(mark.scope) == _plain(brand):
            yield mark.holder, fact("licences", f"{mark.kind} {mark.number}：{mark.holder}", mark)
    brands = {_plain(listing.brand) for listing in scene.broadcast.listings if listing.brand}
    for party in scene.broadcast.parties:
        if party.role == "brand" and len(brands) == 1:
            yield party.name, fact("parties", party.name)


def _roots(links: Sequence[Authorisation]) -> Words:
    """Those who authorise without being authorised, for the reader who knows whether they own the brand."""
    roots = "、".join(
        dict.fromkeys(
            link.grantor
            for link in links
            if not any(same_firm(link.grantor, other.grantee) for other in links)
        )
    )
    return (
        Words(f"（提交的授权由“{roots}”起）", f" (those handed in start with “{roots}”)")
        if roots
        else Words("", "")
    )


def _brands(scene: Scene, hits: Sequence[Hit]) -> Iterator[Brand]:
    by_name: dict[str, Brand] = {}
    for listing in scene.broadcast.listings:
        if listing.brand and _plain(listing.brand):
            said = tuple(hit for hit in hits if hit.wording.listing_id == listing.id)
            first = by_name.setdefault(_plain(listing.brand), Brand(listing.brand, listing.id, ()))
            by_name[_plain(listing.brand)] = Brand(first.name, first.listing_id, first.said + said)
    yield from by_name.values()


def _claims(scene: Scene, about: About) -> Iterator[Hit]:
    claim, before, after = (
        re.compile("|".join(about.words[name])) for name in ("claim", "not_claim", "not_after")
    )
    for hit in scene.find(claim):
        text = hit.match.string
        said_before = _CLAUSE.split(text[: hit.match.start()])[-1]
        if not before.search(said_before) and not after.search(text[hit.match.end() :]):
            yield hit


def _path(links: Sequence[Authorisation]) -> str:
    return "→".join([links[0].grantor, *(link.grantee for link in links)])


def _side(link: Authorisation) -> Side:
    since, until = link.valid_from or "?", link.valid_until or "?"
    told = f"{link.grantor} → {link.grantee}"
    zh, en = f"授权：{told}，{since} 至 {until}", f"authorisation: {told}, {since} to {until}"
    return fact("authorisations", Words(zh, en), link)


def _plain(brand: str) -> str:
    return re.sub(r"[\s·・\-_®™()（）/]", "", unicodedata.normalize("NFKC", brand).casefold())


CHECKS = {"brand/authorisation": authorisation}
