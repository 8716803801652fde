"""Randomness that depends on nothing but the seed and a name: the same on every machine and in every order."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Final

from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TAG: Final = "panro-rehearsal-stream-1"
_CHANCE_TAG: Final = "panro-rehearsal-chance-1"
_CHANCE_DIGITS: Final = 13
_CHANCE_BITS: Final = 4 * _CHANCE_DIGITS
_EVENT_TAG: Final = "panro-rehearsal-event-1"
WHOLE: Final = 10_000  # basis points


def stream(seed: int, *name: str | int) -> Random:
    """Give the stream of this name: company 7 draws the same whatever the number of companies or their order."""
    return Random(int(tagged_hash(_TAG, seed, *name), 16))  # noqa: S311 - makes data, keeps no secret


def chance(seed: int, rate: int, *name: str | int) -> bool:
    """Draw once, by name alone, whether something with a rate in basis points happens: a stream would be dearer."""
    return int(tagged_hash(_CHANCE_TAG, seed, *name)[:_CHANCE_DIGITS], 16) * WHOLE < rate << _CHANCE_BITS


def happens(source: Random, rate: int) -> bool:
    """Draw once whether something with a rate in basis points happens."""
    return source.random() * WHOLE < rate


def simulated_event(seed: int, *name: str | int) -> str:
    """Give the value of a public event, such as a lottery's numbers, in a rehearsal; it says that it is simulated."""
    return f"simulated-{tagged_hash(_EVENT_TAG, seed, *name)[:24]}"


class Table[Item]:
    """Items with weights, prepared once so that a draw is one look-up."""

    __slots__ = ("_items", "_sums")

    def __init__(self, items: Iterable[Item], weights: Iterable[int]) -> None:
        self._items: Sequence[Item] = tuple(items)
        self._sums = list(accumulate(weights))
        if len(self._sums) != len(self._items) or not self._sums or self._sums[-1] <= 0:
            raise ValueError("a table needs as many weights as items, and one weight above zero")

    def draw(self, source: Random) -> Item:
        """Draw one item."""
        sums = self._sums
        return self._items[bisect_right(sums, source.random() * sums[-1], 0, len(sums) - 1)]
