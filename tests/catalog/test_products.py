"""Products: opened, saved from two windows, complete by the law of the day, put away, copied."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from catalog.world import GTIN, KIMCHI, NOW, TODAY, a_file, again, complete, disclosed, later, opened, said, save
from panro.accounts.ids import new_id
from panro.accounts.lifecycles import WrongStateError
from panro.accounts.models import User
from panro.catalog import actions, checks, gates, queries
from panro.catalog.completeness import assess
from panro.catalog.models import Disclosure, Picture, Product, ProductImage
from panro.parties.models import Party
from panro.record.models import Entry

pytestmark = pytest.mark.django_db


def test_a_product_begins_as_a_draft_with_a_code_of_its_own(
    shop: Party, mina: User, pottery: Party, duri: User
) -> None:
    made = [opened(shop, mina, "묵은지"), opened(shop, mina, "깍두기"), opened(pottery, duri, "접시")]
    assert [(one.code, one.state, one.revision) for one in made] == [
        ("P0001", "draft", 1),
        ("P0002", "draft", 1),
        ("P0001", "draft", 1),
    ]
    assert [(entry.act, entry.subject) for entry in Entry.objects.order_by("number")] == [
        ("product_opened", f"product:{one.pk}") for one in made
    ]


def test_a_code_taken_by_hand_is_passed_over(shop: Party, mina: User) -> None:
    save(opened(shop, mina), mina, code="P0002")
    assert opened(shop, mina).code == "P0003"


def test_a_double_click_opens_one_product(shop: Party, mina: User, pottery: Party, duri: User) -> None:
    identity = new_id()
    given = {"identity": identity, "name": "묵은지", "category": "", "now": NOW, "today": TODAY}
    first, second = (actions.open_product(shop.pk, by=mina, **given) for _ in range(2))
    assert (first.pk, second.pk, Product.objects.count()) == (identity, identity, 1)
    with pytest.raises(Product.DoesNotExist):
        actions.open_product(pottery.pk, by=duri, **given)


def test_two_windows_that_change_different_fields_both_win(shop: Party, mina: User, jiho: User) -> None:
    product = opened(shop, mina)
    save(product, mina, revision=1, maker="미나반찬")
    save(product, jiho, revision=1, sale_price=18_000, disclosure_foodType="김치")
    stands = again(product)
    assert (stands.maker, stands.sale_price, said(product), stands.revision) == (
        "미나반찬",
        18_000,
        {"foodType": "김치"},
        3,
    )


def test_two_windows_that_change_the_same_field_are_told(shop: Party, mina: User, jiho: User) -> None:
    product = opened(shop, mina)
    save(product, mina, revision=1, maker="미나반찬", disclosure_foodType="김치")
    with pytest.raises(actions.StaleError) as stale:
        save(product, jiho, revision=1, maker="미나푸드", disclosure_foodType="절임", brand="미나")
    assert stale.value.conflicts == {"maker": "미나반찬", "disclosure.foodType": "김치"}
    assert (stale.value.stored.revision, again(product).brand) == (2, "")
    assert save(product, jiho, revision=2, maker="미나푸드").maker == "미나푸드"


def test_saying_the_same_as_what_is_stored_is_no_conflict_and_no_revision(shop: Party, mina: User, jiho: User) -> None:
    product = save(opened(shop, mina), mina, maker="미나반찬")
    assert save(product, jiho, revision=1, maker="미나반찬").revision == product.revision == 2


@pytest.mark.parametrize(
    ("prices", "wrong"),
    [
        ({"list_price": 10_000, "sale_price": 10_000, "supply_price": 10_000}, []),
        ({"list_price": 10_000, "sale_price": 10_001}, [("sale_price", "sale_above_list")]),
        ({"sale_price": 10_000, "supply_price": 10_001}, [("supply_price", "supply_above_sale")]),
        ({"list_price": 0, "sale_price": 0}, []),
    ],
)
def test_prices_may_be_equal_but_not_upside_down(
    shop: Party, mina: User, prices: dict[str, int], wrong: list[tuple[str, str]]
) -> None:
    product = opened(shop, mina)
    try:
        save(product, mina, **prices)
        found = []
    except actions.InvalidError as invalid:
        found = [(fault.field, fault.code) for fault in invalid.faults]
    assert found == wrong


def test_a_price_is_compared_with_what_is_stored(shop: Party, mina: User) -> None:
    product = save(opened(shop, mina), mina, list_price=10_000, sale_price=9_000)
    with pytest.raises(actions.InvalidError):
        save(product, mina, list_price=8_999)


def test_the_database_refuses_what_the_act_would(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    for wrong in (
        {"list_price": 1, "sale_price": 2},
        {"list_price": -1},
        {"barcode": "123"},
        {"state": "ready"},
        {"state": "retired"},
        {"origin": "kr"},
        {"name": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Product.objects.filter(pk=product.pk).update(**wrong)


def test_a_code_is_one_products_alone(shop: Party, mina: User) -> None:
    opened(shop, mina)
    second = opened(shop, mina, "깍두기")
    with pytest.raises(actions.InvalidError) as invalid:
        save(second, mina, code="P0001", name="총각김치")
    assert [(fault.field, fault.code) for fault in invalid.value.faults] == [("code", "code_taken")]
    assert again(second).name == "깍두기"


def test_points_are_counted_to_a_hundred_and_a_whole_product_is_ready(shop: Party, mina: User) -> None:
    product = opened(shop, mina, category="")
    assert product.completeness == 5
    assert save(product, mina, **KIMCHI).completeness == 70
    assert save(product, mina, **{key.replace(".", "_"): text for key, text in disclosed().items()}).completeness == 85
    actions.add_images(product.pk, [a_file(mina).pk], by=mina, now=later(minutes=2), today=TODAY)
    assert (again(product).state, again(product).completeness) == ("ready", 100)
    assert save(product, mina, description="").state == "draft"


def test_one_missing_item_keeps_a_product_from_being_complete(shop: Party, mina: User) -> None:
    product = complete(shop, mina)
    save(product, mina, disclosure_foodType="")
    found = assess(again(product), said(product), images=1, on=TODAY)
    assert [(one.section.value, one.points, [item.key for item in one.items]) for one in found.missing] == [
        ("disclosure", 1, ["foodType"])
    ]
    assert found.percent == 99


def test_on_the_day_the_law_changes_a_food_lacks_its_use_by_date(shop: Party, mina: User) -> None:
    food, bowl = complete(shop, mina), complete(shop, mina, category="ceramics_crafts", **disclosed("ETC"))
    assert actions.renew_disclosures(now=later(days=600), today=date(2022, 12, 31)) == 0
    assert actions.renew_disclosures(now=later(days=601), today=date(2023, 1, 1)) == 1
    assert actions.renew_disclosures(now=later(days=602), today=date(2023, 1, 1)) == 0
    assert [(again(one).state, again(one).disclosure.version) for one in (food, bowl)] == [
        ("draft", "2"),
        ("ready", "1"),
    ]
    with translation.override("en"):
        found = gates.findings(again(food), on=date(2023, 1, 1))
    assert [one.message for one in found] == ["1 item that the law asks you to disclose is missing: Use-by date."]


def test_a_category_that_comes_back_finds_its_items_again(shop: Party, mina: User) -> None:
    product = save(opened(shop, mina), mina, disclosure_foodType="김치")
    save(product, mina, category="clothing")
    assert (again(product).disclosure.schema, said(product)) == ("WEAR", {"foodType": "김치"})
    assert again(save(product, mina, category="kimchi_side_dish")).disclosure.schema == "GENERAL_FOOD"


def test_put_away_and_restored(shop: Party, mina: User, jiho: User) -> None:
    product = complete(shop, mina)
    assert actions.retire([product.pk], by=jiho, now=later(hours=1)) == 1
    assert actions.retire([product.pk], by=jiho, now=later(hours=1)) == 0
    assert list(queries.products(shop)) == queries.chosen([product.pk], shop) == []
    with pytest.raises(WrongStateError):
        save(product, mina, brand="미나")
    assert actions.restore([product.pk], by=mina, now=later(hours=2), today=TODAY) == 1
    assert (again(product).state, again(product).retired) == ("ready", None)


def test_a_product_restored_under_a_newer_law_is_a_draft(shop: Party, mina: User) -> None:
    product = complete(shop, mina)
    actions.retire([product.pk], by=mina, now=later(hours=1))
    actions.restore([product.pk], by=mina, now=later(days=700), today=date(2023, 3, 10))
    assert (again(product).state, again(product).disclosure.version) == ("draft", "2")


def test_a_copy_has_everything_but_code_name_and_barcode(shop: Party, mina: User, jiho: User) -> None:
    product = complete(shop, mina, barcode=GTIN)
    actions.add_certificate(
        product.pk, "haccp", number="2021-1", issuer="", issued_on=None, valid_to=None, file=None, by=mina, now=NOW
    )
    identity = new_id()
    for _ in range(2):
        copy = actions.copy_product(product.pk, identity=identity, name="묵은지 2kg", by=jiho, now=NOW, today=TODAY)
    copy = again(copy)
    assert Product.objects.count() == 2
    assert (copy.code, copy.name, copy.barcode, copy.state, copy.maker) == (
        "P0002",
        "묵은지 2kg",
        "",
        "ready",
        "미나반찬",
    )
    assert said(copy) == said(product)
    assert [image.file_id for image in copy.images.all()] == [image.file_id for image in product.images.all()]
    assert [one.number for one in copy.certificates.all()] == ["2021-1"]


def test_the_doctor_finds_what_no_constraint_holds(shop: Party, mina: User) -> None:
    product = complete(shop, mina)
    actions.add_images(product.pk, [a_file(mina).pk], by=mina, now=NOW, today=TODAY)
    asked = (checks._schemas, checks._sizes, checks._places)
    assert [list(ask()) for ask in asked] == [[], [], []]
    Disclosure.objects.filter(product=product).update(schema="WEAR")
    Picture.objects.filter(file=product.images.first().file_id).update(state="ready")
    ProductImage.objects.filter(product=product, position=1).delete()
    found = [[(one.expected, one.found) for one in ask()] for ask in asked]
    assert found == [
        [("the items of GENERAL_FOOD", "those of WEAR")],
        [("3 sizes", "0")],
        [("1 places", "a picture in place 2")],
    ]


def test_facts_for_the_rules_say_what_is_not_known(shop: Party, mina: User) -> None:
    bare, whole = opened(shop, mina), complete(shop, mina)
    assert queries.product_facts(queries.chosen([whole.pk, bare.pk, new_id()], shop)) == [
        {"code": "P0002", "name": "묵은지 1kg", "origin": "KR", "maker": "small"},
        {"code": "P0001", "name": "묵은지 1kg", "origin": None, "maker": None},
    ]


def test_another_shops_product_cannot_be_chosen(shop: Party, mina: User, pottery: Party) -> None:
    assert queries.chosen([complete(shop, mina).pk], pottery) == []


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, []),
        ({"origin": "CN"}, ["foreign_origin"]),
        ({"origin_note": "중국산 고춧가루"}, []),
        ({"maker_size": "large"}, ["large_company"]),
        ({"made_by": "oem", "maker_size": "medium"}, ["maker_unproved"]),
        ({"made_by": "oem", "maker_size": "large"}, ["large_company"]),
        ({"reference_price": 12_000}, []),
        ({"reference_price": 11_999}, ["price_outlier"]),
        ({"reference_price": 36_000}, []),
        ({"reference_price": 36_001}, ["price_outlier"]),
        ({"reference_price": 0}, []),
        ({"disclosure.ingredients": "", "origin": "VN"}, ["foreign_origin", "disclosure_missing"]),
    ],
)
def test_gates_say_what_stands_in_the_way(shop: Party, mina: User, values: dict[str, object], codes: list[str]) -> None:
    product = complete(shop, mina)
    actions.save_product(product.pk, values, revision=99, by=mina, now=later(minutes=1), today=TODAY)
    found = gates.findings(again(product), on=TODAY)
    assert [one.code for one in found] == codes
    assert all(one.message and one.mend for one in found)


def test_a_certificate_of_the_maker_settles_its_size(shop: Party, mina: User) -> None:
    product = complete(shop, mina, made_by="oem")
    for _ in range(2):
        actions.add_certificate(
            product.pk,
            "sme_of_maker",
            number="1",
            issuer="",
            issued_on=None,
            valid_to=None,
            file=None,
            by=mina,
            now=NOW,
        )
    assert (product.certificates.count(), gates.findings(again(product), on=TODAY)) == (1, [])


def test_a_certificate_shows_something_and_ends_after_its_issue(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    given = {"issuer": "", "file": None, "by": mina, "now": NOW}
    with pytest.raises(actions.InvalidError) as invalid:
        actions.add_certificate(
            product.pk, "haccp", number="", issued_on=date(2021, 2, 2), valid_to=date(2021, 2, 1), **given
        )
    assert [fault.code for fault in invalid.value.faults] == ["number_or_file", "ends_before"]
    actions.add_certificate(
        product.pk, "haccp", number="1", issued_on=date(2021, 2, 2), valid_to=date(2021, 2, 2), **given
    )


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_of_one_field_store_one_and_tell_the_other(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    start, outcomes = threading.Barrier(2), []

    def run(maker: str) -> None:
        start.wait()
        try:
            save(product, mina, revision=1, maker=maker)
            outcomes.append("stored")
        except actions.StaleError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[maker]) for maker in ("미나반찬", "미나푸드")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), again(product).revision) == (["stored", "told"], 2)


@pytest.mark.django_db(transaction=True)
def test_products_opened_at_once_get_codes_of_their_own(shop: Party, mina: User) -> None:
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        opened(shop, mina)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Product.objects.values_list("code", flat=True)) == ["P0001", "P0002", "P0003", "P0004"]
