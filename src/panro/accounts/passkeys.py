"""Passkeys: what the log-in library asks about them, in words of this site.

The browser does not take a number for a site's name: passkeys work at https://<name> and at http://localhost, not at
http://127.0.0.1. The page's script says so.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from panro.accounts.models import User

NAME_LENGTH: Final = 60
UNREADABLE: Final = (
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)
"""What the library lets through when the browser's answer is of another shape than it should be, or forged."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc] # the library ships no types
    """Names passkeys by number."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This did not work. Please try once more."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - the library's name
        """Return what a new passkey is called until its owner calls it something else."""
        count = Authenticator.objects.filter(user=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}


def _name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("So that you can tell it from others: “my phone”, “the shop's computer”."),
    )


class _Answer(forms.Form):
    """A browser's answer: whatever is wrong with it is one error of its field."""

    def clean_credential(self) -> Authenticator:
        """Return the passkey that was used."""
        try:
            used: Authenticator = super().clean_credential()  # type: ignore[misc] # the library's, which comes next
        except forms.ValidationError:
            raise
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None
        return used


class LogInByPasskey(_Answer, LoginWebAuthnForm):  # type: ignore[misc] # the library ships no types
    """Log-in without a password."""


class SecondStepByPasskey(_Answer, AuthenticateWebAuthnForm):  # type: ignore[misc] # same
    """Log-in after the password."""


class ProofByPasskey(_Answer, ReauthenticateWebAuthnForm):  # type: ignore[misc] # same
    """Before the account is changed."""


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc] # the library ships no types
    """A new passkey; it can open the account by itself if its device checks who holds it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name()
        self.fields["passwordless"].label = gettext_lazy("Also log in with it, without the password")
        self.fields["passwordless"].help_text = gettext_lazy(
            "The device then checks by fingerprint, face or PIN that it is you."
        )
        self.order_fields(["name", "passwordless", "credential"])

    def clean_credential(self) -> dict[str, Any]:
        """Refuse what is no object: the library looks at nothing that counts as false, and would keep it."""
        answer = self.cleaned_data["credential"]
        if not isinstance(answer, dict):
            raise get_adapter().validation_error("incorrect_code")
        return answer

    def clean(self) -> dict[str, Any]:
        """Refuse an answer of the browser that cannot be read."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            raise
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class RenamePasskey(EditWebAuthnForm):  # type: ignore[misc] # the library ships no types
    """Another name for a passkey."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name()
        self.fields["name"].required = True
