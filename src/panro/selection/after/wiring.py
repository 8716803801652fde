"""What the room is told when it starts, for everything that comes after publication."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panro.intake import lines as intake_lines
from panro.record.naming import name_seen
from panro.record.roles import append_only
from panro.selection.after import access, addenda, lines, tasks
from panro.selection.course import seams
from panro.selection.models import Objection, Offer, OfferState
from panro.selection.models.objections import PENDING
from panro.staff.menu import Item, register

if TYPE_CHECKING:
    from datetime import datetime

    from panro.selection.models import PublishedRound, RoundCourse

APPEND_ONLY: Final = ("letter", "objectionpaper")


def register_after() -> None:
    """Declare what only grows, the pages of the office, and the letters that follow every publication."""
    for table in APPEND_ONLY:
        append_only(f"selection_{table}")
    register(Item(_("Letters"), "selection:office_letters", 420, frozenset(access.READ)))
    register(Item(_("Waiting lists"), "selection:places", 430, frozenset(access.READ)))
    register(Item(_("Objections"), "selection:objections", 440, frozenset(access.READ)))
    name_seen("letter_opened", _("Looked at a letter about your result"))
    name_seen("objection_opened", _("Looked at your objection"))
    intake_lines.register(lines.line_of)
    addenda.register_act()
    seams.follow("letters", _write_letters)
    seams.keep_open("after", _still_open)


def _write_letters(course: RoundCourse, published: PublishedRound, now: datetime) -> None:
    del course, now
    transaction.on_commit(partial(tasks.issue_letters.enqueue, str(published.pk)))


def _still_open(course: RoundCourse) -> str:
    """Say which objections and offers of a round wait. Two queries."""
    rounds = {"published__edition": course.version.edition.code, "published__programme": course.programme}
    objections = Objection.objects.filter(state__in=PENDING, published__round=course.round_code, **rounds).count()
    offers = Offer.objects.filter(
        state=OfferState.OFFERED, published__current=True, published__round=course.round_code, **rounds
    ).count()
    said = []
    if objections:
        said.append(
            ngettext("%d objection is not decided yet.", "%d objections are not decided yet.", objections) % objections
        )
    if offers:
        said.append(ngettext("%d offer waits for its answer.", "%d offers wait for their answers.", offers) % offers)
    return " ".join(said)
