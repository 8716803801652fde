"""Words for what the access log holds as codes; rooms above know them, and fill this seam in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.utils.functional import _StrPromise

    type Subjects = Callable[[Collection[str]], Mapping[str, str]]

_seen: Final[dict[str, _StrPromise | str]] = {}
_subjects: Final[list[Subjects]] = []


def name_seen(what: str, words: _StrPromise | str) -> None:
    """Say in words what a kind of line in the access log means."""
    _seen[what] = words


def seen(what: str) -> str:
    """Return what somebody saw, in words."""
    return str(_seen.get(what, _("Looked at your data")))


def name_subjects(names: Subjects) -> None:
    """Say how subjects such as ``party:<uuid>`` are called: given many, the names of those that one knows."""
    if names not in _subjects:
        _subjects.append(names)


def subjects(asked: Collection[str]) -> dict[str, str]:
    """Return what subjects are called; each room is asked once. Who knows no name leaves the subject as it is."""
    found = {subject: subject for subject in asked}
    for names in _subjects:
        found.update(names(asked))
    return found
