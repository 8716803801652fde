"""Pages: who gets in, what is shown, that nothing typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from panro.files.conf import storage
from panro.notify.models import Message
from panro.parties import actions
from panro.parties.models import Business, Claim, Consortium, ConsortiumMember, Dispute, Invitation, Membership, Party
from panro.parties.urls import urlpatterns
from parties.people import NUMBER, OTHER_NUMBER, account, an_officer, business_of, centre_of, certificate

if TYPE_CHECKING:
    from pathlib import Path
    from types import SimpleNamespace

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db
DETAILS = {"name": "미나반찬", "form": "sole", "representative": "김미나", "opened_on": "2018-03-02", "region": "11"}
OWNERS_PAGES = ["close", "basics", "invite", "claim_check", "claim_paper", "form_consortium"]
STAFF_PAGES = ["profile", "contact", "selling", "members", "claims", "consortia"]
POSTED = ["check_status", "revoke", "answer_request", "remove_member", "withdraw_claim", "retry_check"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: SimpleNamespace) -> None:
    settings.STORAGES = settings.STORAGES | {"default": storage(tmp_path / "kept")}


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(name: str, party: Party, **more: object) -> str:
    return reverse(f"parties:{name}", kwargs={"party": party.pk, **more})


@pytest.fixture
def house() -> dict[str, User | Party]:
    """Mina owns a shop in which Jiho is staff and Bora a manager; Sora is a stranger."""
    mina, jiho, bora = account("mina"), account("jiho"), account("bora")
    party = business_of(mina)
    Membership.objects.create(user=jiho, party=party, role="staff", since=timezone.now())
    Membership.objects.create(user=bora, party=party, role="manager", since=timezone.now())
    return {"party": party, "mina": mina, "jiho": jiho, "bora": bora, "sora": account("sora")}


def test_every_page_of_a_party_is_404_to_a_stranger_and_of_a_closed_party_to_its_owner(
    house: dict[str, User | Party],
) -> None:
    names = [pattern.name for pattern in urlpatterns if "<uuid:party>" in str(pattern.pattern)]
    party, other = house["party"], house["mina"].pk

    def statuses(user: User) -> set[tuple[str, int]]:
        found, client = set(), signed_in(user)
        for pattern in urlpatterns:
            if pattern.name in names:
                more = {name: other for name in pattern.pattern.converters if name != "party"}
                place = address(pattern.name, party, **more)
                found |= {(pattern.name, client.get(place).status_code), (pattern.name, client.post(place).status_code)}
        return {(name, status) for name, status in found if status not in {404, 405}}

    assert len(names) > 20
    assert statuses(house["sora"]) == set()
    Party.objects.filter(pk=party.pk).update(state="closed", closed_at=timezone.now(), closed_why="stopped")
    assert statuses(house["mina"]) == set()


@pytest.mark.parametrize(("who", "status"), [("mina", 200), ("bora", 403), ("jiho", 403)])
def test_only_owners_open_owners_pages(house: dict[str, User | Party], who: str, status: int) -> None:
    client = signed_in(house[who])
    assert {name: client.get(address(name, house["party"])).status_code for name in OWNERS_PAGES} == dict.fromkeys(
        OWNERS_PAGES, status
    )
    assert {name: client.get(address(name, house["party"])).status_code for name in STAFF_PAGES} == dict.fromkeys(
        STAFF_PAGES, 200
    )


def test_what_changes_something_is_never_done_by_looking(house: dict[str, User | Party]) -> None:
    client, identity = signed_in(house["mina"]), house["mina"].pk
    more = {
        "revoke": {"invitation": identity},
        "answer_request": {"claim": identity},
        "remove_member": {"user": identity},
        "withdraw_claim": {"claim": identity},
        "retry_check": {"check": identity},
    }
    found = {name: client.get(address(name, house["party"], **more.get(name, {}))).status_code for name in POSTED}
    assert found == dict.fromkeys(POSTED, 405)


def test_anonymous_visitors_are_sent_to_log_in(client: Client) -> None:
    response = client.get("/my/register/")
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_mina_goes_from_the_number_to_the_proof(house: dict[str, User | Party]) -> None:
    client = signed_in(house["sora"])
    response = client.post("/my/register/business/", {"business_number": "220-81-62517"})
    assert response.url == f"/my/register/business/{OTHER_NUMBER}/"
    wrong = client.post(response.url, DETAILS | {"opened_on": "2999-01-01"})
    assert wrong.status_code == 422
    assert 'value="미나반찬"' in wrong.content.decode()
    assert "The opening day cannot lie after today." in wrong.content.decode()
    response = client.post(response.url, DETAILS)
    party = Party.objects.get(business__business_number=OTHER_NUMBER)
    assert response.url == address("contact", party) + "?new"
    response = client.post(response.url, {"revision": 1, "region": "26", "address": "부산", "phone": "051-123-4567"})
    assert response.url == address("selling", party) + "?new"
    response = client.post(response.url, {"revision": 2, "mail_order_exemption": "few_deals"})
    assert response.url == address("claims", party) + "?new"
    assert client.get(response.url).status_code == 200
    stored = Business.objects.get(party=party)
    assert (stored.region, stored.phone, stored.mail_order_exemption) == ("26", "0511234567", "few_deals")


def test_a_wrong_number_is_explained_and_an_own_one_leads_home(house: dict[str, User | Party]) -> None:
    client = signed_in(house["mina"])
    wrong = client.post("/my/register/business/", {"business_number": "124-81-00999"})
    assert wrong.status_code == 422
    assert 'value="124-81-00999"' in wrong.content.decode()
    own = client.post("/my/register/business/", {"business_number": "124-81-00998"})
    assert own.url == address("profile", house["party"])
    assert client.get("/my/register/business/999/").url == "/my/register/business/"


@pytest.mark.django_db(transaction=True)
def test_what_is_held_is_joined_or_disputed() -> None:
    mina, jiho, taek = account("mina"), account("jiho"), account("taek")
    party = business_of(mina, proved=True)
    client = signed_in(jiho)
    response = client.post("/my/register/business/", {"business_number": NUMBER})
    assert response.url == f"/my/register/business/{NUMBER}/held/"
    page = client.get(response.url).content.decode()
    assert "mina" not in page
    assert client.post(response.url, {"note": "직원 지호입니다."}).status_code == 302
    again = client.post(response.url, {"note": "x"})
    assert again.status_code == 422
    asked = Claim.objects.get(way="owner_consent")
    owner = signed_in(mina)
    assert "직원 지호입니다." in owner.get(address("members", party)).content.decode()
    assert owner.post(address("answer_request", party, claim=asked.pk), {"role": "king"}).status_code == 404
    owner.post(address("answer_request", party, claim=asked.pk), {"role": "staff"})
    assert owner.post(address("answer_request", party, claim=asked.pk), {"role": "owner"}).status_code == 302
    assert Membership.objects.get(user=jiho, party=party).role == "staff"

    rival = signed_in(taek)
    refused = rival.post(f"/my/register/business/{NUMBER}/", DETAILS)
    assert refused.status_code == 422
    assert 'name="dispute"' in refused.content.decode()
    rival.post(f"/my/register/business/{NUMBER}/", DETAILS | {"dispute": "1"})
    own = Party.objects.get(memberships__user=taek)
    paper = SimpleUploadedFile("증.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert rival.post(address("claim_paper", own), {"paper": paper, "note": "제 것입니다."}).status_code == 302
    dispute = Dispute.objects.get()
    assert "제 것입니다." in owner.get(address("claims", party)).content.decode()
    assert rival.get(address("answer_dispute", own, dispute=dispute.pk)).status_code == 404
    owner.post(address("answer_dispute", party, dispute=dispute.pk), {"text": "2018년부터 제가 합니다."})
    dispute.refresh_from_db()
    assert dispute.answered_by == mina


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "증.pdf"), (b"MZ\x90\x00", "증.pdf"), (b"PK\x03\x04" + b"\0" * 64, "증.zip"), (b"<svg/>", "../../증.svg")],
)
def test_a_certificate_that_is_none_is_refused_in_words(
    house: dict[str, User | Party], content: bytes, name: str
) -> None:
    client = signed_in(house["mina"])
    response = client.post(
        address("claim_paper", house["party"]), {"paper": SimpleUploadedFile(name, content), "note": "읽어 주세요"}
    )
    assert response.status_code == 422
    assert "읽어 주세요" in response.content.decode()
    assert Claim.objects.count() == 0


def test_two_windows_see_what_the_other_stored(house: dict[str, User | Party]) -> None:
    client, place = signed_in(house["mina"]), address("contact", house["party"])
    client.post(place, {"revision": 1, "region": "11", "address": "첫째 창", "phone": ""})
    conflict = client.post(place, {"revision": 1, "region": "11", "address": "둘째 창", "phone": ""})
    shown = conflict.content.decode()
    assert conflict.status_code == 422
    assert ("첫째 창" in shown, 'value="둘째 창"' in shown) == (True, True)
    revision = re.search(r'name="revision" value="(\d+)"', shown)[1]
    assert client.post(place, {"revision": revision, "region": "11", "address": "둘째 창"}).status_code == 302
    assert Business.objects.get().address == "둘째 창"


def test_jiho_accepts_the_invitation_and_nobody_else_sees_it(house: dict[str, User | Party]) -> None:
    owner, taek = signed_in(house["mina"]), account("taek")
    owner.post(address("invite", house["party"]), {"email": "taek@example.com", "role": "manager"})
    link = re.search(r"http\S+/my/invitations/\S+/", Message.objects.get(account=taek, channel="inbox").text)[0]
    place = link.removeprefix("http://testserver")
    assert signed_in(house["sora"]).get(place).status_code == 404
    assert signed_in(house["sora"]).post(place, {"answer": "accept"}).status_code == 404
    invited = signed_in(taek)
    assert "미나반찬" in invited.get(place).content.decode()
    assert invited.post(place, {"answer": "accept"}).url == address("profile", house["party"])
    assert invited.post(place, {"answer": "accept"}).status_code == 404
    assert Membership.objects.get(user=taek).role == "manager"
    owner.post(address("invite", house["party"]), {"email": "new@example.com", "role": "staff"})
    waiting = Invitation.objects.get(state="pending")
    assert owner.post(address("revoke", house["party"], invitation=waiting.pk)).status_code == 302
    assert owner.post(address("revoke", house["party"], invitation=waiting.pk)).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "revoked"


def test_the_last_owner_is_told_why_it_stays(house: dict[str, User | Party]) -> None:
    owner, party, mina = signed_in(house["mina"]), house["party"], house["mina"]
    refused = owner.post(address("member", party, user=mina.pk), {"role": "staff"})
    assert refused.status_code == 422
    assert "One owner must stay." in refused.content.decode()
    owner.post(address("remove_member", party, user=mina.pk))
    assert Membership.objects.filter(party=party, user=mina).exists()
    staff = signed_in(house["jiho"])
    assert staff.get(address("member", party, user=mina.pk)).status_code == 404
    assert staff.post(address("remove_member", party, user=mina.pk)).status_code == 404
    assert staff.post(address("remove_member", party, user=house["jiho"].pk)).url == reverse("my")


def test_a_consortium_from_form_to_signatures(house: dict[str, User | Party]) -> None:
    lead_owner = account("taek")
    lead = centre_of(lead_owner)
    client = signed_in(lead_owner)
    client.post(address("form_consortium", lead), {"name": "함께", "purpose": "함께 한다.", "duty": "총괄"})
    consortium = Consortium.objects.get().party
    page = client.post(address("add_member", consortium), {"business_number": "1", "duty": "배송"})
    assert page.status_code == 422
    client.post(address("add_member", consortium), {"business_number": "124-81-00998", "duty": "배송"})
    for user, party in ((lead_owner, lead), (house["mina"], house["party"])):
        place = address("agreement", party, consortium=consortium.pk)
        text = re.search(r'name="text" value="(\w+)"', signed_in(user).get(place).content.decode())[1]
        signed_in(user).post(place, {"answer": "sign", "text": text})
    assert Consortium.objects.get().state == "formed"
    assert signed_in(house["jiho"]).post(place, {"answer": "decline"}).status_code == 302
    assert ConsortiumMember.objects.filter(state="declined").count() == 0
    assert signed_in(house["sora"]).get(address("consortium", consortium)).status_code == 404
    duty = {f"duty-{lead.pk}": "총괄", f"duty-{house['party'].pk}": "배송과 포장"}
    client.post(address("change_agreement", consortium), {"purpose": "함께 한다.", **duty})
    assert Consortium.objects.get().state == "forming"


def test_a_person_and_an_organisation_come_too(house: dict[str, User | Party]) -> None:
    client = signed_in(house["sora"])
    client.post("/my/register/myself/", {"name": "소라", "birth_year": "1890"})
    assert Party.objects.filter(kind="person").count() == 0
    response = client.post("/my/register/myself/", {"name": "소라", "birth_year": "1990", "region": "50"})
    assert response.url == address("profile", Party.objects.get(kind="person"))
    given = {"name": "부산시", "form": "local_government", "representative": "시장", "region": "26"}
    response = client.post("/my/register/organisation/", given)
    assert response.url == address("claims", Party.objects.get(kind="organisation"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_lists_ask_the_same_number_of_queries_whatever_their_length(
    house: dict[str, User | Party], language: str
) -> None:
    party, client, counts = house["party"], signed_in(house["mina"], language), []
    for size in (1, 3):
        while Invitation.objects.filter(party=party).count() < size:
            number = Invitation.objects.count()
            actions.invite(
                party.pk,
                email=f"friend{number}@example.com",
                role="staff",
                by=house["mina"],
                link=str,
                now=timezone.now(),
            )
            Membership.objects.create(user=account(f"more{number}"), party=party, role="staff", since=timezone.now())
            made = actions.claim_by_paper(
                party.pk, evidence=certificate(house["mina"]).pk, by=house["mina"], now=timezone.now()
            )
            actions.decide_claim(made.pk, granted=False, reason="x", officer=an_officer(), now=timezone.now())
            actions.form_consortium(
                party.pk, name=f"모임 {number}", purpose="x", duty="y", by=house["mina"], now=timezone.now()
            )
        queries = {}
        for name in ("profile", "members", "claims", "consortia"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address(name, party)).status_code == 200
            queries[name] = len(asked)
        counts.append(queries)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 10


def test_no_page_falls_over_strange_input(house: dict[str, User | Party]) -> None:
    strange = ["\0", "\u202e", "가" * 5000, "-1", "99999999999999999999", "<script>", "'; DROP TABLE"]
    owner = signed_in(house["mina"])
    places = [
        "/my/register/business/",
        f"/my/register/business/{OTHER_NUMBER}/",
        "/my/register/organisation/",
        "/my/register/myself/",
        *(address(name, house["party"]) for name in ("basics", "contact", "selling", "invite", "form_consortium")),
        address("member", house["party"], user=house["jiho"].pk),
    ]
    fields = [
        *DETAILS,
        *("business_number", "corporate_number", "address", "phone", "revision", "mail_order_number", "industry"),
        *("mail_order_exemption", "birth_year", "email", "role", "purpose", "duty", "note"),
    ]
    found = {
        (place, owner.post(place, dict.fromkeys(fields, text) | {"dispute": "1"}).status_code)
        for place in places
        for text in strange
    }
    assert {status for _place, status in found} <= {200, 302, 422}
