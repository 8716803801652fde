"""The rules of the round, `rules.json` (section 3)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from .numbers import Step, decimal, step, written
from .tables import Node

BASIS_POINTS = 10_000
METHODS = ("ranked", "gate", "nomination", "contest")
LEAST_PANEL = {"mean": 1, "trimmed_mean": 3, "panel_adjusted": 2}
RESERVED_CAP_NAMES = ("seats", "steps", "track")
OPEN = "open"
KEYS = (
    "edition", "programme", "round", "method", "simulated", "stages", "total_step", "bonus", "service_order",
    "ladder", "seats", "tracks", "caps", "steps", "waiting", "assignment_event", "draw_event",
)  # fmt: skip
STAGE_KEYS = ("code", "criteria", "point_step", "panel", "aggregate", "step", "pass_mark", "keep", "weight")


class Criterion(NamedTuple):
    """What is scored: its code and greatest points, in units of the stage's `point_step`."""

    code: str
    maximum: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A scored stage. `pass_mark` is in units of `step`, `weight` in basis points."""

    code: str
    criteria: tuple[Criterion, ...]
    point_step: Step
    panel: int
    aggregate: str
    step: Step
    pass_mark: int | None
    keep: int | None
    weight: int

    @property
    def maximum(self) -> int:
        """Greatest sum of points, in units of `point_step`."""
        return sum(criterion.maximum for criterion in self.criteria)


class Cap(NamedTuple):
    """A limit on how many of some tracks (None: all) are selected, altogether or in each region."""

    name: str
    by_region: bool
    tracks: frozenset[str] | None
    limit: int


class SelectionStep(NamedTuple):
    """One step of the selection: for a group, or open to all (None); `seats` None is no limit of its own."""

    group: str | None
    seats: int | None

    @property
    def name(self) -> str:
        """The step's name in `results.csv`."""
        return OPEN if self.group is None else f"set_aside:{self.group}"


@dataclass(frozen=True, slots=True)
class Round:
    """The frozen rules. Bonus and cap are in units of `total_step`; ladder entries are places of values.

    A ladder entry is (stage position, criterion position), (stage position, None) for the stage score, or None
    for the bonus.
    """

    round_id: str
    simulated: bool
    stages: tuple[Stage, ...]
    total_step: Step
    bonus_cap: int
    bonus_items: dict[str, int]
    service_order: tuple[str, ...]
    ladder: tuple[tuple[int, int | None] | None, ...]
    seats: int | None
    tracks: dict[str, int | None]
    caps: tuple[Cap, ...]
    steps: tuple[SelectionStep, ...]
    waiting: int | None
    assignment_event: str
    draw_event: str


def read_rules(rules: Node) -> Round:
    """Read `rules.json`; a difference where it is not as section 3 says."""
    top = rules.fields(KEYS)
    if top["method"].text() not in METHODS:
        raise top["method"].differs(" or ".join(METHODS))
    stages = _stages(top["stages"])
    total_step = _step(top["total_step"])
    bonus = top["bonus"].fields(("cap", "items"))
    tracks = {name: seats.whole_or_null() for name, seats in _named(top["tracks"]).items()}
    if not tracks:
        raise top["tracks"].differs("at least one track")
    return Round(
        round_id="/".join((top["edition"].name(), top["programme"].name(), _code_of_round(top["round"]))),
        simulated=top["simulated"].flag(),
        stages=stages,
        total_step=total_step,
        bonus_cap=_decimal(bonus["cap"], total_step.digits),
        bonus_items={k: _decimal(v, total_step.digits) for k, v in _named(bonus["items"]).items()},
        service_order=tuple(group.name() for group in top["service_order"].items()),
        ladder=_ladder(top["ladder"], stages),
        seats=top["seats"].whole_or_null(),
        tracks=tracks,
        caps=_caps(top["caps"], tracks),
        steps=_steps(top["steps"]),
        waiting=top["waiting"].whole_or_null(),
        assignment_event=top["assignment_event"].text(),
        draw_event=top["draw_event"].text(),
    )


def _code_of_round(node: Node) -> str:
    code = node.name()
    if "/" in code:
        raise node.differs("a code without a slash")
    return code


def _named(node: Node) -> dict[str, Node]:
    members = node.members()
    for key in members:
        Node(key, node.file, f"{node.place}, a key").name()
    return members


def _step(node: Node) -> Step:
    found = step(node.text())
    if found is None:
        raise node.differs("a step: a decimal above zero, as text")
    return found


