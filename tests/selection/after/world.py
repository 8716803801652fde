"""A published round whose receipts belong to shops of this house, as the tests of what comes after tell of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from django.db import connection, transaction

from intake import world as intake
from made_rounds import make_round, verifier
from panro.editions import actions as editions
from panro.editions.models import EditionVersion, VersionState
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.parties.models import Membership, Party
from panro.parties.states import Kind, Role
from panro.rules.edition.load import load_edition
from panro.selection import actions
from panro.selection.models import PublishedRound, ResultLine

if TYPE_CHECKING:
    from pathlib import Path

    from made_rounds import MadeRound
    from panro.accounts.models import User

PUBLISHED = datetime(2021, 6, 7, 1, tzinfo=UTC)
LAST_DAY = date(2021, 6, 17)
"""The last day for objections in the notice."""
_serial = count(1)


def year() -> EditionVersion:
    """The year, published, where no transaction is open yet."""
    with transaction.atomic():
        version = editions._keep_draft(load_edition("2021"), now=PUBLISHED, by=None)
    EditionVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED, published_at=PUBLISHED)
    return EditionVersion.objects.get(pk=version.pk)


def made(folder: Path, *, programme: str = "3-2", receipts: int = 240) -> MadeRound:
    """A round of a programme that was run and proven, with no offer made yet."""
    return make_round(load_edition("2021"), programme, "R1", folder, receipts=receipts, offers=False)


@dataclass(repr=False)
class Round:
    """A published round, its applications by result number, and who owns each shop."""

    published: PublishedRound
    applications: dict[int, Application]
    owners: dict[int, User]

    def first(self, outcome: str, skip: int = 0) -> int:
        """The result number of the first line with an outcome, or of a later one."""
        lines = ResultLine.objects.filter(published=self.published, outcome=outcome).order_by("position", "result_no")
        return lines[skip].result_no


def published(version: EditionVersion, round_: MadeRound, *, people: bool = True) -> Round:
    """Publish a round, with applications, shops and receipts behind all of its lines."""
    one = actions.publish_dossier(round_.public, verify=verifier, now=PUBLISHED, auditor=round_.auditor)
    applications, owners = applied(version, round_, one) if people else ({}, {})
    return Round(one, applications, owners)


def applied(
    version: EditionVersion, round_: MadeRound, one: PublishedRound
) -> tuple[dict[int, Application], dict[int, User]]:
    """Give every line of a round an applicant of this house."""
    pool = Pool.objects.create(
        edition=version.edition,
        programme=one.programme,
        round_code=one.round,
        issued=one.receipts,
        frozen_at=PUBLISHED - timedelta(days=30),
        count=one.receipts,
        root=round_.record.draw.pool_root,
    )
    begun = PUBLISHED - timedelta(days=60)
    lines = list(ResultLine.objects.filter(published=one).order_by("result_no"))
    users = {line.result_no: intake.someone(f"점주{line.result_no}") for line in lines}
    parties = Party.objects.bulk_create(
        Party(kind=Kind.BUSINESS, name=f"가게 {line.result_no}", created=begun) for line in lines
    )
    Membership.objects.bulk_create(
        Membership(user=users[line.result_no], party=party, role=Role.OWNER, since=begun)
        for line, party in zip(lines, parties, strict=True)
    )
    with connection.cursor() as cursor:
        # Their way from draft to receipt is another room's story: the rows are put there as they end.
        cursor.execute("SET session_replication_role = replica")
    rows = Application.objects.bulk_create(
        Application(
            party=party,
            edition=version.edition,
            version=version,
            programme=one.programme,
            round_code=one.round,
            applicant_type="small_merchant",
            state="withdrawn" if line.outcome == "withdrawn" else "closed",
            withdrawn_at=begun if line.outcome == "withdrawn" else None,
            closes=date(2021, 4, 9),
            created_by=users[line.result_no],
            created=begun,
            saved_at=begun,
            submitted_at=begun,
            submitted_on=begun.date(),
            submitted_by=users[line.result_no],
            applicant=f"company-{line.result_no}-{next(_serial)}",
            pool=pool,
        )
        for line, party in zip(lines, parties, strict=True)
    )
    snapshots = Snapshot.objects.bulk_create(
        Snapshot(application=row, number=1, document="{}", digest="a" * 64, taken_at=begun) for row in rows
    )
    Receipt.objects.bulk_create(
        Receipt(
            snapshot=snapshot,
            application=row,
            receipt_no=json.loads(opening.payload)["receipt_no"],
            salt=opening.salt,
            payload=opening.payload,
            commitment=opening.commitment,
            issued_at=begun,
        )
        for row, snapshot, opening in zip(rows, snapshots, round_.record.receipts, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
    return {line.result_no: row for line, row in zip(lines, rows, strict=True)}, users
