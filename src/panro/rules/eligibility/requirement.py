"""What becomes of an application's assessments: eligible, ineligible or lapsed, as `cases.csv` keeps it."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from panro.rules.findings import Answer, Assessment, Finding

type State = Literal["eligible", "ineligible", "lapsed", "withdrawn"]


class Requirement(NamedTuple):
    """The outcome of the requirement review (요건검토); reason and clause are empty where it is ``eligible``."""

    state: State
    reason: str
    clause: str


ELIGIBLE: Final = Requirement("eligible", "", "")
WITHDRAWN: Final = Requirement("withdrawn", "withdrawn", "")


def requirement(*assessments: Assessment) -> Requirement:
    """Sum up the assessments of one application, in the order of their moments, as of the supplement deadline.

    The first no makes it ineligible: that of the earliest moment, there in the order of the notice. What a rule did not
    know at one moment and knew at a later one is settled; the first that is still unknown lets the application lapse.
    The clause is the Korean one, which is binding.
    """
    findings = [finding for assessment in assessments for finding in assessment.findings]
    first = _first(findings, Answer.NO)
    if first is not None:
        return Requirement("ineligible", first.reason, first.clause.ko)
    latest = {(finding.rule, finding.clause): finding for finding in findings}
    open_ = _first((finding for finding in findings if latest[finding.rule, finding.clause] is finding), Answer.UNKNOWN)
    return ELIGIBLE if open_ is None else Requirement("lapsed", open_.reason, open_.clause.ko)


def _first(findings: Iterable[Finding], answer: Answer) -> Finding | None:
    return next((finding for finding in findings if finding.answer is answer), None)
