"""Reading the value of a fact: what does not have the shape that `keys` says is an error with its place."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from panro.rules.facts import Fact, FactValue


class FactShapeError(ValueError):
    """A fact's value has another shape than its key demands; the message names key, source and what is expected."""

    def __init__(self, fact: Fact, expected: str, found: FactValue) -> None:
        super().__init__(
            f"fact {fact.key} (source {fact.source}, as of {fact.as_of}): expected {expected}, found {found!r}; "
            "correct it at its source"
        )


def record(fact: Fact) -> Mapping[str, FactValue]:
    """Return a value that is a record."""
    value = fact.value
    if isinstance(value, dict):
        return value
    raise FactShapeError(fact, "a record", value)


def records(fact: Fact) -> list[dict[str, FactValue]]:
    """Return a value that is a list of records."""
    value = fact.value
    if isinstance(value, list):
        kept = [row for row in value if isinstance(row, dict)]
        if len(kept) == len(value):
            return kept
    raise FactShapeError(fact, "a list of records", value)


def words(fact: Fact) -> list[str]:
    """Return a value that is a list of texts."""
    value = fact.value
    if isinstance(value, list):
        kept = [row for row in value if isinstance(row, str)]
        if len(kept) == len(value):
            return kept
    raise FactShapeError(fact, "a list of texts", value)


def flag(fact: Fact) -> bool:
    """Return a value that is true or false."""
    value = fact.value
    if isinstance(value, bool):
        return value
    raise FactShapeError(fact, "true or false", value)


def word(fact: Fact) -> str:
    """Return a value that is a text."""
    value = fact.value
    if isinstance(value, str):
        return value
    raise FactShapeError(fact, "a text", value)


def choice(fact: Fact, *allowed: str) -> str:
    """Return a value that is one of the allowed words."""
    value = fact.value
    if isinstance(value, str) and value in allowed:
        return value
    raise FactShapeError(fact, f"one of {', '.join(allowed)}", value)


def whole(fact: Fact) -> int:
    """Return a value that is a whole number."""
    value = fact.value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FactShapeError(fact, "a whole number", value)


def decimal(fact: Fact) -> Decimal:
    """Return a value that is a decimal written as text."""
    value = fact.value
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise FactShapeError(fact, "a decimal number as text", value)
    return number


def text_in(fact: Fact, row: Mapping[str, FactValue], name: str) -> str | None:
    """Return a text, or None, from a record of the fact."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    raise FactShapeError(fact, f"a text as {name}", value)


def choice_in(fact: Fact, row: Mapping[str, FactValue], name: str, *allowed: str) -> str:
    """Return one of the allowed words from a record of the fact."""
    value = row.get(name)
    if isinstance(value, str) and value in allowed:
        return value
    raise FactShapeError(fact, f"one of {', '.join(allowed)} as {name}", value)


def flag_in(fact: Fact, row: Mapping[str, FactValue], name: str) -> bool:
    """Return a true or false from a record of the fact."""
    value = row.get(name)
    if isinstance(value, bool):
        return value
    raise FactShapeError(fact, f"true or false as {name}", value)


def whole_in(fact: Fact, row: Mapping[str, FactValue], name: str) -> int:
    """Return a whole number from a record of the fact."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FactShapeError(fact, f"a whole number as {name}", value)


def date_in(fact: Fact, row: Mapping[str, FactValue], name: str) -> date | None:
    """Return a date, or None, from a record of the fact."""
    value = row.get(name)
    return None if value is None else date_of(fact, value)


def date_of(fact: Fact, value: FactValue) -> date:
    """Return a date that the fact holds as ISO text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FactShapeError(fact, "a date such as 2021-03-31", value)
