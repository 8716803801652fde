"""A made-up round at the office that waits for its selection. Imported when Django is set up.

Applications, cases and scores are put into their tables at once; everything else is done by the acts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Self

from django.db import connection, transaction
from rounds import GROUPS, LOAD, PANEL, REGIONS, big_rules

from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.editions.models import EditionVersion, VersionState
from panro.evaluation import actions as evaluation
from panro.evaluation.models import Assignment, Reviewer, ScoreVersion, StageRun
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.parties.models import Party
from panro.proof.canonical import encode_text
from panro.proof.hashing import commitment_of_text, tagged_hash
from panro.record.actions import new_salt
from panro.rules.selection.model import Score
from panro.rules.selection.sealing import score_sealer
from panro.screening.models import Case, CaseDecision, Review
from panro.selection import course
from panro.staff import actions as staff
from panro.staff import grants
from panro.staff.states import Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    from panro.rules.selection.round_rules import RoundRules

EARLY: Final = datetime(2021, 4, 1, 1, tzinfo=UTC)
AFTER: Final = date(2021, 4, 10)
BATCH: Final = 2_000
PROGRAMME: Final = "3-1"
BY: Final = "system:benchmark"
REFUSED: Final = 0.2


@dataclass
class Made:
    """The round, with the people who lead it and a clock."""

    course: UUID
    officer: User
    chief: User
    now: datetime = datetime(2021, 4, 10, 1, tzinfo=UTC)

    @classmethod
    def of(cls, size: int) -> Self:
        """Lead a round of so many applications, each judged by three, up to its draw."""
        version = EditionVersion.objects.get(state=VersionState.PUBLISHED)
        officer, chief = _hired("officer", Role.OFFICER), _hired("chief", Role.CHIEF)
        rules = replace(big_rules(size), edition="2021", programme=PROGRAMME, simulated=True).checked()
        with transaction.atomic():
            _applications(version, rules, size)
        made = cls(new_id(), officer, chief)
        opened = course.open_course(
            version,
            PROGRAMME,
            "R1",
            by=officer,
            now=made.later(),
            today=AFTER,
            rules=rules,
            secret=tagged_hash("bench"),
        )
        made.course = opened.pk
        course.freeze(opened.pk, by=officer, now=made.later(), today=AFTER)
        course.enter_assignment_value(opened.pk, "a value", "a source", by=officer, now=made.later())
        course.begin_evaluation(opened.pk, by=officer, now=made.later())
        _judged(rules, size, made.later())
        course.seal(opened.pk, by=officer, now=made.later())
        course.draw(opened.pk, "another value", "a source", by=officer, now=made.later())
        return made

    def later(self) -> datetime:
        """An hour later."""
        self.now += timedelta(hours=1)
        return self.now

    def confirm(self) -> None:
        """Have two persons confirm the selection."""
        proposed = course.propose_confirmation(self.course, "a benchmark", by=self.officer, now=self.later())
        staff.approve(proposed.pk, by=self.chief, now=self.later())


def _hired(name: str, role: Role) -> User:
    user = User.objects.create(email=f"{name}@example.com", name=name)
    grants.grant(user.email, role, granted_by=grants.BY_OPERATOR, now=EARLY)
    return User.objects.get(pk=user.pk)


def _applications(version: EditionVersion, rules: RoundRules, size: int) -> None:
    """Applications, receipts, cases and decisions; a fifth of them not eligible."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    source = random.Random(3)
    user = User.objects.create(email="merchant@example.com", name="merchant")
    where = {"edition": version.edition, "programme": PROGRAMME, "round_code": "R1"}
    Pool.objects.create(**where, issued=size)
    review = Review.objects.create(**where)
    rows = _Rows()
    keep = rows.keep
    for number in range(size):
        party = keep(Party(kind="business", name=f"가게 {number}", created=EARLY))
        receipt_no = f"2021-3-1-R1-{number:06d}"
        track = source.choice(sorted(rules.tracks))
        row = keep(
            Application(
                **where,
                party=party,
                version=version,
                applicant_type="merchant",
                state="submitted",
                closes=date(2021, 4, 9),
                created_by=user,
                created=EARLY,
                saved_at=EARLY,
                submitted_at=EARLY,
                submitted_on=EARLY.date(),
                submitted_by=user,
                applicant=f"applicant-{number}",
            )
        )
        snapshot = keep(
            Snapshot(application=row, number=1, document="{}", digest=tagged_hash("x", number), taken_at=EARLY)
        )
        payload = encode_text(
            {"receipt_no": receipt_no, "applicant": f"applicant-{number}", "round": rules.round_id, "track": track}
        )
        salt = new_salt()
        keep(
            Receipt(
                snapshot=snapshot,
                application=row,
                receipt_no=receipt_no,
                salt=salt,
                payload=payload,
                commitment=commitment_of_text(salt, payload),
                issued_at=EARLY,
            )
        )
        _case(rows, source, row, review)
    rows.write()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@dataclass
