"""What-if: what is tried is what the selection itself would give, and odds say who depends on the draw."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from panro.rules.selection.outcome import select_round
from panro.selection import course as acts
from panro.selection.course.errors import CourseError
from panro.selection.course.trying import TRIES
from panro.selection.models import CourseState, WhatIf
from rules.selection.makers import make_rules, make_stage
from selection.course import world

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db


def test_as_announced_changes_nothing(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    made = acts.what_if(pk, acts.Changes(), by=story.by, now=story.later())
    assert made.parameters == {}
    assert made.result["announced"] == made.result["tried"]
    assert (made.number, made.result["better"], made.result["worse"], made.result["tries"]) == (1, 0, 0, TRIES)
    side = made.result["announced"]
    assert side["sure"] + side["by_lot"] + side["out"] == len(story.told)


def test_without_places_nobody_gets_one(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    made = acts.what_if(pk, acts.Changes(seats=0), by=story.by, now=story.later())
    assert made.result["tried"] == {"sure": 0, "by_lot": 0, "out": len(story.told), "selected": "0.0"}
    assert made.result["better"] == 0
    announced = made.result["announced"]
    assert made.result["worse"] == announced["sure"] + announced["by_lot"]
    assert sum(Decimal(row[2]) for row in made.result["regions"]) == 0


def test_whoever_gets_a_place_in_the_end_had_odds(story: world.Story) -> None:
    pk = story.until(CourseState.SEALED).pk
    made = acts.what_if(pk, acts.Changes(bonus=False), by=story.by, now=story.later())
    story.draw()
    selected = story.run().selected
    sure, by_lot = made.result["announced"]["sure"], made.result["announced"]["by_lot"]
    assert sure <= selected <= sure + by_lot
    assert made.parameters == {"bonus": False}


def test_more_places_under_caps_and_tracks(notice: EditionVersion, han: User, chiefs: tuple[User, User]) -> None:
    rules = make_rules(stages=[make_stage(panel=2)], seats=4)
    rng = random.Random(3)
    story = world.told(notice, han, chiefs, rng=rng, rules=rules, size=16)
    pk = story.until(CourseState.SEALED).pk
    made = acts.what_if(pk, acts.Changes(seats=5), by=han, now=story.later())
    eligible = sum(one.requirement == "eligible" for one in story.told)
    assert eligible > 5
    assert (made.result["announced"]["selected"], made.result["tried"]["selected"]) == ("4.0", "5.0")
    tried = replace(story.rules, seats=5)
    outcome = select_round(tried, story.record.cases, (), story.record.draw.seed)
    assert sum(one.outcome == "selected" for one in outcome.results) == 5
    with pytest.raises(CourseError, match="no such track"):
        acts.what_if(pk, acts.Changes(caps={"nowhere": 3}), by=han, now=story.later())
    with pytest.raises(CourseError, match="go together"):
        acts.what_if(pk, acts.Changes(seats=-1), by=han, now=story.later())
    assert WhatIf.objects.count() == 1


def test_there_is_nothing_to_try_before_the_stages_are_closed(story: world.Story) -> None:
    story.rows()
    story.open()
    tried = acts.Changes(seats=3)
    for step in (story.freeze, story.assignment, story.begin):
        with pytest.raises(CourseError, match="all stages are closed"):
            acts.what_if(story.course.pk, tried, by=story.by, now=story.later())
        step()
    with pytest.raises(CourseError, match="all stages are closed"):
        acts.what_if(story.course.pk, tried, by=story.by, now=story.later())
    story.judge()
    assert acts.what_if(story.course.pk, tried, by=story.by, now=story.later()).number == 1
