"""The day on which the pages stand: the clock of every page, under the name by which this room has always asked it."""

from __future__ import annotations

from panro.ui.clock import SEOUL, day_of, pretended_day, today

__all__ = ["SEOUL", "day_of", "pretended_day", "today"]
