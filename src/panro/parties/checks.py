"""Who hears of new answers of the tax service: a seam that rooms above fill in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from panro.parties.models import StatusCheck

    type Listener = Callable[[Sequence[StatusCheck]], None]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Have a function called with new status checks, in the transaction that stores them; once, however often asked."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(checks: Sequence[StatusCheck]) -> None:
    """Tell every listener; an error of one undoes the whole transaction."""
    if checks:
        for listener in _listeners:
            listener(checks)
