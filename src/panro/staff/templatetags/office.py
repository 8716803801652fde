"""Tags of the office's pages: ``{% load office %}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

from panro.accounts.models import User
from panro.staff import access, queries
from panro.staff.acts import UnknownActError, act
from panro.staff.menu import items
from panro.staff.states import ApprovalState

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from panro.staff.models import Approval

register = template.Library()

_BADGES = {
    ApprovalState.OPEN: "warning",
    ApprovalState.APPROVED: "success",
    ApprovalState.REFUSED: "danger",
    ApprovalState.WITHDRAWN: "",
    ApprovalState.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An entry of the side menu on a certain page; ``count`` is what waits there."""

    label: _StrPromise | str
    address: str
    current: bool
    count: int


@register.simple_tag
def office_menu(request: HttpRequest) -> list[ShownItem]:
    """The side menu for whoever is logged in; the entry whose address the page's begins with is the current one."""
    user = request.user
    if not isinstance(user, User):
        return []
    offered = [(item, item.address) for item in items(access.roles(user))]
    fitting = [address for _item, address in offered if request.path.startswith(address)]
    current = max(fitting, key=len, default="")
    waiting = {"staff:approvals": queries.waiting_for(user)}
    return [
        ShownItem(item.label, address, current=address == current, count=waiting.get(item.route, 0))
        for item, address in offered
    ]


@register.filter
def act_label(approval: Approval) -> str:
    """What an approval is about, in words; its code if the room that knew it is gone."""
    try:
        return str(act(approval.act).label)
    except UnknownActError:
        return approval.act


@register.filter
def act_lines(approval: Approval) -> list[tuple[str, str]]:
    """What would be done, line by line."""
    try:
        return act(approval.act).describe(approval.payload)
    except UnknownActError:
        return []


@register.filter
def approval_badge(approval: Approval) -> str:
    """The kind of badge of its state."""
    return _BADGES[ApprovalState(approval.state)]
