"""What a deployment says about files, in environment variables. Imports nothing heavy: the settings read it too.

======================== ==========================================================================================
``PANRO_S3_BUCKET``       keep files in this bucket; without it they lie in a folder of this machine
``PANRO_S3_ENDPOINT``     address of the S3-compatible service; without it Amazon's own
``PANRO_S3_REGION``       its region; default ``us-east-1``
``PANRO_S3_KEY``          access key
``PANRO_S3_SECRET``       its secret
``PANRO_CLAMD``           where clamd listens: ``unix:/run/clamav/clamd.ctl`` or ``tcp:127.0.0.1:3310``; without it
                          no file can be called clean, so none can be opened
``PANRO_UPLOAD_MB``       the largest request with files, in MiB; default 64
======================== ==========================================================================================
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from pathlib import Path

MIB: Final = 1024 * 1024
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class UnixSocket:
    """A socket file."""

    path: str


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host and a port."""

    host: str
    port: int


def storage(folder: Path) -> dict[str, object]:
    """Return what ``STORAGES["default"]`` should be: the bucket if one is named, else a folder.

    Raises:
        ImproperlyConfigured: the bucket is named but not its keys, or the address is no URL.
    """
    bucket = os.environ.get("PANRO_S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(folder)}}
    options = {
        "bucket": bucket,
        "endpoint": os.environ.get("PANRO_S3_ENDPOINT", ""),
        "region": os.environ.get("PANRO_S3_REGION", "us-east-1"),
        "key": os.environ.get("PANRO_S3_KEY", ""),
        "secret": os.environ.get("PANRO_S3_SECRET", ""),
    }
    if not options["key"] or not options["secret"]:
        raise ImproperlyConfigured("PANRO_S3_BUCKET is set, so PANRO_S3_KEY and PANRO_S3_SECRET must be set too")
    if options["endpoint"] and not options["endpoint"].startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"PANRO_S3_ENDPOINT={options['endpoint']!r}: expected an address with https://")
    return {"BACKEND": "panro.files.s3.S3Storage", "OPTIONS": options}


def clamd() -> UnixSocket | TcpAddress | None:
    """Return where clamd listens; None if it is not set up.

    Raises:
        ImproperlyConfigured: the address is neither form.
    """
    written = os.environ.get("PANRO_CLAMD", "")
    if not written:
        return None
    scheme, _, rest = written.partition(":")
    if scheme == "unix" and rest.startswith("/"):
        return UnixSocket(rest)
    host, _, port = rest.rpartition(":")
    if scheme == "tcp" and host and port.isdecimal() and 0 < int(port) <= _HIGHEST_PORT:
        return TcpAddress(host, int(port))
    raise ImproperlyConfigured(f"PANRO_CLAMD={written!r}: expected unix:/path/of/socket or tcp:host:port")


def request_bytes() -> int:
    """Return the size of the largest request with files, in bytes.

    Raises:
        ImproperlyConfigured: it is no number.
    """
    written = os.environ.get("PANRO_UPLOAD_MB", "64")
    if not written.isdecimal() or int(written) == 0:
        raise ImproperlyConfigured(f"PANRO_UPLOAD_MB={written!r}: expected a number of MiB")
    return int(written) * MIB
