"""Keyset paging: a page begins after the last row seen, so it costs the same however far one goes."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

type Direction = Literal["after", "before"]
type Column = Field[Any, Any]


class BadCursorError(ValueError):
    """The address holds no position of this list; show the first page, or answer 404."""


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Rows in the order of the list, and the cursors of its neighbours (None at an end)."""

    rows: list[Row]
    previous: str | None
    next: str | None


def paginate[Row: Model](queryset: QuerySet[Row], *, order: Sequence[str], cursor: str | None, size: int) -> Page[Row]:
    """One page of a list.

    Args:
        queryset: any order it has is replaced.
        order: names of columns of the model itself without nulls, ``-`` for descending. The last must be
            unique, so that no two rows stand in the same place.
        cursor: what a page gave as ``next`` or ``previous``; None or empty for the first page.
        size: rows per page, at least 1.

    Raises:
        BadCursorError: the cursor was not made for this list.
    """
    direction, position = _decode(cursor, queryset, order) if cursor else ("after", None)
    backwards = direction == "before"
    wanted = [_flip(name) for name in order] if backwards else list(order)
    found = queryset.order_by(*wanted)
    if position is not None:
        found = found.filter(_beyond(wanted, position))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else position is not None
    has_next = backwards or more
    return Page(
        rows=rows,
        previous=_encode("before", rows[0], order) if rows and has_previous else None,
        next=_encode("after", rows[-1], order) if rows and has_next else None,
    )


def neighbours[Row: Model](page: Page[Row], asked: QueryDict, *, cursor: str = "page") -> dict[str, str]:
    """Return the addresses of a page's neighbours, empty at an end, with the rest of what was asked.

    Args:
        page: one page of a list.
        asked: the query of the address that shows it.
        cursor: the name under which the address holds the cursor.
    """

    def address(position: str | None) -> str:
        if position is None:
            return ""
        query = asked.copy()
        query[cursor] = position
        return f"?{query.urlencode()}"

    return {"previous": address(page.previous), "next": address(page.next)}


def _beyond(order: Sequence[str], position: Sequence[object]) -> Q:
    """Rows after ``position``: (a > x) or (a = x and b > y) or …, each column in its own direction."""
    condition, same = Q(), Q()
    for name, value in zip(order, position, strict=True):
        column = name.removeprefix("-")
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= same & Q((f"{column}__{comparison}", value))
        same &= Q((column, value))
    return condition


def _flip(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _columns(model: type[Model], order: Sequence[str]) -> list[Column]:
    found = [model._meta.get_field(name.removeprefix("-")) for name in order]  # noqa: SLF001 - Django documents _meta
    return [column for column in found if isinstance(column, Field)]


def _encode(direction: Direction, row: Model, order: Sequence[str]) -> str:
    values = [str(column.value_to_string(row)) for column in _columns(type(row), order)]
    text = json.dumps([direction, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, queryset: QuerySet[Model], order: Sequence[str]) -> tuple[Direction, list[object]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if direction not in ("after", "before") or len(values) != len(order):
            raise BadCursorError("this list has no such page")
        columns = _columns(queryset.model, order)
        position = [column.to_python(value) for column, value in zip(columns, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, ValidationError):
        raise BadCursorError("this list has no such page") from None
    if any(value is None for value in position):
        raise BadCursorError("this list has no such page")
    return cast("Direction", direction), position
