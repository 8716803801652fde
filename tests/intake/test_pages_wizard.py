"""김민지 fills her application in on the pages: saving, going on, two windows, being logged out, sending."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from intake import world
from intake.world import OPENS, Shop
from panro.intake import actions
from panro.intake.models import Application, ChosenPaper, Receipt
from panro.parties.models import Membership
from panro.parties.states import Role
from panro.rules.eligibility import keys
from panro.vault.models import Consent, Paper
from panro.vault.queries import facts

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

DAY = date(2021, 4, 1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _in_april(settings: Settings, tmp_path: Path) -> None:
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = DAY


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def row(notice: EditionVersion, minji: Shop) -> Application:
    """Her draft for 3-1."""
    made = world.draft(minji, notice, day=DAY)
    Application.objects.filter(pk=made.pk).update(track="listing")
    made.refresh_from_db()
    return made


@pytest.fixture
def client(minji: Shop) -> Client:
    return client_of(minji.owner)


def at(row: Application, step: str = "") -> str:
    return f"/my/applications/{row.pk}/{f'{step}/' if step else ''}"


def send(client: Client, row: Application, step: str, go: str = "next", **values: object) -> HttpResponse:
    row.refresh_from_db()
    data = {"revision": row.revision, "base": "{}", "go": go, **values}
    return client.post(at(row, step), {key.replace("__", "."): value for key, value in data.items()})  # type: ignore[return-value]


def known(row: Application) -> dict[str, object]:
    return {key: fact.value for key, fact in facts([row.party_id], papers_until=DAY)[row.party_id].items()}


def test_right_answers_go_on_and_the_vault_knows_them(client: Client, row: Application) -> None:
    answer = send(client, row, "business", industry="10797", employees="3", sales="12,000")
    assert answer["Location"] == at(row, "standing")
    told = known(row)
    assert told[keys.EMPLOYEES] == "3"
    assert told[keys.AVERAGE_SALES] == 120_000_000
    assert told[keys.REGION] == "11"  # from her profile
    other = client.get("/apply/2021/2-1/R1/")
    asked = {key for one in other.context["judged"].later for key in [str(one.rule)]}
    assert "Size of a small merchant" not in asked  # asked once, known everywhere


def test_wrong_answers_are_kept_and_shown_with_what_is_wrong(client: Client, row: Application) -> None:
    answer = send(client, row, "business", employees="셋", sales="100")
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["employees"]
    row.refresh_from_db()
    assert (row.answers["employees"], row.answers["sales"]) == ("셋", "100")
    shown = client.get(at(row, "business")).context["form"]
    assert shown.initial["employees"] == "셋"
    assert keys.EMPLOYEES not in known(row)
    review = client.get(at(row, "review"))
    assert [part.title for part in review.context["parts"] if part.wrong] == ["Your business"]


def test_back_and_leave_keep_what_was_typed_without_complaints(client: Client, row: Application) -> None:
    assert send(client, row, "business", "back", employees="셋")["Location"] == at(row, "track")
    assert send(client, row, "business", "leave", sales="viel")["Location"] == at(row)
    row.refresh_from_db()
    assert row.answers == {"employees": "셋", "sales": "viel"}


def test_it_saves_itself_and_says_when(client: Client, row: Application) -> None:
    answer = client.post(
        at(row, "plan") + "save/", {"revision": row.revision, "base": "{}", "statement_paper_plan": "한 해 두 번"}
    )
    row.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json()["revision"] == row.revision
    assert answer.json()["said"].startswith("Saved at ")
    assert row.answers["statement_paper_plan"] == "한 해 두 번"


def test_two_windows_with_different_answers_do_not_disturb_each_other(client: Client, row: Application) -> None:
    shown = row.revision
    base = json.dumps({"industry": "", "employees": "", "sales": ""})
    first = {"revision": shown, "base": base, "industry": "", "employees": "3", "sales": ""}
    second = {"revision": shown, "base": base, "industry": "", "employees": "", "sales": "500"}
    assert client.post(at(row, "business") + "save/", first).status_code == 200
    assert client.post(at(row, "business") + "save/", second).status_code == 200
    row.refresh_from_db()
    assert (row.answers["employees"], row.answers["sales"]) == ("3", "500")


def test_two_windows_with_the_same_answer_are_compared_and_nothing_is_lost(client: Client, row: Application) -> None:
    shown = row.revision
    base = json.dumps({"employees": "", "sales": ""})
    assert send(client, row, "business", "stay", employees="3", base=base).status_code == 302
    late = {"revision": shown, "base": base, "employees": "4", "sales": "700", "go": "next"}
    answer = client.post(at(row, "business"), late)
    assert answer.status_code == 409
    (field,) = answer.context["fields"]
    assert (field.code, field.mine, field.theirs) == ("employees", "4 people", "3 people")
    row.refresh_from_db()
    assert row.answers["employees"] == "3"
    for keep, expected in (("theirs", "3"), ("mine", "4")):
        row.refresh_from_db()
        chosen = {
            **late,
            "revision": row.revision,
            "base": answer.context["base"],
            "go": "stay",
            "keep.employees": keep,
        }
        assert client.post(at(row, "business"), chosen)["Location"] == at(row, "business")
        row.refresh_from_db()
        assert (row.answers["employees"], row.answers["sales"]) == (expected, "700")


def test_autosave_of_the_late_window_is_told_and_saves_nothing(client: Client, row: Application) -> None:
    shown = row.revision
    send(client, row, "business", "stay", employees="3")
    answer = client.post(at(row, "business") + "save/", {"revision": shown, "base": "{}", "employees": "4"})
    assert answer.status_code == 409
    assert "Another window" in answer.json()["error"]
    row.refresh_from_db()
    assert row.answers["employees"] == "3"


def test_who_was_logged_out_finds_what_was_typed_after_logging_in(
    client: Client, row: Application, minji: Shop
) -> None:
    client.logout()
    answer = send(client, row, "business", employees="7", sales="abc")
    assert answer["Location"] == f"/accounts/login/?next={at(row, 'business')}"
    row.refresh_from_db()
    assert row.answers == {}
    client.force_login(minji.owner)
    shown = client.get(at(row, "business"))
    assert (shown.context["form"].initial["employees"], shown.context["form"].initial["sales"]) == ("7", "abc")
    assert client.get(at(row, "business")).context["form"].initial.get("employees") is None  # given back once


def test_a_form_with_an_old_token_is_offered_again_only_if_it_is_our_own(minji: Shop, row: Application) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(minji.owner)
    data = {"revision": row.revision, "employees": "7", "go": "next"}
    own = strict.post(at(row, "business"), data, headers={"origin": "http://testserver"})
    assert own.status_code == 403
    assert ("employees", "7") in own.context["again"]
    for foreign in ({"origin": "https://evil.example"}, {}):
        assert strict.post(at(row, "business"), data, headers=foreign).context["again"] == []


def test_products_are_chosen_with_what_stands_in_their_way(client: Client, row: Application, minji: Shop) -> None:
    foreign = world.product(minji.party, minji.owner, "수입 양말")
    foreign.origin = "CN"
    foreign.save()
    offered = {one.product.name: one for one in client.get(at(row, "choose_products")).context["products"]}
    assert offered["수입 양말"].is_refused
    assert not offered["들기름"].is_refused
    nothing = send(client, row, "choose_products")
    assert nothing.context["error"] == "Please choose at least one product."
    both = [str(minji.products[0]), str(foreign.pk)]
    assert send(client, row, "choose_products", products=both)["Location"] == at(row, "documents")
    assert row.products.count() == 2


def test_more_products_than_the_notice_takes_are_refused(client: Client, row: Application, minji: Shop) -> None:
    ids = [str(world.product(minji.party, minji.owner, f"상품 {place}").pk) for place in range(6)]
    assert send(client, row, "choose_products", products=ids[:5]).status_code == 302
    answer = send(client, row, "choose_products", products=ids)
    assert answer.status_code == 422
    assert answer.context["error"] == "At most 5 products can be chosen here; 6 are ticked."
    assert row.products.count() == 5


def test_papers_of_the_vault_are_proposed_and_only_saved_by_the_button(
    client: Client, row: Application, minji: Shop
) -> None:
    shown = client.get(at(row, "documents")).context["required"]
    assert all(one.is_proposal for one in shown)
    assert ChosenPaper.objects.count() == 0
    ticked = {
        f"paper__{one.asked.code}": [str(offer.paper.pk) for offer in one.offered if offer.chosen] for one in shown
    }
    assert send(client, row, "documents", **ticked)["Location"] == at(row, "consents")
    assert {one.code for one in ChosenPaper.objects.all()} == {one.asked.code for one in shown}
    assert Paper.objects.filter(party=minji.party, kind="pledge").count() == 0


@pytest.fixture
def _files_in_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction, in which files would not be stored."""
    monkeypatch.setattr("panro.files.actions.outside_of_a_transaction", lambda: None)


