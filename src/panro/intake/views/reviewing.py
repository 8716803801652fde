"""The last look before sending, and sending."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from panro.accounts.language import say
from panro.catalog.queries import chosen
from panro.intake import actions
from panro.intake.errors import IntakeError, StaleError
from panro.intake.questions import SCREEN_TITLES
from panro.intake.states import LIVE
from panro.intake.views import consenting, paper_screen
from panro.intake.views.frame import frame, revision_of
from panro.intake.views.guard import application_page
from panro.intake.views.judged import judge_application
from panro.intake.views.wizard import Wizard
from panro.parties.access import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from panro.intake.questions import Screen
    from panro.intake.views.guard import Opened
    from panro.intake.views.paper_screen import DocumentShown


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer."""

    label: str
    answer: str
    error: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One screen as the review shows it; ``missing`` counts what must still be filled in."""

    title: str
    address: str
    lines: list[Line]
    missing: int
    wrong: bool = False
    """Whether an answer is there that cannot be read."""


def review(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Everything on one page, with what is missing."""
    if request.method == "POST":
        return redirect(wizard.address(screen))
    return show(request, wizard, screen)


def show(
    request: HttpRequest, wizard: Wizard, screen: Screen, *, error: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """Show the review; ``error`` says why sending did not work."""
    documents = paper_screen.shown(wizard)
    parts = _parts(wizard, documents)
    closes = wizard.application.closes
    context = {
        **frame(wizard, screen),
        "parts": parts,
        "missing": sum(part.missing for part in parts),
        "judged": judge_application(wizard),
        "may_submit": wizard.opened.may(Right.SUBMIT),
        "error": error,
        "is_over": wizard.day > closes,
        "round": wizard.opened.call.round_,
        "follows": [say(one.asked.document.name.text) for one in documents if one.follows],
    }
    return render(request, "intake/steps/review.html", context, status=status)


@require_POST
@application_page(Right.EDIT)
def submit(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """Hand the application in; pressed twice, it leads to the same receipt."""
    if not opened.may(Right.SUBMIT):
        raise PermissionDenied
    if opened.application.state in LIVE:
        return redirect("intake:receipt", opened.application.pk)
    if not opened.is_draft:
        return redirect("intake:application", opened.application.pk)
    wizard = Wizard(opened, ask_rooms=False)
    if faulty := [say(screen.title) for screen in wizard.screens if _is_wrong(wizard, screen)]:
        error = _("Something must be corrected first: %(where)s") % {"where": ", ".join(faulty)}
        again = Wizard(opened)
        return show(request, again, again.screen("review"), error=error, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _send(request, wizard)


def _send(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    wizard.tell()
    screen = wizard.screen("review")
    try:
        actions.submit(
            wizard.application.pk,
            revision=revision_of(request.POST),
            by=wizard.opened.acting.user,
            now=timezone.now(),
            today=wizard.day,
        )
    except StaleError:
        messages.warning(request, _("Another window changed the application. Please look at it once more and send it."))
        return redirect(wizard.address(screen))
    except IntakeError as wrong:
        again = Wizard(wizard.opened)
        return show(request, again, screen, error=say(wrong.text), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("intake:receipt", wizard.application.pk)


def _is_wrong(wizard: Wizard, screen: Screen) -> bool:
    """Whether an answer of a screen cannot be read; only questions can be answered so. No query of its own."""
    return bool(screen.questions) and bool(wizard.checked(screen).errors)


def _parts(wizard: Wizard, documents: Sequence[DocumentShown]) -> list[Part]:
    makers: dict[str, Callable[[Wizard], tuple[list[Line], int]]] = {
        "choose_products": _products,
        "documents": lambda _wizard: _papers(documents),
        "consents": _consents,
    }
    found = []
    for screen in wizard.screens:
        if screen.questions or screen.known:
            found.append(_questions(wizard, screen))
        elif (maker := makers.get(screen.code)) is not None:
            lines, missing = maker(wizard)
            found.append(Part(say(SCREEN_TITLES[screen.code]), wizard.address(screen), lines, missing))
    return found


def _questions(wizard: Wizard, screen: Screen) -> Part:
    form = wizard.checked(screen)
    form.is_valid()
    initial = wizard.initial(screen)
    lines = [Line(one.question, one.answer) for one in wizard.known(screen)]
    missing = 0
    for question in screen.questions:
        if question.when is not None and initial.get(question.when.question) != question.when.equals:
            continue
        errors = [str(one) for one in form.errors.get(question.code, [])]
        answer = wizard.said(question, initial.get(question.code))
        missing += bool(errors) or (question.required and not answer)
        lines.append(Line(say(question.label), answer, " ".join(errors), long=question.code.startswith("statement_")))
    return Part(say(screen.title), wizard.address(screen), lines, missing, wrong=bool(form.errors))


def _products(wizard: Wizard) -> tuple[list[Line], int]:
    ids = list(wizard.application.products.order_by("position").values_list("product_id", flat=True))
    found = chosen(ids, wizard.opened.acting.party)
    lines = [Line(_("Product %(number)d") % {"number": place}, one.name) for place, one in enumerate(found, 1)]
    return lines or [Line(_("Products"), "", _("No product is chosen yet."))], int(not found)


def _papers(documents: Sequence[DocumentShown]) -> tuple[list[Line], int]:
    lines, missing = [], 0
    for one in documents:
        papers = [offer.paper for offer in one.offered if offer.chosen]
        names = [paper.file.name if paper.file else paper.number or _("chosen") for paper in papers]
        lacks = one.asked.is_required and not names and not one.follows
        if names or lacks or one.follows:
            answer = _("will follow") if one.follows else ", ".join(names)
            lines.append(Line(say(one.asked.document.name.text), answer, _("not chosen yet") if lacks else ""))
        missing += lacks
    return lines, missing


def _consents(wizard: Wizard) -> tuple[list[Line], int]:
    asked, promised = consenting.boxes(wizard)
    lines = [
        Line(box.name, _("given") if box.given else "", "" if box.given else _("not given yet"))
        for box in (*asked, *promised)
    ]
    return lines, sum(not box.given for box in (*asked, *promised))
