"""Made-up windows: exact shares, the same for a seed, marked, whatever the parts."""

from collections import Counter
from datetime import date

import pyarrow as pa
import pytest

from fairstream.columns import INVENTED
from fairstream.opinion.aggregate import Window
from fairstream.opinion.invented import Plan, part, parts, pieces, plan, planted

WINDOW = Window(date(2022, 10, 20), date(2022, 11, 13))


@pytest.fixture(scope="module")
def made() -> Plan:
    return plan(6000, WINDOW)


@pytest.fixture(scope="module")
def whole(made: Plan) -> tuple[pa.Table, pa.Table]:
    (one,) = parts(made, 3)
    return one.posts, one.truth


def test_shares_are_planted_exactly(made: Plan, whole: tuple[pa.Table, pa.Table]) -> None:
    truth = whole[1].to_pylist()
    rights = [row for row in truth if row["rights"]]
    complaints = [row for row in truth if row["polarity"] == "complaint"]
    topics = Counter(topic for row in truth for topic in row["topics"])
    shares = planted(made)
    assert len(rights) / len(truth) == pytest.approx(shares["rights"], abs=0.001)
    assert len(complaints) / len(rights) == pytest.approx(shares["complaint"], abs=0.001)
    for name, share in pieces()["topics"].items():
        assert topics[name] / len(complaints) == pytest.approx(share, abs=0.006)
    channels = Counter(whole[0]["channel"].to_pylist())
    for name, share in pieces()["channels"].items():
        assert channels[name] / len(truth) == pytest.approx(share, abs=0.001)


def test_only_complaints_have_topics_and_no_topic_twice(whole: tuple[pa.Table, pa.Table]) -> None:
    for row in whole[1].to_pylist():
        assert not row["topics"] or row["polarity"] == "complaint"
        assert len(set(row["topics"])) == len(row["topics"]) <= 2


def test_a_seed_fixes_every_character_and_another_changes_them(
    made: Plan, whole: tuple[pa.Table, pa.Table]
) -> None:
    again, other = next(parts(made, 3)), next(parts(made, 4))
    assert again.posts.equals(whole[0])
    assert again.truth.equals(whole[1])
    assert not other.posts.equals(whole[0])


def test_posts_lie_in_the_window_in_order_with_ids_of_their_own(whole: tuple[pa.Table, pa.Table]) -> None:
    posts = whole[0]
    at = posts["at"].to_pylist()
    assert at == sorted(at)
    assert WINDOW.start <= at[0].date() <= at[-1].date() <= WINDOW.end
    assert len(set(posts["id"].to_pylist())) == len(posts)
    assert posts["id"].to_pylist() == whole[1]["id"].to_pylist()
    assert posts.schema.metadata == {INVENTED: b"true"}
    assert "{" not in "".join(posts["text"].to_pylist())


def test_parts_are_made_one_by_one_and_add_up(made: Plan) -> None:
    several = made.parts(1000)
    assert len(several) >= 5
    sizes = [len(part(made, number, hours, 3).posts) for number, hours in enumerate(several)]
    assert sum(sizes) == pytest.approx(6000, abs=10)


def test_a_burst_is_where_it_was_planted(made: Plan) -> None:
    live = made.topics[made.names.index("live")].reshape(len(WINDOW), 24).sum(axis=1)
    assert live[15:17].mean() > 2.5 * live[:12].mean()
