"""Judging the rows of a spreadsheet: what each would store, and what is wrong with it. Reads cells, writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from panro.catalog.completeness import schema_of
from panro.catalog.faults import Fault, FaultError, of_disclosure
from panro.catalog.fields import FIELDS, ITEM, PRICE_KEYS, price_faults
from panro.catalog.states import ProductState
from panro.korea import disclosures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from panro.catalog.fields import Value
    from panro.catalog.models import Product


@dataclass(slots=True)
class Judged:
    """What a row would store, into which product (None: a new one), and what is wrong with it."""

    values: dict[str, Value]
    product: Product | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code that the row gives its product, empty if it gives none."""
        return str(self.values.get("code") or "")


def judge(cells: Mapping[str, str], known: Mapping[str, Product], seen: Mapping[str, int], *, on: date) -> Judged:
    """Judge one row. An empty cell leaves what is stored.

    Args:
        cells: what they say, by key of column.
        known: the party's products by code, at least those that the file names.
        seen: codes of earlier rows of the file, with their lines.
        on: the day whose law decides about the items of the notice.
    """
    judged = Judged({})
    for one in FIELDS:
        if written := cells.get(one.key, ""):
            try:
                judged.values[one.key] = one.read(written)
            except FaultError as wrong:
                judged.faults.append(wrong.fault.at(one.key))
    judged.product = known.get(judged.code)
    if judged.code in seen:
        judged.faults.append(Fault("double_code", "code", {"found": judged.code, "line": seen[judged.code]}))
    if judged.product is None and not judged.values.get("name") and not _has(judged, "name"):
        judged.faults.append(Fault("no_name", "name"))
    if judged.product is not None and judged.product.state == ProductState.RETIRED:
        judged.faults.append(Fault("retired", "code", {"found": judged.code}))
    _items(cells, judged, on)
    stored = {key: getattr(judged.product, key, None) for key in PRICE_KEYS}
    judged.faults += price_faults({key: judged.values.get(key, stored[key]) for key in PRICE_KEYS})
    return judged


def _items(cells: Mapping[str, str], judged: Judged, on: date) -> None:
    written = {key: text for key, text in cells.items() if key.startswith(ITEM) and text}
    if not written or _has(judged, "category"):
        return
    category = str(judged.values.get("category") or getattr(judged.product, "category", ""))
    schema = schema_of(category, on)
    if schema is None:
        judged.faults += [Fault("needs_category", key) for key in written]
        return
    for key, text in written.items():
        item = schema.item(key.removeprefix(ITEM))
        if item is None:
            judged.faults.append(Fault("no_such_item", key, {"category": f"{schema.name.ko} ({schema.name.en})"}))
            continue
        try:
            judged.values[key] = disclosures.read_value(item, text)
        except disclosures.DisclosureError as wrong:
            judged.faults.append(of_disclosure(wrong).at(key))


def _has(judged: Judged, key: str) -> bool:
    return any(fault.field == key for fault in judged.faults)