@pytest.mark.usefixtures("_files_in_a_test")
def test_a_paper_handed_in_on_the_spot_is_in_the_vault_and_chosen(client: Client, row: Application) -> None:
    page = at(row, "documents") + "event_offer/"
    file = SimpleUploadedFile("행사가.pdf", PDF, "application/pdf")
    identity = client.get(page).context["identity"]
    assert client.post(page, {"file": file, "identity": identity})["Location"] == at(row, "documents")
    paper = Paper.objects.get(pk=identity)
    assert (paper.kind, paper.file.name if paper.file else "") == ("event_offer", "행사가.pdf")
    assert row.papers.get().paper_id == paper.pk
    again = SimpleUploadedFile("행사가.pdf", PDF, "application/pdf")
    client.post(page, {"file": again, "identity": identity})  # the same form, sent twice
    assert Paper.objects.filter(kind="event_offer", number="").count() == 1


@pytest.mark.usefixtures("_files_in_a_test")
def test_a_file_need_not_be_chosen_again_when_another_field_is_wrong(client: Client, row: Application) -> None:
    page = at(row, "documents") + "small_merchant_certificate/"
    file = SimpleUploadedFile("확인서.pdf", PDF, "application/pdf")
    wrong = client.post(page, {"file": file, "number": "", "issued_on": "2021-03-20"})
    assert wrong.context["kept"].name == "확인서.pdf"
    assert sorted(wrong.context["form"].errors) == ["number", "valid_from", "valid_to"]
    right = client.post(
        page,
        {
            "kept": str(wrong.context["kept"].pk),
            "number": "제1호",
            "issued_on": "2021-03-20",
            "valid_from": "2021-04-01",
            "valid_to": "2022-03-31",
        },
    )
    assert right["Location"] == at(row, "documents")
    assert known(row)[keys.CERTIFICATE] == {"number": "제1호", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}


