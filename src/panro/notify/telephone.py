"""What a Korean telephone takes: bytes of EUC-KR, 90 in a short message (SMS), 2,000 in a long one (LMS).

Lengths are those of the extended code page 949, in which every Hangul syllable has two bytes, as carriers count them.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from typing import Final

SMS_BYTES: Final = 90
LMS_BYTES: Final = 2_000
TITLE_BYTES: Final = 40
REPLACEMENT: Final = "□"
_CODE_PAGE: Final = "cp949"
_SEPARATORS: Final = re.compile(r"[\s().\-]")
_LOCAL: Final = re.compile(r"^0[0-9]{8,10}$")


class Form(enum.StrEnum):
    """The form a text takes on its way; Solapi's names."""

    SMS = "SMS"
    LMS = "LMS"
    ALIMTALK = "ATA"


class TooLongError(ValueError):
    """A text fits no message. It is never cut: half a notice may say the opposite of the whole."""


class NotATelephoneError(ValueError):
    """A number is not one a text message can be sent to."""


def byte_length(text: str) -> int:
    """Count bytes as a carrier does; a character it does not know counts as its replacement."""
    return len(showable(text).encode(_CODE_PAGE))


def unknown_characters(text: str) -> list[str]:
    """Return the characters that no telephone shows, once each, in order."""
    return sorted({character for character in text if not _known(character)})


def showable(text: str) -> str:
    """Return the text with every character a telephone does not know replaced by a box, so that its loss is seen."""
    return "".join(character if _known(character) else REPLACEMENT for character in unicodedata.normalize("NFC", text))


def form_of(text: str) -> Form:
    """Return the shortest form that takes the whole text.

    Raises:
        TooLongError: more than 2,000 bytes; says how many.
    """
    length = byte_length(text)
    if length > LMS_BYTES:
        raise TooLongError(f"the text has {length} bytes; a long text message takes {LMS_BYTES}")
    return Form.SMS if length <= SMS_BYTES else Form.LMS


def number(written: str) -> str:
    """Return a Korean number as its digits, with the leading 0 (``+82 10-1234-5678`` is ``01012345678``).

    Raises:
        NotATelephoneError: says what was written.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", written))
    if digits.startswith("+82"):
        digits = "0" + digits.removeprefix("+82").removeprefix("0")
    if not _LOCAL.fullmatch(digits):
        raise NotATelephoneError(f"{written!r} is no Korean telephone number; write it like 010-1234-5678")
    return digits


def _known(character: str) -> bool:
    try:
        character.encode(_CODE_PAGE)
    except UnicodeEncodeError:
        return False
    return True
