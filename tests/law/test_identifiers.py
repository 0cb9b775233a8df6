"""Numbers that the law knows: forms, check characters, days, and what a change of one character does."""

import random
from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.law.identifiers import (
    find_numbers_in,
    licence_kind,
    mod_11_10,
    number_key,
    province_of,
    read_number,
    uscc_fault,
)
from fairstream.law.identifiers_kinds import FILE, load_kinds

CREDIT_CODES = ("91350100M000100Y43", "91110108551385082Q", "11320000MB151840XJ")
"""The codes of the legal map, section 5.1."""
LICENCES = (
    *("SC10741018302531", "SC11351090100010", "SC10744030704994", "SC12336098200173", "SC12434017430075"),
    *("SC10811310111839", "SC12441112200063", "SC11464010500015", "SC12221021200659", "SC11834020305037"),
)
"""Numbers printed on goods, which no table of ours made."""
AD, OLD_AD = "ad_approval", "ad_approval_old"
REGISTERED, OLDER = "health_food_registration", "health_food_registration_old"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CHANGES = 10_000


def replaced(text: str, place: int, characters: str, dice: random.Random) -> str:
    other = dice.choice([one for one in characters if one != text[place]])
    return text[:place] + other + text[place + 1 :]


def licence(digits: str) -> str:
    return f"SC{digits}{mod_11_10(digits)}"


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_credit_codes_of_the_legal_map(code: str) -> None:
    found = read_number(code)
    assert found is not None
    assert (found.kind, found.faults, uscc_fault(code)) == ("uscc", (), None)


def test_every_change_of_one_character_of_a_credit_code_is_caught() -> None:
    dice = random.Random(1)
    caught = sum(
        uscc_fault(replaced(code, dice.randrange(18), ALPHABET, dice)) is not None
        for code in dice.choices(CREDIT_CODES, k=CHANGES)
    )
    assert caught == CHANGES


@pytest.mark.parametrize("number", LICENCES)
def test_licences_printed_on_goods(number: str) -> None:
    found = read_number(number)
    assert found is not None
    assert (found.kind, found.faults, found.parts["check"]) == ("food_production", (), number[-1])
    assert found.unverified is not None


def test_every_change_of_one_digit_of_a_licence_is_caught() -> None:
    dice = random.Random(2)
    for number in dice.choices(LICENCES, k=CHANGES):
        found = read_number(replaced(number, dice.randrange(2, 16), "0123456789", dice))
        assert found is not None
        assert found.faults


def test_the_check_digit_alone_catches_every_change_of_one_digit() -> None:
    dice = random.Random(3)
    for number in dice.choices(LICENCES, k=CHANGES):
        wrong = replaced(number[2:], dice.randrange(14), "0123456789", dice)
        assert mod_11_10(wrong[:-1]) != wrong[-1]


def test_neighbours_that_changed_places_are_mostly_caught() -> None:
    missed = swapped = 0
    for number in LICENCES:
        digits = number[2:]
        for place in range(13):
            if digits[place] != digits[place + 1]:
                swapped += 1
                wrong = f"{digits[:place]}{digits[place + 1]}{digits[place]}{digits[place + 2 :]}"
                missed += mod_11_10(wrong[:-1]) == wrong[-1]
    assert (swapped, missed) == (106, 4)


@pytest.mark.parametrize(
    ("digits", "check"),
    [("", "1"), ("0", "2"), ("5", "1"), ("0794", "5"), ("1074101830253", "1")],
)
def test_mod_11_10(digits: str, check: str) -> None:
    assert mod_11_10(digits) == check


