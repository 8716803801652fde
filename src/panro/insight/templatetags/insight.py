"""Tags of this room's pages: ``{% load insight %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.utils.html import format_html, format_html_join

from panro.insight.states import Dataset, ExportState
from panro.screening.states import CaseState
from panro.selection.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from panro.insight.models import ExportJob
    from panro.insight.shown import Line

register = template.Library()

_BADGES: Final = {
    ExportState.QUEUED: "information",
    ExportState.RUNNING: "information",
    ExportState.DONE: "success",
    ExportState.FAILED: "danger",
    ExportState.EXPIRED: "",
}


@register.filter
def export_badge(job: ExportJob) -> str:
    """The kind of badge of an export's state."""
    return _BADGES[ExportState(job.state)]


@register.filter
def filter_name(job: ExportJob) -> str:
    """Which state or outcome an export is narrowed to, in words."""
    kind = CaseState if job.dataset == Dataset.CASES else Outcome
    return str(kind(job.state_filter).label)


@register.simple_tag
def table_rows(lines: Iterable[Line]) -> SafeString:
    """The rows of a table of figures: hundreds of cells, for which loops of a template would be slow."""
    return format_html_join(
        "",
        '<tr{}><th scope="row">{}</th>{}</tr>',
        (
            (
                format_html(' class="{}"', "under") if line.level else "",
                line.label,
                format_html_join("", '<td class="number">{}</td>', ((cell,) for cell in line.cells)),
            )
            for line in lines
        ),
    )
