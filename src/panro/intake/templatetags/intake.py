"""Filters of the room's pages: ``{% load intake %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from panro.intake.states import State

if TYPE_CHECKING:
    import datetime as dt

register = template.Library()

_BADGES: Final = {
    State.DRAFT: "information",
    State.MISSED: "",
    State.SUBMITTED: "success",
    State.SUPPLEMENTING: "warning",
    State.CLOSED: "primary",
    State.WITHDRAWN: "",
}


@register.filter
def minute(moment: dt.datetime) -> str:
    """The minute in Seoul: ``14:03``."""
    return date_format(timezone.localtime(moment), "H:i")


@register.filter
def state_kind(state: str) -> str:
    """The kind of badge that shows where an application stands."""
    return _BADGES[State(state)]
