"""Forms that are replayed, forged or out of date, and files that are not what they seem, on an applicant's pages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from files.made import KINDS, PDF
from intake import world
from panro.files.conf import storage
from panro.files.content import Kind
from panro.intake import actions
from panro.intake.models import Receipt
from panro.record.models import Entry
from panro.vault.models import Paper

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from panro.intake.models import Application

pytestmark = pytest.mark.django_db
DAY = date(2021, 4, 1)


@pytest.fixture(autouse=True)
def _place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRETENDED_DAY = DAY
    settings.STORAGES = {**settings.STORAGES, "default": storage(tmp_path / "kept")}
    # A test is one transaction, in which files would not be stored.
    monkeypatch.setattr("panro.files.actions.outside_of_a_transaction", lambda: None)


@pytest.fixture
def minji() -> world.Shop:
    return world.shop()


@pytest.fixture
def row(minji: world.Shop) -> Application:
    """Her draft with everything in it."""
    return world.filled(minji, world.publish("3-1"), day=DAY)


def client_of(who: world.Shop, *, strict: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict, headers={"accept-language": "en"})
    client.force_login(who.owner)
    return client


def at(row: Application, page: str = "") -> str:
    return f"/my/applications/{row.pk}/{page}"


@pytest.mark.parametrize("revision", ["before", "after", "", "x", "-1", "1.0"])
def test_a_revision_that_is_not_the_one_that_stands_hands_nothing_in(
    row: Application, minji: world.Shop, revision: str
) -> None:
    said = {"before": str(row.revision - 1), "after": str(row.revision + 1)}.get(revision, revision)
    answer = client_of(minji).post(at(row, "submit/"), {"revision": said})
    row.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, at(row, "review/"))
    assert (row.state, Receipt.objects.count()) == ("draft", 0)


def test_a_form_sent_again_after_the_withdrawal_hands_nothing_in(row: Application, minji: world.Shop) -> None:
    client, form = client_of(minji), {"revision": row.revision}
    client.post(at(row, "submit/"), form)
    actions.withdraw(row.pk, by=minji.owner, now=world.noon(DAY), today=DAY)
    receipts, entries = list(Receipt.objects.values()), Entry.objects.count()
    answer = client.post(at(row, "submit/"), form)
    row.refresh_from_db()
    assert (answer["Location"], row.state) == (at(row), "withdrawn")
    assert (list(Receipt.objects.values()), Entry.objects.count()) == (receipts, entries)


@pytest.mark.parametrize("page", ["submit/", "withdraw/", "again/", "discard/", "business/save/", "documents/"])
def test_without_its_token_no_form_is_taken(row: Application, minji: world.Shop, page: str) -> None:
    answer = client_of(minji, strict=True).post(at(row, page), {"revision": row.revision, "sure": "yes"})
    before = row.revision
    row.refresh_from_db()
    assert (answer.status_code, row.state, row.revision) == (403, "draft", before)


def test_what_another_merchant_has_cannot_be_put_into_ones_own_form(row: Application, minji: world.Shop) -> None:
    other = world.shop("이웃가게", "박이웃")
    theirs = world.filled(other, world.publish("3-1", changed=True), day=DAY)
    client = client_of(minji)
    for page, typed in (
        ("choose_products/", {"products": [str(other.products[0])]}),
        ("documents/", {"paper__event_offer": [str(other.papers["event_offer"])]}),
    ):
        with transaction.atomic():
            client.post(at(row, page), {"revision": row.revision, "go": "next", **typed})
            row.refresh_from_db()
    assert set(row.products.values_list("product_id", flat=True)) <= set(minji.products)
    assert set(row.papers.values_list("paper_id", flat=True)) <= set(minji.papers.values())
    forged = {"revision": row.revision, "application": str(theirs.pk), "party": str(other.party.pk)}
    client.post(f"{at(row, 'submit/')}?application={theirs.pk}", forged)
    theirs.refresh_from_db()
    assert theirs.state == "draft"
    assert not Receipt.objects.filter(application=theirs).exists()


def hand_in(row: Application, minji: world.Shop, name: str, body: bytes) -> tuple[int, Paper | None]:
    answer = client_of(minji).post(at(row, "documents/event_offer/"), {"file": SimpleUploadedFile(name, body)})
    return answer.status_code, Paper.objects.filter(party=minji.party, kind="event_offer", file__isnull=False).first()


@pytest.mark.parametrize("case", ["hwp", "hwpx", "pdf", "png", "jpeg", "heic", "xlsx"])
def test_every_real_kind_is_taken_on_the_page_of_a_paper(row: Application, minji: world.Shop, case: str) -> None:
    name, body, kind = KINDS[case]
    status, paper = hand_in(row, minji, name, body)
    assert status == 302
    assert paper is not None
    assert paper.file is not None
    # What is a ZIP file outside is told apart by the worker, which looks inside.
    guessed = Kind.ZIP if case == "xlsx" else kind
    assert (paper.file.name, paper.file.type, paper.state) == (name, guessed.media_type, "arriving")


@pytest.mark.parametrize(
    ("name", "body"),
    [("빈.pdf", b""), ("setup.pdf", b"MZ" + bytes(5_000)), ("모음.pdf", b"GIF89a" + bytes(20))],
)
def test_what_is_no_paper_is_refused_on_the_page_and_leaves_nothing(
    row: Application, minji: world.Shop, name: str, body: bytes
) -> None:
    status, paper = hand_in(row, minji, name, body)
    assert (status, paper) == (422, None)  # the form is shown again


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "..\\..\\a.pdf", "=cmd|' /C calc'!A0.pdf", "\u202efdp.exe"])
def test_a_name_leads_nowhere(row: Application, minji: world.Shop, name: str) -> None:
    status, paper = hand_in(row, minji, name, PDF)
    assert status == 302
    assert paper is not None
    assert paper.file is not None
    assert not set(paper.file.name) & set("/\\\u202e")
    assert name not in paper.file.key
