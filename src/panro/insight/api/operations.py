"""Everything that can be asked: addresses, parameters, shapes. Routes and description are made of this one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.insight.api import asked, shapes

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

BASE: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One address that can be read. ``path`` has its variables in braces; all of them are codes."""

    name: str
    path: str
    summary: _StrPromise
    query: type[asked.Query]
    answer: type[shapes.Shape]

    @property
    def variables(self) -> list[str]:
        """The variables of the path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def route(self) -> str:
        """The path as Django writes it, without a slash in front."""
        return f"{BASE}{self.path}".removeprefix("/").replace("{", "<str:").replace("}", ">")


OPERATIONS: Final = (
    Operation("api_programmes", "/programmes", _("All programmes of a year"), asked.OfYear, shapes.Programmes),
    Operation(
        "api_programme", "/programmes/{edition}/{programme}", _("One programme"), asked.Nothing, shapes.Programme
    ),
    Operation("api_rounds", "/rounds", _("All rounds of a year or a programme"), asked.OfProgramme, shapes.Rounds),
    Operation("api_results", "/results", _("Published rounds with their counts"), asked.ResultsAsked, shapes.Results),
    Operation(
        "api_result",
        "/results/{edition}/{programme}/{round}",
        _("One published round"),
        asked.Nothing,
        shapes.Result,
    ),
    Operation(
        "api_lines",
        "/results/{edition}/{programme}/{round}/lines",
        _("What became of every receipt of a round"),
        asked.LinesAsked,
        shapes.Lines,
    ),
    Operation(
        "api_notices",
        "/notices",
        _("Calls for applications, in the shape of the notice API of SMEs 24"),
        asked.OfYear,
        shapes.Notices,
    ),
)
BY_NAME: Final = {operation.name: operation for operation in OPERATIONS}
