"""What this room puts into the seams of the rooms below it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from panro.catalog import access, checks
from panro.catalog.actions import imports, pictures
from panro.files import access as files_access
from panro.files import purposes
from panro.files.conf import MIB
from panro.files.content import Kind
from panro.files.purposes import Purpose
from panro.parties import menu
from panro.parties.states import Kind as PartyKind

PICTURE: Final = Purpose(
    "product_image",
    frozenset({Kind.JPEG, Kind.PNG, Kind.HEIC}),
    max_bytes=20 * MIB,
    max_files=50_000,
    settled=pictures.file_settled,
)
CERTIFICATE: Final = Purpose(
    "product_certificate", frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC}), max_bytes=20 * MIB, max_files=20_000
)
IMPORT: Final = Purpose(
    "product_import",
    frozenset({Kind.XLSX, Kind.CSV}),
    max_bytes=10 * MIB,
    max_files=500,
    settled=imports.file_settled,
)


def fill() -> None:
    """Declare files, their openers and the menu entry; safe to call again."""
    checks.fill()
    for purpose in (PICTURE, CERTIFICATE, IMPORT):
        purposes.register(purpose)
    files_access.register(PICTURE.code, access.may_open_picture)
    files_access.register(CERTIFICATE.code, access.may_open_certificate)
    files_access.register(IMPORT.code, access.may_open_import)
    menu.register(
        menu.Item(_("Products"), "catalog:products", 30, kinds=frozenset({PartyKind.BUSINESS, PartyKind.ORGANISATION}))
    )
