"""Forms of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.korea.numbers import is_valid_business_number
from panro.screening.models.decisions import NOTE_LENGTH
from panro.screening.queries import ORDERS, Narrowed
from panro.screening.states import CaseState, ConflictKind, Risk
from panro.screening.stating import STATABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.utils.functional import _StrPromise

    from panro.screening.models import Review

_ORDER_LABELS: Final = {
    "age": _("Longest waiting first"),
    "newest": _("Newest first"),
    "risk": _("Most to look at first"),
}


class _DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _words(label: _StrPromise, help_text: _StrPromise | str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class QueueForm(forms.Form):
    """What of the queue is shown."""

    words = forms.CharField(label=_("Name, number or receipt"), required=False, max_length=100)
    round = forms.ChoiceField(label=_("Programme and round"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("open", _("not decided")), ("", _("all")), *CaseState.choices],
    )
    risk = forms.TypedChoiceField(
        label=_("What the rules say"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("all")), *Risk.choices],
    )
    older_than = forms.DateField(label=_("Received until"), required=False, widget=_DateInput)
    mine = forms.BooleanField(label=_("Only mine"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=[(one, _ORDER_LABELS[one]) for one in ORDERS])

    def __init__(self, rounds: Sequence[Review], data: object = None) -> None:
        super().__init__(data, auto_id="filter_%s")  # type: ignore[arg-type] # what a request holds
        choices = [(f"{one.programme}/{one.round_code}", f"{one.edition.code}/{one}") for one in rounds]
        self.fields["round"].choices = [("", _("all")), *choices]  # type: ignore[attr-defined] # a choice field

    def narrowed(self, user: object) -> Narrowed:
        """Return what is to be shown; what cannot be read narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        programme, _slash, round_code = str(said.get("round") or "").partition("/")
        return Narrowed(
            programme=programme,
            round_code=round_code,
            state=str(said.get("state") or ""),
            risk=said.get("risk"),
            older_than=said.get("older_than"),
            words=str(said.get("words") or ""),
            officer=getattr(user, "pk", None) if said.get("mine") else None,
            order=str(said.get("order") or "age"),
        )


class DecideForm(forms.Form):
    """Deciding one case as the rules' answers sum up."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = _words(_("Note"), _("For colleagues and the auditor; the applicant does not read it."), required=False)


class AskForm(forms.Form):
    """What is asked of an applicant."""

    documents = forms.MultipleChoiceField(label=_("Which papers?"), widget=forms.CheckboxSelectMultiple)
    why = _words(_("Why?"), _("The applicant reads this."))
    due = forms.DateField(label=_("Last day"), widget=_DateInput)

    def __init__(self, documents: Sequence[tuple[str, str]], last: date, data: object = None) -> None:
        super().__init__(data, auto_id="ask_%s")  # type: ignore[arg-type] # what a request holds
        self.fields["documents"].choices = documents  # type: ignore[attr-defined] # a choice field
        self.fields["due"].help_text = _("At the latest %s.") % last.isoformat()


class ExtendForm(forms.Form):
    """More time to hand in for one applicant."""

    until = forms.DateField(label=_("New last day"), widget=_DateInput)
    reason = _words(_("Why?"), _("The applicant reads this."))


class ReopenForm(forms.Form):
    """Why a decision is taken back."""

    reason = _words(_("Why is it reopened?"))


class FactForm(forms.Form):
    """A fact that an officer found out."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label=_("What did you find?"), choices=[(code, one.label) for code, one in STATABLE.items()]
    )
    as_of = forms.DateField(label=_("For which day?"), help_text=_("The day for which you vouch."), widget=_DateInput)
    reason = _words(_("From where do you know?"))


class SanctionForm(forms.Form):
    """An entry of the register of sanctions."""

    business_number = forms.CharField(label=_("Business number"), max_length=12)
    name = forms.CharField(label=_("Name"), max_length=200)
    since = forms.DateField(label=_("First day"), widget=_DateInput)
    until = forms.DateField(label=_("Last day"), widget=_DateInput)
    reason = _words(_("Reason"), _("The applicant reads this in the answer of the rule."))
    source = forms.CharField(label=_("Decision"), help_text=_("Its number or date."), max_length=NOTE_LENGTH)

    def clean_business_number(self) -> str:
        """Return the ten digits."""
        return digits_of(self.cleaned_data["business_number"])


class ConflictForm(forms.Form):
    """What an officer may not judge."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=ConflictKind, widget=forms.RadioSelect)
    business_number = forms.CharField(
        label=_("Business number"),
        help_text=_("Of the own business, or of the relative's."),
        required=False,
        max_length=12,
    )
    address = forms.CharField(
        label=_("Address"), help_text=_("Only its fingerprint is kept."), required=False, max_length=300
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=NOTE_LENGTH)

    def clean(self) -> None:
        """Ask for what the kind needs."""
        said = self.cleaned_data
        wanted = "address" if said.get("kind") == ConflictKind.SAME_ADDRESS else "business_number"
        if not said.get(wanted):
            self.add_error(wanted, _("Please fill this in."))
        elif wanted == "business_number":
            try:
                said["business_number"] = digits_of(said["business_number"])
            except forms.ValidationError as wrong:
                self.add_error(wanted, wrong)


def digits_of(text: str) -> str:
    """Return the digits of a business number.

    Raises:
        ValidationError: it is none.
    """
    digits = text.replace("-", "").replace(" ", "")
    if not is_valid_business_number(digits):
        raise forms.ValidationError(_("This is no business number: ten digits, of which the last fits the others."))
    return digits
