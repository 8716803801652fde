"""Reading the data files of the room: strict, with an error that names file and place."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from panro.accounts.language import say
from panro.korea.text import Text

CODE: Final = r"^[a-z][a-z0-9_]*$"
type Code = Annotated[str, StringConstraints(pattern=CODE, max_length=64)]
type Words = Annotated[str, StringConstraints(min_length=1)]


class DataError(ValueError):
    """A data file cannot be used; says the file, the place and what is wrong."""


class Row(BaseModel):
    """A row of a data file: what it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Both(Row):
    """A text in both languages."""

    ko: Words
    en: Words

    @property
    def text(self) -> Text:
        """The same for rules and pages."""
        return Text(ko=self.ko, en=self.en)

    def __str__(self) -> str:
        return say(self.text)


def read_rows[Table: BaseModel](table: type[Table], name: str) -> Table:
    """Read a file of ``data`` as a table.

    Raises:
        DataError: it is no TOML, or not of the table's form.
    """
    text = (files("panro.vault") / "data" / name).read_text(encoding="utf-8")
    try:
        return table.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise DataError(f"{name}: {wrong}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise DataError(f"{name}: {where}: {first['msg']}") from None
