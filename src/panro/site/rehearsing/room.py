"""What is done for one share of the applicants: registering, drafts, papers, facts, and asking what is known.

Each set is one transaction, so that the disk is waited for once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import transaction

from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import actions, seams
from panro.intake.actions import Opening
from panro.intake.assembling import add_facts, load
from panro.intake.facts import facts_for
from panro.intake.models import Application
from panro.rules.eligibility import keys
from panro.rules.findings import Moment
from panro.site.rehearsing.checking import StatusDesk
from panro.site.rehearsing.consenting import give_consents
from panro.site.rehearsing.hours import NOON
from panro.site.rehearsing.papers import Papers
from panro.site.rehearsing.people import People
from panro.site.rehearsing.shelves import Shelves
from panro.site.rehearsing.telling import Told, tell
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from panro.intake.seams import Holding
    from panro.rehearsal.desk import Asking
    from panro.rehearsal.filing import Filing
    from panro.rules.facts import Fact
    from panro.site.rehearsing.crew import Setup

    type RoundKey = tuple[str, str]


class Drafted(NamedTuple):
    """An application that is ready to be handed in, and the account that will."""

    application: UUID
    account: UUID


@dataclass(slots=True)
class Room:
    """The rooms as one process goes through them with its share."""

    version: EditionVersion
    officer: User
    people: People
    papers: Papers = field(default_factory=Papers)
    statuses: StatusDesk = field(default_factory=StatusDesk)
    shelves: Shelves = field(default_factory=Shelves)
    applications: dict[RoundKey, dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))
    """By programme and round, and by the applicant's name in the population."""
    held: dict[UUID, Holding] = field(default_factory=dict)
    """What applicants hold on the days for which is asked, by party."""

    @classmethod
    def of(cls, setup: Setup) -> Self:
        """Enter the rooms; from now on this process answers what applicants hold."""
        room = cls(
            EditionVersion.objects.get(pk=setup.version),
            User.objects.get(pk=setup.officer),
            People(setup.now, setup.today),
        )
        seams.fill(holdings=room.holdings)
        return room

    def holdings(self, parties: Collection[UUID], on: date) -> Mapping[UUID, Holding]:
        """Give what applicants hold, as the year remembers it for the day that is asked: no room keeps awards yet."""
        del on
        return {pk: self.held[pk] for pk in parties if pk in self.held}

    def tell(
        self,
        filings: Sequence[Filing],
        facts: Mapping[str, Mapping[str, Fact]],
        days: Mapping[UUID, Days],
        wanted: frozenset[str],
        now: datetime,
    ) -> None:
        """Let the vault come to know what is to be known by then: the tax service is asked, the rest is stated."""
        if not filings:
            return
        of_round = (filings[0].programme.code, filings[0].round_.code)
        ids, read = self.applications[of_round], wanted - {keys.DOCUMENTS}
        self.statuses.ask(
            [
                (self.people.members[one.party.ref], facts[one.party.ref].get(keys.OPERATING))
                for one in filings
                if keys.OPERATING in read
            ]
        )
        if keys.PRODUCTS in read:
            said = [(self.people.members[one.party.ref], facts[one.party.ref].get(keys.PRODUCTS)) for one in filings]
            self.shelves.fill(said, now=now, today=day_of(now))
        found = load(Application.objects.filter(pk__in=days))
        add_facts(found, *_by_kind(days))
        stored = {one.application.pk: one.facts for one in found}
        told = []
        for one in filings:
            pk, member = ids[one.party.ref], self.people.members[one.party.ref]
            told.append(
                Told(
                    member.party.pk,
                    one.party,
                    *days[pk],
                    _of(facts[one.party.ref], read),
                    _of(stored[pk], read),
                )
            )
        last = max(max(both) for both in days.values())
        tell(told, now=now, today=max(day_of(now), last))


class Days(NamedTuple):
    """Up to which day papers count, and the day for which registers are asked."""

    papers: date
    registers: date


@dataclass(frozen=True, slots=True)
class Preparing:
    """Applications to be filled in; what comes of it is in the same order."""

    filings: Sequence[Filing]
    wanted: frozenset[str]
    """The keys that the notice reads."""
    now: datetime

    @transaction.atomic
    def done_by(self, room: Room) -> list[Drafted]:
        """Register who is new, open drafts, hand in papers, give consents, and tell the vault."""
        if not self.filings:
            return []
        first = self.filings[0]
        round_, of_round = first.round_, (first.programme.code, first.round_.code)
        room.people.register(one.party for one in self.filings)
        members = [room.people.members[one.party.ref] for one in self.filings]
        drafts = actions.open_drafts(
            [
                Opening(member.party, member.user.pk, one.party.type, one.track)
                for member, one in zip(members, self.filings, strict=True)
            ],
            room.version,
            *of_round,
            now=datetime.combine(round_.opens, NOON),
            today=round_.opens,
            again=False,
        )
        ids = {one.party.ref: draft.pk for one, draft in zip(self.filings, drafts, strict=True)}
        room.applications[of_round] |= ids
        facts = {
            one.party.ref: one.facts(self.wanted, papers=one.on, registers=one.on, mended=False) for one in self.filings
        }
        room.papers.choose(list(zip(members, drafts, self.filings, strict=True)), facts, room.officer)
        give_consents(room.version, list(zip(members, self.filings, strict=True)))
        days = {ids[one.party.ref]: Days(one.on, one.on) for one in self.filings}
        room.tell(self.filings, facts, days, self.wanted, self.now)
        return [Drafted(draft.pk, member.user.pk) for draft, member in zip(drafts, members, strict=True)]


@dataclass(frozen=True, slots=True)
class Knowing:
    """What is asked about applications; what comes of it is in the same order. All are of one round and moment."""

    asking: Sequence[Asking]
    held: Sequence[Holding]
    """What each applicant holds on the day of the asking."""
    wanted: frozenset[str]
    now: datetime

    @transaction.atomic
    def done_by(self, room: Room) -> list[dict[str, Fact]]:
        """Bring what is to be brought by then, and return what the rooms know."""
        if not self.asking:
            return []
        first = self.asking[0]
        ids = room.applications[first.filing.programme.code, first.filing.round_.code]
        facts = {
            one.filing.party.ref: one.filing.facts(
                self.wanted, papers=one.papers, registers=one.registers, mended=one.mended
            )
            for one in self.asking
        }
        if first.moment is not Moment.APPLICATION or first.mended:
            room.papers.supplement(
                [(ids[one.filing.party.ref], one, facts[one.filing.party.ref]) for one in self.asking],
                room.people,
                room.officer,
                self.now,
            )
        days = {ids[one.filing.party.ref]: Days(one.papers, one.registers) for one in self.asking}
        room.tell([one.filing for one in self.asking], facts, days, self.wanted, self.now)
        room.held = {
            room.people.members[one.filing.party.ref].party.pk: held
            for one, held in zip(self.asking, self.held, strict=True)
        }
        papers, registers = _by_kind(days)
        found = facts_for(papers, moment=first.moment, papers_until=papers, registers_on=registers)
        return [found[ids[one.filing.party.ref]] for one in self.asking]


def _by_kind(days: Mapping[UUID, Days]) -> tuple[dict[UUID, date], dict[UUID, date]]:
    return {pk: both.papers for pk, both in days.items()}, {pk: both.registers for pk, both in days.items()}


def _of(facts: Mapping[str, Fact], wanted: Collection[str]) -> dict[str, Fact]:
    return {key: fact for key, fact in facts.items() if key in wanted}
