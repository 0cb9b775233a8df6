"""Nothing personal comes out; the same person keeps one pseudonym."""

import stat
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import InputError
from fairstream.sources.posts.privacy import private_column, pseudonym_key, pseudonyms
from fairstream.text.masking import mask, private
from sources.posts.forms import Got, as_csv, as_jsonl, written

PERSONAL = {
    "电话13812345678": "电话138******78",
    "138 1234-5678": "138 ****-**78",
    "１３８１２３４５６７８": "１３８******７８",
    "(010)62345678": "(010)******78",
    "信a_b.c@mail.example 回复": "信*****@mail.example 回复",
    "中山路123号5栋602室": "中山路***号*栋***室",
    "建国路 88号院": "建国路 **号院",
    "3栋502室": "*栋***室",
    "身份证11010119900307123X": "身份证110*************3X",
    "卡6222 0212 3456 7890 123": "卡622* **** **** **** *23",
}
ORDINARY = [
    "11月11号",
    "我知道11号发货",
    "5号楼",
    "iPhone14",
    "2022-11-11 08:00:00",
    "@某人 好",
    "",
    "满300减50",
    "路",
]


@pytest.mark.parametrize(("text", "hidden"), PERSONAL.items())
def test_personal_numbers_are_starred(text: str, hidden: str) -> None:
    assert private(text) == hidden
    assert len(private(text)) == len(text)
    assert private(hidden) == hidden


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_stay(text: str) -> None:
    assert private(text) == text


def test_a_column_is_masked_as_its_texts_are() -> None:
    texts = [*PERSONAL, *ORDINARY, None, "长" * 99_999 + "13812345678"]
    wanted = [None if text is None else private(text) for text in texts]
    array = pa.array(texts)
    assert private_column(array).to_pylist() == wanted
    assert private_column(array.slice(3, 9)).to_pylist() == wanted[3:12]
    assert private_column(pa.array([], pa.string())).to_pylist() == []
    assert private_column(pa.array([None], pa.string())).to_pylist() == [None]


@given(st.lists(st.text("0123456789１８- .·()（）+＋:xXaZ号路室楼中@é\n", max_size=40), max_size=8))
def test_looking_closely_only_where_bytes_tell_misses_no_number(texts: list[str]) -> None:
    found = private_column(pa.array(texts, pa.string())).to_pylist()
    assert [mask(text) for text in found] == found
    assert found == [private(text) for text in texts]


def test_pseudonyms_depend_on_channel_and_key() -> None:
    names = pa.array(["甲", "甲", "甲", "乙", None, "匿名用户", " "])
    channels = pa.array(["微博", "微博", "抖音", "微博", "微博", "微博", "微博"])
    first = pseudonyms(names, channels, pseudonym_key(b"one")).to_pylist()
    assert first[0] == first[1]
    assert len({first[0], first[2], first[3]}) == 3
    assert first[4:] == [None, None, None]
    assert all(len(name) == 16 for name in first[:4])
    assert first[0] != pseudonyms(names, channels, pseudonym_key(b"two")).to_pylist()[0]


def test_the_key_of_the_machine_is_made_once_and_only_its_owner_reads_it(key: Path) -> None:
    made = pseudonym_key()
    assert pseudonym_key() == made
    assert len(made) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_broken_key_is_refused(key: Path) -> None:
    key.write_bytes(b"short")
    with pytest.raises(InputError, match="no key of pseudonyms"):
        pseudonym_key()


def test_nothing_personal_leaves_a_table(tmp_path: Path) -> None:
    row = {
        "id": "1", "text": "联系我13812345678", "用户昵称": "针一", "用户ID": "针二", "头像": "针三",
        "手机号": "针四", "收货地址": "针五", "user_signature": "针六", "标签": "留下",
        "poster": {"name": "针七"}, "备注": "电话13812345678",
    }  # fmt: skip
    for form in (as_jsonl, lambda rows: as_csv([{k: v for k, v in rows[0].items() if k != "poster"}])):
        got = Got(written(tmp_path / "x", form([row])))
        shown = str(got.rows)
        assert "针" not in shown
        assert "13812345678" not in shown
        assert "留下" in shown


def test_the_same_import_gives_the_same_items(tmp_path: Path) -> None:
    rows = [
        {"正文": f"第{n}条", "作者": f"人{n % 3}", "渠道": "微博", "时间": "2022-11-11 08:00"}
        for n in range(9)
    ]
    path = written(tmp_path / "x", as_jsonl(rows))
    one, two = Got(path, salt=b""), Got(path, salt=b"")
    assert one.rows == two.rows
    assert len(set(one["id"])) == 9
    assert len(set(one["author"])) == 3
