"""Heimao complaints: cards taken apart, and every third-party shape read to the same complaint."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.sources.posts.heimao import Complaint, amounts_in, from_card, number_of, plain, take_apart
from sources.posts.collectors import BEGIN, agree, read, write_csv, write_json, write_jsonl, write_xlsx

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
    assert number_of("https://example.com/complaint/view/17390396995/?sld=1d3d") == "17390396995"
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


FACTS = "2025年11月11日在直播间买了锅，花了398元，\n三天就坏，要求退一赔三1,194.00元。"
DAY = BEGIN.replace(year=2025, month=11, day=23, hour=0)
WANT = {
    "channel": "黑猫投诉",
    "kind": "complaint",
    "at": DAY,
    "respondent": "（虚构）某乐购App",
    "text": f"（虚构）某乐购直播间不退款\n{FACTS}",
}
HREF = "https://example.com/complaint/view/1739039699{}/?sld=1"


def raw(n: int) -> dict[str, Any]:
    """HeimaoData, as collected."""
    return {"title": CARD, "content": FACTS, "time": "", "href": HREF.format(n), "keyword": "某乐购"}


def structured(n: int) -> dict[str, Any]:
    """HeimaoData, taken apart by its script."""
    return {"date": "2025-11-23", "title": "（虚构）某乐购直播间不退款", "summary": FACTS,
            "object": "（虚构）某乐购App", "demands": "退款，赔偿", "href": HREF.format(n)}  # fmt: skip


def parsed(n: int) -> dict[str, Any]:
    """The other parser, of pages saved as text."""
    return {"date": "2025-11-23", "title": "（虚构）某乐购直播间不退款", "description": FACTS,
            "complaint_object": "（虚构）某乐购App", "complaint_request": "退款，赔偿", "status": "已回复",
            "amount_list": "398元;1194.00元", "source_file": "a.txt", "block_index": n}  # fmt: skip


def entry(n: int) -> dict[str, Any]:
    """One complaint of the site's list interface."""
    title = '（虚构）某乐购<span class="code-red">直播间</span>不退款'
    return {"main": {"sn": f"1739039699{n}", "title": title,
                     "cotitle": "（虚构）某乐购App", "appeal": "退款，赔偿", "summary": FACTS, "status": 4,
                     "timestamp": str(int(DAY.timestamp())), "upvote_amount": "3", "comment_amount": "1",
                     "share_amount": "0", "url": "//example.com/x"},
            "author": {"title": "针机灵喵", "avatar": "针avatar"}}  # fmt: skip


@pytest.mark.parametrize(
    ("make", "demand"),
    [(raw, "demands"), (structured, "demands"), (parsed, "complaint_request"), (entry, "main.appeal")],
)
@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "xlsx", "answer"])
def test_every_shape_gives_the_same_complaint(tmp_path: Path, make: Any, demand: str, form: str) -> None:
    rows = [make(n) for n in range(3)]
    if form in ("csv", "xlsx") and make is entry:
        pytest.skip("objects within objects are no table")
    if form == "answer":
        if make is not entry:
            pytest.skip("only the site's interface answers so")
        whole = {"result": {"status": {"code": 0}, "data": {"complaints": rows, "pager": {"current": 1}}}}
        path = tmp_path / "answer.json"
        path.write_bytes(orjson.dumps(whole))
    elif form == "xlsx":
        path = write_xlsx(tmp_path / "a.xlsx", {"s": rows})
    else:
        write = {"jsonl": write_jsonl, "json": write_json, "csv": write_csv}[form]
        path = write(tmp_path / f"a.{form}", rows)
    found = read(path)
    assert found.problems == {}
    agree(found.rows, [WANT] * 3)
    assert orjson.loads(found.rows[0]["more"])[demand] == "退款，赔偿"
    if make is not parsed:
        assert [row["id"] for row in found.rows] == [f"1739039699{n}" for n in range(3)]
    assert "针".encode() not in found.blob
    assert "机灵喵".encode() not in found.blob


def test_amounts_and_state_of_a_card_are_kept(tmp_path: Path) -> None:
    (row,) = read(write_json(tmp_path / "a.json", [raw(1)])).rows
    more = orjson.loads(row["more"])
    assert (more["status"], more["amount_list"]) == ("已回复", "398元;1,194.00元")
    assert (row["keyword"], row["url"]) == ("某乐购", HREF.format(1))


def test_a_broken_entry_loses_only_itself(tmp_path: Path) -> None:
    rows: list[Any] = [raw(0), "broken", raw(2)]
    found = read(write_json(tmp_path / "a.json", rows))
    assert [row["id"] for row in found.rows] == ["17390396990", "17390396992"]
    assert len(found.one_file()) == 1


def test_news_under_the_same_names_is_no_complaint(tmp_path: Path) -> None:
    news = {"title": "（虚构）新闻", "content": "正文", "time": "2025-11-23", "href": "https://example.com/1"}
    found = read(write_json(tmp_path / "a.json", [news | {"keyword": "直播"}]))
    assert found.problems == {}
    agree(found.rows, [{"channel": None, "kind": None, "text": "（虚构）新闻\n正文", "at": DAY}])
    found = read(write_json(tmp_path / "b.json", [news]))
    agree(found.rows, [{"channel": None, "text": "（虚构）新闻\n正文"}])
