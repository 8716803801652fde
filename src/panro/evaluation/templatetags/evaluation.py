"""Tags of the evaluation's pages: ``{% load evaluation %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.urls import reverse

from panro.accounts.language import say
from panro.evaluation.pledge import PLEDGE
from panro.evaluation.states import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from panro.evaluation.models import Evaluation, StageRun
    from panro.evaluation.queries import Progress

register = template.Library()

_BADGES: Final = {
    RunState.DRAFT: "",
    RunState.ASSIGNED: "information",
    RunState.OPEN: "warning",
    RunState.CLOSED: "information",
    RunState.SEALED: "success",
}


@register.filter
def run_badge(run: StageRun) -> str:
    """The kind of badge of a stage's state."""
    return _BADGES[RunState(run.state)]


@register.simple_tag
def round_address(evaluation: Evaluation) -> str:
    """Where a round is shown."""
    return reverse("evaluation:round", args=evaluation.round_id.split("/"))


@register.simple_tag
def stage_address(run: StageRun) -> str:
    """Where a stage is shown."""
    return reverse("evaluation:stage", args=[*run.evaluation.round_id.split("/"), run.stage])


@register.simple_tag
def pledge() -> list[str]:
    """The lines of a reviewer's word."""
    return [say(line) for line in PLEDGE]


@register.filter
def who(code: str, people: Iterable[Progress]) -> str:
    """The name of the reviewer with a code."""
    return next((str(one.reviewer.user) for one in people if one.reviewer.code == code), code)


@register.filter
def plain(value: Decimal) -> str:
    """A number without zeros at its end."""
    return format(value.normalize(), "f")
