from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panro.accounts.models import User
from panro.ui.pager import BadCursorError, paginate

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.django_db

ORDERS: list[list[str]] = [["id"], ["-id"], ["name", "id"], ["-name", "id"], ["date_joined", "-name", "-id"]]


@pytest.fixture
def people() -> list[User]:
    chance = random.Random(7)
    day = dt.datetime(2021, 3, 17, tzinfo=dt.UTC)
    return User.objects.bulk_create(
        User(
            email=f"u{n}@example.kr",
            name=chance.choice("가나다"),
            date_joined=day + dt.timedelta(days=chance.randrange(3)),
        )
        for n in range(23)
    )


def expected(people: Sequence[User], order: Sequence[str]) -> list[User]:
    ordered = list(people)
    for name in reversed(order):  # stable sorts from the least to the most important column
        ordered.sort(key=lambda user: getattr(user, name.removeprefix("-")), reverse=name.startswith("-"))
    return ordered


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 22, 23, 24])
def test_forwards_and_back_again_shows_every_row_once_in_order(people: list[User], order: list[str], size: int) -> None:
    page = paginate(User.objects.all(), order=order, cursor=None, size=size)
    pages = [page]
    while page.next:
        page = paginate(User.objects.all(), order=order, cursor=page.next, size=size)
        pages.append(page)
    assert [row for each in pages for row in each.rows] == expected(people, order)
    assert len(pages) == -(-len(people) // size)
    assert pages[0].previous is None

    back = [page.rows]
    while page.previous:
        page = paginate(User.objects.all(), order=order, cursor=page.previous, size=size)
        back.append(page.rows)
    assert back == [each.rows for each in reversed(pages)]


def test_no_rows_have_no_neighbours() -> None:
    page = paginate(User.objects.none(), order=["id"], cursor=None, size=5)
    assert (page.rows, page.previous, page.next) == ([], None, None)


def test_a_row_that_comes_in_meanwhile_shifts_nothing(people: list[User]) -> None:
    first = paginate(User.objects.all(), order=["email"], cursor=None, size=5)
    User.objects.create_user("a@example.kr", "pw")
    second = paginate(User.objects.all(), order=["email"], cursor=first.next, size=5)
    assert second.rows == expected(people, ["email"])[5:10]


@pytest.mark.parametrize("size", [1, 20])
def test_a_page_is_one_question_whatever_its_size(people: list[User], size: int) -> None:
    del people
    with CaptureQueriesContext(
        connection,
    ) as asked:
        paginate(User.objects.all(), order=["name", "id"], cursor=None, size=size)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "!",
        "AAAA",
        "e30",
        "W10",
        "WyJhZnRlciJd",
        "WyJzaWRld2F5cyIsIngiXQ",
        "WyJhZnRlciIsIm5vIHV1aWQiXQ",
        "WyJhZnRlciIsbnVsbF0",
        "가",
    ],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        paginate(User.objects.all(), order=["id"], cursor=cursor, size=5)
