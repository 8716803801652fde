"""Statements that the object-relational mapper has no words for: numbering, and writing many receipts at once."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

type RoundKey = tuple[UUID, str, str]
"""Edition, programme and round."""

NUMBER: Final = """
    INSERT INTO intake_pool AS pool (id, edition_id, programme, round_code, issued, root)
    SELECT id, edition, programme, round_code, issued, ''
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[])
        AS given (id, edition, programme, round_code, issued)
    ON CONFLICT (edition_id, programme, round_code) DO UPDATE SET issued = pool.issued + EXCLUDED.issued
        WHERE pool.frozen_at IS NULL
    RETURNING edition_id, programme, round_code, issued
"""
HAND_IN: Final = """
    WITH given AS (
        SELECT * FROM unnest(
            %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::timestamptz[], %s::date[], %s::uuid[], %s::date[], %s::boolean[]
        ) AS given (
            application, version, snapshot, document, digest, receipt_no, salt, payload, commitment,
            applicant, at, day, account, closes, only_once
        )
    ), taken AS (
        INSERT INTO intake_snapshot (id, application_id, number, document, digest, taken_at)
        SELECT snapshot, application, 1, document, digest, at FROM given
    ), issued AS (
        INSERT INTO intake_receipt (snapshot_id, application_id, receipt_no, salt, payload, commitment, issued_at)
        SELECT snapshot, application, receipt_no, salt, payload, commitment, at FROM given
    )
    UPDATE intake_application AS kept
    SET state = 'submitted', version_id = given.version, revision = kept.revision + 1, applicant = given.applicant,
        submitted_at = given.at, submitted_on = given.day, submitted_by_id = given.account, closes = given.closes,
        only_once = given.only_once
    FROM given WHERE kept.id = given.application AND kept.state = 'draft'
"""

PLACE: Final = """
    INSERT INTO intake_place (receipt_id, pool_id, result_no)
    SELECT receipt, %s, result_no FROM unnest(%s::uuid[]) WITH ORDINALITY AS given (receipt, result_no)
"""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One row to write when an application is handed in, in the order of the statement."""

    application: UUID
    version: UUID
    snapshot: UUID
    document: str
    digest: str
    receipt_no: str
    salt: str
    payload: str
    commitment: str
    applicant: str
    at: datetime
    day: date
    account: UUID
    closes: date
    only_once: bool = False


def draw_numbers(wanted: Mapping[RoundKey, tuple[UUID, int]]) -> dict[RoundKey, int]:
    """Draw numbers in rounds and return the last number drawn in each; a frozen round is left out. One statement.

    The rows of the rounds are locked in the order of their keys until the transaction ends: draw numbers last.

    Args:
        wanted: by round, an id for its row if it has none yet, and how many numbers.
    """
    rounds = sorted(wanted)
    columns: list[list[UUID] | list[str] | list[int]] = [
        [wanted[key][0] for key in rounds],
        [key[0] for key in rounds],
        [key[1] for key in rounds],
        [key[2] for key in rounds],
        [wanted[key][1] for key in rounds],
    ]
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, columns)
        return {(edition, programme, code): issued for edition, programme, code, issued in cursor.fetchall()}


def hand_in(rows: Sequence[HandedIn]) -> int:
    """Write snapshots, receipts and the new state of applications; returns how many. One statement."""
    columns: list[list[str]] = [list(column) for column in zip(*map(astuple, rows), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(HAND_IN, columns)
        return int(cursor.rowcount)


def place(pool: UUID, receipts: Sequence[UUID]) -> None:
    """Give receipts their result numbers in a pool, from 1 in the order given. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [pool, list(receipts)])
