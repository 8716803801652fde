"""What-if: the selection under other numbers of places, before anybody knows the seed.

As long as the seed is unknown, ties are open. So a what-if selects under some made-up seeds: who is in under all of
them is in for sure, who is in under some has odds. Everything that was tried is kept, and so is every attempt after
the seed was drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from panro.dossier.pool import freeze_pool, pool_cases
from panro.dossier.scoring import ReviewersOffice
from panro.evaluation.models import StageRun
from panro.evaluation.sources import DatabaseReviewers
from panro.evaluation.states import RunState
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.rules.selection.errors import RulesError, SelectionError
from panro.rules.selection.evaluation import evaluate
from panro.rules.selection.outcome import select_round
from panro.screening.queries import decided
from panro.selection.building import rules_of, salts_of
from panro.selection.course.acting import acting, enter
from panro.selection.course.errors import ChangedError, CourseError, SeedKnownError
from panro.selection.models import CourseState, WhatIf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json
    from panro.rules.selection.model import Case
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome
    from panro.selection.models import RoundCourse

SEED: Final = "panro-what-if-1"
DIGEST: Final = "panro-what-if-result-1"
TRIES: Final = 16
"""Made-up seeds of one what-if: enough to tell a certain place from one by lot."""
TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the notice; None and what is not named stay as announced."""

    seats: int | None = None
    tracks: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    bonus: bool = True

    def applied(self, rules: RoundRules) -> RoundRules:
        """Give the rules with these changes.

        Raises:
            CourseError: a track or cap does not exist, or the rules would contradict themselves.
        """
        known = {cap.name for cap in rules.caps}
        if self.tracks.keys() - rules.tracks.keys() or self.caps.keys() - known:
            raise CourseError(_("This round has no such track or cap."))
        changed = replace(
            rules,
            seats=rules.seats if self.seats is None else self.seats,
            tracks={**rules.tracks, **self.tracks},
            caps=tuple(replace(cap, limit=self.caps.get(cap.name, cap.limit)) for cap in rules.caps),
            bonus=rules.bonus if self.bonus else replace(rules.bonus, cap=rules.bonus.cap * 0),
        )
        try:
            return changed.checked()
        except RulesError as wrong:
            raise CourseError(_("These numbers do not go together.")) from wrong

    def to_json(self) -> dict[str, Json]:
        """Give what is stored: only what is different."""
        told: dict[str, Json] = {}
        if self.seats is not None:
            told["seats"] = self.seats
        if self.tracks:
            told["tracks"] = dict(self.tracks)
        if self.caps:
            told["caps"] = dict(self.caps)
        if not self.bonus:
            told["bonus"] = False
        return told


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison: how many are in for sure, by lot, or out; and how many are selected on average."""

    sure: int
    by_lot: int
    out: int
    selected: str

    def to_json(self) -> dict[str, Json]:
        """Give what is stored."""
        return {"sure": self.sure, "by_lot": self.by_lot, "out": self.out, "selected": self.selected}


@dataclass(frozen=True, slots=True)
class Odds:
    """What a what-if found. ``regions`` and ``tracks``: code, selected as announced and as tried, on average."""

    announced: Side
    tried: Side
    better: int
    """How many have better odds than as announced."""
    worse: int
    regions: tuple[tuple[str, str, str], ...]
    tracks: tuple[tuple[str, str, str], ...]

    def to_json(self) -> dict[str, Json]:
        """Give what is stored."""
        return {
            "tries": TRIES,
            "announced": self.announced.to_json(),
            "tried": self.tried.to_json(),
            "better": self.better,
            "worse": self.worse,
            "regions": [list(row) for row in self.regions],
            "tracks": [list(row) for row in self.tracks],
        }


def what_if(course_id: UUID, changes: Changes, *, by: User, now: datetime) -> WhatIf:
    """Try other numbers, and keep what came of it.

    Raises:
        PermissionDenied, ConflictError: as every act.
        SeedKnownError: the seed is drawn; the attempt stands in the record.
        CourseError: there are no scores to select by yet, or the changes do not fit the round.
    """
    with acting("what_if", course_id, by=by, now=now) as course:
        if course.is_from(CourseState.DRAWN):
            raise SeedKnownError
        odds = compare(course, changes)
        number = WhatIf.objects.filter(course=course).count() + 1
        made = WhatIf.objects.create(
            course=course, number=number, by=by, at=now, parameters=changes.to_json(), result=odds.to_json()
        )
        enter("what_if_tried", course, by=by, now=now, public={"number": number, "digest": digest_of(made)})
        return made


def digest_of(tried: WhatIf) -> str:
    """The hash by which the record holds a what-if fast."""
    told: dict[str, Json] = {"parameters": tried.parameters, "result": tried.result}
    return tagged_hash(DIGEST, encode_text(told))


def compare(course: RoundCourse, changes: Changes) -> Odds:
    """Select as announced and as changed, under the same made-up seeds; constant queries.

    Raises:
        CourseError: there are no scores to select by yet, or the changes do not fit the round.
        ChangedError: rows contradict the rules.
    """
    rules = rules_of(course)
    tried = changes.applied(rules)
    _check_scores(course)
    try:
        pool = freeze_pool(rules, decided(course.version, course.programme, course.round_code))
        cases = pool_cases(rules, pool)
        office = ReviewersOffice(rules, cases, DatabaseReviewers(course.round_id), salts_of(course))
        stages = evaluate(rules, cases, value=course.assignment_value, pool_root=pool.root, office=office)
    except SelectionError as wrong:
        raise ChangedError(
            _("The rows of this round contradict its rules. Please tell an auditor. (%(what)s)") % {"what": wrong}
        ) from wrong
    outcomes = [stage.outcome for stage in stages]
    return _odds(cases, _selected(rules, cases, outcomes), _selected(tried, cases, outcomes))


def _check_scores(course: RoundCourse) -> None:
    early = not course.is_from(CourseState.EVALUATED)
    done = (RunState.CLOSED, RunState.SEALED)
    runs = StageRun.objects.filter(evaluation__round_id=course.round_id, participants__isnull=False)
    if early or runs.exclude(state__in=done).exists():
        raise CourseError(_("This can be tried from the moment on at which all stages are closed."))


def _selected(rules: RoundRules, cases: Sequence[Case], outcomes: Sequence[StageOutcome]) -> Counter[int]:
    """How often each result number is selected."""
    found: Counter[int] = Counter()
    for number in range(TRIES):
        made_up = tagged_hash(SEED, rules.round_id, number)
        results = select_round(rules, cases, outcomes, made_up).results
        found.update(one.result_no for one in results if one.outcome == "selected")
    return found


def _odds(cases: Sequence[Case], announced: Counter[int], tried: Counter[int]) -> Odds:
    numbers = [case.result_no for case in cases]
    return Odds(
        announced=_side(numbers, announced),
        tried=_side(numbers, tried),
        better=sum(tried[one] > announced[one] for one in numbers),
        worse=sum(tried[one] < announced[one] for one in numbers),
        regions=_by({case.result_no: case.region for case in cases}, announced, tried),
        tracks=_by({case.result_no: case.track for case in cases}, announced, tried),
    )


def _side(numbers: Sequence[int], found: Counter[int]) -> Side:
    sure = sum(found[one] == TRIES for one in numbers)
    out = sum(not found[one] for one in numbers)
    return Side(sure, len(numbers) - sure - out, out, _mean(found.total()))


def _by(groups: Mapping[int, str], announced: Counter[int], tried: Counter[int]) -> tuple[tuple[str, str, str], ...]:
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for number, group in groups.items():
        before[group] += announced[number]
        after[group] += tried[number]
    return tuple((group, _mean(before[group]), _mean(after[group])) for group in sorted(before))


def _mean(total: int) -> str:
    return str((Decimal(total) / TRIES).quantize(TENTH))
