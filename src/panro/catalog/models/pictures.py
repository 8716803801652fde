"""State of what is shown of a product: pictures with their sizes, certificates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.catalog.models.products import LINE, NAME_LENGTH, SHORT, WORD, Product
from panro.catalog.states import PictureState
from panro.files.models import StoredFile

IMAGES = 10


class Picture(models.Model):
    """A photograph that was handed in, and whether its sizes are made; one per file, shared by copied products."""

    file = models.OneToOneField(StoredFile, primary_key=True, on_delete=models.PROTECT, related_name="picture")
    state = models.CharField(max_length=8, choices=PictureState, default=PictureState.ARRIVING)
    reason = models.CharField(max_length=40, blank=True)
    claimed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=PictureState.values), name="picture_state_known"),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="picture_refusal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.state}"


class PictureSize(models.Model):
    """One size of a picture: WebP without any data of the camera. ``side`` is the longest side asked for, in pixels."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="sizes")
    side = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    length = models.IntegerField()
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["picture_id", "side"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["picture", "side"], name="picture_size_once"),
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1, length__gte=1)
                & Q(width__lte=F("side"), height__lte=F("side")),
                name="picture_size_fits_its_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} {self.side}"


class ProductImage(models.Model):
    """A picture of a product; the one in the first place stands for it. ``alt`` is read to who cannot see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="product_images")
    position = models.SmallIntegerField()
    alt = models.CharField(max_length=LINE, blank=True)

    class Meta:
        ordering: ClassVar = ["product_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "position"],
                name="product_image_one_per_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["product", "file"], name="product_image_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=IMAGES), name="product_image_in_its_places"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.position}"


class ProductCertificate(models.Model):
    """A certificate or test report of a product. Numbers are kept as printed: their issuers publish no form."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=SHORT, blank=True)
    issuer = models.CharField(max_length=NAME_LENGTH, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="product_certificates"
    )

    class Meta:
        ordering: ClassVar = ["product_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__regex=WORD), name="product_certificate_kind_a_word"),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_to=None) | Q(valid_to__gte=F("issued_on")),
                name="product_certificate_ends_after_issue",
            ),
            models.CheckConstraint(
                condition=~Q(number="") | Q(file__isnull=False), name="product_certificate_shows_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
