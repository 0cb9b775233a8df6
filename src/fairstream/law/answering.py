"""Puts a rule to a case: the facts are read, the law of the day is looked up, the answer explains itself.

A fact that is not given stays unknown. Where the rule cited was not yet in force on the day, the answer says
that it did not exist then; where an earlier text may have applied that is not held, the answer stays open.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from fairstream.errors import UnknownCitation
from fairstream.facts import HostFacts
from fairstream.law.citation import Reference, article_title, parse_citation
from fairstream.law.matter import Answer, Ground, Holding, Matter
from fairstream.law.questions import (
    Literal,
    Rule,
    Truth,
    document,
    every,
    flips,
    holding,
    load_questions,
    missing,
    some,
    words,
)
from fairstream.law.resolve import Law
from fairstream.records import PartyRole, ProductClass, Words

REPEAT_YEARS: Final = 2
"""Within how many years a penalty makes a new act a repetition (crim-interp-intellectual-property-2025#3)."""
FULLY_SPARED: Final = 14
"""Years below which nobody is punished, from which the penalty is lighter (administrative-penalty-law#30)."""
OF_AGE: Final = 18
SHODDY: Final = frozenset({"product-quality-law#39", "product-quality-law#50"})
"""Provisions on goods adulterated, fake, inferior or substandard, in the words of criminal-law#140."""
NO_ENDORSER: Final[frozenset[ProductClass]] = frozenset({"drug", "device", "medical_service", "health_food"})
"""Goods whose ads may have no endorser at all (advertising-law#16, 18)."""
_RESULT: Final[Mapping[Holding, Words]] = {
    "held": Words("本项成立", "this holds"),
    "possible": Words("本项可能成立", "this becomes possible"),
    "not_held": Words("本项不成立", "this does not hold"),
}


@dataclass(frozen=True)
class Case:
    """A matter under the law, seen for one host or none; `given` are answers decided elsewhere."""

    matter: Matter
    law: Law
    host: HostFacts | None = None
    given: Mapping[str, Truth] = field(default_factory=dict)

    def known(self, codes: Iterable[str]) -> dict[str, Truth]:
        """The answers to the questions asked."""
        return {code: self._truth(code) for code in codes}

    def _truth(self, code: str) -> Truth:
        if code in self.given:
            return self.given[code]
        derived = _DERIVED.get(code)
        return derived(self) if derived else self.read(load_questions()[code].fact)

    def read(self, path: str) -> Truth:
        """The fact of that name, such as ``host.is_ai``; None where it is not given."""
        owner, _, name = path.rpartition(".")
        sources = {
            "": self.matter,
            "platform": self.matter.platform,
            "circumstances": self.matter.circumstances,
            "host": self.host,
        }
        return getattr(sources[owner], name, None) if name else None


def apply(rule: Rule, case: Case, subject: str = "", day: date | None = None) -> Answer:
    """The answer of one rule; `day` is the day whose law counts, by default that of the conduct."""
    on = day or case.matter.on
    known = case.known(rule.codes())
    exists, provisions = in_force(case.law, rule.cites, on)
    result = every((exists, rule.truth(known)))
    notes = (Ground(rule.note, True, unverified=rule.unverified),) if rule.note else ()
    return Answer(
        code=rule.code,
        title=rule.title,
        holding=holding(result),
        grounds=(*reasons(rule, known, case.law, on), *provisions, *notes),
        would_change=tuple(changes(rule, known)) if exists is not False else (),
        subject=subject,
    )


def reasons(rule: Rule, known: Mapping[str, Truth], law: Law, on: date) -> tuple[Ground, ...]:
    """One ground for each condition of the rule with what is known; an exception reads as its absence."""
    literals = dict.fromkeys(literal for clause in rule.when for literal in clause)
    exceptions = (Literal(literal.code, not literal.wanted) for literal in rule.unless)
    return tuple(ground(item, item.truth(known), law, on) for item in (*literals, *exceptions))


def ground(literal: Literal, holds: Truth, law: Law, on: date) -> Ground:
    """A condition in words; a denied question reads as its denial. Cited only if in force on the day."""
    question = load_questions()[literal.code]
    applied = question.cites and provision(law, question.cites, on).holds
    return Ground(
        question.so if literal.wanted else question.not_so,
        holds,
        question.cites if applied else "",
        question.fact,
        question.unverified,
    )


def changes(rule: Rule, known: Mapping[str, Truth]) -> Iterator[Words]:
    """What would change the result: each other answer that alone does, then all that is missing together."""
    yield from single_changes(rule.codes(), known, rule.truth)
    needed = missing(rule, known)
    if len(needed) > 1:
        questions = load_questions()
        yield if_found(
            tuple(questions[item.code].so if item.wanted else questions[item.code].not_so for item in needed),
            "held",
        )


def single_changes(
    codes: Iterable[str], known: Mapping[str, Truth], evaluate: Callable[[Mapping[str, Truth]], Truth]
) -> Iterator[Words]:
    """Each other answer to one question that alone changes the result, in words."""
    for question, value, result in flips(codes, known, evaluate):
        yield if_found((question.so if value else question.not_so,), holding(result))


def if_found(facts: tuple[Words, ...], result: Holding) -> Words:
    """“If it is found that …, this …” in both languages."""
    told = _RESULT[result]
    return Words(
        f"如查明{'，且'.join(item.zh for item in facts)}，则{told.zh}",
        f"If it is found that {' and that '.join(item.en for item in facts)}, {told.en}",
    )


def proposed(answer: Answer) -> Answer:
    """The answer with the remark every proposal carries: a person decides and signs."""
    remark = Ground(words(document("questions.yaml")["proposal"]), True)
    return replace(answer, grounds=(*answer.grounds, remark))


def in_force(law: Law, cites: Iterable[str], on: date) -> tuple[Truth, tuple[Ground, ...]]:
    """Whether one of the provisions applied on the day, and a ground for each; True when none is cited."""
    grounds = tuple(provision(law, citation, on) for citation in cites)
    return (some(item.holds for item in grounds) if grounds else True), grounds


def provision(law: Law, citation: str, on: date) -> Ground:
    """What a provision says, as a ground: True in force, False not yet made, None if its text is not held."""
    try:
        zh, en = law.resolve(citation, on), law.resolve(citation, on, "en")
    except UnknownCitation:
        return _absent(law, citation, on)
    return Ground(
        Words(
            f"《{zh.title}》{article_title(zh.article)}：{zh.gist}",
            f"{en.title}, {article_title(en.article, 'en')}: {en.gist}",
        ),
        True,
        citation,
        unverified=zh.unverified,
    )


def _absent(law: Law, citation: str, on: date) -> Ground:
    reference = parse_citation(citation)
    family = law.family(reference.family)
    first, zh, en = family.versions[0].since, *_named(law, reference)
    if family.version_on(on) is not None:
        told = Words(
            f"{on}施行的文本中没有{zh}的规定",
            f"{en}: the text in force on {on} has no such provision",
        )
        return Ground(told, False, citation)
    if on < first and family.id in _first_texts():
        told = Words(
            f"{zh}自{first}起施行，{on}尚无此规定",
            f"{en} took effect on {first}: on {on} the rule did not exist",
        )
        return Ground(told, False, citation)
    told = Words(
        f"未收录{on}施行的文本，{zh}当日是否适用未作判断",
        f"{en}: the text in force on {on} is not held; whether it applied is left open",
    )
    return Ground(told, None, citation, unverified=True)


def _named(law: Law, reference: Reference) -> tuple[str, str]:
    title = law.family(reference.family).title
    number = reference.article + reference.detail
    return f"《{title['zh']}》{article_title(number)}", f"{title['en']}, {article_title(number, 'en')}"


@lru_cache(maxsize=1)
def _first_texts() -> frozenset[str]:
    return frozenset(document("questions.yaml")["first_texts"])


def names(matter: Matter, role: PartyRole) -> tuple[str, ...]:
    """The parties of that role, each once; the platform's and hosts' names from their facts too."""
    found = [party.name for party in matter.parties if party.role == role]
    if role == "platform" and matter.platform:
        found.append(matter.platform.name)
    if role == "host":
        found += [host.name for host in matter.hosts]
    return tuple(dict.fromkeys(name for name in found if name))


def same_party(matter: Matter, one: PartyRole, other: PartyRole) -> Truth:
    """Whether one party holds both roles, by identifier of the same kind, else by name.

    Different names alone do not prove different parties; different identifiers of one kind do. None when one
    of the roles is not named.
    """
    pairs = [
        (left, right)
        for left in matter.parties
        if left.role == one
        for right in matter.parties
        if right.role == other
    ]
    told: list[Truth] = []
    for left, right in pairs:
        if left.identifier and right.identifier and left.identifier_kind == right.identifier_kind:
            told.append(left.identifier == right.identifier)
        else:
            told.append(True if left.name == right.name else None)
    return some(told) if told else None


def repeated(matter: Matter, least: int = 1, years: int = REPEAT_YEARS) -> Truth:
    """Whether `least` penalties or more lie within so many years before the conduct.

    Without listed penalties a first offence is none, anything else unknown.
    """
    known = matter.circumstances.earlier_penalties
    counted = sum(_years_before(matter.on, years) <= day <= matter.on for day in known)
    if counted >= least:
        return True
    return False if known or matter.circumstances.first_offence else None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)


