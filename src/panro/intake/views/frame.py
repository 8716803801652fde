"""What every screen of an application has around itself, and what every save reads and says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from panro.accounts.language import say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from panro.intake.actions import Saved
    from panro.intake.questions import Screen
    from panro.intake.views.wizard import Wizard

NEXT: Final = "next"
BACK: Final = "back"
LEAVE: Final = "leave"
LONGEST_REVISION: Final = 9
"""Digits that fit the column."""


def frame(wizard: Wizard, screen: Screen) -> dict[str, object]:
    """What every screen of the wizard shows around itself."""
    before, after = wizard.neighbours(screen.code)
    application = wizard.application
    return {
        "opened": wizard.opened,
        "application": application,
        "call": wizard.opened.call,
        "wizard": wizard,
        "screen": screen,
        "title": say(screen.title),
        "steps": wizard.steps(screen.code),
        "before": wizard.address(before) if before else "",
        "after": after,
        "closes": application.closes,
        "left": (application.closes - wizard.day).days,
    }


def move_on(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """After a screen is saved: to the next or the one before, away, or to the same again, as the button said."""
    go = request.POST.get("go", NEXT)
    if go == LEAVE:
        messages.success(request, _("Your draft is saved. You can go on at any time until the last day."))
        return redirect("intake:application", wizard.application.pk)
    before, after = wizard.neighbours(screen.code)
    return redirect(wizard.address({BACK: before, NEXT: after}.get(go) or screen))


def revision_of(data: QueryDict) -> int:
    """The revision that a page showed; 0 for what is none, which then is behind everything."""
    text = data.get("revision", "")
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST_REVISION else 0


def said(saved: Saved) -> str:
    """When something was saved, in words: the minute in Seoul."""
    minute = date_format(timezone.localtime(saved.saved_at), "H:i")
    return _("Saved at %(minute)s") % {"minute": minute}
