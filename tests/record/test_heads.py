"""The daily head: one per day that has ended, the same however late it is published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from panro.record import heads, tasks
from panro.record.actions import record, seal_pending
from panro.record.heads import PAGE, page_of_heads, publish_heads
from panro.record.models import DailyHead, Seal

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db(transaction=True)

LAST_SECOND = datetime(2021, 4, 9, 14, 59, 59, tzinfo=UTC)  # 23:59:59 on 9 April in Seoul
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)
NINTH = date(2021, 4, 9)
DAY = timedelta(days=1)


def sealed(at: datetime) -> Seal:
    with transaction.atomic():
        record("case_screened", actor="officer-kim", subject="case:1", at=at, now=at)
    made = seal_pending(at)
    assert made is not None
    return made


def published() -> list[tuple[date, int, str]]:
    return list(DailyHead.objects.order_by("day").values_list("day", "seal_id", "head"))


def test_a_day_ends_at_midnight_in_seoul() -> None:
    first, second = sealed(LAST_SECOND), sealed(MIDNIGHT)
    assert publish_heads(LAST_SECOND) == []
    publish_heads(MIDNIGHT)
    assert published() == [(NINTH, 1, first.head)]
    publish_heads(MIDNIGHT + DAY)
    assert published() == [(NINTH, 1, first.head), (NINTH + DAY, 2, second.head)]


def test_days_without_a_seal_repeat_the_head_and_missed_days_are_made_up() -> None:
    first = sealed(LAST_SECOND)
    second = sealed(MIDNIGHT + 2 * DAY)
    made = publish_heads(MIDNIGHT + 4 * DAY)
    assert [(row.day, row.head) for row in made] == [
        (NINTH, first.head),
        (NINTH + DAY, first.head),
        (NINTH + 2 * DAY, first.head),
        (NINTH + 3 * DAY, second.head),
        (NINTH + 4 * DAY, second.head),
    ]
    assert publish_heads(MIDNIGHT + 4 * DAY) == []


def test_without_a_seal_nothing_is_published() -> None:
    assert publish_heads(MIDNIGHT) == []
    assert tasks.publish_head.call() == 0


def test_the_database_refuses_a_head_that_is_not_the_seals_or_goes_back() -> None:
    first, second = sealed(LAST_SECOND), sealed(MIDNIGHT)
    DailyHead.objects.create(day=NINTH, seal=second, head=second.head, published=MIDNIGHT)
    for day, seal, head, said in [
        (NINTH + DAY, second, first.head, "is not that of seal 2"),
        (NINTH + DAY, first, first.head, "would go back"),
    ]:
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            DailyHead.objects.create(day=day, seal=seal, head=head, published=MIDNIGHT)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DailyHead.objects.filter(day=NINTH).delete()


@pytest.mark.parametrize("days", [1, 3])
def test_the_page_and_its_data_cost_the_same_however_many_days(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, days: int
) -> None:
    seal = sealed(LAST_SECOND)
    publish_heads(MIDNIGHT + (days - 1) * DAY)
    for route in ("record:heads", "record:heads_json"):
        with django_assert_num_queries(1):
            answer = client.get(reverse(route))
        assert answer.content.decode().count(seal.head) == days


def test_every_day_is_shown_once_over_the_pages(client: Client) -> None:
    sealed(LAST_SECOND)
    publish_heads(MIDNIGHT + 2 * PAGE * DAY)
    found, address = [], reverse("record:heads_json")
    while address:
        answer = client.get(address).json()
        found += [row["day"] for row in answer["heads"]]
        address = answer["next"]
    assert found == [(NINTH + number * DAY).isoformat() for number in range(2 * PAGE, -1, -1)]
    assert page_of_heads(NINTH).rows == []


def test_all_seals_lead_from_head_to_head(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "SEALS", 2)
    monkeypatch.setattr("panro.record.views.SEALS", 2)
    made = [sealed(LAST_SECOND + number * DAY) for number in range(3)]
    page = client.get(reverse("record:seals_json")).json()
    rest = client.get(page["next"]).json()
    assert [seal["head"] for seal in page["seals"] + rest["seals"]] == [seal.head for seal in made]
    assert [seal["previous"] for seal in rest["seals"]] == [made[1].head]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("heads", "before=yesterday"),
        ("heads_json", "before=2021-02-30"),
        ("seals_json", "after=-1"),
        ("seals_json", "after=" + "9" * 19),
    ],
)
def test_a_made_up_position_is_no_page(client: Client, route: str, query: str) -> None:
    assert client.get(f"{reverse(f'record:{route}')}?{query}").status_code == 404
