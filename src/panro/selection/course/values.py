"""How the values of public events are written: one way only, because every other spelling would be another seed.

The notice names each event in words. Where its words are known here, the value must have the form they demand; of
another event the value is any one line of text. A rehearsal draws values of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.selection.course.errors import ValueFormError
from panro.selection.models.course import VALUE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

LOTTO: Final = re.compile(r"[1-9][0-9]?(,[1-9][0-9]?){6}")
LOTTO_MOST: Final = 45
LOTTO_DRAWN: Final = 6  # and the bonus number
INDEX: Final = re.compile(r"[1-9][0-9]{0,5}\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Form:
    """How the value of an event is written: words by which the notice names it, what is asked, and an example."""

    named: str
    fits: Callable[[str], bool]
    asks: _StrPromise


def _is_lotto(value: str) -> bool:
    if not LOTTO.fullmatch(value):
        return False
    numbers = [int(one) for one in value.split(",")]
    main = numbers[:LOTTO_DRAWN]
    return len(set(numbers)) == len(numbers) and max(numbers) <= LOTTO_MOST and main == sorted(main)


def _is_index(value: str) -> bool:
    return INDEX.fullmatch(value) is not None


FORMS: Final = (
    Form(
        "로또 6/45",
        _is_lotto,
        gettext_lazy("Six numbers from 1 to 45, ascending, then the bonus number, with commas only: 3,9,17,24,33,41,8"),
    ),
    Form("코스피", _is_index, gettext_lazy("The closing value with two decimals and no comma: 3153.32")),
)


def form_of(event: str) -> Form | None:
    """Return the form that an event's words demand; None if any line of text will do."""
    return next((form for form in FORMS if form.named in event), None)


def checked_value(value: str, event: str, *, simulated: bool) -> str:
    """Return a public value as it enters hashes: NFC, in one line, in the form of its event.

    Raises:
        ValueFormError: it has another form; says which one is asked for.
    """
    text = normalize("NFC", value.strip())
    if not text or not text.isprintable() or len(text) > VALUE_LENGTH:
        raise ValueFormError(_("Please give the value of the public event, in one line."))
    form = None if simulated else form_of(event)
    if form is not None and not form.fits(text):
        raise ValueFormError(_("This is not how the value is written. %(asks)s") % {"asks": form.asks})
    return text
