"""Tags of the desk's pages: ``{% load desk %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from panro.korea.numbers import format_business_number
from panro.screening.showing import RISK_BADGES, STATE_BADGES
from panro.screening.states import CaseState, Risk

if TYPE_CHECKING:
    from datetime import timedelta

    from panro.screening.models import Case

register = template.Library()


@register.filter
def state_badge(case: Case) -> str:
    """The kind of badge of a case's state."""
    return STATE_BADGES[CaseState(case.state)]


@register.filter
def risk_badge(case: Case) -> str:
    """The kind of badge of what the rules say."""
    return RISK_BADGES[Risk(case.risk)]


@register.filter
def requirement_label(requirement: str) -> str:
    """A requirement in words."""
    return str(CaseState(requirement).label) if requirement else ""


@register.filter
def hyphened(number: str) -> str:
    """A business number as it is printed; a dash if there is none."""
    return format_business_number(number) if number else "–"


@register.filter
def whole_days(span: timedelta) -> int:
    """How many whole days a span has."""
    return span.days
