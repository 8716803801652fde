"""Rounds that were generated in memory and are led through the office in rows, act by act.

The officers are 한담당 and 윤팀장 (chief), 배팀장 the second chief. Days are those of the first round of 3-1 in 2021.
"""

from __future__ import annotations

import json
import random
import tempfile
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dossier.generate import random_applications, random_rules
from evaluation import world as judging
from intake import world as intake
from panro.dossier.audit import programme_payload
from panro.dossier.build import build_round
from panro.dossier.sources import PublicValues
from panro.evaluation.models import Evaluation
from panro.intake.models import Application, Pool, Receipt, Snapshot
from panro.intake.states import State
from panro.parties.models import Party
from panro.parties.states import Kind
from panro.proof.canonical import CanonicalText, encode_text
from panro.proof.hashing import commitment_of_text, tagged_hash
from panro.rules.edition.load import load_edition
from panro.screening.models import Case, CaseDecision, Review
from panro.selection import course as acts
from panro.selection.building import CourseSalts
from panro.selection.models import CourseState, RoundCourse
from panro.staff import actions as staff
from panro.verifier import verify as verified

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from panro.accounts.models import User
    from panro.dossier.model import RoundRecord
    from panro.dossier.sources import Application as Told
    from panro.editions.models import EditionVersion
    from panro.rules.selection.round_rules import RoundRules
    from panro.selection.models import PublishedRound

SECRET = tagged_hash("secret", 1)
AFTER = date(2021, 4, 10)
NOW = datetime(2021, 4, 10, 1, tzinfo=UTC)
VALUES = PublicValues("3153.32", "3,9,17,24,33,41,8")
SEEDS = (33, 69)
"""Rounds with replacements, resignations, conflicts and several stages."""
ASK = "공시 시세표"


def verify(folder: Path) -> Sequence[str]:
    """The verifier, as the roof passes it in."""
    found = verified(folder).difference
    return [] if found is None else [str(found)]


def seen_from_the_desk(one: Told) -> Told:
    """What was told of an application, in words that the desk uses."""
    if one.requirement == "withdrawn":
        one = replace(one, reason="withdrawn", clause="")
    return replace(one, region="11" if len(one.region) > 2 else one.region)


