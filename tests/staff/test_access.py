from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from panro.record import access_log
from panro.staff import actions, queries
from panro.staff.models import AccessReview
from panro.staff.months import month_of
from panro.staff.states import Role
from staff.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from panro.accounts.models import User
    from staff.conftest import Hire

APRIL, MAY = date(2021, 4, 1), date(2021, 5, 1)
OF_APRIL = datetime(2021, 4, 30, 14, 59, 59, tzinfo=UTC)  # one second before May begins in Seoul
OFFICE_PAGES = {
    "staff:home": set(Role),
    "staff:approvals": set(Role),
    "staff:roles": {Role.CHIEF, Role.AUDITOR, Role.ENGINEER},
    "staff:access": {Role.CHIEF, Role.AUDITOR},
}


def look(actor: User, party: str, at: datetime) -> None:
    access_log.note(actor=str(actor.pk), party=party, what="paper_opened", why="screening", at=at, now=at)


def test_months_begin_and_end_in_seoul() -> None:
    assert month_of(date(2021, 4, 17)) == (
        datetime(2021, 3, 31, 15, tzinfo=UTC),
        datetime(2021, 4, 30, 15, tzinfo=UTC),
    )
    assert month_of(date(2021, 12, 31))[1] == datetime(2021, 12, 31, 15, tzinfo=UTC)


def test_a_months_log_is_counted_by_who_looked(officer_han: User, chief_yoon: User) -> None:
    for party in ("party:a", "party:a", "party:b"):
        look(officer_han, party, OF_APRIL)
    look(chief_yoon, "party:a", OF_APRIL)
    look(chief_yoon, "party:c", OF_APRIL + timedelta(seconds=1))
    assert [(one.name, one.lines, one.parties) for one in queries.watchers(APRIL)] == [("han", 3, 2), ("yoon", 1, 1)]
    assert [(one.name, one.lines, one.parties) for one in queries.watchers(MAY)] == [("yoon", 1, 1)]


def test_a_month_is_signed_off_once_and_only_when_it_is_over(auditor_noh: User, officer_han: User) -> None:
    look(officer_han, "party:a", OF_APRIL)
    review = actions.sign_off(APRIL, note="특이사항 없음", by=auditor_noh, now=NOW)
    assert (review.lines, review.reviewed_by) == (1, auditor_noh)
    with pytest.raises(actions.DecidedError):
        actions.sign_off(APRIL, note="again", by=auditor_noh, now=NOW)
    with pytest.raises(actions.NotOverError):
        actions.sign_off(MAY, note="early", by=auditor_noh, now=NOW)
    with pytest.raises(actions.ReasonMissingError):
        actions.sign_off(date(2021, 3, 1), note=" ", by=auditor_noh, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.sign_off(date(2021, 3, 1), note="me", by=officer_han, now=NOW)
    with pytest.raises(IntegrityError, match="access_review_of_a_month"), transaction.atomic():
        AccessReview.objects.create(month=date(2021, 2, 2), lines=0, note="x", reviewed_by=auditor_noh, reviewed_at=NOW)


def test_the_pages_show_and_sign_off(auditor_noh: User, officer_han: User, as_user: Callable[[User], Client]) -> None:
    look(officer_han, "party:a", OF_APRIL)
    client = as_user(auditor_noh)
    assert client.get("/office/access/").status_code == 200
    assert "han" in client.get("/office/access/2021/4/").content.decode()
    assert "party:a" in client.get(f"/office/access/by/{officer_han.pk}/").content.decode()
    assert client.get("/office/access/2021/13/").status_code == 404
    assert client.get(f"/office/access/by/{officer_han.pk}/?after=nonsense").status_code == 404
    assert client.post("/office/access/2021/4/", {"note": "이상 없음"}).status_code == 302
    assert AccessReview.objects.get().note == "이상 없음"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_enters_exactly_its_pages(role: Role, hire: Hire, as_user: Callable[[User], Client]) -> None:
    client = as_user(hire("somebody", role))
    entered = {name for name in OFFICE_PAGES if client.get(reverse(name)).status_code == 200}
    assert entered == {name for name, allowed in OFFICE_PAGES.items() if role in allowed}


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_many_queries_for_three_rows_as_for_one(
    rows: int,
    hire: Hire,
    as_user: Callable[[User], Client],
    django_assert_num_queries: Callable[[int], object],
) -> None:
    chief = hire("chief", Role.CHIEF)
    for number in range(rows):
        colleague = hire(f"colleague{number}", Role.OFFICER, Role.CHIEF)
        look(colleague, f"party:{number}", OF_APRIL)
        asked = actions.Proposal("role_grant", f"role:{number}", {"email": "a@agency.kr", "role": "officer"}, "joins")
        actions.propose(asked, by=colleague, now=NOW)
    client = as_user(chief)
    for address, expected in (("/office/approvals/", 7), ("/office/roles/", 6), ("/office/access/2021/4/", 8)):
        with django_assert_num_queries(expected):  # type: ignore[attr-defined]
            client.get(address)