def test_consents_are_given_one_by_one_and_only_by_an_owner(client: Client, row: Application, minji: Shop) -> None:
    shown = client.get(at(row, "consents"))
    assert " checked>" not in shown.content.decode()
    answer = send(client, row, "consents", agree=["collect", "pledge"])
    assert answer.context["missing"] is True
    assert [one.purpose for one in Consent.objects.all()] == ["collect"]
    row.refresh_from_db()
    assert sorted(row.declared) == ["pledge"]
    assert send(client, row, "consents", agree=["provide", "credit_enquiry"])["Location"] == at(row, "review")
    row.refresh_from_db()
    assert sorted(row.declared) == ["credit_consent", "pledge", "privacy_consent"]
    staff = world.someone("최직원")
    Membership.objects.create(user=staff, party=minji.party, role=Role.MANAGER, since=world.noon(DAY))
    Consent.objects.all().update(withdrawn_at=F("given_at"), withdrawn_on=DAY, withdrawn_by=minji.owner)
    send(client_of(staff), row, "consents", agree=["collect"])
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_it_is_sent_once_however_often_the_button_is_pressed(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice, day=DAY)
    client = client_of(minji.owner)
    for _again in range(2):
        answer = client.post(at(row) + "submit/", {"revision": row.revision})
        assert answer["Location"] == at(row, "receipt")
    assert Receipt.objects.count() == 1
    shown = client.get(at(row, "receipt"))
    assert "2021-3-1-R1-000001" in shown.content.decode()
    assert client.get(at(row, "business"))["Location"] == at(row)  # no draft any more
    late = client.post(at(row, "plan") + "save/", {"revision": 1, "statement_paper_plan": "x"})
    assert late.status_code == 410


