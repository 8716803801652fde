"""A model of the rush on the day a round opens: who comes when, and how long they wait for the measured site.

Submissions arrive by chance at an even rate; each takes a service time drawn from those measured; as many are worked
on at once as the machine has cores. First come, first served, which is what the server's queue does.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICANTS: Final = 30_000
SHARE: Final = 0.4
SECONDS: Final = 1_800
RATE: Final = APPLICANTS * SHARE / SECONDS
"""Submissions a second: 40 % of 30,000 within 30 minutes."""


@dataclass(frozen=True, slots=True)
class Rush:
    """What comes of it: share of the time the machine is busy, and how long people wait for it, in seconds."""

    arrivals: int
    busy: float
    waits_p50: float
    waits_p95: float
    longest: float
    left_at_end: float
    """Seconds after the half hour until the last of them was served."""


def rush(
    service: Sequence[float], *, servers: int, rate: float = RATE, seconds: float = SECONDS, seed: int = 1
) -> Rush:
    """Let people come for ``seconds``.

    Args:
        service: processor seconds of one submission, as measured; drawn from by chance.
        servers: how many are worked on at once.
        rate: arrivals a second.
        seconds: how long they come.
        seed: of the chance.
    """
    source = random.Random(seed)
    free = [0.0] * servers
    waits, worked, now = [], 0.0, source.expovariate(rate)
    while now < seconds:
        begins = max(now, heapq.heappop(free))
        takes = source.choice(service)
        heapq.heappush(free, begins + takes)
        waits.append(begins - now)
        worked += takes
        now += source.expovariate(rate)
    ended = max(free)
    waits.sort()
    return Rush(
        len(waits),
        worked / (servers * max(seconds, ended)),
        quantile(waits, 0.5),
        quantile(waits, 0.95),
        waits[-1] if waits else 0.0,
        max(ended - seconds, 0.0),
    )


def arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """Moments at which somebody comes, by chance at an even rate."""
    source = random.Random(seed)
    found, now = [], source.expovariate(rate)
    while now < seconds:
        found.append(now)
        now += source.expovariate(rate)
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the sorted ``values`` lies; 0 for none."""
    return values[min(int(len(values) * share), len(values) - 1)] if values else 0.0
