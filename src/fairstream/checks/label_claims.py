"""Claims of material, origin and producer in what a room says, told apart from words that claim nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

from fairstream.checks.label_places import Spot, places
from fairstream.checks.materials import WHOLE, materials
from fairstream.checks.scene import Hit, Scene
from fairstream.rules.yamlfile import load_yaml
from fairstream.text.numbers import parse_number

TABLE: Final = Path(__file__).parent / "data" / "label" / "claims.table.yaml"
_CLAUSE: Final = re.compile(r"[，。！？、；,.!?;\n]")
_SENTENCE: Final = re.compile(r"[。！？!?;；\n]")
_NAMED: Final = ("from", "true", "named", "maker", "whose", "grown")
_MOST_CONTEXT: Final = 40
"""Characters looked at on either side; transcripts often have no marks at all."""
_CHINESE: Final = "零一二两三四五六七八九十百点"
_SHARE: Final = rf"(?:(?:\d{{1,3}}(?:\.\d+)?)\s?%|百分之(?:[{_CHINESE}]{{1,7}}|\d{{1,3}}(?:\.\d+)?))"
_PURE: Final = r"(?:百分百|百分之百|100%|十足|纯正|纯(?!粹)|(?<![完安保齐健])全)(?:的|是|纯)?|满(?=天然|纯)"


@dataclass(frozen=True, slots=True)
class Guards:
    """Patterns: words without which a plain name claims nothing (`says_…`), and words that claim nothing."""

    says_before: re.Pattern[str]
    says_after: re.Pattern[str]
    says_alone: re.Pattern[str]
    says_goods: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    sentence: re.Pattern[str]
    parts: re.Pattern[str]
    own: re.Pattern[str]
    made_by: re.Pattern[str]
    firm_lead: re.Pattern[str]
    no_firm: re.Pattern[str]
    imported: str
    between: str


@cache
def guards() -> Guards:
    """The table of guards and of the ways to claim a factory."""
    data: dict[str, Any] = load_yaml(TABLE)[0]
    made_by = [way.replace("?P<firm>", f"?P<firm{n}>") for n, way in enumerate(data["made_by"])]
    parts = "|".join(pattern.pattern for pattern in materials().parts.values())
    led = data["says_before"].replace("{gap}", data["says_gap"]).replace("{parts}", parts)
    return Guards(
        re.compile(led),
        re.compile(data["says_after"].replace("{goods}", data["goods"])),
        re.compile(data["says_alone"]),
        re.compile(data["says_goods"].replace("{goods}", data["goods"])),
        re.compile("|".join(f"(?:{guard})" for guard in data["before"].values())),
        re.compile("|".join(f"(?:{guard})" for guard in data["after"].values())),
        re.compile(data["sentence"]),
        re.compile(data["origin_of_parts"]),
        re.compile("|".join(data["own_factory"])),
        re.compile("|".join(made_by)),
        re.compile(data["firm_lead"]),
        re.compile(data["no_firm"]),
        data["imported"],
        data["between"],
    )


@dataclass(frozen=True, slots=True)
class MaterialClaim:
    """A claim that goods are of a material; `share` in percent, None when said without one."""

    hit: Hit
    code: str
    share: float | None
    part: str


@dataclass(frozen=True, slots=True)
class OriginClaim:
    """A claim where goods come from; `spot` is None when they are only said to be imported."""

    hit: Hit
    spot: Spot | None
    name: str


@dataclass(frozen=True, slots=True)
class ProducerClaim:
    """A claim who made the goods; `firm` is empty when the room says that it made them itself."""

    hit: Hit
    firm: str


def material_claims(scene: Scene) -> list[MaterialClaim]:
    """Claims of material in speech, screen texts and listings, in order.

    A name said plainly counts for nothing beside a share of the same material in the same text.
    """
    claims = [claim for hit in scene.find(_material_pattern()) if claimed(hit) for claim in _of_material(hit)]
    shared = {(id(claim.hit.wording), claim.code) for claim in claims if claim.share is not None}
    return [
        claim
        for claim in claims
        if claim.share is not None or (id(claim.hit.wording), claim.code) not in shared
    ]


def origin_claims(scene: Scene) -> Iterator[OriginClaim]:
    """Claims of origin in speech, screen texts and listings, in order."""
    for hit in scene.find(_origin_pattern()):
        rest = hit.match.string[hit.match.end() :]
        if not claimed(hit) or guards().parts.match(rest):
            continue
        goods = hit.match["goods"]
        if goods and not _is_listed(scene, hit, goods):
            continue
        name = next((hit.match[key] for key in _NAMED if hit.match[key]), "")
        place = places().goods.get(name, name)
        yield OriginClaim(hit, places().spots.get(place), place)


def _is_listed(scene: Scene, hit: Hit, goods: str) -> bool:
    """Whether the goods called imported are those of the listing, not a part or other goods."""
    listing = scene.listings.get(hit.wording.listing_id or "")
    return hit.wording.medium == "listing" or (listing is not None and goods in listing.title)


def producer_claims(scene: Scene) -> Iterator[ProducerClaim]:
    """Claims that the room made the goods itself, or that a firm it names did."""
    words = guards()
    for hit in scene.find(words.made_by):
        firm = words.firm_lead.sub("", next(firm for firm in hit.match.groups() if firm))
        if claimed(hit) and not words.no_firm.fullmatch(firm):
            yield ProducerClaim(hit, firm)
    for hit in scene.find(words.own):
        if claimed(hit):
            yield ProducerClaim(hit, "")


def claimed(hit: Hit) -> bool:
    """Whether the words are meant as a claim of the goods: not denied, asked, compared or said of others."""
    text, start, end = hit.match.string, hit.match.start(), hit.match.end()
    before, after = _either_side(hit)
    mark = text[end + len(after) : end + len(after) + 1]
    sentence = _SENTENCE.split(text[:start])[-1] + _SENTENCE.split(text[start:])[0]
    return not (
        guards().before.search(before)
        or guards().after.search(after + (mark if mark in "？?" else ""))
        or guards().sentence.search(sentence)
    )


def _of_material(hit: Hit) -> Iterator[MaterialClaim]:
    words, found = materials(), hit.match
    name = next(text for key, text in found.groupdict().items() if key.startswith("name") and text)
    clause = _clause(hit)
    if name in words.graded:
        code, share = words.graded[name]
        yield MaterialClaim(hit, code, share, words.part_of(clause))
        return
    code = words.plain[name]
    if found["name_plain"] and not _is_said(hit):
        return
    written = found["share"] or found["after"] or found["bare"] or found["counted"]
    claimed_share = WHOLE if found["pure"] else _percent(written) if written else None
    if claimed_share is None and (written or name not in words.by_code[code].said):
        return
    part = "" if words.by_code[code].food else words.part_of(clause)
    yield MaterialClaim(hit, code, claimed_share, part)


def _is_said(hit: Hit) -> bool:
    """Whether a name without a share is said of the goods: by a title always, in talk with a predicate."""
    if hit.wording.medium == "listing":
        return True
    before, after = _either_side(hit)
    return bool(
        guards().says_before.search(before)
        or guards().says_after.match(after)
        or (guards().says_alone.match(before) and (not after or guards().says_goods.match(after)))
    )


def _either_side(hit: Hit) -> tuple[str, str]:
    """What stands before and after the words in their clause."""
    text, start, end = hit.match.string, hit.match.start(), hit.match.end()
    before = _CLAUSE.split(text[max(0, start - _MOST_CONTEXT) : start])[-1]
    return before, _CLAUSE.split(text[end : end + _MOST_CONTEXT])[0]


def _clause(hit: Hit) -> str:
    before, after = _either_side(hit)
    return before + hit.match.group() + after


def _percent(text: str) -> float | None:
    """A share as a number of percent; None when it is none or above the whole."""
    try:
        plain = text.removeprefix("百分之").rstrip("% ")
        share = WHOLE if plain in ("百", "百分百") else float(parse_number(plain))
    except (ValueError, InvalidOperation):
        return None
    return share if 0 < share <= WHOLE else None


@cache
def _material_pattern() -> re.Pattern[str]:
    words = materials()
    measures = [word for word, code in words.plain.items() if words.by_code[code].measure]
    names = _either(words.plain)
    between = rf"(?:{guards().between}|{places().name}){{0,2}}"
    reaches = (
        r"的?(?:含量|成分|成份|比例|占比|占了?|含有?|只有)?"
        r"(?:就?是|为|有|达到?了?|高达|超过|[到在了：:])*\s?"
    )
    return re.compile(
        rf"(?P<name_graded>{_either(words.graded)})"
        rf"|(?:(?P<share>{_SHARE})(?:以上)?的?|(?P<pure>{_PURE})){between}(?P<name_led>{names})"
        rf"|(?P<name_measured>{_either(measures)}){reaches}(?P<bare>\d{{1,3}}|[{_CHINESE}]{{2,4}})(?![\d%.克gG])"
        rf"|(?P<name_counted>{names})的?(?:含量|成分|成份|占比|比例|占){reaches}"
        rf"(?P<counted>\d{{1,3}}|[{_CHINESE}]{{2,4}})(?=个点|个百分点|以上|往上|左右|多|的|了|啊|呢|$|[，。,；])"
        rf"|(?P<name_before>{names}){reaches}(?P<after>{_SHARE}|百分百)"
        rf"|(?P<name_plain>{names})"
    )


@cache
def _origin_pattern() -> re.Pattern[str]:
    name = places().name
    goods = _either(places().goods)
    of_goods = (
        r"的?(?:生产|制造|出产|特产|原产|产(?!品|业|后|假|妇|生|量|能)|原装|原瓶|本土生产|本地产|进口)[的地]?"
    )
    return re.compile(
        r"(?:原?产地[，,]?|原产[自于国]*|原产地|产地|出产|产[自于]+|出自|来自于?|源自)"
        rf"(?:就?是|[在为于自：:])*\s?(?:{name}的?)?(?P<from>{name})"
        rf"|正宗的?(?P<true>{name})|(?P<named>{goods})|(?P<maker>{name}){of_goods}(?:进口)?"
        rf"|(?<![我你他她家人])是(?:{name})?(?P<whose>{name})的(?=[，。！,.!\s哦哈啊呢]|$)"
        rf"|(?P<grown>{name})[\u4e00-\u9fff]{{0,4}}(?:产的|出产|养的|种的)"
        rf"|{guards().imported}"
    )


def _either(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
