"""What an export holds: its headings, how many rows, and the rows themselves as the database gives them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Final

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from panro.editions.words import APPLICANTS, is_english
from panro.insight.states import Dataset
from panro.intake.models import Receipt
from panro.korea.regions import RegionError, region
from panro.screening.models import Case
from panro.screening.states import CaseState
from panro.selection.models import Outcome, ResultLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.insight.models import ExportJob
    from panro.insight.sheets import Row

BATCH: Final = 1_000
NUMBER_LENGTH: Final = 10
_CASE_COLUMNS: Final = (
    "party_id",
    "receipt_no",
    "name",
    "business_number",
    "applicant_type",
    "programme",
    "round_code",
    "track",
    "region",
    "received_on",
    "state",
    "says_reason",
    "standing__reason",
    "standing__clause",
    "standing__groups",
    "standing__bonus",
    "standing__decided_at",
    "officer__name",
)
_LINE_COLUMNS: Final = (
    "receipt",
    "published__programme",
    "published__round",
    "result_no",
    "track",
    "region",
    "outcome",
    "reason",
    "clause",
    "rank",
    "base",
    "bonus",
    "total",
    "position",
)


@dataclass
class Content:
    """The rows of one export. ``parties`` grows as they pass: whose data they hold."""

    job: ExportJob
    on: date
    """The day whose names of regions are used."""
    parties: set[UUID] = field(default_factory=set)

    @property
    def title(self) -> str:
        """The name of a workbook's sheet."""
        return _("Cases") if self.job.dataset == Dataset.CASES else _("Results")

    @property
    def header(self) -> list[str]:
        """The headings."""
        return _case_header() if self.job.dataset == Dataset.CASES else _line_header()

    def count(self) -> int:
        """How many rows there are now. One query."""
        return self._cases().count() if self.job.dataset == Dataset.CASES else self._lines().count()

    def rows(self) -> Iterator[Row]:
        """The rows, read from a cursor of the database in batches."""
        return self._case_rows() if self.job.dataset == Dataset.CASES else self._line_rows()

    def _cases(self) -> QuerySet[Case]:
        found = Case.objects.filter(review__edition=self.job.edition_id, application__replaced=False)
        if self.job.programme:
            found = found.filter(programme=self.job.programme)
        if self.job.round_code:
            found = found.filter(round_code=self.job.round_code)
        return found.filter(state=self.job.state_filter) if self.job.state_filter else found

    def _lines(self) -> QuerySet[ResultLine]:
        found = ResultLine.objects.filter(published__edition=self.job.edition.code, published__current=True)
        if self.job.programme:
            found = found.filter(published__programme=self.job.programme)
        if self.job.round_code:
            found = found.filter(published__round=self.job.round_code)
        return found.filter(outcome=self.job.state_filter) if self.job.state_filter else found

    def _case_rows(self) -> Iterator[Row]:
        states = {one.value: str(one.label) for one in CaseState}
        region_name = _region_names(self.on)
        rows = (
            self._cases()
            .annotate(standing=FilteredRelation("decisions", condition=Q(decisions__undone_at=None)))
            .order_by("programme", "round_code", "received", "application_id")
            .values_list(*_CASE_COLUMNS)
        )
        for (
            party,
            receipt_no,
            name,
            number,
            applicant,
            programme,
            code,
            track,
            where,
            on,
            state,
            *rest,
        ) in rows.iterator(chunk_size=BATCH):
            self.parties.add(party)
            says, reason, clause, groups, bonus, decided_at, officer = rest
            yield (
                receipt_no,
                name,
                _grouped(number),
                str(APPLICANTS.get(applicant, applicant)),
                programme,
                code,
                track,
                region_name(where),
                on.isoformat(),
                states[state],
                reason or says,
                clause or "",
                ", ".join(groups or ()),
                ", ".join(bonus or ()),
                _moment(decided_at),
                officer or "",
            )

    def _line_rows(self) -> Iterator[Row]:
        outcomes = {one.value: str(one.label) for one in Outcome}
        region_name = _region_names(self.on)
        rows = (
            self._lines()
            .order_by("published__programme", "published__round", "result_no")
            .values_list(*_LINE_COLUMNS)
            .iterator(chunk_size=BATCH)
        )
        for batch in batched(rows, BATCH, strict=False):
            applicants = _applicants([row[0] for row in batch])
            for receipt, programme, code, number, track, where, outcome, *rest in batch:
                party, receipt_no, name, business_number = applicants.get(receipt, (None, "", "", ""))
                if party is not None:
                    self.parties.add(party)
                yield (
                    programme,
                    code,
                    number,
                    receipt_no,
                    name,
                    business_number,
                    track,
                    region_name(where),
                    outcomes[outcome],
                    *rest,
                )


def _applicants(commitments: list[str]) -> dict[str, tuple[UUID, str, str, str]]:
    """Return who handed receipts in: party, receipt number, name, business number. One query."""
    rows = Receipt.objects.filter(commitment__in=commitments).order_by()
    found = rows.annotate(
        party=F("application__party_id"),
        name=F("application__party__name"),
        number=F("application__party__business__business_number"),
    ).values_list("commitment", "party", "receipt_no", "name", "number")
    return {
        commitment: (party, receipt_no, name, _grouped(number)) for commitment, party, receipt_no, name, number in found
    }


def _region_names(on: date) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def name(code: str) -> str:
        if code not in known:
            known[code] = region_name(code, on)
        return known[code]

    return name


def region_name(code: str, on: date) -> str:
    """Return a province's short name on a day in the language of the page; another text stands for itself."""
    try:
        found = region(code, on=on)
    except RegionError:
        return code
    return found.short_en if is_english() else found.short_ko


def _grouped(number: str | None) -> str:
    """Return a business number as it is printed; one that is none stands for itself."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}" if number and len(number) == NUMBER_LENGTH else number or ""


def _moment(value: datetime | None) -> str:
    return "" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def _case_header() -> list[str]:
    return [
        _("Receipt number"),
        _("Name"),
        _("Business number"),
        _("Applicant"),
        _("Programme"),
        _("Round"),
        _("Track"),
        _("Region"),
        _("Received on"),
        _("State"),
        _("Reason"),
        _("Clause"),
        _("Preferred groups"),
        _("Bonus points for"),
        _("Decided"),
        _("Officer"),
    ]


def _line_header() -> list[str]:
    return [
        _("Programme"),
        _("Round"),
        _("Result number"),
        _("Receipt number"),
        _("Name"),
        _("Business number"),
        _("Track"),
        _("Region"),
        _("Outcome"),
        _("Reason"),
        _("Clause"),
        _("Rank"),
        _("Points"),
        _("Bonus points"),
        _("Total"),
        _("Place on the waiting list"),
    ]
