"""The rules of one round, frozen when it opens: the content of ``rules.json`` (selection-spec, 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Self, cast, get_args

from panro.rules.selection.errors import RulesError
from panro.rules.selection.grid import Grid
from panro.rules.selection.reading import Reader, as_number, as_units, refuse_repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from panro.proof.canonical import Json

type Aggregate = Literal["mean", "trimmed_mean", "panel_adjusted"]
type Method = Literal["ranked", "gate", "nomination", "contest"]
type StepKind = Literal["open", "set_aside"]

FULL_WEIGHT: Final = 10000
LEAST_PANEL: Final[dict[str, int]] = {"mean": 1, "trimmed_mean": 3, "panel_adjusted": 2}
BONUS_RUNG: Final = "bonus"
STEPS_KEY: Final = "steps"
SEATS_KEY: Final = "seats"
TRACK_KEY: Final = "track"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric; ``max`` is a multiple of the stage's ``point_step``."""

    code: str
    max: Decimal


@dataclass(frozen=True, slots=True)
class ScoredStage:
    """One scored stage. ``panel`` reviewers each; ``weight`` in basis points; ``pass_mark`` a multiple of ``step``."""

    code: str
    criteria: tuple[Criterion, ...]
    point_step: Decimal
    panel: int
    aggregate: Aggregate
    step: Decimal
    pass_mark: Decimal | None
    keep: int | None
    weight: int

    @property
    def point_grid(self) -> Grid:
        """The grid of a reviewer's points."""
        return Grid.of(self.point_step)

    @property
    def grid(self) -> Grid:
        """The grid of the stage score."""
        return Grid.of(self.step)

    def criterion_index(self, code: str) -> int:
        """Give the place of a criterion (from 0)."""
        return [criterion.code for criterion in self.criteria].index(code)

    def to_json(self) -> dict[str, Json]:
        """Give the stage as it stands in ``rules.json``."""
        points = self.point_grid
        return {
            "code": self.code,
            "criteria": [{"code": c.code, "max": points.text(points.units(c.max))} for c in self.criteria],
            "point_step": format(self.point_step, "f"),
            "panel": self.panel,
            "aggregate": self.aggregate,
            "step": format(self.step, "f"),
            "pass_mark": None if self.pass_mark is None else self.grid.text(self.grid.units(self.pass_mark)),
            "keep": self.keep,
            "weight": self.weight,
        }


@dataclass(frozen=True, slots=True)
class Bonus:
    """Bonus points (가점): each item's points and the cap on their sum, multiples of ``total_step``."""

    cap: Decimal
    items: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``limit`` places among the tracks (None: all), in all or in each region (``by="region"``)."""

    name: str
    by: Literal["region"] | None
    tracks: tuple[str, ...] | None
    limit: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of giving places: to everybody, or to a group with its own number of places (우선배정)."""

    kind: StepKind
    group: str | None
    seats: int | None

    @property
    def name(self) -> str:
        """The name in ``results.csv``: ``open`` or ``set_aside:GROUP``."""
        return self.kind if self.group is None else f"{self.kind}:{self.group}"


