"""Checks that places, dates, stages and limits of a programme fit together."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

from panro.rules.edition.problems import Problem, entry_labels, programme_file
from panro.rules.freeze import bonus_items, round_rules, track_places
from panro.rules.selection.errors import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import CapData, Programme, Round, Stage

WHOLE: Final = 10_000  # basis points


def place_problems(edition: Edition, programme: Programme) -> Iterator[Problem]:
    """Find what makes a programme's rounds impossible to run."""
    file = programme_file(programme.code)
    problems = [
        *_method_problems(programme, file),
        *_round_problems(edition, programme, file),
        *_quota_problems(programme, file),
        *_track_problems(programme, file),
        *_stage_problems(programme, file),
        *_step_problems(programme, file),
        *_cap_problems(programme, file),
    ]
    yield from problems or _frozen_problems(edition, programme, file)


def place_warnings(edition: Edition, programme: Programme) -> Iterator[Problem]:
    """Find what can be run, but is hardly meant."""
    file = programme_file(programme.code)
    if programme.quota is not None and 0 < _own_seats(programme) < programme.quota:
        yield Problem(
            file, "rounds", f"{_own_seats(programme)} places in all rounds", f"{programme.quota}, as the quota"
        )
    for earlier, later in pairwise(programme.rounds):
        if later.opens <= earlier.closes and _share_tracks(earlier, later):
            yield Problem(file, f"rounds.{later.code}.opens", str(later.opens), f"a day after {earlier.closes}")
    last = programme.priority.steps[-1]
    if last.kind != "open" or last.seats is not None or last.share is not None:
        yield Problem(
            file, "priority.steps", f"a limited last step '{last.kind}'", "an open step without a limit at the end"
        )
    if programme.priority.bonus_cap == 0 and bonus_items(edition.head, programme):
        yield Problem(
            file, "priority.bonus_cap", "0, so that no extra point counts", "the most points that one may get"
        )
    yield from _split_warnings(programme, file)
    for cap in programme.caps:
        for round_ in programme.rounds:
            if cap.share is not None and round_.seats is not None and cap.share * round_.seats < WHOLE:
                yield Problem(
                    file, f"caps.{cap.name}.share", f"no place in round {round_.code}", "a share of one place at least"
                )


def _method_problems(programme: Programme, file: str) -> Iterator[Problem]:
    if programme.method == "gate" and programme.quota is not None:
        yield Problem(file, "quota", str(programme.quota), "none, because whoever passes a gate is taken")
    if programme.method == "nomination" and "nominated" not in [use.rule for use in programme.eligibility]:
        yield Problem(file, "eligibility", "no rule 'nominated'", "it, because officers nominate here")
    if not programme.rounds:
        yield Problem(file, "rounds", "none", "at least one, because 'closed as of the closing date' needs its date")
    for round_ in programme.rounds:
        contest = (round_.method or programme.method) == "contest"
        if contest and not any(stage.kind == "heat" for stage in programme.stages_of(round_)):
            yield Problem(file, f"rounds.{round_.code}.method", "a contest without a heat", "a stage of kind 'heat'")


def _round_problems(edition: Edition, programme: Programme, file: str) -> Iterator[Problem]:
    window = edition.head.window
    for position, round_ in enumerate(programme.rounds):
        key = f"rounds.{round_.code}"
        if round_.opens < window.opens:
            yield Problem(file, f"{key}.opens", str(round_.opens), f"{window.opens} or later, the year's first day")
        if round_.closes > window.closes:
            yield Problem(file, f"{key}.closes", str(round_.closes), f"{window.closes} or earlier, the year's last day")
        if round_.carry_over and (position == 0 or programme.quota is None):
            yield Problem(file, f"{key}.carry_over", "true", "false, because no earlier round leaves places")
        if programme.tracks and round_.tracks == []:
            yield Problem(file, f"{key}.tracks", "an empty list", "at least one track, or no such key for all of them")
    if programme.rounds != sorted(programme.rounds, key=lambda one: (one.opens, one.code)):
        by_date = ", ".join(one.code for one in sorted(programme.rounds, key=lambda one: (one.opens, one.code)))
        yield Problem(
            file,
            "rounds",
            f"the order {', '.join(one.code for one in programme.rounds)}",
            f"{by_date}, by their opening",
        )


