"""Who is who in a live room: roles of the platform, advertising roles, employees, AI hosts, civil liability.

The decision which roles a platform has follows the three factors of the 2020 guiding opinions (participation
in operation, commission, control) in today's law; their weights are a design choice and are marked so.
Sources: ecommerce-law 9 and 37, network-transaction-measures-2025 7, live-ecommerce-measures-2026 2, 24, 35,
37 and 63, live-marketing-measures-2021 11, internet-advertising-measures 19,
spc-online-consumption-disputes-2022 11 to 13.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from fairstream.facts import HostFacts, PlatformFacts
from fairstream.law.answering import Case, apply, ground, in_force, names, single_changes
from fairstream.law.matter import Answer, Ground, Holding, Matter
from fairstream.law.questions import Literal, Rule, Truth, document, read_rule, words
from fairstream.law.resolve import Law
from fairstream.records import Words

DATA: Final = "roles.yaml"
_RANK: Final[Mapping[Holding, int]] = {"held": 0, "possible": 1, "not_held": 2}
_PLATFORM_ROLES: Final = (
    "ecommerce_platform",
    "ad_publisher_or_operator",
    "network_service_provider",
    "platform_seller",
)


def roles(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """Every role and every shift of liability the facts speak of, the platform's first."""
    ad = commercial_ad(matter, law)
    platform = platform_roles(matter.platform, law, matter.on, commercial_ad=truth_of(ad))
    return (
        *platform,
        ad,
        *advertising_roles(matter, law),
        *employee_hosts(matter, law),
        *ai_hosts(matter, law),
        civil_operator(matter, law),
    )


def platform_roles(
    platform: PlatformFacts | None, law: Law, on: date, *, commercial_ad: Truth = None
) -> tuple[Answer, ...]:
    """The roles a platform may have, which add up; `commercial_ad` tells whether what it promoted is an ad.

    Platform operator when the weights of the known factors reach the threshold, possible while the unknown
    ones still could, else not held. Without facts every role is possible.
    """
    matter = Matter("platform_duty", on, platform=platform)
    case = Case(matter, law, given={"commercial_ad": commercial_ad})
    known = case.known(_weights())
    operates = weigh(known)
    case = replace(case, given={**case.given, "operates_platform": operates})
    subject = platform.name if platform else ""
    answers = {code: apply(_rule(code), case, subject) for code in _PLATFORM_ROLES}
    operator = answers["ecommerce_platform"]
    answers["ecommerce_platform"] = replace(
        operator,
        grounds=(*_factors(known, law, on), *operator.grounds, _note("design_note"), _note("opinions_note")),
        would_change=tuple(single_changes(_weights(), known, weigh)),
    )
    service = answers["network_service_provider"]
    answers["network_service_provider"] = replace(service, grounds=(*service.grounds, _note("opinions_note")))
    return tuple(answers.values())


def weigh(known: Mapping[str, Truth]) -> Truth:
    """Whether the factors reach the threshold: True now, None if unknown ones could, False if they cannot."""
    weights, threshold = _weights(), _threshold()
    sure = sum(weight for code, weight in weights.items() if known.get(code))
    best = sum(weight for code, weight in weights.items() if known.get(code) is not False)
    return True if sure >= threshold else None if best >= threshold else False


def operates(matter: Matter, law: Law) -> Truth:
    """Whether the platform of the matter is a platform operator by the weight of its factors."""
    return weigh(Case(matter, law).known(_weights()))


def commercial_ad(matter: Matter, law: Law) -> Answer:
    """Whether the broadcast is a commercial ad (live-ecommerce-measures-2026 35), by the clearest host.

    Clips published again suffice; otherwise a host with some influence, who is not the seller, must recommend
    in his own name or image. Follower counts are shown as a hint and decide nothing.
    """
    hosts: tuple[HostFacts | None, ...] = matter.hosts or (None,)
    answers = [_ad_by(Case(matter, law, host)) for host in hosts]
    return min(answers, key=lambda answer: _RANK[answer.holding])


