"""What every model of an edition shares: unknown keys are errors, nothing is coerced, nothing changes."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from panro.korea.text import Text


class Strict(BaseModel):
    """A frozen model that takes exactly its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextData(Strict):
    """A text as the data has it: both languages, neither empty."""

    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """The text as the rules use it."""
        return Text(ko=self.ko, en=self.en)


def _decimal(value: object) -> object:
    """Take decimals from texts only: a float has already lost what was written."""
    if isinstance(value, float):
        raise ValueError("write a decimal in quotes, for example '0.5'")  # noqa: TRY004 - pydantic wants ValueError
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError("write a decimal in quotes, for example '0.5'") from error


DecimalText = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(str, return_type=str, when_used="json")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$")]
Won = Annotated[int, Field(ge=0)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
