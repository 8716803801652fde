"""Opening, saving, retiring, restoring and copying products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from panro.accounts.lifecycles import WrongStateError, check
from panro.catalog.faults import Fault
from panro.catalog.fields import FIELDS
from panro.catalog.models import Disclosure, Product, ProductCertificate, ProductImage
from panro.catalog.models.products import NAME_LENGTH
from panro.catalog.states import PRODUCT_TRANSITIONS, ProductState
from panro.catalog.writing import count_again, differing, faults_with, image_counts, new_codes, value_of, write
from panro.record.actions import Deed, record, record_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.catalog.fields import Value

BATCH: Final = 500
ACTOR: Final = "system:catalog"


class StaleError(RuntimeError):
    """Somebody changed the same fields meanwhile. Nothing was stored.

    Attributes:
        stored: the product as it stands.
        conflicts: per field that both changed, what is stored now.
    """

    def __init__(self, stored: Product, conflicts: Mapping[str, Value]) -> None:
        super().__init__(f"product {stored.pk} stands at revision {stored.revision}")
        self.stored = stored
        self.conflicts = dict(conflicts)


class InvalidError(ValueError):
    """The values contradict each other or what is stored. Nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Saved:
    """A product after a save, and which fields that changed."""

    product: Product
    changed: frozenset[str]


@transaction.atomic
def open_product(
    party: UUID, *, identity: UUID, name: str, category: str, by: User, now: datetime, today: date
) -> Product:
    """Begin a product as a draft. Asked again with the same identity (a double click), it is the same product.

    Raises:
        Product.DoesNotExist: the identity belongs to another party's product.
    """
    (code,) = new_codes(party, 1)
    there = Product.objects.filter(pk=identity).first()
    if there is not None:
        return Product.objects.get(pk=identity, party=party)
    product = Product(
        id=identity, party_id=party, code=code, name=name, category=category, created=now, saved=now, saved_by=by
    )
    disclosure = write(product, None, {}, on=today)
    product.revision = 1
    count_again(product, disclosure, images=0, on=today)
    product.save(force_insert=True)
    if disclosure:
        disclosure.save(force_insert=True)
    _note("product_opened", product, by, now, {"code": code, "name": name, "category": category})
    return product


@dataclass(frozen=True, slots=True)
class Beginning:
    """A product to begin with others: whose, by whom, under which code of the owner's own, and what is known of it.

    ``values`` are by key of field, as :func:`save_product` takes them.
    """

    party: UUID
    by: UUID
    code: str
    values: Mapping[str, Value]


@transaction.atomic
def open_products(begun: Sequence[Beginning], *, now: datetime, today: date) -> list[Product]:
    """Begin products of many parties at once, in the order given; all or none. Constant statements.

    Raises:
        InvalidError: prices of one contradict each other, or a code is taken.
    """
    products, disclosures = [], []
    for one in begun:
        product = Product(party_id=one.party, code=one.code, created=now, saved=now, saved_by_id=one.by)
        if faults := faults_with(product, one.values):
            raise InvalidError(faults)
        disclosure = write(product, None, one.values, on=today)
        product.revision, product.changed = 1, {}
        count_again(product, disclosure, images=0, on=today)
        products.append(product)
        disclosures += [] if disclosure is None else [disclosure]
    try:
        with transaction.atomic():
            Product.objects.bulk_create(products)
    except IntegrityError as wrong:
        if "product_code_once_per_party" in str(wrong):
            held = (one.code for one in begun if Product.objects.filter(party=one.party, code=one.code).exists())
            raise InvalidError([Fault("code_taken", "code", {"found": next(held, begun[0].code)})]) from None
        raise
    Disclosure.objects.bulk_create(disclosures)
    record_many(
        [
            Deed(
                "product_opened",
                actor=str(product.saved_by_id),
                subject=f"product:{product.pk}",
                at=now,
                payload={"code": product.code, "name": product.name, "category": product.category},
            )
            for product in products
        ],
        now=now,
    )
    return products


