"""Parts that the year and its programmes share: sources, rule uses, who may apply."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from panro.rules.edition.base import Code, Strict, TextData
from panro.rules.findings import Moment

type ApplicantType = Literal[
    "merchant", "cooperative", "creator", "trainee", "institution", "consortium", "local_government"
]
"""Who applies. ``trainee`` is a person without a business; ``institution`` a private organisation or a public body."""

type Unit = Literal["company", "person", "place", "product"]


class Source(Strict):
    """Where figures come from.

    ``of`` lists key paths such as ``quota`` or ``stages.panel.rubric``; a path covers everything under it, and the
    longest path that covers a figure counts. ``guide`` and ``press`` and ``law`` are public; a ``reading`` is one of
    two ways to read the guide, a ``decision`` fills its silence, ``illustrative`` is our example for what is not
    public.
    """

    of: list[str] = Field(min_length=1)
    kind: Literal["guide", "press", "law", "reading", "decision", "illustrative"]
    note: TextData


class RuleUse(Strict):
    """One eligibility rule as this year asks it.

    ``parameters`` are checked against the rule's own model; ``applicants`` and ``tracks`` limit whom it is asked of,
    None meaning everybody.
    """

    rule: Code
    moments: list[Annotated[Moment, Field(strict=False)]] = Field(min_length=1)
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    applicants: list[ApplicantType] | None = None
    tracks: list[Code] | None = None
    clause: TextData
