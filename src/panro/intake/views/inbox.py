"""Messages to a member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panro.notify import actions, queries
from panro.parties.views.guard import person
from panro.ui.pager import BadCursorError, neighbours, paginate

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

A_PAGE: Final = 20


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first."""
    user = person(request)
    try:
        page = paginate(queries.inbox(user.pk), order=["-created", "-id"], cursor=request.GET.get("page"), size=A_PAGE)
    except BadCursorError:
        raise Http404 from None
    context = {
        "rows": page.rows,
        "unread": queries.unread_count(user.pk),
        **neighbours(page, request.GET),
    }
    return render(request, "intake/inbox.html", context)


@require_GET
def message(request: HttpRequest, message: UUID) -> HttpResponse:
    """One message; whoever opens it has read it."""
    user = person(request)
    found = queries.inbox(user.pk).filter(pk=message).first()
    if found is None:
        raise Http404
    actions.mark_read(user.pk, [found.pk], now=timezone.now())
    return render(request, "intake/message.html", {"shown": found})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(person(request).pk, now=timezone.now())
    messages.success(request, _("All messages are marked as read."))
    return redirect("intake:inbox")
