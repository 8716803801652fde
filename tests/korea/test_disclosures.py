"""Goods disclosures: forty types, the items of each on a day, and values as people write them."""

from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea import disclosures
from panro.korea.disclosures import SEE_DETAIL_PAGE, DisclosureError, UnknownSchemaError
from panro.korea.disclosures.schema import read_schemas
from panro.korea.tables import Confidence, TableError

DAY = date(2021, 4, 9)
COMMON = [
    "returnCostReason",
    "noRefundReason",
    "qualityAssuranceStandard",
    "compensationProcedure",
    "troubleShootingContents",
]
# The forty types of the schema that Naver's Commerce API publishes, in its order.
TYPES = [
    "WEAR",
    "SHOES",
    "BAG",
    "FASHION_ITEMS",
    "SLEEPING_GEAR",
    "FURNITURE",
    "IMAGE_APPLIANCES",
    "HOME_APPLIANCES",
    "SEASON_APPLIANCES",
    "OFFICE_APPLIANCES",
    "OPTICS_APPLIANCES",
    "MICROELECTRONICS",
    "CELLPHONE",
    "NAVIGATION",
    "CAR_ARTICLES",
    "MEDICAL_APPLIANCES",
    "KITCHEN_UTENSILS",
    "COSMETIC",
    "JEWELLERY",
    "FOOD",
    "GENERAL_FOOD",
    "DIET_FOOD",
    "KIDS",
    "MUSICAL_INSTRUMENT",
    "SPORTS_EQUIPMENT",
    "BOOKS",
    "LODGMENT_RESERVATION",
    "TRAVEL_PACKAGE",
    "AIRLINE_TICKET",
    "RENT_CAR",
    "RENTAL_HA",
    "RENTAL_ETC",
    "DIGITAL_CONTENTS",
    "GIFT_CARD",
    "MOBILE_COUPON",
    "MOVIE_SHOW",
    "ETC_SERVICE",
    "BIOCHEMISTRY",
    "BIOCIDAL",
    "ETC",
]


def keys_of(code: str, on: date = DAY) -> list[str]:
    return [item.key for item in disclosures.schema(code, on).items]


def test_the_forty_types() -> None:
    assert list(disclosures.codes()) == TYPES


def test_every_type_has_items_its_own_name_and_a_source_on_any_day() -> None:
    for code in TYPES:
        for day in (date(2012, 1, 1), DAY, date(2022, 12, 31), date(2023, 1, 1), date(2040, 1, 1)):
            found = disclosures.schema(code, day)
            assert (found.code, [item.key for item in found.items][-5:]) == (code, COMMON)
            assert all([found.source, found.name.ko, found.name.en])
            words = [word for item in found.items for text in (item.label, item.help) for word in (text.ko, text.en)]
            assert all(words)


def test_clothing() -> None:
    assert keys_of("WEAR")[:-5] == [
        "material",
        "color",
        "size",
        "manufacturer",
        "caution",
        "packDate",
        "warrantyPolicy",
        "afterServiceDirector",
    ]


@pytest.mark.parametrize("code", ["FOOD", "GENERAL_FOOD", "DIET_FOOD"])
def test_food_changes_its_date_with_the_year_2023(code: str) -> None:
    last, first = keys_of(code, date(2022, 12, 31)), keys_of(code, date(2023, 1, 1))
    assert [key for key in last if key not in first] == ["expirationDate"]
    assert [key for key in first if key not in last] == ["consumptionDate"]
    assert last.index("expirationDate") == first.index("consumptionDate")
    old = disclosures.schema(code, date(2022, 12, 31)).item("expirationDate")
    new = disclosures.schema(code, date(2023, 1, 1)).item("consumptionDate")
    assert old is not None
    assert new is not None
    assert (old.label.ko, new.label.ko) == ("유통기한", "소비기한")


def test_cosmetics_keep_their_date() -> None:
    assert [one.version for one in disclosures.versions("COSMETIC")] == ["1"]


def test_a_type_whose_items_are_not_known_says_so() -> None:
    found = disclosures.schema("CELLPHONE", DAY)
    assert (keys_of("CELLPHONE")[0], found.confidence) == ("items", Confidence.UNSURE)
    known = [code for code in TYPES if disclosures.schema(code, DAY).confidence is not Confidence.UNSURE]
    assert len(known) == 20


