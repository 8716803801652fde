"""Consortia: a lead names the members and what each does, and each signs exactly that text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from panro.accounts.lifecycles import check
from panro.korea.numbers import NumberError, parse_business_number
from panro.korea.text import Text
from panro.parties import announce
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, note
from panro.parties.actions.locks import lock_parties
from panro.parties.actions.standing import holder_of
from panro.parties.errors import NotAllowedError, PartyError
from panro.parties.given import GivenError, line, read_name
from panro.parties.models import Consortium, ConsortiumMember, Membership, Party
from panro.parties.models.consortia import DUTY_LENGTH, PURPOSE_LENGTH
from panro.parties.states import (
    SIGNATURES,
    ConsortiumRole,
    ConsortiumState,
    Kind,
    PartyState,
    Role,
    Signature,
)
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json

TAG: Final = "panro-consortium-1"
LARGEST: Final = 30
"""Members of a consortium, at most."""
MAY_JOIN: Final = frozenset({Kind.BUSINESS, Kind.ORGANISATION})


class ConsortiumError(PartyError):
    """A consortium cannot be formed or signed like this; the text says why."""


class ChangedAgreementError(ConsortiumError):
    """The agreement changed after the person read it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="읽으신 뒤에 협약 내용이 바뀌었습니다. 다시 읽고 서명해 주세요.",
                en="The agreement changed after you read it. Please read it again before you sign.",
            )
        )


@transaction.atomic
def form_consortium(lead_id: UUID, *, name: str, purpose: str, duty: str, by: User, now: datetime) -> Party:
    """Form a consortium; the owners of the lead become its owners. Nobody has signed yet, the lead neither.

    Forming one of the same name with the same lead again returns what is there: a double click makes one.

    Raises:
        NotAllowedError: not an owner of the lead, or a party that cannot lead.
        GivenError: names the field that cannot be stored.
    """
    lead, _member = act_for(lead_id, by, Right.MANAGE)
    _refuse_strange_kind(lead)
    written = read_name({"name": name})
    before = Consortium.objects.select_related("party").filter(
        lead=lead, party__name=written, party__state=PartyState.ACTIVE
    )
    if (found := before.first()) is not None:
        return found.party
    party = Party.objects.create(kind=Kind.CONSORTIUM, name=written, created=now)
    consortium = Consortium(party=party, lead=lead, purpose=_text("purpose", purpose, PURPOSE_LENGTH))
    consortium.text_hash = "0" * 64
    consortium.save(force_insert=True)
    Membership.objects.bulk_create(
        Membership(user=owner, party=party, role=Role.OWNER, since=now) for owner in announce.owners(lead.pk)
    )
    ConsortiumMember.objects.create(
        consortium=consortium, party=lead, role=ConsortiumRole.LEAD, duty=_text("duty", duty, DUTY_LENGTH), added=now
    )
    _write_agreement(consortium, party)
    note("consortium_formed", party.pk, by, now, public={"lead": str(lead.pk)})
    return party


@transaction.atomic
def invite_member(
    consortium_id: UUID, *, business_number: str = "", party_id: UUID | None = None, duty: str, by: User, now: datetime
) -> ConsortiumMember:
    """Name a member by its registration number, or by its id; all signatures given so far fall back.

    Raises:
        NotAllowedError: not an owner of the consortium.
        GivenError: the number or the duty cannot be stored.
        ConsortiumError: nobody bears the number here, it is a member already, or there are too many.
    """
    joining = _joining(business_number, party_id)
    lock_parties([consortium_id, joining.pk])
    party, _member = act_for(consortium_id, by, Right.MANAGE)
    consortium = _consortium(party)
    members = ConsortiumMember.objects.filter(consortium=consortium)
    if members.filter(party=joining).exists():
        raise ConsortiumError(Text(ko="이미 참여하는 곳입니다.", en="This one is a member already."))
    if members.count() >= LARGEST:
        raise ConsortiumError(Text(ko=f"{LARGEST}곳까지 참여할 수 있습니다.", en=f"At most {LARGEST} can take part."))
    member = ConsortiumMember.objects.create(
        consortium=consortium,
        party=joining,
        role=ConsortiumRole.MEMBER,
        duty=_text("duty", duty, DUTY_LENGTH),
        added=now,
    )
    _write_agreement(consortium, party)
    note("consortium_member_named", party.pk, by, now, public={"member": str(joining.pk)})
    announce.consortium_asked(member, party, consortium.lead, now=now)
    return member