@transaction.atomic
def save_product(
    product: UUID,
    values: Mapping[str, Value],
    *,
    revision: int,
    by: User,
    now: datetime,
    today: date,
    seen: Mapping[str, Value] | None = None,
) -> Saved:
    """Store values of a product.

    What somebody else stored in other fields meanwhile stays; where the same field was changed after the revision that
    the writer saw, nothing is stored and both are shown.

    Args:
        product: its id; who may write it was asked before.
        values: by key of field, or ``disclosure.`` and the key of an item; read by :mod:`panro.catalog.fields`.
        revision: the one that the writer saw.
        by: who writes.
        now: the moment.
        today: the day whose law decides about the disclosure.
        seen: what the writer saw in these fields, where that is known: then it decides instead of the revision.

    Raises:
        StaleError: a field was changed by somebody else meanwhile.
        InvalidError: prices contradict each other, or the code is taken.
        WrongStateError: the product is put away.
    """
    row = locked(product)
    if row.state == ProductState.RETIRED:
        raise WrongStateError("a product that is put away is restored before it is changed")
    disclosure = disclosure_of(row)
    disclosed = disclosure.values if disclosure else {}
    changed = differing(row, disclosed, values)
    overtaken = {
        key: stored
        for key in changed
        for stored in (value_of(row, disclosed, key),)
        if (seen[key] != stored if seen and key in seen else int(row.changed.get(key, 1)) > revision)
    }
    if overtaken:
        raise StaleError(row, overtaken)
    if not changed:
        return Saved(row, frozenset())
    if faults := faults_with(row, changed):
        raise InvalidError(faults)
    disclosure = write(row, disclosure, changed, on=today)
    row.saved, row.saved_by = now, by
    count_again(row, disclosure, images=image_counts([row.pk]).get(row.pk, 0), on=today)
    _store(row, disclosure)
    _note("product_saved", row, by, now, {"revision": row.revision, "fields": sorted(changed)})
    return Saved(row, frozenset(changed))


@transaction.atomic
def retire(products: Sequence[UUID], *, by: User, now: datetime) -> int:
    """Put products away: they can no longer be chosen, and everything about them is kept. Returns how many were.

    What is put away already is left out.
    """
    rows = [row for row in _locked_all(products) if row.state != ProductState.RETIRED]
    for row in rows:
        check(PRODUCT_TRANSITIONS, row.state, ProductState.RETIRED)
        row.state, row.retired, row.saved, row.saved_by = ProductState.RETIRED, now, now, by
        row.save(update_fields=["state", "retired", "saved", "saved_by"])
        _note("product_retired", row, by, now)
    return len(rows)


@transaction.atomic
def restore(products: Sequence[UUID], *, by: User, now: datetime, today: date) -> int:
    """Take products back, complete or as drafts by today's law. Returns how many were; others are left out."""
    rows = [row for row in _locked_all(products) if row.state == ProductState.RETIRED]
    counts = image_counts([row.pk for row in rows])
    for row in rows:
        disclosure = disclosure_of(row)
        check(PRODUCT_TRANSITIONS, row.state, ProductState.DRAFT)
        row.state, row.retired, row.saved, row.saved_by = ProductState.DRAFT, None, now, by
        disclosure = write(row, disclosure, {}, on=today)
        count_again(row, disclosure, images=counts.get(row.pk, 0), on=today)
        _store(row, disclosure)
        _note("product_restored", row, by, now)
    return len(rows)


