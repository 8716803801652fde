"""A whole round from the frozen pool to its publication gives the dossiers of the same round in memory."""

from __future__ import annotations

import random
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panro.dossier.write import render
from panro.evaluation.models import StageRun
from panro.record import doctor
from panro.record.models import Entry
from panro.selection.building import built, dossiers
from panro.selection.models import CourseResult, CourseState, CourseStep, PublishedRound, ResultLine
from rules.selection.makers import make_rules
from selection.course import world

if TYPE_CHECKING:
    from pathlib import Path

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", world.SEEDS)
def test_a_whole_round_gives_the_dossiers_of_the_same_round_in_memory(
    seed: int, notice: EditionVersion, han: User, chiefs: tuple[User, User], tmp_path: Path
) -> None:
    story = world.story(notice, han, chiefs, seed=seed)
    story.rows()
    story.open()
    for state, step in story.steps():
        step()
        assert state is None or story.course.state == state
    course, expected = story.course, render(story.record)
    again = render(built(course.pk))
    assert {name: one.content for name, one in again.public.items()} == {
        name: one.content for name, one in expected.public.items()
    }
    assert again == expected
    published = PublishedRound.objects.get()
    assert course.published == published
    assert (published.root, course.digest) == (expected.root, expected.root)
    assert published.published_by == han
    dossiers(course, built(course.pk), tmp_path / "d")
    for kind in ("public", "auditor"):
        assert world.verify(tmp_path / "d" / kind) == []
    with published.auditor_file.open("rb") as file, zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == sorted(
            str(path.relative_to(tmp_path / "d" / "auditor"))
            for path in (tmp_path / "d" / "auditor").rglob("*")
            if path.is_file()
        )
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "d" / "auditor" / name).read_bytes()
    seen = list(CourseResult.objects.values_list("result_no", "outcome", "reason", "rank", "position"))
    assert seen == [(one.result_no, one.outcome, one.reason, one.rank, one.position) for one in story.record.results]
    assert seen == list(ResultLine.objects.values_list("result_no", "outcome", "reason", "rank", "position"))
    own = [one for one in doctor.checks(slow=True) if one.name.startswith("selection")]
    assert [(one.name, list(one.find())) for one in own] == [(one.name, []) for one in own]
    assert len(own) == 4


@pytest.mark.parametrize("size", [0, 5])
def test_a_round_without_stages_and_one_without_applications(
    size: int, notice: EditionVersion, han: User, chiefs: tuple[User, User]
) -> None:
    rules = make_rules(stages=[], seats=2, ladder=())
    story = world.told(notice, han, chiefs, rng=random.Random(8), rules=rules, size=size)
    course = story.until(CourseState.PUBLISHED)
    assert render(built(course.pk)) == render(story.record)
    published = PublishedRound.objects.get()
    assert (published.root, published.receipts) == (course.digest, size)
    assert (course.scores_count, course.pool_count) == (0, size)
    assert world.verified_zips(published) == [[], []]


def test_every_step_has_its_line(story: world.Story, han: User, yoon: User) -> None:
    story.until(CourseState.PUBLISHED)
    steps = CourseStep.objects.order_by("at", "id").values_list("step", "by__name")
    assert list(steps) == [
        ("closed", han.name),
        ("pool_frozen", han.name),
        ("assignment", han.name),
        ("evaluated", han.name),
        ("sealed", han.name),
        ("drawn", han.name),
        ("run", han.name),
        ("confirmed", yoon.name),
        ("publishing", han.name),
        ("published", None),
    ]
    acts = (
        Entry.objects.filter(subject=f"round:{story.rules.round_id}").order_by("number").values_list("act", flat=True)
    )
    told = [act for act in acts if not act.startswith(("roster", "panels", "stage_", "conflicts", "reviewer", "score"))]
    assert told == [
        "course_opened",
        "pool_frozen",
        "assignment_value_entered",
        "review_settled",
        "evaluation_begun",
        "evaluation_sealed",
        "seed_drawn",
        "selection_made",
        "approval_proposed",
        "selection_confirmed",
        "approval_approved",
        "round_published",
        "dossier_published",
    ]


@pytest.mark.parametrize("size", [5, 15])
def test_the_record_is_built_by_a_constant_number_of_queries(
    size: int, notice: EditionVersion, han: User, chiefs: tuple[User, User]
) -> None:
    story = world.story(notice, han, chiefs, size=size)
    pk = story.until(CourseState.DRAWN).pk
    judged = StageRun.objects.count()
    with CaptureQueriesContext(connection) as asked:
        built(pk)
    assert len(asked) == 7 + 7 * judged
