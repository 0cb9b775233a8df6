"""Prize sales: worth, rules, winners and number of prizes (anti-unfair-competition-law 11)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.price_figures import china_day, moment, money
from fairstream.checks.scene import SPOKEN, Hit, Scene
from fairstream.facts import Prize
from fairstream.records import Side, Words
from fairstream.text.numbers import parse_number

_NUMBER = r"[0-9零〇一二两三四五六七八九十百千万]+"
_NAME_PIECE = 2
_ASKED = re.compile("[吗呢?？]")


def value_cap(scene: Scene, about: About) -> Iterator[Outcome]:
    """The worth of each prize that is drawn against the cap; prizes that are not drawn have none."""
    if not scene.facts.prizes:
        yield from _not_handed_in(scene, about)
    cap, held_from = int(about.limits["cap_fen"]), int(about.limits["held_from"])
    for prize in scene.facts.prizes:
        if _day(prize, scene) < held_from:
            yield about.undecidable("not_held", subject=prize.name, known=(_side(prize),), name=prize.name)
        else:
            yield _against_cap(about, prize, cap)


def _against_cap(about: About, prize: Prize, cap: int) -> Outcome:
    known = (_side(prize),)
    if prize.value_fen is None:
        return about.undecidable("no_value", "prizes", subject=prize.name, known=known, name=prize.name)
    worth, most = money(prize.value_fen), money(cap)
    if prize.value_fen <= cap:
        return about.clear("within", subject=prize.name, known=known, name=prize.name, worth=worth, cap=most)
    if prize.by_draw is None:
        return about.undecidable(
            "draw_unknown", "prizes", subject=prize.name, known=known, name=prize.name, worth=worth, cap=most
        )
    if not prize.by_draw:
        return about.clear("no_draw", subject=prize.name, known=known, name=prize.name, worth=worth)
    return about.suspected("over", subject=prize.name, known=known, name=prize.name, worth=worth, cap=most)


def rules(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether the rules of each prize were published, say how to win, and stayed as they were."""
    if not scene.facts.prizes:
        yield from _not_handed_in(scene, about)
    for prize in scene.facts.prizes:
        yield _of_rules(scene, about, prize)


def _of_rules(scene: Scene, about: About, prize: Prize) -> Outcome:
    known, name = (_side(prize),), prize.name
    text = prize.rules_text
    if prize.rules_published is False:
        return about.suspected("unpublished", subject=name, known=known, name=name)
    if text is not None and not _any(about.words["condition"]).search(text):
        return about.suspected("unclear", subject=name, known=known, name=name)
    if prize.rules_changed_at is not None:
        return _of_change(scene, about, prize, prize.rules_changed_at)
    if prize.rules_published is None and text is None:
        return about.undecidable("rules_unknown", "prizes", subject=name, known=known, name=name)
    return about.clear("published", subject=name, known=known, name=name)


def _of_change(scene: Scene, about: About, prize: Prize, changed: datetime) -> Outcome:
    name, started = prize.name, prize.started_at
    if started is None:
        known = (_side(prize),)
        return about.undecidable("start_unknown", "prizes", subject=name, known=known, name=name)
    when: dict[str, Any] = {"changed": moment(changed), "started": moment(started)}
    told = Words(
        "{name}：{started} 开始，{changed} 改规则".format(name=name, **when),
        "{name}: started {started}, rules changed {changed}".format(name=name, **when),
    )
    known = (fact("prizes", told, prize),)
    if changed <= started:
        return about.clear("before_start", subject=name, known=known, name=name, **when)
    if _day(prize, scene) < about.limits["change_barred_from"]:
        return about.clear("change_not_barred", subject=name, known=known, name=name, **when)
    return about.suspected("changed", subject=name, known=known, name=name, **when)


