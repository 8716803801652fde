"""Order, places, outcomes and reasons (section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .numbers import rounded, written
from .pool import ELIGIBLE
from .rounds import BASIS_POINTS
from .stages import BELOW_MARK, PASSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .draw import Draw
    from .pool import Case, Pool
    from .rounds import Round
    from .stages import Mark, StageRun

SELECTED, WAITING, NOT_SELECTED = "selected", "waiting", "not_selected"
KEPT, OBJECTION, FULL, LOST_DRAW = "kept", "objection", "full", "lost_draw"


class Ranked(NamedTuple):
    """One of those who passed all stages. `merit` is what is compared before the draw, smaller being better."""

    number: int
    service: int
    base: int
    bonus: int
    total: int
    merit: tuple[int, ...]
    draw: str


def rank(rules: Round, pool: Pool, cases: Mapping[int, Case], runs: Sequence[StageRun], draw: Draw) -> list[Ranked]:
    """Return the ranked in their order: service, total, ladder, draw."""
    eligible = [number for number, case in cases.items() if case.requirement == ELIGIBLE]
    numbers = runs[-1].passed() if runs else eligible
    scale = _Scale(rules)
    ranked = []
    for number in numbers:
        case, marks = cases[number], [run.marks[number] for run in runs]
        base = scale.base(marks)
        bonus = min(rules.bonus_cap, sum(rules.bonus_items[item] for item in case.bonus))
        service = _service(rules, case)
        merit = (service, -base - bonus, *(-_ladder_value(at, marks, bonus) for at in rules.ladder))
        ranked.append(Ranked(number, service, base, bonus, base + bonus, merit, draw.of(pool.receipts[number])))
    ranked.sort(key=lambda one: (one.merit, one.draw))
    return ranked


class _Scale:
    """The weighted sum of stage scores, whose steps may have different numbers of digits."""

    def __init__(self, rules: Round) -> None:
        digits = max((stage.step.digits for stage in rules.stages), default=0)
        self._factors = [stage.weight * 10 ** (digits - stage.step.digits) for stage in rules.stages]
        self._denominator = BASIS_POINTS * 10**digits
        self._step = rules.total_step

    def base(self, marks: Sequence[Mark]) -> int:
        """Return round(Σ weight × stage score / 10000, total_step); 0 without stages."""
        weighted = sum(factor * mark.score for factor, mark in zip(self._factors, marks, strict=True))
        return rounded(weighted, self._denominator, self._step)


def _service(rules: Round, case: Case) -> int:
    for position, group in enumerate(rules.service_order, 1):
        if group in case.groups:
            return position
    return len(rules.service_order) + 1


def _ladder_value(at: tuple[int, int | None] | None, marks: Sequence[Mark], bonus: int) -> int:
    if at is None:
        return bonus
    stage, criterion = at
    return marks[stage].score if criterion is None else marks[stage].criteria[criterion]


@dataclass(slots=True)
class Counter:
    """How many count in a cap, and the largest rank among them."""

    limit: int
    count: int = 0
    last_rank: int = 0


@dataclass(slots=True)
class Counters:
    """The counters of all caps (section 8, places), made when first needed."""

    rules: Round
    _counters: dict[str, Counter] = field(default_factory=dict)
    _places: dict[tuple[str, str], tuple[tuple[str, Counter], ...]] = field(default_factory=dict)

    def _of(self, case: Case) -> tuple[tuple[str, Counter], ...]:
        """Return an applicant's caps by their keys, in their order."""
        place = (case.track, case.region)
        if place not in self._places:
            limits = self._limits(*place)
            self._places[place] = tuple(
                (key, self._counters.setdefault(key, Counter(limit))) for key, limit in limits.items()
            )
        return self._places[place]

    def _limits(self, track: str, region: str) -> dict[str, int]:
        limits: dict[str, int] = {}
        for cap in self.rules.caps:
            if cap.tracks is None or track in cap.tracks:
                limits[f"{cap.name}:{region}" if cap.by_region else cap.name] = cap.limit
        seats = self.rules.tracks[track]
        if seats is not None:
            limits[f"track:{track}"] = seats
        if self.rules.seats is not None:
            limits["seats"] = self.rules.seats
        return limits

    def first_full(self, case: Case) -> str | None:
        """Return the first of an applicant's caps that is full, or None."""
        for key, counter in self._of(case):
            if counter.count >= counter.limit:
                return key
        return None

    def last_rank(self, key: str) -> int:
        """Return the largest rank that was counted in a cap, 0 if none."""
        return self._counters[key].last_rank

    def add(self, case: Case, change: int, rank: int = 0) -> None:
        """Change all counters of an applicant's caps by `change`."""
        for _, counter in self._of(case):
            counter.count += change
            counter.last_rank = max(counter.last_rank, rank)


