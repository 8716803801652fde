"""The lifecycles of a stored file and of an upload in pieces."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a stored file stands. Only a clean one is ever opened."""

    PENDING = "pending", _("being checked")
    CLEAN = "clean", _("checked")
    INFECTED = "infected", _("refused: a virus was found")
    REFUSED = "refused", _("refused: not the kind of file asked for")
    FAILED = "failed", _("could not be checked")
    DESTROYED = "destroyed", _("destroyed")


TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    State.PENDING: frozenset({State.CLEAN, State.INFECTED, State.REFUSED, State.FAILED, State.DESTROYED}),
    State.FAILED: frozenset({State.PENDING, State.DESTROYED}),
    State.CLEAN: frozenset({State.DESTROYED}),
    State.INFECTED: frozenset({State.DESTROYED}),
    State.REFUSED: frozenset({State.DESTROYED}),
    State.DESTROYED: frozenset(),
}
"""From a state to those that may follow it. Everything that changes a file's state asks this table."""


class UploadState(models.TextChoices):
    """Where an upload in pieces stands."""

    OPEN = "open", _("arriving")
    FINISHING = "finishing", _("being put together")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("given up")


UPLOAD_TRANSITIONS: Final[dict[UploadState, frozenset[UploadState]]] = {
    UploadState.OPEN: frozenset({UploadState.FINISHING, UploadState.CANCELLED, UploadState.EXPIRED}),
    UploadState.FINISHING: frozenset({UploadState.FINISHED, UploadState.OPEN, UploadState.CANCELLED}),
    UploadState.FINISHED: frozenset(),
    UploadState.CANCELLED: frozenset(),
    UploadState.EXPIRED: frozenset(),
}
"""The same for uploads. Putting together that fails goes back to ``OPEN``: the pieces are still there."""