def _decimal(node: Node, digits: int) -> int:
    value = decimal(node.text(), digits)
    if value is None or value < 0:
        raise node.differs(f"a decimal with {digits} fraction digits, not below zero, as text")
    return value


def _stages(node: Node) -> tuple[Stage, ...]:
    stages = tuple(_stage(item) for item in node.items())
    _distinct(node, [stage.code for stage in stages])
    if stages and sum(stage.weight for stage in stages) != BASIS_POINTS:
        raise node.differs(f"weights that add up to {BASIS_POINTS}", str(sum(stage.weight for stage in stages)))
    return stages


def _stage(node: Node) -> Stage:
    keys = node.fields(STAGE_KEYS)
    point_step, stage_step = _step(keys["point_step"]), _step(keys["step"])
    criteria = tuple(_criterion(item, point_step) for item in keys["criteria"].items())
    if not criteria:
        raise keys["criteria"].differs("at least one criterion")
    _distinct(keys["criteria"], [criterion.code for criterion in criteria])
    aggregate = keys["aggregate"].text()
    if aggregate not in LEAST_PANEL:
        raise keys["aggregate"].differs(" or ".join(LEAST_PANEL))
    mark = keys["pass_mark"]
    return Stage(
        code=keys["code"].name(),
        criteria=criteria,
        point_step=point_step,
        panel=keys["panel"].whole(LEAST_PANEL[aggregate]),
        aggregate=aggregate,
        step=stage_step,
        pass_mark=None if mark.value is None else _decimal(mark, stage_step.digits),
        keep=keys["keep"].whole_or_null(1),
        weight=keys["weight"].whole(),
    )


def _criterion(node: Node, point_step: Step) -> Criterion:
    keys = node.fields(("code", "max"))
    maximum = _decimal(keys["max"], point_step.digits)
    if maximum % point_step.units:
        raise keys["max"].differs(f"a multiple of {written(point_step.units, point_step.digits)}, the point_step")
    return Criterion(keys["code"].name(), maximum)


def _distinct(node: Node, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise node.differs("no name twice", name)
        seen.add(name)


def _ladder(node: Node, stages: tuple[Stage, ...]) -> tuple[tuple[int, int | None] | None, ...]:
    known: list[tuple[str, tuple[int, int | None] | None]] = [("bonus", None)]
    for position, stage in enumerate(stages):
        known.append((f"stage:{stage.code}", (position, None)))
        known += [
            (f"criterion:{stage.code}.{criterion.code}", (position, place))
            for place, criterion in enumerate(stage.criteria)
        ]
    meant = Counter(name for name, _ in known)  # codes may hold a full stop, so that S.C could mean two
    for item in node.items():
        if meant[item.text()] != 1:
            raise item.differs("stage:S, criterion:S.C or bonus, naming one stage or criterion of the round")
    values = dict(known)
    return tuple(values[item.text()] for item in node.items())


def _caps(node: Node, tracks: dict[str, int | None]) -> tuple[Cap, ...]:
    caps = tuple(_cap(item, tracks) for item in node.items())
    _distinct(node, [cap.name for cap in caps])
    return caps


def _cap(node: Node, tracks: dict[str, int | None]) -> Cap:
    keys = node.fields(("name", "by", "tracks", "limit"))
    name = keys["name"].name()
    if name in RESERVED_CAP_NAMES or ":" in name:
        raise keys["name"].differs("a name without colon that is not " + ", ".join(RESERVED_CAP_NAMES))
    if keys["by"].value not in ("region", None):
        raise keys["by"].differs("region or null")
    chosen = None if keys["tracks"].value is None else keys["tracks"].items()
    for item in chosen or ():
        if item.text() not in tracks:
            raise item.differs("a track of the round")
    of_tracks = None if chosen is None else frozenset(item.text() for item in chosen)
    return Cap(name, keys["by"].value == "region", of_tracks, keys["limit"].whole())


def _steps(node: Node) -> tuple[SelectionStep, ...]:
    steps = []
    for item in node.items():
        keys = item.fields(("kind", "group", "seats"))
        kind = keys["kind"].text()
        if kind not in (OPEN, "set_aside"):
            raise keys["kind"].differs("open or set_aside")
        if kind == OPEN and keys["group"].value is not None:
            raise keys["group"].differs("null, the step being open")
        steps.append(SelectionStep(None if kind == OPEN else keys["group"].name(), keys["seats"].whole_or_null()))
    if not steps:
        raise node.differs("at least one step")
    return tuple(steps)
