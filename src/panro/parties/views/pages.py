"""What the pages of this room share: a page with one form, and acts whose errors are shown on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from panro.accounts.language import say
from panro.korea.text import ExplainedError
from panro.parties.errors import NumberHeldError, StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from panro.parties.forms import PartyForm

    type Label = _StrPromise | str

REFUSED = 422
BUSINESS_STEPS = (
    _("Registration number"),
    _("The business"),
    _("Contact"),
    _("Selling online"),
    _("Verification"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way through several pages, as ``ui/parts/steps.html`` shows it."""

    label: Label
    state: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """What stands around a form."""

    title: Label
    submit: Label
    lead: Label = ""
    back: str = ""
    back_label: Label = ""
    steps: tuple[Step, ...] = ()
    upload: bool = False


def steps(labels: tuple[Label, ...], current: int) -> tuple[Step, ...]:
    """Return the steps with those before the current one (from 0) done."""
    states = ["done" if place < current else "current" if place == current else "" for place in range(len(labels))]
    return tuple(Step(label, state) for label, state in zip(labels, states, strict=True))


def show_form(request: HttpRequest, template: str, page: FormPage, form: PartyForm, **more: object) -> HttpResponse:
    """Show a form; one that was refused comes back with what was typed, and says so by its status."""
    context = {"page": page, "form": form, **more}
    return render(request, template, context, status=REFUSED if form.is_bound and form.errors else 200)


def attempt[T](form: PartyForm, act: Callable[[], T]) -> T | None:
    """Carry out an act with a filled-in form; None if it was refused, and the form says why.

    Raises:
        StaleError: the page shows what was stored in between.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except StaleError:
        raise
    except ExplainedError as wrong:
        form.is_held = isinstance(wrong, NumberHeldError)
        form.explain(wrong)
        return None


def attempt_plain(request: HttpRequest, act: Callable[[], object], done: Label = "") -> bool:
    """Carry out an act behind a mere button; what it says is shown on the next page."""
    try:
        act()
    except ExplainedError as wrong:
        messages.error(request, say(wrong.text))
        return False
    if done:
        messages.success(request, str(done))
    return True
