"""The lifecycle of an export, and what may be exported in which form."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportState(models.TextChoices):
    """Where an export stands."""

    QUEUED = "queued", _("waits to be made")
    RUNNING = "running", _("being made")
    DONE = "done", pgettext_lazy("export", "ready")
    FAILED = "failed", _("could not be made")
    EXPIRED = "expired", _("deleted")


TRANSITIONS: Final[dict[ExportState, frozenset[ExportState]]] = {
    ExportState.QUEUED: frozenset({ExportState.RUNNING}),
    ExportState.RUNNING: frozenset({ExportState.QUEUED, ExportState.DONE, ExportState.FAILED}),
    ExportState.DONE: frozenset({ExportState.EXPIRED}),
    ExportState.FAILED: frozenset({ExportState.QUEUED, ExportState.EXPIRED}),
    ExportState.EXPIRED: frozenset(),
}
"""From a state to those that may follow it; the trigger ``insight_export_guard`` holds the same table.

A running one is queued again when its worker has not been heard of, a failed one when somebody asks for it.
"""

GOES_ON: Final = frozenset({ExportState.QUEUED, ExportState.RUNNING})
"""Something will still happen by itself."""


class Dataset(models.TextChoices):
    """What is exported."""

    CASES = "cases", _("Cases at the desk")
    RESULTS = "results", _("Published results with their applicants")


class Form(models.TextChoices):
    """As which kind of file."""

    XLSX = "xlsx", _("Excel workbook (XLSX)")
    CSV = "csv", _("Text table (CSV, UTF-8)")
