"""Rows of the database as open data gives them out; the number of queries never grows with the rows."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db.models import Max
from django.urls import reverse
from django.utils.http import urlencode

from panro.editions.documents import edition_of
from panro.editions.models import ProgrammeRow, RoundRow
from panro.insight.api import shapes
from panro.selection.models import PublishedRound
from panro.selection.queries import current_rounds
from panro.ui.addresses import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from panro.editions.models import EditionVersion
    from panro.selection.models import ResultLine

INSTITUTION: Final = "SP03"
PORTAL: Final = "BI07"
SMALL_MERCHANTS: Final = "CC30"
CERTIFICATE: Final = "EC05"
"""Codes of the notice API of SMEs 24: the agency, its portal, small merchants, their certificate."""
SMALL: Final = frozenset({"merchant", "cooperative"})
_SEQUENCE_BYTES: Final = 6


def programme_rows(version: EditionVersion) -> list[ProgrammeRow]:
    """The programmes of a version, in the notice's order. One query."""
    return list(ProgrammeRow.objects.filter(version=version).order_by("position"))


def round_rows(version: EditionVersion, programme: str = "") -> list[RoundRow]:
    """The rounds of a version, or of one programme, in the notice's order. One query."""
    rows = RoundRow.objects.filter(programme__version=version).select_related("programme")
    if programme:
        rows = rows.filter(programme__code=programme)
    return list(rows.order_by("programme__position", "position"))


def published(edition: str = "", programme: str = "") -> QuerySet[PublishedRound]:
    """The publications that hold, of one year and programme if named."""
    rows = current_rounds()
    if edition:
        rows = rows.filter(edition=edition)
    return rows.filter(programme=programme) if programme else rows


def last_publication() -> datetime | None:
    """When results were published last. One query."""
    found: datetime | None = PublishedRound.objects.aggregate(last=Max("published_at"))["last"]
    return found


def programme_shape(row: ProgrammeRow, edition: str) -> shapes.Programme:
    """A programme."""
    return shapes.Programme(
        edition=edition,
        code=row.code,
        pillar=row.pillar,
        name=shapes.Words(ko=row.name_ko, en=row.name_en),
        summary=shapes.Words(ko=row.summary_ko, en=row.summary_en),
        unit=row.unit,  # type: ignore[arg-type] # a constraint of the table holds the words
        quota=row.quota,
        method=row.method,  # type: ignore[arg-type] # same
        applicants=row.applicants,
        kinds=row.kinds,
        pilot=row.pilot,
        opens=row.opens,
        closes=row.closes,
        page=absolute(f"{reverse('editions:programme', args=[row.code])}?{urlencode({'edition': edition})}"),
    )


def round_shape(row: RoundRow, edition: str) -> shapes.Round:
    """A round."""
    return shapes.Round(
        edition=edition,
        programme=row.programme.code,
        code=row.code,
        name=shapes.Words(ko=row.name_ko, en=row.name_en),
        opens=row.opens,
        closes=row.closes,
        supplement_until=row.supplement_until,
        results_on=row.results_on,
        objections_until=row.objections_until,
        seats=row.seats,
        until_budget_used=row.until_budget_used,
    )


def result_shape(row: PublishedRound) -> shapes.Result:
    """The publication of a round."""
    where = [row.edition, row.programme, row.round]
    page = reverse("selection:round", args=where[1:])
    return shapes.Result(
        edition=row.edition,
        programme=row.programme,
        round=row.round,
        number=row.number,
        simulated=row.simulated,
        published_at=row.published_at,
        seats=row.seats,
        receipts=row.receipts,
        selected=row.selected,
        waiting=row.waiting,
        not_selected=row.not_selected,
        ineligible=row.ineligible,
        lapsed=row.lapsed,
        withdrawn=row.withdrawn,
        root=row.root,
        head=row.head,
        dossier=absolute(reverse("selection:dossier", args=[row.pk])),
        dossier_sha256=row.public_sha256,
        page=absolute(f"{page}?{urlencode({'edition': row.edition})}"),
        lines=absolute(reverse("insight:api_lines", args=where)),
    )


def line_shape(row: ResultLine) -> shapes.Line:
    """One line of a round."""
    return shapes.Line(
        result_no=row.result_no,
        receipt=row.receipt,
        track=row.track,
        region=row.region,
        outcome=row.outcome,  # type: ignore[arg-type] # a constraint of the table holds the words
        reason=row.reason,
        clause=row.clause,
        detail=row.detail,
        step=row.step,
        rank=row.rank,
        service=row.service,
        base=row.base,
        bonus=row.bonus,
        total=row.total,
        draw=row.draw,
        position=row.position,
    )


def notices(version: EditionVersion) -> list[shapes.Notice]:
    """The calls of a year in the shape of the public notice API, in Korean. One query."""
    return list(_notices(version, round_rows(version)))


def _notices(version: EditionVersion, rows: Iterable[RoundRow]) -> Iterable[shapes.Notice]:
    edition = edition_of(version)
    for row in rows:
        programme = edition.programme(row.programme.code)
        types = {applicant.type for applicant in programme.applicants}
        uses = {use.rule for use in edition.rules_of(programme)}
        page = f"{reverse('editions:programme', args=[programme.code])}?{urlencode({'edition': edition.head.code})}"
        until = f"{row.closes:%Y. %m. %d.}" + (" (예산 소진 시까지)" if row.until_budget_used else "")
        yield shapes.Notice(
            pblancSeq=sequence(f"{edition.head.code}/{programme.code}/{row.code}"),
            creatDt=(version.published_at or version.created_at).date(),
            pblancNm=f"{edition.head.name.ko} {programme.name.ko} {row.name_ko} 모집 공고",
            detailBsnsNm=programme.name.ko,
            policyCnts=programme.summary.ko,
            sportMg="" if row.seats is None else f"{row.seats:,}",
            sportCnts="\n".join(offer.ko for offer in programme.offers),
            sportTrget=programme.for_whom.ko,
            reqstRcept=f"온라인 접수, {row.opens:%Y. %m. %d.} ~ {until}",
            sportInsttNm=edition.head.agency.name.ko,
            sportInsttCd=INSTITUTION,
            pblancBgnDt=row.opens,
            pblancEndDt=row.closes,
            pblancAttach="",
            reqstLinkInfo=absolute(page),
            bizType="",
            bizTypeCd="",
            sportType="",
            sportTypeCd="",
            areaCd="",
            salsAmtCd="",
            ablbizCd="",
            emplyCntCd="",
            cmpScaleCd=SMALL_MERCHANTS if types <= SMALL else "",
            needCrtfnCd=CERTIFICATE if "small_merchant_certificate" in uses else "",
            cntcInsttCd=PORTAL,
        )


def sequence(round_id: str) -> int:
    """A number for a round that has none: the same whenever it is asked for, and for no other round."""
    return int.from_bytes(sha256(round_id.encode()).digest()[:_SEQUENCE_BYTES])
