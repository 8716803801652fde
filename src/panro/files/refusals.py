"""Why a file is not taken or not opened: one word for the program, a sentence for the person."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(enum.StrEnum):
    """Every reason there is."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    WRONG_TYPE = "wrong_type"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    UNSAFE_NAMES = "unsafe_names"
    BOMB = "bomb"
    VIRUS = "virus"
    TOO_LARGE_TO_CHECK = "too_large_to_check"
    NOT_CHECKED = "not_checked"
    LOST = "lost"


_SENTENCES: Final[dict[Refusal, _StrPromise]] = {
    Refusal.EMPTY: _("The file is empty. Please choose another one."),
    Refusal.TOO_LARGE: _("The file is larger than allowed. Please make it smaller or split it."),
    Refusal.TOO_MANY: _("There are as many files here as allowed. Please remove one first."),
    Refusal.WRONG_TYPE: _("The content is not of a kind that is accepted here. Please save it as one of those listed."),
    Refusal.DAMAGED: _("The file is damaged and cannot be read. Please save it again and hand in the new file."),
    Refusal.ENCRYPTED: _("The file is protected by a password. Please save it without one."),
    Refusal.MACROS: _("The file contains macros. Please save it without them."),
    Refusal.UNSAFE_NAMES: _("The archive contains names that lead outside of it. Please pack it again."),
    Refusal.BOMB: _("The archive unpacks to far more than allowed. Please hand in its files one by one."),
    Refusal.VIRUS: _("A virus was found in the file. Please check your computer before you hand in another one."),
    Refusal.TOO_LARGE_TO_CHECK: _("The file is too large to be checked for viruses. Please make it smaller."),
    Refusal.NOT_CHECKED: _("The file could not be checked for viruses yet. It is not lost; we will look into it."),
    Refusal.LOST: _("The file did not arrive whole. Please hand it in again."),
}


class FileRefusedError(ValueError):
    """A file is not taken; the text tells the person why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal

    def __str__(self) -> str:
        return sentence(self.refusal)


def sentence(refusal: Refusal) -> str:
    """Return the reason in the language of the request."""
    return str(_SENTENCES[refusal])


def explain(reason: str) -> str:
    """Return what a person reads for the stored reason of a file, such as ``virus: Eicar``; empty for none.

    Every stored reason begins with one of the words, and may go on for the engineer.
    """
    if not reason:
        return ""
    word = reason.partition(":")[0]
    return sentence(Refusal(word)) if word in set(Refusal) else gettext("The file cannot be used.")