def advertising_roles(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """Advertiser, ad operator or publisher, endorser (internet-advertising-measures 19), party by party."""
    given = {"commercial_ad": truth_of(commercial_ad(matter, law))}
    case = Case(matter, law, given=given)
    found = [apply(_rule("advertiser"), case, name) for name in names(matter, "seller") or ("",)]
    found += [
        apply(_rule("operator_ad_role"), case, name) for name in names(matter, "room_operator") or ("",)
    ]
    for host, name in each_host(matter):
        spoken = Case(matter, law, host, given)
        found += [apply(_rule(code), spoken, name) for code in ("host_ad_role", "endorser")]
    return tuple(found)


def employee_hosts(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """For each host known: whether the employer answers in his place (live-ecommerce-measures-2026 63)."""
    rule = _rule("employer_answers")
    return tuple(apply(rule, Case(matter, law, host), host.employer or host.name) for host in matter.hosts)


def ai_hosts(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """For each host: whether it is an AI figure, for which the operator answers (Measures 37)."""
    operator = "、".join(names(matter, "room_operator"))
    rule = _rule("operator_answers_for_ai")
    return tuple(apply(rule, Case(matter, law, host), operator) for host in matter.hosts)


def civil_operator(matter: Matter, law: Law) -> Answer:
    """Whether the room operator is liable as the seller; information on civil law, no part of a penalty.

    Held when it is the seller or did not mark who is; when it did mark, a court weighs: possible, never
    excluded. Source: spc-online-consumption-disputes-2022 12.
    """
    case = Case(matter, law)
    answer = apply(_rule("operator_liable_as_seller"), case, "、".join(names(matter, "room_operator")))
    exists, _ = in_force(law, _rule(answer.code).cites, matter.on)
    weighed = answer.holding == "not_held" and exists is not False
    note = _note("court_weighs" if matter.seller_displayed else "burden", unverified=False)
    return replace(answer, holding="possible" if weighed else answer.holding, grounds=(*answer.grounds, note))


def truth_of(answer: Answer) -> Truth:
    """An answer as a truth value for rules that build on it."""
    return None if answer.holding == "possible" else answer.holding == "held"


def each_host(matter: Matter) -> Iterator[tuple[HostFacts | None, str]]:
    """Every host with his facts, those known by name only without; one unknown host when there is none."""
    told = {host.name: host for host in matter.hosts}
    for name in names(matter, "host") or ("",):
        yield told.get(name), name


def _ad_by(case: Case) -> Answer:
    rule = _rule("commercial_ad")
    answer = apply(rule, case, case.host.name if case.host else "")
    exists, _ = in_force(case.law, rule.cites, case.matter.on)
    grounds = list(answer.grounds)
    if case.host is not None and case.host.followers is not None:
        grounds.append(_followers(case.host.followers))
    if exists is not True:
        _, general = in_force(case.law, ("advertising-law#2",), case.matter.on)
        return replace(
            answer,
            holding="possible",
            grounds=(*grounds, *general, _note("before_measures")),
            would_change=(),
        )
    grounds.append(Ground(words(document(DATA)["general_clause"]), None, rule.cites[0]))
    if answer.holding == "not_held":
        grounds.append(_note("plain_seller"))
    return replace(answer, grounds=tuple(grounds))


def _followers(count: int) -> Ground:
    told = document(DATA)["followers"]
    return Ground(
        Words(told["zh"].format(count=count), told["en"].format(count=f"{count:,}")),
        None,
        fact="hosts.followers",
        unverified=True,
    )


def _factors(known: Mapping[str, Truth], law: Law, on: date) -> Iterator[Ground]:
    weights = _weights()
    for group in document(DATA)["platform_groups"].values():
        title = words(group["title"])
        for code in group["factors"]:
            factor = ground(Literal(code), known[code], law, on)
            told = Words(
                f"{title.zh}：{factor.words.zh}（权重{weights[code]}，门槛{_threshold()}）",
                f"{title.en}: {factor.words.en} (weight {weights[code]} of {_threshold()} needed)",
            )
            yield replace(factor, words=told, unverified=True)


def _weights() -> Mapping[str, int]:
    weights: Mapping[str, int] = document(DATA)["platform_weights"]
    return weights


def _threshold() -> int:
    return int(document(DATA)["platform_threshold"])


def _note(name: str, *, unverified: bool = True) -> Ground:
    return Ground(words(document(DATA)[name]), True, unverified=unverified)


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, Rule]:
    return {entry["code"]: read_rule(entry, DATA) for entry in document(DATA)["roles"]}


def _rule(code: str) -> Rule:
    return _rules()[code]
