"""The floor under a submit request: the rows it writes, written by a bare loop of psycopg, each a transaction."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple
from uuid import UUID, uuid4

import psycopg

from panro.intake.writing import HAND_IN, NUMBER

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

CONNECTIONS: Final = 8
LONGEST_START: Final = 120.0
RECORD: Final = """
    INSERT INTO record_entry (act, actor, subject, occurred, recorded, document, commitment)
    VALUES ('application_submitted', %s, %s, %s, %s, %s, NULL) RETURNING number
"""
TELL: Final = """
    INSERT INTO notify_message (id, key, channel, template, kind, language, account_id, address, subject, text,
        alimtalk, state, reason, created, due, attempts, sent, provider_group, provider_message)
    SELECT id, %s, channel, 'application_received', 'notice', 'ko', %s, address, %s, %s, '{}', state, '', %s, %s, 0,
        sent, '', ''
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        AS given (id, channel, address, state, sent)
    ON CONFLICT DO NOTHING
"""
CHANNELS: Final = (["inbox", "email"], ["", "merchant@example.com"], ["sent", "queued"])


class Draft(NamedTuple):
    """What one transaction hands in: a draft, its account, its notice, and the size of its snapshot in characters."""

    application: UUID
    account: UUID
    version: UUID
    edition: UUID
    round_code: str
    size: int


class Written(NamedTuple):
    """One connection's part: when it began and ended, by the same clock."""

    began: float
    ended: float


class _Meeting:
    """Where the connections wait for each other before they begin; of one process."""

    place: ClassVar[Barrier | None] = None


def write(database: str, drafts: list[Draft]) -> float:
    """Hand drafts in by bare statements at eight connections; returns transactions a second."""
    parts = [drafts[start::CONNECTIONS] for start in range(CONNECTIONS)]
    context = get_context("spawn")
    together = context.Barrier(CONNECTIONS)
    with ProcessPoolExecutor(CONNECTIONS, mp_context=context, initializer=_meet_at, initargs=(together,)) as apart:
        done = list(apart.map(_loop, [database] * CONNECTIONS, parts))
    return len(drafts) / (max(one.ended for one in done) - min(one.began for one in done))


def _meet_at(together: Barrier) -> None:
    _Meeting.place = together


def _loop(database: str, drafts: list[Draft]) -> Written:
    day, text = date(2021, 4, 1), secrets.token_hex(1_000)
    with psycopg.connect(database) as connection:
        if _Meeting.place is not None:
            _Meeting.place.wait(LONGEST_START)
        began = time.time()
        for one in drafts:
            now = datetime.now(UTC)
            document = (text * (one.size // len(text) + 1))[: one.size]
            digest, commitment, salt = (secrets.token_hex(32) for _ in range(3))
            with connection.transaction():
                keys = ([uuid4()], [one.edition], ["3-1"], [one.round_code], [1])
                found = connection.execute(NUMBER, keys).fetchone()
                number = found[3] if found else 0
                receipt = f"2021-3-1-{one.round_code}-{number:06d}"
                row = (one.application, one.version, uuid4(), document, digest, receipt, salt, text[:400], commitment)
                rest = (secrets.token_hex(16), now, day, one.account, date(2021, 12, 31), False)
                connection.execute(HAND_IN, [[value] for value in (*row, *rest)])
                entry = (str(one.account), f"application:{one.application}", now, now, text[:400])
                connection.execute(RECORD, entry)
                message = (f"bare:{one.application}", one.account, text[:60], text[:600], now, now)
                connection.execute(TELL, (*message, [uuid4(), uuid4()], *CHANNELS, [now, None]))
        return Written(began, time.time())
