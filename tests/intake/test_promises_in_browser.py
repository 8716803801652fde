"""A certificate that follows, in a real browser: without scripts on a phone, and every page of it looked at."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from browsing import WIDTHS, Visitor
from intake import world
from intake.test_pages_in_browser import check, session_of
from panro.intake.models import Application, Supplement
from panro.vault.models import Paper

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2021, 4, 1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LATE = "national_tax_clearance"


@pytest.fixture
def row(transactional_db: None, settings: Settings, tmp_path: Path) -> Application:
    """김민지's draft on the first of April, without the certificate of the tax office."""
    del transactional_db
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = DAY
    with transaction.atomic():
        minji = world.shop()
        made = world.filled(minji, world.publish("3-1"), day=DAY)
        made.papers.filter(code=LATE).delete()
        Paper.objects.filter(party=minji.party, kind=LATE).delete()
    return made


def test_without_scripts_it_is_promised_handed_in_without_and_brought(visitor: Visitor, row: Application) -> None:
    context = visitor.browser.new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 800}
    )
    session = session_of(row.created_by)
    context.add_cookies([{"name": "sessionid", "value": session, "url": visitor.address}])
    page = context.new_page()
    page.goto(f"{visitor.address}/my/applications/{row.pk}/documents/")
    page.get_by_label(re.compile("I will hand it in later: National tax")).check()
    page.locator("main").get_by_role("button", name="Save and go on", exact=True).last.click()
    page.goto(f"{visitor.address}/my/applications/{row.pk}/review/")
    assert (
        "National tax clearance certificate" in page.get_by_role("region", name="What you hand in later").inner_text()
    )
    page.get_by_role("button", name="Submit the application").click()
    assert "Still to come" in page.inner_text("main")
    page.get_by_role("link", name="To the application").click()
    page.get_by_role("link", name="Hand in the papers").click()
    page.get_by_role("button", name=re.compile("Add the file.*National tax")).click()
    page.get_by_label("File").set_input_files({"name": "납세증명서.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_label("Day of issue").fill("2021-03-30")
    page.locator("main").get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Send the answers").click()
    assert "Everything asked for is sent." in page.inner_text("body")
    context.close()
    assert Supplement.objects.get().state == "answered"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_it_can_be_used_by_everybody(visitor: Visitor, row: Application, width: int) -> None:
    session, own = session_of(row.created_by), f"/my/applications/{row.pk}/"
    page = visitor.open(f"{own}documents/", width=width, session=session)
    check(page)
    page.get_by_label(re.compile("나중에 내겠습니다.*국세|I will hand it in later.*국세")).check()
    page.locator("main button[value=next]").last.click()
    for step in ("documents", "review"):
        page.goto(f"{visitor.address}{own}{step}/")
        check(page)
    page.locator("form[data-once] button").click()
    page.wait_for_url("**/receipt/")
    check(page)
    for step in ("", "supplement/"):
        page.goto(f"{visitor.address}{own}{step}")
        check(page)
