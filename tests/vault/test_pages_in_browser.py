"""Every page of the vault in a real browser: wide and narrow, empty and full, with scripts and without."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from files.made import PDF
from panro.accounts.models import User
from panro.parties.models import Party
from panro.vault.models import Consent, Paper
from vault import furnished
from vault.world import NOW, TODAY, examined

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.PRETENDED_DAY = TODAY


@pytest.fixture
def session(owner: User) -> str:
    client = Client()
    client.force_login(owner)
    return client.cookies["sessionid"].value


def faults(page: Page, name: str) -> list[tuple[str, object]]:
    """What is wrong with the page as it is shown; a picture of it on demand."""
    found: list[tuple[str, object]] = [(name, fault) for fault in accessibility_faults(page)]
    if wider := overflow(page):
        found.append((name, f"{wider} pixels too wide"))
    if page.locator("h1").count() != 1:
        found.append((name, "not exactly one h1"))
    return found


def walk(page: Page, address: str, pages: dict[str, str]) -> list[tuple[str, object]]:
    found = []
    for name, path in pages.items():
        page.goto(address + path)
        found += faults(page, name)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_shop_that_has_nothing_yet(visitor: Visitor, shop: Party, session: str, width: int) -> None:
    root = f"/my/{shop.pk}/"
    page = visitor.open(f"{root}papers/", width=width, session=session)
    names = ("papers/", "papers/add/", "facts/", "consents/", "seen/")
    found = walk(page, visitor.address + root, {f"empty-{name.replace('/', '')}": name for name in names})
    assert found == []


@pytest.mark.parametrize(("width", "language"), [(1280, "ko"), (360, "ko"), (360, "en")])
def test_a_shop_in_the_middle_of_its_year(  # noqa: PLR0917 - fixtures
    visitor: Visitor, shop: Party, owner: User, officer: User, session: str, width: int, language: str
) -> None:
    Party.objects.filter(pk=shop.pk).update(name=furnished.LONG)
    papers = furnished.papers(shop, owner, officer)
    furnished.facts(shop)
    furnished.consents(shop, owner)
    furnished.looked_at(shop, officer)
    consent = Consent.objects.filter(withdrawn_at=None).first()
    pages = {
        "papers": "papers/",
        "papers-all": "papers/?show=all",
        **{f"paper-{name}": f"papers/{paper.pk}/" for name, paper in papers.items()},
        "paper-remove": f"papers/{papers['valid'].pk}/remove/",
        "paper-add-tax": "papers/add/?kind=national_tax_clearance",
        "paper-add-members": "papers/add/?kind=member_list",
        "paper-replace": f"papers/add/?kind=small_merchant_certificate&replaces={papers['over'].pk}",
        "facts": "facts/",
        "fact-region": "facts/region/",
        "fact-listing": "facts/market_listing/",
        "fact-sanctions": "facts/sanctions/",
        "consents": "consents/",
        "consent-withdraw": f"consents/{consent.pk}/withdraw/",
        "seen": "seen/",
    }
    root = f"/my/{shop.pk}/"
    page = visitor.open(f"{root}papers/", width=width, session=session, language=language)
    found = walk(page, visitor.address + root, {f"{language}-{name}": path for name, path in pages.items()})
    assert found == []


def test_two_hundred_papers_are_paged(visitor: Visitor, shop: Party, owner: User, session: str) -> None:
    Paper.objects.bulk_create(
        Paper(
            party=shop,
            kind=kind,
            issued_on=TODAY,
            state="unread",
            handed_in_on=TODAY,
            added_by=owner,
            added_at=NOW + timedelta(minutes=number),
        )
        for number, kind in enumerate(["test_report", "product_photos"] * 100)
    )
    page = visitor.open(f"/my/{shop.pk}/papers/", width=360, session=session)
    assert faults(page, "many") == []
    seen = []
    while True:
        seen += page.locator("li.paper h2 a").evaluate_all("links => links.map(link => link.href)")
        onwards = page.get_by_role("link", name="다음", exact=True)
        if not onwards.count():
            break
        page.goto(page.url.partition("?")[0] + str(onwards.get_attribute("href")))
    assert (len(seen), len(set(seen))) == (200, 200)
    page.get_by_label("서류 종류").select_option("test_report")
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.locator("li.paper h2", has_text="상품 사진")).to_have_count(0)
    assert page.locator("li.paper h2", has_text="시험성적서").count() == 30


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_arrives_by_itself_and_stays_when_the_form_is_wrong(
    visitor: Visitor, shop: Party, session: str, width: int, tmp_path: Path
) -> None:
    scan = tmp_path / "확인서.pdf"
    scan.write_bytes(PDF + b"%" + b"x" * 3_000_000 + b"\n%%EOF\n")
    page = visitor.open(f"/my/{shop.pk}/papers/add/?kind=small_merchant_certificate", width=width, session=session)
    page.set_input_files("input[type=file]", scan)
    expect(page.locator(".upload-state")).to_contain_text("검사 중", timeout=20_000)
    assert faults(page, "upload-arrived") == []
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page.locator("[role=alert]")).to_be_visible()
    assert faults(page, "upload-errors") == []
    expect(page.locator(".upload-list")).to_contain_text("확인서.pdf")
    page.get_by_label("발급번호").fill("0010-2021-123456")
    page.get_by_label("발급일").fill("2021-04-01")
    page.get_by_label("유효기간 시작일").fill("2021-04-01")
    page.get_by_label("유효기간 종료일").fill("2022-03-31")
    page.get_by_role("button", name="제출", exact=True).click()
    page.wait_for_url(lambda address: "/papers/add/" not in address)
    examined(Paper.objects.get().file)
    page.reload()
    expect(page.get_by_role("link", name="확인서.pdf")).to_be_visible()
    assert faults(page, "upload-done") == []


def test_an_upload_goes_on_where_the_connection_broke(
    visitor: Visitor, shop: Party, session: str, tmp_path: Path
) -> None:
    scan = tmp_path / "확인서.pdf"
    scan.write_bytes(PDF + b"%" + b"x" * 3_500_000 + b"\n%%EOF\n")
    page = visitor.open(f"/my/{shop.pk}/papers/add/?kind=small_merchant_certificate", session=session)
    sent: list[str] = []

    def meet(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request.headers["upload-offset"])
            if len(sent) in {2, 3}:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/files/uploads/**", meet)
    page.set_input_files("input[type=file]", scan)
    expect(page.locator(".upload-state")).to_contain_text("검사 중", timeout=30_000)
    assert sent == ["0", "1048576", "1048576", "1048576", "2097152", "3145728"]
    visitor.complaints[:] = [said for said in visitor.complaints if "ERR_CONNECTION_RESET" not in said]


def test_a_wrong_file_is_refused_in_words_and_another_one_taken(
    visitor: Visitor, shop: Party, session: str, tmp_path: Path
) -> None:
    program = tmp_path / "setup.pdf"
    program.write_bytes(b"MZ" + b"\0" * 5000)
    scan = tmp_path / "정관.pdf"
    scan.write_bytes(PDF)
    page = visitor.open(f"/my/{shop.pk}/papers/add/?kind=articles", session=session, width=360)
    page.set_input_files("input[type=file]", program)
    expect(page.locator(".upload-state")).to_contain_text("받지 않는 형식", timeout=20_000)
    assert faults(page, "upload-refused") == []
    page.set_input_files("input[type=file]", scan)
    expect(page.locator(".upload-file")).to_have_count(1)
    expect(page.locator(".upload-state")).to_contain_text("검사 중", timeout=20_000)


def test_without_scripts_a_paper_is_handed_in_replaced_and_removed(
    visitor: Visitor, shop: Party, session: str, tmp_path: Path
) -> None:
    scan = tmp_path / "정관.pdf"
    scan.write_bytes(PDF)
    context = visitor.browser.new_context(java_script_enabled=False, locale="ko-KR")
    context.add_cookies([{"name": "sessionid", "value": session, "url": visitor.address}])
    page = context.new_page()
    page.goto(f"{visitor.address}/my/{shop.pk}/papers/")
    page.get_by_role("link", name="서류 내기").first.click()
    page.get_by_role("link", name="정관과 설립신고필증").click()
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page.locator("[role=alert]")).to_contain_text("파일을 선택해 주세요")
    page.get_by_label("발급일").fill("2022-01-01")
    page.set_input_files("input[type=file]", scan)
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page.locator(".upload-list")).to_contain_text("정관.pdf")
    page.get_by_label("발급일").fill("2021-01-04")
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page.locator("h1")).to_have_text("정관과 설립신고필증")
    page.get_by_role("link", name="새 서류로 바꾸기").click()
    scan.write_bytes(PDF + b"%new")
    page.set_input_files("input[type=file]", scan)
    page.get_by_role("button", name="제출", exact=True).click()
    page.get_by_role("link", name="삭제", exact=True).click()
    page.get_by_role("button", name="삭제", exact=True).click()
    expect(page.locator("[role=status]")).to_contain_text("삭제했습니다")
    assert sorted(Paper.objects.values_list("state", flat=True)) == ["destroyed", "replaced"]
    context.close()


def test_a_fact_is_stated_by_keyboard_alone(visitor: Visitor, shop: Party, session: str) -> None:
    page = visitor.open(f"/my/{shop.pk}/facts/employees/", session=session)
    page.get_by_label("상시근로자 수").focus()
    page.keyboard.type("많이")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible()
    assert faults(page, "fact-error") == []
    assert page.get_by_label("상시근로자 수").input_value() == "많이"
    page.get_by_label("상시근로자 수").fill("3.5")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-employees")).to_contain_text("3.5명")
