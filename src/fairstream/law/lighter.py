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
    uncertain = False
    if old.holding == "not_held" or new.holding == "not_held":
        lighter = old.holding != "not_held"
    elif old.high_fen is None or new.high_fen is None or new.unverified:
        lighter, uncertain = False, True
    else:
        lighter = (new.high_fen, new.low_fen or 0) < (old.high_fen, old.low_fen or 0)
    return Comparison(old, new, "new" if lighter else "old", uncertain, _words(old, new, lighter=lighter))


def _words(old: Computed, new: Computed, *, lighter: bool) -> Words:
    before, after = _sum(old), _sum(new)
    return Words(
        f"行为时{old.provision.zh}：{before.zh}；决定时{new.provision.zh}：{after.zh}；"
        + ("新规定较轻，适用新规定" if lighter else "新规定不较轻，适用行为时的规定"),
        f"At the act {old.provision.en}: {before.en}; at the decision {new.provision.en}: {after.en}; "
        + (
            "the new text is lighter and applies"
            if lighter
            else "the new text is not lighter, the old one applies"
        ),
    )


def _sum(sanction: Computed) -> Words:
    low, high = sanction.low_fen, sanction.high_fen
    if sanction.holding == "not_held":
        return Words("不处罚款", "no fine")
    if low is None:
        return Words("数额未知", "amount unknown")
    if high is None:
        return Words("上限未知", "upper bound unknown")
    return Words(between_in_words(low, high), between_in_words(low, high, "en"))
