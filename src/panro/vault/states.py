"""The lifecycle of a paper."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperState(models.TextChoices):
    """Where a paper stands."""

    ARRIVING = "arriving", _("file being checked")
    UNREAD = "unread", pgettext_lazy("paper", "handed in")
    VERIFIED = "verified", pgettext_lazy("paper", "verified")
    REJECTED = "rejected", pgettext_lazy("paper", "not accepted")
    REPLACED = "replaced", _("replaced by a newer one")
    DESTROYED = "destroyed", pgettext_lazy("paper", "removed")


TRANSITIONS: Final[dict[PaperState, frozenset[PaperState]]] = {
    PaperState.ARRIVING: frozenset(
        {PaperState.UNREAD, PaperState.REJECTED, PaperState.REPLACED, PaperState.DESTROYED},
    ),
    PaperState.UNREAD: frozenset(
        {PaperState.VERIFIED, PaperState.REJECTED, PaperState.REPLACED, PaperState.DESTROYED},
    ),
    PaperState.VERIFIED: frozenset({PaperState.REJECTED, PaperState.REPLACED, PaperState.DESTROYED}),
    PaperState.REJECTED: frozenset({PaperState.REPLACED, PaperState.DESTROYED}),
    PaperState.REPLACED: frozenset({PaperState.REJECTED, PaperState.DESTROYED}),
    PaperState.DESTROYED: frozenset(),
}
"""From a state to those that may follow it. A replaced paper may still turn out to be wrong: it once counted."""

CURRENT: Final = (PaperState.ARRIVING, PaperState.UNREAD, PaperState.VERIFIED)
"""States in which a paper counts. A submission need not wait until its file has been checked."""


class VerifiedHow(models.TextChoices):
    """How an officer made sure that a paper is genuine."""

    DOCUMENT_NUMBER = "document_number", _("document check number at Government24")
    ISSUER = "issuer", _("asked at the issuer")
    ISSUE_NUMBER = "issue_number", _("issue number looked up at the issuer's site")
    ORIGINAL = "original", _("the original was seen")
    READ = "read", _("read and found plausible")