@transaction.atomic
def copy_product(product: UUID, *, identity: UUID, name: str, by: User, now: datetime, today: date) -> Product:
    """Make a new draft like a product, with its disclosure, pictures and certificates; the barcode stays behind.

    Asked again with the same identity, it is the same copy.

    Args:
        product: what is copied.
        identity: of the copy.
        name: of the copy; cut where it is too long.
        by: who copies.
        now: the moment.
        today: the day whose law decides about the disclosure.
    """
    source = Product.objects.select_related("disclosure").get(pk=product)
    (code,) = new_codes(source.party_id, 1)
    there = Product.objects.filter(pk=identity, party=source.party_id).first()
    if there is not None:
        return there
    kept = {field.key: getattr(source, field.key) for field in FIELDS if field.key not in {"code", "name", "barcode"}}
    made = Product(
        id=identity,
        party_id=source.party_id,
        code=code,
        name=name[:NAME_LENGTH].strip(),
        created=now,
        saved=now,
        saved_by=by,
        **kept,
    )
    found = disclosure_of(source)
    disclosure = write(made, Disclosure(product=made, values=dict(found.values)) if found else None, {}, on=today)
    made.revision = 1
    count_again(made, disclosure, images=image_counts([source.pk]).get(source.pk, 0), on=today)
    made.save(force_insert=True)
    if disclosure:
        disclosure.save(force_insert=True)
    ProductImage.objects.bulk_create(
        ProductImage(product=made, file_id=image.file_id, position=image.position, alt=image.alt)
        for image in source.images.all()
    )
    ProductCertificate.objects.bulk_create(
        ProductCertificate(
            product=made,
            kind=one.kind,
            number=one.number,
            issuer=one.issuer,
            issued_on=one.issued_on,
            valid_to=one.valid_to,
            file_id=one.file_id,
        )
        for one in source.certificates.all()
    )
    _note("product_copied", made, by, now, {"from": str(source.pk), "code": code})
    return made


def renew_disclosures(*, now: datetime, today: date) -> int:
    """Bring products under the items of the notice that hold today; returns how many became drafts by it.

    On the day on which the items of a type change, a complete product may lack one. In sets, oldest ids first.
    """
    from panro.catalog.queries import outdated  # noqa: PLC0415 - queries read through this room's own models

    total = 0
    while batch := outdated(today, BATCH):
        total += _renew(batch, now, today)
    return total


@transaction.atomic
def _renew(batch: Sequence[UUID], now: datetime, today: date) -> int:
    rows = _locked_all(batch)
    kept = {one.product_id: one for one in Disclosure.objects.filter(product__in=[row.pk for row in rows])}
    counts = image_counts(kept)
    drafts = 0
    for row in rows:
        before = row.state
        kept[row.pk] = write(row, kept[row.pk], {}, on=today) or kept[row.pk]
        count_again(row, kept[row.pk], images=counts.get(row.pk, 0), on=today)
        drafts += before == ProductState.READY and row.state == ProductState.DRAFT
    Product.objects.bulk_update(rows, ["state", "completeness", "revision"])
    Disclosure.objects.bulk_update(kept.values(), ["schema", "version", "values"])
    record(
        "product_disclosures_renewed",
        actor=ACTOR,
        subject="catalogue",
        at=now,
        now=now,
        public={"products": len(rows), "drafts": drafts, "day": today.isoformat()},
    )
    return drafts


def locked(product: UUID) -> Product:
    """Return a product, locked until the transaction ends."""
    return Product.objects.select_for_update().get(pk=product)


def disclosure_of(product: Product) -> Disclosure | None:
    """Return the disclosure of a product, None if it has no category yet."""
    return Disclosure.objects.filter(product=product).first()


def _locked_all(products: Sequence[UUID]) -> list[Product]:
    return list(Product.objects.select_for_update().filter(pk__in=products).order_by("id"))


def _store(product: Product, disclosure: Disclosure | None) -> None:
    try:
        with transaction.atomic():
            product.save(force_update=True)
    except IntegrityError as wrong:
        if "product_code_once_per_party" in str(wrong):
            raise InvalidError([Fault("code_taken", "code", {"found": product.code})]) from None
        raise
    if disclosure is not None:
        disclosure.save()


def _note(
    act: str, product: Product, by: User, now: datetime, payload: dict[str, str | int | list[str]] | None = None
) -> None:
    body = None if payload is None else {key: list(v) if isinstance(v, list) else v for key, v in payload.items()}
    record(act, actor=str(by.pk), subject=f"product:{product.pk}", at=now, now=now, payload=body)
