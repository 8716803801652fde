"""Forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.accounts import consents
from panro.accounts.language import say
from panro.accounts.models import NAME_LENGTH

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.http import HttpRequest

    from panro.accounts.consents import Asked
    from panro.accounts.models import User


class NamedSignup(forms.Form):
    """What is asked at sign-up beside the address and the password: the name, and each consent by itself."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your own name. The business is registered later."),
    )
    field_order = ("name", "email", "password1", "password2")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # the library passes its own
        for text in consents.current():
            self.fields[text.kind] = consent_field(text)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Required by the log-in library; the adapter has stored the name already."""

    def plain_fields(self) -> list[BoundField]:
        """The fields that are no consents, in their order."""
        kinds = {text.kind for text in consents.current()}
        return [field for field in self.visible_fields() if field.name not in kinds]

    def consent_fields(self) -> list[tuple[Asked, BoundField]]:
        """Each consent with its box, which nobody has ticked beforehand."""
        return [(text, self[text.kind]) for text in consents.current()]


class NameForm(forms.Form):
    """The member's own name."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class ClosingForm(forms.Form):
    """The last word before an account is closed."""

    sure = forms.BooleanField(
        label=_("I have read this and want to close my account."),
        error_messages={"required": _("Please tick the box if you really want to close your account.")},
    )


def consent_field(text: Asked) -> forms.BooleanField:
    """Return the box of one consent."""
    return forms.BooleanField(
        label=say(text.ask),
        required=text.required,
        initial=False,
        error_messages={"required": _("Without this consent we cannot open an account for you.")},
    )
