"""Forms of the office itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.staff.models import REASON_LENGTH
from panro.staff.states import Role


class RoleForm(forms.Form):
    """Whom to give a role, or whose role to end, and why."""

    email = forms.EmailField(
        label=_("E-mail address of the account"),
        help_text=_("The person signs up first, and sets up a second factor."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role)
    act = forms.ChoiceField(
        label=_("What is to be done?"),
        choices=[("role_grant", _("Give the role")), ("role_end", _("End the role"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("Why?"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    """Why something is refused."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("The person who proposed it reads this."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignOffForm(forms.Form):
    """What the look through a month's log has found."""

    note = forms.CharField(
        label=_("What did you find?"),
        help_text=_("For example: nothing unusual; or who looked at what without need, and what was done about it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
