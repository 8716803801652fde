"""Applying again as the notice says: what an applicant handed in before in the same programme, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.intake import seams
from panro.intake.models import Application
from panro.intake.states import HANDED_IN, State
from panro.korea.text import Text
from panro.rules.reapplication import Answer, Earlier, Standing, may_apply_again

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from panro.intake.calls import Call

type Before = tuple[str, str, str]
"""Round, track and state of an earlier application."""


def answers(parties: Collection[UUID], call: Call, *, edition: UUID, track: str = "") -> dict[UUID, Answer]:
    """Say for applicants whether they may apply again in a round; who never applied is left out. One query.

    Args:
        parties: the applicants.
        call: the round.
        edition: the year.
        track: the track wished for; empty while it is not chosen.
    """
    rows = Application.objects.filter(
        party__in=parties, edition=edition, programme=call.programme.code, state__in=HANDED_IN, replaced=False
    ).order_by("submitted_at", "pk")
    before: dict[UUID, list[Before]] = {party: [] for party in parties}
    for party, *row in rows.values_list("party", "round_code", "track", "state"):
        before[party].append((row[0], row[1], row[2]))
    return of_each(before, dict.fromkeys(before, track), call)


def of_each(before: Mapping[UUID, Iterable[Before]], tracks: Mapping[UUID, str], call: Call) -> dict[UUID, Answer]:
    """Say it of what is known to lie before, asking rooms above only for what became of it."""
    told = seams.outcomes(list(before), call)
    found = {}
    for party, rows in before.items():
        outcomes = {(one.round_code, one.track): one.selected for one in told.get(party, ())}
        earlier = [_earlier(row, outcomes, call) for row in rows]
        known = {(one.round_code, one.track) for one in earlier}
        earlier += [  # decided elsewhere: on paper, or before this system was there
            _earlier((round_code, track, State.CLOSED), outcomes, call)
            for round_code, track in outcomes
            if (round_code, track) not in known and (track or round_code not in {one.round_code for one in earlier})
        ]
        rule = call.programme.reapplication
        answer = may_apply_again(rule, earlier, round_code=call.round_.code, track=tracks[party])
        if answer is not None:
            found[party] = answer
    return found


def _earlier(row: Before, outcomes: Mapping[tuple[str, str], bool], call: Call) -> Earlier:
    round_code, track, state = row
    selected = outcomes.get((round_code, track), outcomes.get((round_code, "")))
    if state == State.WITHDRAWN:
        standing = Standing.WITHDRAWN
    elif selected is None:
        standing = Standing.RUNNING
    else:
        standing = Standing.SELECTED if selected else Standing.REFUSED
    names = {one.code: one.name.text for one in call.programme.rounds}
    return Earlier(round_code, names.get(round_code, Text(round_code, round_code)), track, standing)