@transaction.atomic
def change_agreement(
    consortium_id: UUID, *, purpose: str, duties: dict[UUID, str], by: User, now: datetime
) -> Consortium:
    """Change the purpose and the duties (by party); all signatures fall back if the text is another one.

    Raises:
        NotAllowedError: not an owner of the consortium.
        GivenError: a text cannot be stored.
    """
    party, _member = act_for(consortium_id, by, Right.MANAGE)
    consortium = _consortium(party)
    consortium.purpose = _text("purpose", purpose, PURPOSE_LENGTH)
    members = list(ConsortiumMember.objects.filter(consortium=consortium, party__in=duties))
    for member in members:
        member.duty = _text("duty", duties[member.party_id], DUTY_LENGTH)
    ConsortiumMember.objects.bulk_update(members, ["duty"])
    _write_agreement(consortium, party)
    note("consortium_changed", party.pk, by, now)
    return consortium


@transaction.atomic
def remove_member(consortium_id: UUID, member_id: UUID, *, by: User, now: datetime) -> None:
    """Take a member out; all signatures fall back. The lead stays.

    Raises:
        NotAllowedError: not an owner of the consortium, or the member is its lead.
        ConsortiumMember.DoesNotExist: not a member.
    """
    party, _member = act_for(consortium_id, by, Right.MANAGE)
    consortium = _consortium(party)
    member = ConsortiumMember.objects.get(consortium=consortium, party=member_id)
    if member.role == ConsortiumRole.LEAD:
        raise NotAllowedError
    member.delete()
    _write_agreement(consortium, party)
    note("consortium_member_removed", party.pk, by, now, public={"member": str(member_id)})


@transaction.atomic
def sign(consortium_id: UUID, member_id: UUID, *, text_hash: str, by: User, now: datetime) -> ConsortiumMember:
    """Sign the agreement for a member, as its owner; signing again what is signed changes nothing.

    Args:
        consortium_id: the consortium.
        member_id: the party that signs.
        text_hash: of the text that the person read.
        by: an owner of that party.
        now: the moment.

    Raises:
        NotAllowedError: not an owner of the member.
        ConsortiumMember.DoesNotExist: not a member.
        ChangedAgreementError: the agreement is another one by now.
    """
    member = _own_member(consortium_id, member_id, by)
    if member.consortium.text_hash != text_hash:
        raise ChangedAgreementError
    if member.state == Signature.SIGNED:
        return member
    if member.state == Signature.DECLINED:
        _set_signature(member, Signature.INVITED)
    _set_signature(member, Signature.SIGNED, by=by, now=now)
    note("consortium_signed", consortium_id, by, now, public={"member": str(member_id), "text": text_hash})
    _settle(member.consortium)
    return member


@transaction.atomic
def decline_to_sign(consortium_id: UUID, member_id: UUID, *, by: User, now: datetime) -> ConsortiumMember:
    """Say that a party does not take part, also after it has signed.

    Raises:
        NotAllowedError: not an owner of the member.
        ConsortiumMember.DoesNotExist: not a member.
    """
    member = _own_member(consortium_id, member_id, by)
    if member.state != Signature.DECLINED:
        _set_signature(member, Signature.DECLINED)
        note("consortium_declined", consortium_id, by, now, public={"member": str(member_id)})
        _settle(member.consortium)
    return member


