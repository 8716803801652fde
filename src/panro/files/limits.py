"""Refusing a request that is larger than any file may be, before it is read."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from panro.files import conf

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict


class SizeGuard(FileUploadHandler):
    """The first of ``FILE_UPLOAD_HANDLERS``: stops at the announced length, or at what really arrives."""

    _arrived = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],  # noqa: N803 - named by Django
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile[Any]]] | None:
        """Look at the announced length; the body is parsed by Django as ever."""
        del input_data, META, boundary, encoding
        self._arrived = 0
        if content_length > conf.request_bytes():
            raise RequestDataTooBig("the request is larger than any file may be")
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and pass on."""
        del start
        self._arrived += len(raw_data)
        if self._arrived > conf.request_bytes():
            raise RequestDataTooBig("the request is larger than any file may be")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave making the file to the handlers after this one."""
        del file_size
