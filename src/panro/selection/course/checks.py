"""What the doctor looks at: whether the rows of rounds, the record and what was published still say the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from panro.dossier.write import render
from panro.intake.models import Receipt
from panro.record import doctor
from panro.record.doctor import Broken, Check
from panro.record.models import Entry
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.ranking import seed
from panro.screening.errors import UndecidedError
from panro.selection.building import BuildError, built, rules_of
from panro.selection.course.trying import digest_of
from panro.selection.models import CourseResult, CourseState, Outcome, RoundCourse, WhatIf
from panro.selection.models.course import from_

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = "selection: seeds follow from public values and sealed roots, as the record says"
TRIED = "selection: what was tried is what the record says"
PUBLISHED = "selection: what was published is what two persons confirmed"
DIGESTS = "selection: the rows of every round give the selection that was made"


def register_checks() -> None:
    """Hand the checks of this room to the doctor."""
    doctor.register(Check(SEEDS, seeds))
    doctor.register(Check(TRIED, tried))
    doctor.register(Check(PUBLISHED, published))
    doctor.register(Check(DIGESTS, digests, slow=True))


def seeds() -> Iterator[Broken]:
    """Seeds that do not follow, or that the record does not know."""
    said = _said("seed_drawn")
    for course in RoundCourse.objects.filter(state__in=from_(CourseState.DRAWN)).order_by("round_id"):
        due = seed(
            round_id=course.round_id,
            draw_event=rules_of(course).draw_event,
            draw_value=course.draw_value,
            pool_root=course.pool_root,
            scores_root=course.scores_root,
        )
        where = f"round {course.round_id}, seed"
        if course.seed != due:
            yield Broken(where, due, course.seed)
        recorded = str(said.get(course.round_id, [{}])[-1].get("seed", ""))
        if course.seed != recorded:
            yield Broken(f"{where} in the record", recorded, course.seed)


def tried() -> Iterator[Broken]:
    """What-ifs that were changed, added or taken away behind the record's back."""
    said = {
        (round_id, str(one["number"])): str(one["digest"])
        for round_id, all_ in _said("what_if_tried").items()
        for one in all_
    }
    rows = WhatIf.objects.select_related("course").order_by("course__round_id", "number")
    found = {(one.course.round_id, str(one.number)): digest_of(one) for one in rows}
    for key in sorted(said.keys() | found.keys()):
        if said.get(key) != found.get(key):
            yield Broken(f"round {key[0]}, what-if {key[1]}", said.get(key, "none"), found.get(key, "none"))


def published() -> Iterator[Broken]:
    """Publications with another root, head or count than their course."""
    rows = RoundCourse.objects.filter(published__isnull=False).select_related("published").order_by("round_id")
    for course in rows:
        done = course.published
        if done is not None and done.root != course.digest:
            yield Broken(f"round {course.round_id}, root", course.digest, done.root)
        for outcome in Outcome:
            due, there = getattr(course, outcome.value), getattr(done, outcome.value)
            if due != there:
                yield Broken(f"round {course.round_id}, {outcome.value}", str(due), str(there))


def digests() -> Iterator[Broken]:
    """Rounds whose rows give another selection than was made of them.

    Where the text of receipts was destroyed because its term is over, nothing can be built any more.
    """
    gone = Receipt.objects.filter(application=OuterRef("application"), payload="")
    destroyed = CourseResult.objects.filter(Exists(gone)).values("course")
    made = RoundCourse.objects.filter(state__in=from_(CourseState.RUN)).exclude(pk__in=destroyed)
    for course in made.order_by("round_id"):
        try:
            found = render(built(course.pk)).root
        except (BuildError, SelectionError, UndecidedError) as wrong:
            found = str(wrong)
        if found != course.digest:
            yield Broken(f"round {course.round_id}, selection", course.digest, found)


def _said(act: str) -> dict[str, list[dict[str, object]]]:
    """What the record says publicly of an act, by round. One query."""
    found: dict[str, list[dict[str, object]]] = {}
    for subject, document in Entry.objects.filter(act=act).order_by("number").values_list("subject", "document"):
        found.setdefault(subject.removeprefix("round:"), []).append(json.loads(document)["public"])
    return found
