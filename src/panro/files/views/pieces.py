"""A file in pieces, after the tus protocol 1.0 (core, creation, checksum, termination), and a call to finish it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from panro.files import uploads
from panro.files.models import Upload
from panro.files.purposes import UnknownPurposeError
from panro.files.refusals import FileRefusedError
from panro.files.views.whole import described, failed, person, refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
_READ = 256 * 1024
_LONGEST_NUMBER = 15


def _answer(status: int, **headers: str | int) -> HttpResponse:
    response = HttpResponse(status=status, headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store"})
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def _problem(status: int, text: str, **headers: str | int) -> HttpResponse:
    response = JsonResponse({"error": text}, status=status)
    for name, value in {"Tus_Resumable": VERSION, **headers}.items():
        response[name.replace("_", "-")] = str(value)
    return response


@require_http_methods(["POST", "OPTIONS"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload: ``Upload-Length``, and ``Upload-Metadata`` with ``filename`` and ``purpose``."""
    if request.method == "OPTIONS":
        return _answer(
            204, Tus_Version=VERSION, Tus_Extension="creation,checksum,termination", Tus_Checksum_Algorithm="sha256"
        )
    owner = person(request)
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    size = _number(request.headers.get("Upload-Length", ""))
    if size is None or told is None:
        return _problem(400, _("Upload-Length or Upload-Metadata cannot be read."))
    try:
        upload = uploads.begin(
            owner=owner.pk,
            purpose_code=told.get("purpose", ""),
            name=told.get("filename", ""),
            size=size,
            now=timezone.now(),
        )
    except UnknownPurposeError:
        raise Http404 from None
    except FileRefusedError as wrong:
        return refused(wrong)
    return _answer(201, Location=reverse("files:upload", args=[upload.pk]))


@require_http_methods(["HEAD", "PATCH", "DELETE"])
def continue_(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Say how far an upload is, add a piece to it, or give it up."""
    owner = person(request)
    try:
        if request.method == "HEAD":
            held = uploads.find(upload, owner=owner.pk)
            return _answer(200, Upload_Offset=held.received, Upload_Length=held.size)
        if request.method == "DELETE":
            uploads.cancel(upload, owner=owner.pk)
            return _answer(204)
        return _add(request, upload, owner.pk)
    except Upload.DoesNotExist:
        raise Http404 from None
    except uploads.NotOpenError:
        return _problem(410, _("This upload has ended. Please begin again."))


@require_POST
def finish(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Put an upload together and say what file it is; asking again says the same."""
    try:
        file = uploads.finish(upload, owner=person(request).pk, now=timezone.now())
    except Upload.DoesNotExist:
        raise Http404 from None
    except uploads.NotOpenError:
        return _problem(410, _("This upload has ended. Please begin again."))
    except uploads.BusyError:
        return _problem(409, _("The file is being put together. Please wait a moment."), Retry_After=2)
    except uploads.IncompleteError:
        return _problem(409, _("The file has not arrived whole yet. Please go on with the upload."))
    except FileRefusedError as wrong:
        return refused(wrong)
    except OSError:
        return failed()
    return JsonResponse(described(file), status=201)


def _add(request: HttpRequest, upload: UUID, owner: UUID) -> HttpResponse:
    piece = _piece(request)
    if isinstance(piece, HttpResponse):
        return piece
    offset, data = piece
    try:
        received = uploads.add(upload, owner=owner, offset=offset, data=data, now=timezone.now())
    except uploads.OffsetError as wrong:
        return _problem(409, _("The piece does not begin where the upload ends."), Upload_Offset=wrong.expected)
    except FileRefusedError as wrong:
        return refused(wrong)
    except OSError:
        return failed()
    return _answer(204, Upload_Offset=received)


def _piece(request: HttpRequest) -> tuple[int, bytes] | HttpResponse:
    """Read offset and bytes of a piece, or return what is wrong with it."""
    offset = _number(request.headers.get("Upload-Offset", ""))
    length = _number(request.headers.get("Content-Length", ""))
    if request.content_type != PIECE_TYPE:
        return _problem(415, _("A piece must be sent as application/offset+octet-stream."))
    if offset is None or length is None:
        return _problem(400, _("Upload-Offset or Content-Length cannot be read."))
    if length > uploads.PIECE_BYTES:
        return _problem(413, _("The piece is too large."))
    data = _read(request, length)
    if not _agrees(request.headers.get("Upload-Checksum", ""), data):
        return _problem(460, _("The piece was damaged on its way. Please send it again."))
    return offset, data


def _read(request: HttpRequest, length: int) -> bytes:
    """Read the piece; of one that breaks off, what arrived, so that it need not be sent again."""
    data = bytearray()
    try:
        while len(data) < length and (chunk := request.read(min(_READ, length - len(data)))):
            data += chunk
    except UnreadablePostError:
        return bytes(data)
    return bytes(data)


def _agrees(header: str, data: bytes) -> bool:
    if not header:
        return True
    algorithm, _space, digest = header.partition(" ")
    expected = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return algorithm == "sha256" and hmac.compare_digest(expected.encode(), digest.strip().encode())


def _metadata(header: str) -> dict[str, str] | None:
    """Read ``key base64, key base64``; None if it is not that."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None
