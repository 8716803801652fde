"""Who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from panro.accounts.models import User


def may_open_auditor_dossier(user: User | AnonymousUser) -> bool:
    """Staff who were given the permission; it holds facts, papers and identities."""
    return bool(user.is_active and user.is_staff and user.has_perm("selection.open_auditor_dossier"))
