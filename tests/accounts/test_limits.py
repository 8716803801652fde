"""Our own limiter: exact at its bounds, the same for all processes, forgetful in time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from panro.accounts.limits import allow, clear
from panro.accounts.models import LimitWindow

HOUR = 3_600
FULL_HOUR = 500_000 * HOUR


@pytest.mark.django_db
def test_as_many_as_allowed_and_not_one_more() -> None:
    answers = [allow("tax:kim", 3, HOUR, clock=lambda: FULL_HOUR) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert allow("tax:lee", 3, HOUR, clock=lambda: FULL_HOUR)
    assert allow("tax:kim", 3, HOUR + 1, clock=lambda: FULL_HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize(("later", "allowed"), [(1, False), (HOUR // 2, True), (HOUR, True)])
def test_the_window_before_weighs_in_as_far_as_it_is_still_seen(later: int, *, allowed: bool) -> None:
    for _ in range(4):
        allow("tax:kim", 4, HOUR, clock=lambda: FULL_HOUR - 1)
    assert allow("tax:kim", 4, HOUR, clock=lambda: FULL_HOUR + later) is allowed


@pytest.mark.django_db
@pytest.mark.parametrize(("per", "seconds"), [(0, 1), (1, 0)])
def test_a_limit_of_nothing_is_a_mistake(per: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="at least 1 each"):
        allow("tax:kim", per, seconds)


@pytest.mark.django_db
def test_what_no_longer_counts_is_forgotten_and_no_address_is_kept() -> None:
    allow("login:kim@example.kr", 1, HOUR, clock=lambda: FULL_HOUR)
    assert "kim" not in LimitWindow.objects.get().name
    assert clear(FULL_HOUR + 2 * HOUR - 1) == 0
    assert clear(FULL_HOUR + 2 * HOUR) == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_are_all_counted() -> None:
    barrier, answers = threading.Barrier(8), []

    def attempt() -> None:
        try:
            barrier.wait(10)
            answers.append(allow("tax:kim", 3, HOUR, clock=lambda: FULL_HOUR))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 5 + [True] * 3