def test_what_is_missing_is_said_and_nothing_is_sent(client: Client, row: Application) -> None:
    answer = client.post(at(row) + "submit/", {"revision": row.revision})
    assert answer.status_code == 422
    assert answer.context["error"] != ""
    assert answer.context["missing"] > 0
    row.refresh_from_db()
    assert row.state == "draft"


def test_the_receipt_is_a_pdf_too(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice, DAY)
    answer = client_of(minji.owner, "ko").get(at(row) + "receipt.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="2021-3-1-R1-000001.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"PretendardGOV" in answer.content.replace(b" ", b"")


def test_withdrawing_asks_once_more_and_the_round_may_be_entered_again(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice, DAY)
    client = client_of(minji.owner)
    assert client.post(at(row, "withdraw"), {"why": "잘못 냈습니다"}).status_code == 422
    row.refresh_from_db()
    assert row.state == "submitted"
    client.post(at(row, "withdraw"), {"why": "잘못 냈습니다", "sure": "yes"})
    row.refresh_from_db()
    assert (row.state, row.withdrawn_why) == ("withdrawn", "잘못 냈습니다")
    answer = client.post(at(row) + "again/")
    draft = Application.objects.get(state="draft")
    assert answer["Location"] == at(draft)
    assert draft.track == "listing"


def test_before_the_first_day_nothing_begins_and_the_page_says_when(
    notice: EditionVersion, minji: Shop, settings: Settings
) -> None:
    del notice
    client = client_of(minji.owner)
    settings.PRETENDED_DAY = date(2021, 3, 16)
    early = client.get("/apply/2021/3-1/R1/")
    assert early.context["is_upcoming"] is True
    refused = client.post("/apply/2021/3-1/R1/", {"party": str(minji.party.pk), "as": "merchant"})
    assert refused.status_code == 409
    settings.PRETENDED_DAY = OPENS
    begun = client.post("/apply/2021/3-1/R1/", {"party": str(minji.party.pk), "as": "merchant"})
    draft = Application.objects.get()
    assert begun["Location"] == at(draft)
    again = client.post("/apply/2021/3-1/R1/", {"party": str(minji.party.pk), "as": "merchant"})
    assert again["Location"] == at(draft)
    assert client.get("/apply/2021/3-1/R9/").status_code == 404


def test_one_does_not_apply_where_the_agency_nominates(notice: EditionVersion, minji: Shop, settings: Settings) -> None:
    settings.PRETENDED_DAY = date(2021, 4, 2)
    client = client_of(minji.owner)
    page = client.get("/apply/2021/2-3/R1/")
    assert "Begin the application" not in page.content.decode()
    day = date(2021, 4, 2)
    actions.nominate(
        [minji.party], notice, "2-3", "R1", reason="구독 상자", by=world.officer(), now=world.noon(day), today=day
    )
    named = client.get("/apply/2021/2-3/R1/").content.decode()
    assert "The agency has nominated you." in named
    assert "Begin the application" in named
