"""A consortium: named by its lead, signed by all, and signed anew when its text changes."""

from __future__ import annotations

import json

import pytest

from panro.notify.models import Message
from panro.parties import actions
from panro.parties.actions.consortia import ChangedAgreementError, ConsortiumError
from panro.parties.errors import NotAllowedError
from panro.parties.given import GivenError
from panro.parties.models import Consortium, ConsortiumMember, Membership, Party
from panro.proof.hashing import tagged_hash
from parties.people import NOW, NUMBER, account, business_of, centre_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def formed() -> tuple[Party, Party, Party]:
    """The consortium, its lead (Sora's centre) and a member (Mina's shop)."""
    sora, mina = account("sora"), account("mina")
    lead, shop = centre_of(sora), business_of(mina, proved=True)
    consortium = actions.form_consortium(
        lead.pk, name="부산 판로 컨소시엄", purpose="전문기관을 함께 운영한다.", duty="총괄", by=sora, now=NOW
    )
    actions.invite_member(consortium.pk, business_number="124-81-00998", duty="촬영실 운영", by=sora, now=NOW)
    return consortium, lead, shop


def sign(consortium: Party, member: Party, text_hash: str = "") -> ConsortiumMember:
    owner = Membership.objects.get(party=member).user
    digest = text_hash or Consortium.objects.get(party=consortium).text_hash
    return actions.sign(consortium.pk, member.pk, text_hash=digest, by=owner, now=NOW)


def state(consortium: Party) -> tuple[str, list[str]]:
    stored = Consortium.objects.get(party=consortium)
    return stored.state, [member.state for member in stored.members.order_by("added", "id")]


def test_all_sign_the_same_text(formed: tuple[Party, Party, Party]) -> None:
    consortium, lead, shop = formed
    assert Message.objects.filter(template="consortium_asked", channel="inbox").count() == 1
    sign(consortium, lead)
    assert state(consortium) == ("forming", ["signed", "invited"])
    sign(consortium, shop)
    assert state(consortium) == ("formed", ["signed", "signed"])
    stored = Consortium.objects.get(party=consortium)
    assert stored.text_hash == tagged_hash("panro-consortium-1", stored.text)
    assert [row["duty"] for row in json.loads(stored.text)["members"]] == ["총괄", "촬영실 운영"]
    assert {member.text_hash for member in stored.members.all()} == {stored.text_hash}


def test_a_changed_text_must_be_signed_anew(formed: tuple[Party, Party, Party]) -> None:
    consortium, lead, shop = formed
    sign(consortium, lead)
    sign(consortium, shop)
    read = Consortium.objects.get(party=consortium).text_hash
    sora = Membership.objects.get(party=lead).user
    actions.change_agreement(
        consortium.pk, purpose="전문기관을 함께 운영한다.", duties={shop.pk: "촬영실 운영"}, by=sora, now=NOW
    )
    assert state(consortium)[0] == "formed"
    actions.change_agreement(
        consortium.pk, purpose="전문기관을 함께 운영한다.", duties={shop.pk: "모든 비용"}, by=sora, now=NOW
    )
    assert state(consortium) == ("forming", ["invited", "invited"])
    with pytest.raises(ChangedAgreementError):
        sign(consortium, shop, read)


def test_a_member_declines_after_signing_and_the_lead_removes_it(formed: tuple[Party, Party, Party]) -> None:
    consortium, lead, shop = formed
    sign(consortium, lead)
    sign(consortium, shop)
    mina, sora = (Membership.objects.get(party=party).user for party in (shop, lead))
    actions.decline_to_sign(consortium.pk, shop.pk, by=mina, now=NOW)
    assert state(consortium) == ("forming", ["signed", "declined"])
    actions.remove_member(consortium.pk, shop.pk, by=sora, now=NOW)
    assert state(consortium) == ("forming", ["invited"])
    with pytest.raises(NotAllowedError):
        actions.remove_member(consortium.pk, lead.pk, by=sora, now=NOW)


def test_nobody_signs_for_another(formed: tuple[Party, Party, Party]) -> None:
    consortium, lead, shop = formed
    sora, jiho = Membership.objects.get(party=lead).user, account("jiho")
    Membership.objects.create(user=jiho, party=shop, role="manager", since=NOW)
    digest = Consortium.objects.get(party=consortium).text_hash
    for who in (sora, jiho, account("taek")):
        with pytest.raises(NotAllowedError):
            actions.sign(consortium.pk, shop.pk, text_hash=digest, by=who, now=NOW)
    outsider = business_of(account("bora"))
    with pytest.raises(ConsortiumMember.DoesNotExist):
        sign(consortium, outsider)


def test_who_holds_a_number_is_named_and_not_who_only_says_so(formed: tuple[Party, Party, Party]) -> None:
    consortium, lead, shop = formed
    sora = Membership.objects.get(party=lead).user
    business_of(account("taek"))
    with pytest.raises(ConsortiumError):
        actions.invite_member(consortium.pk, business_number=NUMBER, duty="또", by=sora, now=NOW)
    assert ConsortiumMember.objects.filter(party=shop).count() == 1
    with pytest.raises(ConsortiumError):
        actions.invite_member(consortium.pk, business_number="1208147521", duty="배송", by=sora, now=NOW)
    with pytest.raises(GivenError):
        actions.invite_member(consortium.pk, business_number="1208147522", duty="배송", by=sora, now=NOW)
    with pytest.raises(NotAllowedError):
        actions.invite_member(consortium.pk, party_id=lead.pk, duty="배송", by=account("jiho"), now=NOW)


def test_a_double_click_forms_one_consortium_and_a_person_none() -> None:
    sora = account("sora")
    lead = centre_of(sora)
    given = {"name": "함께", "purpose": "함께 한다.", "duty": "총괄", "by": sora, "now": NOW}
    assert actions.form_consortium(lead.pk, **given) == actions.form_consortium(lead.pk, **given)
    with pytest.raises(NotAllowedError):
        actions.form_consortium(actions.be_a_person(sora, now=NOW).pk, **given)
