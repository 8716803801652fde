"""The agency decides proofs, disputes and nominations on its pages; who may only look, looks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from intake import world
from panro.intake.models import Nomination
from panro.notify.models import Message
from panro.parties import actions
from panro.parties.models import Claim, Dispute, Membership
from panro.record.models import AccessNote, Entry
from panro.staff.states import Role
from parties.people import NOW, account, business_of, certificate, standing
from screening.world import hire

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.parties.models import Party

APRIL = date(2021, 4, 12)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def by_paper(party: Party) -> Claim:
    owner = Membership.objects.get(party=party).user
    return actions.claim_by_paper(
        party.pk, evidence=certificate(owner).pk, note_text="제 사업자입니다.", by=owner, now=NOW
    )


def page_of(claim: Claim) -> str:
    return f"/office/claims/{claim.pk}/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [
        (Role.OFFICER, 200, 302),
        (Role.CHIEF, 200, 302),
        (Role.AUDITOR, 200, 403),
        (Role.REVIEWER_MANAGER, 403, 403),
        (Role.ENGINEER, 403, 403),
    ],
)
def test_officers_decide_auditors_look_and_others_do_neither(role: Role, sees: int, decides: int) -> None:
    claim = by_paper(business_of(account("mina")))
    client = client_of(hire("박담당", role))
    pages = ["/office/claims/", page_of(claim), "/office/disputes/", "/office/nominations/"]
    assert [client.get(page).status_code for page in pages] == [sees] * 4
    assert client.post(page_of(claim), {"decision": "yes"}).status_code == decides
    claim.refresh_from_db()
    assert claim.state == ("granted" if decides == 302 else "open")


@pytest.mark.django_db
def test_a_merchant_does_not_get_in() -> None:
    claim = by_paper(business_of(account("mina")))
    for page in ("/office/claims/", page_of(claim), "/office/nominations/"):
        assert client_of(account(f"s{len(page)}")).get(page).status_code in {403, 404}


@pytest.mark.django_db
def test_a_proof_is_read_refused_with_a_reason_and_read_by_its_owner() -> None:
    mina = account("mina")
    claim = by_paper(business_of(mina))
    client = client_of(hire("박담당", Role.OFFICER))
    assert "미나반찬" in client.get("/office/claims/").text
    shown = client.get(page_of(claim)).text
    assert ("사업자등록증.pdf" in shown, "김미나" in shown) == (True, True)
    note = AccessNote.objects.get()
    assert (note.what, note.party) == ("claim_opened", f"party:{claim.party_id}")
    without = client.post(page_of(claim), {"decision": "no", "reason": " "})
    assert (without.status_code, "Please say why you decide so." in without.text) == (422, True)
    done = client.post(page_of(claim), {"decision": "no", "reason": "다른 업체의 등록증입니다."})
    assert done["Location"] == "/office/claims/"
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("refused", "다른 업체의 등록증입니다.")
    assert Message.objects.filter(template="claim_refused", account=mina, channel="inbox").count() == 1
    assert Entry.objects.filter(act__startswith="claim").exists()
    again = client.post(page_of(claim), {"decision": "yes"}, follow=True)
    assert "Somebody decided this in the meantime." in again.text
    assert "미나반찬" in client.get("/office/claims/?show=decided").text


@pytest.mark.django_db
def test_an_officer_does_not_decide_its_own_matter() -> None:
    park = hire("박담당", Role.OFFICER)
    claim = by_paper(business_of(park))
    answer = client_of(park).post(page_of(claim), {"decision": "yes"})
    claim.refresh_from_db()
    assert (answer.status_code, claim.state) == (422, "open")


@pytest.mark.django_db
def test_a_dispute_is_decided_with_what_both_sides_say() -> None:
    holder, rival = business_of(account("mina"), proved=True), business_of(account("taek"))
    claim = by_paper(rival)
    dispute = Dispute.objects.get()
    mina = Membership.objects.get(party=holder).user
    actions.answer_dispute(dispute.pk, holder.pk, text="2018년부터 제가 합니다.", by=mina, now=NOW)
    client = client_of(hire("최팀장", Role.CHIEF))
    assert "The dispute decides." in client.get(page_of(claim)).text
    page = f"/office/disputes/{dispute.pk}/"
    shown = client.get(page).text
    assert ("제 사업자입니다." in shown, "2018년부터 제가 합니다." in shown) == (True, True)
    assert client.post(page, {"decision": "no", "reason": ""}).status_code == 422
    done = client.post(page, {"decision": "no", "reason": "원본을 확인했습니다."})
    assert done["Location"] == "/office/disputes/"
    assert (standing(holder), standing(rival)) == ("verified", "unverified")
    assert client.get("/office/disputes/").text.count("/office/disputes/") < client.get(
        "/office/disputes/?show=decided"
    ).text.count("/office/disputes/")


@pytest.mark.django_db
def test_a_business_is_named_by_its_number(settings: Settings) -> None:
    settings.PRETENDED_DAY = APRIL
    world.publish("2-3", "3-1")
    minji = world.shop()
    number = minji.party.business.business_number
    client = client_of(hire("박담당", Role.OFFICER))
    page = "/office/nominations/"
    assert ("2021/2-3/R1" in client.get(page).text, "2021/3-1/R1" in client.get(page).text) == (True, False)
    given = {"where": "2021/2-3/R1", "business_number": number, "reason": "구독 상품으로 알맞음"}
    unknown = client.post(page, given | {"business_number": "124-81-00998"})
    assert (unknown.status_code, "No verified business has this number." in unknown.text) == (422, True)
    assert client.post(page, given | {"where": "2021/3-1/R1"}).status_code == 422
    for _click in range(2):
        assert client.post(page, given)["Location"] == page
    assert [(one.party_id, one.reason) for one in Nomination.objects.all()] == [
        (minji.party.pk, "구독 상품으로 알맞음")
    ]
    assert "구독 상품으로 알맞음" in client.get(page).text
    assert len(world.inbox("applicant_nominated")) == 1


@pytest.mark.django_db
def test_the_queue_asks_as_many_questions_for_three_as_for_one() -> None:
    client = client_of(hire("박담당", Role.OFFICER))
    counts = []
    for name in ("mina", "taek", "sora"):
        by_paper(business_of(account(name)))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/office/claims/")
        counts.append(len(asked))
    assert counts[0] == counts[2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_have_no_faults_in_a_browser(visitor: Visitor, settings: Settings, width: int) -> None:
    settings.PRETENDED_DAY = APRIL
    with transaction.atomic():
        world.publish("2-3")
    business_of(account("mina"), proved=True)
    claim = by_paper(business_of(account("taek")))
    session = client_of(hire("최팀장", Role.CHIEF)).cookies["sessionid"].value
    addresses = [
        reverse("parties_office:claims"),
        page_of(claim),
        reverse("parties_office:disputes"),
        f"/office/disputes/{Dispute.objects.get().pk}/",
        reverse("intake_office:nominations"),
    ]
    for address in addresses:
        page = visitor.open(address, width=width, session=session)
        assert accessibility_faults(page) == [], address
        assert overflow(page) == 0, address
    minji = world.shop()
    owners = client_of(minji.owner).cookies["sessionid"].value
    for address in (f"/my/{minji.party.pk}/close/", "/my/closed/"):
        page = visitor.open(address, width=width, session=owners)
        assert accessibility_faults(page) == [], address
        assert overflow(page) == 0, address
