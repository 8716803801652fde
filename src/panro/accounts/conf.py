"""What a deployment says about log-in with accounts of others, in environment variables. Imports nothing heavy.

======================== ==========================================================================================
``PANRO_KAKAO_ID``        the REST API key of the Kakao application; without it no Kakao button is shown
``PANRO_KAKAO_SECRET``    its client secret
``PANRO_NAVER_ID``        the client id of the Naver application; without it no Naver button is shown
``PANRO_NAVER_SECRET``    its client secret
``PANRO_KAKAO_LOGIN_URL`` where Kakao logs people in; default ``https://kauth.kakao.com``
``PANRO_KAKAO_API_URL``   where Kakao says who they are; default ``https://kapi.kakao.com``
``PANRO_NAVER_LOGIN_URL`` the same of Naver; default ``https://nid.naver.com``
``PANRO_NAVER_API_URL``   the same of Naver; default ``https://openapi.naver.com``
======================== ==========================================================================================
"""

from __future__ import annotations

import os
from typing import Final, TypedDict
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from panro.accounts.deployment import is_public

_ADDRESSES: Final = {
    "kakao": ("https://kauth.kakao.com", "https://kapi.kakao.com"),
    "naver": ("https://nid.naver.com", "https://openapi.naver.com"),
}


class Application(TypedDict):
    """The application that a service knows this site by."""

    client_id: str
    secret: str


class Provider(TypedDict):
    """A service whose accounts open accounts here, as the log-in library reads it."""

    APP: Application
    LOGIN_URL: str
    API_URL: str


def providers() -> dict[str, Provider]:
    """Return what ``SOCIALACCOUNT_PROVIDERS`` should be: those that are set up, with their addresses.

    Raises:
        ImproperlyConfigured: an id without its secret, or an address that a public site must not trust.
    """
    found: dict[str, Provider] = {}
    for code, (log_in, api) in _ADDRESSES.items():
        prefix = f"PANRO_{code.upper()}"
        identity, secret = os.environ.get(f"{prefix}_ID", ""), os.environ.get(f"{prefix}_SECRET", "")
        if bool(identity) != bool(secret):
            raise ImproperlyConfigured(f"{prefix}_ID and {prefix}_SECRET must be set together")
        if identity:
            found[code] = {
                "APP": {"client_id": identity, "secret": secret},
                "LOGIN_URL": _address(f"{prefix}_LOGIN_URL", log_in),
                "API_URL": _address(f"{prefix}_API_URL", api),
            }
    return found


def form_targets() -> list[str]:
    """Return the origins to which a form may lead besides this site's own, for the policy of its pages."""
    return sorted({_origin(provider["LOGIN_URL"]) for provider in providers().values()})


def _address(name: str, default: str) -> str:
    written = os.environ.get(name, default).rstrip("/")
    parts = urlsplit(written)
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.path:
        raise ImproperlyConfigured(f"{name}={written!r}: expected an address such as {default}")
    if parts.scheme != "https" and is_public():
        raise ImproperlyConfigured(f"{name}={written!r}: a public site talks https only")
    return written


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
