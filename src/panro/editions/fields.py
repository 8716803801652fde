"""Fields that the questions of "what may I get?" are made of; "I don't know yet" is always an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from panro.editions.words import Label

type Choices = Sequence[tuple[str, Label]]

UNKNOWN: Final = ("", gettext_lazy("I don't know yet"))
YES_NO: Final = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), UNKNOWN]


def radios(label: Label, choices: Choices, *, help_text: Label = "", required: bool = False) -> forms.ChoiceField:
    """One of a few answers."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=required, help_text=help_text
    )


def boxes(label: Label, choices: Choices, *, help_text: Label = "") -> forms.MultipleChoiceField:
    """Any of some answers."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False, help_text=help_text
    )


def day_field(label: Label) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
