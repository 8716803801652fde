"""Proof that a business is somebody's: by paper, by the tax service, or by the owner who lets somebody in.

What a shop page prints (number, name, representative, address) proves nothing. The tax service must confirm the
opening day as well, and only a few attempts a day are allowed, so that the day cannot be tried out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.files.models import StoredFile
from panro.files.states import State as FileState
from panro.korea.text import Text
from panro.parties import announce
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, needed_reason, note, refuse_partial
from panro.parties.actions.disputes import follow_holder, open_dispute, withdraw_disputes
from panro.parties.actions.locks import lock_account, lock_number, lock_party
from panro.parties.actions.standing import detail_of, holder_of, number_of, set_standing
from panro.parties.actions.waking import wake
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.models import AuthenticityCheck, Business, CheckRequest, Claim, Membership
from panro.parties.purposes import PROOF
from panro.parties.states import (
    CLAIMS,
    ClaimState,
    Kind,
    OwnReason,
    PartyState,
    RequestKind,
    Role,
    Standing,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.accounts.models import User
    from panro.parties.models import Party
    from panro.parties.taxservice import Question, Verdict

DAY: Final = timedelta(days=1)
CHECKS_OF_ACCOUNT: Final = 5
CHECKS_OF_NUMBER: Final = 10
"""Attempts a day with one number: an opening day is one of thousands, nobody finds it by ten guesses."""
REQUESTS_OF_ACCOUNT: Final = 5
"""Owners of strange businesses that one account may ask in a day."""


class ClaimError(PartyError):
    """A claim cannot be made or decided; the text says why."""


@transaction.atomic
def claim_by_paper(party_id: UUID, *, evidence: UUID, note_text: str = "", by: User, now: datetime) -> Claim:
    """Prove a business or organisation by its registration certificate, which an officer reads.

    If another party holds the number, a dispute is opened with it.

    Args:
        party_id: the claimant's own row.
        evidence: a file that the same account handed in for this purpose.
        note_text: what the claimant says to it; needed where the number is held.
        by: an owner.
        now: the moment.

    Raises:
        NotAllowedError: not an owner.
        ClaimError: proved already, another claim is open, or the file cannot be used.
    """
    number = number_of(party_id)
    if number:
        lock_number(number)
    party, _member = act_for(party_id, by, Right.MANAGE)
    _refuse_if_needless(party)
    file = StoredFile.objects.filter(pk=evidence, owner=by, purpose=PROOF).first()
    if file is None or file.state not in {FileState.PENDING, FileState.CLEAN}:
        raise ClaimError(
            Text(
                ko="올린 파일을 쓸 수 없습니다. 다시 올려 주세요.",
                en="The file cannot be used. Please hand it in again.",
            )
        )
    claim = _new_claim(party, number, by, Way.PAPER, now, evidence=file, text=note_text)
    if (holder := holder_of(number)) is not None:
        open_dispute(claim, holder, text=note_text, now=now)
    return claim


@transaction.atomic
def claim_by_tax_check(party_id: UUID, *, note_text: str = "", by: User, now: datetime) -> Claim:
    """Prove a business by asking the tax service whether number, representative and opening day belong together.

    The answer comes by a task; until then the claim is open. See :func:`answer_tax_check`.

    Raises:
        NotAllowedError: not an owner.
        ClaimError: no business, proved already, another claim is open, or too many attempts today.
    """
    number = number_of(party_id)
    lock_number(number)
    lock_account(by.pk)
    party, _member = act_for(party_id, by, Right.MANAGE)
    if party.kind != Kind.BUSINESS:
        raise ClaimError(
            Text(
                ko="기관은 고유번호증이나 사업자등록증으로 확인합니다. 파일을 올려 주세요.",
                en="An organisation is proved by its certificate. Please hand in the file.",
            )
        )
    _refuse_if_needless(party)
    _refuse_guessing(number, by, now)
    claim = _new_claim(party, number, by, Way.TAX_CHECK, now, text=note_text)
    CheckRequest.objects.create(
        party=party, kind=RequestKind.AUTHENTICITY, claim=claim, asked_by=str(by.pk), created=now, due=now
    )
    wake()
    return claim


@transaction.atomic
def claim_by_owner_consent(
    number: str, *, note_text: str = "", by: User, link: Callable[[UUID], str], now: datetime
) -> Claim:
    """Ask the owners of the party that holds a number to be let in.

    Args:
        number: ten digits.
        note_text: what the claimant says to the owners.
        by: anybody with an account.
        link: makes the address of the answer page from the party's id.
        now: the moment.

    Raises:
        ClaimError: nobody holds the number, a member already, asked already, or too many requests today.
    """
    lock_number(number)
    lock_account(by.pk)
    holder = holder_of(number)
    if holder is None:
        raise ClaimError(
            Text(
                ko="이 번호로 확인을 마친 사업자가 없습니다. 직접 등록해 주세요.",
                en="Nobody has proved a business with this number. Please register it yourself.",
            )
        )
    if Membership.objects.filter(party=holder, user=by).exists():
        raise ClaimError(Text(ko="이미 구성원입니다.", en="You are a member already."))
    _refuse_second(Claim.objects.filter(party=holder, user=by, way=Way.OWNER_CONSENT))
    today = Claim.objects.filter(user=by, way=Way.OWNER_CONSENT, created__gt=now - DAY)
    if today.count() >= REQUESTS_OF_ACCOUNT:
        raise ClaimError(
            Text(
                ko=f"하루에 {REQUESTS_OF_ACCOUNT}번까지 요청할 수 있습니다. 내일 다시 해 주세요.",
                en=f"You can ask {REQUESTS_OF_ACCOUNT} times a day. Please try again tomorrow.",
            )
        )
    claim = _new_claim(holder, number, by, Way.OWNER_CONSENT, now, text=note_text)
    announce.consent_asked(claim, holder, link=link(holder.pk), now=now)
    return claim


@transaction.atomic
def answer_consent(claim_id: UUID, party_id: UUID, *, role: str | None, by: User, now: datetime) -> Claim:
    """Let somebody in with a role, or not (None); as an owner decides.

    Raises:
        NotAllowedError: not an owner.
        Claim.DoesNotExist: the party was not asked this.
        WrongStateError: it is answered already.
    """
    party, _member = act_for(party_id, by, Right.MANAGE)
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=claim_id, party=party, way=Way.OWNER_CONSENT)
    )
    if role is None:
        return _decide(claim, ClaimState.REFUSED, by, now, reason=OwnReason.DECLINED)
    _decide(claim, ClaimState.GRANTED, by, now)
    Membership.objects.get_or_create(user=claim.user, party=party, defaults={"role": Role(role), "since": now})
    note("member_joined", party.pk, by, now, public={"role": role, "user": str(claim.user_id)})
    return claim


@transaction.atomic
def withdraw_claim(claim_id: UUID, *, by: User, now: datetime) -> Claim:
    """Take a claim back, and the disputes it opened.

    Raises:
        Claim.DoesNotExist: not one's own.
        WrongStateError: it is decided already.
    """
    claim = _locked(claim_id)
    if claim.user_id != by.pk:
        raise Claim.DoesNotExist
    _decide(claim, ClaimState.WITHDRAWN, by, now)
    withdraw_disputes(claim, now=now)
    return claim


@transaction.atomic
def decide_claim(claim_id: UUID, *, granted: bool, reason: str, officer: User, now: datetime) -> Claim:
    """Decide a claim by paper, as an officer who has read it.

    If another party proved the number meanwhile, a dispute is opened instead and the claim stays open.

    Raises:
        NotAllowedError: not an officer, or one who belongs to either side.
        ClaimError: not by paper, disputed, without a reason, or the paper was not examined.
        WrongStateError: it is decided already.
    """
    claim = _locked(claim_id)
    check(CLAIMS, claim.state, ClaimState.GRANTED if granted else ClaimState.REFUSED)
    refuse_partial(officer, claim.party)
    if claim.way != Way.PAPER:
        raise ClaimError(Text(ko="담당자는 서류로 한 신청만 결정합니다.", en="Officers decide claims by paper only."))
    if claim.disputes.filter(state="open").exists():
        raise ClaimError(
            Text(ko="다툼이 있습니다. 이의 건에서 결정해 주세요.", en="It is disputed. Please decide the dispute.")
        )
    if not granted:
        return _decide(claim, ClaimState.REFUSED, officer, now, reason=needed_reason(reason))
    if claim.evidence is None or claim.evidence.state != FileState.CLEAN:
        raise ClaimError(
            Text(ko="서류 파일의 검사가 끝나지 않았습니다.", en="The file of the paper is not examined yet.")
        )
    return _prove(claim, officer, now, reason=reason)


def answer_tax_check(claim_id: UUID, question: Question, verdict: Verdict, *, actor: str, now: datetime) -> Claim:
    """Store what the tax service said to a claim, and decide it; in the caller's transaction.

    A claim that was withdrawn meanwhile stays withdrawn. What was changed in the business after the question was
    asked is not proved by its answer. The first answer counts.
    """
    claim = _locked(claim_id)
    if AuthenticityCheck.objects.filter(claim=claim).exists():
        return claim
    AuthenticityCheck.objects.create(
        claim=claim,
        business_number=question.number,
        representative=question.representative,
        opened_on=question.opened_on,
        matched=verdict.matched,
        asked_at=now,
        raw_hash=verdict.raw_hash,
    )
    if claim.state != ClaimState.OPEN:
        return claim
    stored = Business.objects.get(party=claim.party_id)
    asked = (question.number, question.representative, question.opened_on)
    if verdict.matched and asked == (stored.business_number, stored.representative, stored.opened_on):
        return _prove(claim, actor, now, reason="")
    return _decide(claim, ClaimState.REFUSED, actor, now, reason=OwnReason.MISMATCH)


def _locked(claim_id: UUID) -> Claim:
    """Return a claim, locked after its number and its party."""
    claim = Claim.objects.get(pk=claim_id)
    if claim.business_number:
        lock_number(claim.business_number)
    lock_party(claim.party_id)
    return Claim.objects.select_for_update(of=("self",)).select_related("party", "user", "evidence").get(pk=claim_id)


def _prove(claim: Claim, by: User | str, now: datetime, *, reason: str) -> Claim:
    """Grant a claim, or open a dispute where somebody else holds the number."""
    detail = detail_of(claim.party)
    holder = holder_of(claim.business_number)
    if holder is not None and holder.pk != claim.party_id:
        open_dispute(claim, holder, text=claim.note, now=now)
        return claim
    if detail.business_number != claim.business_number or claim.party.state != PartyState.ACTIVE:
        return _decide(claim, ClaimState.REFUSED, by, now, reason=OwnReason.CHANGED)
    set_standing(detail, Standing.VERIFIED)
    follow_holder(claim.business_number, claim.party)
    return _decide(claim, ClaimState.GRANTED, by, now, reason=reason)


def _decide(claim: Claim, state: ClaimState, by: User | str, now: datetime, *, reason: str = "") -> Claim:
    check(CLAIMS, claim.state, state)
    claim.state, claim.decided, claim.reason = state, now, reason
    claim.decided_by = None if isinstance(by, str) else by
    claim.save(update_fields=["state", "decided", "reason", "decided_by"])
    note(f"claim_{state.value}", claim.party_id, by, now, public={"way": str(claim.way)}, payload={"reason": reason})
    if state is not ClaimState.WITHDRAWN:
        announce.claim_decided(claim, claim.party, now=now)
    return claim


def _new_claim(
    party: Party, number: str, by: User, way: Way, now: datetime, *, text: str, evidence: StoredFile | None = None
) -> Claim:
    claim = Claim.objects.create(
        party=party, business_number=number, user=by, way=way, evidence=evidence, note=text.strip(), created=now
    )
    note("claim_made", party.pk, by, now, public={"way": way.value}, payload={"business_number": number})
    return claim


def _refuse_if_needless(party: Party) -> None:
    if party.kind not in {Kind.BUSINESS, Kind.ORGANISATION}:
        raise NotAllowedError
    if detail_of(party).standing != Standing.UNVERIFIED:
        raise ClaimError(Text(ko="이미 확인을 마쳤습니다.", en="This is proved already."))
    _refuse_second(Claim.objects.filter(party=party).exclude(way=Way.OWNER_CONSENT))


def _refuse_second(claims: QuerySet[Claim]) -> None:
    if claims.filter(state=ClaimState.OPEN).exists():
        raise ClaimError(
            Text(
                ko="확인 신청이 이미 진행되고 있습니다. 결과를 기다리거나 신청을 거두어 주세요.",
                en="A claim is being looked at already. Please wait for it, or take it back.",
            )
        )


def _refuse_guessing(number: str, by: User, now: datetime) -> None:
    today = Claim.objects.filter(way=Way.TAX_CHECK, created__gt=now - DAY)
    of_number = today.filter(business_number=number).count()
    if today.filter(user=by).count() >= CHECKS_OF_ACCOUNT or of_number >= CHECKS_OF_NUMBER:
        raise ClaimError(
            Text(
                ko="오늘은 더 확인할 수 없습니다. 내일 다시 하거나 사업자등록증을 올려 주세요.",
                en="No more checks are possible today. Please try again tomorrow, or hand in the certificate.",
            )
        )
