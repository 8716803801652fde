"""The types of goods and their items, read from data that carries source and days."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import ClassVar, Final

from pydantic import ConfigDict

from panro.korea.tables import FORBID_UNKNOWN, Confidence, Day, Flag, read_table, table_error
from panro.korea.text import ExplainedError, Text

_FIELDS: Final = "fields.toml"
_SCHEMAS: Final = "schemas.toml"


class UnknownSchemaError(ExplainedError):
    """No such type of goods, or none of its versions holds on that day."""


class ItemKind(StrEnum):
    """How an item is written."""

    LINE = "line"
    TEXT = "text"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Item:
    """One item that must be told, as its type names it."""

    key: str
    kind: ItemKind
    label: Text
    help: Text
    detail_page: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """The items of a type of goods, and the first and last day on which they hold (None: open)."""

    code: str
    version: str
    name: Text
    valid_from: date | None
    valid_to: date | None
    items: tuple[Item, ...]
    source: str
    confidence: Confidence

    def holds_on(self, day: date) -> bool:
        """Return whether these are the items asked for on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def item(self, key: str) -> Item | None:
        """Return an item by its key, None if this type does not have it."""
        return next((item for item in self.items if item.key == key), None)


@dataclass(frozen=True, slots=True)
class _FieldRow:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    key: str
    kind: ItemKind
    ko: str
    en: str
    help_ko: str
    help_en: str
    detail_page: Flag


@dataclass(frozen=True, slots=True)
class _Fields:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    field: tuple[_FieldRow, ...]


@dataclass(frozen=True, slots=True)
class _Label:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class _VersionRow:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    version: str
    fields: tuple[str, ...]
    source: str
    confidence: Confidence
    valid_from: Day | None = None
    valid_to: Day | None = None
    optional: tuple[str, ...] = ()
    labels: dict[str, _Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _SchemaRow:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    ko: str
    en: str
    version: tuple[_VersionRow, ...]


@dataclass(frozen=True, slots=True)
class _Schemas:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    common: tuple[str, ...]
    schema: tuple[_SchemaRow, ...]


def read_schemas(fields_text: str, schemas_text: str) -> dict[str, tuple[Schema, ...]]:
    """Return all types with their versions, oldest first.

    Raises:
        TableError: a table cannot be read, names an item that is not there, or its days overlap.
    """
    rows = {row.key: row for row in read_table(_Fields, fields_text, _FIELDS).field}
    table = read_table(_Schemas, schemas_text, _SCHEMAS)
    found: dict[str, tuple[Schema, ...]] = {}
    for row in table.schema:
        made = tuple(_schema(row, version, table.common, rows) for version in row.version)
        _check_days(made, row.code)
        if row.code in found:
            raise table_error(_SCHEMAS, row.code, "두 번 나옵니다.", "appears twice")
        found[row.code] = made
    return found


def codes() -> tuple[str, ...]:
    """Return the codes of all types in the order of the official notice."""
    return tuple(_delivered())


def versions(code: str) -> tuple[Schema, ...]:
    """Return the versions of a type, oldest first.

    Raises:
        UnknownSchemaError: no such type.
    """
    found = _delivered().get(code)
    if found is None:
        raise UnknownSchemaError(
            Text(
                ko=f"‘{code}’ 품목은 상품정보제공고시에 없습니다. 품목을 다시 골라 주세요.",
                en=f"there is no type of goods {code!r} in the notice; choose another one",
            )
        )
    return found


def schema(code: str, on: date) -> Schema:
    """Return the items of a type that are asked for on a day.

    Raises:
        UnknownSchemaError: no such type, or no version of it holds on that day.
    """
    for version in versions(code):
        if version.holds_on(on):
            return version
    raise UnknownSchemaError(
        Text(
            ko=f"{on}에 쓰는 ‘{code}’ 품목의 고시 항목이 없습니다.",
            en=f"no items of {code} hold on {on}",
        )
    )


@cache
def _delivered() -> dict[str, tuple[Schema, ...]]:
    data = files("panro.korea.disclosures") / "data"
    return read_schemas((data / _FIELDS).read_text(encoding="utf-8"), (data / _SCHEMAS).read_text(encoding="utf-8"))


def _schema(row: _SchemaRow, version: _VersionRow, common: tuple[str, ...], rows: dict[str, _FieldRow]) -> Schema:
    keys = (*version.fields, *common)
    for key in (*keys, *version.optional, *version.labels):
        if key not in rows or key not in keys:
            raise table_error(
                _SCHEMAS, f"{row.code} {version.version}", f"‘{key}’ 항목이 없습니다.", f"no item {key!r}"
            )
    if len(set(keys)) != len(keys):
        raise table_error(_SCHEMAS, f"{row.code} {version.version}", "항목이 겹칩니다.", "an item appears twice")
    return Schema(
        code=row.code,
        version=version.version,
        name=Text(ko=row.ko, en=row.en),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        items=tuple(_item(rows[key], version) for key in keys),
        source=version.source,
        confidence=version.confidence,
    )


def _item(row: _FieldRow, version: _VersionRow) -> Item:
    label = version.labels.get(row.key)
    return Item(
        key=row.key,
        kind=row.kind,
        label=Text(ko=label.ko, en=label.en) if label else Text(ko=row.ko, en=row.en),
        help=Text(ko=row.help_ko, en=row.help_en),
        detail_page=row.detail_page,
        required=row.key not in version.optional,
    )


def _check_days(made: tuple[Schema, ...], code: str) -> None:
    """A later version begins on the day after the one before it ends."""
    for before, after in pairwise(made):
        if before.valid_to is None or after.valid_from is None or (after.valid_from - before.valid_to).days != 1:
            raise table_error(_SCHEMAS, code, "판의 날짜가 이어지지 않습니다.", "the days of its versions do not meet")
