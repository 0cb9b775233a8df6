"""Names and labels before the words."""

import pytest

from fairstream.records import Party, Speaker
from fairstream.sources.speakers import Cast

CAST = Cast((Party("host", "小美（虚构）"), Party("room_operator", "晴川优选"), Party("platform", "某平台")))


@pytest.mark.parametrize(
    ("name", "speaker"),
    [
        ("主播", "host"),
        ("主播小美", "host"),
        ("Host", "host"),
        ("host 2", "host"),
        ("助播", "seller"),
        ("客服01", "seller"),
        ("观众A", "customer"),
        ("viewer", "customer"),
        ("顾客（连麦）", "customer"),
        ("小美", "host"),
        ("晴川优选", "seller"),
        ("某平台", "unknown"),
        ("hostile", "unknown"),
        ("张三", "unknown"),
        ("说话人1", "unknown"),
        ("主播说的都是真的啊", "unknown"),
    ],
)
def test_speaker_of_a_name(name: str, speaker: Speaker) -> None:
    assert CAST.speaker(name) == speaker


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("主播：全网最低", ("主播", "全网最低")),
        ("主播: 全网最低", ("主播", "全网最低")),
        ("【助播】 拍一发三", ("助播", "拍一发三")),
        ("[顾客]：多少钱", ("顾客", "多少钱")),
        ("小美：大家好", ("小美", "大家好")),
        ("主播（小美）：大家好", ("主播（小美）", "大家好")),
        ("SPEAKER_01: 大家好", ("SPEAKER_01", "大家好")),
        ("价格：9.9", (None, "价格：9.9")),
        ("记住一点：不要买", (None, "记住一点：不要买")),
        ("主播", (None, "主播")),
        ("", (None, "")),
    ],
)
def test_only_known_labels_are_split_off(line: str, expected: tuple[str | None, str]) -> None:
    assert CAST.split(line) == expected


def test_empty_cast_is_false() -> None:
    assert not Cast()
    assert CAST.has("小美")
    assert not CAST.has("某平台")
