"""The access log: who saw whose data; nobody can unsay it before its lawful term is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from panro.record.access_log import PAGE, BadPositionError, note, note_all, of_actor, seen
from panro.record.models import AccessNote

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
KIM, LEE = "party:kim", "party:lee"
OFFICER = "officer-park"


def look(party: str = KIM, *, minutes: int = 0, actor: str = OFFICER, **changes: object) -> AccessNote:
    at = NOON + timedelta(minutes=minutes)
    given = {
        "what": "paper_opened",
        "why": "checking requirements of 3-1",
        "source": "203.0.113.7",
        "at": at,
        "now": at,
    }
    return note(actor=actor, party=party, **(given | changes))


def test_a_line_says_who_whose_what_why_when_and_from_where() -> None:
    line = AccessNote.objects.get(pk=look().pk)
    said = (line.actor, line.party, line.what, line.why, line.happened, line.recorded, line.source)
    assert said == (OFFICER, KIM, "paper_opened", "checking requirements of 3-1", NOON, NOON, "203.0.113.7")


def test_a_task_of_the_system_has_no_address() -> None:
    assert look(actor="system:recheck", source="").source is None


def test_everybody_finds_their_own_lines_newest_first() -> None:
    first, _, third = look(), look(LEE, minutes=1), look(minutes=2, actor="officer-choi")
    assert seen(KIM).rows == [third, first]
    assert [line.party for line in of_actor(OFFICER).rows] == [LEE, KIM]
    assert seen("party:nobody").rows == []


@pytest.mark.parametrize("count", [PAGE, PAGE + 1, 2 * PAGE + 1])
def test_paging_shows_every_line_once(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    note_all(actor=OFFICER, parties=[KIM] * count, what="list_seen", why="screening", at=NOON, now=NOON)
    found, after = [], None
    while True:
        with django_assert_num_queries(1):
            page = seen(KIM, after)
        found += [line.pk for line in page.rows]
        if page.next is None:
            break
        after = page.next
    assert len(found) == len(set(found)) == count


@pytest.mark.parametrize("after", ["nonsense", "2021-04-09T03:00:00~x", "~", "2021-04-09T03:00:00~" + "0" * 32])
def test_a_forged_position_is_refused(after: str) -> None:
    with pytest.raises(BadPositionError):
        seen(KIM, after)


def test_a_list_of_many_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for parties in ([KIM], [KIM, LEE, "party:choi"]):
        with django_assert_num_queries(1):
            note_all(actor=OFFICER, parties=parties, what="list_seen", why="screening", at=NOON, now=NOON)
    assert AccessNote.objects.count() == 4


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"why": ""}, "access_says_who_whose_why"),
        ({"what": "Opened a paper"}, "access_what_is_a_word"),
        ({"at": NOON + timedelta(seconds=1), "now": NOON}, "access_not_from_the_future"),
    ],
)
def test_the_database_refuses_an_impossible_line(changes: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        look(**changes)


def test_nobody_changes_a_line_or_deletes_a_young_one() -> None:
    now = timezone.now()
    look(at=now, now=now)
    old = look()
    for statement, refused in [
        ("UPDATE record_accessnote SET why = 'nothing'", "append-only"),
        ("DELETE FROM record_accessnote", "kept for a year at least"),
    ]:
        with pytest.raises(IntegrityError, match=refused), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    AccessNote.objects.filter(pk=old.pk).delete()
    assert AccessNote.objects.count() == 1


@pytest.mark.usefixtures("runtime_role")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE record_accessnote SET why = ''", "DELETE FROM record_dailyhead", "UPDATE record_dailyhead SET head = ''"],
)
def test_the_running_program_may_not_even_try(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE panro_runtime")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")
