"""Reading evaluations; the number of queries never grows with the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _

from panro.evaluation import panels
from panro.evaluation.models import (
    Assignment,
    Conflict,
    Evaluation,
    PanelMinute,
    Participant,
    Replacement,
    Reviewer,
    ReviewerInvitation,
    ScoreVersion,
    SiteVisit,
    StageRun,
    TimetableSlot,
)
from panro.evaluation.states import InvitationState, RunState
from panro.rules.selection.aggregation import aggregate
from panro.rules.selection.diagnostics import ReviewerHabit, reviewer_habits
from panro.rules.selection.standing import stand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.rules.selection.standing import StageOutcome


@dataclass(frozen=True, slots=True)
class Progress:
    """One reviewer's sheets at a stage."""

    reviewer: Reviewer
    sheets: int
    done: int
    last: datetime | None

    @property
    def left(self) -> int:
        """How many are still to come."""
        return self.sheets - self.done


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the totals of one panel lie apart."""

    result_no: int
    totals: tuple[Decimal, ...]

    @property
    def width(self) -> Decimal:
        """From the lowest to the highest."""
        return max(self.totals) - min(self.totals)


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What a panel looks at before it closes: reviewers' habits, and the applications they differ on most."""

    habits: tuple[ReviewerHabit, ...]
    widest: list[Spread]


def first_reasons(found: QuerySet[Conflict]) -> dict[tuple[UUID, UUID], str]:
    """Return one reason for each pair of a reviewer and an application in conflict. One query."""
    reasons: dict[tuple[UUID, UUID], str] = {}
    for who, what, why in found.order_by("reviewer_id", "application_id", "why").values_list(
        "reviewer_id", "application_id", "why"
    ):
        reasons.setdefault((who, what), why)
    return reasons


def missing_sheets(run: StageRun) -> dict[str, int]:
    """Whose sheets are not in, with their number, by name. One query."""
    rows = (
        Assignment.objects.filter(run=run, phase=0, left_at=None, latest=0)
        .order_by()
        .values("reviewer__user__name", "reviewer__code")
        .annotate(count=Count("pk"))
        .order_by("reviewer__user__name", "reviewer__code")
    )
    found: dict[str, int] = {}
    for row in rows:
        name = row["reviewer__user__name"] or row["reviewer__code"]
        found[name] = found.get(name, 0) + row["count"]
    return found


def missing_words(missing: Mapping[str, int]) -> str:
    """Say whose sheets are missing."""
    whose = ", ".join(f"{name} ({count})" for name, count in missing.items())
    return _("Sheets are missing: %(whose)s. Wait for them, or replace the reviewer.") % {"whose": whose}


def counting(run: StageRun) -> dict[tuple[int, str], tuple[Decimal, ...]]:
    """The points that count, by result number and reviewer. One query."""
    rows = ScoreVersion.objects.filter(
        assignment__run=run, assignment__phase=0, assignment__left_at=None, version=F("assignment__latest")
    ).order_by()
    return {
        (number, code): tuple(points)
        for number, code, points in rows.values_list(
            "assignment__participant__result_no", "assignment__reviewer__code", "points"
        )
    }


def outcome(run: StageRun) -> StageOutcome:
    """What a stage comes to; every sheet must be in. Two queries.

    Raises:
        SelectionError: a sheet is missing.
    """
    stage = panels.rules_of(run.evaluation).stage(run.stage)
    grid = stage.point_grid
    points = {pair: tuple(grid.units(one) for one in given) for pair, given in counting(run).items()}
    return stand(stage, aggregate(stage, panels.seats_of(run), points))


def diagnostics(run: StageRun, *, shown: int = 10) -> Diagnostics:
    """Habits and spreads of the panels whose sheets are all in. Two queries."""
    stage = panels.rules_of(run.evaluation).stage(run.stage)
    grid = stage.point_grid
    given = counting(run)
    seats = {
        number: members
        for number, members in panels.seats_of(run).items()
        if all((number, code) in given for code in members)
    }
    points = {pair: tuple(grid.units(one) for one in one_of) for pair, one_of in given.items()}
    habits = reviewer_habits(stage, seats, points) if seats else ()
    spreads = [
        Spread(number, tuple(sum(given[number, code], start=type(stage.point_step)(0)) for code in members))
        for number, members in seats.items()
    ]
    spreads.sort(key=lambda one: (-one.width, one.result_no))
    return Diagnostics(habits, [one for one in spreads[:shown] if one.width])


