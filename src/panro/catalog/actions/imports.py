"""Importing a spreadsheet: handed in, read, shown, confirmed, stored. Nothing is stored before it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import check
from panro.catalog.faults import Fault
from panro.catalog.models import Disclosure, ImportRow, Product, ProductImport
from panro.catalog.sheets.judging import Judged, judge
from panro.catalog.states import IMPORT_TRANSITIONS, ImportState, ProductState, RowState
from panro.catalog.writing import count_again, differing, image_counts, new_codes, write
from panro.files import actions as files
from panro.files.models import StoredFile
from panro.files.states import State
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, timedelta
    from uuid import UUID

    from panro.accounts.models import User

BATCH: Final = 250
ACTOR: Final = "system:catalog"


@transaction.atomic
def start_import(party: UUID, file: UUID, *, by: User, now: datetime) -> ProductImport:
    """Begin an import with a file that was stored for the purpose ``product_import``."""
    stored = StoredFile.objects.select_for_update().get(pk=file)
    made = ProductImport.objects.create(party_id=party, file=stored, by=by, created=now)
    record(
        "product_import_started",
        actor=str(by.pk),
        subject=f"party:{party}",
        at=now,
        now=now,
        payload={"import": str(made.pk), "file": str(file)},
    )
    if stored.state != State.PENDING:  # examined before it got here
        file_settled(stored, now)
    return made


def file_settled(file: StoredFile, _now: datetime) -> None:
    """Have the import of a file that was examined go on; in the transaction that says so."""
    from panro.catalog.tasks import read_import  # noqa: PLC0415 - the tasks carry out this module's acts

    for one in ProductImport.objects.filter(file=file, state=ImportState.ARRIVING).values_list("pk", flat=True):
        read_import.enqueue(str(one))


@transaction.atomic
def claim_reading(one: UUID, *, now: datetime, lease: timedelta) -> ProductImport | None:
    """Take an import to read it, if its file was found clean; None if there is nothing to do now.

    An import whose file was refused ends here, with the reason.
    """
    row = ProductImport.objects.select_for_update(of=("self",)).select_related("file", "by").filter(pk=one).first()
    if row is None or (row.claimed is not None and row.claimed >= now - lease):
        return None
    if row.state == ImportState.ARRIVING and row.file.state != State.PENDING:
        if row.file.state != State.CLEAN:
            _end(row, ImportState.FAILED, now, _refusal(row.file))
            return None
        check(IMPORT_TRANSITIONS, row.state, ImportState.READING)
        row.state = ImportState.READING
    if row.state != ImportState.READING:
        return None
    row.claimed = now
    row.done = row.total = 0
    row.save(update_fields=["state", "claimed", "done", "total"])
    row.rows.all().delete()
    return row


def _refusal(file: StoredFile) -> Fault:
    if file.state in {State.REFUSED, State.INFECTED}:
        return Fault("file_refused", "", {"reason": file.reason.partition(":")[0]})
    return Fault("file_not_checked")


@transaction.atomic
def write_rows(one: UUID, rows: Sequence[ImportRow], *, total: int, unread: Sequence[str], now: datetime) -> bool:
    """Keep what was found about the next rows of an import; with the last ones it is checked.

    Returns whether reading goes on: not if the import was given up meanwhile.
    """
    row = ProductImport.objects.select_for_update().get(pk=one)
    if row.state != ImportState.READING:
        return False
    ImportRow.objects.bulk_create(rows)
    row.total, row.done, row.claimed, row.unread = total, row.done + len(rows), now, list(unread)
    if row.done == total:
        check(IMPORT_TRANSITIONS, row.state, ImportState.CHECKED)
        row.state = ImportState.CHECKED
    row.save(update_fields=["total", "done", "claimed", "unread", "state"])
    return row.state == ImportState.READING


@transaction.atomic
def confirm_import(one: UUID, *, by: User, now: datetime) -> bool:
    """Have the good rows of an import stored; returns whether it was this call that decided it.

    Raises:
        WrongStateError: it was not read yet, or was given up.
    """
    from panro.catalog.tasks import take_import  # noqa: PLC0415 - the tasks carry out this module's acts

    row = ProductImport.objects.select_for_update().get(pk=one)
    if row.state in {ImportState.TAKING, ImportState.DONE}:
        return False
    check(IMPORT_TRANSITIONS, row.state, ImportState.TAKING)
    row.state, row.claimed = ImportState.TAKING, None
    row.total = row.rows.filter(state=RowState.GOOD).count()
    row.done = 0
    row.save(update_fields=["state", "claimed", "total", "done"])
    record(
        "product_import_confirmed",
        actor=str(by.pk),
        subject=f"party:{row.party_id}",
        at=now,
        now=now,
        payload={"import": str(one), "rows": row.total},
    )
    take_import.enqueue(str(one))
    return True


@transaction.atomic
def cancel_import(one: UUID, *, by: User, now: datetime) -> None:
    """Give an import up before it is stored; its rows and its file go. Given up already is fine.

    Raises:
        WrongStateError: it is being stored, or ended otherwise.
    """
    row = ProductImport.objects.select_for_update().get(pk=one)
    if row.state == ImportState.CANCELLED:
        return
    _end(row, ImportState.CANCELLED, now, None)
    row.rows.all().delete()
    record("product_import_cancelled", actor=str(by.pk), subject=f"party:{row.party_id}", at=now, now=now)
    _destroy_file(row, str(by.pk), now)


@transaction.atomic
def fail_import(one: UUID, fault: Fault, *, now: datetime) -> None:
    """End an import whose file cannot be read, with the reason."""
    row = ProductImport.objects.select_for_update().get(pk=one)
    if row.state == ImportState.READING:
        row.rows.all().delete()
        _end(row, ImportState.FAILED, now, fault)


@transaction.atomic
def import_rows(one: UUID, *, now: datetime, today: date) -> int:
    """Store the next rows of a confirmed import, 250 at most; returns how many were looked at, 0 when it is done.

    Counter, then products by id: locked in that order, like everywhere. A product that was changed after the file was
    read is left as it is, and the row says so.
    """
    row = ProductImport.objects.select_for_update().select_related("by").get(pk=one)
    if row.state != ImportState.TAKING:
        return 0
    waiting = list(row.rows.filter(state=RowState.GOOD).order_by("line")[:BATCH])
    if not waiting:
        _end(row, ImportState.DONE, now, None)
        return 0
    batch = _Batch(row, now, today)
    batch.take(waiting)
    row.done += len(waiting)
    row.claimed = now
    row.save(update_fields=["done", "claimed"])
    return len(waiting)


@transaction.atomic
def clear_imports(ones: Sequence[UUID], *, now: datetime) -> int:
    """Delete rows and files of imports whose time is over; what was never confirmed is given up. Returns how many."""
    rows = list(ProductImport.objects.select_for_update().filter(pk__in=ones, cleared=None).order_by("id"))
    for row in rows:
        if row.state == ImportState.CHECKED:
            _end(row, ImportState.CANCELLED, now, None)
        row.rows.all().delete()
        row.cleared = now
        row.save(update_fields=["cleared"])
        _destroy_file(row, ACTOR, now)
    return len(rows)


@dataclass(slots=True)
class _Batch:
    """Rows on their way into products, in one transaction."""

    owner: ProductImport
    now: datetime
    today: date
    fresh: list[Product] = field(default_factory=list)
    changed: list[Product] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    renewed: list[Disclosure] = field(default_factory=list)

    def take(self, rows: Sequence[ImportRow]) -> None:
        """Write the rows into products, store these, and mark the rows."""
        nameless = sum(not row.code for row in rows)
        codes = iter(new_codes(self.owner.party_id, nameless))
        named = [row.code for row in rows if row.code]
        locked = Product.objects.select_for_update().filter(party=self.owner.party_id, code__in=named).order_by("id")
        known = {product.code: product for product in locked}
        kept = {one.product_id: one for one in Disclosure.objects.filter(product__in=known.values())}
        images = image_counts(product.pk for product in known.values())
        for row in rows:
            judged = judge(row.cells, known, {}, on=self.today)
            product = known.get(row.code)
            faults = judged.faults or _overtaken(row, product)
            if faults:
                row.state, row.faults = RowState.LEFT, [fault.stored() for fault in faults]
                continue
            row.state = RowState.TAKEN
            if product is None:
                row.product = self._open(judged, row.code or next(codes))
            else:
                row.product = product
                self._change(product, kept.get(product.pk), judged, images.get(product.pk, 0))
        self._store(rows)

    def _open(self, judged: Judged, code: str) -> Product:
        product = Product(
            party_id=self.owner.party_id, code=code, created=self.now, saved=self.now, saved_by=self.owner.by
        )
        disclosure = write(product, None, judged.values | {"code": code}, on=self.today)
        product.revision, product.changed = 1, {}
        count_again(product, disclosure, images=0, on=self.today)
        self.fresh.append(product)
        if disclosure:
            self.disclosures.append(disclosure)
        return product

    def _change(self, product: Product, kept: Disclosure | None, judged: Judged, images: int) -> None:
        changes = differing(product, kept.values if kept else {}, judged.values)
        if not changes:
            return
        disclosure = write(product, kept, changes, on=self.today)
        product.saved, product.saved_by = self.now, self.owner.by
        count_again(product, disclosure, images=images, on=self.today)
        self.changed.append(product)
        if disclosure:
            (self.renewed if kept else self.disclosures).append(disclosure)

    def _store(self, rows: Sequence[ImportRow]) -> None:
        Product.objects.bulk_create(self.fresh)
        if self.changed:
            names = [one.name for one in Product._meta.concrete_fields if not one.primary_key]  # noqa: SLF001 - documented
            Product.objects.bulk_update(self.changed, names)
        Disclosure.objects.bulk_create(self.disclosures)
        if self.renewed:
            Disclosure.objects.bulk_update(self.renewed, ["schema", "version", "values"])
        ImportRow.objects.bulk_update(rows, ["state", "faults", "product"])
        record(
            "products_imported",
            actor=str(self.owner.by_id),
            subject=f"party:{self.owner.party_id}",
            at=self.now,
            now=self.now,
            payload={
                "import": str(self.owner.pk),
                "opened": [product.code for product in self.fresh],
                "changed": [product.code for product in self.changed],
            },
        )


def _overtaken(row: ImportRow, product: Product | None) -> list[Fault]:
    """Say why a row no longer fits what is stored: its product was changed, put away, or came into being, meanwhile."""
    if product is None:
        return [] if row.revision is None else [Fault("changed_since", "code")]
    if row.revision is None:
        return [Fault("code_taken", "code", {"found": product.code})]
    if product.state == ProductState.RETIRED:
        return [Fault("retired", "code", {"found": product.code})]
    return [] if product.revision == row.revision else [Fault("changed_since", "code")]


def _end(row: ProductImport, state: ImportState, now: datetime, fault: Fault | None) -> None:
    check(IMPORT_TRANSITIONS, row.state, state)
    row.state, row.finished = state, now
    row.fault = None if fault is None else fault.stored()
    row.save(update_fields=["state", "finished", "fault"])
    record(
        "product_import_ended",
        actor=ACTOR,
        subject=f"party:{row.party_id}",
        at=now,
        now=now,
        public={"state": state.value},
    )


def _destroy_file(row: ProductImport, actor: str, now: datetime) -> None:
    state = StoredFile.objects.filter(pk=row.file_id).values_list("state", flat=True).get()
    if state != State.DESTROYED:
        files.destroy([row.file_id], actor=actor, reason="import ended", now=now)
