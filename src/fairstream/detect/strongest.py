"""One finding for one conduct at one place: rules that see the same words are named, not repeated."""

from collections.abc import Sequence
from dataclasses import replace

from fairstream.records import Finding, Language

_WEIGHT = {"high": 2, "medium": 1, "low": 0}


def strongest(findings: Sequence[Finding], language: Language) -> list[Finding]:
    """Of findings of the same conduct on the same words the strongest, with the others' rules named.

    Words are the same when at least half of the shorter stretch is shared. The strongest is the most
    severe, then the surest, then the longest quote.
    """
    kept: list[Finding] = []
    others: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=_strength, reverse=True):
        host = next((other for other in kept if _same_words(finding, other)), None)
        if host is None:
            kept.append(finding)
        else:
            others.setdefault(host.id, []).append(finding)
    named = [_naming(finding, others.get(finding.id, []), language) for finding in kept]
    return sorted(named, key=lambda finding: (finding.span, finding.rule))


def _strength(finding: Finding) -> tuple[int, float, int, str]:
    length = finding.span.end - finding.span.start
    return _WEIGHT[finding.severity], finding.score, length, finding.rule


def _same_words(one: Finding, other: Finding) -> bool:
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    shorter = min(one.span.end - one.span.start, other.span.end - other.span.start)
    return one.conduct == other.conduct and shared * 2 >= shorter


def _naming(finding: Finding, others: Sequence[Finding], language: Language) -> Finding:
    if not others:
        return finding
    titles = "、".join(dict.fromkeys(f"“{other.title}”" for other in others))
    note = f"同一处还符合：{titles}。" if language == "zh" else f"The same words also meet: {titles}."
    conducts = [conduct for other in others for conduct in other.conduct_also]
    return replace(
        finding,
        why=(*finding.why[:-1], note, *finding.why[-1:]),
        also_rules=tuple(dict.fromkeys(other.rule for other in others)),
        conduct_also=tuple(
            dict.fromkeys((*finding.conduct_also, *(c for c in conducts if c != finding.conduct)))
        ),
    )
