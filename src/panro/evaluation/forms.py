"""What people of the agency and reviewers fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.evaluation.models.people import NAME_LENGTH, REASON_LENGTH
from panro.evaluation.models.sheets import MINUTE_LENGTH
from panro.evaluation.models.visits import PLACE_LENGTH
from panro.evaluation.states import DECLARABLE, Why
from panro.korea.numbers import is_valid_business_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from panro.evaluation.models import Reviewer

FIELDS_LENGTH: Final = 200


class NumbersField(forms.CharField):
    """Registration numbers, one per line or with commas between."""

    def __init__(self, **more: object) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **more)  # type: ignore[arg-type] # passed on

    def clean(self, value: object) -> tuple[str, ...]:
        """Return the digits of every number.

        Raises:
            ValidationError: names the first that is none.
        """
        found = []
        for word in str(value or "").replace(",", " ").split():
            digits = word.replace("-", "")
            if not is_valid_business_number(digits):
                raise forms.ValidationError(
                    _("%(number)s is no business registration number. Please check its ten digits."),
                    params={"number": word},
                )
            found.append(digits)
        return tuple(sorted(set(found)))


class InviteForm(forms.Form):
    """Whom to ask to become a reviewer."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    fields_ = forms.CharField(
        label=_("Fields"), help_text=_("With commas between."), max_length=FIELDS_LENGTH, required=False
    )

    def fields_given(self) -> list[str]:
        """The fields as a list."""
        words = (word.strip() for word in self.cleaned_data["fields_"].split(","))
        return sorted({word[:40] for word in words if word})


class ParticularsForm(forms.Form):
    """What a reviewer tells of themselves, so that conflicts are found."""

    employer = forms.CharField(label=_("Employer"), max_length=200, required=False)
    employer_number = NumbersField(label=_("Registration number of the employer"))
    businesses = NumbersField(
        label=_("Your own and former businesses"), help_text=_("Registration numbers, one per line.")
    )
    contracts = NumbersField(
        label=_("Businesses you had a contract with in the last three years"),
        help_text=_("Registration numbers, one per line."),
    )
    address = forms.CharField(
        label=_("Home address"),
        help_text=_("Only a digest of it is kept, to compare it with the addresses of applicants."),
        max_length=300,
        required=False,
    )


class RosterForm(forms.Form):
    """Who may judge at a stage."""

    reviewers = forms.TypedMultipleChoiceField(
        label=_("Who may judge"), widget=forms.CheckboxSelectMultiple, coerce=str, required=False
    )

    def __init__(self, *args: object, people: Iterable[Reviewer], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type] # passed on
        field = self.fields["reviewers"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(str(one.pk), str(one.user)) for one in people]


class ValueForm(forms.Form):
    """The value of the public event."""

    value = forms.CharField(label=_("Value of the public event"), max_length=500)


class OpenForm(forms.Form):
    """Until when reviewers are asked to be done."""

    due = forms.DateField(label=_("Last day for reviewers"), widget=forms.DateInput(attrs={"type": "date"}))


class WhyForm(forms.Form):
    """A reason in one line."""

    why = forms.CharField(label=_("Why?"), max_length=REASON_LENGTH)


class MinuteForm(forms.Form):
    """What a panel discussed."""

    result_no = forms.IntegerField(
        label=_("Result number"), help_text=_("Empty: of the whole stage."), min_value=1, required=False
    )
    text = forms.CharField(
        label=_("What was discussed"), max_length=MINUTE_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )


class ConflictForm(forms.Form):
    """Why a reviewer cannot judge an application."""

    why = forms.ChoiceField(
        label=_("Why can you not judge this application?"), choices=[(one, one.label) for one in DECLARABLE]
    )
    note = forms.CharField(label=_("Particulars"), max_length=REASON_LENGTH, required=False)

    def reason(self) -> Why:
        """The reason chosen."""
        return Why(self.cleaned_data["why"])


class PresentationForm(forms.Form):
    """When and where an applicant presents; times are those of Seoul."""

    result_no = forms.IntegerField(label=_("Result number"), min_value=1)
    place = forms.CharField(label=_("Place"), max_length=PLACE_LENGTH)
    starts = forms.DateTimeField(label=_("Begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))


class VisitForm(forms.Form):
    """When a place is looked at; the time is that of Seoul."""

    result_no = forms.IntegerField(label=_("Result number"), min_value=1)
    place = forms.CharField(label=_("Place"), max_length=PLACE_LENGTH)
    planned = forms.DateTimeField(label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))


class SeenForm(forms.Form):
    """What was seen on a visit."""

    visit = forms.UUIDField(widget=forms.HiddenInput)
    visited_at = forms.DateTimeField(
        label=_("When was it?"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    note = forms.CharField(label=_("What was seen"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))
