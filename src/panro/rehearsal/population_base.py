"""What the models of a population share: rates, spans and weights, each with its source."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Rate = Annotated[int, Field(ge=0, le=10_000)]
"""How often something happens, in basis points."""
Weight = Annotated[int, Field(ge=0)]
Source = Annotated[str, Field(min_length=1)]
"""Where figures come from, or ``illustrative``."""
Weights = Annotated[dict[str, Weight], Field(min_length=1)]


class Data(BaseModel):
    """A frozen model that takes exactly its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourcedRate(Data):
    """How often something happens, in basis points, and where the figure comes from."""

    rate: Rate
    source: Source


class Span(Data):
    """From the smallest to the greatest value, both included."""

    from_: int = Field(alias="from")
    to: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError(f"to {self.to} lies below from {self.from_}")
        return self


class Band(Span):
    """A span and how often it occurs."""

    weight: Weight


class Proportion(Data):
    """So many of 10,000 companies, but at least so many."""

    rate: Rate
    at_least: int = Field(ge=0)
