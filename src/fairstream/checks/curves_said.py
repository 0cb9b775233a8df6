"""How the curve checks choose curves and put their numbers into words."""

from typing import Final

from fairstream.checks.about import fact
from fairstream.checks.scene import Scene
from fairstream.checks.series import Series
from fairstream.facts import Curve
from fairstream.records import Side, Words

KINDS: Final = {
    "viewers": Words("在线人数", "viewers"),
    "orders": Words("订单", "orders"),
    "refunds": Words("退款", "refunds"),
    "likes": Words("点赞", "likes"),
    "comments": Words("评论", "comments"),
    "followers": Words("关注", "followers"),
}


def of_kind(scene: Scene, kind: str) -> list[Curve]:
    """The curves of one kind in the order handed in."""
    return [curve for curve in scene.facts.curves if curve.kind == kind]


def number(value: float) -> str:
    """Three significant digits, whole numbers as they are."""
    if value == int(value) or abs(value) >= 1000:
        return str(round(value))
    return f"{value:.3g}"


def shown(curve: Curve, series: Series) -> Side:
    """A curve as one side of a comparison: how many samples, from when to when, smallest and largest."""
    kind = KINDS[curve.kind]
    if not len(series):
        return fact("curves", Words(f"{kind.zh}：没有可用的采样点", f"{kind.en}: no usable sample"), curve)
    first, last = number(series.at[0]), number(series.at[-1])
    low, high = number(series.values.min()), number(series.values.max())
    return fact(
        "curves",
        Words(
            f"{kind.zh}：{len(series)} 个采样点，第 {first} 至 {last} 分钟，{low} 至 {high}",
            f"{kind.en}: {len(series)} samples, minutes {first} to {last}, {low} to {high}",
        ),
        curve,
    )
