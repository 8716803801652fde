"""The acts of a stage's page, by the word that its buttons send; each returns what to say when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from panro.evaluation import actions, forms
from panro.evaluation.errors import EvaluationError
from panro.evaluation.models import SiteVisit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.forms import Form
    from django.http import HttpRequest

    from panro.accounts.models import User
    from panro.evaluation.models import StageRun

    type StageAct = Callable[[HttpRequest, StageRun, User], str]


class _Appointment(TypedDict):
    """What the forms of appointments hold, each its own part of it."""

    result_no: int
    place: str
    starts: datetime
    ends: datetime
    planned: datetime
    visit: UUID
    visited_at: datetime
    note: str


def _roster(request: HttpRequest, run: StageRun, user: User) -> str:
    try:
        chosen = [UUID(one) for one in request.POST.getlist("reviewers")]
    except ValueError as wrong:
        raise EvaluationError(_("Please choose reviewers from the list.")) from wrong
    actions.set_up(run.pk, chosen, by=str(user.pk), now=timezone.now())
    return _("The roster is kept, and conflicts were looked for.")


def _assign(request: HttpRequest, run: StageRun, user: User) -> str:
    value = _read(forms.ValueForm(request.POST))["value"]
    actions.assign(run.pk, str(value), by=str(user.pk), now=timezone.now())
    return _("The panels are dealt.")


def _open(request: HttpRequest, run: StageRun, user: User) -> str:
    due = _read(forms.OpenForm(request.POST))["due"]
    actions.open_(run.pk, due, by=str(user.pk), now=timezone.now())  # type: ignore[arg-type] # a date, says the form
    return _("Reviewers can begin.")


def _remind(request: HttpRequest, run: StageRun, user: User) -> str:
    del request
    count = actions.remind(run.pk, by=str(user.pk), now=timezone.now())
    return ngettext("%(count)s reviewer is reminded.", "%(count)s reviewers are reminded.", count) % {"count": count}


def _replace(request: HttpRequest, run: StageRun, user: User) -> str:
    why = str(_read(forms.WhyForm(request.POST))["why"])
    number, _space, reviewer = request.POST.get("seat", "").partition(" ")
    if not (number.isascii() and number.isdecimal()) or len(number) > 9:  # noqa: PLR2004 - beyond any pool
        raise EvaluationError(_("Please choose whom to replace."))
    actions.replace(run.pk, int(number), reviewer, why, by=str(user.pk), now=timezone.now())
    return _("Somebody else takes over.")


def _resign(request: HttpRequest, run: StageRun, user: User) -> str:
    why = str(_read(forms.WhyForm(request.POST))["why"])
    reviewer = request.POST.get("reviewer", "")
    if not run.roster.filter(reviewer__code=reviewer).exists():
        raise EvaluationError(_("Please choose whom to replace."))
    actions.resign(run.pk, reviewer, why, by=str(user.pk), now=timezone.now())
    return _("The reviewer has left this stage, and others take over.")


def _minute(request: HttpRequest, run: StageRun, user: User) -> str:
    said = _read(forms.MinuteForm(request.POST))
    number = said["result_no"]
    actions.write_minute(
        run.pk, str(said["text"]), result_no=number if isinstance(number, int) else None, by=user, now=timezone.now()
    )
    return _("Written down.")


def _close(request: HttpRequest, run: StageRun, user: User) -> str:
    del request
    actions.close(run.pk, by=str(user.pk), now=timezone.now())
    return _("The stage is closed.")


def _reopen(request: HttpRequest, run: StageRun, user: User) -> str:
    why = str(_read(forms.WhyForm(request.POST))["why"])
    actions.reopen(run.pk, why, by=str(user.pk), now=timezone.now())
    return _("Reviewers can go on.")


def _presentation(request: HttpRequest, run: StageRun, user: User) -> str:
    said = cast("_Appointment", _read(forms.PresentationForm(request.POST)))
    actions.plan_presentation(
        run.pk, said["result_no"], said["place"], said["starts"], said["ends"], by=user, now=timezone.now()
    )
    return _("The appointment is kept.")


def _visit(request: HttpRequest, run: StageRun, user: User) -> str:
    said = cast("_Appointment", _read(forms.VisitForm(request.POST)))
    actions.plan_visit(run.pk, said["result_no"], said["place"], said["planned"], by=user, now=timezone.now())
    return _("The appointment is kept.")


def _seen(request: HttpRequest, run: StageRun, user: User) -> str:
    said = cast("_Appointment", _read(forms.SeenForm(request.POST)))
    if not SiteVisit.objects.filter(pk=said["visit"], participant__run=run).exists():
        raise EvaluationError(_("Please choose a visit of this stage."))
    actions.tell_visit(said["visit"], said["note"], [], visited_at=said["visited_at"], by=user, now=timezone.now())
    return _("Written down.")


def _read(form: Form) -> dict[str, object]:
    """Return what a form holds; what is wrong with it becomes a refusal in words."""
    if form.is_valid():
        return form.cleaned_data
    said = [f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items()]
    raise EvaluationError(" ".join(said))


ACTS: Final[dict[str, StageAct]] = {
    "roster": _roster,
    "assign": _assign,
    "open": _open,
    "remind": _remind,
    "replace": _replace,
    "resign": _resign,
    "minute": _minute,
    "presentation": _presentation,
    "visit": _visit,
    "seen": _seen,
    "close": _close,
    "reopen": _reopen,
}
