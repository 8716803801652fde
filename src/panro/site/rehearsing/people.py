"""Registering the invented applicants, each with an account of its own, when it applies for the first time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from panro.accounts.models import User
from panro.parties.actions import be_a_person, form_consortium, register_businesses, register_organisation
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from panro.parties.given import BusinessGiven
    from panro.parties.models import Party as StoredParty
    from panro.rehearsal.party import Party

CORPORATION: Final = "81"
"""The middle of a corporation's business number."""
BUSINESSES: Final = frozenset({"merchant", "cooperative"})
PEOPLE: Final = frozenset({"trainee", "creator"})
NUMBERLESS: Final = PEOPLE | {"consortium"}


@dataclass(frozen=True, slots=True)
class Member:
    """An applicant as the rooms know it: its party, and the account that acts for it."""

    party: StoredParty
    user: User
    number: str = ""
    """Under which the tax service knows it: people and consortia have none."""


@dataclass(slots=True)
class People:
    """Those who have registered, by their name in the population."""

    now: datetime
    today: date
    """The moment and the day on which everybody registers: before the first round opens."""
    members: dict[str, Member] = field(default_factory=dict)

    def register(self, parties: Iterable[Party]) -> None:
        """Register those who have not been before: businesses as one set, all others one by one."""
        new = [party for party in parties if party.ref not in self.members]
        users = self._accounts(new)
        shops = [party for party in new if party.type in BUSINESSES]
        rows = [(users[party.ref], self._business(party)) for party in shops]
        stored = register_businesses(rows, now=self.now, today=self.today) if rows else []
        for party, row in zip(shops, stored, strict=True):
            self._remember(party, row, users[party.ref])
        for party in new:
            if party.type not in BUSINESSES:
                self._remember(party, self._other(party, users[party.ref]), users[party.ref])

    def _remember(self, party: Party, stored: StoredParty, user: User) -> None:
        number = "" if party.type in NUMBERLESS else party.applicant
        self.members[party.ref] = Member(stored, user, number)

    def _accounts(self, parties: Iterable[Party]) -> dict[str, User]:
        """Make accounts that nobody can log in to."""
        made = {}
        for party in parties:
            made[party.ref] = user = User(email=f"{party.ref}@rehearsal.invalid", date_joined=self.now)
            user.set_unusable_password()
        User.objects.bulk_create(made.values())
        return made

    def _business(self, party: Party) -> BusinessGiven:
        form = "corporation" if party.applicant[3:5] == CORPORATION else "sole"
        return {
            "name": party.name,
            "business_number": party.applicant,
            "representative": party.name,
            "opened_on": min(party.fixed[keys.BUSINESS_NUMBER].as_of, self.today),
            "region": _region(party),
            "form": "cooperative" if party.type == "cooperative" else form,
        }

    def _other(self, party: Party, user: User) -> StoredParty:
        if party.type in PEOPLE:
            return be_a_person(user, now=self.now, today=self.today, name=party.name, region=_region(party))
        form = party.fixed[keys.ORGANISATION].value
        lead = register_organisation(
            user,
            now=self.now,
            today=self.today,
            name=party.name,
            form="local_government" if party.type == "local_government" else str(form),
            representative=party.name,
            region=_region(party),
            business_number=party.applicant,
        )
        if party.type != "consortium":
            return lead
        duty = "총괄"
        return form_consortium(lead.pk, name=party.name, purpose=duty, duty=duty, by=user, now=self.now)


def _region(party: Party) -> str:
    """Give the province in which an applicant registers; later moves are told to the vault."""
    history = next(history for history in party.histories if history.key == keys.REGION)
    return str(history.steps[0][1])
