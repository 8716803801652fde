"""Freezing the rules of a round when it opens: what the notice says in shares becomes numbers of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from panro.rules.selection.round_rules import Bonus, Cap, Criterion, RoundRules, ScoredStage, Step

if TYPE_CHECKING:
    from decimal import Decimal

    from panro.rules.edition.model import Edition, EditionHead
    from panro.rules.edition.programme import CapData, Programme, Round, SelectionStep, Stage, Track

WHOLE: Final = 10_000  # basis points
ONLY_TRACK: Final = "all"
"""The track of a programme that has none."""

type CarriedOver = int | Mapping[str, int]


def round_rules(
    edition: Edition, programme: Programme, round_: Round, *, carried_over: CarriedOver = 0, simulated: bool = False
) -> RoundRules:
    """Give the rules of a round as its dossier prints them (selection-spec, 3).

    Shares of places are rounded down, the waiting list is rounded up; shares are taken of the round's places with
    those carried over. A cap's share is of the places of its tracks if all of these have places of their own, else of
    the round's.

    Args:
        edition: the year, for the shared bonus and the public events.
        programme: the programme.
        round_: one of its rounds.
        carried_over: places that earlier rounds left unfilled, in all or by track. A number in all is split over the
            tracks in proportion to their places in the year.
        simulated: whether it is a rehearsal.

    Raises:
        ValueError: places are carried into a round that takes none over, or a share is asked of a round without
            a number of places. RulesError, which is one, if the programme's rules are inconsistent; an edition that
            passed its check raises neither.
    """
    carried = _carried_by_track(programme, round_, carried_over)
    seats = None if round_.seats is None else round_.seats + sum(carried.values())
    own = track_places(programme, round_)
    tracks = {code: None if places is None else places + carried[code] for code, places in own.items()}
    stages = [stage for stage in programme.stages_of(round_) if stage.scored]
    return RoundRules(
        edition=edition.head.code,
        programme=programme.code,
        round=round_.code,
        method=round_.method or programme.method,
        simulated=simulated,
        stages=tuple(_stage(stage) for stage in stages),
        total_step=programme.priority.total_step,
        bonus=Bonus(programme.priority.bonus_cap, bonus_items(edition.head, programme)),
        service_order=tuple(programme.priority.service_order),
        ladder=tuple(
            rung for rung in programme.priority.ladder if _rung_stage(rung) in {None, *(s.code for s in stages)}
        ),
        seats=seats,
        tracks=tracks,
        caps=_caps(programme.caps, seats, tracks),
        steps=tuple(_step(step, seats) for step in programme.priority.steps),
        waiting=None
        if programme.priority.waiting is None
        else _up(_known(seats, "waiting"), programme.priority.waiting),
        assignment_event=edition.head.assignment_event.ko,
        draw_event=edition.head.draw_event.ko,
    ).checked()


def bonus_items(head: EditionHead, programme: Programme) -> dict[str, Decimal]:
    """Give the points of every bonus item of a programme, the year's shared ones first."""
    shared = {bonus.item: bonus.points for bonus in head.bonus if programme.code in bonus.programmes}
    return shared | {bonus.item: bonus.points for bonus in programme.priority.bonus}


def track_places(programme: Programme, round_: Round) -> dict[str, int | None]:
    """Give each track's own places in a round; None where only the round's places bound it.

    A track's places of the year are split over the rounds in which it is open, in proportion to the rounds' places
    (where several tracks share a round, to its part of them) by largest remainder. A programme without tracks has
    one, named ``all``.
    """
    if not programme.tracks:
        return {ONLY_TRACK: None}
    return {track.code: _places_of(track, programme, round_) for track in programme.tracks_of(round_)}


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number in proportion to weights: the rests go to the largest remainders, the earlier first.

    Raises:
        ValueError: no weight is positive, or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"weights {list(weights)} do not tell how to split {total}")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return parts


