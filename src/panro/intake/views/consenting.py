"""Consents and promises: each by itself, nothing ticked beforehand, and every one with its full words."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from panro.accounts.language import say
from panro.intake import actions
from panro.intake.declarations import ConsentAsked, ConsentHeld, Declaration, terms
from panro.intake.declarations import consents as consents_of
from panro.intake.declarations import promises as promises_of
from panro.intake.errors import IntakeError, StaleError
from panro.intake.views.frame import BACK, NEXT, frame, move_on, revision_of
from panro.parties.access import Right
from panro.vault import queries as vault
from panro.vault.actions import give_consent
from panro.vault.purposes import purposes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from panro.intake.questions import Screen
    from panro.intake.views.wizard import Wizard
    from panro.vault.models import Consent
    from panro.vault.purposes import Change


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick, or what was given already."""

    code: str
    asked: ConsentAsked | Declaration
    given_at: datetime | None
    given: bool
    ticked: bool = False
    changed_since: datetime | None = None
    """When it was agreed to in other words, where those hold no longer."""
    changes: Sequence[Change] = ()
    """What has changed in them since; empty where only who gets the data has."""
    withdrawn_at: datetime | None = None
    """When it was withdrawn, where nothing was agreed to since."""

    @property
    def name(self) -> str:
        """What it is called."""
        return say(self.asked.title) if isinstance(self.asked, Declaration) else str(self.asked.purpose.name)


def consents(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Show what is asked, and take it."""
    if request.method == "POST":
        return _sent(request, wizard, screen)
    return _shown(request, wizard, screen, set())


def boxes(wizard: Wizard, ticked: frozenset[str] | set[str] = frozenset()) -> tuple[list[Box], list[Box]]:
    """Return the consents and the promises of an application, with what was given already. Two queries at most."""
    programme, party = wizard.opened.call.key, wizard.opened.acting.party
    given = [row for row in vault.consents(party.pk) if row.programme == programme]
    agreed = vault.words_agreed_to(_outdated(given))
    declared = wizard.application.declared
    asked = [_box(one, given, agreed, ticked=one.code in ticked) for one in consents_of(wizard.case)]
    promised = [
        Box(one.code, one, None, (declared.get(one.code) or {}).get("terms") == terms(one), one.code in ticked)
        for one in promises_of(wizard.case)
    ]
    return asked, promised


def _outdated(given: Sequence[Consent]) -> set[str]:
    """The hashes of words that were agreed to and are no longer those of today."""
    today = {code: one.digest() for code, one in purposes().items()}
    return {row.terms_digest for row in given if today.get(row.purpose) != row.terms_digest}


def _box(asked: ConsentAsked, given: Sequence[Consent], agreed: Mapping[str, str], *, ticked: bool) -> Box:
    own = [row for row in given if row.purpose == asked.code]
    standing = [row for row in own if row.withdrawn_at is None]
    held = {ConsentHeld(row.purpose, row.recipient, row.terms_digest) for row in standing}
    if asked.held <= held:
        return Box(asked.code, asked, max(row.given_at for row in standing), given=True, ticked=ticked)
    if standing:
        last = max(standing, key=lambda row: row.given_at)
        words = agreed.get(last.terms_digest)
        changes = [] if words is None else asked.purpose.changes_since(words)
        return Box(asked.code, asked, None, given=False, ticked=ticked, changed_since=last.given_at, changes=changes)
    ended = max((row.withdrawn_at for row in own if row.withdrawn_at is not None), default=None)
    return Box(asked.code, asked, None, given=False, ticked=ticked, withdrawn_at=ended)


def _sent(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    go = request.POST.get("go", NEXT)
    if go == BACK:
        return move_on(request, wizard, screen)
    ticked = set(request.POST.getlist("agree"))
    asked, promised = boxes(wizard, ticked)
    now = timezone.now()
    if wizard.opened.may(Right.MANAGE):
        _give(wizard, asked, now)
    try:
        _declare(request, wizard, promised, now)
    except StaleError as stale:
        wizard.application.revision = stale.stored.revision
        error = _("Another window changed this. Please look at it again and tick what you agree to.")
        return _shown(request, wizard, screen, ticked, error=error, status=HTTPStatus.CONFLICT)
    except IntakeError as wrong:
        return _shown(request, wizard, screen, ticked, error=say(wrong.text))
    wizard.application.refresh_from_db(fields=["declared", "revision", "saved_at"])
    asked, promised = boxes(wizard, ticked)
    is_open = any(not box.given for box in [*asked, *promised])
    if go == NEXT and is_open and "without" not in request.POST:
        return _shown(request, wizard, screen, ticked, error=_("Something is not ticked yet. It is marked below."))
    return move_on(request, wizard, screen)


def _give(wizard: Wizard, asked: list[Box], now: datetime) -> None:
    for box in asked:
        if box.ticked and not box.given and isinstance(box.asked, ConsentAsked):
            give_consent(
                wizard.opened.acting.party,
                programme=wizard.opened.call.key,
                recipients=[who.ko for who in box.asked.recipients],
                purpose=box.asked.purpose.code,
                by=wizard.opened.acting.user,
                now=now,
                today=wizard.day,
            )


def _declare(request: HttpRequest, wizard: Wizard, promised: list[Box], now: datetime) -> None:
    """Note which papers are given by a word: promises that were ticked, and consents that hold."""
    given: dict[str, str | None] = {box.code: terms(box.asked) for box in promised if box.ticked or box.given}
    consented, _promised = boxes(wizard)
    for document in {box.asked.document for box in consented}:
        own = [box for box in consented if box.asked.document == document]
        given[document] = terms(*(box.asked for box in own)) if all(box.given for box in own) else None
    actions.declare(
        wizard.application.pk,
        given,
        revision=revision_of(request.POST),
        by=wizard.opened.acting.user,
        now=now,
        today=wizard.day,
    )


def _shown(
    request: HttpRequest,
    wizard: Wizard,
    screen: Screen,
    ticked: set[str],
    *,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    asked, promised = boxes(wizard, ticked)
    context = {
        **frame(wizard, screen),
        "consents": asked,
        "promises": promised,
        "may_consent": wizard.opened.may(Right.MANAGE),
        "error": error,
        "missing": bool(error),
    }
    return render(request, "intake/steps/consents.html", context, status=status)
