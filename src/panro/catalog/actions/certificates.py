"""Adding and removing certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.accounts.lifecycles import WrongStateError
from panro.catalog.actions.products import InvalidError, locked
from panro.catalog.faults import Fault
from panro.catalog.models import ProductCertificate
from panro.catalog.states import ProductState
from panro.files import actions as files
from panro.record.actions import record

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.files.models import StoredFile


@transaction.atomic
def add_certificate(
    product: UUID,
    kind: str,
    *,
    number: str,
    issuer: str,
    issued_on: date | None,
    valid_to: date | None,
    file: StoredFile | None,
    by: User,
    now: datetime,
) -> ProductCertificate:
    """Add a certificate: its number, its paper, or both. The same one given twice (a double click) is one.

    Raises:
        InvalidError: neither number nor paper, or the dates contradict each other.
        WrongStateError: the product is put away.
    """
    faults = []
    if not number and file is None:
        faults.append(Fault("number_or_file", "number"))
    if issued_on and valid_to and valid_to < issued_on:
        faults.append(Fault("ends_before", "valid_to"))
    if faults:
        raise InvalidError(faults)
    row = locked(product)
    if row.state == ProductState.RETIRED:
        raise WrongStateError("a product that is put away is restored before it is changed")
    given = {"kind": kind, "number": number, "issuer": issuer, "issued_on": issued_on, "valid_to": valid_to}
    there = row.certificates.filter(**given, file=None).first() if file is None else None
    if there is not None:
        return there
    made = ProductCertificate.objects.create(product=row, file=file, **given)
    record(
        "product_certificate_added",
        actor=str(by.pk),
        subject=f"product:{row.pk}",
        at=now,
        now=now,
        payload={"kind": kind, "number": number},
    )
    return made


@transaction.atomic
def remove_certificate(product: UUID, certificate: UUID, *, by: User, now: datetime) -> None:
    """Remove a certificate, and destroy its paper if no other product shows it. What is gone already stays gone."""
    row = locked(product)
    one = row.certificates.filter(pk=certificate).first()
    if one is None:
        return
    file = one.file_id
    one.delete()
    record(
        "product_certificate_removed",
        actor=str(by.pk),
        subject=f"product:{row.pk}",
        at=now,
        now=now,
        payload={"kind": one.kind, "number": one.number},
    )
    if file is not None and not ProductCertificate.objects.filter(file=file).exists():
        files.destroy([file], actor=str(by.pk), reason="certificate removed", now=now)
