"""Bytes → text: every encoding an inspector meets, and bytes that are no text."""

import codecs
import random
from pathlib import Path

import pytest

from fairstream.errors import EncodingError, InputError, LimitError
from fairstream.sources.bytes import charset_of, clean, decode, open_input, read_text
from fairstream.sources.problems import ProblemLog

WORDS = "今天直播间全网最低价，只要九块九，买一送一。\n家人们点点关注，库存只有一百单。\n"


def text_of(data: bytes) -> tuple[str, list[str]]:
    log = ProblemLog("talk.srt")
    text = read_text(open_input(data, "talk.srt"), log)
    return text, [problem.cause for problem in log.problems]


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"),
    ],
)
def test_marked_and_plain_unicode_is_read_without_remark(data: bytes) -> None:
    assert text_of(data) == (WORDS, [])


@pytest.mark.parametrize("charset", ["gbk", "gb18030", "gb2312"])
def test_chinese_code_pages_are_read_and_reported(charset: str) -> None:
    text, causes = text_of(WORDS.encode(charset))
    assert text == WORDS
    assert causes == ["the text is GB18030, not UTF-8"]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_told_by_its_nulls(charset: str) -> None:
    text, causes = text_of(("1\n00:00:01,000 --> 00:00:02,000\n" + WORDS).encode(charset))
    assert text.endswith(WORDS)
    assert causes == [f"the text is {charset.upper()}, not UTF-8"]


def test_big5_is_not_taken_for_gbk() -> None:
    words = "今天直播間全網最低價,只要九塊九,買一送一,家人們點點關注,這款面霜對皮膚很好,歡迎大家下單購買" * 5
    text, causes = text_of(words.encode("big5"))
    assert text == words
    assert len(causes) == 1


def test_one_bad_byte_in_utf8_costs_at_most_its_character() -> None:
    data = bytearray((WORDS * 20).encode())
    data[30] = 0xFF
    text, causes = text_of(bytes(data))
    assert text.count("�") <= 3
    assert text.endswith(WORDS)
    assert causes == ["bytes that are not UTF-8; each shows as �"]


def test_text_cut_inside_a_character_is_kept() -> None:
    text, causes = text_of((WORDS * 5).encode()[:-2])
    assert text.startswith(WORDS * 4)
    assert causes


def test_line_ends_are_unified() -> None:
    assert text_of(b"a\r\nb\rc\n")[0] == "a\nb\nc\n"


@pytest.mark.parametrize("data", [b"", b"  \n\t\n"])
def test_empty_files_are_reported(data: bytes) -> None:
    assert text_of(data) == ("", ["the file is empty"])


@pytest.mark.parametrize(
    "data",
    [
        random.Random(3).randbytes(50_000),
        b"\0" * 5000,
        b"%PDF-1.7 \n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"\0\0\0\x20ftypisom" + b"\0" * 200,
        b"PK\x03\x04" + b"\0" * 50,
        b"FLV\x01\x05" + b"\0" * 50,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50,
    ],
)
def test_noise_pictures_and_archives_are_no_text(data: bytes) -> None:
    with pytest.raises(EncodingError) as caught:
        text_of(data)
    assert caught.value.file == "talk.srt"
    assert caught.value.remedy


def test_nulls_and_lone_surrogates_keep_offsets() -> None:
    log = ProblemLog("x")
    assert clean("a\0b\ud800c", log) == "a�b�c"
    assert log.problems[0].count == 2
    assert log.problems[0].severity == "repaired"


def test_true_replacement_characters_are_not_reported() -> None:
    assert text_of("好�的".encode()) == ("好�的", [])


def test_limit_is_checked_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "huge.srt"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(LimitError, match="3,072 MiB, more than the limit of 64 MiB"):
        read_text(open_input(path), ProblemLog("huge.srt"))


def test_missing_file_and_folder_are_input_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none.srt", tmp_path):
        with pytest.raises(InputError, match=r"no such file|a folder, pipe or device"):
            open_input(path).data()


def test_charset_of_a_long_file_is_found_behind_ascii() -> None:
    ascii_first = b"<i>\n" + b" " * (2 << 20)
    assert charset_of(open_input(ascii_first + WORDS.encode())) == "utf-8"
    assert charset_of(open_input(ascii_first + (WORDS * 50).encode("gbk"))) == "gb18030"
    assert charset_of(open_input(codecs.BOM_UTF16_LE + b"a\0")) == "utf-16-le"


def test_decode_does_not_guess_when_utf8_fits() -> None:
    log = ProblemLog("x")
    assert decode("é".encode(), log) == "é"
    assert log.problems == ()
