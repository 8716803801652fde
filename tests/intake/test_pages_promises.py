"""김민지 promises a certificate on the pages, hands in without it, and brings it later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from intake.world import CLOSES, SUPPLEMENT_UNTIL, Shop
from panro.intake import actions
from panro.intake.actions import Asked
from panro.intake.models import Application, ItemKind, Supplement
from panro.parties.models import Membership
from panro.parties.states import Role

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

DAY = date(2021, 4, 1)
NATIONAL, LOCAL = "national_tax_clearance", "local_tax_clearance"


@pytest.fixture(autouse=True)
def _in_april(settings: Settings) -> None:
    settings.PRETENDED_DAY = DAY


@pytest.fixture
def client(minji: Shop) -> Client:
    return client_of(minji.owner)


@pytest.fixture
def row(notice: EditionVersion, minji: Shop) -> Application:
    """Her draft, in which everything is there but the certificates of both tax offices."""
    made = world.filled(minji, notice, day=DAY)
    made.papers.filter(code__in=[NATIONAL, LOCAL]).delete()
    return made


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def at(row: Application, step: str = "") -> str:
    return f"/my/applications/{row.pk}/{f'{step}/' if step else ''}"


def tick(client: Client, row: Application, *codes: str, go: str = "next", **papers: object) -> HttpResponse:
    """Send the screen of papers as it stands, with some ticked to follow."""
    row.refresh_from_db()
    shown = client.get(at(row, "documents")).context
    data: dict[str, object] = {
        f"paper.{one.asked.code}": [str(offer.paper.pk) for offer in one.offered if offer.chosen and one.is_there]
        for one in (*shown["required"], *shown["optional"])
    }
    data |= {f"paper.{code}": value for code, value in papers.items()}
    data |= {f"promise.{code}": "yes" for code in codes}
    return client.post(at(row, "documents"), {"revision": row.revision, "go": go, **data})  # type: ignore[return-value]


def missing_papers(review: HttpResponse) -> int:
    """How many papers the last look calls missing."""
    (found,) = [part.missing for part in review.context["parts"] if part.address.endswith("/documents/")]  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_only_certificates_of_others_have_a_tick_to_follow(client: Client, row: Application) -> None:
    shown = client.get(at(row, "documents"))
    ticks = {one.asked.code for one in shown.context["required"] if one.may_follow}
    assert ticks == {"business_registration", "small_merchant_certificate", NATIONAL, LOCAL}
    page = shown.content.decode()
    assert [
        page.count(f'name="promise.{code}"') for code in (NATIONAL, "stock_list", "small_merchant_certificate")
    ] == [
        1,
        0,
        0,  # it is there, so it need not follow
    ]
    assert 'id="follow_until"' in page


def test_from_the_tick_to_the_paper(client: Client, row: Application, minji: Shop, settings: Settings) -> None:
    assert tick(client, row, NATIONAL, LOCAL)["Location"] == at(row, "consents")
    documents = client.get(at(row, "documents")).context
    assert documents["following"] == 2
    review = client.get(at(row, "review"))
    assert (missing_papers(review), review.context["follows"]) == (
        0,
        ["National tax clearance certificate", "Local tax clearance certificate"],
    )
    row.refresh_from_db()
    assert client.post(at(row, "submit"), {"revision": row.revision})["Location"] == at(row, "receipt")
    assert "National tax clearance certificate, Local tax clearance certificate (until" in words(
        client, at(row, "receipt")
    )
    assert client.get(at(row) + "receipt.pdf").content.startswith(b"%PDF-")
    own = words(client, at(row))
    for said in ("papers are still to come", "National tax clearance certificate", "18 days left", "stays unconfirmed"):
        assert said in own
    (todo,) = client.get("/my/").context["to_complete"]
    assert todo.day == SUPPLEMENT_UNTIL
    settings.PRETENDED_DAY = CLOSES + timedelta(days=3)
    page = at(row, "supplement")
    assert "You said that this paper would follow." in words(client, page)
    first = {"go": "send", f"paper.{NATIONAL}": str(minji.papers[NATIONAL]), f"paper.{LOCAL}": ""}
    assert client.post(page, first)["Location"] == at(row)
    assert client.get(page).context["open_count"] == 1
    client.post(page, {"go": "send", f"paper.{LOCAL}": str(minji.papers[LOCAL])})
    row.refresh_from_db()
    assert (row.state, Supplement.objects.get().state) == ("submitted", "answered")


def test_without_a_tick_it_is_still_missing(client: Client, row: Application) -> None:
    tick(client, row, NATIONAL)
    assert missing_papers(client.get(at(row, "review"))) == 1
    row.refresh_from_db()
    refused = client.post(at(row, "submit"), {"revision": row.revision})
    assert refused.status_code == 422
    assert refused.context["error"] == "1 still to be filled in: Local tax clearance certificate"


def test_choosing_the_paper_takes_the_promise_back(client: Client, row: Application, minji: Shop) -> None:
    tick(client, row, NATIONAL, LOCAL)
    tick(client, row, NATIONAL, LOCAL, **{NATIONAL: str(minji.papers[NATIONAL])})
    assert list(row.promises.values_list("code", flat=True)) == [LOCAL]


def test_a_forged_tick_of_an_own_paper_is_refused_with_words(client: Client, row: Application) -> None:
    row.papers.filter(code="stock_list").delete()
    answer = tick(client, row, NATIONAL, "stock_list")
    assert answer.status_code == 409
    assert "This paper cannot follow" in answer.context["error"]
    assert row.promises.count() == 0
    page = answer.content.decode()
    assert page.count(" checked") > 0  # what was ticked is ticked still


def test_staff_may_promise_but_not_send_and_strangers_see_nothing(
    client: Client, row: Application, minji: Shop
) -> None:
    staff, stranger = world.someone("최직원"), world.someone("이웃")
    Membership.objects.create(user=staff, party=minji.party, role=Role.STAFF, since=world.noon(DAY))
    assert tick(client_of(staff), row, NATIONAL, LOCAL).status_code == 302
    row.refresh_from_db()
    assert client_of(staff).post(at(row, "submit"), {"revision": row.revision}).status_code == 403
    for step in ("documents", "review", "supplement"):
        assert client_of(stranger).get(at(row, step)).status_code == 404
    assert client.post(at(row, "submit"), {"revision": row.revision}).status_code == 302


def test_what_an_officer_asks_and_what_was_promised_stand_on_one_page(
    client: Client, row: Application, minji: Shop, officer: User
) -> None:
    tick(client, row, NATIONAL, LOCAL)
    row.refresh_from_db()
    client.post(at(row, "submit"), {"revision": row.revision})
    due = DAY + timedelta(days=3)
    items = [
        Asked(ItemKind.DOCUMENT, NATIONAL, "증명서를 되도록 빨리 내 주세요."),
        Asked(ItemKind.QUESTION, "statement_paper_plan", "계획을 더 적어 주세요."),
    ]
    actions.ask_supplement(row.pk, items, due=due, by=officer, now=world.noon(DAY), today=DAY)
    shown = client.get(at(row, "supplement")).context
    assert [one.item.code for one in shown["items"]] == [NATIONAL, "statement_paper_plan", LOCAL]
    assert shown["due"] == due
    assert [one.promised for one in client.get(at(row)).context["waiting"]] == [False, True]
    both = {
        "go": "send",
        f"paper.{NATIONAL}": str(minji.papers[NATIONAL]),
        f"paper.{LOCAL}": "",
        "answer.statement_paper_plan": "한 달에 두 번",
    }
    client.post(at(row, "supplement"), both)
    assert sorted(Supplement.objects.values_list("promised", "state")) == [(False, "answered"), (True, "asked")]
    (left,) = [one for one in client.get(at(row, "supplement")).context["items"] if not one.is_done]
    assert left.item.code == LOCAL


def test_what_was_only_promised_may_still_be_corrected(client: Client, row: Application, settings: Settings) -> None:
    tick(client, row, NATIONAL, LOCAL)
    row.refresh_from_db()
    client.post(at(row, "submit"), {"revision": row.revision})
    assert client.get(at(row)).context["may_correct"] is True
    settings.PRETENDED_DAY = CLOSES + timedelta(days=1)
    assert not client.get(at(row)).context["may_correct"]
    settings.PRETENDED_DAY = DAY
    client.post(at(row) + "again/")
    draft = Application.objects.get(state="draft")
    assert client.get(at(draft, "documents")).context["following"] == 2
