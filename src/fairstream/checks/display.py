"""Who stands behind the room: account page, seller shown, the way to the seller's page.

Measures 25 and 26 (live-ecommerce-measures-2026), ecommerce-law 15; before the Measures
network-transaction-measures-2025 12 and 20.
"""

from collections.abc import Iterator
from typing import Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.display_coverage import SECOND, gaps, length, named
from fairstream.checks.scene import Scene
from fairstream.facts import AccountPage, Interval, SellerDisplay
from fairstream.law.resolve import load_law
from fairstream.records import Words

MEASURES: Final = "live-ecommerce-measures-2026"
FIELDS: dict[str, Words] = {
    "name": Words("名称", "name"),
    "operator_name": Words("经营者姓名", "name of the operator"),
    "uscc": Words("统一社会信用代码", "credit code"),
    "address": Words("住所（经营场所、实际经营地址）", "address"),
    "contact": Words("联系方式", "contact"),
    "form": Words("组成形式", "form of the business"),
    "mcn": Words("所属直播营销人员服务机构", "host agency"),
}
KINDS: dict[str, Words] = {
    "legal_person": Words("法人或者非法人组织", "a legal person or organisation"),
    "individual_household": Words("个体工商户", "an individual household"),
    "natural_person": Words("无需登记的自然人", "a natural person who need not register"),
}


def account_page(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether the account page names what its kind of operator must publish.

    An empty text, or a word such as 暂无, is a field captured as empty; None is a field nobody looked at.
    """
    page = scene.facts.account_page
    if page is None or page.subject_kind is None:
        yield about.undecidable("no-page", "account_page")
        return
    known = (fact("account_page", KINDS[page.subject_kind], page),)
    subject, kind = page.name or "", KINDS[page.subject_kind]
    wanted = _required(scene, about, page)
    empty = [name for name in wanted if _is_empty(_value(page, name), about)]
    unread = [name for name in wanted if _value(page, name) is None]
    if empty:
        yield about.suspected("lacks", subject=subject, known=known, kind=kind, fields=_names(empty))
    elif unread:
        yield about.undecidable(
            "unread", "account_page", subject=subject, known=known, kind=kind, fields=_names(unread)
        )
    else:
        yield about.clear("complete", subject=subject, known=known, kind=kind, fields=_names(wanted))


def _required(scene: Scene, about: About, page: AccountPage) -> list[str]:
    wanted = about.words[str(page.subject_kind)]
    # Only a natural person who belongs to an agency has one to name; the Measures were the first to ask.
    agency = _measures_apply(scene) and any(party.role == "mcn" for party in scene.broadcast.parties)
    return [name for name in wanted if name != "mcn" or agency]


def _value(page: AccountPage, name: str) -> str | None:
    """A field as captured; the name of a firm may stand under its account's own name."""
    if name == "name" and page.subject_kind == "legal_person" and page.operator_name is not None:
        return page.operator_name
    value: str | None = getattr(page, name)
    return value


def _is_empty(value: str | None, about: About) -> bool:
    return value is not None and value.strip() in about.words["nothing"]


def _names(fields: list[str]) -> Words:
    return Words("、".join(FIELDS[name].zh for name in fields), ", ".join(FIELDS[name].en for name in fields))


def seller_shown(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether name, address and contact of the seller, or a link, stood on the room page throughout."""
    display, duration = scene.facts.seller_display, scene.broadcast.duration_ms
    if display is None or display.shown is None:
        yield about.undecidable("not-recorded", "seller_display")
        return
    if duration is None or duration <= 0:
        yield about.undecidable("no-duration", "duration_ms")
        return
    whole = Interval(0, duration)
    tolerance = about.limits["tolerance_ms"]
    left = gaps([whole], display.shown, tolerance)
    known = (fact("seller_display", _seconds(display.shown), display),)
    subject = display.seller_name or ""
    if length(display.shown) == 0:
        yield about.suspected("never", subject=subject, known=known)
    elif left and not _measures_apply(scene):
        yield about.clear("not-yet", subject=subject, known=known)
    elif left:
        yield about.suspected(
            "gaps",
            subject=subject,
            known=known,
            gaps=named(left),
            missing=length(left) // SECOND,
            whole=duration // SECOND,
            tolerance=round(tolerance / SECOND),
        )
    elif display.prominent is False:
        yield about.suspected("not-prominent", subject=subject, known=known)
    elif display.prominent is None:
        yield about.undecidable("prominence", "seller_display", subject=subject, known=known)
    else:
        yield about.clear("shown", subject=subject, known=known)


def _measures_apply(scene: Scene) -> bool:
    """Earlier rules wanted the seller shown prominently; not continuously, and nothing on how to link."""
    return load_law().family(MEASURES).version_on(scene.on) is not None


def _seconds(shown: tuple[Interval, ...]) -> Words:
    total = length(shown) // SECOND
    return Words(f"共展示 {total} 秒", f"shown for {total} seconds in all")


def one_step(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether the way to the seller's page is one step, without forced follow, tip or covering window."""
    display = scene.facts.seller_display
    if display is None:
        yield about.undecidable("not-recorded", "seller_display")
        return
    known = (fact("seller_display", _way(display), display),)
    subject = display.seller_name or ""
    obstacles = list(_obstacles(display, about))
    if not _measures_apply(scene):
        yield about.clear("not-yet", subject=subject, known=known)
    elif display.clicks == 0:
        yield about.clear("direct", subject=subject, known=known)
    elif obstacles:
        for reason in obstacles:
            yield about.suspected(reason, subject=subject, known=known, clicks=display.clicks)
    elif None in (display.clicks, display.forced_follow, display.forced_tip, display.covered_by_popup):
        yield about.undecidable("partly", "seller_display", subject=subject, known=known)
    else:
        yield about.clear("one-step", subject=subject, known=known)


def _obstacles(display: SellerDisplay, about: About) -> Iterator[str]:
    if display.clicks is not None and display.clicks > about.limits["clicks"]:
        yield "clicks"
    if display.forced_follow:
        yield "forced-follow"
    if display.forced_tip:
        yield "forced-tip"
    if display.covered_by_popup:
        yield "covered"


def _way(display: SellerDisplay) -> Words:
    if display.clicks is None:
        return Words("点击次数未记录", "the number of clicks was not recorded")
    return Words(f"点击 {display.clicks} 次到达", f"{display.clicks} clicks")


CHECKS = {
    "display/account-page": account_page,
    "display/seller-shown": seller_shown,
    "display/one-step": one_step,
}
