"""An applicant closes: what runs ends, nobody gets in, the owner may change its mind for thirty days."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from intake.test_at_once import together
from intake.world import CLOSES, OPENS, RESULTS_ON, Shop, noon
from panro.intake import actions
from panro.intake.errors import ApplicantClosedError
from panro.intake.models import Application
from panro.parties.actions import close_party, reopen_party
from panro.parties.actions.closing import CannotCloseError, TooLateError
from panro.parties.errors import NotAllowedError
from panro.parties.models import Consortium, Invitation, Membership, Party
from panro.parties.queries import parties_of
from panro.parties.states import Kind, Role
from panro.record.doctor import examine
from panro.record.models import Entry
from panro.vault.models import Paper, StoredFact
from panro.vault.retention import destroy_outlived

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
DAY = OPENS + timedelta(days=3)
MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


def close(who: Shop, day: date = DAY, why: str = "business_closed") -> Party:
    return close_party(who.party.pk, why=why, by=who.owner, now=noon(day), today=day)


def broken() -> list[object]:
    return [finding for finding in examine(slow=True) if finding.broken]


def test_what_runs_is_withdrawn_drafts_stay_unreachable_and_members_stay_written_down(
    notice: EditionVersion, minji: Shop
) -> None:
    clerk = world.someone("이점원")
    Membership.objects.create(user=clerk, party=minji.party, role=Role.STAFF, since=noon(OPENS))
    Invitation.objects.create(
        party=minji.party,
        email="new@example.com",
        role=Role.STAFF,
        token_hash="0" * 64,
        invited_by=minji.owner,
        created=noon(OPENS),
        expires=noon(CLOSES),
    )
    running = world.handed_in(minji, notice)
    draft = world.draft(minji, notice, "2-1", "R1")
    for _click in range(2):
        assert close(minji).state == "closed"
    running.refresh_from_db()
    draft.refresh_from_db()
    assert (running.state, running.withdrawn_why, draft.state) == ("withdrawn", "신청자가 문을 닫았습니다.", "draft")
    assert parties_of(minji.owner) == []
    assert (Membership.objects.filter(party=minji.party).count(), Invitation.objects.get().state) == (2, "revoked")
    (entry,) = Entry.objects.filter(act="party_closed")
    assert json.loads(entry.document)["public"] == {"kind": "business", "why": "business_closed"}
    assert {message.account for message in world.inbox("party_closed")} == {minji.owner, clerk}
    assert broken() == []


def test_what_has_its_result_stays(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    actions.freeze_pool(
        notice, "3-1", "R1", by="system:f", now=noon(CLOSES + timedelta(days=1)), today=CLOSES + timedelta(days=1)
    )
    close(minji, RESULTS_ON)
    row.refresh_from_db()
    assert row.state == "closed"


def test_only_an_owner_closes_and_who_leads_a_consortium_closes_that_first(notice: EditionVersion, minji: Shop) -> None:
    manager = world.someone("박매니저")
    Membership.objects.create(user=manager, party=minji.party, role=Role.MANAGER, since=noon(OPENS))
    for stranger in (manager, world.someone("한남남")):
        with pytest.raises(NotAllowedError):
            close_party(minji.party.pk, why="stopped", by=stranger, now=noon(DAY), today=DAY)
    both = Party.objects.create(kind=Kind.CONSORTIUM, name="들녘과 바다", created=noon(OPENS))
    Membership.objects.create(user=minji.owner, party=both, role=Role.OWNER, since=noon(OPENS))
    Consortium.objects.create(
        party=both, lead=minji.party, purpose="함께 가게를 엽니다.", text="협약", text_hash="0" * 64
    )
    with pytest.raises(CannotCloseError, match="들녘과 바다"):
        close(minji)
    close_party(both.pk, why="dissolved", by=minji.owner, now=noon(DAY), today=DAY)
    assert close(minji).state == "closed"
    assert notice.pk


def test_within_thirty_days_it_is_opened_again_and_what_ended_stays_ended(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    close(minji)
    with pytest.raises(NotAllowedError):
        reopen_party(minji.party.pk, by=world.someone("한남남"), now=noon(DAY))
    with pytest.raises(TooLateError):
        reopen_party(minji.party.pk, by=minji.owner, now=noon(DAY) + MONTH)
    for _click in range(2):
        opened = reopen_party(minji.party.pk, by=minji.owner, now=noon(DAY) + MONTH - SECOND)
    row.refresh_from_db()
    assert (opened.state, opened.closed_at, opened.closed_why, row.state) == ("active", None, "", "withdrawn")
    assert Entry.objects.filter(act="party_reopened").count() == 1
    assert [one.pk for one in parties_of(minji.owner)] == [minji.party.pk]


def test_its_papers_and_facts_go_three_years_after_it_closed(notice: EditionVersion, minji: Shop) -> None:
    world.know(minji, "region", "11", OPENS)
    close(minji)
    over = date(DAY.year + 3, DAY.month, DAY.day)
    destroy_outlived(over, now=noon(over))
    assert (Paper.objects.filter(state="destroyed").exists(), StoredFact.objects.count()) == (False, 1)
    next_day = over + timedelta(days=1)
    destroy_outlived(next_day, now=noon(next_day))
    assert (Paper.objects.exclude(state="destroyed").exists(), StoredFact.objects.count()) == (False, 0)
    assert notice.pk


def test_the_owner_reads_what_ends_closes_it_and_opens_it_again(
    notice: EditionVersion, minji: Shop, settings: Settings
) -> None:
    settings.PRETENDED_DAY = DAY
    world.handed_in(minji, notice)
    client = Client(headers={"accept-language": "en"})
    client.force_login(minji.owner)
    page = f"/my/{minji.party.pk}/close/"
    assert "A running application is withdrawn" in client.get(page).text
    unsure = client.post(page, {"why": "business_closed"})
    assert (unsure.status_code, "Please tick that you want to close it." in unsure.text) == (422, True)
    assert client.post(page, {"why": "business_closed", "sure": "on"})["Location"] == "/my/closed/"
    assert [client.get(where).status_code for where in (page, f"/my/{minji.party.pk}/profile/")] == [404, 404]
    assert minji.party.name in client.get("/my/closed/").text
    stranger = Client()
    stranger.force_login(world.someone("한남남"))
    assert stranger.post(f"/my/closed/{minji.party.pk}/reopen/").status_code == 404
    opened = client.post(f"/my/closed/{minji.party.pk}/reopen/")
    assert opened["Location"] == f"/my/{minji.party.pk}/profile/"
    assert client.get(opened["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_handing_in_and_closing_at_once_leave_no_live_application_of_a_closed_one(notice: EditionVersion) -> None:
    for name in ("미래상회", "바다식품", "숲공방"):
        who = world.shop(name)
        row = world.filled(who, notice)
        done = together(lambda row=row, who=who: world.hand_in(row, who, DAY), lambda who=who: close(who))
        row.refresh_from_db()
        assert (Party.objects.get(pk=who.party.pk).state, row.state in {"draft", "withdrawn"}) == ("closed", True)
        assert isinstance(done[0], ApplicantClosedError) is (row.state == "draft")
    assert broken() == []


def test_nobody_hands_in_for_a_closed_applicant(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    close(minji)
    with pytest.raises(ApplicantClosedError):
        world.hand_in(row, minji, DAY)
    assert Application.objects.get(pk=row.pk).state == "draft"