def _employee(case: Case) -> Truth:
    if case.host and case.host.is_ai:
        return False
    relation = case.host.relation if case.host else "unknown"
    return None if relation == "unknown" else relation == "employee"


def _of_employer_clause(case: Case) -> Truth:
    """Whether the kind of conduct is one of those for which an employer answers (Measures 63)."""
    told = document("roles.yaml")["employer_clause"]
    conducts = {case.matter.conduct, *case.matter.conduct_also}
    if not conducts.isdisjoint(told["reaches"]):
        return True
    return False if conducts.issubset(told["not"]) else None


def _natural(case: Case, name: str) -> Truth:
    """A fact about a host as a person; a figure made by artificial intelligence is none."""
    return False if case.host and case.host.is_ai else case.read(f"host.{name}")


def _aged(case: Case, least: int, below: int) -> Truth:
    """Whether some host was of that age in full years on the day of the conduct."""
    hosts = case.matter.hosts
    return some(_within(host.born_on, case.matter.on, least, below) for host in hosts) if hosts else None


def _within(born_on: date | None, on: date, least: int, below: int) -> Truth:
    """Open on a birthday at the bounds: the texts held do not say whether the day itself counts."""
    if born_on is None:
        return None
    birthday, today = (born_on.month, born_on.day), (on.month, on.day)
    years = on.year - born_on.year - (today < birthday)
    answers = {least <= age < below for age in (years, years - (today == birthday))}
    return answers.pop() if len(answers) == 1 else None


