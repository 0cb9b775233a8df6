"""broadcast.yaml: every complaint has its line."""

from datetime import date, datetime

import pytest
from jsonschema import Draft202012Validator

from fairstream.errors import FormatError
from fairstream.records import Party
from fairstream.sources.loaded import Loaded
from fairstream.sources.manifest import Manifest, NamedFile, manifest_schema, read_manifest
from fairstream.sources.times import CHINA

WHOLE = """# a remark
id: 0012
title: 好物专场（虚构）
on: 2026-03-01
started_at: 2026-03-01T20:00:00+08:00
platform: 某平台
room: 007
invented: true
notes: 虚构
parties:
  - {role: host, name: 小美}
  - role: seller
    name: 某某有限公司
    identifier: 0123
    identifier_kind: uscc
    contact: 客服
files:
  transcript: talk.srt
  chat: [a.xml, b.xml]
"""


def read(text: str) -> Loaded[Manifest]:
    return read_manifest(text.encode(), name="broadcast.yaml")


def told(loaded: Loaded[Manifest]) -> list[tuple[int | None, str]]:
    return [(problem.place.line, problem.cause) for problem in loaded.problems]


def test_every_key() -> None:
    loaded = read(WHOLE)
    assert loaded.problems == ()
    assert loaded.records[0] == Manifest(
        id="0012",
        title="好物专场（虚构）",
        on=date(2026, 3, 1),
        started_at=datetime(2026, 3, 1, 20, tzinfo=CHINA),
        platform="某平台",
        room="007",
        invented=True,
        notes="虚构",
        parties=(Party("host", "小美"), Party("seller", "某某有限公司", "0123", "uscc", "客服")),
        files={
            "transcript": (NamedFile("talk.srt", 18),),
            "chat": (NamedFile("a.xml", 19), NamedFile("b.xml", 19)),
        },
    )


def test_unknown_keys_name_the_nearest() -> None:
    loaded = read(
        "titel: x\nfiles:\n  transkript: a.srt\nparties:\n- role: host\n  name: a\n  nmae: b\nxyz: 1\n"
    )
    assert told(loaded) == [
        (1, "unknown key 'titel'; did you mean 'title'?"),
        (
            8,
            "unknown key 'xyz'; known: id, title, on, started_at, platform, room, invented, notes, parties,"
            " files",
        ),
        (7, "unknown key 'nmae'; did you mean 'name'?"),
        (3, "unknown key 'transkript'; did you mean 'transcript'?"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("on: tomorrow\n", 1, "'on' is 'tomorrow', not a day like 2026-03-01"),
        ("on: 2026-02-30\n", 1, "'on' is '2026-02-30'"),
        ("id: x\nstarted_at: soon\n", 2, "'started_at' is 'soon'"),
        ("invented: maybe\n", 1, "'invented' is 'maybe', not true or false"),
        ("title: [a, b]\n", 1, "'title' is a list or mapping, not text"),
        ("parties: nobody\n", 1, "'parties' is no list"),
        ("parties:\n- role: boss\n  name: x\n", 2, "'role' is 'boss', not platform, seller"),
        ("parties:\n- name: x\n", 2, "'role' is missing"),
        ("parties:\n- role: host\n", 2, "'name' is missing"),
        ("files: a.srt\n", 1, "'files' is no mapping"),
        ("files:\n  chat: {a: b}\n", 2, "'chat' is no list"),
    ],
)
def test_bad_values_have_line_and_wish(text: str, line: int, words: str) -> None:
    ((place, cause),) = told(read(text))
    assert place == line
    assert words in cause


def test_empty_values_and_files_say_nothing() -> None:
    assert read("id:\ntitle: ''\non: ~\n") == Loaded((Manifest(),), ())
    assert read("# only a remark\n") == Loaded((Manifest(),), ())
    assert read("").records == (Manifest(),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: a\n  b: c\n", 2),
        ("title: 'open\n", 2),
        ("- a\n- b\n", 1),
        ("words\n", 1),
        ("a: &x [1]\nb: *x\n", 1),
        ("title: a\ntitle2: {{{{{{{{{{{{", 2),
        ("[" * 100_000, None),
    ],
)
def test_what_is_no_manifest_is_refused_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(FormatError) as caught:
        read(text)
    assert caught.value.file == "broadcast.yaml"
    assert line is None or caught.value.line == line


def test_schema_agrees_with_the_reader() -> None:
    schema = manifest_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    good = {
        "id": "a",
        "on": "2026-03-01",
        "parties": [{"role": "host", "name": "x"}],
        "files": {"chat": ["a.xml"]},
    }
    assert list(validator.iter_errors(good)) == []
    for bad in ({"titel": "x"}, {"parties": [{"role": "boss", "name": "x"}]}, {"files": {"video": "a"}}):
        assert list(validator.iter_errors(bad))
        assert read("\n".join(f"{key}: {value}" for key, value in bad.items())).problems
