"""Heimao complaints: cards taken apart, and every third-party shape read to the same complaint."""

from typing import Any

import pytest

from fairstream.sources.posts.heimao import Complaint, amounts_in, from_card, number_of, plain, take_apart

CARD = (
    "机灵喵\n2025-11-23 于黑猫投诉平台发起\n（虚构）某乐购直播间不退款\n\n"
    "2025年11月11日在直播间买了锅，花了398元，\n三天就坏，要求退一赔三1,194.00元。\n\n"
    "[投诉对象]（虚构）某乐购App\n[投诉要求]退款，赔偿\n已回复"
)


def test_a_card_is_taken_apart() -> None:
    assert take_apart(CARD) == Complaint(
        day="2025-11-23",
        title="（虚构）某乐购直播间不退款",
        facts="2025年11月11日在直播间买了锅，花了398元，\n三天就坏，要求退一赔三1,194.00元。",
        respondent="（虚构）某乐购App",
        demand="退款，赔偿",
        state="已回复",
    )


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("", Complaint()),
        ("\0", Complaint(title="\0")),
        ("只有标题", Complaint(title="只有标题")),
        ("2025-11-23 于黑猫投诉平台发起", Complaint(day="2025-11-23")),
        ("2025-11-23 10:02:03 于黑猫投诉平台发起\n标题", Complaint("2025-11-23 10:02:03", "标题")),
        ("[投诉对象]某店", Complaint(respondent="某店")),
        ("[投诉要求]\n[投诉对象]某店", Complaint(respondent="某店")),
        ("<span class=\"code-red\">直播</span>退款", Complaint(title="直播退款")),
        ("标题\n[投诉问题]假货\n[涉诉金额]99元\n[投诉进度]处理中",
         Complaint(title="标题", problem="假货", amount="99元", state="处理中")),
    ],
)  # fmt: skip
def test_incomplete_and_odd_cards(card: str, expected: Complaint) -> None:
    assert take_apart(card) == expected


def test_a_card_of_a_megabyte_is_taken_apart_in_time() -> None:
    body = "投诉[投诉" * 200_000
    assert take_apart(f"2025-11-23 于黑猫投诉平台发起\n题\n{body}").title == "题"
    assert amounts_in("1" * 1_000_000) == []


def test_the_number_comes_from_the_address() -> None:
    assert number_of("https://tousu.sina.com.cn/complaint/view/17390396995/?sld=1d3d") == "17390396995"
    assert number_of("") is None


def test_amounts_and_tags() -> None:
    assert amounts_in("花了398元，赔1,194.00元，又花398元，共1.2万元") == ["398元", "1,194.00元", "1.2万元"]
    assert plain("a < b > c") == "a < b > c"


def test_the_longer_text_of_card_and_content_is_kept() -> None:
    row: dict[str, Any] = {"title": CARD, "content": "短", "time": "", "href": "/complaint/view/9/"}
    assert from_card(row)["content"].startswith("2025年11月11日")
    assert from_card(row)["amount_list"] == "398元;1,194.00元"
    assert from_card(row | {"content": "长" * 200})["content"] == "长" * 200
    assert from_card({})["title"] == ""
