"""Applications from a file instead of a population: one line each, as `docs/rehearsal.md` tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast, get_args

from panro.korea.regions import RegionError, current_code, region_table
from panro.rehearsal.cells import (
    LISTS,
    SEEN,
    SIMPLE,
    read_business_number,
    read_choice,
    read_date,
    read_flag,
    read_list,
    read_whole,
)
from panro.rehearsal.files import LineError, Rejects, read_lines
from panro.rehearsal.filing import Filing, Mistakes
from panro.rehearsal.party import Party
from panro.rehearsal.stream import WHOLE, stream
from panro.rules.edition.parts import ApplicantType
from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue, facts_by_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme, Round

REQUIRED: Final = ("programme", "round", "applied_on", "applicant_type", "applicant", "name")
_OTHER: Final = (
    "track",
    "industry_code",
    "industry_revision",
    "industry_row",
    "industry_excluded",
    "certificate_number",
    "certificate_from",
    "certificate_to",
    "members",
    "members_certified",
    "operating",
    "ended_on",
    "checked_on",
    "national_tax_arrears",
    "national_tax_deferred",
    "national_tax_valid_to",
    "local_tax_arrears",
    "local_tax_deferred",
    "local_tax_valid_to",
    "documents",
    "withdrawn",
)
COLUMNS: Final = (*REQUIRED, *_OTHER, *SIMPLE)
_PERSONS: Final = frozenset({"trainee", "creator"})
_TYPES: Final = get_args(ApplicantType.__value__)
_ALL: Final = "all"
_NONE: Final = "none"
_TYPICAL_QUALITY: Final = 6600


@dataclass(slots=True)
class ApplicationFile:
    """The applications of a file, by programme and round, in the order of their lines."""

    filings: dict[tuple[str, str], list[Filing]] = field(default_factory=dict)
    count: int = 0


def read_applications(path: Path, edition: Edition, seed: int, rejects: Rejects) -> ApplicationFile:
    """Read a file of applications; lines that cannot be used go to the rejects.

    Raises:
        FileError: the file cannot be used at all.
    """
    found = ApplicationFile()
    taken: dict[tuple[str, str, str], int] = {}
    for line in read_lines(path, required=REQUIRED, known=COLUMNS, rejects=rejects):
        try:
            filing = _Row(line.cells, edition, seed).filing()
            place = (filing.programme.code, filing.round_.code, filing.party.applicant)
            _refuse_second(taken.setdefault(place, line.number), line.number)
        except LineError as error:
            rejects.add(path.name, line, error.text)
            continue
        found.filings.setdefault(place[:2], []).append(filing)
        found.count += 1
    return found


def _refuse_second(first: int, this: int) -> None:
    if first != this:
        raise LineError(
            f"{first}번째 줄과 같은 차수에 다시 신청했습니다. 한 차수에 한 번만 신청할 수 있습니다.",
            f"applies again in the round of line {first}; one application per round",
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One line being read."""

    cells: Mapping[str, str]
    edition: Edition
    seed: int

    def filing(self) -> Filing:
        programme = self._programme()
        round_ = self._round(programme)
        applied = self._applied_on(round_)
        kind = self._applicant_type(programme)
        applicant = self._need("applicant")
        if kind not in _PERSONS:
            applicant = read_business_number(applicant, "applicant")
        mistakes = Mistakes(withdraws=self._flag("withdrawn") or False, answers=False, brings_products=False)
        party = Party(
            ref=f"file-{applicant}",
            type=kind,
            applicant=applicant,
            name=self._need("name"),
            quality=stream(self.seed, "file", applicant).gauss(_TYPICAL_QUALITY, 1000) / WHOLE,
            wishes={},
            other=0,
            shares_taxes=False,
            fixed=facts_by_key(*self._facts(kind, applicant, applied, round_)),
            in_registers=False,
        )
        return Filing(party, programme, round_, self._track(programme, round_), applied, mistakes)

    def _cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def _need(self, column: str) -> str:
        text = self._cell(column)
        if not text:
            raise LineError(f"{column}: 비어 있습니다. 채워 주세요.", f"{column}: empty; fill it in")
        return text

    def _flag(self, column: str) -> bool | None:
        return read_flag(self._cell(column), column) if self._cell(column) else None

    def _programme(self) -> Programme:
        code = self._need("programme")
        try:
            return self.edition.programme(code)
        except KeyError:
            there = ", ".join(one.code for one in self.edition.programmes)
            raise LineError(
                f"programme: {code!r} 사업이 없습니다. 있는 사업: {there}",
                f"programme: there is no {code!r}; there are {there}",
            ) from None

    def _round(self, programme: Programme) -> Round:
        code = self._need("round")
        try:
            return programme.round(code)
        except KeyError:
            there = ", ".join(one.code for one in programme.rounds)
            raise LineError(
                f"round: {programme.code}에 {code!r} 차수가 없습니다. 있는 차수: {there}",
                f"round: {programme.code} has no {code!r}; it has {there}",
            ) from None

    def _track(self, programme: Programme, round_: Round) -> str:
        code, there = self._cell("track"), [track.code for track in programme.tracks_of(round_)]
        if code not in (there or [""]):
            raise LineError(
                f"track: {code!r} 세부유형이 없습니다. 가능한 값: {', '.join(there) or '(비움)'}",
                f"track: there is no {code!r}; write {' or '.join(there) or 'nothing'}",
            )
        return code

    def _applied_on(self, round_: Round) -> date:
        applied = read_date(self._need("applied_on"), "applied_on")
        if not round_.opens <= applied <= round_.closes:
            raise LineError(
                f"applied_on: {applied}은 {round_.code} 접수 기간({round_.opens}~{round_.closes})이 아닙니다.",
                f"applied_on: {applied} is outside round {round_.code}, {round_.opens} to {round_.closes}",
            )
        return applied

    def _applicant_type(self, programme: Programme) -> ApplicantType:
        kind = cast("ApplicantType", read_choice(*_TYPES)(self._need("applicant_type"), "applicant_type"))
        there = [one.type for one in programme.applicants]
        if kind not in there:
            raise LineError(
                f"applicant_type: {programme.code}에는 {', '.join(there)}만 신청할 수 있습니다.",
                f"applicant_type: only {', '.join(there)} may apply to {programme.code}",
            )
        return kind

    def _facts(self, kind: str, applicant: str, applied: date, round_: Round) -> list[Fact]:
        checked = read_date(self._cell("checked_on"), "checked_on") if self._cell("checked_on") else round_.closes
        facts = [Fact(keys.APPLICANT_TYPE, kind, applied, "applicant")]
        if kind not in _PERSONS:
            facts.append(Fact(keys.BUSINESS_NUMBER, applicant, applied, "applicant"))
        for column, (key, read) in SIMPLE.items():
            text = self._cell(column)
            if text:
                value: FactValue = [] if column in LISTS and text == _NONE else read(text, column)
                if key == keys.REGION:
                    value = _province(text, applied)
                facts.append(Fact(key, value, applied, "officer" if column in SEEN else "applicant"))
        for key, value in (
            (keys.INDUSTRY, self._industry()),
            (keys.INDUSTRY_ANSWER, self._industry_answer()),
            (keys.CERTIFICATE, self._certificate()),
            (keys.MEMBERS_CERTIFIED, self._members()),
            (keys.DOCUMENTS, self._documents()),
        ):
            if value is not None:
                facts.append(Fact(key, value, applied, "applicant"))
        looked_up = (
            (keys.OPERATING, self._operating()),
            (keys.NATIONAL_TAX, self._tax("national_tax")),
            (keys.LOCAL_TAX, self._tax("local_tax")),
        )
        facts += [Fact(key, value, checked, "officer") for key, value in looked_up if value is not None]
        return facts

    def _industry(self) -> FactValue:
        code = self._cell("industry_code")
        revision = self._cell("industry_revision")
        if not code:
            return None
        number = read_whole(revision, "industry_revision") if revision else self.edition.head.industry_revision
        return {"code": code, "revision": number}

    def _industry_answer(self) -> FactValue:
        excluded = self._flag("industry_excluded")
        if excluded is None:
            return None
        return {"row": self._cell("industry_row") or self._cell("industry_code"), "excluded": excluded}

    def _certificate(self) -> FactValue:
        if not self._cell("certificate_to"):
            return None
        first = read_date(self._need("certificate_from"), "certificate_from")
        last = read_date(self._cell("certificate_to"), "certificate_to")
        number = self._cell("certificate_number") or "-"
        return {"number": number, "valid_from": first.isoformat(), "valid_to": last.isoformat()}

    def _members(self) -> FactValue:
        if not self._cell("members"):
            return None
        members = read_whole(self._cell("members"), "members")
        return {"members": members, "certified": read_whole(self._need("members_certified"), "members_certified")}

    def _operating(self) -> FactValue:
        status = self._cell("operating")
        if not status:
            return None
        ended = self._cell("ended_on")
        return {
            "status": read_choice("open", "suspended", "closed")(status, "operating"),
            "ended_on": read_date(ended, "ended_on").isoformat() if ended else None,
        }

    def _tax(self, tax: str) -> FactValue:
        arrears, valid_to = self._cell(f"{tax}_arrears"), self._cell(f"{tax}_valid_to")
        if not arrears:
            return None
        return {
            "arrears": read_whole(arrears, f"{tax}_arrears"),
            "deferred": read_whole(self._cell(f"{tax}_deferred") or "0", f"{tax}_deferred"),
            "valid_to": read_date(self._need(f"{tax}_valid_to"), f"{tax}_valid_to").isoformat() if valid_to else None,
        }

    def _documents(self) -> FactValue:
        """Read the papers handed in; ``all`` says that everything asked for is there, fresh."""
        text = self._cell("documents")
        if text == _ALL:
            return None
        rows: list[FactValue] = []
        for part in read_list(text) if text != _NONE else []:
            code, _, issued = part.partition("=")
            day = read_date(issued.strip(), "documents").isoformat() if issued.strip() else None
            rows.append({"code": code.strip(), "issued_on": day})
        return rows


def _province(text: str, day: date) -> str:
    """Read a province by its code or its name as of a day."""
    try:
        return current_code(text, on=day) if text.isdecimal() else region_table().region_named(text, on=day).code
    except RegionError as error:
        raise LineError(f"region: {error.text.ko}", f"region: {error.text.en}") from None
