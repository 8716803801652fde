"""What the page of an application says of its published result; the seam of `panro.intake.lines` is filled with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.urls import reverse

from panro.intake.lines import Line
from panro.selection.after import queries
from panro.selection.after.letters import UNTOLD
from panro.selection.after.wording import wording
from panro.selection.names import RoundNames

if TYPE_CHECKING:
    from panro.intake.models import Application
    from panro.selection.after.wording import Told


def line_of(application: Application) -> Line | None:
    """Return the published line of an application; None while there is none. One query."""
    found = queries.published_of(application)
    if found is None or found[1].outcome == UNTOLD:
        return None
    published, line = found
    answer = wording().answers[cast("Told", line.outcome)]
    query = urlencode({"edition": published.edition, "find": line.result_no})
    return Line(
        result_no=line.result_no,
        outcome=answer.filled({"position": str(line.position or "")}),
        reason=RoundNames(published).explain(line),
        address=f"{reverse('selection:round', args=[published.programme, published.round])}?{query}#own",
    )
