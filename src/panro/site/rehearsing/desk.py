"""The desk of a rehearsal through the rooms: applicants are divided among processes, and handed in in their order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from panro.intake import actions
from panro.intake.actions import Checks, Submission
from panro.intake.seams import Holding
from panro.rehearsal.desk import Receipt
from panro.site.rehearsing.crew import share_of
from panro.site.rehearsing.hours import NOON
from panro.site.rehearsing.room import Knowing, Preparing
from panro.site.rehearsing.telling import TELLER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rehearsal.desk import Asking, Intake
    from panro.rehearsal.filing import Filing
    from panro.rehearsal.state import YearState
    from panro.rules.facts import Fact
    from panro.site.rehearsing.crew import Crew
    from panro.site.rehearsing.room import Drafted, RoundKey

BATCH: Final = 1_000
CHECKS: Final = Checks(consent=True, complete=False, again=False)
"""Applications come as they are filled in, so that what is missing comes out in the review; consents are there.

Whether one may apply again the rehearsed year has decided itself."""


@dataclass(slots=True)
class RoomsDesk:
    """Takes applications in by the acts of the rooms, and asks the rooms what is known."""

    version: EditionVersion
    officer: User
    state: YearState
    crew: Crew
    now: datetime
    read: dict[RoundKey, frozenset[str]] = field(default_factory=dict)
    """The keys that the notice reads, by programme and round."""

    def clock(self, at: datetime) -> None:
        """The simulated clock has come to a moment."""
        self.now = at

    def take_in(self, intake: Intake, filings: Sequence[Filing]) -> list[Receipt]:
        """Have drafts prepared, submit them in the order given, withdraw, and freeze the pool; all in sets.

        While one set is handed in, the next is being prepared.
        """
        round_, programme = intake.plan.round_, intake.plan.programme.code
        of_round = (programme, round_.code)
        self.read[of_round] = wanted = intake.questions.keys_read()
        ids: dict[UUID, Filing] = {}
        ready: list[tuple[Filing, Drafted]] = []
        for some in batched(filings, BATCH, strict=False):
            shares = self._shares(some, lambda one: one.party.ref)
            work = self.crew.begin([Preparing([some[at] for at in places], wanted, self.now) for places in shares])
            self._submit(intake, ready)
            ready = list(zip(some, _in_order(shares, work.results()), strict=True))
            ids |= {drafted.application: one for one, drafted in ready}
        self._submit(intake, ready)
        leaving = [pk for pk, one in ids.items() if one.mistakes.withdraws]
        if leaving:
            actions.withdraw_many(leaving, by=self.officer.pk, now=self.now, today=round_.closes, tell=False)
        after = round_.closes + timedelta(days=1)
        frozen = actions.freeze_pool(self.version, *of_round, by=TELLER, now=self.now, today=after)
        return [Receipt(ids[one.application_id], one.salt, json.loads(one.payload), one.commitment) for one in frozen]

    def known(self, asking: Sequence[Asking]) -> list[Mapping[str, Fact]]:
        """Bring what is to be brought by then, and return what the rooms know."""
        found: list[Mapping[str, Fact]] = []
        for some in batched(asking, BATCH, strict=False):
            first = some[0].filing
            wanted = self.read[first.programme.code, first.round_.code]
            shares = self._shares(some, lambda one: one.filing.party.ref)
            jobs = []
            for places in shares:
                own = [some[at] for at in places]
                jobs.append(Knowing(own, [self._held(one) for one in own], wanted, self.now))
            found += _in_order(shares, self.crew.begin(jobs).results())
        return found

    def _submit(self, intake: Intake, ready: Sequence[tuple[Filing, Drafted]]) -> None:
        """Hand in what is ready; the numbers of receipts follow its order."""
        if not ready:
            return
        refs = {drafted.application: one.party.ref for one, drafted in ready}
        actions.submit_many(
            [
                Submission(
                    drafted.application,
                    drafted.account,
                    one.on,
                    at=datetime.combine(one.on, NOON),
                    applicant=one.party.applicant,
                )
                for one, drafted in ready
            ],
            now=self.now,
            salts=lambda row: intake.salts.salt("receipt", intake.rules.round_id, refs[row.pk]),
            checks=CHECKS,
            tell=False,
        )

    def _held(self, one: Asking) -> Holding:
        party, on = one.filing.party, one.registers
        return Holding(tuple(self.state.awards(party, on)), self.state.listed_since(party.ref, on))

    def _shares[T](self, rows: Sequence[T], ref: Callable[[T], str]) -> list[list[int]]:
        """Divide rows among the crew: the places of the rows of each."""
        shares: list[list[int]] = [[] for _ in range(self.crew.count)]
        for place, row in enumerate(rows):
            shares[share_of(ref(row), self.crew.count)].append(place)
        return shares


def _in_order[T](shares: Sequence[Sequence[int]], found: Sequence[Sequence[T]]) -> list[T]:
    """Put what came of the shares back into the order of the rows."""
    pairs = [pair for places, rows in zip(shares, found, strict=True) for pair in zip(places, rows, strict=True)]
    return [row for _place, row in sorted(pairs, key=lambda pair: pair[0])]
