"""Spreadsheets: read in a worker, shown, confirmed, stored; hostile ones refused; what is exported comes back."""

import csv
import io
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import timezone

from catalog.world import (
    GTIN,
    KIMCHI,
    NOW,
    TODAY,
    again,
    complete,
    confirmed,
    disclosed,
    examined,
    faults_of,
    handed_in,
    later,
    opened,
    photograph,
    said,
    save,
    uploaded,
    workbook,
)
from panro.accounts.lifecycles import WrongStateError
from panro.accounts.models import User
from panro.catalog import actions, clearing, exporting, importing, tasks
from panro.catalog.models import Product, ProductExport, ProductImport
from panro.catalog.sheets import incoming, limits
from panro.catalog.sheets.judging import judge
from panro.files import storage
from panro.files.scanner import Verdict
from panro.parties.models import Party
from panro.record.models import Entry

HEAD = ["code", "name", "category", "list_price", "sale_price", "origin", "barcode", "[고시] 식품의 유형 (foodType)"]
pytestmark = pytest.mark.django_db(transaction=True)


def read(body: bytes, *, is_workbook: bool = True) -> object:
    """Rows of a file, or the word of what is wrong with it as a whole."""
    try:
        sheet = incoming.read(io.BytesIO(body), is_workbook=is_workbook)
    except incoming.FaultError as wrong:
        return wrong.fault.code
    return [(row.line, row.cells, [(fault.field, fault.code) for fault in row.faults]) for row in sheet.rows]


