"""Whatever lies under `facts/`, reading it ends, keeps to problems, and gives facts."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairstream.facts import Facts
from fairstream.sources.factnames import KINDS
from fairstream.sources.facts import read_facts

SETTINGS = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
_WORDS = (
    "id listing at price price_fen kind value at_ms values text captured_at name hosts shown materials 时间"
    " 在线人数 winners ai_shown number expires_on amounts ad_fee"
)
KEYS = st.sampled_from([*_WORDS.split(), "", "\0", "\ud800"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=12),
    st.sampled_from(["9" * 400, "1e999", "0:99:99", "-1", "9999-12-31 23:59:59", "长期"]),
    st.just("0001-01-01T00:00:00+23:59"),
)  # fmt: skip
TREES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


def reads(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    loaded = read_facts(folder, key=b"test")
    path.unlink()
    assert isinstance(loaded.records[0], Facts)
    assert len(loaded.records) == 1
    assert all(problem.place.file == name for problem in loaded.problems)
    assert all(problem.cause and problem.remedy for problem in loaded.problems)


@SETTINGS
@given(kind=st.sampled_from(list(KINDS)), data=st.binary(max_size=300))
def test_bytes(tmp_path: Path, kind: str, data: bytes) -> None:
    reads(tmp_path, f"facts/{kind}.csv", data)
    reads(tmp_path, "facts.yaml", data)


@SETTINGS
@given(kind=st.sampled_from(list(KINDS)), tree=TREES)
def test_json_of_any_shape(tmp_path: Path, kind: str, tree: Any) -> None:
    data = json.dumps(tree).encode()
    reads(tmp_path, f"facts/{kind}.json", data)
    reads(tmp_path, "facts.json", json.dumps({kind: tree, "amounts": tree, "payees": tree}).encode())


@SETTINGS
@given(
    kind=st.sampled_from(list(KINDS)), cells=st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=6)
)
def test_tables_of_any_shape(tmp_path: Path, kind: str, cells: list[list[str]]) -> None:
    rows = "\n".join(",".join(line) for line in cells)
    reads(
        tmp_path,
        f"facts/{kind}.csv",
        f"id,listing,at,price,kind,value,text\n{rows}".encode(errors="surrogatepass"),
    )
