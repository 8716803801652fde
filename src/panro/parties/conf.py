"""What a deployment says about the tax service, in environment variables.

============================ ======================================================================================
``PANRO_TAX_SERVICE_KEY``     key of data.go.kr for the business registrations of the National Tax Service; without it
                              nothing is asked, and checks wait
``PANRO_TAX_SERVICE_URL``     where the service is; default ``https://api.odcloud.kr``
``PANRO_TAX_SERVICE_CALLS``   calls that the key allows on a day; default 1,000,000
``PANRO_TAX_SERVICE_TIMEOUT`` seconds to wait for an answer; default 15
============================ ======================================================================================
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from panro.accounts.deployment import is_public

_SERVICE = "https://api.odcloud.kr"


@dataclass(frozen=True, slots=True)
class TaxAccount:
    """The account at the service."""

    key: str
    url: str
    calls_per_day: int
    timeout: float


def tax_account() -> TaxAccount | None:
    """Return the account, or None where the tax service is not set up.

    Raises:
        ImproperlyConfigured: a value is wrong, or a public site would ask without encryption.
    """
    key = os.environ.get("PANRO_TAX_SERVICE_KEY", "")
    if not key:
        return None
    url = os.environ.get("PANRO_TAX_SERVICE_URL", _SERVICE).rstrip("/")
    if not url.startswith(("https://", "http://")) or (is_public() and not url.startswith("https://")):
        raise ImproperlyConfigured(f"PANRO_TAX_SERVICE_URL={url!r}: expected an address with https://")
    return TaxAccount(
        key=key,
        url=url,
        calls_per_day=_whole("PANRO_TAX_SERVICE_CALLS", 1_000_000),
        timeout=float(_whole("PANRO_TAX_SERVICE_TIMEOUT", 15)),
    )


def _whole(name: str, default: int) -> int:
    written = os.environ.get(name, str(default))
    if not written.isdecimal() or int(written) == 0:
        raise ImproperlyConfigured(f"{name}={written!r}: expected a whole number above 0")
    return int(written)
