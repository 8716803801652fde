"""Adding, ordering and removing pictures, and settling what a worker made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.accounts.lifecycles import WrongStateError, check
from panro.catalog.actions.products import disclosure_of, locked
from panro.catalog.models import Picture, PictureSize, Product, ProductImage
from panro.catalog.models.pictures import IMAGES
from panro.catalog.states import PICTURE_TRANSITIONS, PictureState, ProductState
from panro.catalog.writing import count_again, image_counts
from panro.files import actions as files
from panro.files.models import StoredFile
from panro.files.states import State
from panro.files.tasks import erase
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.catalog.sizing import Made


class TooManyImagesError(ValueError):
    """A product would have more pictures than it may."""


@transaction.atomic
def add_images(product: UUID, given: Sequence[UUID], *, by: User, now: datetime, today: date) -> list[ProductImage]:
    """Put pictures after those a product has; files that were stored for the purpose ``product_image``.

    Raises:
        TooManyImagesError: more than ten.
        WrongStateError: the product is put away.
    """
    from panro.catalog.tasks import make_sizes  # noqa: PLC0415 - the tasks carry out this module's acts

    row = _open(product)
    there = {image.file_id for image in row.images.all()}
    fresh = [file for file in dict.fromkeys(given) if file not in there]
    if len(there) + len(fresh) > IMAGES:
        raise TooManyImagesError(f"a product has up to {IMAGES} pictures")
    states = dict(StoredFile.objects.select_for_update().filter(pk__in=fresh).order_by("id").values_list("id", "state"))
    Picture.objects.bulk_create((Picture(file_id=file) for file in fresh), ignore_conflicts=True)
    made = ProductImage.objects.bulk_create(
        ProductImage(product=row, file_id=file, position=len(there) + place)
        for place, file in enumerate(fresh, start=1)
    )
    for file in fresh:
        if states[file] != State.PENDING:  # examined before it got here
            make_sizes.enqueue(str(file))
    _count(row, len(made), "product_images_added", by=by, now=now, today=today)
    return made


def file_settled(file: StoredFile, _now: datetime) -> None:
    """Have the sizes of a picture made that was examined, or its refusal noted; in the transaction that says so."""
    from panro.catalog.tasks import make_sizes  # noqa: PLC0415 - the tasks carry out this module's acts

    if Picture.objects.filter(file=file, state=PictureState.ARRIVING).exists():
        make_sizes.enqueue(str(file.pk))


@transaction.atomic
def remove_image(product: UUID, image: UUID, *, by: User, now: datetime, today: date) -> None:
    """Take a picture from a product; the bytes are destroyed if no other product shows it. Gone already is fine."""
    row = _open(product)
    one = row.images.filter(pk=image).first()
    if one is None:
        return
    one.delete()
    _place(list(row.images.order_by("position")))
    _count(row, 1, "product_image_removed", by=by, now=now, today=today)
    if not ProductImage.objects.filter(file=one.file_id).exists():
        _forget(one.file_id, by, now)


@transaction.atomic
def move_image(product: UUID, image: UUID, *, place: int, by: User, now: datetime) -> None:
    """Give a picture another place among those of its product, 1 being the first; the others move up or down."""
    row = _open(product)
    images = list(row.images.order_by("position"))
    one = next((found for found in images if found.pk == image), None)
    if one is None:
        return
    images.remove(one)
    images.insert(max(0, min(place - 1, len(images))), one)
    _place(images)
    record("product_images_ordered", actor=str(by.pk), subject=f"product:{row.pk}", at=now, now=now)


@transaction.atomic
def describe_image(product: UUID, image: UUID, alt: str, *, by: User, now: datetime) -> None:
    """Store what is read to somebody who cannot see the picture."""
    row = _open(product)
    if row.images.filter(pk=image).exclude(alt=alt).update(alt=alt):
        record("product_image_described", actor=str(by.pk), subject=f"product:{row.pk}", at=now, now=now)


@transaction.atomic
def settle_picture(file: UUID, *, made: Sequence[Made], reason: str, now: datetime, today: date) -> bool:
    """Store the sizes of a picture, or why there are none; returns whether that was still awaited.

    Raises nothing for a picture settled or removed before: then the caller throws away what it made.
    """
    products = Product.objects.filter(images__file=file).select_for_update(of=("self",)).order_by("id")
    rows = list(products)  # products are locked before pictures, as everywhere
    picture = Picture.objects.select_for_update().filter(pk=file).first()
    if picture is None or picture.state != PictureState.ARRIVING:
        return False
    after = PictureState.REFUSED if reason else PictureState.READY
    check(PICTURE_TRANSITIONS, picture.state, after)
    picture.state, picture.reason = after, reason
    picture.save(update_fields=["state", "reason"])
    PictureSize.objects.bulk_create(
        PictureSize(picture=picture, side=one.side, width=one.width, height=one.height, length=one.length, key=one.key)
        for one in made
    )
    record(
        "picture_settled",
        actor="system:catalog",
        subject=f"file:{file}",
        at=now,
        now=now,
        public={"state": after.value},
    )
    if reason:
        counts = image_counts([row.pk for row in rows])
        for row in rows:
            count_again(row, disclosure_of(row), images=counts.get(row.pk, 0), on=today)
            row.save(update_fields=["state", "completeness"])
    return True


def _open(product: UUID) -> Product:
    row = locked(product)
    if row.state == ProductState.RETIRED:
        raise WrongStateError("a product that is put away is restored before it is changed")
    return row


def _place(images: Sequence[ProductImage]) -> None:
    for position, image in enumerate(images, start=1):
        image.position = position
    ProductImage.objects.bulk_update(images, ["position"])


def _count(product: Product, pictures: int, act: str, *, by: User, now: datetime, today: date) -> None:
    images = image_counts([product.pk]).get(product.pk, 0)
    count_again(product, disclosure_of(product), images=images, on=today)
    product.saved, product.saved_by = now, by
    product.save(update_fields=["state", "completeness", "saved", "saved_by"])
    record(act, actor=str(by.pk), subject=f"product:{product.pk}", at=now, now=now, payload={"pictures": pictures})


def _forget(file: UUID, by: User, now: datetime) -> None:
    keys = list(PictureSize.objects.filter(picture=file).values_list("key", flat=True))
    Picture.objects.filter(pk=file).delete()
    if keys:
        erase.enqueue(keys)
    state = StoredFile.objects.filter(pk=file).values_list("state", flat=True).get()
    if state != State.DESTROYED:
        files.destroy([file], actor=str(by.pk), reason="picture removed", now=now)
