"""Passkeys: what the log-in library asks about them, in words of this site.

The browser does not take a number for a site's name: passkeys work at https://<name> and at http://localhost, not at
http://127.0.0.1. The page's script says so.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
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
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)
"""What the library lets through when the browser's answer is of another shape than it should be, or forged."""
ANSWER_LENGTH: Final = 32 * 1024
"""Characters of an answer. The largest real ones, with a chain of certificates, have some thousands; the library copies
the rest of the answer for each value it reads in it."""
ENCODED: Final = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
"""Members of a response that are bytes in base64url (Web Authentication Level 3, 5.1 and 5.2: the JSON forms)."""


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


def _is_shaped(answer: object) -> bool:
    """Say whether an answer is built as the standard says, before the library reads it.

    The library turns each value into bytes, whatever it is: of a number it makes that many zero bytes, and a few digits
    would take all memory of the server.
    """
    if not isinstance(answer, Mapping) or not isinstance(answer.get("response"), Mapping):
        return False
    encoded = [answer.get("id"), answer.get("rawId"), *(answer["response"].get(name) for name in ENCODED)]
    extensions = answer.get("clientExtensionResults")
    return all(value is None or isinstance(value, str) for value in encoded) and (
        extensions is None or isinstance(extensions, Mapping)
    )


class AnswerField(forms.JSONField):
    """What the browser's passkey dialogue answered; one sentence for whatever is wrong with it."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> Any:  # noqa: ANN401 - what JSON holds
        """Return the answer, whose shape the standard gives."""
        refused = get_adapter().validation_error("incorrect_code")
        if isinstance(value, str) and len(value) > ANSWER_LENGTH:
            raise refused
        try:
            answer = super().to_python(value)
        except (ValueError, RecursionError, forms.ValidationError):
            raise refused from None
        if answer is not None and not _is_shaped(answer):
            raise refused
        return answer

    def bound_data(self, data: object, initial: object) -> None:
        """Show no answer again: the browser gives a new one."""


class _Answer(forms.Form):
    """A browser's answer: whatever is wrong with it is one error of its field."""

    credential = AnswerField()

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

    credential = AnswerField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name()
        self.fields["passwordless"].label = gettext_lazy("Also log in with it, without the password")
        self.fields["passwordless"].help_text = gettext_lazy(
            "The device then checks by fingerprint, face or PIN that it is you."
        )
        self.order_fields(["name", "passwordless", "credential"])

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
