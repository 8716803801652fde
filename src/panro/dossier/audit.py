"""Recomputing the requirement review of a round from the facts in an auditor's dossier.

``programme.json`` is ``{"edition": head, "programme": programme, "round": code}``, head and programme as
`panro.rules.edition.load` writes them as JSON; what a row of ``auditor/facts.csv`` opens is in
`panro.dossier.case_facts`. Both are told to their readers in `docs/audit-facts.md`.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from panro.dossier.case_facts import CaseFacts, read_facts_payload
from panro.proof.canonical import CanonicalError
from panro.proof.hashing import commitment_of_text
from panro.rules.edition.load import head_from_json, head_to_json, programme_from_json, programme_to_json
from panro.rules.edition.model import Edition
from panro.rules.edition.problems import EditionError
from panro.rules.eligibility.ask import WITHDRAWN, FactShapeError, prepare, region_of, requirement
from panro.rules.eligibility.questions import RuleUseError
from panro.rules.findings import Moment
from panro.rules.freeze import ONLY_TRACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from panro.proof.canonical import Json
    from panro.rules.edition.model import EditionHead
    from panro.rules.edition.programme import Programme, Round
    from panro.rules.eligibility.ask import Preference, Questions, Requirement
    from panro.rules.findings import Assessment

REVIEWED: Final = (Moment.APPLICATION, Moment.CLOSING, Moment.SELECTION)
"""The moments that must all be there of an eligible case, as far as the edition asks anything at them."""
_WIDEST_CELL: Final = 1 << 26

type Column = Literal["facts", "track", "region", "requirement", "reason", "clause", "groups", "bonus", "moments"]


class AuditError(ValueError):
    """A folder that cannot be audited; the message says what is wrong and what to give instead."""


class Difference(NamedTuple):
    """One place where the dossier says something else than its facts and rules do."""

    result_no: int
    column: Column
    found: str
    expected: str


@dataclass(slots=True)
class AuditReport:
    """What the audit counted and found."""

    round_id: str
    cases: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Cases by recomputed state and reason, the eligible ones left out."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def consistent(self) -> bool:
        """Whether every case came out as the dossier says."""
        return not self.differences


def programme_payload(head: EditionHead, programme: Programme, round_: Round) -> dict[str, Json]:
    """Give the content of ``programme.json``, from which eligibility can be recomputed."""
    return {"edition": head_to_json(head), "programme": programme_to_json(programme), "round": round_.code}


def recompute(questions: Questions, case: CaseFacts) -> tuple[Requirement, Preference]:
    """Give the outcome of the requirement review, groups and bonus items by the rules of the edition.

    Groups and bonus items are those of the last moment.

    Raises:
        FactShapeError: a fact's value has another shape than its key demands.
    """
    preference = questions.preference(case.moments[-1].facts if case.moments else {})
    if case.withdrawn:
        return WITHDRAWN, preference
    return requirement(*_assessments(questions, case)), preference


def _assessments(questions: Questions, case: CaseFacts) -> Iterator[Assessment]:
    for known in case.moments:
        yield questions.assess(
            known.facts, moment=known.moment, on=known.on, applicant_type=case.applicant_type, track=case.track
        )


def audit_dossier(path: Path) -> AuditReport:
    """Recompute requirement, reason, clause, groups and bonus of every case, and name each difference.

    The commitments to the facts are checked too, as nothing recomputed from other facts would prove anything. Whether
    the files belong together is `panro verify`'s work.

    Args:
        path: the folder of an auditor's dossier.

    Raises:
        AuditError: no auditor's dossier, or one that cannot be read.
    """
    if not (path / "auditor" / "facts.csv").is_file():
        raise AuditError(f"{path} has no auditor/facts.csv; give the folder of an auditor's dossier")
    questions = _questions(path)
    head, programme, round_ = questions.edition, questions.programme, questions.round_
    report = AuditReport(f"{head.code}/{programme.code}/{round_.code if round_ is not None else ''}")
    cases, facts = _table(path / "cases.csv"), _table(path / "auditor" / "facts.csv")
    for case, opening in zip_longest(cases, facts):
        if case is None or opening is None or case["result_no"] != opening["result_no"]:
            raise AuditError(f"{path}: cases.csv and auditor/facts.csv do not have the same rows; run panro verify")
        _audit_case(report, questions, case, opening)
    return report


def _audit_case(report: AuditReport, questions: Questions, case: Mapping[str, str], opening: Mapping[str, str]) -> None:
    number = int(case["result_no"])
    report.cases += 1
    try:
        committed = commitment_of_text(opening["salt"], opening["payload"])
        known = read_facts_payload(json.loads(opening["payload"]))
        outcome, preference = recompute(questions, known)
    except (ValueError, CanonicalError, FactShapeError) as error:
        report.differences.append(Difference(number, "facts", str(error), "facts that can be read"))
        return
    report.states[outcome.state] += 1
    if outcome.state != "eligible":
        report.reasons[outcome.state, outcome.reason] += 1
    expected: dict[Column, str] = {
        "facts": committed,
        "track": known.track or ONLY_TRACK,
        "requirement": outcome.state,
        "reason": outcome.reason,
        "clause": outcome.clause if outcome.state != "withdrawn" else case["clause"],
        "groups": ";".join(preference.groups),
        "bonus": ";".join(preference.bonus),
    }
    if outcome.state == "withdrawn":
        expected["reason"] = case["reason"] or outcome.reason
    report.differences += [
        Difference(number, column, case[column], value) for column, value in expected.items() if case[column] != value
    ]
    report.differences += _region_difference(number, case["region"], known, questions)
    report.differences += _moment_differences(number, known, questions, eligible=outcome.state == "eligible")


def _region_difference(number: int, region: str, case: CaseFacts, questions: Questions) -> Iterator[Difference]:
    """Demand that the region is one that the facts of some moment show, as of the closing date."""
    on = questions.round_.closes if questions.round_ is not None else questions.edition.window.closes
    shown = {found for known in case.moments if (found := region_of(known.facts, on=on))}
    if shown and region not in shown:
        yield Difference(number, "region", region, " or ".join(sorted(shown)))


def _moment_differences(number: int, case: CaseFacts, questions: Questions, *, eligible: bool) -> Iterator[Difference]:
    """Demand that nothing was left unasked of an eligible case, and that it was asked on a possible day."""
    round_ = questions.round_
    asked = [known.moment for known in case.moments]
    if len(set(asked)) != len(asked) or asked != sorted(asked, key=list(Moment).index):
        yield Difference(number, "moments", ", ".join(asked), "each moment once, in their order")
    if eligible:
        for moment in REVIEWED:
            if moment not in asked and questions.asks_anything(moment, case.applicant_type, case.track):
                yield Difference(number, "moments", ", ".join(asked), f"{moment.value} asked as well")
    if round_ is None:
        return
    days = {Moment.APPLICATION: (round_.opens, round_.closes), Moment.CLOSING: (round_.closes, round_.supplement_until)}
    for known in case.moments:
        first, last = days.get(known.moment, (round_.closes, date.max))
        if not first <= known.on <= last:
            yield Difference(number, "moments", f"{known.moment.value} on {known.on}", f"a day from {first} to {last}")


def _questions(path: Path) -> Questions:
    """Make the rules ready from the programme as published."""
    try:
        data = json.loads((path / "programme.json").read_text(encoding="utf-8"))
        head, programme = head_from_json(data["edition"]), programme_from_json(data["programme"])
        edition = Edition(head=head, programmes=[programme])
        return prepare(edition, programme, programme.round(data["round"]))
    except (OSError, ValueError, KeyError, TypeError, EditionError, RuleUseError) as error:
        raise AuditError(f"{path / 'programme.json'}: rules cannot be read from it: {error}") from error


def _table(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(_WIDEST_CELL)
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, strict=True):
                if None in row or None in row.values():
                    raise AuditError(f"{path}: row {row.get('result_no')} has not as many cells as there are columns")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AuditError(f"{path}: cannot be read: {error}") from error
