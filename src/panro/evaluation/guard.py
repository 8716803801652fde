"""The door of a reviewer's pages: reviewers only, and with two factors as everybody who sees applications."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from panro.accounts.models import User
from panro.evaluation.access import reviewer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from panro.evaluation.models import Reviewer

    type ReviewerView = Callable[Concatenate[HttpRequest, Reviewer, ...], HttpResponseBase]


def reviewing(view: ReviewerView) -> Callable[..., HttpResponseBase]:
    """Guard a page of reviewers: 404 for everybody else; who has no second factor sets one up first. Two queries."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
        user = request.user
        reviewer = reviewer_of(user) if isinstance(user, User) else None
        if reviewer is None:
            raise Http404
        if not is_mfa_enabled(user):
            messages.info(request, _("Reviewing needs a second factor. Please set one up first."))
            return redirect("mfa_activate_totp")
        return view(request, reviewer, *args, **kwargs)

    return guarded
