"""What recognisers make up is told from what hosts say."""

import pytest

from fairstream.sources.asr.invented import Inventions, is_invented, is_repeat


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "字幕由 Amara.org 社群提供",
        "中文字幕志愿者 杨茜茜",
        "字幕by索兰娅",
        "优优独播剧场——YoYo Television Series Exclusive",
        "作词 李宗盛",
        "词曲 李宗盛 编曲 李宗盛",
        "Thank you for watching!",
        "Subtitles by the community",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        "10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10",
    ],
)
def test_known_inventions_are_told_even_when_the_recogniser_is_sure(text: str) -> None:
    assert is_invented(text, 0.95)
    assert is_invented(f" {text}。", None)


@pytest.mark.parametrize(
    "text",
    [
        "五四三二一上链接",
        "10 9 8 7 6 5 4 3 2 1",
        "13800138000",
        "这款茶的字幕我们后面会补上，大家先看价格",
        "谢谢大家",
        "家人们点赞过一万我们就上链接",
        "这首歌的作曲是我们老板自己写的你敢信",
        "",
    ],
)
def test_what_hosts_say_is_kept(text: str) -> None:
    assert not is_invented(text, 0.9)
    assert not is_repeat(text)


def test_a_farewell_is_invented_only_when_the_recogniser_doubted_it() -> None:
    for text in ("谢谢观看", "感谢大家的收看", "我们下期再见", "请订阅"):
        assert not is_invented(text, 0.8)
        assert not is_invented(text, None)
        assert is_invented(text, 0.2)
    assert not is_invented("感谢大家的收看今天给大家带来的是这款高山云雾茶", 0.2)


@pytest.mark.parametrize("piece", ["好", "谢谢", "来了来了", "今天的天气"])
def test_endless_repeats_are_told(piece: str) -> None:
    assert is_repeat(piece * 60)
    assert is_repeat(piece * 60 + "好")
    assert not is_repeat(piece * 3)


def test_a_host_who_repeats_himself_is_kept() -> None:
    assert not is_repeat("买它买它买它买它买它")
    assert not is_repeat("最后三单最后三单最后三单最后三单最后三单")
    heard = Inventions()
    assert [heard.left_out("最后三单", 0.9, n) for n in range(8)] == [False] * 8


def test_a_run_of_doubted_equal_lines_is_left_out_from_the_fifth_on() -> None:
    heard = Inventions()
    assert [heard.left_out("是不是这样", 0.2, n * 1000) for n in range(7)] == [False] * 4 + [True] * 3
    assert [(gone.code, gone.position_ms) for gone in heard.take()] == [
        ("heard_repeats", 4000),
        ("heard_repeats", 5000),
        ("heard_repeats", 6000),
    ]
    assert heard.take() == ()
    assert not heard.left_out("是不是这样", 0.2, 0)


def test_a_hostile_text_is_judged_quickly() -> None:
    for text in ("字幕" * 40_000, "1 " * 40_000, "作词 " + "啊 " * 20_000, "谢" * 79_999 + "X"):
        is_invented(text[:4000], 0.1)
        is_repeat(text[:4000])
