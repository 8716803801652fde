"""The services with whose accounts members may log in, by the names people know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from panro.korea.text import Text

if TYPE_CHECKING:
    from panro.accounts.conf import Provider

SERVICES: Final = {"kakao": Text(ko="카카오", en="Kakao"), "naver": Text(ko="네이버", en="Naver")}


def set_up() -> dict[str, Provider]:
    """Return the services that this deployment has, by code."""
    found: dict[str, Provider] = settings.SOCIALACCOUNT_PROVIDERS
    return found
