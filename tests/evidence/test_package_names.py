"""What a file is called inside a package."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.evidence.package_names import LONGEST, folded, packed_name


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("录像 1.mp4", "录像 1.mp4"),
        ("a/b/c.txt", "a/b/c.txt"),
        ("50%off.mp4", "50=25off.mp4"),
        ("two\nlines\r.txt", "two=0Alines=0D.txt"),
        ("back\\slash", "back=5Cslash"),
        ("caf\udce9.txt", "caf=E9.txt"),
        ("tab\there", "tab=09here"),
        ("sep\u2028arated", "sep=E2=80=A8arated"),
        ("dot.", "dot=2E"),
        ("con.txt", "=con.txt"),
        ("a:b?.txt", "a=3Ab=3F.txt"),
        (" lead", " lead"),
        ("originals/../../x", "originals/.=2E/.=2E/x"),
        ("originals//etc/./x", "originals/etc/=2E/x"),
    ],
)
def test_what_cannot_travel_is_written_in_hexadecimal(name: str, packed: str) -> None:
    assert packed_name(name, set()) == packed


def test_no_two_names_are_the_same_on_a_system_without_case() -> None:
    taken: set[str] = set()
    names = ["A.txt", "a.txt", "ａ.txt", unicodedata.normalize("NFD", "é.txt"), "É.txt", "a%.txt", "a=25.txt"]
    packed = [packed_name(name, taken) for name in names]
    assert packed[:3] == ["A.txt", "a-2.txt", "ａ.txt"]
    assert packed[4] == "É-2.txt"
    assert packed[5:] == ["a=25.txt", "a=25-2.txt"]


def test_a_long_name_keeps_its_beginning_and_ending() -> None:
    first, second = (packed_name("录" * 120 + mark + ".mp4", set()) for mark in "ab")
    assert first != second
    assert first.startswith("录" * 50)
    assert first.endswith(".mp4")
    assert len(first.encode()) <= LONGEST


@given(
    st.text(st.characters(blacklist_characters="/\0"), min_size=1, max_size=100).filter(
        lambda s: s not in (".", "..")
    )
)
def test_every_name_fits_on_one_line_of_a_manifest(name: str) -> None:
    packed = packed_name(name, set())
    assert packed.encode().decode() == packed
    assert len(packed.splitlines()) == 1
    assert not set(packed) & set('%\\<>:"|?*\0')
    assert 0 < len(packed.encode()) <= LONGEST + 4
    assert packed_name(name, {folded(packed)}) != packed
