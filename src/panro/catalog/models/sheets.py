"""State of spreadsheets that come in and go out."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.catalog.models.products import CODE_LENGTH, Product
from panro.catalog.states import ExportState, ImportState, RowState
from panro.files.models import StoredFile
from panro.parties.models import Party


class ProductImport(models.Model):
    """A spreadsheet that becomes products: read by a worker, shown as what would happen, confirmed, then stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="product_imports")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="product_import")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.ARRIVING)
    fault = models.JSONField(null=True, blank=True)
    unread = models.JSONField(default=list)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    created = models.DateTimeField()
    claimed = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    cleared = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["party", "-created", "-id"], name="product_import_of_party"),
            models.Index(
                fields=["created"], condition=Q(state__in=["arriving", "reading", "taking"]), name="product_import_open"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="product_import_state_known"),
            models.CheckConstraint(
                condition=Q(total__gte=0, done__gte=0) & Q(done__lte=F("total")), name="product_import_counts"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(fault__isnull=False), name="product_import_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished__isnull=False)
                | (~Q(state__in=["done", "failed", "cancelled"]) & Q(finished=None)),
                name="product_import_ended_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.created}: {self.state}"


class ImportRow(models.Model):
    """One row of a spreadsheet: what its cells say as text, and what is wrong with them."""

    owner = models.ForeignKey(ProductImport, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()
    cells = models.JSONField()
    faults = models.JSONField(default=list)
    state = models.CharField(max_length=5, choices=RowState)
    code = models.CharField(max_length=CODE_LENGTH, blank=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.IntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["owner_id", "line"]
        indexes: ClassVar = [models.Index(fields=["owner", "state", "line"], name="import_row_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "line"], name="import_row_once_per_line"),
            models.CheckConstraint(condition=Q(state__in=RowState.values), name="import_row_state_known"),
            models.CheckConstraint(condition=Q(line__gte=1), name="import_row_lines_from_1"),
            models.CheckConstraint(
                condition=Q(state__in=["bad", "left"]) & ~Q(faults=[]) | Q(state__in=["good", "taken"], faults=[]),
                name="import_row_left_out_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} line {self.line}: {self.state}"


class ProductExport(models.Model):
    """A spreadsheet of a party's products, made by a worker and kept for seven days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="product_exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=9)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=7, choices=ExportState, default=ExportState.WAITING)
    rows = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    length = models.BigIntegerField(default=0)
    key = models.CharField(max_length=120, blank=True)
    created = models.DateTimeField()
    made = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created", "-id"]
        indexes: ClassVar = [models.Index(fields=["party", "-created", "-id"], name="product_export_of_party")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="product_export_state_known"),
            models.CheckConstraint(
                condition=Q(form__in=["xlsx", "csv", "csv-cp949"], language__in=["ko", "en"]),
                name="product_export_form_known",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", made__isnull=False) & ~Q(key="") | ~Q(state="ready") & Q(key=""),
                name="product_export_ready_has_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.created}: {self.state}"
