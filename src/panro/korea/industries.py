"""Industries (KSIC) and the list of those excluded from policy loans to small merchants.

A code means something only with its revision: KSIC-10 holds from 2017-07-01, KSIC-11 from 2024-07-01.
The exclusion concerns the applicant's industry; goods of foreign make are another rule's business.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar, Final

from pydantic import ConfigDict

from panro.korea.tables import (
    FORBID_UNKNOWN,
    Confidence,
    Day,
    Flag,
    file_text,
    packaged_text,
    read_table,
    table_error,
)
from panro.korea.text import ExplainedError, Text, compatibility_form

KSIC_10: Final = "10"
KSIC_11: Final = "11"
FULL_CODE_LENGTH: Final = 5
DIVISION_LENGTH: Final = 2

_CODE = re.compile(r"([A-U]?)(\d{2,5})")


class IndustryError(ExplainedError):
    """An industry code cannot be read."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of the classification and the days it was the one in force, both inclusive."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    valid_from: Day
    source: str
    confidence: Confidence
    valid_to: Day | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of KSIC-10: a letter and its name."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    name_ko: str
    name_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Division:
    """A division of KSIC-10: two digits, the letter of its section, its name."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    section: str
    name_ko: str
    name_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _ClassificationLayout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    revision: tuple[Revision, ...]
    section: tuple[Section, ...]
    division: tuple[Division, ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """Sections and divisions of KSIC-10 by code, and the revisions with their dates."""

    revisions: tuple[Revision, ...]
    sections: Mapping[str, Section]
    divisions: Mapping[str, Division]


@cache
def classification() -> Classification:
    """Return the delivered classification: 21 sections and 77 divisions of KSIC-10."""
    name = "industries.toml"
    layout = read_table(_ClassificationLayout, packaged_text(name), name)
    sections = {row.code: row for row in layout.section}
    for row in layout.division:
        if row.section not in sections:
            raise table_error(
                name, f"division {row.code}", "section이 표에 없습니다.", "its section is not in the table"
            )
    return Classification(layout.revision, sections, {row.code: row for row in layout.division})


def revision_on(day: date) -> str | None:
    """Return the code of the revision in force on that day, None before the table begins."""
    for row in classification().revisions:
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            return row.code
    return None


def parse_industry_code(text: str) -> str:
    """Return the two to five plain digits of a KSIC-10 code; a leading section letter is checked and dropped.

    Raises:
        IndustryError: another form, a division that does not exist, or a letter of another section.
    """
    found = _CODE.fullmatch(compatibility_form(text).strip().upper())
    division = None if found is None else classification().divisions.get(found[2][:DIVISION_LENGTH])
    if found is None or division is None:
        raise IndustryError(
            Text(
                ko=f"“{text}”: 한국표준산업분류(10차)에 없는 업종코드입니다. 10797처럼 숫자 5자리로 적어 주세요.",
                en=f'"{text}" is no code of KSIC-10; write five digits like 10797',
            )
        )
    if found[1] not in {"", division.section}:
        raise IndustryError(
            Text(
                ko=f"업종코드 {found[2]}의 대분류는 {division.section}입니다. 앞 글자를 고쳐 주세요.",
                en=f"industry {found[2]} belongs to section {division.section}; mend the letter",
            )
        )
    return found[2]


class ExclusionMode(StrEnum):
    """Whether a row's code decides (`block`) or a person must look, as only a part is excluded (`ask`)."""

    BLOCK = "block"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class IndustryException:
    """A longer prefix that may apply after all; with a condition, a person must look."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    prefix: str
    condition_ko: str | None = None
    condition_en: str | None = None


@dataclass(frozen=True, slots=True)
class ExcludedIndustry:
    """One row of the list; `part` says that only a part of the code is meant (중 in the list)."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    prefix: str
    revision: str
    mode: ExclusionMode
    part: Flag
    name_ko: str
    name_en: str
    source: str
    confidence: Confidence
    note_ko: str | None = None
    note_en: str | None = None
    exceptions: tuple[IndustryException, ...] = ()
    valid_from: Day | None = None
    valid_to: Day | None = None

    def valid_on(self, day: date) -> bool:
        """Return whether the row holds on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CodeMapping:
    """What a code of one revision becomes in another."""

    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    from_revision: str
    from_code: str
    to_revision: str
    to_codes: tuple[str, ...]
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _ExclusionLayout:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    row: tuple[ExcludedIndustry, ...]
    mapping: tuple[CodeMapping, ...] = ()


class IndustryAnswer(StrEnum):
    """May this industry apply? `ask` and `unknown` both need a person: the first looks, the second brings a code."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    ASK = "ask"
    UNKNOWN = "unknown"


