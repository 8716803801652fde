"""Canonical JSON: RFC 8785 restricted to what a dossier holds.

Fractions do not exist (decimals are strings), keys are ASCII, whole numbers stay within 2^53 - 1 and text is
Unicode NFC. ``encode`` refuses what breaks this; ``normalise`` is for the boundary where text enters the system.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

type Json = bool | int | str | Sequence[Json] | Mapping[str, Json] | None

GREATEST_INTEGER: Final = 2**53 - 1
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)
_DEEPEST: Final = 64
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class CanonicalText(str):
    """Text that is canonical JSON already, kept in place of the value."""

    __slots__ = ()


class CanonicalError(ValueError):
    """A value has no canonical JSON; the message says where it stands and how to mend it."""


def encode(value: Json) -> bytes:
    """Give the canonical JSON of a value as UTF-8 bytes.

    Raises:
        CanonicalError: for a float or another foreign type, an integer beyond 2^53 - 1, a key that is not
            ASCII, or text that is not Unicode NFC.
    """
    return encode_text(value).encode()


def encode_text(value: Json) -> str:
    """Give the canonical JSON of a value as text; see ``encode``."""
    if not _is_plain(value):
        _explain(value, "", 0)
    text = _ENCODER.encode(value)
    if not is_clean_text(text):
        _explain(value, "", 0)
        raise CanonicalError(f"{text!r}: text begins a line with a mark that joins the letter before; take it out")
    return text


def composed(members: Mapping[str, str]) -> CanonicalText:
    """Give the canonical JSON of an object whose members' values are canonical JSON already.

    Raises:
        CanonicalError: a member's text is not Unicode NFC.
    """
    text = "{" + ",".join([f'"{key}":{members[key]}' for key in sorted(members)]) + "}"
    if not is_clean_text(text):
        raise CanonicalError("an object holds text that is not Unicode NFC; normalise it where it enters")
    return CanonicalText(text)


def encode_line(value: Json) -> bytes:
    """Give a JSON file of a dossier as its only line, without the line feed; see ``encode``.

    Raises:
        CanonicalError: as ``encode`` does, and for a text or a key that holds a control character.
    """
    text = encode_text(value)
    if "\\" in text or not text.isprintable():  # only then can a control character be in it
        _refuse_controls(value, "")
    return text.encode()


def normalise(value: Json) -> Json:
    """Bring all text in a value to Unicode NFC (for the boundary: forms, files, interfaces)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: normalise(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalise(item) for item in value]
    return value


def is_clean_text(text: str) -> bool:
    """Tell whether text is Unicode NFC and can be written as UTF-8 (no half of a surrogate pair)."""
    return text.isascii() or (unicodedata.is_normalized("NFC", text) and _has_utf8(text))


def _has_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_controls(value: Json, where: str) -> None:
    if isinstance(value, str):
        if CONTROL.search(value):
            raise CanonicalError(f"{_place(where)}: {value!r} holds a control character; take it out where it enters")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_controls(key, f"{where}.{key}")
            _refuse_controls(item, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_controls(item, f"{where}[{index}]")


def _is_plain(value: object) -> bool:
    """Tell quickly whether types, keys and whole numbers are as they must be; ``_explain`` says what is wrong.

    Level by level instead of by recursion: this is asked of every fact of every case.
    """
    level: list[object] = [value]
    for depth in range(_DEEPEST + 1):
        below: list[object] = []
        for item in level:
            if type(item) is str or item is None or type(item) is bool:
                continue
            inside = _inside(item)
            if inside is None or (depth == _DEEPEST and isinstance(item, dict | list | tuple)):
                return False
            below.extend(inside)
        if not below:
            return True
        level = below
    return False


def _inside(item: object) -> Collection[object] | None:
    """Give what a list or an object holds, nothing for a number or a text; None for what has no canonical form."""
    if isinstance(item, dict):
        try:
            return item.values() if all(map(str.isascii, item)) else None
        except TypeError:  # a key that is no text
            return None
    if isinstance(item, list | tuple):
        return item
    plain = isinstance(item, str) or (isinstance(item, int) and -GREATEST_INTEGER <= item <= GREATEST_INTEGER)
    return () if plain else None


def _explain(value: object, where: str, depth: int) -> None:
    """Raise for the first thing that is wrong, if any."""
    if isinstance(value, str):
        if not is_clean_text(value):
            raise CanonicalError(f"{_place(where)}: {value!r} is not Unicode NFC text; normalise it where it enters")
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if not -GREATEST_INTEGER <= value <= GREATEST_INTEGER:
            raise CanonicalError(f"{_place(where)}: {value} is beyond 2^53 - 1; write it as text")
    else:
        _explain_nested(value, where, depth)


def _explain_nested(value: object, where: str, depth: int) -> None:
    if depth >= _DEEPEST:
        raise CanonicalError(f"{_place(where)}: nested deeper than {_DEEPEST} levels; flatten the value")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise CanonicalError(f"{_place(where)}: key {key!r} is not ASCII text; rename it")
            _explain(item, f"{where}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _explain(item, f"{where}[{index}]", depth + 1)
    else:
        kind = type(value).__name__
        raise CanonicalError(
            f"{_place(where)}: {kind} {value!r} has no canonical form; write numbers with a fraction as text"
        )


def _place(where: str) -> str:
    return where.removeprefix(".") or "value"
