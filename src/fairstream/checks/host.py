"""Who speaks: age, consent, endorsement and its bars, verification before the broadcast.

live-marketing-measures-2021 17, advertising-law 38, live-ecommerce-measures-2026 28. On a birthday, and on
the last day of a bar, the texts held do not say which side the day falls on: the check says that and decides
nothing.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.scene import SPOKEN, Scene
from fairstream.facts import HostFacts
from fairstream.law.deadlines import MONTHS, add_months, limit_of
from fairstream.law.matter import Holding, Matter
from fairstream.law.resolve import load_law
from fairstream.law.roles import advertising_roles
from fairstream.records import Side, Words

MEASURES: Final = "live-ecommerce-measures-2026"
_SELF: Final = "(?:我|我们|咱|咱们|(?<!日)本人|主播)(?:自己|本人|家|家里人|全家|全家人)?"
_USE: Final = "(?:用|吃|喝|穿|戴|抹|涂|敷|试)"
OWN_USE: Final = re.compile(
    f"{_SELF}(?:也|都|就|一直|天天|每天|每晚|长期|平时|真的)*(?:在{_USE}(?![心力功情脑户餐饭人亏苦图])|亲自{_USE}过|{_USE}(?:了|过)[^，。！？吗没]{{0,6}}(?:年|月|天|次|瓶|盒|罐))"
    "|(?<!不是)(?<!没有)(?:我|主播)(?:们|自己|本人)?(?:的)?(?:亲测|自用款|空瓶)"
)
"""The host says that he uses the goods himself."""
NEVER_USED: Final = re.compile(
    f"{_SELF}(?:还|也|倒|其实|真的|确实|从来|根本|压根|都|老实说)*(?:没有?|未曾?|不曾)(?:来得及)?(?:{_USE}|体验)过?"
    "(?:这款|这个|这一款|它|该产品|一次|呢|啊|，|。|但|不过|$)"
)
"""The host says that he has not used them. 没用过这么好的 is praise and does not match."""


def under_age(scene: Scene, about: About) -> Iterator[Outcome]:
    """Hosts under 16, and those under 18 without their guardian's consent, on the day of the broadcast."""
    for host in _people(scene, about):
        if isinstance(host, Outcome):
            yield host
        else:
            yield _age(host, scene.on, about)


def _age(host: HostFacts, on: date, about: About) -> Outcome:
    subject, youngest, adult = host.name, int(about.limits["youngest"]), int(about.limits["adult"])
    if host.born_on is None or host.born_on > on:
        return about.undecidable("no-birthday", "hosts", subject=subject, name=subject)
    known = (_born(host),)
    age = age_on(host.born_on, on)
    if age < youngest:
        return about.suspected(
            "too-young", subject=subject, known=known, name=subject, age=age, youngest=youngest
        )
    if _birthday(host.born_on, youngest, on):
        return about.undecidable("birthday", subject=subject, known=known, name=subject, age=age)
    if age > adult or (age == adult and not _birthday(host.born_on, adult, on)):
        return about.clear("adult", subject=subject, known=known, name=subject, age=age)
    if host.guardian_consent is None:
        return about.undecidable(
            "consent-unknown", "hosts", subject=subject, known=known, name=subject, age=age
        )
    if host.guardian_consent:
        return about.clear("consent", subject=subject, known=known, name=subject, age=age)
    if age == adult:
        return about.undecidable("birthday", subject=subject, known=known, name=subject, age=age)
    return about.suspected("no-consent", subject=subject, known=known, name=subject, age=age)


def age_on(born: date, on: date) -> int:
    """Completed years; who was born on 29 February completes one on 28 February of common years."""
    years = on.year - born.year
    return years if add_months(born, years * MONTHS) <= on else years - 1


def _birthday(born: date, years: int, on: date) -> bool:
    return add_months(born, years * MONTHS) == on


def endorser_age(scene: Scene, about: About) -> Iterator[Outcome]:
    """Children under ten may not be used as endorsers."""
    for host in _people(scene, about):
        if isinstance(host, Outcome):
            yield host
        else:
            yield _child(host, scene.on, about)


def _child(host: HostFacts, on: date, about: About) -> Outcome:
    subject, youngest = host.name, int(about.limits["youngest"])
    if host.born_on is None or host.born_on > on:
        return about.undecidable("no-birthday", "hosts", subject=subject, name=subject)
    known, age = (_born(host),), age_on(host.born_on, on)
    birthday = _birthday(host.born_on, youngest, on)
    if age >= youngest and not birthday:
        return about.clear("old-enough", subject=subject, known=known, name=subject, age=age)
    endorses = _endorses(host, on)
    if endorses == "not_held":
        return about.clear("not-endorser", subject=subject, known=known, name=subject, age=age)
    if endorses == "possible":
        return about.undecidable("role", "hosts", subject=subject, known=known, name=subject, age=age)
    if birthday:
        return about.undecidable("birthday", subject=subject, known=known, name=subject, age=age)
    return about.suspected(
        "too-young", subject=subject, known=known, name=subject, age=age, youngest=youngest
    )


def endorser_barred(scene: Scene, about: About) -> Iterator[Outcome]:
    """Nobody may be used as an endorser within three years of a penalty for endorsing a false ad."""
    for host in _people(scene, about):
        if isinstance(host, Outcome):
            yield host
        else:
            yield _barred(host, scene.on, about)


_CLEAN: Final = Words(
    "没有因虚假广告代言受罚的记录", "no penalty for endorsing a false advertisement on record"
)