class IndustryReason(StrEnum):
    """What decided a verdict."""

    NOT_LISTED = "not_listed"
    LISTED = "listed"
    EXCEPTION = "exception"
    CODE_TOO_SHORT = "code_too_short"
    CODE_UNREADABLE = "code_unreadable"
    REVISION_UNMAPPED = "revision_unmapped"


@dataclass(frozen=True, slots=True)
class IndustryVerdict:
    """The answer for one industry, the row that matched and the exception that was used."""

    answer: IndustryAnswer
    reason: IndustryReason
    row: ExcludedIndustry | None = None
    exception: IndustryException | None = None


_NOT_LISTED = IndustryVerdict(IndustryAnswer.ALLOWED, IndustryReason.NOT_LISTED)
_TOO_SHORT = IndustryVerdict(IndustryAnswer.UNKNOWN, IndustryReason.CODE_TOO_SHORT)
_UNREADABLE = IndustryVerdict(IndustryAnswer.UNKNOWN, IndustryReason.CODE_UNREADABLE)
_UNMAPPED = IndustryVerdict(IndustryAnswer.UNKNOWN, IndustryReason.REVISION_UNMAPPED)


def _row_verdict(row: ExcludedIndustry) -> IndustryVerdict:
    answer = IndustryAnswer.BLOCKED if row.mode is ExclusionMode.BLOCK else IndustryAnswer.ASK
    return IndustryVerdict(answer, IndustryReason.LISTED, row)


def _exception_verdict(row: ExcludedIndustry, exception: IndustryException) -> IndustryVerdict:
    answer = IndustryAnswer.ALLOWED if exception.condition_ko is None else IndustryAnswer.ASK
    return IndustryVerdict(answer, IndustryReason.EXCEPTION, row, exception)


def _is_code(text: str) -> bool:
    return DIVISION_LENGTH <= len(text) <= FULL_CODE_LENGTH and text.isascii() and text.isdigit()


def _division_exists(code: str, revision: str) -> bool:
    """Return whether the division exists; only the divisions of KSIC-10 are known, others pass."""
    return revision != KSIC_10 or code[:DIVISION_LENGTH] in classification().divisions


