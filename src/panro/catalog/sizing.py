"""Making the sizes of a picture; in workers only. Nothing of the camera's data gets into them.

A picture is measured by its header before a single pixel is unpacked, so a bomb costs nothing. Phones of today take
up to 50 megapixels; JPEG and HEIC of that size fit into a worker.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

import pi_heif
from PIL import Image, ImageCms, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDES: Final = (200, 600, 1_200)
MEGAPIXELS: Final = 64
QUALITY: Final = 82
_FORMATS: Final = ("JPEG", "PNG", "HEIF")
_MILLION: Final = 1_000_000

pi_heif.register_heif_opener()


class UnusablePictureError(ValueError):
    """No sizes can be made; ``word`` is a fault of :mod:`panro.catalog.faults`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Size:
    """One size: WebP bytes whose longer side is at most ``side`` pixels."""

    side: int
    width: int
    height: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """One size that lies in the storage."""

    side: int
    width: int
    height: int
    length: int
    key: str


def sizes(stream: IO[bytes]) -> list[Size]:
    """Return a picture in all sizes, the right way up, in sRGB; never larger than it is.

    Raises:
        UnusablePictureError: it cannot be read, or has more than 64 megapixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound below is stricter
            with Image.open(stream, formats=_FORMATS) as opened:
                return list(_sizes(_upright(opened)))
    except UnusablePictureError:
        raise
    except Image.DecompressionBombError:
        raise UnusablePictureError("too_many_pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError):
        raise UnusablePictureError("no_pixels") from None


def _upright(opened: Image.Image) -> Image.Image:
    if opened.width * opened.height > MEGAPIXELS * _MILLION:
        raise UnusablePictureError("too_many_pixels")
    if opened.format == "JPEG":
        opened.draft("RGB", (SIDES[-1], SIDES[-1]))  # decodes at a fraction of the size, never below the one wanted
    profile = opened.info.get("icc_profile")
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((SIDES[-1], SIDES[-1]), Image.Resampling.LANCZOS)
    plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    return _in_srgb(plain, profile) if isinstance(profile, bytes) else plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Translate the colours of a wide-gamut camera; a profile that cannot be read leaves them as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _sizes(picture: Image.Image) -> Iterator[Size]:
    for side in SIDES:
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.info = {}
        body = io.BytesIO()
        small.save(body, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
        yield Size(side, small.width, small.height, body.getvalue())
