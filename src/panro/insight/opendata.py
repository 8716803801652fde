"""Open data as whole tables: the fields of the read API, in CSV and JSON, written as the rows come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from panro.insight.api.shapes import Line, Notice, Programme, Result, Round, Words
from panro.insight.sheets import csv_lines
from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from panro.insight.api.shapes import Shape
    from panro.insight.sheets import Cell

LICENCE: Final = Text(
    ko="공공누리 제1유형: 출처를 밝히면 자유롭게 이용할 수 있습니다.",
    en="Korea Open Government License, type 1: free to use when the source is named.",
)
LICENCE_ADDRESS: Final = "https://www.kogl.or.kr/info/licenseType1.do"
SHAPES: Final[dict[str, type[Shape]]] = {"programmes": Programme, "rounds": Round, "results": Result, "lines": Line}
BATCH: Final = 2_000

__all__ = ["BATCH", "LICENCE", "LICENCE_ADDRESS", "SHAPES", "Notice", "as_csv", "as_json", "columns"]


def columns(kind: type[Shape]) -> list[str]:
    """Return the columns of a table: a text in two languages takes two."""
    found = []
    for name, field in kind.model_fields.items():
        found += [f"{name}_ko", f"{name}_en"] if field.annotation is Words else [name]
    return found


def as_csv(kind: type[Shape], rows: Iterable[Shape]) -> Iterator[str]:
    """Give a table as lines of CSV with the mark of UTF-8; lists are joined by semicolons, nothing is an empty cell."""
    return csv_lines(columns(kind), (_cells(row) for row in rows))


def as_json(rows: Iterable[Shape]) -> Iterator[str]:
    """Give a table as one JSON object with its licence, piece by piece."""
    licence = {"ko": LICENCE.ko, "en": LICENCE.en, "address": LICENCE_ADDRESS}
    yield f'{{"licence": {json.dumps(licence, ensure_ascii=False)}, "items": ['
    separator = ""
    for row in rows:
        yield separator + row.model_dump_json()
        separator = ",\n"
    yield "]}"


def _cells(row: Shape) -> list[Cell]:
    found: list[Cell] = []
    for name in type(row).model_fields:
        value = getattr(row, name)
        match value:
            case Words():
                found += [value.ko, value.en]
            case list():
                found.append(";".join(value))
            case bool():
                found.append("true" if value else "false")
            case None | int() | str():
                found.append(value)
            case _ if hasattr(value, "isoformat"):
                found.append(value.isoformat())
            case _:
                found.append(str(value))
    return found