class ExclusionTable:
    """The rows that hold on one day, with one ready verdict per prefix; each code is decided once."""

    def __init__(self, rows: Iterable[ExcludedIndustry], mappings: Iterable[CodeMapping], *, name: str) -> None:
        self.name = name
        self.rows = tuple(sorted(rows, key=lambda row: (row.revision, row.prefix)))
        self._verdicts: dict[str, dict[str, IndustryVerdict]] = {}
        self._mappings = {(row.from_revision, row.from_code): row for row in mappings}
        for row in self.rows:
            self._add(row.revision, row.prefix, _row_verdict(row))
            for exception in row.exceptions:
                self._check(row, exception)
                self._add(row.revision, exception.prefix, _exception_verdict(row, exception))
        self._decided: dict[str, dict[str, IndustryVerdict]] = {revision: {} for revision in self._verdicts}
        self._too_short = {
            revision: {prefix[:length] for prefix in verdicts for length in range(DIVISION_LENGTH, len(prefix))}
            for revision, verdicts in self._verdicts.items()
        }

    def _check(self, row: ExcludedIndustry, exception: IndustryException) -> None:
        extends = exception.prefix.startswith(row.prefix) and exception.prefix != row.prefix
        if not extends or (exception.condition_ko is None) != (exception.condition_en is None):
            raise table_error(
                self.name,
                f"row {row.prefix}, exception {exception.prefix}",
                "예외 코드는 그 줄의 코드보다 길어야 하고, 조건은 한국어와 영어가 함께 있어야 합니다.",
                "an exception must extend its row's prefix, and its condition needs both languages",
            )

    def _add(self, revision: str, prefix: str, verdict: IndustryVerdict) -> None:
        verdicts = self._verdicts.setdefault(revision, {})
        if not _is_code(prefix) or prefix in verdicts:
            raise table_error(
                self.name,
                f"row {prefix}",
                "코드는 숫자 2~5자리이고 한 번만 나와야 합니다.",
                "a code has two to five digits and stands once",
            )
        verdicts[prefix] = verdict

    def classify(self, code: str, revision: str) -> IndustryVerdict:
        """Return the verdict for a code of a revision, as `classify_industry`."""
        decided = self._decided.get(revision)
        if decided is None:
            return self._through_mapping(code, revision) if _is_code(code) else _UNREADABLE
        verdict = decided.get(code)
        if verdict is None:
            if not _is_code(code) or not _division_exists(code, revision):
                return _UNREADABLE
            # Bounded: there are no more than 111,100 codes of two to five digits.
            verdict = decided[code] = self._decide(code, revision)
        return verdict

    def parts_of(self, code: str, revision: str) -> tuple[ExcludedIndustry, ...]:
        """Return the rows that exclude parts of a shorter code; none where a row covers the whole code."""
        rows = [row for row in self.rows if row.revision == revision]
        covered = any(code.startswith(row.prefix) for row in rows)
        return () if covered else tuple(row for row in rows if row.prefix.startswith(code))

    def _decide(self, code: str, revision: str) -> IndustryVerdict:
        if len(code) < FULL_CODE_LENGTH and code in self._too_short[revision]:
            return _TOO_SHORT
        verdicts = self._verdicts[revision]
        for length in range(len(code), DIVISION_LENGTH - 1, -1):
            if code[:length] in verdicts:
                return verdicts[code[:length]]
        return _NOT_LISTED

    def _through_mapping(self, code: str, revision: str) -> IndustryVerdict:
        mapping = self._mappings.get((revision, code))
        if mapping is None or mapping.to_revision not in self._verdicts:
            return _UNMAPPED
        verdicts = [self.classify(target, mapping.to_revision) for target in mapping.to_codes]
        if len({verdict.answer for verdict in verdicts}) != 1:
            return _UNMAPPED
        return verdicts[0]


@dataclass(frozen=True, slots=True)
class ExcludedIndustries:
    """All rows of a list, whatever their dates."""

    name: str
    rows: tuple[ExcludedIndustry, ...]
    mappings: tuple[CodeMapping, ...]

    def on(self, day: date) -> ExclusionTable:
        """Return the table of the rows that hold on that day; build it once per round, not per applicant.

        Raises:
            TableError: two rows of that day claim one prefix, or an exception does not extend its row.
        """
        rows = [row for row in self.rows if row.valid_on(day)]
        return ExclusionTable(rows, self.mappings, name=self.name)


def read_excluded_industries(text: str, name: str) -> ExcludedIndustries:
    """Return the list in a TOML text.

    Raises:
        TableError: a key is unknown, missing or of the wrong type.
    """
    layout = read_table(_ExclusionLayout, text, name)
    return ExcludedIndustries(name, layout.row, layout.mapping)


def load_excluded_industries(path: Path) -> ExcludedIndustries:
    """Return the list in a file, as `read_excluded_industries`."""
    return read_excluded_industries(file_text(path), str(path))


@cache
def excluded_industries() -> ExcludedIndustries:
    """Return the list that is delivered with the program."""
    name = "excluded_industries.toml"
    return read_excluded_industries(packaged_text(name), name)


@lru_cache(maxsize=256)
def exclusion_table(on: date) -> ExclusionTable:
    """Return the delivered list as it holds on that day."""
    return excluded_industries().on(on)


def classify_industry(code: str, revision: str, table: ExclusionTable) -> IndustryVerdict:
    """Return whether an industry may apply, by the longest prefix of the list that its code begins with.

    Args:
        code: two to five digits. A short code under which the list has rows is `unknown`, not guessed.
        revision: the revision the code belongs to, `"10"` or `"11"`. Where the list has no row of that
            revision and no mapping leads to one answer, the verdict is `unknown`.
        table: the list as of the day that counts.
    """
    return table.classify(code, revision)
