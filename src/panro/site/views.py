"""Pages of the roof itself: health, and what is shown on errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from panro.intake.views.kept import to_send_again

if TYPE_CHECKING:
    from django.http import HttpRequest


def health(_request: HttpRequest) -> HttpResponse:
    """For supervisors: 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    del exception  # its text is for the log, not for the visitor
    return _error(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    del exception
    return _error(request, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was open too long, or that another site sent."""
    del reason
    context = {"again": to_send_again(request)}
    return render(request, "errors/form_expired.html", context, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    del exception
    return _error(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Rendered without the request, because what failed may be part of every page."""
    del request
    return HttpResponseServerError(render_to_string("errors/500.html"))


def _error(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, f"errors/{status.value}.html", status=status)
