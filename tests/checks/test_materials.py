"""The table of materials as it is read, and what a name on a label means."""

import pytest

from fairstream.checks.materials import Material, materials, read_shares


def test_a_material_has_everything_its_row_says() -> None:
    assert materials().by_code["mulberry"] == Material(
        "mulberry",
        "桑蚕丝",
        "mulberry silk",
        "silk",
        "",
        frozenset({"桑蚕丝", "双宫茧"}),
        frozenset(),
        ("桑蚕丝", "mulberry silk"),
        {},
        False,
        "",
    )
    assert materials().by_code["down_content"] == Material(
        "down_content",
        "含绒量",
        "down content",
        "",
        "filling",
        frozenset(),
        frozenset({"含绒量", "绒子含量", "绒含量"}),
        ("含绒量", "绒子含量", "绒含量", "绒子"),
        {},
        True,
        "",
    )


def test_grades_state_a_share_and_foods_a_family() -> None:
    assert materials().by_code["silver"].grades["s925"] == 92.5
    assert materials().graded["s925"] == ("silver", 92.5)
    assert all(materials().graded[word][1] > 0 for one in materials().by_code.values() for word in one.grades)
    assert {one.food for one in materials().by_code.values()} > {"", materials().by_code["honey"].food}
    assert not any(one.food and one.part for one in materials().by_code.values())


def test_every_word_said_leads_to_its_material() -> None:
    for one in materials().by_code.values():
        assert {materials().plain[word] for word in one.said | one.shared} <= {one.code}
        assert {materials().by_code[one.parent].code} == {one.parent} if one.parent else True
    lengths = [len(word) for word, _ in materials().labels]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("棉65% 聚酯纤维35%", {"棉": 65.0, "聚酯纤维": 35.0}),
        ("65%棉，35.5% 聚酯纤维", {"棉": 65.0, "聚酯纤维": 35.5}),
        ("棉：65 %", {"棉": 65.0}),
        ("棉", {"棉": 100.0}),
        ("XL", {}),
        ("红色80%", {}),
        ("", {}),
    ],
)
def test_shares_in_attributes(text: str, shares: dict[str, float]) -> None:
    assert read_shares([text]) == shares


def test_shares_of_several_texts_are_gathered() -> None:
    assert read_shares(["棉65%", "均码", "氨纶5%"]) == {"棉": 65.0, "氨纶": 5.0}


def test_brackets_of_either_width_and_blanks_make_no_other_name() -> None:
    for name in ("棉（精梳）", "棉(精梳)", " 棉 "):
        found = materials().of_label(name)
        assert found is not None and found.code == "cotton"
    assert {one.measure for one in materials().by_code.values()} == {True, False}
    assert all(
        isinstance(one.food, str) and isinstance(one.part, str) for one in materials().by_code.values()
    )
