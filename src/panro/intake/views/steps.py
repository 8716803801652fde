"""The screens of an application: shown, saved by button or by themselves, compared where two windows disagree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from panro.accounts.language import say
from panro.editions.industries import industries_on
from panro.intake import actions
from panro.intake.errors import IntakeError, StaleError
from panro.intake.forms import QuestionForm, typed
from panro.intake.views import choosing, consenting, paper_screen, reviewing, standing
from panro.intake.views.frame import BACK, LEAVE, NEXT, frame, move_on, revision_of, said
from panro.intake.views.guard import application_page
from panro.intake.views.kept import recover
from panro.intake.views.wizard import Wizard
from panro.parties.access import Right
from panro.proof.canonical import encode_text, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from panro.intake.actions import Saved
    from panro.intake.questions import Answer, Screen
    from panro.intake.views.guard import Opened
    from panro.proof.canonical import Json

    type ScreenView = Callable[[HttpRequest, Wizard, Screen], HttpResponse]

THEIRS: Final = "theirs"
LONGEST_TRACK: Final = 32
OWN_SCREENS: Final[dict[str, ScreenView]] = {
    "verify": standing.verify,
    "products": standing.products,
    "consortium": standing.consortium,
    "choose_products": choosing.choose,
    "documents": paper_screen.papers,
    "consents": consenting.consents,
    "review": reviewing.review,
}


@dataclass(frozen=True, slots=True)
class FieldCompared:
    """An answer that two windows changed, in both versions."""

    code: str
    label: str
    mine: str
    theirs: str


@application_page(Right.EDIT)
def step(request: HttpRequest, opened: Opened, step: str) -> HttpResponseBase:
    """One screen of a draft; what is no draft any more has a page of its own."""
    if not opened.is_draft:
        return redirect("intake:application", opened.application.pk)
    wizard = Wizard(opened, changing=request.GET.getlist("change")[:20])
    screen = wizard.screen(step)
    own = OWN_SCREENS.get(screen.code)
    if own is not None:
        return own(request, wizard, screen)
    if request.method == "POST":
        return _sent(request, wizard, screen)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    recovered = recover(request)
    if recovered is not None:
        messages.warning(
            request, _("You had been logged out. What you had typed is here again; please check and save.")
        )
        return _shown(request, wizard, screen, form=_unchecked(recovered, wizard, screen))
    return _shown(request, wizard, screen)


@require_POST
@application_page(Right.EDIT)
def save(request: HttpRequest, opened: Opened, step: str) -> HttpResponse:
    """Save a screen as it is being typed; answers with the new revision and words for the line that says so."""
    if not opened.is_draft:
        text = _("This application was handed in or withdrawn in the meantime. Please load the page again.")
        return JsonResponse({"error": text}, status=HTTPStatus.GONE)
    wizard = Wizard(opened, changing=request.POST.getlist("change")[:20])
    screen = wizard.screen(step)
    if not screen.questions:
        raise Http404
    try:
        saved = store(wizard, screen, request.POST)
    except StaleError as stale:
        return JsonResponse({"error": say(stale.text)}, status=HTTPStatus.CONFLICT)
    except IntakeError as wrong:
        return JsonResponse({"error": say(wrong.text)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"revision": saved.revision, "said": said(saved)})


def store(wizard: Wizard, screen: Screen, data: QueryDict) -> Saved:
    """Save what was typed on a screen, right or wrong.

    Raises:
        StaleError: another window changed the same.
        IntakeError: it cannot be kept.
    """
    revision, user = revision_of(data), wizard.opened.acting.user
    if screen.code == "track":
        chosen = "" if data.get("keep.track") == THEIRS else str(data.get("track", ""))[:LONGEST_TRACK]
        track = chosen or wizard.application.track  # nothing chosen leaves what was
        return actions.choose_track(wizard.application.pk, track, revision=revision, by=user, now=timezone.now())
    values = typed(data, screen.questions)
    kept = {code for code in values if data.get(f"keep.{code}") == THEIRS}
    return actions.save_step(
        wizard.application.pk,
        screen.code,
        cast("Mapping[str, Json]", {code: value for code, value in values.items() if code not in kept}),
        revision=revision,
        by=user,
        now=timezone.now(),
        base=_base(data),
    )


def _base(data: QueryDict) -> Mapping[str, Json] | None:
    """The answers with which the page was opened, as it carries them; None if no page of ours can have said so."""
    try:
        said = json.loads(data.get("base") or "")
        base = {code: value for code, value in said.items() if isinstance(value, str | list)}
        encode_text(normalise(base))
    except (AttributeError, RecursionError, ValueError):
        return None
    return base


def _sent(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Keep what was typed, whatever it is; go on if it is right."""
    try:
        store(wizard, screen, request.POST)
    except StaleError as stale:
        return _compare(request, wizard, screen, stale)
    except IntakeError as wrong:
        return _shown(request, wizard, screen, form=_unchecked(request.POST, wizard, screen), trouble=say(wrong.text))
    return _saved(request, wizard, screen)


