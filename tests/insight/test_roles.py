"""Who gets in where, and sees whose exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from insight import world
from insight.test_exports import asked, made
from panro.accounts.models import User
from panro.insight import actions
from panro.insight.models import ExportJob
from panro.insight.states import TRANSITIONS, ExportState
from panro.record.models import Entry
from panro.staff.states import Role
from screening.world import hire

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status_of(client: Client, path: str) -> int:
    response = client.head(path)
    for close in response._resource_closers:  # not the response itself: that would end the test's connection
        close()
    return response.status_code


@pytest.fixture
def job(notice: EditionVersion, park: User) -> ExportJob:
    """An export that 박담당 asked for, made."""
    world.season(notice, 6)
    return made(asked(notice, park))


def test_the_table_of_who_gets_in(notice: EditionVersion, park: User, choi: User, noh: User, job: ExportJob) -> None:
    del notice
    other = hire("이담당", Role.OFFICER)
    stranger = User.objects.create_user("stranger@example.kr", "pw", name="손님")
    people = {"nobody": None, "stranger": stranger, "park": park, "other": other, "chief": choi, "auditor": noh}
    people["reviewers"] = hire("한관리", Role.REVIEWER_MANAGER)
    people["engineer"] = hire("정기사", Role.ENGINEER)
    here = f"/office/exports/{job.pk}/"
    wanted = {
        # nobody, stranger, who asked, another officer, chief, auditor, reviewer manager, engineer
        "/office/season/": [302, 403, 200, 200, 200, 200, 403, 403],
        "/office/exports/": [302, 403, 200, 200, 200, 403, 403, 403],
        here: [302, 403, 200, 403, 200, 403, 403, 403],
        f"{here}progress.json": [302, 403, 200, 403, 200, 403, 403, 403],
        f"{here}file": [302, 403, 200, 403, 200, 403, 403, 403],
        "/open/": [200] * 8,
        "/open/api/": [200] * 8,
        "/open/rounds.csv": [200] * 8,
        "/api/v1/rounds": [200] * 8,
        "/api/v1/openapi.json": [200] * 8,
    }
    found = {path: [status_of(client_of(user), path) for user in people.values()] for path in wanted}
    assert found == wanted
    posts = {
        "/office/season/count/": [302, 403, 302, 302, 302, 302, 403, 403],
        f"{here}again/": [302, 403, 302, 403, 302, 403, 403, 403],
    }
    found = {path: [client_of(user).post(path).status_code for user in people.values()] for path in posts}
    assert found == posts
    assert Entry.objects.filter(act="export_opened").count() == 0  # a look at the head hands nothing out


def test_officers_see_their_own_exports_and_a_chief_sees_all(notice: EditionVersion, park: User, choi: User) -> None:
    other = hire("이담당", Role.OFFICER)
    jobs = [asked(notice, by).pk for by in (park, other, park)]
    seen = {
        user: [one.pk for one in client_of(user).get("/office/exports/").context["page"].rows]
        for user in (park, other, choi)
    }
    assert seen == {park: [jobs[2], jobs[0]], other: [jobs[1]], choi: jobs[::-1]}


def test_queries_of_the_exports_do_not_grow(
    notice: EditionVersion, choi: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(choi)
    for count in (1, 3):
        while ExportJob.objects.count() < count:
            asked(notice, choi)
        client.get("/office/exports/")
        with django_assert_num_queries(7):
            assert len(client.get("/office/exports/").context["page"].rows) == count


def test_an_auditor_who_asks_is_refused_and_recorded(notice: EditionVersion, noh: User) -> None:
    wanted = actions.Wanted("cases", "csv", "ko", notice.edition)
    with pytest.raises(PermissionDenied):
        actions.ask_for(wanted, "이유", by=noh, now=world.NOW)
    entry = Entry.objects.get(act="export_refused")
    assert (entry.actor, '"why":"role"' in entry.document) == (str(noh.pk), True)


@pytest.mark.parametrize("before", list(ExportState))
def test_the_database_holds_the_lifecycle(notice: EditionVersion, park: User, before: ExportState) -> None:
    job = asked(notice, park)
    more = {"queued": "heard_at = NULL", "running": "heard_at = now(), attempt = 1"}
    done = "key = 'k', length = 1, made_at = now(), total = 0"
    with world.without_triggers(), connection.cursor() as cursor:
        cursor.execute(_update(before, more.get(before, done if before == "done" else "attempt = 1")))
    possible = set()
    for after in ExportState:
        told = {"done": done}.get(after, f"key = '', {more.get(after, 'attempt = 1')}")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_update(after, told))
                transaction.set_rollback(True)
        except IntegrityError:
            continue
        possible.add(after)
    assert possible - {before} == TRANSITIONS[before]
    assert ExportJob.objects.get(pk=job.pk).state == before


def _update(state: ExportState, told: str) -> str:
    return f"UPDATE insight_exportjob SET state = '{state}', {told}"  # noqa: S608 - words of this test


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE insight_exportjob SET reason = 'another'",
        "UPDATE insight_exportjob SET asked_at = now()",
        "DELETE FROM insight_exportjob",
    ],
)
def test_what_was_asked_for_and_why_stays(notice: EditionVersion, park: User, statement: str) -> None:
    asked(notice, park)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
