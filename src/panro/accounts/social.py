"""How log-in with accounts of others meets the accounts here.

An account of others is never linked by its e-mail address: somebody who holds that address there need not be the member
here. A member who is logged in connects one on purpose; anybody else signs up, with consents, as everybody does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp

from panro.accounts.services import set_up

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

    from panro.accounts.models import User


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # the library ships no types
    """Applications from the environment alone; no token outlives the request in which it was needed."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the applications that are set up; without a question to the database."""
        del request
        return [
            SocialApp(provider=code, **found["APP"])
            for code, found in set_up().items()
            if provider in {None, code} and client_id in {None, found["APP"]["client_id"]}
        ]

    def get_app(self, request: HttpRequest | None, provider: str, client_id: str | None = None) -> SocialApp:
        """Return one application; an empty one where it is no longer set up, so that members can still disconnect."""
        apps = self.list_apps(request, provider, client_id)
        return apps[0] if apps else SocialApp(provider=provider)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Forget the token before anything is put into the session."""
        del request
        sociallogin.token = None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody becomes a member without having agreed to the terms."""
        del request, sociallogin
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill in the name besides the address."""
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """What the sign-up form begins with."""
        initial: dict[str, str] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}
