"""The auditor's dossier: for staff with the permission only, never listed, and every opening is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from panro.selection.access import may_open_auditor_dossier
from panro.selection.actions import open_auditor_dossier
from panro.selection.models import PublishedRound

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def dossier(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The auditor's dossier as one file."""
    if not may_open_auditor_dossier(request.user):
        raise PermissionDenied
    published = get_object_or_404(PublishedRound, pk=pk)
    if not published.auditor_file:
        raise Http404
    open_auditor_dossier(published, by=str(request.user.pk), now=timezone.now())
    name = f"panro-{published.edition}-{published.programme}-{published.round}-{published.number}-auditor.zip"
    response = FileResponse(published.auditor_file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "no-store"
    return response
