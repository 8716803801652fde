"""A business, an organisation or a person comes to the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Unpack

from django.db import transaction
from django.db.models import Q

from panro.accounts.ids import new_id
from panro.korea.text import Text
from panro.parties.actions.locks import lock_account, lock_number
from panro.parties.actions.standing import holder_of
from panro.parties.errors import NumberHeldError, PartyError
from panro.parties.given import read_business, read_name, read_organisation, read_person
from panro.parties.models import Business, Membership, Organisation, Party, Person
from panro.parties.states import Kind, PartyState, Role, Standing
from panro.record.actions import record
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from panro.accounts.models import User
    from panro.parties.given import BusinessGiven, OrganisationGiven, PersonGiven

UNPROVED: Final = 10
"""How many businesses and organisations one account may have registered without proof: nobody runs more, and a list
of strangers' numbers is not made this way."""


class TooManyUnprovedError(PartyError):
    """An account registers without ever proving."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko=f"확인하지 않은 사업자나 기관을 {UNPROVED}곳까지만 등록할 수 있습니다. "
                "먼저 등록한 곳을 확인해 주세요.",
                en=f"At most {UNPROVED} businesses and organisations can wait for their proof. "
                "Please prove one of those you registered first.",
            )
        )


@transaction.atomic
def register_business(
    user: User, *, now: datetime, today: date | None = None, although_held: bool = False, **given: Unpack[BusinessGiven]
) -> Party:
    """Register a business; the account becomes its owner, the business waits for its proof.

    Registering the same number again returns what the same account registered before: a double click makes one.

    Args:
        user: who registers.
        now: the moment.
        today: the day in Seoul; by default that of ``now``.
        although_held: register a number that another party has proved, to dispute it.
        given: see :class:`BusinessGiven`.

    Raises:
        GivenError: names the field that cannot be stored.
        NumberHeldError: another party has proved to bear the number.
        TooManyUnprovedError: the account has registered too many without proof.
    """
    columns = read_business(given, today=today or day_of(now))
    name, number = read_name(given), str(columns["business_number"])
    lock_number(number)
    lock_account(user.pk)
    if (before := _registered_before(user, number, Kind.BUSINESS)) is not None:
        return before
    _refuse_too_many(user)
    if not although_held and holder_of(number) is not None:
        raise NumberHeldError(number)
    party = _new_party(Kind.BUSINESS, name, user, now)
    Business.objects.create(party=party, **columns)
    _record_registered(party, user, now, number=number, representative=str(columns["representative"]))
    return party


@transaction.atomic
def register_businesses(rows: Sequence[tuple[User, BusinessGiven]], *, now: datetime, today: date) -> list[Party]:
    """Register many businesses at once, each with its owner, in the order given; all or none.

    For loading a population: none of the accounts may have registered the same number before.

    Raises:
        GivenError: of the first row that cannot be stored.
    """
    read = [(user, read_name(given), read_business(given, today=today)) for user, given in rows]
    parties = [Party(id=new_id(), kind=Kind.BUSINESS, name=name, created=now) for _user, name, _columns in read]
    Party.objects.bulk_create(parties)
    Business.objects.bulk_create(
        Business(party=party, **columns) for party, (_user, _name, columns) in zip(parties, read, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(user=user, party=party, role=Role.OWNER, since=now)
        for party, (user, _name, _columns) in zip(parties, read, strict=True)
    )
    for party, (user, _name, columns) in zip(parties, read, strict=True):
        _record_registered(
            party, user, now, number=str(columns["business_number"]), representative=str(columns["representative"])
        )
    return parties


@transaction.atomic
def register_organisation(
    user: User,
    *,
    now: datetime,
    today: date | None = None,
    although_held: bool = False,
    **given: Unpack[OrganisationGiven],
) -> Party:
    """Register an organisation; the account becomes its owner, the organisation waits for its proof.

    Raises:
        GivenError, NumberHeldError, TooManyUnprovedError: as :func:`register_business`.
    """
    columns = read_organisation(given, today=today or day_of(now))
    name, number = read_name(given), str(columns["business_number"])
    if number:
        lock_number(number)
    lock_account(user.pk)
    before = _registered_before(user, number, Kind.ORGANISATION) if number else _named_before(user, name)
    if before is not None:
        return before
    _refuse_too_many(user)
    if number and not although_held and holder_of(number) is not None:
        raise NumberHeldError(number)
    party = _new_party(Kind.ORGANISATION, name, user, now)
    Organisation.objects.create(party=party, **columns)
    _record_registered(party, user, now, number=number, representative=str(columns["representative"]))
    return party


@transaction.atomic
def be_a_person(user: User, *, now: datetime, today: date | None = None, **given: Unpack[PersonGiven]) -> Party:
    """Return the person that an account is, made if there is none yet; a second call changes nothing.

    Raises:
        GivenError: names the field that cannot be stored.
    """
    columns = read_person(given, today=today or day_of(now))
    lock_account(user.pk)
    if (before := Person.objects.select_related("party").filter(user=user).first()) is not None:
        return before.party
    name = read_name({"name": given.get("name") or user.name or user.email.partition("@")[0]})
    party = _new_party(Kind.PERSON, name, user, now)
    Person.objects.create(party=party, user=user, **columns)
    _record_registered(party, user, now, number="", representative="")
    return party


def _registered_before(user: User, number: str, kind: Kind) -> Party | None:
    return (
        Party.objects.filter(kind=kind, state=PartyState.ACTIVE, memberships__user=user)
        .filter(Q(business__business_number=number) | Q(organisation__business_number=number))
        .order_by("created")
        .first()
    )


def _named_before(user: User, name: str) -> Party | None:
    return Party.objects.filter(
        kind=Kind.ORGANISATION, state=PartyState.ACTIVE, memberships__user=user, name=name
    ).first()


def _refuse_too_many(user: User) -> None:
    waiting = Membership.objects.filter(user=user, role=Role.OWNER, party__state=PartyState.ACTIVE).filter(
        Q(party__business__standing=Standing.UNVERIFIED) | Q(party__organisation__standing=Standing.UNVERIFIED)
    )
    if waiting.count() >= UNPROVED:
        raise TooManyUnprovedError


def _new_party(kind: Kind, name: str, owner: User, now: datetime) -> Party:
    party = Party.objects.create(kind=kind, name=name, created=now)
    Membership.objects.create(user=owner, party=party, role=Role.OWNER, since=now)
    return party


def _record_registered(party: Party, user: User, now: datetime, *, number: str, representative: str) -> None:
    record(
        "party_registered",
        actor=str(user.pk),
        subject=f"party:{party.pk}",
        at=now,
        now=now,
        public={"kind": str(party.kind)},
        payload={"name": party.name, "business_number": number, "representative": representative},
    )
