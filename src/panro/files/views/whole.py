"""A file in one request: handed in, asked about, handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panro.accounts.models import User
from panro.files import access, actions, names, storage
from panro.files.models import StoredFile
from panro.files.purposes import UnknownPurposeError
from panro.files.refusals import FileRefusedError, Refusal, explain

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponseBase

STATUS = {Refusal.TOO_LARGE: 413, Refusal.WRONG_TYPE: 415, Refusal.TOO_MANY: 409}


def person(request: HttpRequest) -> User:
    """Return who is logged in.

    Raises:
        Http404: nobody.
    """
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def refused(wrong: FileRefusedError) -> JsonResponse:
    """Answer why a file is not taken."""
    return JsonResponse({"code": wrong.refusal.value, "error": str(wrong)}, status=STATUS.get(wrong.refusal, 422))


def failed() -> JsonResponse:
    """Answer that the storage is out of order."""
    text = _("The file could not be stored just now. Please try again in a few minutes.")
    return JsonResponse({"code": "storage", "error": text}, status=503)


def described(file: StoredFile) -> dict[str, object]:
    """Return what a page shows of a file."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "state": file.state,
        "label": file.get_state_display(),
        "reason": explain(file.reason),
        "address": reverse("files:open", args=[file.pk]),
    }


@require_POST
def hand_in(request: HttpRequest) -> JsonResponse:
    """Take a file of a form: fields ``purpose`` and ``file``."""
    owner = person(request)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile):
        return refused(FileRefusedError(Refusal.EMPTY))
    try:
        file = actions.store(
            owner=owner.pk,
            purpose_code=request.POST.get("purpose", ""),
            name=given.name or "",
            stream=given,
            now=timezone.now(),
        )
    except UnknownPurposeError:
        raise Http404 from None
    except FileRefusedError as wrong:
        return refused(wrong)
    except OSError:
        return failed()
    return JsonResponse(described(file), status=201)


@require_GET
def state(request: HttpRequest, file: UUID) -> JsonResponse:
    """Say where a file stands, to whoever handed it in."""
    found = StoredFile.objects.filter(pk=file, owner=person(request).pk).first()
    if found is None:
        raise Http404
    return JsonResponse(described(found))


@require_GET
def open_file(request: HttpRequest, file: UUID) -> HttpResponseBase:
    """Hand a file out: a clean one, to whom it is open, and never as a page of this site."""
    found = StoredFile.objects.filter(pk=file).first()
    if found is None or not access.may_open(person(request), found):
        raise Http404
    try:
        stream = storage.files_storage().open(found.key)
    except OSError:
        return failed()
    access.note_opening(request, found)
    response = FileResponse(stream, content_type=found.type)
    response["Content-Disposition"] = names.disposition(found.name)
    response["Content-Length"] = str(found.size)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