@dataclass
class Story:
    """A round in memory, and its way through the rows."""

    version: EditionVersion
    rules: RoundRules
    told: list[Told]
    record: RoundRecord
    by: User
    chiefs: tuple[User, User]
    salts: CourseSalts = field(default_factory=lambda: CourseSalts(SECRET))
    now: datetime = NOW

    @property
    def course(self) -> RoundCourse:
        return RoundCourse.objects.select_related("version").get(round_id=self.rules.round_id)

    def later(self) -> datetime:
        """A moment later, so that times never fall."""
        self.now += timedelta(hours=1)
        return self.now

    def open(self) -> RoundCourse:
        return acts.open_course(
            self.version, "3-1", "R1", by=self.by, now=self.later(), today=AFTER, rules=self.rules, secret=SECRET
        )

    def freeze(self) -> RoundCourse:
        return acts.freeze(self.course.pk, by=self.by, now=self.later(), today=AFTER)

    def assignment(self) -> RoundCourse:
        return acts.enter_assignment_value(self.course.pk, VALUES.assignment, ASK, by=self.by, now=self.later())

    def begin(self) -> RoundCourse:
        return acts.begin_evaluation(
            self.course.pk,
            by=self.by,
            now=self.later(),
            salt=lambda code: self.salts.salt("panel", self.rules.round_id, code),
        )

    def judge(self) -> None:
        """Everybody judges as in memory."""
        replay = judging.Replay(self.version, self.record, self.salts)  # type: ignore[arg-type] # any salts
        replay.evaluation = Evaluation.objects.get(round_id=self.rules.round_id)
        rows = Receipt.objects.filter(place__isnull=False).values_list("commitment", "application_id")
        replay.applications = dict(rows)
        people = judging.reviewers(name for panel in self.record.panels.values() for name in set(panel.panel.roster))
        for stage in self.rules.stages:
            replay.judge(stage, people)

    def seal(self) -> RoundCourse:
        return acts.seal(self.course.pk, by=self.by, now=self.later())

    def draw(self) -> RoundCourse:
        return acts.draw(self.course.pk, VALUES.draw, "동행복권 누리집", by=self.by, now=self.later())

    def run(self) -> RoundCourse:
        return acts.run(self.course.pk, by=self.by, now=self.later())

    def confirm(self) -> None:
        proposed = acts.propose_confirmation(self.course.pk, "명단 확정", by=self.by, now=self.later())
        staff.approve(proposed.pk, by=self.chiefs[0], now=self.later())

    def publish(self) -> RoundCourse:
        return acts.publish(self.course.pk, by=self.by, now=self.later())

    def carry_on(self) -> object:
        return acts.carry_on(self.course.pk, verify=verify, now=self.later())

    def until(self, state: CourseState) -> RoundCourse:
        """Lead the round up to a state."""
        self.rows()
        self.open()
        for there, step in self.steps():
            if self.course.state == state:
                break
            if there is not None or state != CourseState.POOL_FROZEN:
                step()
        return self.course

    def steps(self) -> list[tuple[CourseState | None, Callable[[], object]]]:
        """What happens after the opening, in order, with the state it leads to."""
        return [
            (CourseState.POOL_FROZEN, self.freeze),
            (None, self.assignment),
            (CourseState.EVALUATED, self.begin),
            (None, self.judge),
            (CourseState.SEALED, self.seal),
            (CourseState.DRAWN, self.draw),
            (CourseState.RUN, self.run),
            (CourseState.CONFIRMED, self.confirm),
            (CourseState.PUBLISHING, self.publish),
            (CourseState.PUBLISHED, self.carry_on),
        ]

    @transaction.atomic
    def rows(self, *, undecided: int = 0) -> None:
        """Put what was told into the rows of intake and desk; the last so many wait at the desk."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        applicant = intake.someone("접수")
        where = {"edition": self.version.edition, "programme": "3-1", "round_code": "R1"}
        Pool.objects.create(**where, issued=len(self.told))
        review = Review.objects.create(**where) if self.told else None
        early = datetime(2021, 4, 1, 1, tzinfo=UTC)
        for index, one in enumerate(self.told):
            name = f"{one.payload['name']} {index}"
            party = Party.objects.create(kind=Kind.BUSINESS, name=name, created=early)
            gone = one.requirement == "withdrawn"
            row = Application.objects.create(
                **where,
                party=party,
                version=self.version,
                track="",
                applicant_type="merchant",
                state=State.WITHDRAWN if gone else State.SUBMITTED,
                closes=intake.CLOSES,
                created_by=applicant,
                created=early,
                saved_at=early,
                submitted_at=early,
                submitted_on=early.date(),
                submitted_by=applicant,
                applicant=str(one.payload["applicant"]),
                withdrawn_at=early if gone else None,
            )
            self._paper(row, one, early)
            waits = index >= len(self.told) - undecided and not gone
            case = Case.objects.create(
                application=row,
                review=review,
                party=party,
                programme="3-1",
                round_code="R1",
                applicant_type="merchant",
                name=name,
                receipt_no=str(one.payload["receipt_no"]),
                received=early,
                received_on=early.date(),
                state="waiting" if waits else one.requirement,
                decided_at=None if waits else early,
            )
            if not waits:
                self._decision(case, one, early)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    @staticmethod
    def _paper(row: Application, one: Told, early: datetime) -> None:
        payload = encode_text(one.payload)
        snapshot = Snapshot.objects.create(
            application=row, number=1, document="{}", digest=tagged_hash("snapshot", str(row.pk)), taken_at=early
        )
        Receipt.objects.create(
            snapshot=snapshot,
            application=row,
            receipt_no=str(one.payload["receipt_no"]),
            salt=one.salt,
            payload=payload,
            commitment=commitment_of_text(one.salt, payload),
            issued_at=early,
        )

    @staticmethod
    def _decision(case: Case, one: Told, early: datetime) -> None:
        CaseDecision.objects.create(
            case=case,
            number=1,
            requirement=one.requirement,
            reason=one.reason,
            clause=one.clause,
            region=one.region,
            groups=list(one.groups),
            bonus=list(one.bonus),
            facts=one.facts if isinstance(one.facts, CanonicalText) else encode_text(one.facts),
            decided_by="system:test",
            decided_at=early,
        )


def story(version: EditionVersion, by: User, chiefs: tuple[User, User], *, seed: int = 33, size: int = 14) -> Story:
    """A round of so many applications, as it is in memory; with stages, unless the size is that of nobody."""
    rng = random.Random(seed)
    rules = random_rules(rng, size)
    while not rules.stages or not rules.seats:
        rules = random_rules(rng, size)
    return told(version, by, chiefs, rng=rng, rules=rules, size=size)


def told(
    version: EditionVersion, by: User, chiefs: tuple[User, User], *, rng: random.Random, rules: RoundRules, size: int
) -> Story:
    """A round under given rules."""
    rules = replace(rules, edition="2021", programme="3-1", round="R1", simulated=True).checked()
    salts = CourseSalts(SECRET)
    applications = [seen_from_the_desk(one) for one in random_applications(rng, rules, size, salts)]  # type: ignore[arg-type] # any salts
    edition = load_edition("2021")
    programme = edition.programme("3-1")
    head = json.loads(encode_text(programme_payload(edition.head, programme, programme.round("R1"))))
    head["edition"]["programmes"] = ["3-1"]
    record = build_round(
        rules=rules,
        programme=head,
        applications=applications,
        reviewers=judging.TellingReviewers(rng),
        values=VALUES,
        salts=salts,
    )
    return Story(version, rules, applications, record, by, chiefs)


def verified_zips(published: PublishedRound) -> list[Sequence[str]]:
    """What the verifier says of both files of a publication."""
    found = []
    for file in (published.public_file, published.auditor_file):
        with tempfile.TemporaryDirectory() as place, file.open("rb") as opened, zipfile.ZipFile(opened) as archive:
            archive.extractall(place)
            found.append(verify(Path(place)))
    return found
