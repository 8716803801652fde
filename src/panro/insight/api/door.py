"""The door of open data: it only lets read, slows down who asks too often, and answers with problems and ETags."""

from __future__ import annotations

import hashlib
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from panro.accounts.limits import allow
from panro.insight.api.shapes import ProblemShape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponseBase

    from panro.insight.api.shapes import Shape, Wrong

    type View = Callable[..., HttpResponseBase]

PER: Final = 600
SECONDS: Final = 60
"""So many requests from one address within so many seconds."""
PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json"
READING: Final = ("GET", "HEAD", "OPTIONS")


class ProblemError(Exception):
    """A request that gets no answer; becomes a problem document."""

    def __init__(self, status: int, detail: str, errors: Sequence[Wrong] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)


def open_to_all(view: View) -> View:
    """Guard a view of open data. The view raises :class:`ProblemError` for what it cannot answer."""

    @csrf_exempt  # nothing is ever changed here; a request to change something is told so
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
        response = _answered(view, request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After, Link"
        return response

    return guarded


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - passed on
    if request.method not in READING:
        response = problem(request, ProblemError(405, "This can only be read."))
        response["Allow"] = ", ".join(READING)
        return response
    if request.method == "OPTIONS":
        return HttpResponse(
            status=204, headers={"Allow": ", ".join(READING), "Access-Control-Allow-Methods": ", ".join(READING)}
        )
    if not allow(f"open:{get_adapter().get_client_ip(request)}", PER, SECONDS):
        response = problem(
            request, ProblemError(429, f"At most {PER} requests in {SECONDS} seconds. Please wait a moment.")
        )
        response["Retry-After"] = str(SECONDS)
        return response
    try:
        return view(request, *args, **kwargs)
    except ProblemError as wrong:
        return problem(request, wrong)
    except Http404:
        return problem(request, ProblemError(404, "There is no such thing."))


def problem(request: HttpRequest, wrong: ProblemError) -> HttpResponse:
    """Say why there is no answer."""
    status = HTTPStatus(wrong.status)
    shape = ProblemShape(
        type="about:blank",
        title=status.phrase,
        status=wrong.status,
        detail=wrong.detail,
        instance=request.path,
        errors=wrong.errors,
    )
    return HttpResponse(
        shape.model_dump_json(), status=wrong.status, content_type=PROBLEM, headers={"Cache-Control": "no-store"}
    )


def answer(request: HttpRequest, shape: Shape, *, changed: datetime | None = None) -> HttpResponseBase:
    """Give a shape as JSON; 304 if the visitor has it already.

    Args:
        request: what was asked.
        shape: the answer.
        changed: when it last changed, if anything is known of it.
    """
    return given(request, shape.model_dump_json().encode(), JSON, changed=changed)


def given(request: HttpRequest, body: bytes, media_type: str, *, changed: datetime | None = None) -> HttpResponseBase:
    """Give bytes with their ETag; 304 if the visitor has them already."""
    response = HttpResponse(body, content_type=media_type)
    return as_known(request, response, etag=hashlib.sha256(body).hexdigest(), changed=changed)


def as_known(
    request: HttpRequest, response: HttpResponseBase, *, etag: str, changed: datetime | None = None
) -> HttpResponseBase:
    """Stamp a response, and send it only to who does not have it already."""
    stamp = None if changed is None else int(changed.timestamp())
    response["ETag"] = quoted = f'"{etag}"'
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    response["Cache-Control"] = "public, max-age=60"
    kept: HttpResponseBase | None = get_conditional_response(request, etag=quoted, last_modified=stamp)
    if kept is None:
        return response
    kept["Cache-Control"] = response["Cache-Control"]
    return kept