def agreement(consortium: Consortium, party: Party, members: list[ConsortiumMember]) -> str:
    """Return the text that is signed: canonical JSON of name, purpose, and each member with its duty."""
    rows: list[Json] = [
        {"party": str(member.party_id), "name": member.party.name, "role": str(member.role), "duty": member.duty}
        for member in members
    ]
    body: dict[str, Json] = {"consortium": str(party.pk), "name": party.name, "purpose": consortium.purpose}
    return encode_text(body | {"members": rows})


def _write_agreement(consortium: Consortium, party: Party) -> None:
    """Store the text anew; if it differs from before, every signature falls back."""
    members = list(
        ConsortiumMember.objects.select_related("party").filter(consortium=consortium).order_by("added", "id")
    )
    text = agreement(consortium, party, members)
    digest = tagged_hash(TAG, text)
    if digest != consortium.text_hash:
        consortium.text, consortium.text_hash, consortium.state = text, digest, ConsortiumState.FORMING
        for member in members:
            if member.state == Signature.SIGNED:
                _set_signature(member, Signature.INVITED)
    consortium.save()


def _settle(consortium: Consortium) -> None:
    """Store whether all have signed."""
    unsigned = ConsortiumMember.objects.filter(consortium=consortium).exclude(
        state=Signature.SIGNED, text_hash=consortium.text_hash
    )
    consortium.state = ConsortiumState.FORMING if unsigned.exists() else ConsortiumState.FORMED
    consortium.save(update_fields=["state"])


def _set_signature(
    member: ConsortiumMember, state: Signature, *, by: User | None = None, now: datetime | None = None
) -> None:
    check(SIGNATURES, member.state, state)
    member.state, member.signed_by, member.signed_at = state, by, now
    member.text_hash = member.consortium.text_hash if state is Signature.SIGNED else ""
    member.save(update_fields=["state", "signed_by", "signed_at", "text_hash"])


def _own_member(consortium_id: UUID, member_id: UUID, by: User) -> ConsortiumMember:
    lock_parties([consortium_id, member_id])
    act_for(member_id, by, Right.MANAGE)
    return ConsortiumMember.objects.select_related("consortium", "party").get(
        consortium=consortium_id, party=member_id, consortium__party__state=PartyState.ACTIVE
    )


def _consortium(party: Party) -> Consortium:
    if party.kind != Kind.CONSORTIUM:
        raise NotAllowedError
    return Consortium.objects.select_for_update(of=("self",)).select_related("lead").get(party=party)


def _joining(business_number: str, party_id: UUID | None) -> Party:
    """Return the party that is to join: whoever holds the number, else the only one that bears it."""
    if party_id is not None:
        found = Party.objects.filter(pk=party_id, state=PartyState.ACTIVE, kind__in=MAY_JOIN).first()
    else:
        found = _bearer(business_number)
    if found is None:
        raise ConsortiumError(
            Text(
                ko="이 번호로 등록한 곳이 없습니다. 먼저 회원으로 등록하고 확인을 마쳐 달라고 부탁해 주세요.",
                en="Nobody is registered with this number. Please ask them to register and prove it first.",
            )
        )
    return found


def _bearer(business_number: str) -> Party | None:
    try:
        number = parse_business_number(business_number)
    except NumberError as wrong:
        raise GivenError("business_number", wrong.text) from None
    if (holder := holder_of(number)) is not None:
        return holder if holder.state == PartyState.ACTIVE else None
    bearing = Party.objects.filter(
        Q(business__business_number=number) | Q(organisation__business_number=number), state=PartyState.ACTIVE
    )
    found = list(bearing.order_by("created")[:2])
    return found[0] if len(found) == 1 else None


def _refuse_strange_kind(party: Party) -> None:
    if party.kind not in MAY_JOIN:
        raise NotAllowedError


def _text(field: str, text: str, longest: int) -> str:
    written = line(text) if field == "duty" else text.strip()
    if not written or len(written) > longest:
        raise GivenError(
            field, Text(ko=f"1자에서 {longest}자까지 적어 주세요.", en=f"Write between 1 and {longest} characters.")
        )
    return written
