"""Reviews and complaints are about goods or services by their kind, unless they say nothing."""

import pyarrow as pa
import pytest

from fairstream.opinion.annotate import Annotator, Settings
from fairstream.opinion.vouched import says_nothing, vouched

NOTHING = says_nothing(["默认好评", "凑字数", "a.b"])


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Settings().open()


def of(kind: str | None, text: str) -> bool:
    """Whether one item is vouched for."""
    return bool(vouched(pa.array([kind], pa.string()), pa.array([text]), NOTHING)[0])


@pytest.mark.parametrize("kind", ["review", "complaint"])
@pytest.mark.parametrize(
    "text", ["好", "很好吃", "默认好评吧", "👍👍", "a-b", "ok", "1 盒少 2 片", "长" * 1_000_000]
)
def test_a_review_or_complaint_that_says_anything(kind: str, text: str) -> None:
    assert of(kind, text)


@pytest.mark.parametrize(
    "text", ["", "\0", " \n", "11111", "５５５", "……！！", "默认好评", "凑字数，凑字数 1~2", "A.B"]
)
def test_nothing_said(text: str) -> None:
    assert not of("review", text)


@pytest.mark.parametrize("kind", [None, "post", "comment", "news", "hot_search", "chat", "", "Review"])
def test_other_kinds_vouch_for_nothing(kind: str | None) -> None:
    assert not of(kind, "很好吃")


def test_each_row_by_itself_and_no_rows() -> None:
    kinds = pa.array(["review", None, "complaint", "review", "post"])
    texts = pa.array(["默认好评", "好吃", "骗人", "好吃", "好吃"])
    assert vouched(kinds, texts, NOTHING).tolist() == [False, False, True, True, False]
    assert vouched(pa.array([], pa.string()), pa.array([], pa.string()), NOTHING).tolist() == []


def test_the_annotator_asks_the_kind(annotator: Annotator) -> None:
    texts = ["颜值超高", "颜值超高", "此用户没有填写评价内容", "赞赞赞"]
    kinds = ["review", None, "review", "review"]
    batch = pa.RecordBatch.from_pydict(
        {"id": list("abcd"), "text": texts, "kind": pa.array(kinds, pa.string())}
    )
    assert annotator(batch).items["consumer_rights"].to_pylist() == [True, False, False, True]