def _own_seats(programme: Programme) -> int:
    return sum(round_.seats or 0 for round_ in programme.rounds)


def _quota_problems(programme: Programme, file: str) -> Iterator[Problem]:
    for round_ in programme.rounds:
        if (round_.seats is None) != (programme.quota is None):
            found = "no places" if round_.seats is None else f"{round_.seats} places"
            expected = "none, because there is no quota" if programme.quota is None else "its part of the quota"
            yield Problem(file, f"rounds.{round_.code}.seats", found, expected)
    if programme.quota is not None and _own_seats(programme) > programme.quota:
        yield Problem(
            file, "rounds", f"{_own_seats(programme)} places in all rounds", f"at most {programme.quota}, the quota"
        )


def _track_problems(programme: Programme, file: str) -> Iterator[Problem]:
    own = [track.seats for track in programme.tracks if track.seats is not None]
    if programme.quota is None:
        if own:
            yield Problem(file, "tracks", "places of their own", "none, because there is no quota")
        return
    complete = bool(own) and len(own) == len(programme.tracks)
    if complete and sum(own) != programme.quota:
        yield Problem(file, "tracks", f"{sum(own)} places in all tracks", f"{programme.quota}, the quota")
    elif sum(own) > programme.quota:
        yield Problem(file, "tracks", f"{sum(own)} places in the tracks", f"at most {programme.quota}, the quota")
    opened = {track.code for round_ in programme.rounds for track in programme.tracks_of(round_)}
    for track in programme.tracks:
        if programme.rounds and track.code not in opened:
            yield Problem(file, f"tracks.{track.code}", "no round that opens it", "at least one")


def _split_warnings(programme: Programme, file: str) -> Iterator[Problem]:
    """Warn where the tracks' places of a round cannot add up to the round's."""
    for round_ in programme.rounds:
        places = track_places(programme, round_)
        numbers = [number for number in places.values() if number is not None]
        if len(numbers) == len(places) and round_.seats is not None and sum(numbers) != round_.seats:
            parts = " + ".join(f"{code} {number}" for code, number in places.items())
            yield Problem(
                file, f"rounds.{round_.code}.seats", str(round_.seats), f"{sum(numbers)}, as its tracks get {parts}"
            )


def _stage_problems(programme: Programme, file: str) -> Iterator[Problem]:
    for stage in programme.stages:
        yield from _step_of_points_problems(stage, file)
        most = sum((criterion.max for criterion in stage.rubric), start=Decimal(0))
        if stage.pass_mark is not None and stage.pass_mark > most:
            yield Problem(
                file, f"stages.{stage.code}.pass_mark", f"'{stage.pass_mark}'", f"at most {most}, the rubric's sum"
            )
    for round_ in programme.rounds:
        scored = [stage for stage in programme.stages_of(round_) if stage.scored]
        weight = sum(stage.weight for stage in scored)
        if scored and weight != WHOLE:
            names = ", ".join(stage.code for stage in scored)
            yield Problem(
                file,
                f"rounds.{round_.code}.stages",
                f"weights of {weight} ({names})",
                f"weights that add up to {WHOLE}",
            )
        yield from _funnel_problems(scored, round_, file)


def _step_of_points_problems(stage: Stage, file: str) -> Iterator[Problem]:
    key = f"stages.{stage.code}"
    for criterion in stage.rubric:
        if criterion.max % stage.point_step:
            expected = f"a multiple of {stage.point_step}, the step of points"
            yield Problem(file, f"{key}.rubric.{criterion.code}.max", f"'{criterion.max}'", expected)
    if stage.pass_mark is not None and stage.pass_mark % stage.step:
        yield Problem(
            file, f"{key}.pass_mark", f"'{stage.pass_mark}'", f"a multiple of {stage.step}, the step of the score"
        )


