"""How the log-in library stores accounts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

from panro.accounts.models import UserManager

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from panro.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # the library ships no types
    """Stores the name beside the address, in the form the database accepts."""

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - the library's signature
        """Fill a new account from the sign-up form."""
        user.name = str(form.cleaned_data.get("name", "")).strip()
        stored: User = super().save_user(request, user, form, commit=False)
        stored.email = UserManager.normalize_email(stored.email)
        if commit:
            stored.save()
        return stored
