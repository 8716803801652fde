"""Single values as people write them, barcodes, choices, and cells that must not become formulas."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from panro.catalog import choices, gtin, reading
from panro.catalog.faults import SENTENCES, Fault, FaultError, read_stored
from panro.catalog.fields import FIELDS, read
from panro.catalog.sheets import cells, columns, outgoing


def word_of(key: str, written: str) -> object:
    try:
        return read(key, written)
    except FaultError as wrong:
        return wrong.fault.code


@pytest.mark.parametrize(
    ("key", "written", "read_as"),
    [
        ("sale_price", "12,000원", 12_000),
        ("sale_price", "₩ １２０００", 12_000),
        ("sale_price", "12000.0", 12_000),
        ("sale_price", "", None),
        ("sale_price", "0", 0),
        ("sale_price", "-1", "too_small"),
        ("sale_price", "1000000000", 1_000_000_000),
        ("sale_price", "1000000001", "too_large"),
        ("sale_price", "12000.5", "not_whole"),
        ("sale_price", "만이천원", "not_whole"),
        ("sale_price", "9" * 400, "not_whole"),
        ("origin", "KR", "KR"),
        ("origin", "국내산", "KR"),
        ("origin", "south of nowhere", "no_country"),
        ("origin", "viet nam", "VN"),
        ("category", "김치·반찬", "kimchi_side_dish"),
        ("category", "Clothing", "clothing"),
        ("category", "없는 것", "no_category"),
        ("maker_size", "대기업", "large"),
        ("made_by", "맡겨서 만듦 (OEM, ODM)", "oem"),
        ("made_by", "누구나", "no_choice"),
        ("barcode", "8801234567893", "8801234567893"),
        ("barcode", "880-1234-567893", "8801234567893"),
        ("barcode", "8801234567894", "barcode_check"),
        ("barcode", "12345", "no_barcode"),
        ("barcode", "0" * 13, "barcode_check"),
        ("detail_page", "https://shop.example.kr/1?a=b", "https://shop.example.kr/1?a=b"),
        ("detail_page", "javascript:alert(1)", "no_address"),
        ("detail_page", "https://me@shop.example.kr", "no_address"),
        ("detail_page", "http://[", "no_address"),
        ("name", "  김치  ", "김치"),
        ("name", "가" * 100, "가" * 100),
        ("name", "가" * 101, "too_long"),
        ("name", " ", "no_name"),
        ("name", "김\x00치", "control"),
        ("name", "김\n치", "line_breaks"),
        ("description", "한 줄\r\n두 줄", "한 줄\n두 줄"),
        ("code", "K-01_a", "K-01_a"),
        ("code", "김치", "no_code"),
        ("code", "a" * 21, "no_code"),
        ("code", "", "no_code"),
        ("code", "-a", "no_code"),
    ],
)
def test_values_are_read_as_people_write_them(key: str, written: str, read_as: object) -> None:
    assert word_of(key, written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2021-03-15", date(2021, 3, 15)),
        ("2021. 3. 15.", date(2021, 3, 15)),
        ("2021년 3월 15일", date(2021, 3, 15)),
        ("2020-02-29", date(2020, 2, 29)),
        ("", None),
        ("2021-02-29", "no_date"),
        ("0000-01-01", "no_date"),
        ("15/03/2021", "no_date"),
    ],
)
def test_days(written: str, read_as: object) -> None:
    try:
        found = reading.day(written)
    except FaultError as wrong:
        found = wrong.fault.code
    assert found == read_as


@pytest.mark.parametrize("number", ["96385074", "036000291452", "4006381333931", "00012345600012", "8801073113428"])
def test_real_barcodes_pass_and_any_changed_digit_does_not(number: str) -> None:
    assert gtin.is_valid(number)
    for place, digit in enumerate(number):
        wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        assert not gtin.is_valid(wrong)


@given(st.text())
def test_no_text_is_too_strange_for_any_field(written: str) -> None:
    for field in FIELDS:
        word_of(field.key, written)


@given(st.sampled_from([*SENTENCES]))
def test_every_fault_survives_being_stored(code: str) -> None:
    fault = Fault(code, "name", {"found": "x", "most": 3})
    assert read_stored(fault.stored()) == fault


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_heading_is_understood_in_either_language(language: str) -> None:
    keys = columns.keys_for(choices.categories(), date(2021, 4, 9))
    assert [columns.key_of(columns.header(key, language)) for key in keys] == keys


@pytest.mark.parametrize("text", ["=1+1", "+82-2", "-", "@SUM", "\t=1", "＝1", "'=1", "''=1", "'tis", "김치", "", "'"])
def test_what_is_defused_is_restored_exactly(text: str) -> None:
    assert cells.restored(cells.defused(text)) == text
    assert not cells.is_risky(cells.defused(text))


@given(st.text())
def test_no_text_leaves_as_a_formula(text: str) -> None:
    assert not cells.is_risky(cells.defused(text))
    assert cells.restored(cells.defused(text)) == text


@pytest.mark.parametrize("form", outgoing.FORMS)
def test_a_table_holds_no_formula(form: str) -> None:
    hostile = '=HYPERLINK("http://evil.example","x")'
    made = io.BytesIO()
    lost = outgoing.write(
        made, form, ["상품명", "가격"], [[hostile, 3], ["@a", -5], ["똠방각하 ½ 🥢", None]], language="ko"
    )
    if form == "xlsx":
        made.seek(0)
        rows = list(openpyxl.load_workbook(made).active.iter_rows())
        assert [(cell.value, cell.data_type, cell.quotePrefix) for row in rows[1:3] for cell in row] == [
            (hostile, "s", True),
            (3, "n", False),
            ("@a", "s", True),
            (-5, "n", False),
        ]
        return
    text = made.getvalue().decode("utf-8-sig" if form == "csv" else "cp949")
    assert list(csv.reader(io.StringIO(text)))[1:3] == [["'" + hostile, "3"], ["'@a", "-5"]]
    assert lost == (1 if form == "csv-cp949" else 0)


def test_the_template_explains_every_column() -> None:
    made = io.BytesIO()
    keys = columns.keys_for(["kimchi_side_dish"], date(2021, 4, 9))
    with translation.override("en"):
        outgoing.template(made, "xlsx", keys, language="en")
    made.seek(0)
    book = openpyxl.load_workbook(made)
    assert book.sheetnames == ["Products", "Guide"]
    headings = [cell.value for cell in book["Products"][1]]
    assert [columns.key_of(heading) for heading in headings] == keys
    explained = {row[0].value: row[1].value for row in book["Guide"].iter_rows() if len(row) > 1}
    assert [heading for heading in headings if not explained.get(heading)] == []
