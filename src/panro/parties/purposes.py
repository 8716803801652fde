"""What this room takes files for: the certificate that proves a business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone

from panro.accounts.models import User
from panro.files import access, purposes
from panro.files.content import Kind
from panro.parties.models import Claim
from panro.record import access_log

if TYPE_CHECKING:
    from django.http import HttpRequest

    from panro.files.models import StoredFile

PROOF: Final = "party_proof"
MIB: Final = 1024 * 1024


def register() -> None:
    """Declare the purpose, and who may open its files: whoever handed one in, and officers, who decide on it."""
    kinds = frozenset({Kind.PDF, Kind.PNG, Kind.JPEG, Kind.HEIC})
    purposes.register(purposes.Purpose(PROOF, kinds, max_bytes=20 * MIB, max_files=30))
    access.register(PROOF, _may_open, opened=_opened)


def _may_open(user: User, file: StoredFile) -> bool:
    return user.is_staff or access.owns(user, file)


def _opened(request: HttpRequest, file: StoredFile) -> None:
    """Write into the access log that an officer read a certificate."""
    claim = Claim.objects.filter(evidence=file).first()
    if claim is None or not isinstance(request.user, User) or file.owner_id == request.user.pk:
        return
    now = timezone.now()
    access_log.note(
        actor=str(request.user.pk),
        party=f"party:{claim.party_id}",
        what="proof_opened",
        why="proof of a business",
        at=now,
        now=now,
        source=request.META.get("REMOTE_ADDR", ""),
    )
