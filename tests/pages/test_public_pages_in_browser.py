from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browsing import WIDTHS, Visitor, accessibility_faults, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("world")]
PAGES = [
    "/",
    "/programmes/",
    "/programmes/?pillar=live&applicant=institution",
    "/programmes/3-1/",
    "/programmes/2-2/",
    "/calendar/",
    "/find/",
    "/results/",
    "/results/3-2/R1/?find=7",
    "/results/3-2/R1/?find=nobody",
]


def _check(page: Page) -> None:
    assert accessibility_faults(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_public_pages_are_accessible_and_fit(visitor: Visitor, width: int, language: str) -> None:
    for path in PAGES:
        page = visitor.open(path, width=width, language=language)
        _check(page)
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == language


def test_the_chart_is_drawn_from_the_table(visitor: Visitor) -> None:
    page = visitor.open("/results/3-2/R1/")
    page.wait_for_selector("#regions-chart canvas")
    assert page.locator("#regions-chart canvas").bounding_box() is not None
    rows = page.locator("#regions-chart + table tbody tr").count()
    assert rows == page.evaluate("JSON.parse(document.getElementById('regions-data').textContent).regions.length")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_shopkeeper_finds_out_what_it_may_get(visitor: Visitor, width: int) -> None:
    page = visitor.open("/find/", width=width)
    page.get_by_role("button", name="다음").click()
    assert "하나를 골라 주세요" in page.locator("[role=alert]").inner_text()
    _check(page)
    page.get_by_label("소상공인", exact=True).check()
    page.get_by_role("button", name="다음").click()
    page.get_by_label("주업종은 무엇인가요?").fill("10797")
    page.get_by_label("상시근로자는 몇 명인가요?").fill("3")
    page.get_by_label("영업 중").check()
    _check(page)
    page.get_by_role("button", name="다음").click()
    _check(page)
    page.go_back()
    assert page.get_by_label("주업종은 무엇인가요?").input_value() == "10797"
    page.go_forward()
    page.get_by_role("button", name="이전").click()
    assert page.get_by_label("상시근로자는 몇 명인가요?").input_value() == "3"
    page.get_by_role("button", name="다음").click()
    page.get_by_role("button", name="다음").click()
    _check(page)
    page.get_by_role("button", name="결과 보기").click()
    assert page.locator("h1").inner_text() == "받을 수 있는 지원"
    assert page.locator("article").count() == 16
    _check(page)
    page.get_by_role("button", name="사업장", exact=True).click()
    assert page.get_by_label("주업종은 무엇인가요?").input_value() == "10797"


def test_without_scripts_everything_works(visitor: Visitor) -> None:
    context = visitor.browser.new_context(java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    page.goto(visitor.address + "/programmes/")
    page.get_by_label("분야").select_option("live")
    page.get_by_role("button", name="찾기").click()
    assert page.locator(".card-link").count() == 3
    page.goto(visitor.address + "/results/3-2/R1/")
    page.get_by_label("결과 번호 또는 접수증의 해시").fill("7")
    page.get_by_role("button", name="찾기").click()
    assert "결과 번호 7" in page.locator(".own").inner_text()
    context.close()