def _saved(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Check what is saved, tell the vault, and go where the button says."""
    if request.POST.get("go", NEXT) in {LEAVE, BACK}:
        return move_on(request, wizard, screen)
    if any(name.startswith("keep.") for name in request.POST):
        messages.success(request, _("Your choice is saved. Please check the page and go on."))
        return redirect(wizard.address(screen))
    fresh = _fresh(wizard, request)
    now_asked = fresh.screen(screen.code)
    form = QuestionForm(request.POST, questions=now_asked.questions, answers={}, day=wizard.day)
    if not form.is_valid() or form.unanswered_follow_up:
        return _shown(request, fresh, now_asked, form=form)
    fresh.tell()
    after = Wizard(fresh.opened)
    if after.asks_more_than(now_asked):
        return redirect(after.address(screen) + "?more=1")
    return move_on(request, after, screen)


def _fresh(wizard: Wizard, request: HttpRequest) -> Wizard:
    """The same, read anew after saving."""
    wizard.application.refresh_from_db(fields=["answers", "track", "revision", "saved_at", "changed"])
    return Wizard(wizard.opened, changing=request.POST.getlist("change")[:20])


def _unchecked(data: QueryDict, wizard: Wizard, screen: Screen) -> QuestionForm:
    """A form that shows what was sent, without complaints of its own."""
    answers = {**wizard.initial(screen), **typed(data, screen.questions)}
    return QuestionForm(questions=screen.questions, answers=answers, day=wizard.day)


def _shown(
    request: HttpRequest,
    wizard: Wizard,
    screen: Screen,
    *,
    form: QuestionForm | None = None,
    trouble: str = "",
) -> HttpResponse:
    shown = form or wizard.form(screen)
    context = {
        **frame(wizard, screen),
        "form": shown,
        "trouble": trouble,
        "rows": shown.rows,
        "known": wizard.known(screen),
        "base": json.dumps(wizard.initial(screen), ensure_ascii=False),
        "changing": sorted(wizard.changing),
        "suggestions": industries_on(wizard.day) if "industry" in shown.fields else [],
        "asks_more": "more" in request.GET or (shown.is_bound and not shown.errors and shown.unanswered_follow_up),
    }
    return render(request, "intake/step.html", context)


def _compare(request: HttpRequest, wizard: Wizard, screen: Screen, stale: StaleError) -> HttpResponse:
    """Both versions side by side; everything that was typed travels along."""
    theirs = {
        code: [str(one) for one in value] if isinstance(value, list) else str(value)
        for code, value in stale.stored.answers.items()
    }
    theirs["track"] = stale.stored.track
    mine = (
        {"track": str(request.POST.get("track", ""))}
        if screen.code == "track"
        else typed(request.POST, screen.questions)
    )
    fields = [
        FieldCompared(
            question.code,
            say(question.label),
            wizard.said(question, mine.get(question.code)),
            wizard.said(question, theirs.get(question.code)),
        )
        for question in screen.questions
        if question.code in (stale.fields or mine) and _differs(mine.get(question.code), theirs.get(question.code))
    ]
    context = {
        **frame(wizard, screen),
        "error": say(stale.text),
        "fields": fields,
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "revision", "base"} and not name.startswith("keep.")
            for value in values
        ],
        "revision": stale.stored.revision,
        "base": json.dumps({code: theirs.get(code, "") for code in mine}, ensure_ascii=False),
        "theirs_at": stale.stored.saved_at,
    }
    return render(request, "intake/conflict.html", context, status=HTTPStatus.CONFLICT)


def _differs(mine: Answer | None, theirs: Answer | None) -> bool:
    return (mine or "") != (theirs or "")
