"""What kind of deployment this is. Imports nothing heavy, because settings and stand-ins ask it."""

from __future__ import annotations

import os


def is_public() -> bool:
    """Whether this is a public site: it has names of its own, talks https only, and no stand-in may run on it."""
    return bool(os.environ.get("PANRO_HOSTS", "").strip())