def progress(run: StageRun) -> list[Progress]:
    """Every reviewer of a stage with the sheets to give and given, who has most to do first. Two queries."""
    rows = (
        Assignment.objects.filter(run=run, phase=0, left_at=None)
        .order_by()
        .values("reviewer_id")
        .annotate(sheets=Count("pk"), done=Count("pk", filter=Q(latest__gt=0)), last=Max("versions__at"))
    )
    counted = {row["reviewer_id"]: row for row in rows}
    people = Reviewer.objects.filter(rosters__run=run).select_related("user").order_by("user__name", "code")
    found = [
        Progress(one, counted[one.pk]["sheets"], counted[one.pk]["done"], counted[one.pk]["last"])
        if one.pk in counted
        else Progress(one, 0, 0, None)
        for one in people
    ]
    return sorted(found, key=lambda one: -one.left)


def evaluations() -> list[Evaluation]:
    """All rounds being judged, the newest first, with their stages. Two queries."""
    return list(Evaluation.objects.order_by("-begun_at", "-id").prefetch_related("runs"))


def evaluation_of(round_id: str) -> Evaluation | None:
    """A round with its stages, or None. Two queries."""
    return Evaluation.objects.filter(round_id=round_id).select_related("version").prefetch_related("runs").first()


def reviewers() -> list[Reviewer]:
    """All reviewers by name, with the sheets they still owe. One query."""
    owed = Count(
        "assignments",
        filter=Q(assignments__left_at=None, assignments__latest=0, assignments__run__state=RunState.OPEN),
    )
    return list(Reviewer.objects.select_related("user").annotate(owed=owed).order_by("user__name", "code"))


def open_invitations() -> list[ReviewerInvitation]:
    """Invitations that wait, the newest first. One query."""
    return list(ReviewerInvitation.objects.filter(state=InvitationState.OPEN))


def late_conflicts(run: StageRun) -> list[Conflict]:
    """Conflicts of reviewers with applications in whose panel they sit now. One query."""
    return list(
        Conflict.objects.filter(
            reviewer__assignments__run=run,
            reviewer__assignments__left_at=None,
            reviewer__assignments__participant__application=F("application"),
        )
        .select_related("reviewer__user")
        .order_by("at", "id")
    )


def replacements(run: StageRun) -> list[Replacement]:
    """Who was replaced, in order. One query."""
    return list(run.replacements.select_related("reviewer__user", "successor__user", "participant").order_by("number"))


def minutes(run: StageRun) -> list[PanelMinute]:
    """What the panel wrote down. One query."""
    return list(run.minutes.select_related("by", "participant").order_by("at", "id"))


def timetable(run: StageRun) -> list[TimetableSlot]:
    """Who presents when. One query."""
    return list(run.timetable.select_related("participant").order_by("starts", "id"))


def visits(run: StageRun) -> list[SiteVisit]:
    """Which places are looked at when, and what was seen. One query."""
    return list(SiteVisit.objects.filter(participant__run=run).select_related("participant").order_by("planned", "id"))


def roster(run: StageRun) -> set[UUID]:
    """Who may judge at a stage. One query."""
    return set(run.roster.values_list("reviewer_id", flat=True))


def who_sits(run: StageRun) -> list[Assignment]:
    """All seats by result number and slot, for choosing whom to replace. One query."""
    return list(
        Assignment.objects.filter(run=run, phase=0, left_at=None)
        .select_related("reviewer__user", "participant")
        .order_by("participant__result_no", "slot")
    )


def participant_count(run: StageRun) -> int:
    """How many take part. One query."""
    return Participant.objects.filter(run=run).count()


def mine(reviewer: Reviewer) -> list[Assignment]:
    """A reviewer's sheets in open and closed stages and in new panels, by round, stage and result number. One query."""
    return list(
        Assignment.objects.filter(
            Q(phase=0, run__state__in=[RunState.OPEN, RunState.CLOSED]) | Q(phase=1, appeal__sealed_at=None),
            reviewer=reviewer,
            left_at=None,
        )
        .select_related("run__evaluation__version", "participant__application__party")
        .defer("run__evaluation__version__document", "run__evaluation__version__changes")
        .order_by("run__evaluation__round_id", "run__position", "participant__result_no")
    )
