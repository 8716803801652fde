"""Reviewers, applications and rounds as the tests of the evaluation tell of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator

from dossier.generate import RandomReviewers
from intake import world as intake
from panro.accounts.models import User
from panro.evaluation import actions
from panro.evaluation.models import Assignment, Conflict, Evaluation, Reviewer, StageRun
from panro.evaluation.states import Source, Why
from panro.intake.models import Application
from panro.parties.models import Business, Party
from panro.parties.states import Kind, Standing
from panro.proof.hashing import tagged_hash
from panro.rules.selection.model import Conflict as RuleConflict
from panro.rules.selection.model import Panel
from panro.rules.selection.round_rules import RoundRules, ScoredStage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from panro.dossier.model import RoundRecord
    from panro.dossier.salts import SeededSalts
    from panro.editions.models import EditionVersion

START = datetime(2021, 4, 20, 1, tzinfo=UTC)
VALUE = "3153.32"
BY = "system:test"
POOL = "ab" * 32


def receipt(number: int) -> str:
    return tagged_hash("receipt", number)


def reviewer(name: str, code: str = "", **known: object) -> Reviewer:
    """A reviewer with an account and a second factor."""
    user = intake.someone(name)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return Reviewer.objects.create(user=user, code=code or name, joined_at=START, **known)


def reviewers(codes: Iterable[str]) -> dict[str, Reviewer]:
    """Many reviewers at once."""
    names = sorted(codes)
    users = User.objects.bulk_create(
        User(email=f"{number}@reviewers.kr", name=name) for number, name in enumerate(names)
    )
    made = Reviewer.objects.bulk_create(
        Reviewer(user=user, code=name, joined_at=START) for user, name in zip(users, names, strict=True)
    )
    return {one.code: one for one in made}


def applications(version: EditionVersion, count: int, by: User, *, businesses: bool = False) -> list[Application]:
    """Applications of as many shops; only what the evaluation asks of them."""
    parties = Party.objects.bulk_create(
        Party(kind=Kind.BUSINESS, name=f"가게 {number}", created=START) for number in range(1, count + 1)
    )
    if businesses:
        Business.objects.bulk_create(
            Business(
                party=party,
                business_number=intake.business_number(7_000 + number),
                form="sole",
                representative=f"김대표{number}",
                opened_on=date(2018, 5, 1),
                address=f"서울특별시 종로구 세종대로 {number}",
                region="11",
                phone="0212345678",
                standing=Standing.VERIFIED,
            )
            for number, party in enumerate(parties, 1)
        )
    return Application.objects.bulk_create(
        Application(
            party=party,
            edition=version.edition,
            version=version,
            programme="3-1",
            round_code="R1",
            applicant_type="small_merchant",
            closes=date(2021, 4, 9),
            answers={"plan": f"판매 계획 {number}"},
            created_by=by,
            created=START,
            saved_at=START,
        )
        for number, party in enumerate(parties, 1)
    )


@dataclass
class Judged:
    """A round of a few applications, its reviewers by name, and its stages by code."""

    evaluation: Evaluation
    people: dict[str, Reviewer]
    applications: list[Application]
    now: datetime = START

    def run(self, code: str = "paper") -> StageRun:
        return StageRun.objects.select_related("evaluation").get(evaluation=self.evaluation, stage=code)

    def seats(self, code: str = "paper") -> dict[int, tuple[str, ...]]:
        from panro.evaluation.panels import seats_of  # noqa: PLC0415 - needs the models

        return seats_of(self.run(code))

    def seat(self, number: int, name: str, code: str = "paper") -> Assignment:
        return Assignment.objects.get(run=self.run(code), participant__result_no=number, reviewer__code=name)

    def hand_in_all(self, code: str = "paper", points: Mapping[int, int] | None = None) -> None:
        """Everybody hands in the sheets still missing; all criteria get the same share."""
        run = self.run(code)
        stage = RoundRules.from_json(self.evaluation.rules).stage(code)
        rows = Assignment.objects.filter(run=run, left_at=None, latest=0).select_related("participant", "reviewer")
        for row in rows:
            share = (points or {}).get(row.participant.result_no, 80)
            given = {one.code: str(int(one.max * share / 100)) for one in stage.criteria}
            actions.hand_in(row.pk, given, "", latest=0, by=row.reviewer, now=self.now)


def begun(
    version: EditionVersion,
    rules: RoundRules,
    *,
    count: int = 4,
    names: Iterable[str] = ("강하나", "나두리", "도세찬", "류네모", "문다섯", "박여섯"),
    businesses: bool = False,
) -> Judged:
    """A round whose first stage has a roster and waits for its public value."""
    rows = applications(version, count, intake.someone("접수"), businesses=businesses)
    entrants = [actions.Entrant(number, receipt(number), row.pk) for number, row in enumerate(rows, 1)]
    evaluation = actions.begin(version, rules, entrants, pool_root=POOL, by=BY, now=START)
    people = reviewers(names)
    first = evaluation.runs.order_by("position")[0]
    actions.set_up(first.pk, {one.pk for one in people.values()}, by=BY, now=START)
    return Judged(evaluation, people, rows)


def opened(version: EditionVersion, rules: RoundRules, **more: object) -> Judged:
    """A round whose first stage is being judged."""
    judged = begun(version, rules, **more)  # type: ignore[arg-type] # passed on
    run = judged.run()
    actions.assign(run.pk, VALUE, by=BY, now=START)
    actions.open_(run.pk, date(2021, 4, 30), by=BY, now=START)
    return judged


class TellingReviewers(RandomReviewers):
    """Reviewers of a generated round whose conflicts have the reasons that this room knows."""

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        found = super().panel(stage, receipts)
        roster = tuple(f"{stage.code}-{name}" for name in found.roster)
        conflicts = (
            RuleConflict(one.receipt, f"{stage.code}-{one.reviewer}", self.rng.choice(list(Why)).value)
            for one in found.conflicts
        )
        unique = {(one.receipt, one.reviewer): one for one in conflicts}
        return Panel(roster, tuple(unique.values()))


@dataclass
class Replay:
    """Puts a round that was built in memory into rows, by the acts, in the order in which it happened."""

    version: EditionVersion
    record: RoundRecord
    salts: SeededSalts
    evaluation: Evaluation = field(init=False)
    applications: dict[str, UUID] = field(init=False)

    def play(self) -> Evaluation:
        """Carry out the whole evaluation up to its closed stages."""
        record, rules = self.record, self.record.rules
        rows = applications(self.version, len(record.cases), intake.someone("접수"))
        self.applications = {case.receipt: row.pk for case, row in zip(record.cases, rows, strict=True)}
        entrants = [
            actions.Entrant(case.result_no, case.receipt, self.applications[case.receipt])
            for case in record.cases
            if case.requirement == "eligible"
        ]
        self.evaluation = actions.begin(
            self.version,
            rules,
            entrants,
            pool_root=record.draw.pool_root,
            by=BY,
            now=START,
            salt=lambda code: self.salts.salt("panel", rules.round_id, code),
        )
        everybody = {name for panel in record.panels.values() for name in panel.panel.roster}
        people = reviewers(everybody)
        for stage in rules.stages:
            self.judge(stage, people)
        return self.evaluation

    def judge(self, stage: ScoredStage, people: Mapping[str, Reviewer]) -> None:
        run = StageRun.objects.get(evaluation=self.evaluation, stage=stage.code)
        if not run.participants.exists():
            return
        panel = self.record.panels[stage.code].panel
        Conflict.objects.bulk_create(
            Conflict(
                reviewer=people[one.reviewer],
                application_id=self.applications[one.receipt],
                source=Source.DECLARED,
                why=one.why,
                at=START,
                by=BY,
            )
            for one in panel.conflicts
        )
        actions.set_up(run.pk, {people[name].pk for name in panel.roster}, by=BY, now=START)
        actions.assign(run.pk, self.record.draw.assignment_value, by=BY, now=START)
        actions.open_(run.pk, None, by=BY, now=START)
        waiting = defaultdict(list)
        for score in self.record.scores:
            if score.stage == stage.code and score.phase == 0:
                waiting[score.result_no, score.reviewer].append(score)
        numbers = {case.receipt: case.result_no for case in self.record.cases}
        cuts = sorted({one.after for one in panel.resigned} | {0, len(panel.replaced)})
        for begins, ends in [*pairwise(cuts), (cuts[-1], cuts[-1])]:
            gone = [actions.Gone(numbers[one.receipt], one.reviewer, one.why) for one in panel.replaced[begins:ends]]
            resigned = {one.reviewer: "ill" for one in panel.resigned if one.after == begins}
            while gone:
                # Who takes over a seat and leaves it again may hand in a sheet in between, so one after the other.
                one = gone.pop(0)
                self.hand_in(run, one.result_no, waiting.pop((one.result_no, one.reviewer), []), stage)
                actions.leave(run.pk, [one], resigned, by=BY, now=START)
                resigned = {}
            if resigned:
                actions.leave(run.pk, [], resigned, by=BY, now=START)
        for (number, _name), scores in waiting.items():
            self.hand_in(run, number, scores, stage)
        actions.close(run.pk, by=BY, now=START)

    def hand_in(self, run: StageRun, number: int, scores: Iterable[object], stage: ScoredStage) -> None:
        for score in self.scores(scores):
            seat = Assignment.objects.select_related("reviewer").get(
                run=run, participant__result_no=number, reviewer__code=score.reviewer
            )
            points = {one.code: format(point, "f") for one, point in zip(stage.criteria, score.points, strict=True)}
            round_id, receipt_ = self.record.rules.round_id, self.record.cases[number - 1].receipt
            salt = self.salts.salt("score", round_id, stage.code, receipt_, score.reviewer, score.version, 0)
            actions.hand_in(
                seat.pk,
                points,
                f"{score.version}",
                latest=score.version - 1,
                by=seat.reviewer,
                now=score.at + timedelta(milliseconds=250),
                salt=lambda salt=salt: salt,
            )

    @staticmethod
    def scores(scores: Iterable[object]) -> Iterator[object]:
        yield from sorted(scores, key=lambda one: one.version)  # type: ignore[attr-defined] # scores of the record


__all__ = ["Judged", "Replay", "TellingReviewers", "applications", "begun", "opened", "replace", "reviewer"]
