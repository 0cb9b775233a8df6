"""YAML with places, and what the subset refuses."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import RuleError
from fairstream.rules.yamlfile import MOST_LEVELS, load_yaml, parse_yaml


def data(text: str) -> Any:
    return parse_yaml(text, "f.yaml")[0]


def fault(text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse_yaml(text, "f.yaml")
    assert caught.value.file == "f.yaml"
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return caught.value


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("true", True),
            ("false", False),
            ("null", None),
            ("~", None),
            ("5", 5),
            ("-5", -5),
            ("0", 0),
            ("0.9", 0.9),
            ("yes", "yes"),
            ("on", "on"),
            ("no", "no"),
            ("True", "True"),
            ("2026-03-01", "2026-03-01"),
            ("007", "007"),
            ("3.10", "3.10"),
            ("+5", "+5"),
            ("1_000", "1_000"),
            ("0x1F", "0x1F"),
            ("1:30", "1:30"),
            ("1e5", "1e5"),
            (".inf", ".inf"),
            ("٣", "٣"),
            ("9" * 40, "9" * 40),
            ("9" * 5000, "9" * 5000),
            ("'5'", "5"),
            ('"true"', "true"),
            ('"null"', "null"),
            ("治疗", "治疗"),
            ("'it''s'", "it's"),
            ('"a\\tb"', "a\tb"),
            ("|\n  two\n  lines\n", "two\nlines\n"),
            (">\n  one\n  line\n", "one line\n"),
        ],
    )
    def test_only_plain_words_and_numbers_that_print_as_written(self, text: str, value: Any) -> None:
        found = data(f"key: {text}")["key"]
        assert found == value
        assert type(found) is type(value)

    def test_keys_are_strings(self) -> None:
        assert data("on: 1\nno: 2\n5: 3\nnull: 4\n") == {"on": 1, "no": 2, "5": 3, "null": 4}

    @pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff", "---\n"])
    def test_an_empty_file_is_nothing(self, text: str) -> None:
        assert data(text) is None

    def test_a_byte_order_mark_is_not_part_of_the_first_key(self) -> None:
        assert data("\ufeffid: x") == {"id": "x"}

    def test_emoji_and_rare_characters_are_kept(self) -> None:
        assert data("a: 😀𠀀") == {"a": "😀𠀀"}

    @given(
        st.recursive(
            st.one_of(st.booleans(), st.none(), st.integers(-(10**14), 10**14), st.text("ab治\"'#: \\\n")),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab治"), inner, max_size=3),
        )
    )
    def test_reads_json_as_json_does(self, value: Any) -> None:
        import json

        assert data(json.dumps(value, ensure_ascii=False)) == value


class TestPlaces:
    TEXT = "id: x\n\ngroups:\n  a: [one,\n    two]\n  b:\n    - three\n    - {k: v}\n"

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ((), 1),
            (("id",), 1),
            (("groups",), 3),
            (("groups", "a"), 4),
            (("groups", "a", 0), 4),
            (("groups", "a", 1), 5),
            (("groups", "b", 0), 7),
            (("groups", "b", 1, "k"), 8),
            (("groups", "b", 1, "absent"), 8),
            (("groups", "absent", 4), 3),
            (("absent",), 1),
        ],
    )
    def test_each_value_has_its_line(self, path: tuple[str | int, ...], line: int) -> None:
        lines = parse_yaml(self.TEXT, "f")[1]
        assert lines.of(path) == line

    def test_tells_which_paths_exist(self) -> None:
        lines = parse_yaml(self.TEXT, "f")[1]
        assert lines.has(("groups", "a", 1))
        assert not lines.has(("groups", "a", 2))


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line", "cause"),
        [
            ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
            ("a: {b: 1, b: 2}", 1, "'b' stands twice"),
            ("a: 1\n'a': 2\n", 2, "'a' stands twice"),
            ("a: &x 1\nb: *x\n", 1, "anchors (&x)"),
            ("a:\n  b: &x [1]\n", 2, "anchors (&x)"),
            ("a: 1\n&k b: 2\n", 2, "anchors (&k)"),
            ("a: *x\n", 1, "aliases (*x)"),
            ("*x : 1\n", 1, "aliases (*x)"),
            ("a: !!str 5\n", 1, "tags"),
            ("a: !mine {b: 1}\n", 1, "tags"),
            ("a: !!python/object:os.system [ls]\n", 1, "tags"),
            ("a: 1\n<<: {b: 2}\n", 2, "merge keys"),
            ("? [a, b]\n: 1\n", 1, "a key is a list or a mapping"),
            ("? {a: b}\n: 1\n", 1, "a key is a list or a mapping"),
            ("a: 1\n---\nb: 2\n", 2, "second document"),
        ],
    )
    def test_what_reads_differently_elsewhere(self, text: str, line: int, cause: str) -> None:
        error = fault(text)
        assert cause in error.cause
        assert error.line == line

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a: [1, 2\nb: 3\n", 2),
            ("a: 1\n\tb: 2\n", 2),
            ("a: 'open\n", 2),
            ("a: b: c\n", 1),
            ("a: 1\n b: 2\n", 2),
            ("- a\nb: 1\n", 2),
            ("a: @b\n", 1),
            ("ok: 1\na: \x01\n", 2),
            ('a: "\\ud800"\n', 1),
            ("a: *\n", 1),
        ],
    )
    def test_what_is_not_yaml(self, text: str, line: int) -> None:
        error = fault(text)
        assert error.cause.startswith("not valid YAML: ")
        assert error.line == line

    def test_nesting_without_end(self) -> None:
        assert "deeper" in fault("[" * 5000 + "]" * 5000).cause
        assert "deeper" in fault("- " * 300 + "a").cause
        assert data("[" * MOST_LEVELS + "]" * MOST_LEVELS)

    def test_a_quoted_merge_key_is_a_word(self) -> None:
        assert data("'<<': 1") == {"<<": 1}

    @given(st.text("ab:-[]{}&*!|>'\"#%@`,? \n\t"))
    def test_any_text_is_read_or_refused_with_a_place(self, text: str) -> None:
        try:
            parse_yaml(text, "f.yaml")
        except RuleError as error:
            assert error.file == "f.yaml"
            assert error.line is None or error.line >= 1


class TestFiles:
    def test_not_utf8_names_the_byte_and_the_line(self, tmp_path: Path) -> None:
        path = tmp_path / "gbk.yaml"
        path.write_bytes(b"a: 1\nb: " + "治疗".encode("gbk"))
        with pytest.raises(RuleError, match="not UTF-8 at byte 8") as caught:
            load_yaml(path)
        assert (caught.value.file, caught.value.line) == (str(path), 2)

    @pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
    def test_other_unicode_encodings_are_refused(self, tmp_path: Path, codec: str) -> None:
        path = tmp_path / "wide.yaml"
        path.write_bytes("a: 治疗".encode(codec))
        with pytest.raises(RuleError, match=r"not UTF-8|not valid YAML"):
            load_yaml(path)

    def test_a_missing_file_and_a_folder_are_rule_errors(self, tmp_path: Path) -> None:
        for path in (tmp_path / "absent.yaml", tmp_path):
            with pytest.raises(RuleError, match="cannot be read"):
                load_yaml(path)

    def test_windows_line_ends(self, tmp_path: Path) -> None:
        path = tmp_path / "dos.yaml"
        path.write_bytes(b"a: 1\r\nb:\r\n  - x\r\n")
        found, lines = load_yaml(path)
        assert found == {"a": 1, "b": ["x"]}
        assert lines.of(("b", 0)) == 3
