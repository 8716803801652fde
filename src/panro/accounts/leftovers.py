"""What is left of accounts that nobody uses: sign-ups never confirmed, and sessions that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Exists, OuterRef

from panro.accounts.closing import CannotCloseError, close
from panro.accounts.models import Consent, User

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

BATCH: Final = 100


def close_unconfirmed(before: datetime, *, now: datetime) -> list[UUID]:
    """Close accounts that signed up before a moment, confirmed no address and never logged in; returns which.

    One transaction for each. Safe to run twice or side by side.
    """
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    social = SocialAccount.objects.filter(user=OuterRef("pk"))
    rows = User.objects.filter(
        ~Exists(confirmed), ~Exists(social), date_joined__lt=before, last_login=None, closed=None, is_staff=False
    )
    closed: list[UUID] = []
    after: UUID | None = None
    while batch := list((rows if after is None else rows.filter(pk__gt=after)).order_by("pk")[:BATCH]):
        closed += [row.pk for row in batch if _close(row.pk, now)]
        after = batch[-1].pk
    return closed


def delete_proofs(before: datetime) -> int:
    """Delete consents of closed accounts that were withdrawn before a moment; returns how many."""
    return Consent.objects.filter(user__closed__isnull=False, withdrawn__lt=before).delete()[0]


def clear_sessions(before: datetime) -> int:
    """Delete sessions that ended, and what was noted before a moment of the browsers they were in; returns how many."""
    SessionStore.clear_expired()
    stored = SessionStore.get_model_class().objects.filter(session_key=OuterRef("session_key"))
    deleted, _by_model = UserSession.objects.filter(~Exists(stored), created_at__lt=before).delete()
    return int(deleted)


@transaction.atomic
def _close(user: UUID, now: datetime) -> bool:
    row = User.objects.select_for_update(skip_locked=True).filter(pk=user, closed=None, last_login=None).first()
    if row is None or EmailAddress.objects.filter(user=user, verified=True).exists():
        return False
    try:
        close(user, now=now)
    except CannotCloseError:
        return False
    return True
