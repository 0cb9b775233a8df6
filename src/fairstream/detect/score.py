"""How sure a finding is, between 0 and 1."""

CLASS_UNKNOWN = 0.9
"""Factor when the rule depends on the class of goods and the class is not known."""

LEAST_SCORE = 0.35
"""Findings below are not reported unless asked for."""


def score(confidence: float, fold_cost: float, *, class_open: bool) -> float:
    """The rule's confidence, lowered by the costliest fold it needed and by an unknown class of goods.

    `fold_cost` is 0 for words as published and grows to 1 with the guess a fold makes.
    """
    value = confidence * (1.0 - min(max(fold_cost, 0.0), 1.0))
    return round(value * CLASS_UNKNOWN if class_open else value, 3)


def in_words(value: float, language: str) -> str:
    """A score as a layman says it."""
    names = {
        "zh": ("把握较低", "把握中等", "把握较高"),
        "en": ("low confidence", "medium confidence", "high confidence"),
    }[language]
    return names[0] if value < 0.55 else names[1] if value < 0.75 else names[2]
