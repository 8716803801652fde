"""Papers of invented applicants: handed in with applications, and brought anew when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from panro.intake import actions
from panro.intake.actions import Answered, Asked, Request
from panro.intake.models import ItemKind
from panro.rules.eligibility import keys
from panro.vault import kinds
from panro.vault.actions import Shown, add_paper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from panro.accounts.models import User
    from panro.intake.models import Application
    from panro.rehearsal.desk import Asking
    from panro.rehearsal.filing import Filing
    from panro.rules.facts import Fact
    from panro.site.rehearsing.people import Member, People

WHY: Final = "다시 제출해 주세요."
VALID_FOR: Final = timedelta(days=365)


class PaperGoneError(RuntimeError):
    """A later moment of the rehearsal knows fewer papers than an earlier one: no act takes a paper back."""


@dataclass(slots=True)
class Papers:
    """The papers in the vault, and those that applications hold."""

    stored: dict[tuple[UUID, str, str, str], UUID] = field(default_factory=dict)
    """By party, kind, day of issue and number: a paper given once is used again."""
    held: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """Days of issue by application and code."""

    def choose(self, member: Member, draft: Application, filing: Filing, facts: Mapping[str, Fact]) -> None:
        """Hand in the papers of a draft."""
        now = datetime.combine(filing.on, time(2, tzinfo=UTC))
        rows = filing.papers(facts)
        chosen = {row["code"]: [self._paper(member, row, facts, now, filing.on)] for row in rows}
        self.held[draft.pk] = {row["code"]: row["issued_on"] for row in rows}
        if chosen:
            actions.choose_papers(draft.pk, chosen, revision=draft.revision, by=member.user, now=now)

    def supplement(
        self,
        asked: Sequence[tuple[UUID, Asking, Mapping[str, Fact]]],
        people: People,
        officer: User,
        now: datetime,
    ) -> None:
        """Ask for papers that are missing or ran out, and have them brought, as far as the rehearsal has them."""
        requests, answers = [], []
        day = asked[0][1].filing.round_.supplement_until
        for pk, one, facts in asked:
            rows = {row["code"]: row for row in one.filing.papers(facts)}
            held = self.held[pk]
            if gone := held.keys() - rows.keys():
                raise PaperGoneError(f"{one.filing.party.ref}: {', '.join(sorted(gone))}")
            new = [row for code, row in rows.items() if held.get(code) != row["issued_on"]]
            if not new:
                continue
            member = people.members[one.filing.party.ref]
            requests.append(Request(pk, tuple(Asked(ItemKind.DOCUMENT, row["code"], WHY) for row in new), day))
            answers.append(
                [
                    Answered(
                        ItemKind.DOCUMENT, row["code"], paper=self._paper(member, row, facts, now, max(one.papers, day))
                    )
                    for row in new
                ]
            )
            held.update({row["code"]: row["issued_on"] for row in new})
        if requests:
            made = actions.ask_supplements(requests, by=officer.pk, now=now, today=day, tell=False)
            given = {supplement.pk: answer for supplement, answer in zip(made, answers, strict=True)}
            actions.answer_supplements(given, by=officer.pk, now=now, today=day, tell=False)

    def _paper(
        self, member: Member, row: Mapping[str, str], facts: Mapping[str, Fact], now: datetime, today: date
    ) -> UUID:
        place = (member.party.pk, row["code"], row["issued_on"], row["number"])
        if (known := self.stored.get(place)) is not None:
            return known
        issued = date.fromisoformat(row["issued_on"])
        printed = kinds.kind(row["code"]).validity == "printed"
        paper = add_paper(
            member.party,
            row["code"],
            number=row["number"],
            issued_on=issued,
            valid_from=issued if printed else None,
            valid_to=issued + VALID_FOR if printed else None,
            shown=_shown(facts),
            by=member.user,
            now=now,
            today=max(today, issued),
        )
        self.stored[place] = paper.pk
        return paper.pk


def _shown(facts: Mapping[str, Fact]) -> Shown:
    """What a list of members says."""
    known = facts.get(keys.MEMBERS_CERTIFIED)
    value = known.value if known is not None else None
    if not isinstance(value, dict):
        return Shown(members=0, certified=0)
    return Shown(members=int(str(value["members"])), certified=int(str(value["certified"])))
