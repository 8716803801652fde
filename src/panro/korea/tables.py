"""Strict reading of the TOML tables: plain frozen dataclasses come out, unknown keys are errors."""

import tomllib
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

from pydantic import ConfigDict, Strict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from panro.korea.text import ExplainedError, Text


class Confidence(StrEnum):
    """How sure a row of a table is; what is not verified is shown as such and stays editable data."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    FROM_MEMORY = "from_memory"
    UNSURE = "unsure"


FORBID_UNKNOWN: Final = ConfigDict(extra="forbid")

# Scalars of a table take no conversion: "3" is no number, "2021-01-01" in quotes is no date.
Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]


class TableError(ExplainedError):
    """A table cannot be used: names the file, the key, what was found and what was expected."""


def table_error(name: str, where: str, ko: str, en: str) -> TableError:
    """Return the error for one place of a table file."""
    place = f"{name}: {where}" if where else name
    return TableError(Text(ko=f"{place}: {ko}", en=f"{place}: {en}"))


def packaged_text(name: str) -> str:
    """Return the text of a table that is delivered with this room."""
    return (files("panro.korea") / "data" / name).read_text(encoding="utf-8")


def file_text(path: Path) -> str:
    """Return the text of a table file.

    Raises:
        TableError: the file cannot be read as UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise table_error(
            str(path),
            "",
            f"파일을 읽을 수 없습니다. UTF-8 파일인지 확인해 주세요. ({error})",
            f"cannot be read; give a UTF-8 file ({error})",
        ) from error


def read_table[Layout](layout: type[Layout], text: str, name: str) -> Layout:
    """Return the table in the text, checked against its layout.

    Args:
        layout: a frozen dataclass whose `__pydantic_config__` is `FORBID_UNKNOWN`.
        text: the TOML text.
        name: the file's name, for errors.

    Raises:
        TableError: not TOML, an unknown or missing key, or a value of the wrong type.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise table_error(name, "", f"TOML 형식이 아닙니다. ({error})", f"is not TOML ({error})") from error
    try:
        return TypeAdapter(layout).validate_python(raw)
    except ValidationError as error:
        raise _first_fault(error.errors(include_url=False)[0], name) from error


def _first_fault(fault: ErrorDetails, name: str) -> TableError:
    where = ".".join(str(part) for part in fault["loc"])
    found = fault["input"]
    match fault["type"]:
        case "unexpected_keyword_argument":
            ko, en = (
                "알 수 없는 키입니다. 지우거나 이름을 고쳐 주세요.",
                "unknown key; remove it or mend its name",
            )
        case "missing":
            ko, en = "꼭 있어야 하는 키가 없습니다. 넣어 주세요.", "this key is required; add it"
        case _:
            ko = f"{found!r} 값을 쓸 수 없습니다. ({fault['msg']})"
            en = f"found {found!r}; {fault['msg']}"
    return table_error(name, where, ko, en)
