"""The member's own page, its messages, the page of an application, and answering supplements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import SUPPLEMENT_UNTIL, Shop
from panro.intake import actions
from panro.intake.actions import Asked
from panro.intake.models import Application, ItemKind, Supplement
from panro.notify import queries as notify
from panro.parties.models import Consortium, ConsortiumMember, Membership, Party
from panro.parties.states import Kind, Role, Standing
from panro.vault.models import Paper

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

DAY = date(2021, 4, 1)


@pytest.fixture(autouse=True)
def _in_april(settings: Settings) -> None:
    settings.PRETENDED_DAY = DAY


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def ask(row: Application, officer: User, *codes: str, day: date = DAY) -> Supplement:
    items = [Asked(ItemKind.DOCUMENT, code, f"{code}: 흐려서 읽을 수 없습니다") for code in codes]
    items.append(Asked(ItemKind.QUESTION, "statement_paper_plan", "판매 계획을 더 적어 주세요"))
    return actions.ask_supplement(
        row.pk, items, due=day + timedelta(days=7), by=officer, now=world.noon(day), today=day
    )


def test_a_newcomer_is_told_where_to_begin(notice: EditionVersion) -> None:
    del notice
    page = client_of(world.someone("신입")).get("/my/").content.decode()
    assert "Begin here" in page
    assert "What to do next" not in page


def test_what_waits_stands_first_and_everything_is_there(notice: EditionVersion, minji: Shop, officer: User) -> None:
    drafted = world.draft(minji, notice, "2-1", day=DAY)
    asked = world.handed_in(minji, notice, DAY)
    ask(asked, officer, "product_photos")
    Paper.objects.filter(party=minji.party, kind="national_tax_clearance").update(valid_to=DAY + timedelta(days=3))
    unproved = world.shop("둘째가게", standing=Standing.UNVERIFIED).party
    Membership.objects.create(user=minji.owner, party=unproved, role=Role.OWNER, since=world.noon(DAY))
    consortium = Party.objects.create(kind=Kind.CONSORTIUM, name="함께판로", created=world.noon(DAY))
    made = Consortium.objects.create(party=consortium, lead=unproved, purpose="함께", text_hash="0" * 64)
    ConsortiumMember.objects.create(
        consortium=made, party=minji.party, role="member", duty="판매", added=world.noon(DAY)
    )
    context = client_of(minji.owner).get("/my/").context
    assert [one.row.application.pk for one in context["to_complete"]] == [asked.pk]
    assert [(one.row.application.pk, one.left) for one in context["drafts"]] == [(drafted.pk, 29)]
    assert [one.party_id for one in context["to_sign"]] == [minji.party.pk]
    assert [one.member.party_id for one in context["unproved"]] == [unproved.pk]
    assert [(one.paper.kind, one.left) for one in context["papers"]] == [("national_tax_clearance", 3)]
    assert [row.receipt_no for row in context["latest"]] == ["2021-3-1-R1-000001"]
    assert context["unread"] == 2  # the receipt, the request


def test_its_queries_do_not_grow_with_what_it_shows(notice: EditionVersion, minji: Shop) -> None:
    client = client_of(minji.owner)
    counts = []
    for place in range(3):
        if place:
            other = world.shop(f"가게 {place}")
            Membership.objects.create(user=minji.owner, party=other.party, role=Role.STAFF, since=world.noon(DAY))
            world.draft(other, notice, day=DAY)
            world.handed_in(other, notice, DAY, programme="2-1")
        else:
            world.draft(minji, notice, day=DAY)
            world.handed_in(minji, notice, DAY, programme="2-1")
        client.get("/my/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/my/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[-1]
    with CaptureQueriesContext(connection) as listed:
        assert len(client.get("/my/applications/").context["rows"]) == 6
    assert len(listed) <= 6


def test_messages_are_read_by_opening_them_and_nobody_elses_are_there(notice: EditionVersion, minji: Shop) -> None:
    world.handed_in(minji, notice, DAY)
    client, stranger = client_of(minji.owner), client_of(world.someone("이웃"))
    (message,) = client.get("/my/inbox/").context["rows"]
    assert stranger.get(f"/my/inbox/{message.pk}/").status_code == 404
    assert notify.unread_count(minji.owner.pk) == 1
    assert message.subject in client.get(f"/my/inbox/{message.pk}/").content.decode()
    assert notify.unread_count(minji.owner.pk) == 0
    assert client.get("/my/inbox/?page=nonsense").status_code == 404
    assert client.get("/my/applications/?page=nonsense").status_code == 404


def test_a_supplement_is_answered_point_by_point(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.handed_in(minji, notice, DAY)
    request = ask(row, officer, "product_photos")
    client = client_of(minji.owner)
    page = f"/my/applications/{row.pk}/supplement/"
    assert client.get(page).context["open_count"] == 2
    assert client.post(page, {"go": "send", "paper.product_photos": ""}).status_code == 422
    client.post(page, {"go": "send", "paper.product_photos": "", "answer.statement_paper_plan": "한 달에 두 번"})
    assert client.get(page).context["open_count"] == 1
    paper = world.paper_of(minji.party, minji.owner, "product_photos", DAY, number="새 사진")
    paper.save()
    answer = client.post(page, {"go": "send", "paper.product_photos": str(paper.pk)})
    assert answer["Location"] == f"/my/applications/{row.pk}/"
    request.refresh_from_db()
    row.refresh_from_db()
    assert (request.state, row.state) == ("answered", "submitted")
    assert row.answers["statement_paper_plan"] == "한 달에 두 번"
    assert client.get(page)["Location"] == f"/my/applications/{row.pk}/"  # nothing is asked any more


def test_a_supplement_is_not_answered_by_staff_nor_with_another_ones_paper(
    notice: EditionVersion, minji: Shop, officer: User
) -> None:
    row = world.handed_in(minji, notice, DAY)
    request = ask(row, officer, "product_photos")
    page = f"/my/applications/{row.pk}/supplement/"
    foreign = world.shop("다른가게").papers["product_photos"]
    client = client_of(minji.owner)
    with transaction.atomic():
        assert client.post(page, {"go": "send", "paper.product_photos": str(foreign)}).status_code == 422
    staff = world.someone("최직원")
    Membership.objects.create(user=staff, party=minji.party, role=Role.STAFF, since=world.noon(DAY))
    typed = {"go": "send", "answer.statement_paper_plan": "한 달에 두 번"}
    kept = client_of(staff).post(page, typed)
    assert kept.status_code == 422
    assert "한 달에 두 번" in kept.content.decode()  # nothing typed is lost
    request.refresh_from_db()
    assert request.state == "asked"


LAST_DAYS = [
    (world.CLOSES, {"may_correct": True, "may_withdraw": True}),
    (world.CLOSES + timedelta(days=1), {"may_correct": False, "may_withdraw": True}),
    (world.RESULTS_ON - timedelta(days=1), {"may_correct": False, "may_withdraw": True}),
    (world.RESULTS_ON, {"may_correct": False, "may_withdraw": False}),
]


@pytest.mark.parametrize(("day", "expected"), LAST_DAYS)
def test_what_may_still_be_done_follows_the_days_of_the_notice(
    notice: EditionVersion, minji: Shop, settings: Settings, day: date, expected: dict[str, bool]
) -> None:
    row = world.handed_in(minji, notice, DAY)
    settings.PRETENDED_DAY = day
    context = client_of(minji.owner).get(f"/my/applications/{row.pk}/").context
    assert {name: context[name] for name in expected} == expected


def test_an_extension_is_shown_and_lets_the_late_one_in(
    notice: EditionVersion, minji: Shop, officer: User, settings: Settings
) -> None:
    row = world.draft(minji, notice, day=DAY)
    until = SUPPLEMENT_UNTIL - timedelta(days=5)
    actions.extend(
        minji.party, notice, "3-1", "R1", until=until, reason="서버 장애", by=officer, now=world.noon(DAY), today=DAY
    )
    settings.PRETENDED_DAY = world.CLOSES + timedelta(days=1)
    client = client_of(minji.owner)
    page = client.get(f"/my/applications/{row.pk}/")
    assert (page.context["is_extended"], page.context["is_missed"]) == (True, False)
    assert page.context["resume"] != ""
    late = world.shop("늦은가게")
    assert client_of(late.owner).get("/apply/2021/3-1/R1/").context["is_open"] is False
    assert client.get("/apply/2021/3-1/R1/").context["is_open"] is True


def test_a_corrected_application_keeps_everything_and_replaces_the_first(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice, DAY)
    client = client_of(minji.owner)
    client.post(f"/my/applications/{row.pk}/again/")
    draft = Application.objects.get(state="draft")
    assert draft.corrects_id == row.pk
    assert draft.papers.count() == row.papers.count()
    sent = client.post(f"/my/applications/{draft.pk}/submit/", {"revision": draft.revision})
    assert sent["Location"] == f"/my/applications/{draft.pk}/receipt/"
    row.refresh_from_db()
    assert (row.state, row.replaced) == ("withdrawn", True)
    assert [one.receipt_no for one in client.get("/my/").context["latest"]] == ["2021-3-1-R1-000002"]
