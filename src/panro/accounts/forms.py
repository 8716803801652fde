"""Forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.accounts.models import NAME_LENGTH

if TYPE_CHECKING:
    from django.http import HttpRequest

    from panro.accounts.models import User


class NamedSignup(forms.Form):
    """What is asked at sign-up beside the address and the password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your own name. The business is registered later."),
    )
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Required by the log-in library; the adapter has stored the name already."""