def _barred(host: HostFacts, on: date, about: About) -> Outcome:
    subject = host.name
    penalties = host.endorsement_penalised_on
    if penalties is None:
        return about.undecidable("no-record", "hosts", subject=subject, name=subject)
    if not penalties:
        return about.clear("never", subject=subject, known=(fact("hosts", _CLEAN, host),), name=subject)
    earlier = [day for day in penalties if day <= on]
    if not earlier:
        return about.clear("later", subject=subject, name=subject)
    last = max(earlier)
    until = add_months(last, limit_of("endorser-bar").amount * MONTHS)
    words = Words(
        f"{host.name}于 {last} 因虚假广告代言受罚", f"{host.name} was penalised on {last} for a false ad"
    )
    known = (fact("hosts", words, host),)
    endorses = _endorses(host, on)
    if on > until:
        return about.clear("over", subject=subject, known=known, name=subject, until=until)
    if endorses == "not_held":
        return about.clear("not-endorser", subject=subject, known=known, name=subject, until=until)
    if endorses == "possible":
        return about.undecidable("role", "hosts", subject=subject, known=known, name=subject, until=until)
    if on == until:
        return about.undecidable("last-day", subject=subject, known=known, name=subject, until=until)
    return about.suspected("barred", subject=subject, known=known, name=subject, until=until, on=on)


def endorser_not_used(scene: Scene, about: About) -> Iterator[Outcome]:
    """Endorsing goods the endorser has not used: what is known of it, and what he says himself."""
    people = list(_people(scene, about))
    alone = len(people) == 1
    for host in people:
        if isinstance(host, Outcome):
            yield host
        else:
            yield _used(host, scene, about, alone)


def _used(host: HostFacts, scene: Scene, about: About, alone: bool) -> Outcome:
    subject = host.name
    if host.used_goods:
        return about.clear("used", subject=subject, name=subject)
    endorses = _endorses(host, scene.on)
    if endorses == "not_held":
        return about.clear("not-endorser", subject=subject, name=subject)
    # With several hosts nobody can tell from the text whose mouth it was.
    admits = _first(scene, NEVER_USED) if alone else ()
    claims = _first(scene, OWN_USE) if alone else ()
    if host.used_goods is None and not admits:
        return about.undecidable("unknown", "hosts", subject=subject, said=claims, name=subject)
    if endorses == "possible":
        return about.undecidable("role", "hosts", subject=subject, said=admits or claims, name=subject)
    if host.used_goods is None:
        return about.suspected("admits", subject=subject, said=admits, name=subject)
    known = (fact("hosts", Words("未使用过所推荐的商品", "has not used the goods"), host),)
    reason = "claims" if claims else "not-used"
    return about.suspected(reason, subject=subject, said=claims or admits, known=known, name=subject)


def _first(scene: Scene, pattern: re.Pattern[str]) -> tuple[Side, ...]:
    return tuple(hit.side for hit in islice(scene.find(pattern, *SPOKEN), 1))


def unverified(scene: Scene, about: About) -> Iterator[Outcome]:
    """Hosts whose identity was verified, or reported to the platform, only after the broadcast."""
    if load_law().family(MEASURES).version_on(scene.on) is None:
        if scene.facts.hosts:
            yield about.clear("before")
        return
    for host in _people(scene, about):
        if isinstance(host, Outcome):
            yield host
        else:
            yield from _verified(host, scene.on, about)


def _verified(host: HostFacts, on: date, about: About) -> Iterator[Outcome]:
    subject = host.name
    checked, told = host.identity_verified_on, host.reported_to_platform_on
    known = (fact("hosts", _dates(checked, told), host),)
    late = [
        reason
        for reason, day in (("verified-late", checked), ("reported-late", told))
        if day is not None and day > on
    ]
    for reason in late:
        yield about.suspected(
            reason, subject=subject, known=known, name=subject, checked=checked, told=told, on=on
        )
    if late:
        return
    stale = on - timedelta(days=int(about.limits["report_days"]))
    if checked is None or told is None:
        yield about.undecidable("no-record", "hosts", subject=subject, known=known, name=subject)
    elif told < stale:
        yield about.undecidable(
            "other-broadcast", "hosts", subject=subject, known=known, name=subject, told=told
        )
    else:
        yield about.clear("in-time", subject=subject, known=known, name=subject, told=told)


def _dates(checked: date | None, told: date | None) -> Words:
    return Words(
        f"核验日期 {checked or '未提供'}，报送平台日期 {told or '未提供'}",
        f"verified {checked or 'unknown'}, reported to the platform {told or 'unknown'}",
    )


def _people(scene: Scene, about: About) -> Iterator[HostFacts | Outcome]:
    """Hosts that are people; one undecidable outcome when none is known at all."""
    if not scene.facts.hosts:
        yield about.undecidable("no-hosts", "hosts")
    yield from (host for host in scene.facts.hosts if host.is_ai is not True)


def _endorses(host: HostFacts, on: date) -> Holding:
    matter = Matter("ad_endorsement", on, hosts=(host,))
    answers = advertising_roles(matter, load_law())
    return next(answer.holding for answer in answers if answer.code == "endorser")


def _born(host: HostFacts) -> Side:
    return fact("hosts", Words(f"{host.name}生于 {host.born_on}", f"{host.name}, born {host.born_on}"), host)


CHECKS = {
    "host/under-age": under_age,
    "host/endorser-age": endorser_age,
    "host/endorser-barred": endorser_barred,
    "host/endorser-not-used": endorser_not_used,
    "host/unverified": unverified,
}
