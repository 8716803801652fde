from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.accounts.ids import new_id, uuid7

MOMENTS = st.integers(0, (1 << 48) * 1_000_000 - 1)
BITS = st.integers(0, (1 << 62) - 1)


def test_the_example_of_the_standard() -> None:
    # RFC 9562, appendix A.6: 2022-02-22 14:22:22.000-05:00, rand_b 0x18C4DC0C0C07398F; rand_a holds our fraction.
    made = uuid7(0x017F22E279B0 * 1_000_000, 0x18C4DC0C0C07398F)
    assert str(made) == "017f22e2-79b0-7000-98c4-dc0c0c07398f"


@given(MOMENTS, BITS)
def test_it_is_a_version_7_uuid_of_its_millisecond(nanoseconds: int, random: int) -> None:
    made = uuid7(nanoseconds, random)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == nanoseconds // 1_000_000
    assert made.int & ((1 << 62) - 1) == random


@given(MOMENTS, st.integers(245, 10**12), BITS, BITS)
def test_a_later_one_sorts_later(first: int, gap: int, a: int, b: int) -> None:
    # 245 ns is more than one step of the 12-bit fraction (1 ms / 4096 = 244.1… ns).
    second = min(first + gap, (1 << 48) * 1_000_000 - 1)
    if second - first >= 245:
        assert uuid7(first, a) < uuid7(second, b)


@pytest.mark.parametrize(("nanoseconds", "random"), [(-1, 0), ((1 << 48) * 1_000_000, 0), (0, -1), (0, 1 << 62)])
def test_what_does_not_fit_is_refused(nanoseconds: int, random: int) -> None:
    with pytest.raises(ValueError, match=r"expected 62 bits|outside what 48 bits"):
        uuid7(nanoseconds, random)


def test_the_limits_fit() -> None:
    assert uuid7((1 << 48) * 1_000_000 - 1, (1 << 62) - 1) == uuid.UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")
    assert uuid7(0, 0) == uuid.UUID("00000000-0000-7000-8000-000000000000")


def test_new_ids_differ() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000