class _Rows:
    """Rows to be written together, table by table in the order in which the first of each came."""

    kept: dict[type[Model], list[Model]] = field(default_factory=dict)

    def keep[Row: Model](self, row: Row) -> Row:
        self.kept.setdefault(type(row), []).append(row)
        return row

    def write(self) -> None:
        for model, made in self.kept.items():
            model._default_manager.bulk_create(made, batch_size=BATCH)  # noqa: SLF001 - Django documents it


def _case(rows: _Rows, source: random.Random, row: Application, review: Review) -> None:
    """The case of an application, decided; a fifth are not eligible."""
    refused = source.random() < REFUSED
    state = "ineligible" if refused else "eligible"
    group = source.choice((*GROUPS, ""))
    case = rows.keep(
        Case(
            application=row,
            review=review,
            party=row.party,
            programme=PROGRAMME,
            round_code="R1",
            applicant_type="merchant",
            name=row.party.name,
            receipt_no=row.applicant,
            received=EARLY,
            received_on=EARLY.date(),
            state=state,
            decided_at=EARLY,
        )
    )
    rows.keep(
        CaseDecision(
            case=case,
            number=1,
            requirement=state,
            reason="closed" if refused else "",
            clause="a clause" if refused else "",
            region=source.choice(REGIONS),
            groups=[group] if group else [],
            bonus=[group] if group else [],
            facts=encode_text(
                {"facts": [{"key": f"fact_{key}", "value": key, "source": "bench"} for key in range(24)]}
            ),
            decided_by=BY,
            decided_at=EARLY,
        )
    )


def _judged(rules: RoundRules, size: int, now: datetime) -> None:
    """Panels dealt by the act; every sheet handed in once, by chance."""
    count = max(2 * PANEL, -(-size * PANEL // LOAD))
    users = User.objects.bulk_create(
        User(email=f"reviewer-{number}@example.com", name=f"reviewer {number}") for number in range(count)
    )
    people = Reviewer.objects.bulk_create(
        Reviewer(user=user, code=f"reviewer-{number:05d}", joined_at=EARLY) for number, user in enumerate(users)
    )
    run = StageRun.objects.get()
    evaluation.set_up(run.pk, {one.pk for one in people}, by=BY, now=now)
    evaluation.assign(run.pk, "a value", by=BY, now=now)
    evaluation.open_(run.pk, None, by=BY, now=now)
    source, stage = random.Random(4), rules.stages[0]
    sealer = score_sealer(stage)
    seats = Assignment.objects.filter(run=run).select_related("participant", "reviewer").order_by("pk")
    made = []
    for seat in seats:
        points, salt = (Decimal(source.randint(60, 200)) / 2,), new_salt()
        score = Score(stage.code, seat.participant.result_no, seat.reviewer.code, 1, 0, points, now, salt)
        made.append(
            ScoreVersion(
                assignment=seat,
                version=1,
                points=list(points),
                at=now,
                salt=salt,
                commitment=sealer(score, seat.participant.receipt),
            )
        )
    ScoreVersion.objects.bulk_create(made, batch_size=BATCH)
    evaluation.close(run.pk, by=BY, now=now)
