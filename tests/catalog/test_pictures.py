"""Pictures: sizes without the camera's data, bombs refused, order kept, bytes gone with the last product."""

import io
import threading

import pytest
from django.db import connection
from PIL import Image

from catalog.world import NOW, TODAY, again, examined, jpeg, later, opened, photograph, png_that_claims, uploaded
from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.catalog import actions, clearing, pictures, sizing
from panro.catalog.models import Picture, PictureSize, ProductImage
from panro.files import storage
from panro.files.models import StoredFile
from panro.files.scanner import Verdict
from panro.parties.models import Party


def chunks_of(webp: bytes) -> list[bytes]:
    found, at = [], 12
    while at < len(webp):
        found.append(webp[at : at + 4])
        length = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return found


def with_camera_data(width: int, height: int) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "비밀카메라"
    exif[0x0112] = 6  # held upright: turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    return jpeg(width, height, exif=exif, comment=b"secret place", icc_profile=b"\0" * 200)


def test_sizes_are_upright_small_and_say_nothing_of_the_camera() -> None:
    body = with_camera_data(1_600, 800)
    made = sizing.sizes(io.BytesIO(body))
    assert [(size.side, size.width, size.height) for size in made] == [
        (200, 100, 200),
        (600, 300, 600),
        (1200, 600, 1200),
    ]
    for size in made:
        assert set(chunks_of(size.body)) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
        assert b"\xeb\xb9\x84" not in size.body
        assert b"secret" not in size.body


def test_a_small_picture_is_never_blown_up() -> None:
    made = sizing.sizes(io.BytesIO(jpeg(300, 20)))
    assert [(size.width, size.height) for size in made] == [(200, 13), (300, 20), (300, 20)]


def test_what_is_seen_through_stays_so_and_photographs_of_phones_can_be_opened() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 10, 10, 120)).save(made, "PNG")
    (small, *_rest) = sizing.sizes(made)
    assert Image.open(io.BytesIO(small.body)).mode == "RGBA"
    assert "HEIF" in Image.OPEN


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (png_that_claims(8_001, 8_000), "too_many_pixels"),
        (png_that_claims(65_000, 65_000), "too_many_pixels"),
        (png_that_claims(100, 100), "no_pixels"),
        (jpeg()[:2_000], "no_pixels"),
        (b"\xff\xd8\xff" + bytes(50), "no_pixels"),
        (b"GIF89a" + bytes(50), "no_pixels"),
        (b"", "no_pixels"),
    ],
)
def test_bombs_and_ruins_are_refused(body: bytes, word: str) -> None:
    with pytest.raises(sizing.UnusablePictureError) as refused:
        sizing.sizes(io.BytesIO(body))
    assert refused.value.word == word


@pytest.mark.django_db(transaction=True)
def test_from_the_camera_to_the_product_and_away_again(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    before = uploaded(mina, with_camera_data(900, 600), "김치.jpg", "product_image")
    after = photograph(mina, jpeg(500, 400))
    actions.add_images(product.pk, [before.pk, after.pk], by=mina, now=NOW, today=TODAY)
    assert (again(product).completeness, Picture.objects.filter(state="arriving").count()) == (30, 2)
    examined(before)
    for file in (before, after, before):
        pictures.make(file.pk, clock=lambda: NOW)
    made = PictureSize.objects.order_by("picture_id", "side").values_list("side", flat=True)
    assert list(made) == [200, 600, 1_200, 200, 600, 1_200]
    copy = actions.copy_product(product.pk, identity=new_id(), name="둘째", by=mina, now=NOW, today=TODAY)
    keys = list(PictureSize.objects.filter(picture=before.pk).values_list("key", flat=True))
    for one in (product, copy):
        image = ProductImage.objects.get(product=one, file=before)
        actions.remove_image(one.pk, image.pk, by=mina, now=later(minutes=1), today=TODAY)
        gone = StoredFile.objects.get(pk=before.pk).state == "destroyed"
        assert gone == (one == copy)
    assert not Picture.objects.filter(pk=before.pk).exists()
    assert list(ProductImage.objects.filter(product=product).values_list("position", flat=True)) == [1]
    assert storage.files_storage().exists(keys[0])
    assert clearing.clear_away(now=later(days=3)) == 3
    assert not storage.files_storage().exists(keys[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verdict", [Verdict.CLEAN, Verdict.INFECTED])
def test_a_picture_that_cannot_be_used_does_not_count(shop: Party, mina: User, verdict: Verdict) -> None:
    product = opened(shop, mina)
    file = uploaded(mina, png_that_claims(9_000, 9_000), "폭탄.png", "product_image")
    actions.add_images(product.pk, [file.pk], by=mina, now=NOW, today=TODAY)
    examined(file, verdict)
    assert pictures.waiting(NOW) == [file.pk]
    assert pictures.make(file.pk, clock=lambda: NOW)
    assert Picture.objects.get().reason == ("too_many_pixels" if verdict is Verdict.CLEAN else "virus")
    assert (again(product).completeness, pictures.waiting(NOW)) == (15, [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_the_sizes_once(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    file = photograph(mina)
    actions.add_images(product.pk, [file.pk], by=mina, now=NOW, today=TODAY)
    made: list[bool] = []

    def run() -> None:
        made.append(pictures.make(file.pk, clock=lambda: NOW))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(made), PictureSize.objects.count()) == ([False, True], 3)


@pytest.mark.django_db(transaction=True)
def test_order_and_number_of_pictures(shop: Party, mina: User) -> None:
    product = opened(shop, mina)
    files = [photograph(mina, jpeg(20 + number, 20)).pk for number in range(10)]
    actions.add_images(product.pk, [*files, files[0]], by=mina, now=NOW, today=TODAY)
    with pytest.raises(actions.TooManyImagesError):
        actions.add_images(product.pk, [photograph(mina).pk], by=mina, now=NOW, today=TODAY)
    last = ProductImage.objects.get(file=files[9])
    for place, expected in ((1, 1), (0, 1), (99, 10), (5, 5)):
        actions.move_image(product.pk, last.pk, place=place, by=mina, now=later(minutes=1))
        last.refresh_from_db()
        assert last.position == expected
    positions = ProductImage.objects.filter(product=product).order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, 11))
