"""How much a spreadsheet may hold; stated on the page before anybody hands one in."""

from __future__ import annotations

from typing import Final

ROWS: Final = 5_000
LINES: Final = 50_000
"""Lines that a workbook may spell out, empty ones with them."""
COLUMNS: Final = 200
UNPACKED: Final = 64 * 1024 * 1024
"""Bytes that a workbook may unpack to: 5,000 rows of long texts need a tenth of it."""
