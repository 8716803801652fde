"""State of the requirement review: cases, stored answers of the rules, decisions, sanctions, conflicts of officers.

Triggers of migration 0002 hold the lifecycle of cases, keep decisions as they were made, and keep a settled review as
it is.
"""

from panro.screening.models.answers import Asking, CaseAnswer
from panro.screening.models.cases import Case, Review
from panro.screening.models.decisions import CaseDecision, FactOverride
from panro.screening.models.registers import Sanction, StaffConflict

__all__ = [
    "Asking",
    "Case",
    "CaseAnswer",
    "CaseDecision",
    "FactOverride",
    "Review",
    "Sanction",
    "StaffConflict",
]
