"""What may be asked of the read API, and reading it from an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from panro.insight.api.door import ProblemError
from panro.insight.api.shapes import Wrong

if TYPE_CHECKING:
    from django.http import HttpRequest

type Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$", max_length=32)]
"""Of editions, programmes and rounds."""


class Query(BaseModel):
    """What stands after the question mark; a word that nobody knows is an error, so that no filter fails silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Query):
    """Nothing may be asked."""


class OfYear(Query):
    """One year."""

    edition: Code | None = None


class OfProgramme(OfYear):
    """One programme of a year."""

    programme: Code | None = None


class Paged(Query):
    """One page of a long list."""

    page: Annotated[str, Field(max_length=500)] | None = None
    size: Annotated[int, Field(ge=1, le=200)] = 50


class ResultsAsked(Paged):
    """Published rounds."""

    edition: Code | None = None
    programme: Code | None = None


class LinesAsked(Paged):
    """Lines of a round."""

    outcome: Literal["selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"] | None = None


def read[Asked: Query](request: HttpRequest, kind: type[Asked]) -> Asked:
    """Read what stands after the question mark.

    Raises:
        ProblemError: 400, naming everything that is wrong.
    """
    given = {key: values[0] if len(values) == 1 else values for key, values in request.GET.lists()}
    try:
        return kind.model_validate(given)
    except ValidationError as wrong:
        errors = [
            Wrong(name=".".join(str(part) for part in one["loc"])[:100], reason=one["msg"]) for one in wrong.errors()
        ]
        raise ProblemError(400, "A parameter cannot be read. Mend what `errors` names.", errors) from None
