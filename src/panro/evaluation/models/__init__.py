"""State of the evaluation: reviewers and their conflicts, the stages of a round, panels, sheets, minutes.

Triggers of migration 0002 hold the lifecycle of a stage, let scores in only while it is open, and keep score versions,
replacements and minutes as they were written.
"""

from panro.evaluation.models.appeals import Appeal
from panro.evaluation.models.panels import (
    Assignment,
    PanelConflict,
    Participant,
    Replacement,
    Resignation,
    RosterPlace,
)
from panro.evaluation.models.people import Conflict, Declaration, Reviewer, ReviewerInvitation
from panro.evaluation.models.runs import Evaluation, StageRun
from panro.evaluation.models.sheets import PanelMinute, ScoreDraft, ScoreVersion
from panro.evaluation.models.visits import SiteVisit, TimetableSlot, VisitPhoto

__all__ = [
    "Appeal",
    "Assignment",
    "Conflict",
    "Declaration",
    "Evaluation",
    "PanelConflict",
    "PanelMinute",
    "Participant",
    "Replacement",
    "Resignation",
    "Reviewer",
    "ReviewerInvitation",
    "RosterPlace",
    "ScoreDraft",
    "ScoreVersion",
    "SiteVisit",
    "StageRun",
    "TimetableSlot",
    "VisitPhoto",
]
