"""Closing an account: what goes, what stays, and what must be settled before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from panro.accounts import consents
from panro.accounts.acts import Act, tell
from panro.accounts.models import CLOSED_DOMAIN, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from panro.korea.text import Text

    type Question = Callable[[UUID], Iterable[Text]]

_obstacles: list[Question] = []
_kept: list[Question] = []


class CannotCloseError(RuntimeError):
    """Something must be settled first; ``reasons`` say what, and how."""

    def __init__(self, reasons: list[Text]) -> None:
        super().__init__("; ".join(reason.en for reason in reasons))
        self.reasons = reasons


def register_obstacle(question: Question) -> None:
    """Say what keeps an account from being closed (a seam): a business whose last owner it is, an open application."""
    if question not in _obstacles:
        _obstacles.append(question)


def register_kept(question: Question) -> None:
    """Say what of an account is kept, why and for how long (a seam)."""
    if question not in _kept:
        _kept.append(question)


def obstacles(user: UUID) -> list[Text]:
    """Return what must be settled before the account can be closed."""
    return [reason for question in _obstacles for reason in question(user)]


def kept(user: UUID) -> list[Text]:
    """Return what rooms above keep of the account."""
    return [reason for question in _kept for reason in question(user)]


@transaction.atomic
def close(user: UUID, *, now: datetime) -> User:
    """Close an account for good: name, address and every way to log in are deleted, every session ends.

    The row stays without a name, because records, applications and proofs of consent refer to it.

    Raises:
        CannotCloseError: something must be settled first.
    """
    row = User.objects.select_for_update().get(pk=user)
    if row.closed is not None:
        return row
    if reasons := obstacles(user):
        raise CannotCloseError(reasons)
    consents.withdraw(user, [text.kind for text in consents.current()], now=now, closing=True)
    tell(Act("account_closed", user, now))
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession):
        model.objects.filter(user=user).delete()
    SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    row.email, row.name, row.closed = f"{row.pk}@{CLOSED_DOMAIN}", "", now
    row.is_active = row.is_staff = row.is_superuser = False
    row.set_unusable_password()
    row.save()
    row.groups.clear()
    row.user_permissions.clear()
    return row
