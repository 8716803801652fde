"""Who may say that a business is theirs, and what happens when two do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from panro.accounts.lifecycles import WrongStateError
from panro.files.models import StoredFile
from panro.notify.models import Message
from panro.parties import access, actions
from panro.parties.actions.claims import CHECKS_OF_ACCOUNT, CHECKS_OF_NUMBER, REQUESTS_OF_ACCOUNT, ClaimError
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.models import Claim, Dispute, Membership, Organisation, Party
from panro.parties.standin.taxservice import Fault, Registered
from parties.people import (
    MINAS,
    NOW,
    NUMBER,
    OTHER_NUMBER,
    Tax,
    account,
    an_officer,
    at_once,
    business_of,
    centre_of,
    certificate,
    standing,
)

pytestmark = pytest.mark.django_db


def by_paper(party: Party, **changes: object) -> Claim:
    owner = Membership.objects.get(party=party).user
    given = {"evidence": certificate(owner).pk, "note_text": "제 사업자입니다.", "by": owner, "now": NOW} | changes
    return actions.claim_by_paper(party.pk, **given)


def by_check(party: Party, tax: Tax) -> Claim:
    owner = Membership.objects.get(party=party).user
    claim = actions.claim_by_tax_check(party.pk, note_text="제 사업자입니다.", by=owner, now=tax.now)
    tax.ask()
    claim.refresh_from_db()
    return claim


def test_mina_proves_her_shop_by_representative_and_opening_day(tax: Tax) -> None:
    tax.register.add(MINAS)
    party = business_of(account("mina"))
    claim = by_check(party, tax)
    assert (claim.state, claim.authenticity.matched, standing(party)) == ("granted", True, "verified")
    assert Message.objects.filter(template="claim_granted", channel="inbox").count() == 1


@pytest.mark.parametrize(
    "changes", [{"opened_on": date(2018, 3, 3)}, {"representative": "김미라"}, {"business_number": OTHER_NUMBER}]
)
def test_what_a_shop_page_prints_is_not_enough(tax: Tax, changes: dict[str, object]) -> None:
    tax.register.strict = True
    tax.register.add(MINAS)
    party = business_of(account("taek"), **changes)
    claim = by_check(party, tax)
    assert (claim.state, standing(party)) == ("refused", "unverified")
    assert claim.reason == "mismatch"
    assert "개업일" in Message.objects.get(template="claim_refused", channel="inbox").text


def test_an_opening_day_cannot_be_tried_out(tax: Tax) -> None:
    tax.register.add(MINAS)
    taek = account("taek")
    party = business_of(taek, opened_on=date(2018, 3, 1))
    for attempt in range(CHECKS_OF_ACCOUNT):
        assert by_check(party, tax).state == "refused"
        day = date(2018, 2, 1) + timedelta(days=attempt)
        actions.change_business(party.pk, by=taek, revision=attempt + 1, now=tax.now, opened_on=day)
    with pytest.raises(ClaimError):
        by_check(party, tax)
    helpers = [account(f"helper{number}") for number in range(2)]
    for helper in helpers:
        other = business_of(helper, opened_on=date(2017, 1, 2))
        for _ in range(CHECKS_OF_NUMBER - CHECKS_OF_ACCOUNT if helper is helpers[0] else 0):
            by_check(other, tax)
    with pytest.raises(ClaimError):
        by_check(other, tax)
    tax.wait(days=1)
    assert by_check(other, tax).state == "refused"


def test_what_was_changed_after_the_question_is_not_proved_by_its_answer(tax: Tax) -> None:
    tax.register.add(MINAS)
    mina = account("mina")
    party = business_of(mina)
    asked = tax.service.validate

    def changing(questions: object) -> object:
        actions.change_business(party.pk, by=mina, revision=1, now=NOW, representative="박바꿈")
        return asked(questions)

    tax.service.validate = changing
    assert by_check(party, tax).state == "refused"
    assert standing(party) == "unverified"


def test_a_claim_waits_while_the_service_is_down(tax: Tax) -> None:
    tax.register.add(MINAS)
    tax.register.fault = Fault.BROKEN
    party = business_of(account("mina"))
    claim = by_check(party, tax)
    assert (claim.state, claim.request.state) == ("open", "waiting")
    tax.register.fault = Fault.NONE
    tax.wait(seconds=29)
    tax.ask()
    claim.refresh_from_db()
    assert claim.state == "open"
    tax.wait(seconds=1)
    tax.ask()
    claim.refresh_from_db()
    assert claim.state == "granted"


def test_an_officer_reads_the_certificate() -> None:
    party = centre_of(account("mina"))
    claim = actions.decide_claim(by_paper(party).pk, granted=True, reason="", officer=an_officer(), now=NOW)
    assert (claim.state, Organisation.objects.get(party=party).standing) == ("granted", "verified")
    with pytest.raises(WrongStateError):
        actions.decide_claim(claim.pk, granted=False, reason="다시", officer=an_officer(), now=NOW)


def test_a_refusal_says_why_and_one_may_try_again() -> None:
    party = business_of(account("mina"))
    claim = by_paper(party)
    with pytest.raises(PartyError):
        actions.decide_claim(claim.pk, granted=False, reason=" ", officer=an_officer(), now=NOW)
    with pytest.raises(ClaimError):
        by_paper(party)
    actions.decide_claim(claim.pk, granted=False, reason="글자를 읽을 수 없습니다.", officer=an_officer(), now=NOW)
    assert by_paper(party).state == "open"


def test_officers_decide_nothing_of_their_own_and_others_decide_nothing() -> None:
    hana = an_officer()
    party = business_of(account("mina"))
    claim = by_paper(party)
    Membership.objects.create(user=hana, party=party, role="staff", since=NOW)
    for who in (hana, account("taek")):
        with pytest.raises(NotAllowedError):
            actions.decide_claim(claim.pk, granted=True, reason="", officer=who, now=NOW)


@pytest.mark.parametrize("state", ["infected", "refused", "failed", "destroyed", "pending"])
def test_a_paper_counts_only_when_it_was_examined(state: str) -> None:
    mina = account("mina")
    party = business_of(mina)
    file = certificate(mina)
    StoredFile.objects.filter(pk=file.pk).update(
        state=state, reason="virus: x", destroyed=NOW if state == "destroyed" else None
    )
    if state == "pending":
        claim = by_paper(party, evidence=file.pk)
        with pytest.raises(ClaimError):
            actions.decide_claim(claim.pk, granted=True, reason="", officer=an_officer(), now=NOW)
    else:
        with pytest.raises(ClaimError):
            by_paper(party, evidence=file.pk)


def test_a_strangers_file_or_one_for_something_else_proves_nothing() -> None:
    mina, taek = account("mina"), account("taek")
    party = business_of(mina)
    for file in (certificate(taek), certificate(mina, purpose="vault_paper")):
        with pytest.raises(ClaimError):
            by_paper(party, evidence=file.pk)
    with pytest.raises(NotAllowedError):
        by_paper(party, evidence=certificate(taek).pk, by=taek)


def test_a_rival_opens_a_dispute_and_the_holder_goes_on_until_it_is_decided() -> None:
    holder, rival = business_of(account("mina"), proved=True), business_of(account("taek"))
    claim = by_paper(rival)
    dispute = Dispute.objects.get()
    assert (standing(holder), standing(rival), dispute.holder) == ("disputed", "unverified", holder)
    assert Message.objects.filter(template="business_disputed", channel="inbox").count() == 1
    with pytest.raises(ClaimError):
        actions.decide_claim(claim.pk, granted=True, reason="", officer=an_officer(), now=NOW)
    mina = Membership.objects.get(party=holder).user
    actions.answer_dispute(dispute.pk, holder.pk, text="2018년부터 제가 합니다.", by=mina, now=NOW)
    actions.decide_dispute(dispute.pk, for_claimant=False, reason="원본을 확인함", officer=an_officer(), now=NOW)
    claim.refresh_from_db()
    assert (standing(holder), standing(rival), claim.state) == ("verified", "unverified", "refused")
    with pytest.raises(WrongStateError):
        actions.decide_dispute(dispute.pk, for_claimant=True, reason="다시", officer=an_officer(), now=NOW)


def test_a_dispute_won_passes_the_number_on_and_further_ones_follow_it() -> None:
    holder, rival = business_of(account("taek"), proved=True), business_of(account("mina"))
    third = business_of(account("sora"))
    first, second = by_paper(rival), by_paper(third)
    actions.decide_dispute(
        first.disputes.get().pk, for_claimant=True, reason="원본을 확인함", officer=an_officer(), now=NOW
    )
    assert [standing(party) for party in (holder, rival, third)] == ["unverified", "disputed", "unverified"]
    assert second.disputes.get().holder == rival
    sora = Membership.objects.get(party=third).user
    actions.withdraw_claim(second.pk, by=sora, now=NOW)
    assert (standing(rival), second.disputes.get().state) == ("verified", "withdrawn")


def test_a_check_that_matches_still_disputes_what_somebody_holds(tax: Tax) -> None:
    tax.register.add(Registered(NUMBER, "김미나", "20180302"))
    holder, rival = business_of(account("taek"), proved=True), business_of(account("mina"))
    claim = by_check(rival, tax)
    assert (claim.state, standing(holder), standing(rival)) == ("open", "disputed", "unverified")
    with pytest.raises(NotAllowedError):
        actions.decide_dispute(claim.disputes.get().pk, for_claimant=True, reason="x", officer=account("jiho"), now=NOW)


def test_the_owner_lets_somebody_in() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina, proved=True)
    claim = ask_in(jiho)
    assert "https://x/" in Message.objects.get(template="member_asks", channel="inbox").text
    for who in (jiho, account("sora")):
        with pytest.raises(NotAllowedError):
            actions.answer_consent(claim.pk, party.pk, role="owner", by=who, now=NOW)
    actions.answer_consent(claim.pk, party.pk, role="staff", by=mina, now=NOW)
    member = access.membership(jiho, party.pk)
    assert member is not None
    assert member.role == "staff"
    with pytest.raises(WrongStateError):
        actions.answer_consent(claim.pk, party.pk, role="owner", by=mina, now=NOW)


def test_an_owner_declines_and_strangers_are_asked_no_more_than_a_few_times() -> None:
    mina, taek = account("mina"), account("taek")
    party = business_of(mina, proved=True)
    for _ in range(REQUESTS_OF_ACCOUNT):
        claim = actions.answer_consent(ask_in(taek).pk, party.pk, role=None, by=mina, now=NOW)
        assert claim.state == "refused"
    with pytest.raises(ClaimError):
        ask_in(taek)
    assert Membership.objects.filter(party=party).count() == 1


def test_nobody_is_asked_where_nobody_holds_the_number() -> None:
    business_of(account("mina"))
    with pytest.raises(ClaimError):
        ask_in(account("jiho"))


def test_only_who_made_a_claim_withdraws_it() -> None:
    party = business_of(account("mina"))
    claim = by_paper(party)
    with pytest.raises(Claim.DoesNotExist):
        actions.withdraw_claim(claim.pk, by=account("taek"), now=NOW)
    assert actions.withdraw_claim(claim.pk, by=claim.user, now=NOW).state == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_two_prove_the_same_number_at_once_and_one_holds_it() -> None:
    officers = [account("hana", staff=True), account("bora", staff=True)]
    parties = [business_of(account("mina")), business_of(account("taek"))]
    claims = [by_paper(party) for party in parties]
    outcomes = at_once(
        *(
            lambda claim=claim, officer=officer: actions.decide_claim(
                claim.pk, granted=True, reason="", officer=officer, now=NOW
            )
            for claim, officer in zip(claims, officers, strict=True)
        )
    )
    assert outcomes == ["done", "done"]
    assert sorted(standing(party) for party in parties) == ["disputed", "unverified"]
    assert Dispute.objects.get().claim.state == "open"


@pytest.mark.django_db(transaction=True)
def test_a_claim_made_twice_at_once_is_one() -> None:
    mina = account("mina")
    party = business_of(mina)
    outcomes = at_once(*[lambda: actions.claim_by_tax_check(party.pk, by=mina, now=NOW)] * 2)
    assert sorted(outcomes) == ["ClaimError", "done"]
    assert Claim.objects.count() == 1


def ask_in(who: object) -> Claim:
    return actions.claim_by_owner_consent(NUMBER, by=who, link=lambda party: f"https://x/{party}", now=NOW)