@dataclass(frozen=True, slots=True)
class RoundRules:
    """Everything that decides a round, as printed in the notice. ``checked`` refuses what is inconsistent."""

    edition: str
    programme: str
    round: str
    method: Method
    simulated: bool
    stages: tuple[ScoredStage, ...]
    total_step: Decimal
    bonus: Bonus
    service_order: tuple[str, ...]
    ladder: tuple[str, ...]
    seats: int | None
    tracks: Mapping[str, int | None]
    caps: tuple[Cap, ...]
    steps: tuple[Step, ...]
    waiting: int | None
    assignment_event: str
    draw_event: str

    @property
    def round_id(self) -> str:
        """The round id, e.g. ``2021/3-1/R1``."""
        return f"{self.edition}/{self.programme}/{self.round}"

    @property
    def total_grid(self) -> Grid:
        """The grid of base, bonus and total."""
        return Grid.of(self.total_step)

    def stage(self, code: str) -> ScoredStage:
        """Give the stage of that code.

        Raises:
            KeyError: if the round has no such scored stage.
        """
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def checked(self) -> RoundRules:
        """Give these rules after checking them as if read from ``rules.json``; see ``from_json``."""
        return RoundRules.from_json(self.to_json())

    def to_json(self) -> dict[str, Json]:
        """Give the content of ``rules.json``."""
        grid = self.total_grid
        return {
            "edition": self.edition,
            "programme": self.programme,
            "round": self.round,
            "method": self.method,
            "simulated": self.simulated,
            "stages": [stage.to_json() for stage in self.stages],
            "total_step": format(self.total_step, "f"),
            "bonus": {
                "cap": grid.text(grid.units(self.bonus.cap)),
                "items": {item: grid.text(grid.units(points)) for item, points in self.bonus.items.items()},
            },
            "service_order": self.service_order,
            "ladder": self.ladder,
            "seats": self.seats,
            "tracks": dict(self.tracks),
            "caps": [{"name": c.name, "by": c.by, "tracks": c.tracks, "limit": c.limit} for c in self.caps],
            "steps": [{"kind": s.kind, "group": s.group, "seats": s.seats} for s in self.steps],
            "waiting": self.waiting,
            "assignment_event": self.assignment_event,
            "draw_event": self.draw_event,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read and check the content of ``rules.json``.

        Raises:
            RulesError: naming the key, what was found there and what was expected.
        """
        read = Reader(value, "", _KEYS)
        total = read.step("total_step")
        stages = _read_stages(read)
        tracks = {code: None if seats is None else as_number(seats, at) for at, code, seats in read.members("tracks")}
        if not tracks:
            raise RulesError("tracks", {}, "at least one track")
        return cls(
            edition=read.code("edition"),
            programme=read.code("programme"),
            round=read.code("round"),
            method=cast("Method", read.word("method", get_args(Method.__value__))),
            simulated=read.truth("simulated"),
            stages=stages,
            total_step=total.step,
            bonus=_read_bonus(read.raw("bonus"), total),
            service_order=read.codes("service_order"),
            ladder=_read_ladder(read, stages),
            seats=read.number_or_none("seats"),
            tracks=tracks,
            caps=_read_caps(read, tracks),
            steps=_read_steps(read),
            waiting=read.number_or_none("waiting"),
            assignment_event=read.text("assignment_event"),
            draw_event=read.text("draw_event"),
        )


_KEYS: Final = tuple(RoundRules.__dataclass_fields__)
_STAGE_KEYS: Final = tuple(ScoredStage.__dataclass_fields__)


def _read_stages(read: Reader) -> tuple[ScoredStage, ...]:
    stages = tuple(_read_stage(Reader(item, at, _STAGE_KEYS)) for at, item in read.items("stages"))
    refuse_repeated((stage.code for stage in stages), "stages")
    weight = sum(stage.weight for stage in stages)
    if stages and weight != FULL_WEIGHT:
        raise RulesError("stages", weight, f"weights that add up to {FULL_WEIGHT}")
    return stages


def _read_stage(read: Reader) -> ScoredStage:
    points, grid = read.step("point_step"), read.step("step")
    aggregate = cast("Aggregate", read.word("aggregate", LEAST_PANEL))
    mark = read.units_or_none("pass_mark", grid)
    return ScoredStage(
        code=read.code("code"),
        criteria=_read_criteria(read, points),
        point_step=points.step,
        panel=read.number("panel", LEAST_PANEL[aggregate]),
        aggregate=aggregate,
        step=grid.step,
        pass_mark=None if mark is None else grid.decimal(mark),
        keep=read.number_or_none("keep", 1),
        weight=read.number("weight"),
    )


def _read_criteria(read: Reader, points: Grid) -> tuple[Criterion, ...]:
    found = []
    for at, item in read.items("criteria"):
        one = Reader(item, at, ("code", "max"))
        found.append(Criterion(one.code("code"), points.decimal(one.units("max", points))))
    if not found:
        raise RulesError(read.at("criteria"), [], "at least one criterion")
    refuse_repeated((criterion.code for criterion in found), read.at("criteria"))
    return tuple(found)


def _read_bonus(value: object, total: Grid) -> Bonus:
    read = Reader(value, "bonus", ("cap", "items"))
    items = {code: total.decimal(as_units(points, at, total)) for at, code, points in read.members("items")}
    return Bonus(total.decimal(read.units("cap", total)), items)


def _read_ladder(read: Reader, stages: Iterable[ScoredStage]) -> tuple[str, ...]:
    rungs = [BONUS_RUNG]
    for stage in stages:
        rungs.append(f"stage:{stage.code}")
        rungs.extend(f"criterion:{stage.code}.{criterion.code}" for criterion in stage.criteria)
    ladder = []
    for at, item in read.items("ladder"):
        if not isinstance(item, str) or item not in rungs:
            raise RulesError(at, item, f"one of {', '.join(rungs)}")
        ladder.append(item)
    refuse_repeated(ladder, "ladder")
    return tuple(ladder)


def _read_caps(read: Reader, tracks: Mapping[str, int | None]) -> tuple[Cap, ...]:
    caps = []
    for at, item in read.items("caps"):
        one = Reader(item, at, ("name", "by", "tracks", "limit"))
        name = one.code("name")
        if name in {SEATS_KEY, TRACK_KEY, STEPS_KEY}:
            raise RulesError(one.at("name"), name, "another name; this one is taken by the round's own places")
        by: Literal["region"] | None = None
        if one.raw("by") is not None:
            one.word("by", ("region",))
            by = "region"
        among = None if one.raw("tracks") is None else one.codes("tracks")
        for track in among or ():
            if track not in tracks:
                raise RulesError(one.at("tracks"), track, f"tracks of the round: {', '.join(tracks)}")
        caps.append(Cap(name, by, among, one.number("limit")))
    refuse_repeated((cap.name for cap in caps), "caps")
    return tuple(caps)


def _read_steps(read: Reader) -> tuple[Step, ...]:
    steps = []
    for at, item in read.items("steps"):
        one = Reader(item, at, ("kind", "group", "seats"))
        kind = cast("StepKind", one.word("kind", get_args(StepKind.__value__)))
        if kind == "open" and one.raw("group") is not None:
            raise RulesError(one.at("group"), one.raw("group"), "null, because the step is open to all")
        group = None if kind == "open" else one.code("group")
        steps.append(Step(kind, group, one.number_or_none("seats")))
    if not steps:
        raise RulesError("steps", [], "at least one step")
    return tuple(steps)
