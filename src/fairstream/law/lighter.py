"""Old law or new: the text of the day of the act applies, a later one if it is the lighter.

administrative-penalty-law#37 lets the new text apply when, at the decision, the old one has been changed and
the new punishes less or not at all. It does not say how ranges are compared: the lower maximum, then the
lower minimum, is our choice.
"""

from dataclasses import dataclass
from typing import Literal

from fairstream.law.ranges import Computed
from fairstream.law.wording import between_in_words
from fairstream.records import Words


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both texts applied to the same facts. `new` is None when the later text is not known to punish the act.

    `chosen` says which is to be applied. `uncertain` is True when a sum needed for the comparison is unknown
    or the later text is in doubt: then the old text stays and a person must look.
    """

    old: Computed
    new: Computed | None
    chosen: Literal["old", "new"]
    uncertain: bool
    words: Words


def compare(old: Computed, new: Computed | None) -> Comparison:
    """Choose between the provision as it stood at the act and at the decision."""
    if new is None:
        words = Words(
            f"{old.provision.zh}此后修改，新文本中未见对应罚则，须人工核对是否已不处罚",
            f"{old.provision.en} was changed since; no counterpart is recorded in the new text: "
            "check by hand whether the act is still punished",
        )
        return Comparison(old, None, "old", True, words)
    if old.holding == "not_held" or new.holding == "not_held":
        lighter = old.holding != "not_held"
        uncertain = False
    else:
        uncertain = _open(old) or _open(new) or new.unverified
        lighter = not uncertain and _weight(new) < _weight(old)
    return Comparison(old, new, "new" if lighter else "old", uncertain, _words(old, new, lighter=lighter))


def _open(sanction: Computed) -> bool:
    return sanction.high_fen is None


def _weight(sanction: Computed) -> tuple[float, int]:
    high = float("inf") if sanction.high_fen is None else sanction.high_fen
    return high, sanction.low_fen or 0


def _words(old: Computed, new: Computed, *, lighter: bool) -> Words:
    zh = [_sum(item, "zh") for item in (old, new)]
    en = [_sum(item, "en") for item in (old, new)]
    return Words(
        f"行为时{old.provision.zh}：{zh[0]}；决定时{new.provision.zh}：{zh[1]}；"
        + ("新规定较轻，适用新规定" if lighter else "新规定不较轻，适用行为时的规定"),
        f"At the act {old.provision.en}: {en[0]}; at the decision {new.provision.en}: {en[1]}; "
        + (
            "the new text is lighter and applies"
            if lighter
            else "the new text is not lighter, the old one applies"
        ),
    )


def _sum(sanction: Computed, language: Literal["zh", "en"]) -> str:
    if sanction.holding == "not_held":
        return "不处罚款" if language == "zh" else "no fine"
    if sanction.low_fen is None:
        return "数额未知" if language == "zh" else "amount unknown"
    if sanction.high_fen is None:
        return "上限未知" if language == "zh" else "upper bound unknown"
    return between_in_words(sanction.low_fen, sanction.high_fen, language)
