"""The address to which the text-message provider reports."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from panro.notify import conf, reports

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REPORT_BYTES = 1024 * 1024


@csrf_exempt
@login_not_required
@require_POST
def solapi_report(request: HttpRequest, secret: str) -> HttpResponse:
    """Take reports. The provider does not sign them: the address is secret, and what they say is asked back."""
    known = conf.hook()
    if not known or not hmac.compare_digest(known.encode(), secret.encode()):
        raise Http404
    body = request.read(REPORT_BYTES + 1)
    if len(body) > REPORT_BYTES:
        return HttpResponseBadRequest("too many reports in one call")
    try:
        new = reports.take(body, now=timezone.now())
    except reports.BadReportError as wrong:
        return HttpResponseBadRequest(f"not a list of reports: {wrong}")
    return JsonResponse({"new": new})
