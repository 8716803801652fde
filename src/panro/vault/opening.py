"""What this room tells the rooms below when the site starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from panro.files import access as file_access
from panro.files import purposes
from panro.files.content import Kind
from panro.parties import checks
from panro.parties.menu import Item, register
from panro.record.naming import name_seen
from panro.vault import access, keeping, registers
from panro.vault.actions.papers import PURPOSE, settle_file

if TYPE_CHECKING:
    from datetime import datetime

    from panro.files.models import StoredFile

MIB: Final = 1024 * 1024
MAX_BYTES: Final = 30 * MIB
MAX_FILES: Final = 2_000
"""Of one account, which may look after the papers of several businesses."""
KINDS: Final = frozenset(
    {Kind.PDF, Kind.PNG, Kind.JPEG, Kind.HEIC, Kind.HWP, Kind.HWPX, Kind.XLSX, Kind.DOCX, Kind.ZIP}
)


def open_room() -> None:
    """Declare the purpose of files, who may open them, the pages in the side menu, and what must hold."""
    purposes.register(purposes.Purpose(PURPOSE, KINDS, MAX_BYTES, MAX_FILES, settled=_settled))
    file_access.register(PURPOSE, access.may_open_file, opened=access.note_opening)
    checks.register(registers.note_checks)
    keeping.register_checks()
    name_seen("paper_opened", _("Opened a paper"))
    name_seen("papers_listed", _("Looked at the list of papers"))
    name_seen("facts_seen", _("Looked at facts"))
    register(Item(pgettext_lazy("vault", "Papers"), "vault:papers", 40))
    register(Item(pgettext_lazy("vault", "Facts"), "vault:facts", 50))
    register(Item(pgettext_lazy("vault", "Consents"), "vault:consents", 60))
    register(Item(_("Who saw what"), "vault:seen", 70))


def _settled(file: StoredFile, now: datetime) -> None:
    settle_file(file, now)