def winners(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether a draw has published winners, and whether the operator's own people are among them."""
    if not scene.facts.prizes:
        yield from _not_handed_in(scene, about)
    own = {host.name for host in scene.facts.hosts} | {party.name for party in scene.broadcast.parties}
    for prize in scene.facts.prizes:
        yield _of_winners(about, prize, own)


def _of_winners(about: About, prize: Prize, own: set[str]) -> Outcome:
    known, name = (_side(prize),), prize.name
    inside = len({*prize.winners_inside, *(winner for winner in prize.winners or () if winner in own)})
    if inside:
        return about.suspected("inside", subject=name, known=known, name=name, number=inside)
    if prize.winners:
        return about.clear("named", subject=name, known=known, name=name, number=len(prize.winners))
    if prize.by_draw is False:
        return about.clear("no_draw", subject=name, known=known, name=name)
    if prize.winners is None or prize.by_draw is None:
        return about.undecidable("winners_unknown", "prizes", subject=name, known=known, name=name)
    return about.suspected("none_named", subject=name, known=known, name=name)


def quantity(scene: Scene, about: About) -> Iterator[Outcome]:
    """Prizes announced aloud against those there are, and those there are against winners published."""
    announced = list(_announced(scene, about))
    if not scene.facts.prizes:
        for hit, _, _ in announced[:1]:
            yield about.undecidable("not_handed_in", "prizes", said=(hit.side,))
    for prize in scene.facts.prizes:
        said = [
            (hit, number) for hit, number, what in announced if _same_prize(what, prize, scene.facts.prizes)
        ]
        most = max(said, key=lambda one: one[1], default=None)
        yield from _of_quantity(about, prize, *(most or (None, 0)))


def _of_quantity(about: About, prize: Prize, hit: Hit | None, number: int) -> Iterator[Outcome]:
    known, name = (_side(prize),), prize.name
    said: tuple[Side, ...] = (hit.side,) if hit else ()
    given = None if prize.winners is None else len(prize.winners)
    if prize.quantity is None and (hit is None or given is None):
        if hit:
            yield about.undecidable(
                "quantity_unknown", "prizes", subject=name, said=said, known=known, name=name
            )
        return
    held = given if prize.quantity is None else prize.quantity
    filling: dict[str, Any] = {"name": name, "announced": number, "held": held, "given": given}
    if number > (held or 0):
        yield about.suspected("more_announced", subject=name, said=said, known=known, **filling)
    elif given is not None and given < (prize.quantity or 0):
        yield about.suspected("fewer_given", subject=name, said=said, known=known, **filling)
    else:
        yield about.clear("enough", subject=name, said=said, known=known, **filling)


def _announced(scene: Scene, about: About) -> Iterator[tuple[Hit, int, str]]:
    """Announcements of how many prizes there are: words, number, and what is said around them."""
    draw = "|".join(about.words["draw"])
    piece = "|".join(about.words["piece"])
    pattern = re.compile(
        rf"(?:{draw})(?P<object>[^，。！？；、0-9]{{0,6}}?)(?P<number>{_NUMBER})(?:{piece})[^，。！？；、]{{0,12}}"
    )
    refused = _any(about.words["not_said"])
    for hit in scene.find(pattern, *SPOKEN):
        before = hit.match.string[max(0, hit.match.start() - 6) : hit.match.end()]
        asked = _ASKED.search(hit.match.group()) or _ASKED.match(hit.match.string[hit.match.end() :])
        if not refused.search(before) and not asked:
            yield hit, int(parse_number(hit.match["number"])), hit.match.group()


def _same_prize(said: str, prize: Prize, prizes: Iterable[Prize]) -> bool:
    """Whether the words name this prize; where there is only one, they need not."""
    names = [other.name for other in prizes]
    return len(names) == 1 or any(
        piece in said for piece in _pieces(prize.name) - _pieces(*(set(names) - {prize.name}))
    )


def _pieces(*names: str) -> set[str]:
    return {name[at : at + _NAME_PIECE] for name in names for at in range(len(name) - 1)}


def _not_handed_in(scene: Scene, about: About) -> Iterator[Outcome]:
    """A draw was announced but nothing is known of it."""
    refused = _any(about.words["not_said"])
    for hit in scene.find(_any(about.words["draw"]), *SPOKEN):
        if not refused.search(hit.match.string[max(0, hit.match.start() - 6) : hit.match.end()]):
            yield about.undecidable("not_handed_in", "prizes", said=(hit.side,))
            return


def _day(prize: Prize, scene: Scene) -> int:
    """The day of the draw, or of the broadcast, as limits write days: 20251015."""
    return int(f"{china_day(prize.started_at) if prize.started_at else scene.on:%Y%m%d}")


def _side(prize: Prize) -> Side:
    """What is known of a prize; winners are counted, never named."""
    zh, en = [prize.name], [prize.name]
    if prize.value_fen is not None:
        worth = money(prize.value_fen)
        zh.append(f"价值 {worth.zh}")
        en.append(f"worth {worth.en}")
    if prize.quantity is not None:
        zh.append(f"{prize.quantity} 份")
        en.append(f"{prize.quantity} pieces")
    if prize.winners is not None:
        zh.append(f"公布中奖 {len(prize.winners)} 人")
        en.append(f"{len(prize.winners)} winners published")
    return fact("prizes", Words("，".join(zh), ", ".join(en)), prize)


@cache
def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _any(words: list[str]) -> re.Pattern[str]:
    return _compiled(tuple(words))


CHECKS = {
    "prize/value-cap": value_cap,
    "prize/rules": rules,
    "prize/winners": winners,
    "prize/quantity": quantity,
}
