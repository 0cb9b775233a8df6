"""Loading lists: shapes, layers, and what is said about faults."""

from pathlib import Path

import pytest

from fairstream.errors import RuleError
from fairstream.opinion.cases import run_cases
from fairstream.opinion.lint import lint
from fairstream.opinion.reading import Reader
from fairstream.opinion.taxonomy import load_cases, load_taxonomy
from opinion.lists import Lists, both, read


def faults(lists: Lists) -> list[str]:
    """What loading says, without the folder."""
    return [str(issue).replace(f"{lists.root}/", "") for issue in lists.load().issues]


def test_the_shipped_lists_have_no_fault() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.issues == []
    assert [str(issue) for issue in lint(taxonomy)] == []


def test_the_shipped_lists_have_every_platform_and_aspect_asked_for() -> None:
    taxonomy = load_taxonomy()
    platforms = {name for kind, name in taxonomy.entities if kind == "platform"}
    assert platforms >= {"抖音", "快手", "淘宝直播", "天猫", "京东", "拼多多", "小红书", "微信视频号"}
    assert platforms >= {"唯品会", "苏宁易购", "哔哩哔哩", "微博", "得物", "闲鱼"}
    assert {"rules", "merchants", "platforms", "price", "quality", "delivery", "after_sale"} == set(
        taxonomy.aspects.aspects
    )


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"signs": [{}]}, "topics/t.yaml:1: [shape] signs.0: Value error, a sign has exactly one of"),
        ({"signs": [{"any": ["a"], "near": [["a"], ["b"]]}]}, "a sign has exactly one of"),
        ({"signs": [{"any": ["a"], "within": 3}]}, "`within` belongs to near or order"),
        ({"signs": [{"near": [["a"]]}]}, "signs.0.near: List should have at least 2 items"),
        ({"signs": [{"near": [["a"]] * 5}]}, "signs.0.near: List should have at most 4 items"),
        ({"signs": [{"order": [["a"], []]}]}, "signs.0.order.1: List should have at least 1 item"),
        ({"signs": [{"order": [["a"], ["b"]], "within": 61}]}, "signs.0.within: Input should be less than"),
        ({"signs": [{"any": ["字" * 33]}]}, "signs.0.any.0: String should have at most 32"),
        ({"sign": []}, "sign: Extra inputs are not permitted Remedy: correct the key"),
        ({"conducts": ["theft"]}, "conducts.0: Input should be"),
        ({"parent": "nobody"}, "there is no topic 'nobody' above"),
        ({"scene": ["nowhere"]}, "the scene 'nowhere' is no topic or lexicon"),
        ({"unless": ["@nothing"]}, "there is no lexicon '@nothing'"),
        ({"parent": "t"}, "its parents or scenes lead back to it"),
        ({"scene": ["t"]}, "its parents or scenes lead back to it"),
        ({"id": "other"}, "the file of 'other' is called t.yaml Remedy: call it other.yaml"),
        ({"id": "T"}, "id: String should match pattern"),
    ],
)
def test_faults_of_a_topic(keys: dict[str, object], fault: str, tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    data = {"id": "t", "title": both("t"), "about": both("t"), "signs": [{"any": ["甲"]}]}
    lists.write("topics/t.yaml", data | keys)
    assert len(faults(lists)) == 1
    assert fault in faults(lists)[0]


def test_a_fault_points_at_its_line(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    text = "id: t\ntitle: {zh: t, en: t}\nabout: {zh: t, en: t}\nsigns:\n  - any: [甲]\n  - any: []\n"
    lists.write("topics/t.yaml", text)
    assert faults(lists)[0].startswith("topics/t.yaml:6: [shape] signs.1.any: List should have at least 1")


def test_a_list_that_is_not_yaml_leaves_the_others(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("good", "甲")
    lists.write("topics/bad.yaml", "id: [\n")
    taxonomy = lists.load()
    assert list(taxonomy.topics) == ["good"]
    assert "topics/bad.yaml:" in str(taxonomy.issues[0])
    assert "[yaml] not valid YAML" in str(taxonomy.issues[0])


def test_a_reader_of_faulty_lists_is_refused_with_the_first_fault(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.write("topics/a.yaml", "- 1\n")
    lists.write("topics/b.yaml", "id: [\n")
    with pytest.raises(RuleError, match=r"a\.yaml:1: .* \(1 more faults\)"):
        lists.reader()


def test_two_files_of_one_layer_with_one_id(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    data = {"id": "a.b", "title": both("t"), "about": both("t")}
    lists.topic("a", "甲")
    lists.write("topics/x/b.yaml", data)
    lists.write("topics/y/b.yaml", data)
    assert "has the id 'a.b' too" in faults(lists)[0]


def test_an_unknown_place(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.write("topic/t.yaml", "id: t\n")
    assert faults(lists) == [
        "topic/t.yaml:1: [place] no list belongs here Remedy: see docs/developer/taxonomy.md"
    ]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such folder of lists"):
        load_taxonomy([tmp_path / "none"])


def test_a_later_layer_wins_by_name_and_adds(tmp_path: Path) -> None:
    lower, upper = Lists(tmp_path / "lower"), Lists(tmp_path / "upper")
    lower.topic("a", "甲")
    lower.topic("b", "@w")
    lower.lexicon("w", "乙")
    lower.entities("brand", {"子": [], "丑": []})
    upper.topic("a", "丙")
    upper.lexicon("w", "丁")
    upper.entities("brand", {"丑": None, "寅": []})
    found = read(
        Reader.of(load_taxonomy([lower.root, upper.root], shipped=False)), "甲", "乙", "丙", "丁", "子丑，寅"
    )
    assert found["topics"] == [[], [], ["a"], ["b"], []]
    assert found["entities"][4] == ["brand:子", "brand:寅"]


def test_a_folder_over_the_shipped_lists(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.entities("brand", {"晨雾（虚构）": ["晨雾牌"]})
    assert read(Reader.open([tmp_path]), "晨雾牌的水，抖音买的")["entities"] == [
        ["brand:晨雾（虚构）", "platform:抖音"]
    ]


def test_lexicons_may_hold_lexicons_but_no_circle_runs_for_ever(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.lexicon("one", "甲", "@two")
    lists.lexicon("two", "乙", "@one")
    assert lists.load().terms(["@one", "丙", "甲"]) == ["甲", "乙", "丙"]


def test_ambiguous_names_need_their_words(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.entities("brand", {"甲": {"ambiguous": ["甲"]}})
    assert "`ambiguous` names and the words they `needs` go together" in faults(lists)[0]


def test_numbers_without_quotes_are_words(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.write(
        "topics/t.yaml", "id: t\ntitle: {zh: t, en: t}\nabout: {zh: t, en: t}\nsigns: [{any: [12315]}]\n"
    )
    assert lists.topics("打12315", "打123156") == [["t"], []]


def test_lint_names_words_that_never_match_and_topics_without_cases(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", "甲。乙", "丙，丁", "\u200b")
    lists.topic("u")
    causes = [issue.cause for issue in lint(lists.load())]
    assert causes == [
        "the word '\\u200b' folds to '' and never matches",
        "the word '丙，丁' holds a mark: it matches only with it",
        "the word '甲。乙' folds to '甲。乙' and never matches",
        "no cases beside it",
        "a topic without signs or sub-issues",
    ]


def test_cases_of_every_kind(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", "甲", conducts=["fake_goods"], rights="strong")
    lists.entities("brand", {"子": []})
    lists.write(
        "topics/t.cases.yaml",
        [
            {"text": "甲", "topics": ["t"], "rights": True},
            {"text": "甲子", "topics": ["t"], "entities": ["brand:子"], "aspects": []},
            {"text": "甲", "conducts": ["fake_goods"], "polarity": "complaint"},
            {"text": "乙", "not": ["t"], "rights": False, "conducts": []},
            {"text": "甲", "not": ["t"], "todo": True},
            {"text": "甲", "topics": ["t"], "todo": True},
            {"text": "乙", "topics": ["t"], "rights": True, "entities": ["brand:子"]},
            {"text": "甲", "not": ["t"]},
        ],
    )
    report = run_cases(lists.reader())
    assert (report.cases, report.known) == (8, 1)
    assert [(failure.line, failure.fault) for failure in report.failures] == [
        (1, "without t (found nothing); not about consumer rights; entities are none, not brand:子"),
        (1, "with t"),
    ]
    assert [place.rpartition("/")[2] for place in report.mended] == ["t.cases.yaml:1"]
    assert run_cases(lists.reader(), ["x.other"]).cases == 0
    assert run_cases(lists.reader(), ["x.t"]).cases == 8


def test_a_case_of_another_shape(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", "甲")
    lists.write("topics/t.cases.yaml", "- {text: 甲}\n- {topics: [t]}\n")
    with pytest.raises(RuleError, match=r"t\.cases\.yaml:2: 1\.text: Field required"):
        list(load_cases(lists.load()))


def test_the_shipped_cases_pass() -> None:
    report = run_cases(Reader.open())
    assert [str(failure) for failure in report.failures] == []
    assert report.mended == []
    assert report.cases > 500
