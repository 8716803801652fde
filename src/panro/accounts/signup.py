"""The forms of sign-up: an account and its consents come into being together, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import SignupForm
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from django.db import transaction
from django.utils import timezone

from panro.accounts import consents
from panro.accounts.models import Way

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from panro.accounts.models import User


def agreed(form: Form) -> list[str]:
    """Return the kinds of consent that are ticked in a form."""
    return [text.kind for text in consents.current() if form.cleaned_data.get(text.kind)]


class SignUp(SignupForm):  # type: ignore[misc] # the library ships no types
    """By address and password."""

    def save(self, request: HttpRequest) -> User:
        """Store account and consents."""
        with transaction.atomic():
            user: User = super().save(request)
            consents.give(user.pk, agreed(self), way=Way.SIGN_UP, now=timezone.now())
        return user


class SocialSignUp(SocialSignupForm):  # type: ignore[misc] # the library ships no types
    """After log-in with an account of others."""

    def save(self, request: HttpRequest) -> User:
        """Store account and consents; what the service knows of addresses counts for the one that is typed here."""
        typed = self.cleaned_data["email"]
        known = self.sociallogin.email_addresses
        self.sociallogin.email_addresses = [address for address in known if address.email.lower() == typed]
        with transaction.atomic():
            user: User = super().save(request)
            consents.give(user.pk, agreed(self), way=Way.SIGN_UP, now=timezone.now())
        return user
