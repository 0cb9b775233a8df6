"""AI hosts: the continuous label, and hosts that call themselves human.

live-ecommerce-measures-2026 37 and 34. The labelling measures of 2025 and their standard, which say how the
label must look, are not held: only whether it stood there is checked.
"""

import re
from collections.abc import Iterator
from typing import Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.display_coverage import SECOND, gaps, length, named
from fairstream.checks.scene import SPOKEN, Scene
from fairstream.facts import HostFacts
from fairstream.law.resolve import load_law
from fairstream.records import Words

MEASURES: Final = "live-ecommerce-measures-2026"
_SELF: Final = "(?:我|我们|咱|咱们|主播|本人|本直播间|直播间|这里|全程)"
_BE: Final = "(?:可|都|就|真的|确实|绝对|完全|本来)*是"
_HUMAN: Final = "(?:如假包换的?|活生生的?|百分之?百的?|100%的?)?(?:一个)?(?:真人|大活人|活人)"
_NO_DOING: Final = "(?!试|秀|模特|真事|版|评测|测评|图|实拍|照)"
_AI: Final = "(?:ai(?:主播|生成|合成|数字人)?|人工智能|数字人|虚拟人|虚拟主播|机器人|合成的)"
SAYS_HUMAN: Final = re.compile(
    f"{_SELF}{_BE}{_HUMAN}{_NO_DOING}(?:直播|主播|出镜|在播)?(?![^，。！？]{{0,4}}[吗么?？])"
    f"|(?:真人|活人)(?:在线)?(?:直播|主播|出镜|在播)(?![^，。！？]{{0,4}}[吗么?？])"
    f"|{_SELF}(?:可|都|真的|确实|绝对|才|又)*不是(?:什么|一个)?{_AI}(?![^，。！？]{{0,4}}[吗么?？])"
)
"""Words by which a host calls itself human; questions, and goods tried on by people, do not match."""
_DENIAL_BEFORE: Final = re.compile(
    "(?:不是|并非|没有|非|不用|代替|取代|替代|像|如同|媲美|比|说|问|以为|当成)[“「\"']?$"
)


def label(scene: Scene, about: About) -> Iterator[Outcome]:
    """Stretches in which an AI figure was shown without its label."""
    figures = [host for host in scene.facts.hosts if host.is_ai or host.ai_shown]
    if not figures:
        if not any(host.is_ai is False for host in scene.facts.hosts):
            yield about.undecidable("unknown", "hosts")
        return
    if load_law().family(MEASURES).version_on(scene.on) is None:
        yield about.clear("before")
        return
    for host in figures:
        yield _labelled(host, about)


def _labelled(host: HostFacts, about: About) -> Outcome:
    subject = host.name
    if host.ai_shown is None or host.ai_labelled is None:
        return about.undecidable("not-recorded", "hosts", subject=subject, name=subject)
    tolerance = about.limits["tolerance_ms"]
    left = gaps(host.ai_shown, host.ai_labelled, tolerance)
    seen, missing = length(host.ai_shown) // SECOND, length(left) // SECOND
    words = Words(
        f"人工智能生成人物出现 {seen} 秒，标识 {length(host.ai_labelled) // SECOND} 秒",
        f"figure shown for {seen} seconds, label for {length(host.ai_labelled) // SECOND}",
    )
    known = (fact("hosts", words, host),)
    if length(host.ai_labelled) == 0 and length(host.ai_shown) > 0:
        return about.suspected("never", subject=subject, known=known, name=subject, seen=seen)
    if left:
        return about.suspected(
            "gaps",
            subject=subject,
            known=known,
            name=subject,
            seen=seen,
            missing=missing,
            gaps=named(left),
            tolerance=round(tolerance / SECOND),
        )
    return about.clear("labelled", subject=subject, known=known, name=subject)


def denied(scene: Scene, about: About) -> Iterator[Outcome]:
    """A host that calls itself human although it is an AI figure."""
    said = tuple(
        hit.side
        for hit in scene.find(SAYS_HUMAN, *SPOKEN)
        if not _DENIAL_BEFORE.search(hit.wording.text[: hit.span.start])
    )
    if not said:
        return
    hosts = scene.facts.hosts
    figures = [host for host in hosts if host.is_ai]
    if figures and len(figures) == len(hosts):
        for host in figures:
            known = (fact("hosts", Words("由人工智能生成", "AI-generated"), host),)
            yield about.suspected("denied", subject=host.name, said=said, known=known, name=host.name)
    elif figures:
        yield about.undecidable("mixed", "hosts", said=said)
    elif hosts and all(host.is_ai is False for host in hosts):
        yield about.clear("human", said=said)
    else:
        yield about.undecidable("unknown", "hosts", said=said)


CHECKS = {"ai-host/label": label, "ai-host/denied": denied}
