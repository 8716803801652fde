"""Papers of invented applicants: handed in with applications, kept in the vault, brought anew on request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from panro.intake import actions
from panro.intake.actions import Answered, Asked, Request
from panro.intake.models import ItemKind
from panro.rehearsal.filing import NUMBERED
from panro.rules.eligibility import keys
from panro.site.rehearsing.hours import MORNING
from panro.site.rehearsing.telling import TELLER
from panro.vault import kinds
from panro.vault.actions import Handing, Shown, add_papers, verify
from panro.vault.kinds import Form
from panro.vault.knowledge import OFFICER
from panro.vault.states import VerifiedHow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.models import Application
    from panro.rehearsal.desk import Asking
    from panro.rehearsal.filing import Filing
    from panro.rules.facts import Fact
    from panro.site.rehearsing.people import Member, People

    type Facts = Mapping[str, Fact]

WHY: Final = "다시 제출해 주세요."
VALID_FOR: Final = timedelta(days=365)


class PaperGoneError(RuntimeError):
    """A later moment of the rehearsal knows fewer papers than an earlier one: no act takes a paper back."""


class Place(NamedTuple):
    """What makes a paper this one and no other."""

    party: UUID
    kind: str
    issued_on: str
    number: str


class Wanted(NamedTuple):
    """A paper that somebody needs: what it is, what it shows, and the day on which it is handed in."""

    place: Place
    member: Member
    facts: Facts
    today: date


@dataclass(slots=True)
class Papers:
    """The papers in the vault, and those that applications hold."""

    stored: dict[Place, UUID] = field(default_factory=dict)
    """A paper given once is used again."""
    held: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """Days of issue by application and code."""

    def choose(
        self,
        drafts: Sequence[tuple[Member, Application, Filing]],
        facts: Mapping[str, Facts],
        officer: User,
    ) -> None:
        """Hand in the papers of drafts, and those that the vault holds beside them."""
        now = datetime.combine(max(one.on for _member, _draft, one in drafts), MORNING)
        rows = {one.party.ref: one.papers(facts[one.party.ref]) for _member, _draft, one in drafts}
        self._bring(
            [
                Wanted(_place(member, row), member, facts[one.party.ref], one.on)
                for member, _draft, one in drafts
                for row in rows[one.party.ref]
            ],
            now,
        )
        self._keep([(member, rows[one.party.ref], facts[one.party.ref]) for member, _d, one in drafts], officer, now)
        for member, draft, one in drafts:
            own = rows[one.party.ref]
            self.held[draft.pk] = {row["code"]: row["issued_on"] for row in own}
            if own:
                chosen = {row["code"]: [self.stored[_place(member, row)]] for row in own}
                at = datetime.combine(one.on, MORNING)
                actions.choose_papers(draft.pk, chosen, revision=draft.revision, by=member.user, now=at)

    def supplement(
        self,
        asked: Sequence[tuple[UUID, Asking, Facts]],
        people: People,
        officer: User,
        now: datetime,
    ) -> None:
        """Ask for papers that are missing or ran out, and have them brought, as far as the rehearsal has them."""
        day = asked[0][1].filing.round_.supplement_until
        needed: dict[UUID, list[tuple[str, Place]]] = {}
        wanted, kept = [], []
        for pk, one, facts in asked:
            member = people.members[one.filing.party.ref]
            rows = {row["code"]: row for row in one.filing.papers(facts)}
            held = self.held[pk]
            if gone := held.keys() - rows.keys():
                raise PaperGoneError(f"{one.filing.party.ref}: {', '.join(sorted(gone))}")
            kept.append((member, rows.values(), facts))
            if new := [row for code, row in rows.items() if held.get(code) != row["issued_on"]]:
                needed[pk] = [(row["code"], _place(member, row)) for row in new]
                wanted += [Wanted(_place(member, row), member, facts, max(one.papers, day)) for row in new]
                held.update({row["code"]: row["issued_on"] for row in new})
        self._bring(wanted, now)
        self._keep(kept, officer, now)
        if needed:
            requests = [
                Request(pk, tuple(Asked(ItemKind.DOCUMENT, code, WHY) for code, _place in new), day)
                for pk, new in needed.items()
            ]
            made = actions.ask_supplements(requests, by=officer.pk, now=now, today=day, tell=False)
            given: dict[UUID, Sequence[Answered]] = {
                supplement.pk: [Answered(ItemKind.DOCUMENT, code, paper=self.stored[place]) for code, place in new]
                for supplement, new in zip(made, needed.values(), strict=True)
            }
            actions.answer_supplements(given, by=officer.pk, now=now, today=day, tell=False)

    def _keep(
        self, applicants: Iterable[tuple[Member, Iterable[Mapping[str, str]], Facts]], officer: User, now: datetime
    ) -> None:
        """Have papers handed in that no application asked for, from the day of their issue on.

        Of a kind that an application holds, its own papers count alone, so none is kept beside them.
        """
        wanted = []
        for member, rows, facts in applicants:
            chosen = {row["code"] for row in rows}
            for kind in _kept(facts, chosen):
                fact = facts[_proofs()[kind]]
                number = _number(fact) if kind == NUMBERED else ""
                place = Place(member.party.pk, kind, fact.as_of.isoformat(), number)
                wanted.append(Wanted(place, member, facts, fact.as_of))
        new = self._bring(wanted, now)
        by_day: dict[date, list[UUID]] = defaultdict(list)
        for one in new:
            if one.facts[_proofs()[one.place.kind]].source == OFFICER:
                by_day[one.today].append(self.stored[one.place])
        for day, papers in sorted(by_day.items()):
            verify(papers, how=VerifiedHow.READ, by=officer, now=now, today=day)

    def _bring(self, wanted: Iterable[Wanted], now: datetime) -> list[Wanted]:
        """Hand in those papers that are not there yet, as one set; returns them."""
        new = list({one.place: one for one in wanted if one.place not in self.stored}.values())
        made = add_papers([_handing(one) for one in new], by=TELLER, now=now) if new else []
        self.stored |= {one.place: paper.pk for one, paper in zip(new, made, strict=True)}
        return new


@cache
def _proofs() -> Mapping[str, str]:
    """Return the fact that each kind of paper proves, of those that are kept without being asked for."""
    kept = {Form.YES, Form.CERTIFICATE, Form.MEMBERS}
    return {kind.code: proof.fact for kind in kinds.kinds().values() for proof in kind.proves if proof.form in kept}


def _kept(facts: Facts, chosen: Collection[str]) -> list[str]:
    """Return the kinds that show something known just as the paper would."""
    found = []
    for kind, key in _proofs().items():
        fact = facts.get(key)
        if fact is None or kind in chosen:
            continue
        (proof,) = kinds.kind(kind).proves
        is_seen = proof.form is Form.YES and fact.value is True and fact.source == OFFICER
        is_shown = proof.form is not Form.YES and isinstance(fact.value, dict) and fact.source == proof.source
        if is_seen or is_shown:
            found.append(kind)
    return found


def _place(member: Member, row: Mapping[str, str]) -> Place:
    return Place(member.party.pk, row["code"], row["issued_on"], row["number"])


def _number(certificate: Fact) -> str:
    value = certificate.value
    return str(value["number"]) if isinstance(value, dict) else ""


def _handing(one: Wanted) -> Handing:
    issued = date.fromisoformat(one.place.issued_on)
    first, last = _printed(one, issued)
    return Handing(
        party=one.place.party,
        kind=one.place.kind,
        by=one.member.user.pk,
        today=max(one.today, issued),
        number=one.place.number,
        issued_on=issued,
        valid_from=first,
        valid_to=last,
        shown=_shown(one.place.kind, one.facts),
    )


def _printed(one: Wanted, issued: date) -> tuple[date | None, date | None]:
    """Give the days of validity printed on a paper: those of the certificate, else a year.

    A copy of a certificate that has run out is printed all the same; it ends on the day of its issue.
    """
    kind = kinds.kind(one.place.kind)
    if kind.validity != "printed":
        return None, None
    known = one.facts.get(keys.CERTIFICATE) if kind.code == NUMBERED else None
    value = known.value if known is not None else None
    if not isinstance(value, dict) or value["number"] != one.place.number:
        return issued, issued + VALID_FOR
    first, last = (date.fromisoformat(str(value[end])) for end in ("valid_from", "valid_to"))
    return first, max(last, first, issued)


def _shown(kind: str, facts: Facts) -> Shown:
    """What a paper says beside its dates: members, or what of the taxes is put off."""
    found = kinds.kind(kind)
    if found.asks(Form.MEMBERS):
        value = _said(facts, keys.MEMBERS_CERTIFIED)
        return Shown(members=value.get("members", 0), certified=value.get("certified", 0))
    if found.asks(Form.TAX):
        (proof,) = found.proves
        return Shown(deferred=_said(facts, proof.fact).get("deferred", 0))
    return Shown()


def _said(facts: Facts, key: str) -> dict[str, int]:
    known = facts.get(key)
    value = known.value if known is not None else None
    return {name: part for name, part in value.items() if isinstance(part, int)} if isinstance(value, dict) else {}
