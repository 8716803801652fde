"""Pages over HTTP: who gets in, what is kept of what was typed, conflicts, files, strange input."""

import json
import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.world import NOW, TODAY, a_file, again, complete, jpeg, later, opened, said, save, workbook
from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.catalog import actions, pictures, queries
from panro.catalog.models import Product, ProductCertificate, ProductImage, ProductImport
from panro.catalog.urls import urlpatterns
from panro.parties.models import Membership, Party

pytestmark = pytest.mark.django_db


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def at(name: str, shop: Party, product: Product | None = None, **more: object) -> str:
    given = {"party": shop.pk, **({"product": product.pk} if product else {}), **more}
    return reverse(f"catalog:{name}", kwargs=given)


def every_address(shop: Party, product: Product) -> list[str]:
    """Every address of the room for a party and its product; other ids are nobody's."""
    example = {"party": shop.pk, "product": product.pk, "section": "basics", "side": 200}
    found = []
    for route in urlpatterns:
        names = re.findall(r"<\w+:(\w+)>", str(route.pattern))
        found.append(reverse(f"catalog:{route.name}", kwargs={name: example.get(name, new_id()) for name in names}))
    return found


def form_of(page: object) -> dict[str, str]:
    """What a browser sends for the form of a section, hidden fields with it."""
    form = page.context["form"]
    data = {"revision": str(page.context["product"].revision)}
    for field in form:
        shown, value = field.html_initial_name, field.value()
        if isinstance(value, bool):
            data |= {shown: "True"} if value else {}
            data |= {field.html_name: "on"} if value else {}
        else:
            data |= {shown: form.data.get(shown, str(value or "")), field.html_name: str(value or "")}
    return data


def test_a_stranger_finds_nothing_at_any_address(shop: Party, mina: User, sora: User, duri: User) -> None:
    product = complete(shop, mina)
    for client in (browser(sora), browser(duri)):
        for address in every_address(shop, product):
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers <= {404, 405}, address
    assert Product.objects.count() == 1


def test_another_shops_product_is_not_found_under_ones_own_name(
    shop: Party, mina: User, pottery: Party, duri: User
) -> None:
    theirs = complete(shop, mina)
    client = browser(duri)
    addresses = [address for address in every_address(pottery, theirs) if str(theirs.pk) in address]
    assert len(addresses) == 10
    for address in addresses:
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}, address
    assert again(theirs).state == "ready"


def test_a_closed_party_and_a_dismissed_clerk_see_nothing(shop: Party, mina: User, jiho: User) -> None:
    client = browser(jiho)
    assert client.get(at("products", shop)).status_code == 200
    Membership.objects.filter(user=jiho).delete()
    assert client.get(at("products", shop)).status_code == 404
    Party.objects.filter(pk=shop.pk).update(state="closed", closed_at=timezone.now(), closed_why="stopped")
    assert browser(mina).get(at("products", shop)).status_code == 404


def test_a_clerk_may_write_products(shop: Party, jiho: User) -> None:
    client = browser(jiho)
    page = client.get(at("new", shop))
    given = {"identity": str(page.context["form"]["identity"].value()), "name": "깍두기", "category": ""}
    answers = [client.post(at("new", shop), given) for _ in range(2)]
    product = Product.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [at("edit", shop, product, section="basics")] * 2
    assert client.post(at("new", shop), given | {"name": "", "identity": str(new_id())}).context[
        "form"
    ].errors.keys() == {"name"}


