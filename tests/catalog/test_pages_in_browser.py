"""Every page in a real browser: wide and narrow, in both languages, empty and full, with and without scripts."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from browsing import WIDTHS, Visitor, accessibility_faults, keep_picture, overflow
from catalog.world import (
    NOW,
    TODAY,
    again,
    complete,
    confirmed,
    examined,
    handed_in,
    jpeg,
    later,
    opened,
    photograph,
    png_that_claims,
    save,
    uploaded,
    workbook,
)
from panro.accounts.models import User
from panro.catalog import actions, exporting, pictures
from panro.catalog.models import Product
from panro.parties.models import Party

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "해남 황토밭에서 자란 배추로 담가 항아리에서 세 해 동안 천천히 익힌 할머니 비법 전통 묵은지 선물세트 " * 2


@pytest.fixture
def session(mina: User) -> str:
    client = Client()
    client.force_login(mina)
    return client.cookies["sessionid"].value


def looked_at(page: Page, name: str) -> None:
    assert (name, accessibility_faults(page), overflow(page)) == (name, [], 0)
    assert page.locator("h1").count() == 1


NO_WAITING = (
    "const later = setTimeout; window.setTimeout = (act, ms, ...more) => (ms < 1000 ? later(act, ms, ...more) : 0)"
)


def both_widths(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        looked_at(page, name)


def furnish(shop: Party, mina: User) -> dict[str, str]:
    """A shop in the middle of its work; addresses of its pages by name."""
    rows = [
        Product(
            party=shop,
            code=f"K{n:04d}",
            name=f"김치 {n}",
            sale_price=n,
            completeness=n % 90,
            created=NOW,
            saved=NOW,
            saved_by=mina,
        )
        for n in range(3_000)
    ]
    Product.objects.bulk_create(rows)
    good = complete(shop, mina, brand="미나반찬", detail_page="https://shop.example.kr/" + "a" * 300)
    file = photograph(mina)
    actions.add_images(good.pk, [file.pk], by=mina, now=NOW, today=TODAY)
    pictures.make(file.pk, clock=lambda: NOW)
    bad = opened(shop, mina, LONG[:100])
    save(bad, mina, origin="CN", maker_size="large", made_by="oem", sale_price=10_000_000, reference_price=5_000)
    bomb = examined(uploaded(mina, png_that_claims(9_000, 9_000), f"{LONG}.png", "product_image"))
    waiting = uploaded(mina, jpeg(30, 30), "기다림.jpg", "product_image")
    actions.add_images(bad.pk, [bomb.pk, waiting.pk], by=mina, now=later(hours=1), today=TODAY)
    pictures.make(bomb.pk, clock=lambda: NOW)
    actions.add_certificate(
        bad.pk,
        "haccp",
        number="2021-" + "9" * 50,
        issuer=LONG[:60],
        issued_on=TODAY.replace(year=2019),
        valid_to=TODAY.replace(year=2020),
        file=examined(uploaded(mina, b"%PDF-1.7\n%%EOF", "인증서.pdf", "product_certificate")),
        by=mina,
        now=later(hours=1),
    )
    bare = opened(shop, mina, "이름만", "")
    one = handed_in(
        shop, mina, workbook(["name", "sale_price", "메모"], ["좋은 것", 1], *([LONG, "비쌈"] for _ in range(30)))
    )
    done = confirmed(handed_in(shop, mina, workbook(["name"], ["하나"], ["=1"])), mina)
    failed = handed_in(shop, mina, workbook(["아무거나"], ["하나"]), f"{LONG}.xlsx")
    reading = actions.start_import(
        shop.pk, uploaded(mina, workbook(["name"], ["하나"]), "a.xlsx", "product_import").pk, by=mina, now=NOW
    )
    export = actions.start_export(shop.pk, form="csv-cp949", language="ko", by=mina, now=NOW)
    exporting.make(export.pk, clock=lambda: NOW)
    actions.start_export(shop.pk, form="xlsx", language="ko", by=mina, now=NOW)
    away = opened(shop, mina, "보관한 것")
    actions.retire([away.pk], by=mina, now=later(hours=2))
    root = f"/my/{shop.pk}/products/"
    found = {
        "list": root,
        "list-found": f"{root}?q=묵은지&state=draft",
        "list-nothing": f"{root}?q=없는것",
        "new": f"{root}new/",
        "good": f"{root}{good.pk}/",
        "bad": f"{root}{bad.pk}/",
        "away": f"{root}{away.pk}/",
        "good-pictures": f"{root}{good.pk}/pictures/",
        "bad-pictures": f"{root}{bad.pk}/pictures/",
        "no-pictures": f"{root}{bare.pk}/pictures/",
        "certificates": f"{root}{bad.pk}/certificates/",
        "no-certificates": f"{root}{bare.pk}/certificates/",
        "imports": f"{root}import/",
        "import-checked": f"{root}import/{one.pk}/",
        "import-done": f"{root}import/{done.pk}/",
        "import-failed": f"{root}import/{failed.pk}/",
        "import-going-on": f"{root}import/{reading.pk}/",
        "exports": f"{root}export/",
    }
    found |= {
        f"edit-{part}": f"{root}{bad.pk}/edit/{part}/"
        for part in ("basics", "prices", "origin", "disclosure", "selling")
    }
    return found | {"edit-no-category": f"{root}{bare.pk}/edit/disclosure/"}


def test_every_page_is_accessible_and_fits(visitor: Visitor, shop: Party, mina: User, session: str) -> None:
    root = f"/my/{shop.pk}/products/"
    page = visitor.open(root, session=session)
    page.add_init_script(NO_WAITING)  # pages that look again by themselves would do so in the middle of being checked
    both_widths(page, "empty")
    for name, path in {"empty-imports": f"{root}import/", "empty-exports": f"{root}export/"}.items():
        page.goto(visitor.address + path)
        both_widths(page, name)
    addresses = furnish(shop, mina)
    for name, path in addresses.items():
        page.goto(visitor.address + path)
        both_widths(page, name)
    page = visitor.open(root, session=session, language="en")
    for name in ("list", "bad", "edit-disclosure", "import-checked"):
        page.goto(visitor.address + addresses[name])
        both_widths(page, f"{name}-en")


@pytest.mark.parametrize("width", WIDTHS)
def test_errors_and_conflicts_are_accessible_and_lose_nothing(
    visitor: Visitor, shop: Party, jiho: User, session: str, width: int
) -> None:
    product = opened(shop, jiho)
    address = f"/my/{shop.pk}/products/{product.pk}/edit/prices/"
    context = visitor.browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": visitor.address}])
    page = context.new_page()
    page.goto(visitor.address + address)
    page.locator("#id_list_price").fill("만 원")
    page.locator("#id_sale_price").fill("9,000원")
    page.locator("button[value=stay]").last.click()
    assert page.locator("#id_list_price").input_value() == "만 원"
    assert again(product).sale_price == 9_000
    page.locator("#id_list_price").fill("10000")
    page.locator("#id_sale_price").fill("8000")
    save(product, jiho, sale_price=7_000)
    page.locator("button[value=stay]").last.click()
    assert "7,000" in page.locator("[role=alert]").first.inner_text()
    assert page.locator("#id_sale_price").input_value() == "8000"
    assert (again(product).list_price, again(product).sale_price) == (10_000, 7_000)
    keep_picture(page)
    assert overflow(page) == 0
    page.locator("button[value=stay]").last.click()
    assert again(product).sale_price == 8_000
    context.close()


def test_what_is_typed_saves_itself_and_a_second_tab_is_told(
    visitor: Visitor, shop: Party, mina: User, session: str
) -> None:
    product = opened(shop, mina)
    address = f"/my/{shop.pk}/products/{product.pk}/edit/basics/"
    first, second = (visitor.open(address, session=session) for _ in range(2))
    state = "[data-save-state]"
    first.locator("#id_brand").fill("미나")
    expect(first.locator(state)).to_have_attribute("data-kind", "success", timeout=20_000)
    assert again(product).brand == "미나"
    first.locator("#id_brand").fill("미나반찬")
    first.locator("#id_barcode").fill("123")
    expect(first.locator(state)).to_have_attribute("data-kind", "warning", timeout=20_000)
    expect(first.locator("[data-live-error]")).to_have_count(1)
    looked_at(first, "autosave-error")
    assert (again(product).brand, again(product).barcode) == ("미나반찬", "")
    first.locator("#id_barcode").fill("8801234567893")
    expect(first.locator(state)).to_have_attribute("data-kind", "success", timeout=20_000)
    expect(first.locator("[data-live-error]")).to_have_count(0)
    second.locator("#id_spec").fill("500 g")
    expect(second.locator(state)).to_have_attribute("data-kind", "success", timeout=20_000)
    assert (again(product).brand, again(product).spec, again(product).barcode) == ("미나반찬", "500 g", "8801234567893")
    second.locator("#id_brand").fill("두번째")
    expect(second.locator(state)).to_have_attribute("data-kind", "danger", timeout=20_000)
    second.locator("button[value=stay]").last.click()
    expect(second.locator("[role=alert]").first).to_contain_text("미나반찬")
    looked_at(second, "conflict-tab")
    second.locator("button[name=take]").click()
    expect(second.locator("[role=alert]")).to_have_count(0)
    assert second.locator("#id_brand").input_value() == "미나반찬"


def test_by_keyboard_alone_from_nothing_to_a_priced_product(visitor: Visitor, shop: Party, session: str) -> None:
    page = visitor.open(f"/my/{shop.pk}/products/new/", session=session)
    page.locator("#id_name").focus()
    page.keyboard.type("깍두기")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/basics/")
    page.locator("#id_spec").focus()
    page.keyboard.type("1 kg")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    product = Product.objects.get()
    assert (product.name, product.spec) == ("깍두기", "1 kg")
