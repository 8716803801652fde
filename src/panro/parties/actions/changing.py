"""What a party says of itself is changed; two windows at once lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, Unpack, cast

from django.db import transaction

from panro.korea.regions import current_code
from panro.korea.text import Text
from panro.parties.access import Right
from panro.parties.actions.acting import act_for, note
from panro.parties.actions.standing import detail_of, set_standing
from panro.parties.errors import PartyError, StaleError
from panro.parties.given import read_business, read_name, read_organisation, read_person
from panro.parties.models import Business, Claim, Organisation, Person
from panro.parties.states import ClaimState, Standing, Way
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.given import BusinessGiven, OrganisationGiven, PersonGiven
    from panro.parties.models import Party

IDENTITY: Final = frozenset({"name", "business_number", "corporate_number", "form", "representative", "opened_on"})
"""What only an owner changes."""
PROVED: Final = frozenset({"representative", "opened_on"})
"""What was held against the register: a change must be proved again."""


class ChangeError(PartyError):
    """A change is not possible; the text says why."""


class Changes(TypedDict, total=False):
    """What may be changed, as :class:`BusinessGiven`, :class:`OrganisationGiven` and :class:`PersonGiven` name it."""

    name: str
    business_number: str
    corporate_number: str
    form: str
    representative: str
    opened_on: date
    address: str
    region: str
    phone: str
    mail_order_number: str
    mail_order_exemption: str
    industry: str
    birth_year: int | None


@transaction.atomic
def change_business(
    party_id: UUID, *, by: User, revision: int, now: datetime, today: date | None = None, **changes: Unpack[Changes]
) -> Party:
    """Change a business. One that is proved must be proved again if representative or opening day change.

    Args:
        party_id: the business.
        by: an owner; for what is not of its identity, anybody who may prepare.
        revision: of what the person saw when it began.
        now: the moment.
        today: the day in Seoul; by default that of ``now``.
        changes: what is new; all else stays.

    Raises:
        NotAllowedError: the role does not carry the right.
        StaleError: somebody changed it in between; nothing is stored.
        GivenError: names the field that cannot be stored.
        ChangeError: the number of a proved business, or of one whose proof is on its way.
    """
    day = today or day_of(now)
    party, _member = act_for(party_id, by, _right(changes))
    detail = cast("Business", detail_of(party))
    _refuse_stale(party, detail.revision, revision)
    columns = read_business(cast("BusinessGiven", _stored_business(party, detail, day) | changes), today=day)
    return _store(party, detail, columns, changes=changes, by=by, now=now)


@transaction.atomic
def change_organisation(
    party_id: UUID, *, by: User, revision: int, now: datetime, today: date | None = None, **changes: Unpack[Changes]
) -> Party:
    """Change an organisation; see :func:`change_business`."""
    day = today or day_of(now)
    party, _member = act_for(party_id, by, _right(changes))
    detail = cast("Organisation", detail_of(party))
    _refuse_stale(party, detail.revision, revision)
    columns = read_organisation(cast("OrganisationGiven", _stored(party, detail, day) | changes), today=day)
    return _store(party, detail, columns, changes=changes, by=by, now=now)


@transaction.atomic
def change_person(
    party_id: UUID, *, by: User, now: datetime, today: date | None = None, **changes: Unpack[PersonGiven]
) -> Party:
    """Change what a person says of itself; the last change counts.

    Raises:
        NotAllowedError: somebody else.
        GivenError: names the field that cannot be stored.
    """
    party, _member = act_for(party_id, by, Right.MANAGE)
    columns = read_person(changes, today=today or day_of(now))
    if "name" in changes:
        party.name = read_name(cast("dict[str, object]", changes))
        party.save(update_fields=["name"])
    Person.objects.filter(party=party).update(**{name: columns[name] for name in columns if name in changes})
    note("party_changed", party.pk, by, now, public={"fields": sorted(changes)})
    return party


def _right(changes: Changes) -> Right:
    return Right.MANAGE if IDENTITY & changes.keys() else Right.EDIT


def _refuse_stale(party: Party, stored: int, seen: int) -> None:
    if stored != seen:
        raise StaleError(party)


def _stored_business(party: Party, detail: Business, today: date) -> dict[str, object]:
    more = ("corporate_number", "opened_on", "mail_order_number", "mail_order_exemption", "industry")
    return _stored(party, detail, today) | {name: getattr(detail, name) for name in more}


def _stored(party: Party, detail: Business | Organisation, today: date) -> dict[str, object]:
    """Return what is stored, as it would be given today: a province may bear another code by now."""
    names = ("form", "business_number", "representative", "address", "phone")
    region = current_code(detail.region, on=today)
    return {"name": party.name, "region": region} | {name: getattr(detail, name) for name in names}


def _store(
    party: Party,
    detail: Business | Organisation,
    columns: dict[str, object],
    *,
    changes: Changes,
    by: User,
    now: datetime,
) -> Party:
    wanted = changes.keys() | ({"industry_revision"} if "industry" in changes else set())
    new = {name: value for name, value in columns.items() if name in wanted and value != getattr(detail, name)}
    if "business_number" in new:
        _refuse_new_number(party, detail)
    if PROVED & new.keys() and detail.standing != Standing.UNVERIFIED:
        set_standing(detail, Standing.UNVERIFIED)
        note("proof_lost", party.pk, by, now, public={"fields": sorted(PROVED & new.keys())})
    for name, value in new.items():
        setattr(detail, name, value)
    detail.revision += 1
    detail.save()
    if "name" in changes and (name := read_name(cast("dict[str, object]", changes))) != party.name:
        party.name = name
        party.save(update_fields=["name"])
    note("party_changed", party.pk, by, now, public={"fields": sorted(new)})
    return party


def _refuse_new_number(party: Party, detail: Business | Organisation) -> None:
    proofs = Claim.objects.filter(party=party, state=ClaimState.OPEN).exclude(way=Way.OWNER_CONSENT)
    if detail.standing != Standing.UNVERIFIED or proofs.exists():
        raise ChangeError(
            Text(
                ko="확인을 마쳤거나 확인하고 있는 번호는 바꿀 수 없습니다. 다른 번호라면 새로 등록해 주세요.",
                en="A number that is proved, or being proved, cannot change. Please register another one anew.",
            )
        )
