"""The door to eligibility: what other rooms ask of the rules.

``prepare(edition, programme, round_)`` validates a programme's rules once; its ``assess`` answers for one applicant at
one moment, ``preference`` gives groups and bonus items, ``questions`` the facts still needed. ``requirement`` sums an
application's assessments up, ``what_may_i_get`` asks every programme of a year.
"""

from panro.rules.eligibility.applicant import region_of
from panro.rules.eligibility.offers import Offer, Verdict, needed_facts, what_may_i_get
from panro.rules.eligibility.products import ProductFinding, ProductParameters, product_findings
from panro.rules.eligibility.questions import Preference, Questions, RuleUseError, prepare
from panro.rules.eligibility.requirement import ELIGIBLE, WITHDRAWN, Requirement, State, requirement
from panro.rules.eligibility.rule import Asking
from panro.rules.eligibility.shapes import FactShapeError

__all__ = [
    "ELIGIBLE",
    "WITHDRAWN",
    "Asking",
    "FactShapeError",
    "Offer",
    "Preference",
    "ProductFinding",
    "ProductParameters",
    "Questions",
    "Requirement",
    "RuleUseError",
    "State",
    "Verdict",
    "needed_facts",
    "prepare",
    "product_findings",
    "region_of",
    "requirement",
    "what_may_i_get",
]