def repacked(body: bytes, **changed: bytes) -> bytes:
    """The same archive with parts replaced; names as ``xl_worksheets_sheet1``."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition(".")[0].replace("/", "_")
            new.writestr(name, changed.get(key, old.read(name)))
    return made.getvalue()


def test_good_rows_go_on_and_bad_ones_come_back(shop: Party, mina: User) -> None:
    stored = complete(shop, mina)
    one = handed_in(
        shop,
        mina,
        workbook(
            [*HEAD, "사장님 메모"],
            ["", "깍두기 1kg", "김치·반찬", 15_000, "12,000원", "국내산", "", "김치"],
            ["P0001", "", "", "", 17_000, "", GTIN, ""],
            ["", "", "김치", 1, 2, "달나라", "123", ""],
            ["P0001", "또", "", "", "", "", "", ""],
            [],
            ["", "총각김치", "", "", "", "", "", "김치"],
            ["", "=1+1", "", "", "", "", "", ""],
        ),
    )
    assert (one.state, one.total, one.unread) == ("checked", 6, ["사장님 메모"])
    assert faults_of(one) == {
        4: [
            ("category", "no_category"),
            ("barcode", "no_barcode"),
            ("origin", "no_country"),
            ("name", "no_name"),
            ("sale_price", "sale_above_list"),
        ],
        5: [("code", "double_code")],
        7: [("disclosure.foodType", "needs_category")],
        8: [("name", "formula"), ("name", "no_name")],
    }
    assert Product.objects.count() == 1
    one = confirmed(one, mina)
    assert (one.state, one.total, one.done) == ("done", 2, 2)
    made = Product.objects.exclude(pk=stored.pk).get()
    assert (made.code, made.name, made.sale_price, made.state, made.revision) == (
        "P0002",
        "깍두기 1kg",
        12_000,
        "draft",
        1,
    )
    assert said(made) == {"foodType": "김치"}
    assert (again(stored).sale_price, again(stored).barcode, again(stored).list_price) == (17_000, GTIN, 20_000)
    assert Entry.objects.filter(act="products_imported", subject=f"party:{shop.pk}").count() == 1


def test_what_is_exported_comes_back_unchanged(shop: Party, mina: User) -> None:
    hostile = "=cmd|'/c calc'!A0"
    complete(shop, mina, description="첫 줄\n둘째 줄", spec=hostile, barcode=GTIN)
    complete(shop, mina, **{"category": "clothing", **disclosed("WEAR"), "disclosure.material": "@detail_page"})
    before = {one.code: (one.spec, one.description, said(one), one.revision) for one in Product.objects.all()}
    for form, name in (("xlsx", "a.xlsx"), ("csv", "a.csv"), ("csv-cp949", "a.csv")):
        export = actions.start_export(shop.pk, form=form, language="ko", by=mina, now=NOW)
        assert exporting.make(export.pk, clock=lambda: NOW)
        export.refresh_from_db()
        assert (export.state, export.rows, export.lost) == ("ready", 2, 0)
        with storage.files_storage().open(export.key) as stored:
            body = stored.read()
        assert body.count(hostile.encode()) <= 1
        one = confirmed(handed_in(shop, mina, body, name), mina)
        assert (one.state, faults_of(one), one.unread) == ("done", {}, [])
        after = {one.code: (one.spec, one.description, said(one), one.revision) for one in Product.objects.all()}
        assert after == before


def test_a_confirmed_import_never_overwrites_what_was_changed_meanwhile(shop: Party, mina: User, jiho: User) -> None:
    stored = [opened(shop, mina, name) for name in ("하나", "둘", "셋")]
    rows = [[one.code, f"{one.name} 새이름"] for one in stored]
    one = handed_in(shop, mina, workbook(["code", "name"], *rows, ["NEW1", "넷"], ["NEW2", "다섯"]))
    save(stored[0], jiho, brand="먼저")
    actions.retire([stored[1].pk], by=jiho, now=later(minutes=2))
    save(opened(shop, jiho, "가로챔"), jiho, code="NEW1")
    one = confirmed(one, mina)
    assert faults_of(one) == {
        2: [("code", "changed_since")],
        3: [("code", "retired")],
        5: [("code", "code_taken")],
    }
    names = dict(Product.objects.values_list("code", "name"))
    assert names == {"P0001": "하나", "P0002": "둘", "P0003": "셋 새이름", "NEW1": "가로챔", "NEW2": "다섯"}


def test_an_import_is_confirmed_once_and_goes_on_after_a_stop(
    shop: Party, mina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("panro.catalog.actions.imports.BATCH", 2)
    one = handed_in(shop, mina, workbook(["name"], *([f"상품 {number}"] for number in range(5))))
    assert [actions.confirm_import(one.pk, by=mina, now=NOW) for _ in range(2)] == [True, False]
    assert actions.import_rows(one.pk, now=NOW, today=TODAY) == 2
    assert importing.waiting(later(hours=1)) == ([], [one.pk])
    assert importing.take(one.pk, clock=lambda: later(hours=1)) == 3
    assert importing.take(one.pk, clock=lambda: later(hours=1)) == 0
    assert list(Product.objects.order_by("code").values_list("code", "name")) == [
        (f"P000{number + 1}", f"상품 {number}") for number in range(5)
    ]


def test_what_was_given_up_stores_nothing(shop: Party, mina: User) -> None:
    one = handed_in(shop, mina, workbook(["name"], ["김치"]))
    actions.cancel_import(one.pk, by=mina, now=NOW)
    actions.cancel_import(one.pk, by=mina, now=NOW)
    with pytest.raises(WrongStateError):
        actions.confirm_import(one.pk, by=mina, now=NOW)
    one.refresh_from_db()
    assert (one.file.state, one.rows.count(), Product.objects.count()) == ("destroyed", 0, 0)


def test_a_file_with_a_virus_or_of_another_kind_ends_the_import(shop: Party, mina: User) -> None:
    file = uploaded(mina, workbook(["name"], ["김치"]), "a.xlsx", "product_import")
    one = actions.start_import(shop.pk, file.pk, by=mina, now=NOW)
    assert not importing.read(one.pk, clock=lambda: NOW)
    examined(file, Verdict.INFECTED)
    importing.read(one.pk, clock=lambda: NOW)
    one.refresh_from_db()
    assert (one.state, one.fault["values"]) == ("failed", {"reason": "virus"})


def test_imports_and_exports_are_kept_for_a_time_only(shop: Party, mina: User) -> None:
    one = handed_in(shop, mina, workbook(["name"], ["김치"]))
    export = actions.start_export(shop.pk, form="csv", language="ko", by=mina, now=NOW)
    exporting.make(export.pk, clock=lambda: NOW)
    clearing.clear_away(now=later(days=7))
    assert ProductExport.objects.get().state == "ready"
    clearing.clear_away(now=later(days=7, seconds=1))
    assert (ProductExport.objects.get().state, ProductExport.objects.get().key) == ("cleared", "")
    clearing.clear_away(now=later(days=30, seconds=1))
    one = ProductImport.objects.get()
    assert (one.state, one.rows.count(), one.file.state) == ("cancelled", 0, "destroyed")


def test_the_right_sheet_is_found_and_a_wrong_one_is_named(shop: Party, mina: User) -> None:
    del shop, mina
    found = read(workbook(["제목뿐"], [], ["name", "brand"], ["김치", "미나"], others=("표지",)))
    assert found == [(4, {"name": "김치", "brand": "미나"}, [])]
    assert read(workbook(["이름 없는 표", "아무거나"], [1, 2])) == "no_header"
    assert read(workbook(["brand", "spec"], ["a", "b"])) == "no_name_column"
    assert read(workbook(["name", "name"], ["a", "b"])) == "double_column"
    assert read(workbook(["name", "brand"])) == "no_rows"


def test_five_thousand_rows_are_taken_and_one_more_is_not() -> None:
    rows = ([f"상품 {number}"] for number in range(limits.ROWS))
    body = workbook(["name"], *rows)
    assert len(read(body)) == 5_000
    text = "name\n" + "\n\n".join(f"상품 {number}" for number in range(limits.ROWS + 1))
    assert read(text.encode(), is_workbook=False) == "too_many_rows"


def test_hostile_workbooks_cost_nothing() -> None:
    good = workbook(["name", "brand"], ["김치", "미나"])
    assert read(b"PK\x03\x04" + bytes(100)) == "unreadable"
    assert read(good[:-50]) == "unreadable"
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>'
    assert read(repacked(good, xl_worksheets_sheet1=laughs)) == "unreadable"
    assert read(repacked(good, xl_worksheets_sheet1=b"<worksheet")) == "unreadable"
    assert read(repacked(good, xl_workbook=b"<a/>")) in {"unreadable", "no_header"}
    bomb = b"<sst>" + b" " * limits.UNPACKED + b"</sst>"
    assert read(repacked(good, xl_theme_theme1=bomb)) == "too_much_inside"
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>brand</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c>'
        b'<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert read(repacked(good, xl_worksheets_sheet1=far)) == [(1_048_576, {"name": "x"}, [])]


def test_cells_of_every_type_are_read_as_text_and_formulas_never_run() -> None:
    body = workbook(
        ["name", "sale_price", "barcode", "spec", "brand", "storage"],
        ["김치", 12000.0, 8801234567893, True, "=1+1", '=HYPERLINK("http://evil.example")'],
    )
    assert read(body) == [
        (
            2,
            {"name": "김치", "sale_price": "12000", "barcode": "8801234567893", "spec": "TRUE"},
            [("brand", "formula"), ("storage", "formula")],
        )
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_are_read_in_both_codes(codec: str, delimiter: str) -> None:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows(
        [["상품코드?", "name", "brand"], ["x", "묵은지, 1kg", '="0012"'], ["", "'=세모", "=1+1"], ["", "", ""]]
    )
    assert read(made.getvalue().encode(codec), is_workbook=False) == [
        (2, {"name": "묵은지, 1kg", "brand": "0012"}, []),
        (3, {"name": "=세모"}, [("brand", "formula")]),
    ]


def test_an_empty_cell_leaves_what_is_stored_and_an_item_must_fit_its_category() -> None:
    stored = SimpleNamespace(state="draft", category="clothing", list_price=None, sale_price=5_000, supply_price=None)
    cells = {
        "code": "A",
        "supply_price": "5001",
        "disclosure.foodType": "김치",
        "disclosure.manufacturer": "상세페이지 참조",
    }
    judged = judge(cells, {"A": stored}, {}, on=TODAY)
    assert [(fault.field, fault.code) for fault in judged.faults] == [
        ("disclosure.foodType", "no_such_item"),
        ("disclosure.manufacturer", "disclosure"),
        ("supply_price", "supply_above_sale"),
    ]
    assert judged.values == {"code": "A", "supply_price": 5_001}


def test_a_thousand_rows_need_few_queries(shop: Party, mina: User, django_assert_max_num_queries: object) -> None:
    one = handed_in(shop, mina, workbook(list(KIMCHI), *(list(KIMCHI.values()) for _ in range(250))))
    actions.confirm_import(one.pk, by=mina, now=NOW)
    with django_assert_max_num_queries(25):
        assert actions.import_rows(one.pk, now=NOW, today=TODAY) == 250
    assert Product.objects.filter(completeness=70).count() == 250


def test_rejected_rows_can_be_mended_in_their_own_file(shop: Party, mina: User, client: object) -> None:
    one = handed_in(shop, mina, workbook(["name", "sale_price"], ["김치", "비쌈"], ["좋은 것", 1]))
    client.force_login(mina)
    answer = client.get(f"/my/{shop.pk}/products/import/{one.pk}/rejects/")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert (rows[0][0], rows[1][0], rows[1][2:]) == ("줄", 2, ("김치", "비쌈"))
    again_read = handed_in(shop, mina, answer.content)
    assert (faults_of(again_read), again_read.unread) == ({2: [("sale_price", "not_whole")]}, [])


def test_the_tasks_of_the_worker_carry_everything_through(shop: Party, mina: User) -> None:
    file = examined(uploaded(mina, workbook(["name", "category"], ["김치", "김치·반찬"]), "a.xlsx", "product_import"))
    one = actions.start_import(shop.pk, file.pk, by=mina, now=NOW)
    assert tasks.read_import.call(str(one.pk))
    actions.confirm_import(one.pk, by=mina, now=NOW)
    assert tasks.take_import.call(str(one.pk)) == 1
    product = Product.objects.get()
    picture = photograph(mina)
    actions.add_images(product.pk, [picture.pk], by=mina, now=timezone.now(), today=TODAY)
    assert tasks.carry_on.call() == 1
    assert tasks.make_sizes.call(str(picture.pk))
    export = actions.start_export(shop.pk, form="xlsx", language="en", by=mina, now=NOW)
    assert tasks.carry_on.call() == 1
    assert tasks.make_export.call(str(export.pk))
    assert (tasks.carry_on.call(), tasks.renew.call()) == (0, 0)
    assert tasks.clear_away.call() == 1