def _funnel_problems(scored: list[Stage], round_: Round, file: str) -> Iterator[Problem]:
    kept = [stage for stage in scored if stage.keep is not None]
    for earlier, later in pairwise(kept):
        if (later.keep or 0) >= (earlier.keep or 0):
            yield Problem(
                file, f"stages.{later.code}.keep", str(later.keep), f"less than {earlier.keep}, that of {earlier.code}"
            )
    for stage in kept:
        if round_.seats is not None and (stage.keep or 0) < round_.seats:
            expected = f"at least {round_.seats}, the places of round {round_.code}"
            yield Problem(file, f"stages.{stage.code}.keep", str(stage.keep), expected)


def _step_problems(programme: Programme, file: str) -> Iterator[Problem]:
    steps = programme.priority.steps
    labels = entry_labels([step.model_dump(mode="python") for step in steps])
    shares = sum(step.share or 0 for step in steps)
    if shares > WHOLE:
        yield Problem(file, "priority.steps", f"shares of {shares}", f"at most {WHOLE} together")
    for label, step in zip(labels, steps, strict=True):
        if step.share is not None and programme.quota is None:
            yield Problem(file, f"priority.steps.{label}.share", str(step.share), "no share, because there is no quota")
        for round_ in programme.rounds:
            if step.seats is not None and round_.seats is not None and step.seats > round_.seats:
                expected = f"at most {round_.seats}, the places of round {round_.code}"
                yield Problem(file, f"priority.steps.{label}.seats", str(step.seats), expected)
    if programme.priority.waiting is not None and programme.quota is None:
        yield Problem(file, "priority.waiting", str(programme.priority.waiting), "none, because there is no quota")


def _cap_problems(programme: Programme, file: str) -> Iterator[Problem]:
    for cap in programme.caps:
        if cap.share is not None and programme.quota is None:
            yield Problem(file, f"caps.{cap.name}.share", str(cap.share), "a limit, because there is no quota")
    limits = [(f"caps.{cap.name}", cap.by == "region", _tracks_of(cap, programme)) for cap in programme.caps]
    own = [(f"tracks.{t.code}.seats", False, frozenset([t.code])) for t in programme.tracks if t.seats is not None]
    for one, other in combinations([*own, *limits], 2):
        if crossing := _crossing(one, other):
            inner, outer = crossing
            yield Problem(
                file,
                inner,
                f"a limit that crosses {outer}",
                "limits that lie within each other or apart, for only then is filling places by rank fair: "
                "give one limit per track",
            )


type _Limit = tuple[str, bool, frozenset[str]]


def _crossing(one: _Limit, other: _Limit) -> tuple[str, str] | None:
    """Name two limits that overlap without one lying within the other; a region lies within whole tracks only."""
    (_, one_by_region, one_tracks), (_, other_by_region, other_tracks) = one, other
    if not one_tracks & other_tracks:
        return None
    one_within = one_tracks <= other_tracks and (one_by_region or not other_by_region)
    other_within = other_tracks <= one_tracks and (other_by_region or not one_by_region)
    return None if one_within or other_within else (other[0], one[0])


def _tracks_of(cap: CapData, programme: Programme) -> frozenset[str]:
    return frozenset([track.code for track in programme.tracks] or ["all"] if cap.tracks is None else cap.tracks)


def _share_tracks(one: Round, other: Round) -> bool:
    return one.tracks is None or other.tracks is None or not set(one.tracks).isdisjoint(other.tracks)


def _frozen_problems(edition: Edition, programme: Programme, file: str) -> Iterator[Problem]:
    """Freeze every round as if it opened: the last word on points, steps and names."""
    for round_ in programme.rounds:
        try:
            round_rules(edition, programme, round_)
        except RulesError as error:
            yield Problem(file, f"rounds.{round_.code}: {error.key}", repr(error.found), error.expected)
        except ValueError as error:
            yield Problem(file, f"rounds.{round_.code}", "rules that cannot be frozen", str(error))
