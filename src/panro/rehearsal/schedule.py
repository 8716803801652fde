"""The acts of a year in the order of their times: rounds overlap, and what one decides another must know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme, Round

# Hours of the acts in UTC. Seoul is nine hours ahead and has no summer time: 15:00 UTC is the midnight that ends a day.
_MIDNIGHT: Final = time(15, 0, tzinfo=UTC)
_FROZEN: Final = time(15, 5, tzinfo=UTC)
_SEALED: Final = time(0, 30, tzinfo=UTC)
_PUBLISHED: Final = time(2, 0, tzinfo=UTC)
_SETTLED: Final = time(3, 0, tzinfo=UTC)
_AFTER_OBJECTIONS: Final = 14  # days from the end of the objections to the end of the waiting list
_PANEL_DAYS: Final = 7  # days of these in which another panel judges the objections


class Act(IntEnum):
    """What is done with a round, in this order."""

    FREEZE = 1
    SEAL = 2
    PUBLISH = 3
    SETTLE = 4


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One round of the year with the times of its acts."""

    programme: Programme
    round_: Round
    order: tuple[int, int]
    """Place of the programme in the edition, and of the round in the programme: decides on one and the same moment."""

    @property
    def review_on(self) -> date:
        """The day of the requirement review: the first after the supplements, if the results do not come before."""
        return min(self.round_.supplement_until + timedelta(days=1), self.round_.results_on)

    @property
    def frozen_at(self) -> datetime:
        """When the pool is frozen: after the last day of the intake has ended in Seoul."""
        return min(_at(self.round_.closes, _FROZEN), self.sealed_at - timedelta(minutes=20))

    @property
    def evaluation_from(self) -> datetime:
        """When the reviewers begin."""
        return max(self.frozen_at, min(_at(self.review_on, _SEALED), self.sealed_at))

    @property
    def sealed_at(self) -> datetime:
        """When the evaluation is sealed."""
        return _at(self.round_.results_on, _SEALED)

    @property
    def published_at(self) -> datetime:
        """When the results are published."""
        return _at(self.round_.results_on, _PUBLISHED)

    @property
    def objections_from(self) -> datetime:
        """When the panels for objections begin."""
        return _at(self.round_.objections_until, _MIDNIGHT)

    @property
    def objections_to(self) -> datetime:
        """When they are done."""
        return _at(self.round_.objections_until + timedelta(days=_PANEL_DAYS), _SEALED)

    @property
    def offers_from(self) -> date:
        """The first day on which places can be given back and offered on."""
        return self.round_.objections_until + timedelta(days=_PANEL_DAYS)

    @property
    def settled_on(self) -> date:
        """The day on which the waiting list is closed."""
        return self.round_.objections_until + timedelta(days=_AFTER_OBJECTIONS)

    @property
    def settled_at(self) -> datetime:
        """When what became of objections and offers is published."""
        return _at(self.settled_on, _SETTLED)


def plan_year(edition: Edition) -> list[RoundPlan]:
    """Give every round of every programme that takes applications, in the printed order."""
    return [
        RoundPlan(programme, round_, (place, number))
        for place, programme in enumerate(edition.programmes)
        for number, round_ in enumerate(programme.rounds)
    ]


def acts_in_order(plans: list[RoundPlan]) -> list[tuple[datetime, Act, RoundPlan]]:
    """Give all acts of a year as they follow each other; on one moment in the printed order of the programmes."""
    acts = [
        (at, act, plan)
        for plan in plans
        for at, act in (
            (plan.frozen_at, Act.FREEZE),
            (plan.sealed_at, Act.SEAL),
            (plan.published_at, Act.PUBLISH),
            (plan.settled_at, Act.SETTLE),
        )
    ]
    return sorted(acts, key=lambda row: (row[0], row[1], row[2].order))


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment)
