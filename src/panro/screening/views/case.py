"""One case beside its papers, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.accounts.language import say
from panro.intake.actions import Asked
from panro.intake.errors import IntakeError
from panro.intake.models import ItemKind
from panro.rules.findings import Moment
from panro.screening import actions, queries
from panro.screening.access import READ, conflicts, may_decide
from panro.screening.errors import ScreeningError
from panro.screening.forms import AskForm, DecideForm, ExtendForm, FactForm, ReopenForm
from panro.screening.refusals import OF_CONFLICT
from panro.screening.rounds import first_day
from panro.screening.seeing import note_opened
from panro.screening.showing import case_shown
from panro.screening.states import DECIDED, OPEN
from panro.screening.stating import STATABLE
from panro.staff.guard import office, officer
from panro.ui.clock import today
from panro.vault.errors import VaultError
from panro.vault.kinds import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from panro.accounts.models import User
    from panro.screening.refusals import Refusal
    from panro.screening.showing import CaseShown

ASKED: Final = (Moment.APPLICATION, Moment.CLOSING, Moment.SELECTION)


@dataclass(slots=True)
class _Desk:
    """One case open before an officer, with the forms of its page; that of the act at hand is bound."""

    request: HttpRequest
    user: User
    case: CaseShown
    forms: dict[str, forms.Form] = field(default_factory=dict)

    @property
    def pk(self) -> UUID:
        """Of the case."""
        key: UUID = self.case.shown.case.pk
        return key


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """A case; a POST does what its ``act`` names, and shows the page again where something was typed wrongly."""
    user = officer(request)
    if request.method == "POST" and not may_decide(user):
        raise PermissionDenied
    shown = queries.shown(case)
    if shown is None:
        raise Http404
    now, day = timezone.now(), today()
    barred = conflicts(user, [shown.case]).get(case)
    if barred is not None:
        context = {"case": shown.case, "why": OF_CONFLICT[barred].label}
        return render(request, "screening/barred.html", context, status=403)
    desk = _Desk(request, user, case_shown(shown, now=now, today=day))
    act = request.POST.get("act", "")
    desk.forms = _forms(desk, act)
    if request.method == "POST":
        do = _ACTS.get(act)
        if do is None:
            raise Http404
        form = desk.forms.get(act)
        if (form is None or form.is_valid()) and _done(do, desk, form):
            return redirect("screening:case", case=case)
    else:
        note_opened(request, shown.case, now=now)
    context = {
        "one": desk.case,
        "case": shown.case,
        "forms": desk.forms,
        "failed": desk.forms.get(act),
        "may_decide": may_decide(user),
        "is_open": shown.case.state in OPEN,
        "is_decided": shown.case.state in DECIDED,
        "mine": shown.case.officer_id == user.pk,
    }
    return render(request, "screening/case.html", context)


def _forms(desk: _Desk, act: str) -> dict[str, forms.Form]:
    given, row, call = desk.request.POST, desk.case.shown.case, desk.case.call
    documents = [(one.code, name_of(one.code)) for one in call.programme.documents]
    revision = {"revision": row.revision}

    def data(name: str) -> object:
        return given if act == name else None

    return {
        "decide": DecideForm(data("decide"), initial=revision, auto_id="decide_%s"),  # type: ignore[arg-type] # what a request holds
        "ask": AskForm(documents, call.round_.supplement_until, data("ask")),
        "extend": ExtendForm(data("extend"), auto_id="extend_%s"),  # type: ignore[arg-type] # same
        "reopen": ReopenForm(data("reopen"), auto_id="reopen_%s"),  # type: ignore[arg-type] # same
        "fact": FactForm(data("fact"), initial=revision, auto_id="fact_%s"),  # type: ignore[arg-type] # same
    }


def _done(do: Callable[[_Desk, dict[str, object]], str], desk: _Desk, form: forms.Form | None) -> bool:
    """Do it and say so; what is wrong is said by the form, or on the page where there is none."""
    try:
        said = do(desk, {} if form is None else form.cleaned_data)
    except IntakeError as wrong:
        text = say(wrong.text)
    except VaultError as wrong:
        text = str(wrong)
    except ScreeningError as wrong:
        text = str(wrong)
    else:
        messages.success(desk.request, said)
        return True
    if form is None:
        messages.error(desk.request, text)
        return True
    form.add_error(None, text)
    return False


def _refuse(refused: Iterable[Refusal]) -> None:
    if left := list(refused):
        raise ScreeningError(" ".join(str(one.text) for one in left))


def _assess(desk: _Desk, _said: dict[str, object]) -> str:
    row, call, day = desk.case.shown.case, desk.case.call, today()
    done = 0
    for moment in ASKED:
        if first_day(call, moment, row.received_on) <= day:
            done += len(actions.assess([row.pk], moment, by=desk.user, now=timezone.now(), today=day))
    return _("The rules were asked.") if done else _("There is nothing to ask of this case.")


def _claim(desk: _Desk, _said: dict[str, object]) -> str:
    _refuse(actions.claim([desk.pk], by=desk.user, now=timezone.now()))
    return _("This case is yours now.")


def _decide(desk: _Desk, said: dict[str, object]) -> str:
    row = desk.case.shown.case
    verdict = actions.Verdict(row.pk, int(str(said["revision"])), row.says or "eligible", note=str(said["note"]))
    outcome = actions.decide([verdict], by=desk.user, now=timezone.now(), today=today())
    _refuse(outcome.refused)
    return _("Decided.")


def _ask(desk: _Desk, said: dict[str, object]) -> str:
    items = [Asked(ItemKind.DOCUMENT, str(code), str(said["why"])) for code in _list(said["documents"])]
    sent = actions.ask([desk.pk], items, due=said["due"], by=desk.user, now=timezone.now(), today=today())  # type: ignore[arg-type] # the form's field
    _refuse(sent.refused)
    return _("The applicant is asked, and told by message.")


def _extend(desk: _Desk, said: dict[str, object]) -> str:
    actions.extend(
        desk.pk,
        until=said["until"],  # type: ignore[arg-type] # the form's field
        reason=str(said["reason"]),
        by=desk.user,
        now=timezone.now(),
        today=today(),
    )
    return _("The applicant has more time.")


def _reopen(desk: _Desk, said: dict[str, object]) -> str:
    _refuse(actions.reopen([desk.pk], reason=str(said["reason"]), by=desk.user, now=timezone.now()))
    return _("Reopened.")


def _fact(desk: _Desk, said: dict[str, object]) -> str:
    chosen = STATABLE[str(said["what"])]
    day = said["as_of"]
    stated = actions.Override(
        desk.pk,
        int(str(said["revision"])),
        chosen.key,
        chosen.value(day),  # type: ignore[arg-type] # the form's field
        day,  # type: ignore[arg-type] # same
        str(said["reason"]),
    )
    actions.override_fact(stated, by=desk.user, now=timezone.now(), today=today())
    _assess(desk, {})
    return _("Stated, and the rules were asked again.")


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


_ACTS: Final[dict[str, Callable[[_Desk, dict[str, object]], str]]] = {
    "assess": _assess,
    "claim": _claim,
    "decide": _decide,
    "ask": _ask,
    "extend": _extend,
    "reopen": _reopen,
    "fact": _fact,
}
