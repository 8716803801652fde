"""Addresses of pages as they stand in messages, which know no request."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """Return a path of the site with the site before it."""
    return f"{settings.SITE_ADDRESS}{path}"
