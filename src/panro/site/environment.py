"""What a deployment says through environment variables, read once, with messages that say what is wrong."""

from __future__ import annotations

import os
import secrets
from datetime import date
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from pathlib import Path

_POOL = {"min_size": 1, "max_size": 10, "timeout": 10}  # per process, as psycopg_pool names them
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def flag(name: str) -> bool:
    """A yes-or-no variable; unset means no.

    Raises:
        ImproperlyConfigured: the value is neither.
    """
    value = os.environ.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: expected 1 or 0")
    return value in _TRUE


def words(name: str) -> list[str]:
    """A comma-separated variable; unset means none."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def site_address(public_hosts: list[str]) -> str:
    """Where the site is, without a slash at the end: ``PANRO_ADDRESS``, the first public name, or this machine.

    Raises:
        ImproperlyConfigured: ``PANRO_ADDRESS`` is no such address, or on a public site not one of its names.
    """
    default = f"https://{public_hosts[0]}" if public_hosts else "http://localhost:8000"
    written = os.environ.get("PANRO_ADDRESS", "").removesuffix("/") or default
    parts = urlsplit(written)
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.path or parts.query:
        raise ImproperlyConfigured(f"PANRO_ADDRESS={written!r}: expected an address such as {default}")
    if public_hosts and (parts.scheme != "https" or parts.hostname not in public_hosts):
        raise ImproperlyConfigured(f"PANRO_ADDRESS={written!r}: a public site has https and a name of PANRO_HOSTS")
    return written


def database(url: str) -> dict[str, object]:
    """Django's description of the server in ``url``; an empty one leaves the address to the embedded server.

    Raises:
        ImproperlyConfigured: the address is not one PostgreSQL understands, or names no database.
    """
    if not url:
        return {"NAME": "panro", "OPTIONS": {"pool": dict(_POOL)}}
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError as wrong:
        raise ImproperlyConfigured(f"DATABASE_URL: {str(wrong).strip()}") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /name")
    named = {
        "NAME": parts.pop("dbname"),
        "HOST": parts.pop("host", "localhost"),
        "PORT": parts.pop("port", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
    }
    return {**named, "OPTIONS": {**parts, "pool": dict(_POOL)}}


_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")
RUNTIME_ROLE: Final = "PANRO_DATABASE_ROLE"


def run_with_runtime_rights() -> None:
    """Have this process work as the role that may not change what is append-only; before the settings are read.

    Migrations and the database's owner do not call this; a deployment may name another role, or none by an empty text.
    """
    os.environ.setdefault(RUNTIME_ROLE, "panro_runtime")


def database_options(url: str) -> dict[str, object]:
    """Options of the connection: those in ``url``, and the role under which this process works."""
    options = cast("dict[str, object]", database(url)["OPTIONS"])
    role = os.environ.get(RUNTIME_ROLE, "")
    return {**options, "assume_role": role} if role else options


def day(name: str) -> date | None:
    """A variable that holds a day, as 2021-10-20; unset means none.

    Raises:
        ImproperlyConfigured: it is no day.
    """
    value = os.environ.get(name, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a day such as 2021-10-20") from None


def secret_key(kept_in: Path, *, public: bool) -> str:
    """``PANRO_SECRET_KEY``; on a machine that serves only itself, a key made once and kept in a 0600 file.

    Raises:
        ImproperlyConfigured: the site is public and has no key of its own.
    """
    if key := os.environ.get("PANRO_SECRET_KEY"):
        return key
    if public:
        raise ImproperlyConfigured("PANRO_HOSTS is set, so PANRO_SECRET_KEY must be set too (50 random characters)")
    kept_in.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        handle = os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept_in.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return kept_in.read_text(encoding="ascii")


def mailer(letters: Path) -> dict[str, object]:
    """How mail leaves: by the server in ``PANRO_SMTP_HOST``, else into files of the folder ``letters``.

    A server on this machine itself may be spoken to without TLS (``PANRO_SMTP_PLAIN=1``); no other.

    Raises:
        ImproperlyConfigured: the port is no number, or a server elsewhere is to be spoken to without TLS.
    """
    host = os.environ.get("PANRO_SMTP_HOST", "")
    if not host:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(letters)},
        }
    port = os.environ.get("PANRO_SMTP_PORT", "587")
    if not port.isdecimal():
        raise ImproperlyConfigured(f"PANRO_SMTP_PORT={port!r}: expected a number")
    plain = flag("PANRO_SMTP_PLAIN")
    if plain and host not in _THIS_MACHINE:
        raise ImproperlyConfigured(f"PANRO_SMTP_PLAIN is set, but {host} is not this machine: mail leaves by TLS only")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": host,
            "port": int(port),
            "username": os.environ.get("PANRO_SMTP_USER", ""),
            "password": os.environ.get("PANRO_SMTP_PASSWORD", ""),
            "use_tls": not plain,
            "timeout": 20,
        },
    }