def test_what_can_be_kept_is_kept_and_the_rest_stays_typed(shop: Party, mina: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    address = at("edit", shop, product, section="basics")
    data = form_of(client.get(address)) | {"barcode": "12345", "brand": "미나", "name": ""}
    page = client.post(address, data)
    assert page.context["form"].errors.keys() == {"barcode", "name"}
    assert (page.context["form"]["barcode"].value(), page.context["form"]["name"].value()) == ("12345", "")
    assert (again(product).brand, again(product).barcode, again(product).name) == ("미나", "", "묵은지 1kg")
    mended = form_of(page) | {"barcode": "8801234567893", "name": "새 이름", "go": "next"}
    assert client.post(address, mended).headers["Location"] == at("edit", shop, product, section="prices")
    assert (again(product).barcode, again(product).name) == ("8801234567893", "새 이름")


def test_prices_that_contradict_each_other_are_not_stored_but_the_rest_is(shop: Party, mina: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    address = at("edit", shop, product, section="prices")
    data = form_of(client.get(address)) | {"list_price": "1,000", "sale_price": "2,000원", "reference_at": "내 가게"}
    page = client.post(address, data)
    assert page.context["form"].errors.keys() == {"sale_price"}
    assert page.context["form"]["sale_price"].value() == "2,000원"
    assert (again(product).list_price, again(product).reference_at) == (None, "내 가게")


def test_two_tabs_show_the_conflict_and_lose_nothing(shop: Party, mina: User, jiho: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    address = at("edit", shop, product, section="origin")
    typed = form_of(client.get(address)) | {"maker": "미나푸드", "origin_note": "해남 배추"}
    save(product, jiho, maker="미나반찬", made_by="self")
    page = client.post(address, typed)
    assert (page.status_code, [one["stored"] for one in page.context["conflicts"]]) == (409, ["미나반찬"])
    assert page.context["form"]["maker"].value() == "미나푸드"
    stands = again(product)
    assert (stands.maker, stands.origin_note, stands.made_by) == ("미나반찬", "해남 배추", "self")
    again_typed = form_of(page)
    assert (typed["made_by"], again_typed["made_by"]) == ("", "self")
    assert client.post(address, again_typed | {"take": "maker"}).status_code == 302
    assert again(product).maker == "미나반찬"
    assert client.post(address, again_typed).status_code == 302
    assert (again(product).maker, again(product).made_by) == ("미나푸드", "self")


def test_saving_by_itself_answers_with_revision_errors_and_conflicts(shop: Party, mina: User, jiho: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    page, address = (
        client.get(at("edit", shop, product, section="basics")),
        at("autosave", shop, product, section="basics"),
    )
    first = client.post(address, form_of(page) | {"brand": "미나", "barcode": "1"})
    told = first.json()
    assert (first.status_code, told["revision"], told["percent"], list(told["errors"])) == (200, 2, 15, ["barcode"])
    save(product, jiho, brand="지호")
    second = client.post(address, form_of(page) | {"brand": "미나반찬"})
    assert (second.status_code, second.json()["conflicts"]) == (409, {"brand": "지호"})
    actions.retire([product.pk], by=mina, now=later(hours=1))
    assert client.post(address, form_of(page) | {"brand": "x"}).status_code == 409


def test_the_disclosure_form_is_that_of_the_category(shop: Party, mina: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    address = at("edit", shop, product, section="disclosure")
    page = client.get(address)
    assert [one.see is not None for one in page.context["items"]][:4] == [False, True, False, False]
    data = form_of(page) | {
        "disclosure.productName": "묵은지",
        "see-foodType": "on",
        "disclosure.location": "상세페이지 참조",
    }
    page = client.post(address, data)
    assert page.context["form"].errors.keys() == {"disclosure.location"}
    assert said(product) == {"productName": "묵은지", "foodType": "@detail_page"}
    data = form_of(page) | {"disclosure.location": "서울", "disclosure.foodType": "김치"}
    data.pop("see-foodType")
    assert client.post(address, data).status_code == 302
    assert said(product) == {"productName": "묵은지", "foodType": "김치", "location": "서울"}


def test_a_product_put_away_is_shown_but_not_written(shop: Party, mina: User) -> None:
    product, client = complete(shop, mina), browser(mina)
    client.post(at("retire", shop, product))
    for name, more in (("edit", {"section": "prices"}), ("pictures", {}), ("certificates", {})):
        assert client.get(at(name, shop, product, **more)).headers["Location"] == at("product", shop, product)
    assert client.get(at("product", shop, product)).context["is_retired"]
    assert client.get(at("products", shop)).context["rows"] == []
    assert len(client.get(at("products", shop) + "?state=retired").context["rows"]) == 1
    client.post(at("restore", shop, product))
    identity = str(new_id())
    for _ in range(2):
        client.post(at("copy", shop, product), {"identity": identity})
    assert sorted(Product.objects.values_list("name", flat=True)) == ["묵은지 1kg", "묵은지 1kg (copy)"]
    assert again(product).state == "ready"


def test_the_list_is_searched_and_paged(shop: Party, mina: User) -> None:
    rows = [
        Product(party=shop, code=f"K{n:04d}", name=f"김치 {n}", created=NOW, saved=NOW, saved_by=mina)
        for n in range(45)
    ]
    Product.objects.bulk_create(rows)
    client, seen, address = browser(mina), [], "?q=김치"
    while address:
        page = client.get(at("products", shop) + address)
        seen += [product.code for product, _ in page.context["rows"]]
        address = page.context["next"]
    assert (len(seen), len(set(seen))) == (45, 45)
    assert [one[0].code for one in client.get(at("products", shop) + "?q=김치 K0007").context["rows"]] == ["K0007"]
    assert client.get(at("products", shop) + "?cursor=nonsense").status_code == 404
    assert client.get(at("products", shop) + "?q=%00&state=x&category=y").status_code == 200


def test_the_number_of_queries_does_not_grow(
    shop: Party, mina: User, django_assert_max_num_queries: object, django_assert_num_queries: object
) -> None:
    del django_assert_num_queries
    for number in range(3):
        product = complete(shop, mina)
        actions.add_images(product.pk, [a_file(mina).pk], by=mina, now=later(seconds=number), today=TODAY)
        with django_assert_max_num_queries(4):
            rows = queries.search(shop.pk).rows
            assert [one.front[0].file.picture.state for one in rows] == ["arriving"] * (number + 1)
    client = browser(mina)
    with django_assert_max_num_queries(14):
        client.get(at("products", shop))
    with django_assert_max_num_queries(16):
        client.get(at("product", shop, product))


@pytest.mark.django_db(transaction=True)
def test_pictures_certificates_and_tables_are_handed_in(shop: Party, mina: User, sora: User) -> None:
    product, client = opened(shop, mina), browser(mina)
    address = at("pictures", shop, product)
    files = [SimpleUploadedFile("a.jpg", jpeg(30, 20)), SimpleUploadedFile("b.txt", b"hello")]
    page = client.post(address, {"files": files})
    assert (page.status_code, len(page.context["errors"])) == (422, 1)
    image = ProductImage.objects.get()
    assert client.post(address, {"files": []}).status_code == 422
    from catalog.world import examined  # noqa: PLC0415 - only here

    examined(image.file)
    pictures.make(image.file_id, clock=lambda: NOW)
    shown = reverse("catalog:picture", kwargs={"file": image.file_id, "side": 200})
    answer = client.get(shown)
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["Cross-Origin-Resource-Policy"]) == (
        200,
        "image/webp",
        "same-origin",
    )
    assert [browser(sora).get(shown).status_code, client.get(shown.replace("200", "201")).status_code] == [404, 404]
    change = at("picture_change", shop, product, image=image.pk)
    assert [
        client.post(change, {"act": act, "alt": "김치 한 접시"}).status_code for act in ("describe", "later", "x")
    ] == [302, 302, 404]
    assert ProductImage.objects.get().alt == "김치 한 접시"
    client.post(change, {"act": "remove"})
    assert client.post(change, {"act": "remove"}).status_code == 404
    paper = {
        "kind": "haccp",
        "number": "",
        "issued_on": "2021-02-30",
        "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF"),
    }
    certificates = at("certificates", shop, product)
    assert client.post(certificates, paper).context["form"].errors.keys() == {"issued_on"}
    paper |= {"issued_on": "2021. 2. 28.", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF")}
    assert client.post(certificates, paper).status_code == 302
    one = ProductCertificate.objects.get()
    client.post(at("certificate_remove", shop, product, certificate=one.pk))
    assert one.file.__class__.objects.get(pk=one.file_id).state == "destroyed"
    wrong = client.post(at("imports", shop), {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600))})
    assert (wrong.status_code, client.post(at("imports", shop)).status_code) == (422, 422)
    taken = client.post(at("imports", shop), {"file": SimpleUploadedFile("a.xlsx", workbook(["name"], ["김치"]))})
    imported = ProductImport.objects.get()
    assert taken.headers["Location"] == at("import", shop, one=imported.pk)
    assert client.get(at("import_progress", shop, one=imported.pk)).json()["goes_on"]


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-cp949"])
@pytest.mark.parametrize("category", ["", "clothing"])
def test_templates(shop: Party, mina: User, form: str, category: str) -> None:
    answer = browser(mina, "ko").get(at("template", shop), {"form": form, "category": category})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browser(mina).get(at("template", shop), {"form": "exe"}).status_code == 404


def test_a_product_page_stands_on_both_sides_of_new_year(shop: Party, mina: User, settings: object) -> None:
    product = complete(shop, mina)
    percents = []
    for day in (TODAY.replace(year=2022, month=12, day=31), TODAY.replace(year=2023, month=1, day=1)):
        settings.PRETENDED_DAY = day
        percents.append(browser(mina).get(at("product", shop, product)).context["assessment"].percent)
    assert percents == [100, 99]


_strange = st.text(max_size=60) | st.sampled_from(["\x00", "9" * 30, "-1", "on", "@detail_page", "=1+1", "é" * 300])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "name",
                "category",
                "sale_price",
                "origin",
                "barcode",
                "revision",
                "take",
                "go",
                "disclosure.material",
                "see-material",
                "initial-name",
                "identity",
                "code",
                "description",
            ]
        ),
        _strange,
    ),
    st.sampled_from(["basics", "prices", "origin", "disclosure", "selling", "pictures", "nonsense"]),
)
def test_no_form_breaks_on_strange_input(shop: Party, mina: User, data: dict[str, str], section: str) -> None:
    product = Product.objects.filter(party=shop).first() or opened(shop, mina, category="clothing")
    client = browser(mina)
    for name in ("edit", "autosave"):
        assert client.post(at(name, shop, product, section=section), data).status_code in {200, 302, 404, 409}
    assert client.post(at("new", shop), data).status_code in {200, 302}
    assert json.dumps(said(product))
    assert isinstance(product.pk, UUID)
