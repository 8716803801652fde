"""Who may open a file: a seam that upper rooms fill in ``AppConfig.ready``. What nobody declared is closed to all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panro.files.states import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from panro.accounts.models import User
    from panro.files.models import StoredFile

    type MayOpen = Callable[[User, StoredFile], bool]
    type Opened = Callable[[HttpRequest, StoredFile], None]


@dataclass(frozen=True, slots=True)
class _Rule:
    may_open: MayOpen
    opened: Opened | None


_rules: dict[str, _Rule] = {}


def register(purpose: str, may_open: MayOpen, *, opened: Opened | None = None) -> None:
    """Declare who may open the files of a purpose; declaring it again replaces it.

    Args:
        purpose: its code.
        may_open: asked for each request with account and file.
        opened: called when a file is about to be handed out, to write it into the log of access to personal data.
    """
    _rules[purpose] = _Rule(may_open, opened)


def owns(user: User, file: StoredFile) -> bool:
    """Whether somebody handed the file in; the plainest rule."""
    return file.owner_id == user.pk


def may_open(user: User, file: StoredFile) -> bool:
    """Whether somebody may open a file: a clean one, for a purpose whose rule says so."""
    rule = _rules.get(file.purpose)
    return bool(file.state == State.CLEAN and user.is_active and rule and rule.may_open(user, file))


def note_opening(request: HttpRequest, file: StoredFile) -> None:
    """Tell the room of the purpose that the file is being handed out."""
    if (rule := _rules.get(file.purpose)) and rule.opened:
        rule.opened(request, file)
