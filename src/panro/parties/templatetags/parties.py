"""Tags of a party's pages: ``{% load parties %}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

from panro.accounts.language import page_language, say
from panro.korea.numbers import NumberError, format_business_number, parse_corporate_number
from panro.korea.regions import region_table
from panro.parties import queries, words
from panro.parties.access import may
from panro.parties.menu import items
from panro.parties.states import ClaimState, Kind, Signature, Standing, TaxStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from panro.parties.models import Claim, ConsortiumMember, Party, StatusCheck
    from panro.parties.views.guard import Acting

register = template.Library()

_BADGES = {Standing.UNVERIFIED: "warning", Standing.VERIFIED: "success", Standing.DISPUTED: "danger"}

_STATUS_BADGES = {
    TaxStatus.OPEN: "success",
    TaxStatus.SUSPENDED: "warning",
    TaxStatus.CLOSED: "danger",
    TaxStatus.UNREGISTERED: "danger",
}
_CLAIM_BADGES = {
    ClaimState.OPEN: "information",
    ClaimState.GRANTED: "success",
    ClaimState.REFUSED: "danger",
    ClaimState.WITHDRAWN: "",
}
_SIGNATURE_BADGES = {Signature.INVITED: "warning", Signature.SIGNED: "success", Signature.DECLINED: "danger"}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An entry of the side menu on a certain page."""

    label: _StrPromise | str
    address: str
    current: bool


@register.simple_tag
def party_menu(acting: Acting, path: str) -> list[ShownItem]:
    """The side menu for whoever acts; the entry whose address the page's begins with is the current one."""
    offered = [
        (item, item.address(acting.party.pk))
        for item in items()
        if Kind(acting.party.kind) in item.kinds and may(acting.membership, item.right)
    ]
    fitting = [address for _item, address in offered if path.startswith(address)]
    current = max(fitting, key=len, default="")
    return [ShownItem(item.label, address, current=address == current) for item, address in offered]


@register.simple_tag
def other_parties(acting: Acting) -> list[Party]:
    """The other parties that the same account acts for. One query."""
    return [party for party in queries.parties_of(acting.user) if party.pk != acting.party.pk]


@register.filter
def standing(party: Party) -> str:
    """Whether a party is verified, in words; empty for a person or a consortium."""
    found = queries.standing_of(party)
    return "" if found is None else str(found.label)


@register.filter
def standing_badge(party: Party) -> str:
    """The kind of badge that shows a party's standing."""
    found = queries.standing_of(party)
    return "" if found is None else _BADGES[found]


@register.filter
def business_number(digits: str) -> str:
    """A registration number as it is printed; what is none stays as it is."""
    try:
        return format_business_number(digits)
    except NumberError:
        return digits


@register.filter
def region_name(code: str) -> str:
    """The name of a province, whenever it bore that name; empty for none."""
    row = next((row for row in region_table().rows if row.code == code), None)
    if row is None:
        return code
    return row.name_en if page_language() == "en" else row.name_ko


@register.filter
def telephone(digits: str) -> str:
    """A telephone number as it is written: 02-300-1234, 010-1234-5678."""
    first = 2 if digits.startswith("02") else 3
    return "-".join(part for part in (digits[:first], digits[first:-4], digits[-4:]) if part) if digits else ""


@register.filter
def corporate_warning(digits: str) -> str:
    """What is odd about a corporate number; empty if nothing is."""
    warning = parse_corporate_number(digits).warning
    return "" if warning is None else say(warning)


@register.filter
def status_badge(check: StatusCheck) -> str:
    """The kind of badge that shows what the tax service said."""
    return _STATUS_BADGES[TaxStatus(check.status)]


@register.filter
def claim_badge(claim: Claim) -> str:
    """The kind of badge that shows where a claim stands."""
    return _CLAIM_BADGES[ClaimState(claim.state)]


@register.filter
def signature_badge(member: ConsortiumMember) -> str:
    """The kind of badge that shows whether a party has signed."""
    return _SIGNATURE_BADGES[Signature(member.state)]


@register.filter
def claim_reason(claim: Claim) -> str:
    """Why a claim was decided as it was."""
    return words.reason(claim.reason)
