"""A scanner small enough to reason about, and talk with times."""

import re
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from fairstream.records import (
    Citation,
    Finding,
    Language,
    Place,
    ProductClass,
    Span,
    Text,
    Utterance,
)

CHINA = timezone(timedelta(hours=8))


class PhraseScanner:
    """Flags literal phrases; remembers what it was given. Customers' words are never flagged."""

    def __init__(self, *phrases: str) -> None:
        self.phrases = phrases
        self.given: list[list[Text]] = []

    def scan(self, texts: Sequence[Text], language: Language | None = None) -> list[list[Finding]]:
        self.given.append(list(texts))
        return [self._of(text, language or "zh") for text in texts]

    def classes(self, texts: Sequence[Text]) -> list[ProductClass]:
        return [text.product_class for text in texts]

    def _of(self, text: Text, language: Language) -> list[Finding]:
        if text.speaker == "customer":
            return []
        return [
            self._finding(text, phrase, Span(*match.span()), language)
            for phrase in self.phrases
            for match in re.finditer(re.escape(phrase), text.text)
        ]

    def _finding(self, text: Text, phrase: str, span: Span, language: Language) -> Finding:
        zh = language == "zh"
        return Finding(
            id=f"{text.id}/{phrase}/{span.start}",
            rule=f"test/{phrase}",
            title=f"宣称{phrase}" if zh else f"Says {phrase}",
            conduct="ad_superlative",
            severity="high",
            score=0.9,
            span=span,
            quote=text.text[span.start : span.end],
            why=("绝对化用语",) if zh else ("An absolute term",),
            citations=(
                Citation(
                    "advertising-law",
                    "9",
                    "advertising-law",
                    "广告法" if zh else "Advertising Law",
                    "不得使用最高级" if zh else "No superlatives",
                ),
            ),
            liable=("seller", "host", "mcn"),
            proof_needed=("属于商业广告",) if zh else ("That it is an advertisement",),
            product_class=text.product_class,
            medium=text.medium,
            speaker=text.speaker,
            unit=text.id,
        )


def talk(*lines: tuple[Any, ...], gap: int = 200, speaker: str = "host") -> tuple[Utterance, ...]:
    """Utterances of two seconds each, `gap` ms apart; a line is (text,) or (text, speaker)."""
    said, start = [], 0
    for number, line in enumerate(lines, 1):
        text, who = line if len(line) == 2 else (line[0], speaker)
        place = Place("talk.srt", number)
        said.append(Utterance(f"u{number}", text, start, start + 2000, who, place=place))
        start += 2000 + gap
    return tuple(said)
