"""Who may open files of the catalogue: members of a party that shows them, and whom rooms above let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.catalog.models import ProductCertificate, ProductImage, ProductImport
from panro.parties.access import Right, may, membership

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from panro.accounts.models import User
    from panro.files.models import StoredFile

    type MaySee = Callable[[User, StoredFile], bool]

_others: dict[str, MaySee] = {}


def register_viewer(name: str, may_see: MaySee) -> None:
    """Let others see pictures and certificates (officers, reviewers): a seam that rooms above fill.

    Args:
        name: of the rule; registering it again replaces it.
        may_see: asked only for somebody who is no member.
    """
    _others[name] = may_see


def may_open_picture(user: User, file: StoredFile) -> bool:
    """Whether somebody may see a picture of a product."""
    parties = ProductImage.objects.filter(file=file).values_list("product__party_id", flat=True).distinct()
    return _acts_for_any(user, parties) or any(may_see(user, file) for may_see in _others.values())


def may_open_certificate(user: User, file: StoredFile) -> bool:
    """Whether somebody may open the paper of a certificate."""
    parties = ProductCertificate.objects.filter(file=file).values_list("product__party_id", flat=True).distinct()
    return _acts_for_any(user, parties) or any(may_see(user, file) for may_see in _others.values())


def may_open_import(user: User, file: StoredFile) -> bool:
    """Whether somebody may open a spreadsheet that was handed in."""
    return _acts_for_any(user, ProductImport.objects.filter(file=file).values_list("party_id", flat=True))


def _acts_for_any(user: User, parties: Iterable[UUID]) -> bool:
    return any(may(membership(user, party), Right.VIEW) for party in parties)