@pytest.mark.parametrize("digits", ["12a", "1 2", "-1"])
def test_mod_11_10_takes_digits_only(digits: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        mod_11_10(digits)


@pytest.mark.parametrize(
    ("digits", "faults", "goods"),
    [
        ("1013301060001", (), None),
        ("1313301060001", (), None),
        ("1323301060001", ("category",), None),
        ("1003301060001", ("category",), None),
        ("2033301060001", (), None),
        ("2043301060001", ("category",), None),
        ("1273301060001", (), "health_food"),
        ("1283301060001", (), "fsmp"),
        ("1293301060001", (), "infant_formula"),
        ("1303301060001", (), None),
        ("1013901060001", ("region",), None),
        ("1320001060001", ("category", "region"), None),
        ("3013301060001", ("shape",), None),
        ("0013301060001", ("shape",), None),
    ],
)
def test_parts_of_a_licence(digits: str, faults: tuple[str, ...], goods: str | None) -> None:
    found = read_number(licence(digits))
    assert found is not None
    assert (found.faults, found.product_class) == (faults, goods)


def test_a_wrong_digit_of_a_licence_is_told_beside_its_other_faults() -> None:
    found = read_number("SC13239010600010")
    assert found is not None
    assert found.faults == ("check", "category", "region")


@pytest.mark.parametrize(
    ("text", "kind", "number", "goods", "faults"),
    [
        ("ＳＣ１０７４１０１８３０２５３１", "food_production", "SC10741018302531", None, ()),
        ("sc 10741018302531", "food_production", "SC10741018302531", None, ()),
        ("SC1074101830253", "food_production", "SC1074101830253", None, ("shape",)),
        ("SC107410183025311", "food_production", "SC107410183025311", None, ("shape",)),
        ("QS3301 0601 0123", "food_production_old", "QS330106010123", None, ()),
        ("食健备G201934001524", "health_food_filing", "食健备G201934001524", "health_food", ()),
        ("食健備J202400123456", "health_food_filing", "食健备J202400123456", "health_food", ()),
        ("食健备J202411123456", "health_food_filing", "食健备J202411123456", "health_food", ("region",)),
        ("食健备G202400123456", "health_food_filing", "食健备G202400123456", "health_food", ("region",)),
        ("食健备G20193400152", "health_food_filing", "食健备G20193400152", "health_food", ("shape",)),
        ("国食健注G20250288", REGISTERED, "国食健注G20250288", "health_food", ()),
        ("國食健註J20250288", REGISTERED, "国食健注J20250288", "health_food", ()),
        ("国食健注K20250288", REGISTERED, "国食健注K20250288", "health_food", ("shape",)),
        ("国食健注G2025028", REGISTERED, "国食健注G2025028", "health_food", ("shape",)),
        ("国食健字G20050123", OLDER, "国食健字G20050123", "health_food", ()),
        ("卫食健字（1998）第0123号", OLDER, "卫食健字(1998)第0123号", "health_food", ()),
        ("粤械广审（文）第280917-05538号", AD, "粤械广审(文)第280917-05538号", "device", ()),
        ("京药广审(视)第270101-00012号", AD, "京药广审(视)第270101-00012号", "drug", ()),
        ("浙食健广审【声】第270101—00012号", AD, "浙食健广审(声)第270101-00012号", "health_food", ()),
        ("苏食特广审(文)第270101-00012", AD, "苏食特广审(文)第270101-00012", "fsmp", ()),
        ("苏食特广审(图)第270101-00012号", AD, "苏食特广审(图)第270101-00012号", None, ("shape",)),
        ("食健广审(文)第270101-00012号", AD, "食健广审(文)第270101-00012号", None, ("shape",)),
        ("粤械广审(文)第280231-05538号", AD, "粤械广审(文)第280231-05538号", "device", ("day",)),
        ("国食健广审(视)第2019030001号", OLD_AD, "国食健广审(视)第2019030001号", "health_food", ()),
        ("京药广审（文）第2019010001号", OLD_AD, "京药广审(文)第2019010001号", "drug", ()),
        ("粤医械广审（文）第2019010001号", OLD_AD, "粤医械广审(文)第2019010001号", "device", ()),
        ("粤械注准20232192086", "device_registration", "粤械注准20232192086", "device", ()),
        ("国械注进20143192086", "device_registration", "国械注进20143192086", "device", ()),
        ("粤械注准20231192086", "device_registration", "粤械注准20231192086", "device", ("shape",)),
        ("浙温械备20140027号", "device_filing", "浙温械备20140027号", "device", ()),
        ("国药准字H20030863", "drug_approval", "国药准字H20030863", "drug", ()),
        ("国药准字Q20030863", "drug_approval", "国药准字Q20030863", "drug", ("shape",)),
        ("国妆特字20263800", "cosmetics_special", "国妆特字20263800", "cosmetics", ()),
        ("国妆特进字J20201234", "cosmetics_special", "国妆特进字J20201234", "cosmetics", ()),
        ("粤G妆网备字2022324124", "cosmetics_filing", "粤G妆网备字2022324124", "cosmetics", ()),
        ("国妆网备进字（沪）2026004059", "cosmetics_filing", "国妆网备进字(沪)2026004059", "cosmetics", ()),
        ("国食注字TY20195007", "fsmp_registration", "国食注字TY20195007", "fsmp", ()),
        ("国食注字YP20170001", "infant_formula_registration", "国食注字YP20170001", "infant_formula", ()),
        ("91350100M000100Y44", "uscc", "91350100M000100Y44", None, ("check",)),
        ("91350100I000100Y43", "uscc", "91350100I000100Y43", None, ("shape", )),
    ],
)  # fmt: skip
def test_forms(text: str, kind: str, number: str, goods: str | None, faults: tuple[str, ...]) -> None:
    found = read_number(text)
    assert found is not None
    assert (found.kind, found.number, found.product_class, found.faults) == (kind, number, goods, faults)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "无",
        "见包装",
        "12345678",
        "SC",
        "110101199003070011",
        "11010119900307003X",
        "粤农药广审(视)01260018号",
        "国食健注",
        "京ICP备2022020947号",
        "\u0000",
        "S" * 100_000,
    ],
)
def test_what_is_no_number_of_the_law(text: str) -> None:
    assert read_number(text) is None
    assert find_numbers_in(text) == ()


