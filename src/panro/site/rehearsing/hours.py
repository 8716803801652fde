"""The hours at which invented applicants act."""

from __future__ import annotations

from datetime import UTC, time
from typing import Final

MORNING: Final = time(2, tzinfo=UTC)
"""Eleven in Seoul: papers are handed in."""
NOON: Final = time(3, tzinfo=UTC)
"""Noon in Seoul: everybody applies, and the tax service is asked."""
