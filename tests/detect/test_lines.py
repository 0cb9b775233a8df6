"""JSON lines in, JSON lines out."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairstream.detect import lines
from fairstream.detect.engine import Scanner
from fairstream.detect.lines import as_json, chunks, parse_line, scan_lines
from fairstream.errors import FormatError
from fairstream.records import Text
from world import World


@pytest.fixture(scope="module")
def scanner(module_world: World) -> Scanner:
    module_world.rule("治疗", "t/cure", applies_to={"media": ["listing", "speech", "post"]})
    module_world.rule({"phrase": ["最低", "第一"]}, "t/most", conduct="ad_superlative")
    return module_world.scanner()


def scanned(scanner: Scanner, *given_lines: bytes | str, first: int = 1) -> list[dict[str, Any]]:
    raw = [line.encode() if isinstance(line, str) else line for line in given_lines]
    out, bad = scan_lines(raw, scanner, first)
    answers = [json.loads(line) for line in out.splitlines()]
    assert len(answers) == len(raw)
    assert out.endswith(b"\n") or not raw
    assert bad == sum("error" in answer for answer in answers)
    for answer in answers:
        assert set(answer) in ({"id", "findings"}, {"id", "error"})
    return answers


def error(scanner: Scanner, line: bytes | str) -> str:
    [answer] = scanned(scanner, line, first=7)
    message: str = answer["error"]
    assert message.startswith("line 7: ")
    assert "Remedy: " in message
    assert "\n" not in message
    return message


class TestGood:
    def test_answers_in_order(self, scanner: Scanner) -> None:
        answers = scanned(
            scanner, '{"id":"a","text":"治疗"}', '{"id":"b","text":"好"}', '{"id":"c","text":"最低"}'
        )
        assert [a["id"] for a in answers] == ["a", "b", "c"]
        assert [[f["quote"] for f in a["findings"]] for a in answers] == [["治疗"], [], ["最低"]]

    def test_gives_what_the_scanner_gives(self, scanner: Scanner) -> None:
        text = Text("x", "治疗，最低😀第一", medium="speech", speaker="host", product="茶")
        fields = {"id": "x", "text": text.text, "medium": "speech", "speaker": "host", "product": "茶"}
        [answer] = scanned(scanner, json.dumps(fields))
        expected = [as_json(finding) for finding in scanner.scan([text])[0]]
        assert answer["findings"] == json.loads(json.dumps(expected))
        assert len(expected) == 3

    def test_offsets_are_code_points(self, scanner: Scanner) -> None:
        [answer] = scanned(scanner, '{"id":1,"text":"😀𠀀治疗"}')
        [finding] = answer["findings"]
        assert (finding["start"], finding["end"]) == (2, 4)

    @pytest.mark.parametrize(
        "name",
        [
            *("a", "", "1", "中文", '"', "\\", "\u2028", "null"),
            *(0, 1, -1, 2**53 + 1, 2**63, 2**64, 10**30, -(10**40), 1.5, 1.0, 1e300, 0.1),
            *(True, False, None, [], [1, "a"], {}, {"b": 1, "a": [None]}),
        ],
    )
    def test_an_id_of_any_type_comes_back_as_it_was(self, scanner: Scanner, name: Any) -> None:
        for text in ("治疗", "好", f'"{name}" {name}'):
            [answer] = scanned(scanner, json.dumps({"id": name, "text": text}))
            assert answer["id"] == name
            assert type(answer["id"]) is type(name)

    @pytest.mark.parametrize("name", ["a", 1, 10**30, None, [1], {"a": 1}])
    def test_a_bad_line_keeps_its_id_too(self, scanner: Scanner, name: Any) -> None:
        [answer] = scanned(scanner, json.dumps({"id": name}))
        assert answer["id"] == name

    def test_two_lines_may_have_the_same_id(self, scanner: Scanner) -> None:
        answers = scanned(scanner, '{"id":1,"text":"治疗"}', '{"id":1,"text":"好"}')
        assert [len(a["findings"]) for a in answers] == [1, 0]

    @pytest.mark.parametrize("absent", ["product", "product_class", "medium", "speaker", "on"])
    def test_null_is_as_good_as_absent(self, scanner: Scanner, absent: str) -> None:
        [answer] = scanned(scanner, json.dumps({"id": 1, "text": "治疗", absent: None}))
        assert len(answer["findings"]) == 1

    def test_unknown_keys_are_left_alone(self, scanner: Scanner) -> None:
        [answer] = scanned(scanner, '{"id":1,"text":"治疗","price":5,"x":{"y":[1]}}')
        assert len(answer["findings"]) == 1

    def test_a_post_without_a_speaker_is_a_consumers(self, scanner: Scanner) -> None:
        post = {"id": 1, "text": "治疗", "medium": "post"}
        assert scanned(scanner, json.dumps(post))[0]["findings"] == []
        assert len(scanned(scanner, json.dumps(post | {"speaker": "seller"}))[0]["findings"]) == 1

    def test_the_day_decides_the_law(self, scanner: Scanner) -> None:
        early, late = scanned(
            scanner,
            '{"id":1,"text":"治疗","on":"1990-01-01"}',
            '{"id":1,"text":"治疗","on":"2026-03-01"}',
        )
        assert early["findings"][0]["citations"] == []
        assert any("1990-01-01" in sentence for sentence in early["findings"][0]["why"])
        assert late["findings"][0]["citations"][0]["instrument"] == "advertising-law"

    def test_no_lines(self, scanner: Scanner) -> None:
        assert scan_lines([], scanner) == (b"", 0)


class TestBad:
    @pytest.mark.parametrize(
        "line",
        [
            b"",
            b"   ",
            b"{",
            b"nonsense",
            b'{"id":1,"text":"a"} trailing',
            b'{"id":1,"text":"a",}',
            b"{'id':1}",
            b'{"id":1,"text":NaN}',
            b'{"id":1,"text":"\xff\xfe"}',
            '{"id":1,"text":"治疗"}'.encode("gbk"),
            '{"id":1,"text":"a"}'.encode("utf-16"),
            b'\xef\xbb\xbf{"id":1,"text":"a"}',
            b'{"id":1,"text":"\\ud800"}',
            b'{"id":1,"text":"\\udc00\\ud800"}',
            b'{"id":1,"text":"a\x00b"}',
            b'{"id":1e999,"text":"a"}',
            b"[" * 100_000,
            b'{"id":1,"text":"a","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
        ],
    )
    def test_not_json(self, scanner: Scanner, line: bytes) -> None:
        assert "not JSON" in error(scanner, line)

    @pytest.mark.parametrize("line", ["[]", "1", "null", '"text"', "true"])
    def test_not_an_object(self, scanner: Scanner, line: str) -> None:
        assert "not a JSON object" in error(scanner, line)

    @pytest.mark.parametrize(
        "line",
        ['{"id":1}', '{"text":"a"}', '{"id":1,"text":null}', '{"id":1,"text":5}', '{"id":1,"text":["a"]}'],
    )
    def test_without_id_or_text(self, scanner: Scanner, line: str) -> None:
        assert "`text`" in error(scanner, line)

    @pytest.mark.parametrize(
        ("key", "value", "remedy"),
        [
            ("product_class", "food", "ordinary_food"),
            ("product_class", ["drug"], "ordinary_food"),
            ("product_class", "", "ordinary_food"),
            ("medium", "radio", "short_video"),
            ("medium", False, "short_video"),
            ("speaker", "Host", "customer"),
            ("speaker", {}, "customer"),
            ("on", "yesterday", "2026-03-01"),
            ("on", "2026-13-01", "2026-03-01"),
            ("on", 20260301, "2026-03-01"),
            ("on", "", "2026-03-01"),
            ("product", 5, "title"),
            ("product", [], "title"),
            ("product", False, "title"),
        ],
    )
    def test_a_value_that_does_not_fit_names_key_and_choices(
        self, scanner: Scanner, key: str, value: Any, remedy: str
    ) -> None:
        message = error(scanner, json.dumps({"id": 1, "text": "治疗", key: value}))
        assert key in message.partition("Remedy: ")[0]
        assert remedy in message.partition("Remedy: ")[2]

    def test_an_id_nested_too_deeply_to_give_back(self, scanner: Scanner) -> None:
        name = b"[" * 600 + b"]" * 600
        assert "nested" in error(scanner, b'{"id":' + name + b',"text":"a"}')

    def test_a_line_beyond_the_limit(self, scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lines, "MOST_LINE_BYTES", 30)
        assert "more than 30 bytes" in error(scanner, '{"id":1,"text":"%s"}' % ("a" * 20))
        assert "error" not in scanned(scanner, '{"id":1,"text":"a"}')[0]

    def test_does_not_disturb_its_neighbours(self, scanner: Scanner) -> None:
        answers = scanned(scanner, '{"id":1,"text":"治疗"}', "{", "", '{"id":2,"text":"最低"}')
        assert [len(a.get("findings", ())) for a in answers] == [1, 0, 0, 1]
        assert answers[1]["error"].startswith("line 2: ")
        assert answers[2]["error"].startswith("line 3: ")


def test_parse_line_raises_with_its_number() -> None:
    assert parse_line(b'{"id":5,"text":"a"}', 1) == Text("5", "a")
    with pytest.raises(FormatError) as caught:
        parse_line(b"{", 12)
    assert caught.value.line == 12


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(st.binary(max_size=30), st.from_regex(rb'\{"id":[0-9],"text":".{0,5}"\}\n?')), max_size=8
    )
)
def test_any_bytes_are_answered_line_by_line(scanner: Scanner, given_lines: list[bytes]) -> None:
    scanned(scanner, *given_lines)


@given(st.lists(st.binary(max_size=3), max_size=20), st.integers(1, 7))
def test_chunks_keep_every_line_and_count_from_one(given_lines: list[bytes], size: int) -> None:
    found = list(chunks(given_lines, size))
    assert [line for _, chunk in found for line in chunk] == given_lines
    assert [first for first, _ in found] == list(range(1, len(given_lines) + 1, size))
    assert all(0 < len(chunk) <= size for _, chunk in found)
