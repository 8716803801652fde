"""Names that only rooms above know: of programmes, and of what was seen; a seam they fill in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

_programmes: list[Callable[[str], str]] = []
_seen: Final[dict[str, _StrPromise | str]] = {
    "paper_opened": _("Opened a paper"),
    "papers_listed": _("Looked at the list of papers"),
    "facts_seen": _("Looked at facts"),
}


def name_programmes(name: Callable[[str], str]) -> None:
    """Say how programmes are called: given a key such as ``2021/3-1``, the name on the page; empty if not known."""
    if name not in _programmes:
        _programmes.append(name)


def name_seen(what: str, words: _StrPromise | str) -> None:
    """Say in words what a kind of line in the access log means."""
    _seen[what] = words


def programme(key: str) -> str:
    """Return what a programme is called in the language of the page; its key if nobody knows."""
    return next((said for name in _programmes if (said := name(key))), key)


def seen(what: str) -> str:
    """Return what somebody saw, in words."""
    return str(_seen.get(what, _("Looked at your data")))
