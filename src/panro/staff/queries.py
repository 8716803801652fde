"""Reading the office's own rows; the number of queries never grows with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from panro.accounts.models import User
from panro.record.models import AccessNote
from panro.staff import access
from panro.staff.acts import approved_by
from panro.staff.models import AccessReview, Approval, SavedFilter, StaffRole
from panro.staff.months import month_of
from panro.staff.states import ApprovalState, Role

if TYPE_CHECKING:
    from datetime import date

DECIDED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the agency with the roles held."""

    user: User
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Watcher:
    """How often somebody saw personal data within a month."""

    actor: str
    name: str
    lines: int
    parties: int


def colleagues() -> list[Colleague]:
    """Everybody with a role, by name. One query."""
    held: dict[User, list[Role]] = {}
    rows = StaffRole.objects.filter(ended_at=None).select_related("user").order_by("user__name", "user_id", "role")
    for row in rows:
        held.setdefault(row.user, []).append(Role(row.role))
    return [Colleague(user, tuple(found)) for user, found in held.items()]


def open_approvals() -> list[Approval]:
    """What waits for a second person, the oldest first. One query."""
    return list(
        Approval.objects.filter(state=ApprovalState.OPEN).select_related("proposed_by").order_by("proposed_at", "id")
    )


def decided_approvals() -> list[Approval]:
    """What was decided last. One query."""
    return list(
        Approval.objects.exclude(state=ApprovalState.OPEN)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_at", "-id")[:DECIDED_SHOWN]
    )


def waiting_for(user: User) -> int:
    """How many acts wait for exactly this person: proposed by others, within their roles. Two queries at most."""
    codes = approved_by(access.roles(user))
    return Approval.objects.filter(state=ApprovalState.OPEN, act__in=codes).exclude(proposed_by=user).count()


def watchers(month: date) -> list[Watcher]:
    """Who saw personal data within a month and how much, the most first. Two queries."""
    first, after = month_of(month)
    counted = (
        AccessNote.objects.filter(happened__gte=first, happened__lt=after)
        .values("actor")
        .annotate(lines=Count("id"), parties=Count("party", distinct=True))
        .order_by("-lines", "actor")
    )
    rows = [(str(row["actor"]), int(row["lines"]), int(row["parties"])) for row in counted]
    ids = [actor for actor, _, _ in rows if ":" not in actor]
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    return [Watcher(actor, names.get(actor, actor), lines, parties) for actor, lines, parties in rows]


def reviews() -> list[AccessReview]:
    """The months signed off, the newest first. One query."""
    return list(AccessReview.objects.select_related("reviewed_by").order_by("-month"))


def saved_filters(user: User, list_code: str) -> list[SavedFilter]:
    """The narrowings of a list that somebody keeps. One query."""
    return list(SavedFilter.objects.filter(user=user, list_code=list_code).order_by("name", "id"))
