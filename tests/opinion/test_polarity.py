"""The shipped model and its file."""

import json
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import FormatError
from fairstream.opinion.ngrams import distinct_buckets, weigh
from fairstream.opinion.polarity import COMPLAINT, NEITHER, PRAISE, SHIPPED, PolarityModel
from fairstream.text.fold import FoldedBatch, Folder

COMPLAINTS = [
    "送来的时候都凉了，而且洒了一半，差评",
    "前台爱理不理，房间一股霉味", "主播说是正品，收到是假货，客服不理人",
    "空调装上就漏水，售后一直推脱",
    "說好的七天無理由，結果不給退款，太坑了", "味道不错但是送得太慢，等了两个小时",
    "一点都不好吃", "退款拖了半个月还没到账，投诉也没用",
    "为什么还不发货？！", "凭什么不退？", "客服都死了吗",
]  # fmt: skip
PRAISES = [
    "味道很好，分量足，送餐也快", "房间干净，位置方便，下次还会住", "制冷快，声音小，安装师傅很专业",
    "没毛病，很满意",
    "一点都不贵，物超所值", "不错不错，还会再买", "主播推荐的没错，跟直播间看到的一样", "無可挑剔，非常滿意",
    "退款秒到账", "第二天就到",
]  # fmt: skip
NOTHING = [
    "国家邮政局公布三季度快递业务量", "转发微博", "今晚八点直播预告", "请问什么时候发货", "", "。", "早安",
    "市场监管总局召开新闻发布会",
    "请问预售的尾款什么时候付", "我的订单显示在派送中", "发票要怎么申请", "消费维权热线开通线上渠道",
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> PolarityModel:
    return PolarityModel.open()


def folded(*texts: str) -> FoldedBatch:
    return Folder().fold(texts, evasion=False)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_complaint_is_one(model: PolarityModel, text: str) -> None:
    assert model.judge(folded(text)).polarity.tolist() == [COMPLAINT]


@pytest.mark.parametrize("text", PRAISES)
def test_praise_is_praise(model: PolarityModel, text: str) -> None:
    assert model.judge(folded(text)).polarity.tolist() == [PRAISE]


@pytest.mark.parametrize("text", NOTHING)
def test_what_evaluates_nothing_is_neither(model: PolarityModel, text: str) -> None:
    assert model.judge(folded(text)).polarity.tolist() == [NEITHER]


def test_an_empty_batch_has_no_judgement(model: PolarityModel) -> None:
    judged = model.judge(folded())
    assert judged.score.shape == judged.polarity.shape == (0,)


def test_types_and_sides_agree(model: PolarityModel) -> None:
    score, polarity = model.judge(folded(*COMPLAINTS, *PRAISES, *NOTHING, "\0", "差\n好", "x" * 1_000_000))
    assert (score.dtype, polarity.dtype) == (np.float32, np.uint8)
    assert ((score >= 0) & (score <= 1)).all()
    assert (score[polarity == COMPLAINT] >= 0.5).all()
    assert (score[polarity == PRAISE] < 0.5).all()


def test_a_text_is_judged_alike_alone_and_in_a_batch(model: PolarityModel) -> None:
    texts = [*COMPLAINTS, *NOTHING, *PRAISES]
    together = model.judge(folded(*texts)).score
    assert together.tolist() == [model.judge(folded(text)).score[0] for text in texts]


def test_saying_it_often_does_not_count_often() -> None:
    batch = folded("差差差差差差差")
    table = np.ones((256, 2), np.int8)
    assert weigh(batch.codes, batch.bounds, table, longest=1).distinct.tolist() == [2]


def test_sums_are_those_of_the_distinct_buckets() -> None:
    batch = folded("服务很差，很差", "", "好")
    table = np.random.default_rng(1).integers(-127, 128, (1 << 12, 2)).astype(np.int8)
    buckets, starts = distinct_buckets(batch.codes, batch.bounds, longest=4, bits=12)
    rows = [buckets[a:b] for a, b in pairwise(starts)]
    assert [len(set(row.tolist())) for row in rows] == [len(row) for row in rows]
    sums, distinct = weigh(batch.codes, batch.bounds, table, longest=4)
    assert sums.tolist() == [table[row].sum(axis=0, dtype=np.int64).tolist() for row in rows]
    assert distinct.tolist() == [len(row) for row in rows]


def test_saved_and_opened_it_is_the_same(model: PolarityModel, tmp_path: Path) -> None:
    model.save(tmp_path / "a.model")
    again = PolarityModel.open(tmp_path / "a.model")
    assert again.header == model.header
    assert (again.table == model.table).all()
    assert (tmp_path / "a.model").read_bytes() == SHIPPED.read_bytes()


def test_the_shipped_file_is_small() -> None:
    assert SHIPPED.stat().st_size <= 600_000


def _changed(content: bytes, **keys: object) -> bytes:
    head, _, packed = content.partition(b"\n")
    return json.dumps(json.loads(head) | keys).encode() + b"\n" + packed


def test_a_file_that_is_not_a_whole_model_is_refused(tmp_path: Path) -> None:
    content = SHIPPED.read_bytes()
    head = content.partition(b"\n")[0]
    wrong = {
        "not a polarity model": [b"", b"\x80\x04N.", content.replace(b"polarity 1", b"polarity 9", 1)],
        "damaged weights": [head + b"\nnothing"],
        "check sum": [
            content[:-1000],
            head + b"\n" + zlib.compress(b"\0" * 9),
            head + b"\n" + zlib.compress(b"\0" * (2 << json.loads(head)["bits"])),
            _changed(content, sha256="0" * 64),
            _changed(content, bits=12),
        ],
    }
    file = tmp_path / "x.model"
    for cause, contents in wrong.items():
        for bad in contents:
            file.write_bytes(bad)
            with pytest.raises(FormatError, match=cause) as caught:
                PolarityModel.open(file)
            assert caught.value.file == str(file)
            assert "opinion train" in str(caught.value)
