"""AI figures: the sentence on gaps, and words by which a host calls itself human."""

import pytest

from fairstream.checks import DATA, ai_host
from fairstream.checks.about import Outcome
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, HostFacts, Interval
from fairstream.records import Broadcast, Utterance

from .test_host import ON


def run(name: str, figure: HostFacts, *words: str) -> list[Outcome]:
    said = tuple(Utterance(f"u{n}", text) for n, text in enumerate(words))
    scene = Scene(Broadcast("b", "茶", ON, utterances=said), Facts(hosts=(figure,)))
    return list(Check(read_about(DATA / f"{name}.yaml"), ai_host.CHECKS[name]).run(scene))


def test_unlabelled_stretches_are_told() -> None:
    figure = HostFacts(
        "小麦",
        is_ai=True,
        ai_shown=(Interval(10_000, 130_000),),
        ai_labelled=(Interval(0, 40_000), Interval(70_000, 100_000)),
    )
    (outcome,) = run("ai-host/label", figure)
    assert outcome.why.zh == (
        "小麦由人工智能生成，出现 120 秒，其中 60 秒没有提示："
        "0:00:40–0:01:10、0:01:40–0:02:10（不超过 2 秒的间断不计），涉嫌未持续提示"
    )
    assert outcome.why.en.startswith("小麦 is AI-generated and was shown for 120 seconds, 60 of them without")
    assert outcome.known[0].text == (
        "人工智能生成人物出现 120 秒，标识 70 秒",
        "figure shown for 120 seconds, label for 70",
    )


def test_never_labelled_is_told_with_its_seconds() -> None:
    figure = HostFacts("小麦", ai_shown=(Interval(0, 61_000),), ai_labelled=())
    (outcome,) = run("ai-host/label", figure)
    assert outcome.why.en == (
        "小麦 is AI-generated and was shown for 61 seconds without any label: suspected lack of the label"
    )


@pytest.mark.parametrize(
    "text",
    [
        "我是真人",
        "家人们我可是真人主播",
        "我们都是真人",
        "主播就是活人啊",
        "我绝对是如假包换的真人",
        "直播间全程真人直播",
        "活人在播，放心拍",
        "我才不是什么AI主播",
        "我又不是机器人",
        "我真的不是数字人",
    ],
)
def test_calls_itself_human(text: str) -> None:
    assert [one.reason for one in run("ai-host/denied", HostFacts("小麦", is_ai=True), text)] == ["denied"]


@pytest.mark.parametrize(
    "text",
    [
        "我不是真人，我是数字人",
        "我是数字人主播",
        "你问我是真人吗",
        "我是不是真人你们猜",
        "我们是真人模特拍的图",
        "这件都是真人试穿",
        "游戏里都是真人在玩",
        "这里是真人秀现场",
        "数字人不是真人直播",
        "代替真人直播的是数字人",
        "我不是机器人吗？",
        "这款产品不是合成的",
        "像真人直播一样自然",
    ],
)
def test_does_not_call_itself_human(text: str) -> None:
    assert run("ai-host/denied", HostFacts("小麦", is_ai=True), text) == []
