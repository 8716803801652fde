"""The pages of this room in the office's side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from panro.staff.menu import Item, register
from panro.staff.states import Role

SEEN_BY = frozenset({Role.REVIEWER_MANAGER, Role.CHIEF, Role.AUDITOR})
DONE_BY = (Role.REVIEWER_MANAGER,)


def register_pages() -> None:
    """Add reviewers and panels."""
    register(Item(_("Reviewers"), "evaluation:reviewers", 200, SEEN_BY))
    register(Item(_("Evaluation panels"), "evaluation:panels", 210, SEEN_BY))
