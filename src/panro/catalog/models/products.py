"""State of a product and of what is disclosed of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.catalog.states import ProductState
from panro.parties.models import Party

CODE_LENGTH = 20
NAME_LENGTH = 100
SHORT = 60
LINE = 200
TEXT = 4_000
ADDRESS = 500
HIGHEST_PRICE = 1_000_000_000
HIGHEST_NUMBER = 10_000_000
WHOLE = 100
CODE = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"
WORD = r"^[a-z][a-z0-9_]*$"


class MakerSize(models.TextChoices):
    """How large the firm is that makes the product; the guide of 2021 bars products of large companies."""

    SMALL = "small", "small"
    MEDIUM = "medium", "medium"
    LARGE = "large", "large"


class Making(models.TextChoices):
    """Who makes the product."""

    SELF = "self", "self"
    OEM = "oem", "oem"
    OTHER = "other", "other"


def _price(name: str) -> models.CheckConstraint:
    inside = Q((f"{name}__gte", 0), (f"{name}__lte", HIGHEST_PRICE))
    return models.CheckConstraint(condition=Q((name, None)) | inside, name=f"product_{name}_in_bounds")


class Product(models.Model):
    """A product of a party. Prices are won including VAT; None is "not said yet", as is an empty text.

    ``changed`` holds, per field, the revision in which it last changed: so two windows that change different fields
    do not stand in each other's way, and two that change the same one are told so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="products")
    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    category = models.CharField(max_length=SHORT, blank=True)
    brand = models.CharField(max_length=SHORT, blank=True)
    spec = models.CharField(max_length=LINE, blank=True)
    barcode = models.CharField(max_length=14, blank=True)
    list_price = models.BigIntegerField(null=True, blank=True)
    sale_price = models.BigIntegerField(null=True, blank=True)
    supply_price = models.BigIntegerField(null=True, blank=True)
    reference_price = models.BigIntegerField(null=True, blank=True)
    reference_at = models.CharField(max_length=LINE, blank=True)
    shipping_fee = models.BigIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    origin_note = models.CharField(max_length=LINE, blank=True)
    maker = models.CharField(max_length=NAME_LENGTH, blank=True)
    maker_size = models.CharField(max_length=6, blank=True)
    made_by = models.CharField(max_length=5, blank=True)
    description = models.TextField(blank=True)
    detail_page = models.CharField(max_length=ADDRESS, blank=True)
    video = models.CharField(max_length=ADDRESS, blank=True)
    storage = models.CharField(max_length=LINE, blank=True)
    monthly_capacity = models.IntegerField(null=True, blank=True)
    sold_at = models.CharField(max_length=LINE, blank=True)
    state = models.CharField(max_length=7, choices=ProductState, default=ProductState.DRAFT)
    completeness = models.SmallIntegerField(default=0)
    revision = models.IntegerField(default=1)
    changed = models.JSONField(default=dict)
    created = models.DateTimeField()
    saved = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retired = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-saved", "-id"]
        indexes: ClassVar = [models.Index(fields=["party", "-saved", "-id"], name="product_of_party")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "code"], name="product_code_once_per_party"),
            models.CheckConstraint(condition=Q(code__regex=CODE), name="product_code_is_plain"),
            models.CheckConstraint(condition=~Q(name=""), name="product_has_a_name"),
            models.CheckConstraint(condition=Q(state__in=ProductState.values), name="product_state_known"),
            models.CheckConstraint(condition=Q(category="") | Q(category__regex=WORD), name="product_category_a_word"),
            models.CheckConstraint(
                condition=Q(barcode="") | Q(barcode__regex=r"^([0-9]{8}|[0-9]{12,14})$"), name="product_barcode_digits"
            ),
            models.CheckConstraint(
                condition=Q(origin="") | Q(origin__regex=r"^[A-Z]{2}$"), name="product_origin_a_country"
            ),
            models.CheckConstraint(
                condition=Q(maker_size__in=["", *MakerSize.values]), name="product_maker_size_known"
            ),
            models.CheckConstraint(condition=Q(made_by__in=["", *Making.values]), name="product_making_known"),
            *map(_price, ("list_price", "sale_price", "supply_price", "reference_price", "shipping_fee")),
            models.CheckConstraint(
                condition=Q(list_price=None) | Q(sale_price=None) | Q(sale_price__lte=F("list_price")),
                name="product_sale_not_above_list",
            ),
            models.CheckConstraint(
                condition=Q(sale_price=None) | Q(supply_price=None) | Q(supply_price__lte=F("sale_price")),
                name="product_supply_not_above_sale",
            ),
            models.CheckConstraint(
                condition=Q(monthly_capacity=None) | Q(monthly_capacity__gte=0, monthly_capacity__lte=HIGHEST_NUMBER),
                name="product_capacity_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(completeness__gte=0, completeness__lte=WHOLE), name="product_completeness_percent"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(completeness=WHOLE), name="product_ready_is_complete"
            ),
            models.CheckConstraint(
                condition=Q(state="retired", retired__isnull=False) | (~Q(state="retired") & Q(retired=None)),
                name="product_retired_has_a_time",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="product_revision_from_1"),
            models.CheckConstraint(condition=Q(saved__gte=F("created")), name="product_saved_after_made"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProductCounter(models.Model):
    """The last number given to a product of a party; locked before its products."""

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.CASCADE, related_name="+")
    last = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.party_id}: {self.last}"


class Disclosure(models.Model):
    """What the law asks to be said of a product, by the schema of its category (panro.korea.disclosures)."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="disclosure")
    schema = models.CharField(max_length=40)
    version = models.CharField(max_length=10)
    values = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(schema__regex=r"^[A-Z][A-Z_]*$") & ~Q(version=""), name="disclosure_names_its_schema"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.schema} {self.version}"
