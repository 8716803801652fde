"""What is done at the desk. A single act is an act over a set of one; each is one transaction.

Locks are taken in one order: reviews, then cases, then applications, each by id.
"""

from panro.screening.actions.asking import Waited, ask, extend
from panro.screening.actions.assessing import Question, assess, assess_on
from panro.screening.actions.claiming import claim
from panro.screening.actions.deciding import Line, Outcome, Verdict, as_the_rules_say, decide
from panro.screening.actions.registers import (
    ConflictGiven,
    SanctionGiven,
    declare_conflict,
    end_conflict,
    impose,
    lift,
    look_up_sanctions,
)
from panro.screening.actions.reopening import reopen, settle
from panro.screening.actions.stating import Override, override_fact
from panro.screening.actions.taking_in import follow, take_in

__all__ = [
    "ConflictGiven",
    "Line",
    "Outcome",
    "Override",
    "Question",
    "SanctionGiven",
    "Verdict",
    "Waited",
    "as_the_rules_say",
    "ask",
    "assess",
    "assess_on",
    "claim",
    "decide",
    "declare_conflict",
    "end_conflict",
    "extend",
    "follow",
    "impose",
    "lift",
    "look_up_sanctions",
    "override_fact",
    "reopen",
    "settle",
    "take_in",
]