def test_an_unknown_type_is_refused_in_words() -> None:
    with pytest.raises(UnknownSchemaError) as wrong:
        disclosures.schema("KIMCHI", DAY)
    assert "KIMCHI" in wrong.value.text.ko


def test_missing_is_what_is_required_and_empty() -> None:
    schema = disclosures.schema("KITCHEN_UTENSILS", DAY)
    values = {item.key: "있음" for item in schema.items if item.key not in {"material", "importDeclaration"}}
    assert [item.key for item in disclosures.missing(schema, values)] == ["material"]
    assert disclosures.missing(schema, values | {"material": SEE_DETAIL_PAGE}) == ()
    assert len(disclosures.missing(schema, {})) == sum(item.required for item in schema.items)


@pytest.mark.parametrize(
    "words",
    [
        "상품 상세페이지 참조",
        "상세페이지참조",
        "상품상세 참고",
        "상세설명 참조.",
        "See the detail page",
        SEE_DETAIL_PAGE,
    ],
)
def test_the_detail_page_is_understood_where_it_is_allowed(words: str) -> None:
    schema = disclosures.schema("WEAR", DAY)
    allowed, refused = schema.item("material"), schema.item("manufacturer")
    assert allowed is not None
    assert refused is not None
    assert disclosures.read_value(allowed, words) == SEE_DETAIL_PAGE
    assert disclosures.shown(SEE_DETAIL_PAGE).ko == "상품 상세페이지 참조"
    with pytest.raises(DisclosureError) as wrong:
        disclosures.read_value(refused, words)
    assert wrong.value.text.ko.startswith("제조자는 상세페이지 참조로 대신할 수 없습니다")


@pytest.mark.parametrize(
    ("code", "key", "written", "kept"),
    [
        ("FURNITURE", "size", "  120×60 cm ", "120×60 cm"),
        ("KIDS", "releaseDate", "2021년 3월", "2021-03"),
        ("KIDS", "releaseDate", "2021.12", "2021-12"),
        ("KIDS", "releaseDate", "주문 제작", "주문 제작"),
        ("KIDS", "releaseDate", "2021-13", None),
        ("KIDS", "releaseDate", "2021-00", None),
        ("WEAR", "material", "가" * 200, "가" * 200),
        ("WEAR", "material", "가" * 201, None),
        ("WEAR", "caution", "가" * 2_000, "가" * 2_000),
        ("WEAR", "caution", "가" * 2_001, None),
        ("WEAR", "caution", "한 줄\r\n두 줄", "한 줄\n두 줄"),
        ("WEAR", "material", "한 줄\n두 줄", None),
        ("WEAR", "material", "면\x00", None),
        ("WEAR", "material", "", ""),
    ],
)
def test_values_as_people_write_them(code: str, key: str, written: str, kept: str | None) -> None:
    item = disclosures.schema(code, DAY).item(key)
    assert item is not None
    try:
        found = disclosures.read_value(item, written)
    except DisclosureError:
        found = None
    assert found == kept


@given(st.text(), st.sampled_from(TYPES))
def test_what_is_kept_is_kept_again(text: str, code: str) -> None:
    for item in disclosures.schema(code, DAY).items:
        try:
            kept = disclosures.read_value(item, text)
        except DisclosureError:
            continue
        assert disclosures.read_value(item, kept) == kept


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"material", "color"', '"material", "material"'),
        ('"material", "color"', '"material", "colour"'),
        ("valid_from = 2023-01-01", "valid_from = 2023-01-02"),
        ('code = "SHOES"', 'code = "WEAR"'),
        ('code = "SHOES"', 'code = "SHOES"\nnote = "x"'),
    ],
)
def test_a_damaged_table_is_refused(before: str, after: str) -> None:
    data = files("panro.korea.disclosures") / "data"
    fields, schemas = (data / "fields.toml").read_text(), (data / "schemas.toml").read_text()
    assert before in schemas
    with pytest.raises(TableError):
        read_schemas(fields, schemas.replace(before, after, 1))
