"""A newcomer's whole way: from the first page to a receipt, on a phone."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import transaction

from browsing import Visitor, accessibility_faults, overflow
from intake import world
from panro.accounts.models import User
from panro.intake.models import Receipt
from panro.parties.models import Party

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

PASSWORD = "jangteo-9315-haru"


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_goes_from_sign_up_to_a_receipt(visitor: Visitor, settings: Settings, tmp_path: Path) -> None:
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = date(2021, 4, 1)
    with transaction.atomic():
        world.publish("4-3")

    page = visitor.open("/accounts/signup/", width=360, language="en")
    for name, text in (
        ("name", "이수강"),
        ("email", "sugang@example.kr"),
        ("password1", PASSWORD),
        ("password2", PASSWORD),
    ):
        page.locator(f"input[name={name}]").fill(text)
    for name in ("terms", "privacy"):
        page.locator(f"input[name={name}]").check()
    page.locator("form:has([name=password1]) button").first.click()
    page.wait_for_url("**/accounts/confirm-email/")
    link = re.search(r"http://\S+/confirm-email/\S+/", str(mail.outbox[-1].body))
    assert link is not None
    page.goto(link[0])
    page.locator("main form button").first.click()
    page.goto(visitor.address + "/accounts/login/?next=/my/register/myself/")
    page.locator("input[name=login]").fill("sugang@example.kr")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url("**/my/register/myself/")

    page.locator("select[name=region]").select_option("26")
    page.locator("main form button").last.click()
    page.wait_for_url(lambda address: "/register/" not in address)
    world.papers(Party.objects.get(), User.objects.get())

    page.goto(visitor.address + "/programmes/4-3/")
    page.get_by_role("link", name="Apply").first.click()
    page.get_by_role("link", name="Trainee").click()
    page.get_by_role("button", name="Begin the application").click()
    page.get_by_role("link", name="Go on", exact=True).click()
    for _screen in range(3):
        page.get_by_role("button", name="Save and go on").last.click()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Save and go on").last.click()
    page.get_by_role("button", name="Submit the application").click()
    assert "2021-4-3-R1-000001" in page.inner_text("main")
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    receipt = Receipt.objects.get()
    assert receipt.receipt_no == "2021-4-3-R1-000001"
    assert receipt.application.created_by.email == "sugang@example.kr"
