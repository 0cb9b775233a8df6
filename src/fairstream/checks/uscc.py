"""Unified social credit codes as shown, against the check character of GB 32100-2015."""

from collections.abc import Iterator

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.scene import Scene
from fairstream.law.identifiers import licence_kind, number_key, uscc_fault


def check_character(scene: Scene, about: About) -> Iterator[Outcome]:
    """Every code of account page, licences, shops and parties; wrong ones are a lead, not a breach.

    Case, width and blanks are how a code was typed, not what it says. Words like 无 are no code at all.
    """
    codes = [given for given in _codes(scene) if any(sign.isdecimal() for sign in given[2])]
    if not codes:
        yield about.undecidable("none", "account_page", "licences")
    for name, source, code, record in codes:
        side = fact(name, code, record)
        fault = uscc_fault(number_key(code))
        if fault is None:
            yield about.clear("fits", subject=code, known=(side,), code=code)
        else:
            yield about.suspected(fault, subject=code, known=(side,), code=code, source=source)


def _codes(scene: Scene) -> Iterator[tuple[str, str, str, object]]:
    page = scene.facts.account_page
    if page and page.uscc:
        yield "account_page", page.name or "", page.uscc, page
    for licence in scene.facts.licences:
        if licence_kind(licence.kind) == "business_licence":
            yield "licences", licence.holder or "", licence.number, licence
    for shop in scene.broadcast.shops:
        if shop.uscc:
            yield "shops", shop.name, shop.uscc, shop
    for party in scene.broadcast.parties:
        if party.identifier and party.identifier_kind == "uscc":
            yield "parties", party.name, party.identifier, party


CHECKS = {"identity/uscc": check_character}