def test_an_ad_approval_tells_its_last_day() -> None:
    found = read_number("粤食健广审(视)第260228-00012号")
    assert found is not None
    assert found.expires_on == date(2026, 2, 28)
    assert dict(found.parts) == {
        "province": "粤", "category": "食健", "medium": "视", "expiry": "260228", "sequence": "00012",
    }  # fmt: skip


def test_a_number_without_a_day_never_expires() -> None:
    found = read_number("国食健注G20250288")
    assert found is not None
    assert (found.expires_on, found.outdated_on(date.max)) == (None, False)


@pytest.mark.parametrize(
    ("text", "before", "day"),
    [
        ("QS330106010123", date(2018, 9, 30), date(2018, 10, 1)),
        ("国食健广审(视)第2019030001号", date(2021, 2, 28), date(2021, 3, 1)),
    ],
)
def test_old_forms_go_out_of_use(text: str, before: date, day: date) -> None:
    found = read_number(text)
    assert found is not None
    assert (found.outdated_on(before), found.outdated_on(day)) == (False, True)


def test_numbers_inside_what_was_said() -> None:
    text = "批准文号国食健注G20250288，广告号：粤食健广审（视）第270101-00012号 许可SC10741018302531 500g"
    found = find_numbers_in(text)
    assert [text[one.span.start : one.span.end] for one in found] == [
        "国食健注G20250288",
        "粤食健广审（视）第270101-00012号",
        "SC10741018302531",
    ]
    assert [one.number.kind for one in found] == [
        REGISTERED,
        AD,
        "food_production",
    ]


def test_the_longer_number_counts_where_two_share_characters() -> None:
    (found,) = find_numbers_in("粤医械广审（文）第2019010001号")
    assert (found.span, found.number.kind) == ((0, 20), OLD_AD)


def test_numbers_side_by_side() -> None:
    assert find_numbers_in("SC10741018302531SC11351090100010") == ()
    assert len(find_numbers_in("SC10741018302531、SC11351090100010")) == 2


def test_a_hidden_character_splits_no_number_from_its_span() -> None:
    text = "号\u200bSC\u300010741018302531"
    (found,) = find_numbers_in(text)
    assert text[found.span.start : found.span.end] == "SC\u300010741018302531"
    assert found.number.number == "SC10741018302531"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("粤械广审（文）第280917-05538号", "粤械广审(文)280917-05538", True),
        ("SC 10741018302531", "sc10741018302531", True),
        ("国食健注G20250288", "国食健注G20250289", False),
    ],
)
def test_spellings_of_the_same_number(one: str, other: str, same: bool) -> None:
    assert (number_key(one) == number_key(other)) is same
    first, second = read_number(one), read_number(other)
    assert first is not None
    assert second is not None
    assert (first.key == second.key) is same
    assert first.key == number_key(one)


def test_every_kind_names_its_source_and_both_titles() -> None:
    for kind in load_kinds().kinds:
        assert kind.source
        assert kind.title.zh
        assert kind.title.en


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("粤械广审（文）第280917-05538号", "粤"),
        ("国械注进20143192086", None),
        ("食健备G201934001524", "皖"),
        ("食健备J202400123456", None),
        ("SC10741018302531", "豫"),
        ("SC1074101830253", None),
        ("国食健注G20250288", None),
        ("91350100M000100Y43", "闽"),
    ],
)
def test_the_province_that_gave_a_number(text: str, province: str | None) -> None:
    found = read_number(text)
    assert found is not None
    assert province_of(found) == province


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("business_licence", "business_licence"),
        ("营业执照（副本）", "business_licence"),
        ("《食品生产许可证》", "food_production"),
        ("药品生产许可证", "drug_production"),
        ("医疗器械经营备案凭证", "device_operation"),
        ("第一类医疗器械备案", "device_filing"),
        ("仅销售预包装食品备案", "food_filing"),
        ("特种行业许可证", "特种行业许可证"),
        ("", ""),
    ],
)
def test_kinds_of_licences(words: str, code: str) -> None:
    assert licence_kind(words) == code


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (("check: mod_11_10", "check: mod_97"), "food_production: an unknown class of goods or check"),
        (
            ("product_class: drug", "product_class: drugs"),
            "drug_approval: an unknown class of goods or check",
        ),
        (("food_categories:", "food_kinds:"), "'food_categories'"),
        (("valid_from: 2015-10-01", "valid_from: soon"), "Invalid isoformat string"),
        (("like: '国食注字TY", "like: '(国食注字TY"), "missing \\), unterminated subpattern"),
    ],
)
def test_a_table_that_does_not_fit_is_named(tmp_path: Path, change: tuple[str, str], cause: str) -> None:
    file = tmp_path / "identifiers.yaml"
    text = FILE.read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(LawError, match=cause) as caught:
        load_kinds(file)
    assert caught.value.file == str(file)
    assert caught.value.remedy == "see the comment at its top"


def test_forms_know_the_day_they_began() -> None:
    began = {kind.id: kind.valid_from for kind in load_kinds().kinds if kind.valid_from}
    assert began == {"food_production": date(2015, 10, 1), "ad_approval": date(2020, 3, 1)}
