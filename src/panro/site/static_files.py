"""Collecting the files browsers load, only when one of them changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = ".collected"


def collect() -> bool:
    """Copy, name by content and compress all static files. Returns False if nothing had changed."""
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def _fingerprint() -> str:
    """A hash over the way of storing, and name, size and time of every source file; far cheaper than collecting."""
    seen = hashlib.sha256(f"{settings.STORAGES['staticfiles']}\n".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()
