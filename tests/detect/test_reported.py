"""Only what a seller is reported to have said is read by the rules."""

from datetime import date

import pytest

from fairstream.detect.reported import ReportedConducts, reported


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("主播说喝了能根治糖尿病。骗人", ["喝了能根治糖尿病"]),
        ("这个直播间里一直号称：“全网最低价”，我买贵了", ["全网最低价", "全网最低价”，我买贵了"]),
        ("我说这东西能根治糖尿病吗", []),
        (
            "商家承诺七天无理由退货，客服却说已经拆封不能退",
            ["七天无理由退货", "七天无理由退货，客服却说已经拆封不能退"],
        ),
        ("", []),
    ],
)
def test_words_after_a_reporting_verb_of_a_seller(text: str, words: list[str]) -> None:
    assert reported(text) == words


def test_conducts_of_reported_words_only() -> None:
    find = ReportedConducts(date(2026, 11, 1)).open()
    texts = ["主播说这个茶喝了能根治糖尿病，气死我了", "这个茶喝了能根治糖尿病", "主播说今天下雨了", ""]
    assert find(texts) == [["ad_medical_claim"], [], [], []]
