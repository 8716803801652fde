"""Reading published results; the number of queries never grows with the rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.db.models import Count, OuterRef, Subquery

from panro.selection.models import OfferLine, PublishedRound, ResultLine, RoundCourse, StageLine

if TYPE_CHECKING:
    from django.db.models import QuerySet

WHOLE_HASH: Final = re.compile(r"[0-9a-f]{64}")
GREATEST_NUMBER: Final = 2**31 - 1


def current_rounds() -> QuerySet[PublishedRound]:
    """The publication that holds of every round; one query, editions included, documents left out."""
    return (
        PublishedRound.objects.filter(current=True)
        .select_related("version__edition")
        .defer("version__document", "version__changes", "rules", "draw", "summary")
    )


def published_round(programme: str, round_: str, *, edition: str | None) -> PublishedRound | None:
    """The publication that holds of one round, of the newest edition that has it unless one is named. One query.

    ``tried`` is how often other numbers of places were tried before its draw; None where its course was not led here.
    """
    rounds = PublishedRound.objects.filter(programme=programme, round=round_, current=True)
    if edition is not None:
        rounds = rounds.filter(edition=edition)
    led = RoundCourse.objects.filter(
        version__edition__code=OuterRef("edition"), programme=OuterRef("programme"), round_code=OuterRef("round")
    )
    return (
        rounds.select_related("version__edition")
        .defer("version__document", "version__changes")
        .annotate(tried=Subquery(led.order_by().values("pk").annotate(count=Count("what_ifs")).values("count")))
        .order_by("-version__opens", "-edition")
        .first()
    )


def earlier_publications(published: PublishedRound) -> list[PublishedRound]:
    """What was published of the same round before, newest first. One query."""
    return list(
        PublishedRound.objects.filter(
            edition=published.edition, programme=published.programme, round=published.round, current=False
        )
        .defer("rules", "draw", "summary")
        .order_by("-number")
    )


def lines(published: PublishedRound, outcome: str = "") -> QuerySet[ResultLine]:
    """The lines of a publication, all or those of one outcome."""
    found = ResultLine.objects.filter(published=published)
    return found.filter(outcome=outcome) if outcome else found


def line_of(published: PublishedRound, wanted: str) -> ResultLine | None:
    """The line with a result number, or with the hash that stands on a receipt; None if there is none. One query."""
    text = wanted.strip().lower().replace(",", "")
    if WHOLE_HASH.fullmatch(text):
        return ResultLine.objects.filter(published=published, receipt=text).first()
    if text.isascii() and text.isdigit() and int(text) <= GREATEST_NUMBER:
        return ResultLine.objects.filter(published=published, result_no=int(text)).first()
    return None


def stages_of(line: ResultLine) -> dict[str, StageLine]:
    """A line's scores by stage. One query."""
    found = StageLine.objects.filter(published_id=line.published_id, result_no=line.result_no)
    return {stage.stage: stage for stage in found}


def offers_of(line: ResultLine) -> list[OfferLine]:
    """What became of a line's place after publication, in order. One query."""
    return list(OfferLine.objects.filter(published_id=line.published_id, result_no=line.result_no).order_by("seq"))
