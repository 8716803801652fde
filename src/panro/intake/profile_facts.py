"""What an applicant's profile already tells: facts that would else be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.intake import seams
from panro.intake.models import Nomination
from panro.parties.models import ConsortiumMember
from panro.parties.states import Kind, Signature
from panro.rules.eligibility import keys
from panro.rules.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from panro.intake.calls import Call
    from panro.parties.models import Party
    from panro.rules.facts import FactValue

APPLICANT: Final = "applicant"
PLATFORM: Final = "private_retail_platform"


def facts_of_profile(party: Party, on: date, *, platforms: Collection[str] = ()) -> dict[str, Fact]:
    """Return what a party's own profile says, as the applicant's word of that day.

    Args:
        party: with the row of its kind.
        on: the day.
        platforms: ids of a consortium's members that run a retail platform, as its application says.
    """
    told: dict[str, FactValue] = {}
    match Kind(party.kind):
        case Kind.BUSINESS:
            business = party.business
            told[keys.BUSINESS_NUMBER] = business.business_number
            told[keys.REGION] = business.region
            if business.industry and business.industry_revision:
                told[keys.INDUSTRY] = {"code": business.industry, "revision": int(business.industry_revision)}
        case Kind.ORGANISATION:
            told[keys.REGION] = party.organisation.region
            told[keys.ORGANISATION] = party.organisation.form
            if party.organisation.business_number:
                told[keys.BUSINESS_NUMBER] = party.organisation.business_number
        case Kind.CONSORTIUM:
            told |= _of_consortium(party, platforms)
        case Kind.PERSON:
            if party.person.region:
                told[keys.REGION] = party.person.region
    return {key: Fact(key, value, on, APPLICANT) for key, value in told.items()}


def facts_of_agency(party: Party, call: Call, edition: UUID, on: date) -> dict[str, Fact]:
    """Return what the agency itself knows of an applicant: supports so far, and whether it was nominated. One query.

    Args:
        party: the applicant.
        call: the round.
        edition: the row of its year.
        on: the day.
    """
    held = seams.holdings([party.pk], on).get(party.pk, seams.Holding())
    found = {keys.AWARDS: Fact(keys.AWARDS, list(held.awards), on, "awards")}
    if held.listed_since is not None:
        found[keys.LISTED] = Fact(keys.LISTED, True, held.listed_since, "market")  # noqa: FBT003 - a fact's value
        found[keys.MARKET_LISTING] = Fact(keys.MARKET_LISTING, "listed", held.listed_since, "market")
    if call.programme.method == "nomination":
        named = Nomination.objects.filter(
            party=party, edition=edition, programme=call.programme.code, round_code=call.round_.code
        ).first()
        if named is not None:
            found[keys.NOMINATED] = Fact(keys.NOMINATED, True, named.named_on, "officer")  # noqa: FBT003 - same
    return found


def members_of(party: Party) -> list[ConsortiumMember]:
    """Return the members of a consortium that did not decline, the lead first, each with its party. One query."""
    found = ConsortiumMember.objects.filter(consortium=party.pk).exclude(state=Signature.DECLINED)
    rows = found.select_related("party__organisation", "party__business").order_by("added", "pk")
    return sorted(rows, key=lambda one: one.role != "lead")


def kind_of_member(member: ConsortiumMember, platforms: Collection[str]) -> str:
    """Return what a member is to the rules: a business is private, a platform if the application says so."""
    party = member.party
    kind = party.organisation.form if party.kind == Kind.ORGANISATION else "private"
    return PLATFORM if kind == "private" and str(party.pk) in platforms else str(kind)


def _of_consortium(party: Party, platforms: Collection[str]) -> dict[str, FactValue]:
    members = members_of(party)
    told: dict[str, FactValue] = {}
    signed: list[FactValue] = [
        kind_of_member(one, platforms) for one in members if one.state == Signature.SIGNED or one.role == "lead"
    ]
    if signed:
        told[keys.CONSORTIUM] = signed
    lead = next((one.party for one in members if one.role == "lead"), None)
    if lead is not None:
        own = facts_of_profile(lead, party.created.date())
        told |= {key: own[key].value for key in (keys.REGION, keys.BUSINESS_NUMBER) if key in own}
    return told
