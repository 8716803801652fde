"""Reading applications; the number of queries never grows with the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, Min, OuterRef, Prefetch

from panro.intake.facts import facts_for
from panro.intake.models import Application, ChosenPaper, Extension, Nomination, Supplement
from panro.intake.states import LIVE, State, SupplementState
from panro.intake.timeline import Happening, timeline
from panro.parties.access import RIGHTS
from panro.parties.models import Membership
from panro.parties.states import PartyState, Role
from panro.ui.clock import day_of
from panro.ui.pager import paginate

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.parties.access import Right
    from panro.parties.models import Party
    from panro.ui.pager import Page

__all__ = [
    "Happening",
    "Held",
    "applications_of",
    "asked_from",
    "drafts_of",
    "facts_for",
    "held",
    "is_nominated",
    "live_in_round",
    "open_supplements",
    "page_of",
    "resting_on",
    "supplements",
    "time_taken",
    "timeline",
    "until_when",
]

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Held:
    """An application with the role that somebody has at its applicant."""

    application: Application
    role: Role

    def may(self, right: Right) -> bool:
        """Whether the role carries a right."""
        return right in RIGHTS[self.role]


def held(user: User, application_id: UUID) -> Held | None:
    """Return an application that belongs to a party of somebody's, with everything a page shows first; else None.

    One query. Who is a stranger to the applicant does not learn that the application exists.
    """
    mine = Membership.objects.filter(
        user=user, party__applications=application_id, party__state=PartyState.ACTIVE, user__is_active=True
    )
    member = mine.values_list("role", flat=True)
    row = _shown(Application.objects.filter(pk=application_id)).annotate(role=member[:1]).first()
    role = getattr(row, "role", None)
    return None if row is None or role is None else Held(row, Role(role))


def applications_of(party: Party) -> list[Application]:
    """Return all applications of a party, the newest first, with receipts and open requests. Two queries.

    Of those handed in, only what counts: a corrected one stands for the one whose place it took.
    """
    rows = _shown(Application.objects.filter(party=party, replaced=False)).order_by("-created", "-pk")
    return list(_with_open_supplements(rows))


def page_of(user: User, *, cursor: str | None = None) -> Page[Application]:
    """Return one page of the applications of all parties that somebody acts for, the newest first."""
    mine = Membership.objects.filter(user=user, party__state=PartyState.ACTIVE)
    rows = _shown(Application.objects.filter(party__in=mine.values("party"), replaced=False))
    return paginate(_with_open_supplements(rows), order=["-created", "-pk"], cursor=cursor, size=SHOWN)


def drafts_of(party: Party) -> list[Application]:
    """Return what a party is writing, the one that closes first before the others. One query."""
    return list(_shown(Application.objects.filter(party=party, state=State.DRAFT)).order_by("closes", "pk"))


def live_in_round(party: Party, version: EditionVersion, programme: str, round_code: str) -> Application | None:
    """Return the application of a party in a round that is written or handed in, drafts first; None if there is none.

    One query.
    """
    rows = Application.objects.filter(
        party=party,
        edition=version.edition_id,
        programme=programme,
        round_code=round_code,
        state__in=[State.DRAFT, *LIVE],
    )
    found = {row.state == State.DRAFT: row for row in _shown(rows)}
    return found.get(True) or found.get(False)


def supplements(application: Application) -> list[Supplement]:
    """Return all requests for supplements of an application with their items, the first asked first. Two queries."""
    return list(application.supplements.order_by("clock_stopped", "pk").prefetch_related("items__paper"))


def open_supplements(parties: Collection[UUID]) -> list[Supplement]:
    """Return what parties are asked for, the one due first before the others, with items. Two queries."""
    rows = Supplement.objects.filter(state=SupplementState.ASKED, application__party__in=parties)
    return list(rows.select_related("application__party").order_by("due", "pk").prefetch_related("items"))


def time_taken(application: Application, *, until: datetime) -> timedelta:
    """Return how long the agency has had an application: since it came in, without the time it waited for answers.

    One query, none if the supplements were fetched with it. Zero for a draft. While two requests are open at once, the
    time counts once.
    """
    if application.submitted_at is None:
        return timedelta()
    waited, stood_until = timedelta(), application.submitted_at
    for asked in sorted(application.supplements.all(), key=lambda one: one.clock_stopped):
        begins, ends = max(asked.clock_stopped, stood_until), min(asked.clock_started or until, until)
        waited += max(ends - begins, timedelta())
        stood_until = max(stood_until, ends)
    return max(until - application.submitted_at - waited, timedelta())


def until_when(party: Party, version: EditionVersion, programme: str, round_code: str, *, closes: date) -> date:
    """Return the last day on which a party may hand in: the round's, or a later one of its own. One query."""
    given = Extension.objects.filter(
        party=party, edition=version.edition_id, programme=programme, round_code=round_code
    ).order_by("-until")
    return max(given.values_list("until", flat=True)[:1].first() or closes, closes)


def is_nominated(party: Party, version: EditionVersion, programme: str, round_code: str) -> bool:
    """Whether an officer named a party for a round. One query."""
    return Nomination.objects.filter(
        party=party, edition=version.edition_id, programme=programme, round_code=round_code
    ).exists()


def resting_on(papers: Collection[UUID]) -> set[UUID]:
    """Return those of some papers that were handed in with an application that still counts. One query."""
    rows = Application.objects.filter(pk=OuterRef("application"), state__in=LIVE, destroyed_at=None)
    return set(ChosenPaper.objects.filter(paper__in=papers).filter(Exists(rows)).values_list("paper_id", flat=True))


def asked_from(parties: Collection[UUID]) -> dict[UUID, date]:
    """Return from which day on facts of parties may be asked: since the first application kept began. One query.

    Drafts count too: they are judged by what is known on their day.
    """
    kept = Application.objects.filter(party__in=parties, destroyed_at=None).exclude(state=State.MISSED).order_by()
    firsts = kept.values("party").annotate(first=Min("created")).values_list("party", "first")
    return {party: day_of(first) for party, first in firsts}


def _shown(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With what pages show of an application beside itself."""
    return rows.select_related(
        "party", "party__business", "party__organisation", "edition", "version", "receipt__snapshot"
    ).defer("version__document", "version__changes", "receipt__snapshot__document")


def _with_open_supplements(rows: QuerySet[Application]) -> QuerySet[Application]:
    waiting = Supplement.objects.filter(state=SupplementState.ASKED)
    return rows.prefetch_related(Prefetch("supplements", waiting, to_attr="waiting"))