def _sells_through_room(case: Case) -> Truth:
    own = case.host.is_seller if case.host else same_party(case.matter, "room_operator", "seller")
    return True if own else None


def _shoddy(case: Case) -> Truth:
    """Whether a provision against adulterated, fake, inferior or substandard goods is cited."""
    cited = {parse_citation(article) for article in case.matter.articles}
    return True if any(f"{item.family}#{item.article}" in SHODDY for item in cited) else None


def _same_mark(case: Case) -> Truth:
    """Whether the ban on the same mark for the same goods is cited, item 1 of trademark-law#57."""
    return True if any(item.startswith("trademark-law#57(1)") for item in case.matter.articles) else None


def _endorsement_banned(case: Case) -> Truth:
    goods = case.matter.product_class
    return None if goods == "unknown" else goods in NO_ENDORSER


def _host_commissioned(case: Case) -> Truth:
    if case.host is None:
        return None
    if case.host.is_ai:
        return False
    if case.host.relation == "commissioned" or _is_paid(case, (case.host.name,)):
        return True
    return None if case.host.relation == "unknown" else False


def _operator_commissioned(case: Case) -> Truth:
    if _is_paid(case, names(case.matter, "room_operator")):
        return True
    return False if same_party(case.matter, "room_operator", "seller") else None


def _is_paid(case: Case, payees: tuple[str, ...]) -> bool:
    return any(contract.payee in payees for contract in case.matter.contracts)


def _order_issued(case: Case) -> Truth:
    return True if case.matter.circumstances.order_issued_on else None


def _overdue(case: Case) -> Truth:
    """Whether the deadline of an order passed without correction."""
    told = case.matter.circumstances
    if told.refused_correction:
        return True
    if told.order_due_on is None:
        return False if told.corrected else None
    if told.corrected:
        return None if told.corrected_on is None else told.corrected_on > told.order_due_on
    passed = case.matter.decided_on is not None and case.matter.decided_on > told.order_due_on
    return True if passed and told.corrected is False else None


def _refused(case: Case) -> Truth:
    """Whether the party refuses to correct; running out of time alone does not prove it."""
    told = case.matter.circumstances
    return False if told.refused_correction is None and told.corrected else told.refused_correction


def _knowingly(case: Case) -> Truth:
    """Whether it knew, as crimes ask: intent shows it, "knew or should have known" alone does not."""
    told = case.matter.circumstances
    return True if told.intent else False if False in (told.intent, told.knew) else None


def _corrected_in_time(case: Case) -> Truth:
    """Whether it was corrected, and not only after the time an order gave for it."""
    corrected = case.matter.circumstances.corrected
    if not corrected or case.matter.circumstances.order_due_on is None:
        return corrected
    late = _overdue(case)
    return None if late is None else not late


def _must_be_lenient(case: Case) -> Truth:
    """Slight, corrected in time and harmless at once: no penalty at all (administrative-penalty-law 33)."""
    told = case.matter.circumstances
    return every((told.slight, _corrected_in_time(case), None if told.harm is None else not told.harm))


def _platform_failed(case: Case) -> Truth:
    return True if "platform_duty" in (case.matter.conduct, *case.matter.conduct_also) else None


_DERIVED: Final[Mapping[str, Callable[[Case], Truth]]] = {
    "employee": _employee,
    "of_employer_clause": _of_employer_clause,
    "own_name": lambda case: _natural(case, "own_name_or_image"),
    "influence": lambda case: _natural(case, "has_influence"),
    "under_14": lambda case: _aged(case, 0, FULLY_SPARED),
    "aged_14_to_17": lambda case: _aged(case, FULLY_SPARED, OF_AGE),
    "sells_through_room": _sells_through_room,
    "shoddy": _shoddy,
    "same_mark": _same_mark,
    "endorsement_banned": _endorsement_banned,
    "host_commissioned": _host_commissioned,
    "operator_commissioned": _operator_commissioned,
    "operator_is_seller": lambda case: same_party(case.matter, "room_operator", "seller"),
    "order_issued": _order_issued,
    "overdue": _overdue,
    "corrected_in_time": _corrected_in_time,
    "refuses": _refused,
    "repeated": lambda case: repeated(case.matter),
    "platform_failed": _platform_failed,
    "knowingly": _knowingly,
    "must_be_lenient": _must_be_lenient,
}
