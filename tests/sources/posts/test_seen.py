"""Items that were there already."""

import numpy as np
import pyarrow as pa

from fairstream.sources.posts.seen import Seen


def fresh(seen: Seen, ids: list[str], channels: list[str | None]) -> list[bool]:
    return [bool(new) for new in seen.fresh(pa.array(channels, pa.string()), pa.array(ids, pa.string()))]


def test_channel_and_id_together_are_an_item() -> None:
    seen = Seen()
    assert fresh(seen, ["1", "1", "1", "2", ""], ["a", "a", "b", "a", None]) == [
        True,
        False,
        True,
        True,
        True,
    ]
    assert fresh(seen, ["1", "3", ""], ["b", "b", None]) == [False, True, False]
    assert len(seen) == 5
    assert fresh(seen, [], []) == []


def test_it_grows_and_forgets_nothing() -> None:
    seen = Seen()
    for start in range(0, 300_000, 50_000):
        ids = [str(n) for n in range(start, start + 50_000)]
        assert seen.fresh(pa.array(["c"] * 50_000), pa.array(ids)).all()
    ids = pa.array([str(n) for n in range(300_000)])
    assert not seen.fresh(pa.array(["c"] * 300_000), ids).any()
    assert len(seen) == 300_000


def test_without_a_channel_the_text_has_its_say() -> None:
    from sources.posts.forms import POSTS

    rows = [{"id": "1", "text": "甲"}, {"id": "1", "text": "乙"}, {"id": "1", "text": "甲"}]
    batch = pa.RecordBatch.from_pylist(rows, POSTS)
    seen = Seen()
    assert seen.only_new(batch).column("text").to_pylist() == ["甲", "乙"]
    assert seen.only_new(batch).num_rows == 0


def test_hashes_are_the_same_on_every_machine() -> None:
    from fairstream.sources.posts.kernels import hashes
    from fairstream.sources.posts.privacy import string_parts

    found = hashes(*string_parts(pa.array(["", "a", "微博"])))
    value = np.uint64(0xCBF29CE484222325)
    with np.errstate(over="ignore"):
        value = (value ^ np.uint64(97)) * np.uint64(0x100000001B3)
        value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
        value ^= value >> np.uint64(33)
    assert found[1] == value
    assert len(set(found.tolist())) == 3
