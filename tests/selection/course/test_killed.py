"""A process that is killed anywhere while results are published: carried on, they are published once, and the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from panro.record.actions import record, seal_pending
from panro.record.models import Entry, Seal
from panro.selection import actions, building
from panro.selection.course import publishing, seams, tasks
from panro.selection.course.errors import WrongStepError
from panro.selection.models import CourseState, PublishedRound, ResultLine
from selection.course import world

if TYPE_CHECKING:
    from django.core.files.storage import Storage

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """The process is gone."""


def once(there: object, name: str, monkeypatch: pytest.MonkeyPatch, *, after: bool = False) -> None:
    """Kill the process the first time it comes to a function, or out of it."""
    real = getattr(there, name)
    killed: list[bool] = []

    def come(*args: object, **more: object) -> object:
        if killed:
            return real(*args, **more)
        killed.append(True)
        if after:
            real(*args, **more)
        raise KilledError(name)

    monkeypatch.setattr(there, name, come)


POINTS = {
    "before the rows are read": (publishing, "build_again", False),
    "before anything is written": (publishing, "dossiers", False),
    "between both dossiers": (building, "write_auditor", False),
    "with both dossiers written": (publishing, "dossiers", True),
    "before the public file is kept": (actions, "_save", False),
    "with the public file kept": (actions, "_save", True),
    "before the lines are loaded": (actions, "_publish", False),
    "with the lines loaded, but not committed": (actions, "_publish", True),
    "before the course knows": (publishing, "_finished", False),
    "before the course's last step is committed": (publishing, "following", True),
}


@pytest.fixture
def _nothing_is_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process deletes nothing."""

    class Kept:
        def __init__(self, storage: Storage) -> None:
            self.storage = storage

        def __getattr__(self, name: str) -> object:
            return getattr(self.storage, name)

        def delete(self, name: str) -> None:
            del name

    monkeypatch.setattr(actions, "default_storage", Kept(actions.default_storage))


@pytest.mark.usefixtures("_nothing_is_cleaned_up")
def test_killed_anywhere_the_same_is_published_once(story: world.Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.until(CourseState.PUBLISHING)
    pk, seals = story.course.pk, Seal.objects.count()
    for there, name, after in POINTS.values():
        with monkeypatch.context() as patched:
            once(there, name, patched, after=after)
            with pytest.raises(KilledError):
                story.carry_on()
        assert story.course.state == CourseState.PUBLISHING
    # Others write on: nothing of this round changes by it.
    record("something_else", actor="system:test", subject="x:1", at=story.now, now=story.now)
    assert seal_pending(story.now) is not None
    published = publishing.carry_on(pk, verify=world.verify, now=story.later())
    assert publishing.carry_on(pk, verify=world.verify, now=story.later()) == published
    assert (PublishedRound.objects.count(), story.course.state) == (1, CourseState.PUBLISHED)
    assert Entry.objects.filter(act="round_published").count() == 1
    assert Entry.objects.filter(act="dossier_published").count() == 1
    assert ResultLine.objects.count() == len(story.told)
    assert published.head == Seal.objects.get(number=seals).head  # that of the publication, not a later one
    assert world.verified_zips(published) == [[], []]


def test_a_dossier_that_the_verifier_refuses_is_not_published(story: world.Story) -> None:
    story.until(CourseState.PUBLISHING)
    with pytest.raises(actions.NotConsistentError, match="a wrong root"):
        publishing.carry_on(story.course.pk, verify=lambda _: ["a wrong root"], now=story.later())
    assert not PublishedRound.objects.exists()
    assert story.course.state == CourseState.PUBLISHING


def test_a_worker_whose_clock_is_behind_carries_on(story: world.Story) -> None:
    story.until(CourseState.PUBLISHING)
    entered = story.now
    published = publishing.carry_on(story.course.pk, verify=world.verify, now=entered - timedelta(seconds=2))
    assert (published.published_at, story.course.state) == (entered, CourseState.PUBLISHED)


def test_only_what_is_being_published_is_carried_on(story: world.Story) -> None:
    story.until(CourseState.CONFIRMED)
    with pytest.raises(WrongStepError):
        story.carry_on()


def test_a_worker_carries_on_what_another_left(story: world.Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.until(CourseState.PUBLISHING)
    monkeypatch.setattr(seams, "_verifier", {})
    with pytest.raises(seams.NoVerifierError):
        tasks.publish_waiting.call()
    seams.use_verifier(world.verify)
    followed: list[str] = []
    monkeypatch.setattr(seams, "_following", {"test": lambda course, *_: followed.append(course.round_id)})
    assert tasks.publish_waiting.call() == 1
    assert tasks.publish_waiting.call() == 0
    assert tasks.publish_round.call(str(story.course.pk)) == PublishedRound.objects.get().root
    assert followed == ["2021/3-1/R1"]
