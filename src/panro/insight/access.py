"""Who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.staff import access
from panro.staff.states import Role

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.insight.models import ExportJob

READ: Final = frozenset({Role.OFFICER, Role.CHIEF, Role.AUDITOR})
"""Who looks at the season."""
EXPORT: Final = frozenset({Role.OFFICER, Role.CHIEF})
"""Who takes tables out."""


def may_export(user: User) -> bool:
    """Whether somebody takes tables out."""
    return access.has(user, *EXPORT)


def may_open(user: User, job: ExportJob) -> bool:
    """Whether somebody may see an export and open its file: who asked for it, and every chief."""
    return may_export(user) and (job.asked_by_id == user.pk or access.has(user, Role.CHIEF))