def _places_of(track: Track, programme: Programme, round_: Round) -> int | None:
    if track.seats is None or round_.seats is None:
        return None
    rounds = [one for one in programme.rounds if track in programme.tracks_of(one)]
    weights = [_weight(track.seats, one, programme) for one in rounds]
    if not any(weights):
        return 0
    return largest_remainder(track.seats, weights)[rounds.index(round_)]


def _weight(seats: int, round_: Round, programme: Programme) -> int:
    """A round's claim on a track's places, in millionths so that it stays a whole number."""
    among = sum(weight for _, weight in _year_weights(programme, round_))
    return (round_.seats or 0) * seats * 1_000_000 // among if among else 0


def _year_weights(programme: Programme, round_: Round) -> list[tuple[str, int]]:
    """The year's places of each track open in the round; those without a number share what the others leave."""
    tracks = programme.tracks_of(round_)
    left = (programme.quota or 0) - sum(track.seats or 0 for track in programme.tracks)
    unnumbered = sum(track.seats is None for track in tracks)
    shares = iter(largest_remainder(max(left, 0), [1] * unnumbered) if unnumbered else [])
    return [(track.code, next(shares) if track.seats is None else track.seats) for track in tracks]


def _carried_by_track(programme: Programme, round_: Round, carried_over: CarriedOver) -> dict[str, int]:
    places = track_places(programme, round_)
    if not carried_over or (isinstance(carried_over, Mapping) and not any(carried_over.values())):
        return dict.fromkeys(places, 0)
    if not round_.carry_over or round_.seats is None:
        raise ValueError(f"round {round_.code} of {programme.code} takes no places over, but {carried_over} were given")
    if isinstance(carried_over, Mapping):
        if unknown := sorted(carried_over.keys() - places.keys()):
            raise ValueError(f"round {round_.code} of {programme.code} has no track {', '.join(unknown)}")
        return {code: carried_over.get(code, 0) for code in places}
    if not programme.tracks:
        return {ONLY_TRACK: carried_over}
    codes, weights = zip(*_year_weights(programme, round_), strict=True)
    return dict(zip(codes, largest_remainder(carried_over, weights), strict=True))


def _stage(stage: Stage) -> ScoredStage:
    return ScoredStage(
        code=stage.code,
        criteria=tuple(Criterion(criterion.code, criterion.max) for criterion in stage.rubric),
        point_step=stage.point_step,
        panel=stage.panel,
        aggregate=stage.aggregate,
        step=stage.step,
        pass_mark=stage.pass_mark,
        keep=stage.keep,
        weight=stage.weight,
    )


def _rung_stage(rung: str) -> str | None:
    """The stage that a rung of the ladder looks at; None for the bonus."""
    return rung.partition(":")[2].partition(".")[0] or None


def _caps(caps: Sequence[CapData], seats: int | None, tracks: Mapping[str, int | None]) -> tuple[Cap, ...]:
    found = []
    for cap in caps:
        among = None if cap.tracks is None else tuple(code for code in cap.tracks if code in tracks)
        if among != ():
            found.append(Cap(cap.name, cap.by, among, _limit(cap, among, seats, tracks)))
    return tuple(found)


def _limit(cap: CapData, among: tuple[str, ...] | None, seats: int | None, tracks: Mapping[str, int | None]) -> int:
    if cap.limit is not None:
        return cap.limit
    own = [tracks[code] for code in among or ()]
    numbers = [places for places in own if places is not None]
    base = sum(numbers) if own and len(numbers) == len(own) else _known(seats, f"caps.{cap.name}")
    return base * (cap.share or 0) // WHOLE


def _step(step: SelectionStep, seats: int | None) -> Step:
    places = step.seats if step.share is None else _known(seats, "priority.steps") * step.share // WHOLE
    return Step(step.kind, step.group, places)


def _up(places: int, share: int) -> int:
    return -(-places * share // WHOLE)


def _known(seats: int | None, key: str) -> int:
    if seats is None:
        raise ValueError(f"{key} is a share of the round's places, but the round has no number of places")
    return seats