@dataclass(slots=True)
class Selection:
    """Who was selected, by result number with the step's name, and how the caps then stood."""

    ranked: list[Ranked]
    steps: dict[int, str]
    counters: Counters
    last_rank: int


def select(rules: Round, cases: Mapping[int, Case], ranked: list[Ranked]) -> Selection:
    """Go through the steps, and within a step through the ranked (section 8, places)."""
    chosen = Selection(ranked, {}, Counters(rules), 0)
    for step in rules.steps:
        taken = 0
        for place, one in enumerate(ranked, 1):
            if step.seats is not None and taken >= step.seats:
                break
            case = cases[one.number]
            outside = step.group is not None and step.group not in case.groups
            if one.number in chosen.steps or outside or chosen.counters.first_full(case) is not None:
                continue
            chosen.counters.add(case, 1, place)
            chosen.steps[one.number] = step.name
            chosen.last_rank = max(chosen.last_rank, place)
            taken += 1
    return chosen


class Result(NamedTuple):
    """A row of `results.csv` after the result number, as it is written."""

    outcome: str
    reason: str
    detail: str = ""
    step: str = ""
    rank: str = ""
    service: str = ""
    base: str = ""
    bonus: str = ""
    total: str = ""
    draw: str = ""
    position: str = ""


def results(
    rules: Round,
    cases: Mapping[int, Case],
    runs: Sequence[StageRun],
    chosen: Selection,
    before: Mapping[int, str] | None = None,
) -> dict[int, Result]:
    """Return every result number's outcome and reason (section 8).

    Args:
        rules: The round.
        cases: What was decided on the requirements.
        runs: What the stages came to.
        chosen: The selection.
        before: In an addendum, who was selected before it, with the step's name (section 10); else None.
    """
    found = {
        number: Result(case.requirement, case.reason) for number, case in cases.items() if case.requirement != ELIGIBLE
    }
    found |= dict(_below(rules, runs))
    found |= dict(_ranked(rules, cases, chosen, before))
    for number, step in (before or {}).items():
        if number not in chosen.steps:
            found[number] = found[number]._replace(outcome=SELECTED, reason=KEPT, detail="", step=step, position="")
    return dict(sorted(found.items()))


def _below(rules: Round, runs: Sequence[StageRun]) -> Iterator[tuple[int, Result]]:
    for stage, run in zip(rules.stages, runs, strict=True):
        for number, standing in run.standings.items():
            if standing != PASSED:
                needed = stage.pass_mark if standing == BELOW_MARK else run.line
                short = (needed or 0) - run.marks[number].score
                yield number, Result(NOT_SELECTED, standing, f"{stage.code}:{written(short, stage.step.digits)}")


def _ranked(
    rules: Round, cases: Mapping[int, Case], chosen: Selection, before: Mapping[int, str] | None
) -> Iterator[tuple[int, Result]]:
    digits, waiting = rules.total_step.digits, 0
    for place, one in enumerate(chosen.ranked, 1):
        was_selected, position, detail = before is not None and one.number in before, "", ""
        if one.number in chosen.steps:
            outcome, reason = SELECTED, SELECTED if before is None or was_selected else OBJECTION
        else:
            outcome = NOT_SELECTED
            reason, detail = _why_not(chosen, place, one, cases[one.number])
            if not was_selected and (rules.waiting is None or waiting < rules.waiting):
                waiting += 1
                outcome, position = WAITING, str(waiting)
        base, bonus, total = (written(value, digits) for value in (one.base, one.bonus, one.total))
        step = chosen.steps.get(one.number, "")
        figures = (str(place), str(one.service), base, bonus, total, one.draw, position)
        yield one.number, Result(outcome, reason, detail, step, *figures)


def _why_not(chosen: Selection, place: int, one: Ranked, case: Case) -> tuple[str, str]:
    """Return reason and detail of a ranked one who was not selected."""
    cap = chosen.counters.first_full(case)
    last = chosen.last_rank if cap is None else chosen.counters.last_rank(cap)
    level = 0 < last < place and chosen.ranked[last - 1].merit == one.merit
    return LOST_DRAW if level else FULL, f"{cap or 'steps'}@{last}"


def result_rows(found: Mapping[int, Result]) -> Iterator[tuple[str, ...]]:
    """Write `results.csv`."""
    for number, row in found.items():
        yield (str(number), *row)
