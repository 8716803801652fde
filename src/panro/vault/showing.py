"""Papers and facts as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from panro.files.refusals import explain
from panro.files.states import State
from panro.vault import kinds, words
from panro.vault.expiry import DAYS_BEFORE
from panro.vault.knowledge import APPLICANT, about, source_name
from panro.vault.models import StoredFact
from panro.vault.notices import reason_in_words
from panro.vault.states import CURRENT, PaperState, VerifiedHow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from panro.vault.models import Paper
    from panro.vault.queries import Known

_BADGES: Final = {
    PaperState.ARRIVING: "information",
    PaperState.UNREAD: "",
    PaperState.VERIFIED: "success",
    PaperState.REJECTED: "danger",
    PaperState.REPLACED: "",
    PaperState.DESTROYED: "",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice among the papers."""

    label: _StrPromise
    narrow: Callable[[QuerySet[Paper], date], QuerySet[Paper]]


def _ended(day: date) -> Q:
    return Q(valid_to__lt=day)


FILTERS: Final[Mapping[str, Filter]] = {
    "current": Filter(
        pgettext_lazy("papers", "In use"),
        lambda rows, day: rows.filter(~_ended(day) | Q(valid_to=None), state__in=CURRENT),
    ),
    "ending": Filter(
        gettext_lazy("Ending soon"),
        lambda rows, day: rows.filter(
            state__in=CURRENT, valid_to__gte=day, valid_to__lte=day + timedelta(days=DAYS_BEFORE[0])
        ),
    ),
    "over": Filter(
        gettext_lazy("Ended, replaced or not accepted"),
        lambda rows, day: rows.filter(_ended(day) | ~Q(state__in=CURRENT)),
    ),
    "all": Filter(pgettext_lazy("papers", "All"), lambda rows, _day: rows),
}


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper on a day."""

    paper: Paper
    day: date

    @property
    def name(self) -> str:
        """What it is called."""
        return kinds.name_of(self.paper.kind)

    @property
    def state(self) -> str:
        """Where it stands, in words; a file that could not be checked yet is told apart."""
        file = self.paper.file
        if self.paper.state == PaperState.ARRIVING and file is not None and file.state == State.FAILED:
            return str(_("file could not be checked yet"))
        return str(self.paper.get_state_display())

    @property
    def badge(self) -> str:
        """The kind of badge for its state."""
        return _BADGES[PaperState(self.paper.state)]

    @property
    def counts(self) -> bool:
        """Whether it is in use on the day."""
        first, last = self.paper.valid_from, self.paper.valid_to
        begun, lasts = first is None or first <= self.day, last is None or self.day <= last
        return self.paper.state in CURRENT and begun and lasts

    @property
    def validity(self) -> tuple[str, str]:
        """What there is to say about its validity, and the kind of badge; empty if it has none that matters."""
        first, last = self.paper.valid_from, self.paper.valid_to
        if self.paper.state not in CURRENT or last is None:
            return "", ""
        left = (last - self.day).days
        if left < 0:
            return pgettext("paper", "ended"), "danger"
        if first is not None and self.day < first:
            return _("not valid yet"), "information"
        if left == 0:
            return _("ends today"), "warning"
        if left <= DAYS_BEFORE[0]:
            return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}, "warning"
        return pgettext("paper", "valid"), "success"

    @property
    def file_words(self) -> str:
        """What there is to say about its file."""
        file = self.paper.file
        if file is None:
            return _("No file; it is looked up by its document check number.")
        if file.state == State.PENDING:
            return _("The file is being checked for viruses. It can be opened in a few minutes.")
        return explain(file.reason) or str(file.get_state_display())

    @property
    def may_open(self) -> bool:
        """Whether the file can be opened."""
        return self.paper.file is not None and self.paper.file.state == State.CLEAN

    @property
    def waits(self) -> bool:
        """Whether the file is being checked at this moment."""
        return self.paper.file is not None and self.paper.file.state == State.PENDING

    @property
    def reason(self) -> str:
        """Why it was not accepted."""
        return reason_in_words(self.paper.reason) if self.paper.state == PaperState.REJECTED else ""

    @property
    def verified(self) -> str:
        """How an officer made sure of it."""
        return str(VerifiedHow(self.paper.verified_how).label) if self.paper.verified_how else ""

    @property
    def may_be_replaced(self) -> bool:
        """Whether a newer one may take its place."""
        return self.paper.state not in {PaperState.REPLACED, PaperState.DESTROYED} and self.paper.kind in kinds.kinds()


@dataclass(frozen=True, slots=True)
class FactShown:
    """What one source says of one thing."""

    fact: StoredFact

    @property
    def name(self) -> str:
        """What it is about."""
        return str(about(self.fact.key).name)

    @property
    def value(self) -> str:
        """What is said."""
        return words.in_words(self.fact.key, self.fact.value, self.fact.as_of)

    @property
    def source(self) -> str:
        """Who says it; a paper goes by its own name."""
        own = source_name(self.fact.source)
        if self.fact.paper is None or self.fact.source != APPLICANT:
            return own
        return _("%(source)s, with %(paper)s") % {"source": own, "paper": kinds.name_of(self.fact.paper.kind)}


@dataclass(frozen=True, slots=True)
class KnownShown:
    """One thing with what counts, who disagrees, and whether the applicant may say it anew."""

    key: str
    counts: FactShown | None
    disagreeing: tuple[FactShown, ...]
    own: bool

    @property
    def name(self) -> str:
        """What it is about."""
        return str(about(self.key).name)

    @property
    def help(self) -> str:
        """What is meant by it."""
        found = about(self.key).help
        return "" if found is None else str(found)


def shown_papers(papers: Iterable[Paper], day: date) -> list[PaperShown]:
    """Return papers as a page shows them."""
    return [PaperShown(paper, day) for paper in papers]


def shown_known(one: Known) -> KnownShown:
    """Return what is said of one key as a page shows it."""
    return KnownShown(
        one.key, FactShown(one.counts), tuple(FactShown(row) for row in one.in_conflict), about(one.key).own
    )


def fact_rows(paper: Paper) -> list[FactShown]:
    """Return what a paper shows and was not taken back. One query."""
    rows = StoredFact.objects.filter(paper=paper, withdrawn_at=None).select_related("paper")
    newest: dict[tuple[str, str], StoredFact] = {(row.key, row.source): row for row in rows.order_by("recorded_at")}
    return [FactShown(row) for row in newest.values()]
