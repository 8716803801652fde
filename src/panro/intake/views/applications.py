"""An application that one looks at: where it stands, what is next, its receipt; withdrawing and correcting it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panro.accounts.language import say
from panro.editions.words import APPLICANTS
from panro.intake import actions, lines, queries
from panro.intake.errors import IntakeError
from panro.intake.following import name_of
from panro.intake.models import Receipt
from panro.intake.printing import Printed, receipt_pdf
from panro.intake.states import LIVE, State
from panro.intake.views.guard import application_page
from panro.intake.views.waiting import waiting_for
from panro.intake.views.wizard import Wizard
from panro.parties.access import Right
from panro.ui.clock import day_of, today
from panro.ui.templatetags.ui import day as day_words
from panro.ui.templatetags.ui import moment as moment_words

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from panro.intake.calls import Call
    from panro.intake.views.guard import Opened

WHY_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day that is to come, and what happens on it."""

    day: date
    what: str
    is_past: bool


def ahead(call: Call, on: date) -> list[Ahead]:
    """Return the days of a round after handing in."""
    round_ = call.round_
    days = [
        (round_.closes, _("Last day of the intake. Until then you may correct the application.")),
        (
            round_.supplement_until,
            _("Papers and requirements are checked. Until this day you may bring what is missing."),
        ),
        (round_.results_on, _("The results are published. You find your own line with your receipt.")),
        (round_.objections_until, _("Last day for objections.")),
    ]
    return [Ahead(day, what, day < on) for day, what in days]


@require_GET
@application_page()
def show(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Where the application stands and what comes next."""
    application, day = opened.application, today()
    waiting = waiting_for(application, opened.call, day) if application.state == State.SUPPLEMENTING else []
    # What an officer asked about is answered; what was merely promised may still be corrected.
    is_correctable = application.state == State.SUBMITTED or (waiting and all(one.promised for one in waiting))
    is_open = day <= application.closes and application.pool_id is None
    wizard = Wizard(opened) if opened.is_draft else None
    context = {
        "opened": opened,
        "application": application,
        "call": opened.call,
        "applicant_label": APPLICANTS.get(application.applicant_type, ""),
        "track": _track(opened),
        "timeline": queries.timeline(application),
        "receipt": Receipt.objects.filter(application=application).first(),
        "waiting": waiting,
        "line": lines.of(application) if application.state in LIVE else None,
        "left": (application.closes - day).days,
        "is_extended": application.closes > opened.call.round_.closes,
        "resume": wizard.address(wizard.resume) if wizard and day <= application.closes else "",
        "steps": wizard.steps(wizard.resume.code) if wizard else [],
        "may_correct": is_correctable and is_open and opened.may(Right.EDIT),
        "may_withdraw": application.state in LIVE and opened.may(Right.SUBMIT) and day < opened.call.round_.results_on,
        "may_again": application.state == State.WITHDRAWN and not application.replaced and is_open,
        "is_missed": application.state == State.MISSED or (opened.is_draft and day > application.closes),
        "ahead": ahead(opened.call, day) if application.state in LIVE else [],
    }
    return render(request, "intake/application.html", context)


@require_GET
@application_page()
def receipt(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The receipt: number, time, hash, and what happens next."""
    found = _receipt(opened)
    context = {
        "opened": opened,
        "application": opened.application,
        "call": opened.call,
        "receipt": found,
        "track": _track(opened),
        "ahead": ahead(opened.call, today()),
        "pending": _pending(found, opened.call),
        "halves": [found.commitment[:32], found.commitment[32:]],
    }
    return render(request, "intake/receipt.html", context)


@require_GET
@application_page()
def receipt_file(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The receipt as a PDF."""
    del request
    found = _receipt(opened)
    call = opened.call
    agency = call.edition.head.agency.name.text
    rows = [
        (_("Who applies"), opened.acting.party.name),
        (_("Programme"), f"{call.programme.code} {say(call.programme.name.text)}"),
        (_("Round"), say(call.round_.name.text)),
    ]
    if track := _track(opened):
        rows.append((_("Track"), track))
    rows.append((_("Submitted"), moment_words(found.issued_at)))
    if pending := _pending(found, call):
        until = _("%(names)s (until %(day)s)") % {
            "names": ", ".join(pending),
            "day": day_words(call.round_.supplement_until),
        }
        rows.append((_("Still to come"), until))
    printed = Printed(
        title=_("Receipt"),
        number=found.receipt_no,
        rows=rows,
        then=[(day_words(one.day), one.what) for one in ahead(call, day_of(found.issued_at))],
        commitment=found.commitment,
        issued_at=found.issued_at,
        agency=say(agency),
    )
    response = HttpResponse(receipt_pdf(printed), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.receipt_no}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@application_page(Right.SUBMIT)
def withdraw(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """Ask once more, then withdraw."""
    if opened.application.state not in LIVE:
        return redirect("intake:application", opened.application.pk)
    why, error = request.POST.get("why", "").strip()[:WHY_LENGTH], ""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            error = _("Please tick that you want to withdraw the application.")
        else:
            try:
                actions.withdraw(
                    opened.application.pk, by=opened.acting.user, now=timezone.now(), today=today(), why=why
                )
            except IntakeError as wrong:
                error = say(wrong.text)
            else:
                messages.success(request, _("The application is withdrawn."))
                return redirect("intake:application", opened.application.pk)
    context = {
        "opened": opened,
        "application": opened.application,
        "call": opened.call,
        "receipt": Receipt.objects.filter(application=opened.application).first(),
        "why": why,
        "error": error,
        "may_again": today() <= opened.application.closes and opened.application.pool_id is None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "intake/withdraw.html", context, status=status)


@require_POST
@application_page(Right.EDIT)
def again(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """Correct what was handed in, or apply again after a withdrawal: a draft with the same contents begins."""
    row = opened.application
    if row.state not in {*LIVE, State.WITHDRAWN}:
        return redirect("intake:application", row.pk)
    try:
        draft = actions.open_draft(
            opened.acting.party,
            row.version,
            row.programme,
            row.round_code,
            by=opened.acting.user,
            now=timezone.now(),
            today=today(),
            applicant_type=row.applicant_type,
            correcting=True,
        )
    except IntakeError as wrong:
        messages.error(request, say(wrong.text))
        return redirect("intake:application", row.pk)
    return redirect("intake:application", draft.pk)


@application_page(Right.EDIT)
def discard(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """Ask once more, then throw a draft away."""
    if opened.application.state not in {State.DRAFT, State.MISSED}:
        return redirect("intake:application", opened.application.pk)
    if request.method == "POST":
        try:
            actions.discard(opened.application.pk, by=opened.acting.user)
        except IntakeError as wrong:
            messages.error(request, say(wrong.text))
            return redirect("intake:application", opened.application.pk)
        messages.success(request, _("The draft is deleted."))
        return redirect("my")
    context = {"opened": opened, "application": opened.application, "call": opened.call}
    return render(request, "intake/discard.html", context)


def _receipt(opened: Opened) -> Receipt:
    found = Receipt.objects.filter(application=opened.application).first()
    if found is None:
        raise Http404
    return found


def _pending(found: Receipt, call: Call) -> list[str]:
    """Names of the papers that were still to come when a receipt was issued."""
    if found.destroyed_at is not None:
        return []
    names = {one.code: say(one.name.text) for one in call.programme.documents}
    return [names.get(code) or say(name_of(code)) for code in json.loads(found.payload).get("pending", [])]


def _track(opened: Opened) -> str:
    code = opened.application.track
    return next((say(one.name.text) for one in opened.call.programme.tracks if one.code == code), "")
