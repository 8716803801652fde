"""The desk of a rehearsal that goes through the rooms: drafts, papers, facts, receipts, supplements, withdrawals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from panro.intake import actions
from panro.intake.actions import NO_CHECKS, Opening, Submission
from panro.intake.assembling import add_facts, load
from panro.intake.facts import facts_for
from panro.intake.models import Application
from panro.intake.seams import Holding
from panro.rehearsal.desk import Receipt
from panro.rules.eligibility import keys
from panro.rules.findings import Moment
from panro.site.rehearsing.telling import TELLER, Told, tell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.rehearsal.desk import Asking, Intake
    from panro.rehearsal.filing import Filing
    from panro.rehearsal.state import YearState
    from panro.rules.facts import Fact
    from panro.site.rehearsing.papers import Papers
    from panro.site.rehearsing.people import People

BATCH: Final = 1_000
NOON: Final = time(3, tzinfo=UTC)
"""Noon in Seoul: the hour at which everybody applies."""


@dataclass(slots=True)
class RoomsDesk:
    """Takes applications in by the acts of the rooms, and asks the rooms what is known."""

    version: EditionVersion
    people: People
    officer: User
    state: YearState
    papers: Papers
    now: datetime
    applications: dict[tuple[str, str], dict[str, UUID]] = field(default_factory=dict)
    """By programme and round, and by the applicant's name in the population."""
    read: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """The keys that the notice reads, by programme and round."""
    rows: int = 0
    """How many facts were told or taken back."""

    def clock(self, at: datetime) -> None:
        """The simulated clock has come to a moment."""
        self.now = at

    @property
    def today(self) -> date:
        """The day in Seoul."""
        return (self.now + timedelta(hours=9)).date()

    def holdings(self, parties: Collection[UUID], on: date) -> Mapping[UUID, Holding]:
        """Give what applicants hold on a day, from the year's memory: the rooms of awards come later."""
        found = {}
        for pk in parties:
            if (party := self.people.invented.get(pk)) is not None:
                awards, since = self.state.awards(party, on), self.state.listed_since(party.ref, on)
                found[pk] = Holding(tuple(awards), since)
        return found

    def take_in(self, intake: Intake, filings: Sequence[Filing]) -> list[Receipt]:
        """Open drafts, hand in papers, tell the vault, submit, withdraw, and freeze the pool; all in sets."""
        round_, programme = intake.plan.round_, intake.plan.programme.code
        of_round = (programme, round_.code)
        self.read[of_round] = intake.questions.keys_read()
        self.applications[of_round] = {}
        self.people.register(filing.party for filing in filings)
        for start in range(0, len(filings), BATCH):
            self._submit(intake, filings[start : start + BATCH])
        ids = self.applications[of_round]
        leaving = [ids[filing.party.ref] for filing in filings if filing.mistakes.withdraws]
        if leaving:
            actions.withdraw_many(leaving, by=self.officer.pk, now=self.now, today=round_.closes, tell=False)
        after = round_.closes + timedelta(days=1)
        frozen = actions.freeze_pool(self.version, *of_round, by=TELLER, now=self.now, today=after)
        by_id = {ids[filing.party.ref]: filing for filing in filings}
        return [Receipt(by_id[one.application_id], one.salt, json.loads(one.payload), one.commitment) for one in frozen]

    def known(self, asking: Sequence[Asking]) -> list[Mapping[str, Fact]]:
        """Bring what is to be brought by then, and return what the rooms know."""
        found: list[Mapping[str, Fact]] = []
        for start in range(0, len(asking), BATCH):
            found += self._known(asking[start : start + BATCH])
        return found

    def _submit(self, intake: Intake, filings: Sequence[Filing]) -> None:
        round_, programme = intake.plan.round_, intake.plan.programme.code
        of_round, members = (programme, round_.code), self.people.members
        openings = [
            Opening(members[one.party.ref].party, members[one.party.ref].user.pk, one.party.type, one.track)
            for one in filings
        ]
        drafts = actions.open_drafts(
            openings,
            self.version,
            *of_round,
            now=datetime.combine(round_.opens, NOON),
            today=round_.opens,
            again=False,
        )
        ids = {one.party.ref: draft.pk for one, draft in zip(filings, drafts, strict=True)}
        self.applications[of_round] |= ids
        facts = {
            one.party.ref: one.facts(self.read[of_round], papers=one.on, registers=one.on, mended=False)
            for one in filings
        }
        for one, draft in zip(filings, drafts, strict=True):
            self.papers.choose(members[one.party.ref], draft, one, facts[one.party.ref])
        days = {ids[one.party.ref]: one.on for one in filings}
        self._tell(filings, facts, days, days)
        refs = {pk: ref for ref, pk in ids.items()}
        actions.submit_many(
            [
                Submission(
                    ids[one.party.ref],
                    members[one.party.ref].user.pk,
                    one.on,
                    at=datetime.combine(one.on, NOON),
                    applicant=one.party.applicant,
                )
                for one in filings
            ],
            now=self.now,
            salts=lambda row: intake.salts.salt("receipt", intake.rules.round_id, refs[row.pk]),
            checks=NO_CHECKS,
            tell=False,
        )

    def _known(self, asking: Sequence[Asking]) -> list[Mapping[str, Fact]]:
        filing = asking[0].filing
        of_round = (filing.programme.code, filing.round_.code)
        ids, wanted = self.applications[of_round], self.read[of_round]
        facts = {
            one.filing.party.ref: one.filing.facts(
                wanted, papers=one.papers, registers=one.registers, mended=one.mended
            )
            for one in asking
        }
        if asking[0].moment is not Moment.APPLICATION or asking[0].mended:
            self.papers.supplement(
                [(ids[one.filing.party.ref], one, facts[one.filing.party.ref]) for one in asking],
                self.people,
                self.officer,
                self.now,
            )
        papers = {ids[one.filing.party.ref]: one.papers for one in asking}
        registers = {ids[one.filing.party.ref]: one.registers for one in asking}
        self._tell([one.filing for one in asking], facts, papers, registers)
        moment = asking[0].moment
        found = facts_for(papers, moment=moment, papers_until=papers, registers_on=registers)
        return [found[ids[one.filing.party.ref]] for one in asking]

    def _tell(
        self,
        filings: Sequence[Filing],
        facts: Mapping[str, Mapping[str, Fact]],
        papers: Mapping[UUID, date],
        registers: Mapping[UUID, date],
    ) -> None:
        filing = filings[0]
        of_round = (filing.programme.code, filing.round_.code)
        ids, wanted = self.applications[of_round], self.read[of_round] - {keys.DOCUMENTS}
        found = load(Application.objects.filter(pk__in=papers))
        add_facts(found, papers, registers)
        stored = {one.application.pk: one.facts for one in found}
        told = []
        for one in filings:
            pk = ids[one.party.ref]
            told.append(
                Told(
                    self.people.members[one.party.ref].party.pk,
                    one.party,
                    papers[pk],
                    registers[pk],
                    _of(facts[one.party.ref], wanted),
                    _of(stored[pk], wanted),
                )
            )
        self.rows += tell(told, now=self.now, today=max(self.today, *papers.values(), *registers.values()))


def _of(facts: Mapping[str, Fact], wanted: Collection[str]) -> dict[str, Fact]:
    return {key: fact for key, fact in facts.items() if key in wanted}
