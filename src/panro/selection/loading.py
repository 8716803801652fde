"""Bringing a dossier's rows into the database with COPY: sixty thousand lines in about a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from panro.selection.dossiers import DossierFolder

    type Cell = str | int | Decimal | date | UUID | list[Decimal] | None

LINE_COLUMNS = (
    "published_id",
    "result_no",
    "receipt",
    "track",
    "region",
    "outcome",
    "reason",
    "clause",
    "detail",
    "step",
    "rank",
    "service",
    "base",
    "bonus",
    "total",
    "draw",
    "position",
)
STAGE_COLUMNS = ("published_id", "result_no", "stage", "score", "criteria", "standing")
OFFER_COLUMNS = ("published_id", "seq", "on", "result_no", "event")


def copy_dossier(published: UUID, dossier: DossierFolder) -> None:
    """Write all lines, stage scores and offers of a publication, in the caller's transaction."""
    _copy(
        "selection_resultline",
        LINE_COLUMNS,
        (
            (
                published,
                line.result_no,
                line.receipt,
                line.track,
                line.region,
                line.outcome,
                line.reason,
                line.clause,
                line.detail,
                line.step,
                line.rank,
                line.service,
                line.base,
                line.bonus,
                line.total,
                line.draw,
                line.position,
            )
            for line in dossier.lines()
        ),
    )
    _copy(
        "selection_stageline",
        STAGE_COLUMNS,
        (
            (published, row.result_no, row.stage, row.score, list(row.criteria), row.standing)
            for row in dossier.stages()
        ),
    )
    _copy(
        "selection_offerline",
        OFFER_COLUMNS,
        ((published, row.seq, row.on, row.result_no, row.event) for row in dossier.offers()),
    )


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
