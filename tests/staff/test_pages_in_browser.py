"""Every page of the office itself, as its people see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from panro.record import access_log
from panro.staff import actions
from panro.staff.states import Role
from staff.conftest import NOW

if TYPE_CHECKING:
    from panro.accounts.models import User
    from staff.conftest import Hire

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "경기도남양주시소상공인온라인판로지원사업총괄운영지원팀의박하늘별님구름햇살바람"


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.mark.parametrize(("width", "language"), list(zip(WIDTHS, ("en", "ko"), strict=True)))
def test_every_page_is_accessible_and_fits(visitor: Visitor, hire: Hire, width: int, language: str) -> None:
    chief_yoon, officer_han, auditor_noh = (
        hire("yoon", Role.CHIEF),
        hire("han", Role.OFFICER),
        hire("noh", Role.AUDITOR),
    )
    long_name = hire("haneul", Role.ENGINEER)
    type(long_name).objects.filter(pk=long_name.pk).update(name=LONG)
    waiting, done = (
        actions.propose(
            actions.Proposal("role_grant", f"role:{who.email}", {"email": who.email, "role": "chief"}, LONG),
            by=chief_yoon,
            now=NOW,
        )
        for who in (officer_han, long_name)
    )
    actions.withdraw(done.pk, by=chief_yoon, now=NOW + timedelta(hours=1))
    for number in range(3):
        access_log.note(
            actor=str(officer_han.pk), party=f"party:{number}", what="case", why="screening", at=NOW, now=NOW
        )
    asked: dict[str, tuple[User, list[str]]] = {
        "officer": (officer_han, ["/office/", "/office/approvals/"]),
        "chief": (chief_yoon, ["/office/", "/office/approvals/", f"/office/approvals/{waiting.pk}/", "/office/roles/"]),
        "second": (hire("bae", Role.CHIEF), [f"/office/approvals/{waiting.pk}/", f"/office/approvals/{done.pk}/"]),
        "auditor": (
            auditor_noh,
            ["/office/access/", "/office/access/2021/5/", f"/office/access/by/{officer_han.pk}/", "/office/roles/"],
        ),
    }
    found = []
    for who, (user, pages) in asked.items():
        session = session_of(user)
        for path in pages:
            page = visitor.open(path, width=width, language=language, session=session)
            found.append((who, path, page.locator("h1").count(), accessibility_faults(page), overflow(page)))
    assert found == [(who, path, 1, [], 0) for who, (_, pages) in asked.items() for path in pages]
