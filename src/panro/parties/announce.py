"""Messages of this room, queued in the transaction of what they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from panro.accounts.models import User
from panro.notify.actions import Notice, ToAccount, ToAddress, queue
from panro.parties.models import Membership
from panro.parties.states import PartyState, Role, TaxStatus
from panro.parties.words import reason
from panro.ui.addresses import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.parties.models import Claim, ConsortiumMember, Dispute, Invitation, Party, StatusCheck

_DAY = {"ko": "Y년 n월 j일", "en": "j F Y"}


def invited(invitation: Invitation, party: Party, inviter: User, *, link: str, now: datetime) -> None:
    """Ask somebody to become a member: in the inbox too if the address has an account, else by mail alone."""
    account = User.objects.filter(email=invitation.email, is_active=True).select_related("notify_preference").first()
    to = ToAddress(email=invitation.email) if account is None else ToAccount(account.pk)
    language = "ko" if account is None else _language(account)
    with translation.override(language):
        values = {
            "inviter": str(inviter),
            "business": party.name,
            "role": str(Role(invitation.role).label),
            "until": date_format(localtime(invitation.expires), _DAY[language]),
            "link": link,
        }
    queue([Notice("member_invited", to, values, key=f"member_invited:{invitation.pk}")], now=now)


def consent_asked(claim: Claim, party: Party, *, link: str, now: datetime) -> None:
    """Tell the owners that somebody asks to be let in."""
    values = {"person": str(claim.user), "email": claim.user.email, "business": party.name, "link": link}
    _to_owners("member_asks", party.pk, values, key=f"member_asks:{claim.pk}", now=now)


def claim_decided(claim: Claim, party: Party, *, now: datetime) -> None:
    """Tell whoever claimed what came of it."""
    code = "claim_granted" if claim.state == "granted" else "claim_refused"
    account = User.objects.select_related("notify_preference").get(pk=claim.user_id)
    with translation.override(_language(account)):
        values = {"business": party.name} | ({} if code == "claim_granted" else {"reason": reason(claim.reason)})
    queue([Notice(code, ToAccount(claim.user_id), values, key=f"claim_decided:{claim.pk}")], now=now)


def disputed(dispute: Dispute, party: Party, *, now: datetime) -> None:
    """Tell the owners that somebody else claims their business."""
    _to_owners("business_disputed", party.pk, {"business": party.name}, key=f"business_disputed:{dispute.pk}", now=now)


def dispute_decided(dispute: Dispute, party: Party, *, now: datetime) -> None:
    """Tell the owners of the party that held the number how the dispute ended."""
    values = {"business": party.name, "outcome": dispute.reason or "–"}
    _to_owners("dispute_decided", party.pk, values, key=f"dispute_decided:{dispute.pk}", now=now)


def consortium_asked(member: ConsortiumMember, consortium: Party, lead: Party, *, now: datetime) -> None:
    """Tell the owners of a party that a consortium names it and waits for its signature."""
    values = {"lead": lead.name, "consortium": consortium.name, "business": member.party.name}
    key = f"consortium_asked:{member.pk}:{member.consortium.text_hash[:16]}"
    _to_owners("consortium_asked", member.party_id, values, key=key, now=now)


def closed(party: Party, by: User, *, until: datetime, now: datetime) -> None:
    """Tell everybody who acts for a party that it was closed, and until when its owners may open it again."""
    key = f"party_closed:{party.pk}:{now.isoformat()}"
    for member in (
        Membership.objects.filter(party=party).select_related("user__notify_preference").order_by("since", "id")
    ):
        language = _language(member.user)
        with translation.override(language):
            values = {
                "business": party.name,
                "person": str(by),
                "until": date_format(localtime(until), _DAY[language]),
                "link": absolute(reverse("parties:closed")),
            }
        queue(_notices("party_closed", [member.user_id], values, key), now=now)


def found_closed(checks: Sequence[StatusCheck]) -> None:
    """Tell the owners of businesses that the tax service calls closed; once for each day on which they closed."""
    gone = {check.party_id: check for check in checks if check.status == TaxStatus.CLOSED}
    if not gone:
        return
    rows = Membership.objects.filter(
        party__in=gone, party__state=PartyState.ACTIVE, role=Role.OWNER, user__is_active=True
    )
    notices = []
    for member in rows.select_related("party", "user__notify_preference").order_by("party_id", "since", "id"):
        check, language = gone[member.party_id], _language(member.user)
        day = "–" if check.ended_on is None else date_format(check.ended_on, _DAY[language])
        values = {
            "business": member.party.name,
            "day": day,
            "link": absolute(reverse("parties:profile", args=[member.party_id])),
        }
        key = f"business_found_closed:{member.party_id}:{check.ended_on}"
        notices += _notices("business_found_closed", [member.user_id], values, key)
    queue(notices, now=max(check.asked_at for check in gone.values()))


def owners(party: UUID) -> list[User]:
    """Return the accounts that own a party, in the order in which they came."""
    rows = Membership.objects.select_related("user").filter(party=party, role=Role.OWNER).order_by("since", "id")
    return [row.user for row in rows]


def _to_owners(template: str, party: UUID, values: dict[str, str], *, key: str, now: datetime) -> None:
    queue(_notices(template, [user.pk for user in owners(party)], values, key), now=now)


def _notices(template: str, accounts: Iterable[UUID], values: dict[str, str], key: str) -> list[Notice]:
    return [Notice(template, ToAccount(account), values, key=f"{key}:{account}") for account in accounts]


def _language(account: User) -> str:
    wishes = getattr(account, "notify_preference", None)
    return "en" if wishes is not None and wishes.language == "en" else "ko"
