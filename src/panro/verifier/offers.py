"""What became of the places after publication: `offers.csv` (section 8, offers)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .numbers import is_date
from .selection import SELECTED, WAITING, Counters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .pool import Case
    from .rounds import Round
    from .selection import Result
    from .tables import Sheet

EVENTS = ("declined", "offered", "accepted", "refused", "expired")


def replay(sheet: Sheet, rules: Round, cases: Mapping[int, Case], found: Mapping[int, Result]) -> int:
    """Replay the offers on the results; a difference at the first that cannot be. Returns their number."""
    places = _Places(rules, cases, found)
    last_day = ""
    for index, (seq, on, result_no, event) in enumerate(sheet.rows()):
        if seq != str(index + 1):
            raise sheet.differs(index, "seq", str(index + 1), seq)
        if not is_date(on):
            raise sheet.differs(index, "on", "a date as YYYY-MM-DD", on)
        if on < last_day:
            raise sheet.differs(index, "on", f"a date not before {last_day}", on)
        last_day = on
        number = places.numbers.get(result_no)
        if number is None:
            raise sheet.differs(index, "result_no", "a result number", result_no)
        if event not in EVENTS:
            raise sheet.differs(index, "event", " or ".join(EVENTS), event)
        problem = places.offer(number) if event == "offered" else places.answer(number, event)
        if problem is not None:
            raise sheet.differs(index, "result_no" if event == "offered" else "event", *problem)
    if places.open_offers:
        number = min(places.open_offers)
        raise sheet.differs(
            len(sheet.lines), "", f"what became of the offer to result_no {number}", "the end of the file"
        )
    return len(sheet.lines)


class _Places:
    """Who holds a place, which places are free, and how the caps stand. A place is named by its group."""

    def __init__(self, rules: Round, cases: Mapping[int, Case], found: Mapping[int, Result]) -> None:
        groups = {step.name: step.group for step in rules.steps}
        self._cases = cases
        self._counters = Counters(rules)
        self._held = {n: groups[row.step] for n, row in found.items() if row.outcome == SELECTED}
        for number in self._held:
            self._counters.add(cases[number], 1)
        waiting = sorted((int(row.position), n) for n, row in found.items() if row.outcome == WAITING)
        self._not_offered = [number for _, number in waiting]
        self._free: deque[str | None] = deque()
        self.open_offers: dict[int, str | None] = {}
        self.numbers = {str(number): number for number in found}

    def offer(self, number: int) -> tuple[str, str] | None:
        """Offer the first free place; returns what was expected and found if it goes to another."""
        if not self._free:
            return "an offer only when a place is free", f"an offer to {number}"
        group = self._free.popleft()
        right = self._next(group)
        if right != number:
            return "nobody, as no one fits the place" if right is None else str(right), str(number)
        self._not_offered.remove(number)
        self._counters.add(self._cases[number], 1)
        self.open_offers[number] = group
        return None

    def _next(self, group: str | None) -> int | None:
        """Return who the place goes to: first within its group, then whoever is first."""
        anybody = None
        for number in self._not_offered:
            case = self._cases[number]
            inside = group is None or group in case.groups
            if (inside or anybody is None) and self._counters.first_full(case) is None:
                if inside:
                    return number
                anybody = number
        return anybody

    def answer(self, number: int, event: str) -> tuple[str, str] | None:
        """Take an answer; returns what was expected and found if it cannot be."""
        if event == "declined":
            if number not in self._held:
                return "declined only by who holds a place", f"declined by {number}"
            self._free.append(self._held.pop(number))
        elif number not in self.open_offers:
            return f"{event} only by who has an open offer", f"{event} by {number}"
        elif event == "accepted":
            self._held[number] = self.open_offers.pop(number)
            return None
        else:
            self._free.appendleft(self.open_offers.pop(number))
        self._counters.add(self._cases[number], -1)
        return None
