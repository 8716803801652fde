"""What a deployment says about messages, in environment variables.

======================== ==========================================================================================
``PANRO_SOLAPI_KEY``      key of the text-message account; without it no message goes to telephones
``PANRO_SOLAPI_SECRET``   its secret
``PANRO_SOLAPI_SENDER``   the registered sender's number, digits only
``PANRO_SOLAPI_CHANNEL``  the Kakao channel (``pfId``) of Alimtalk; without it text messages are sent instead
``PANRO_SOLAPI_URL``      where the service is; default ``https://api.solapi.com``
``PANRO_SOLAPI_HOOK``     the secret last part of the address reports come to; without it none is taken
``PANRO_TEMPLATES``       a folder of templates that replace those of the program
======================== ==========================================================================================
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from panro.accounts.deployment import is_public

_SERVICE = "https://api.solapi.com"
_HOOK_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Solapi:
    """The account at the text-message provider."""

    key: str
    secret: str
    sender: str
    channel: str
    url: str


def solapi() -> Solapi | None:
    """Return the account, or None where messages to telephones are not set up.

    Raises:
        ImproperlyConfigured: half of it is missing.
    """
    key = os.environ.get("PANRO_SOLAPI_KEY", "")
    if not key:
        return None
    account = Solapi(
        key=key,
        secret=os.environ.get("PANRO_SOLAPI_SECRET", ""),
        sender=os.environ.get("PANRO_SOLAPI_SENDER", ""),
        channel=os.environ.get("PANRO_SOLAPI_CHANNEL", ""),
        url=os.environ.get("PANRO_SOLAPI_URL", _SERVICE).rstrip("/"),
    )
    if not account.secret or not account.sender.isdecimal():
        raise ImproperlyConfigured(
            "PANRO_SOLAPI_KEY is set, so PANRO_SOLAPI_SECRET and PANRO_SOLAPI_SENDER (digits) must be set too"
        )
    if not account.url.startswith("https://") and is_public():
        raise ImproperlyConfigured(f"PANRO_SOLAPI_URL={account.url!r}: a public site sends over https only")
    return account


def hook() -> str:
    """Return the secret part of the address of reports; empty if reports are not taken.

    Raises:
        ImproperlyConfigured: it is short enough to guess.
    """
    secret = os.environ.get("PANRO_SOLAPI_HOOK", "")
    if secret and len(secret) < _HOOK_LENGTH:
        raise ImproperlyConfigured(f"PANRO_SOLAPI_HOOK must have at least {_HOOK_LENGTH} characters")
    return secret


def templates_folder() -> Path | None:
    """Return the deployment's own folder of templates.

    Raises:
        ImproperlyConfigured: it is not there.
    """
    named = os.environ.get("PANRO_TEMPLATES", "")
    if not named:
        return None
    if not (folder := Path(named)).is_dir():
        raise ImproperlyConfigured(f"PANRO_TEMPLATES={named!r}: there is no such folder")
    return folder
