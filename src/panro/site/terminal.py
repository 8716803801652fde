"""Who sits at the terminal."""

from __future__ import annotations

import os


def terminal_language() -> str:
    """Korean where the terminal is set to Korean, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.startswith("ko") else "en"
    return "en"
