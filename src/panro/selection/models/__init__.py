"""State of a round from its closing on: its course, what is published of it, and what comes after.

Each module is one part of that; everybody imports from here.
"""

from panro.selection.models.course import (
    COURSE,
    CourseResult,
    CourseState,
    CourseStep,
    RoundCourse,
    Step,
    WhatIf,
)
from panro.selection.models.letters import Letter, LetterCounter, LetterKind, LetterRun
from panro.selection.models.objections import (
    OBJECTION,
    PENDING,
    UPHELD,
    Objection,
    ObjectionPaper,
    ObjectionState,
)
from panro.selection.models.offers import OFFER, Offer, OfferState
from panro.selection.models.published import (
    OfferAct,
    OfferLine,
    Outcome,
    PublishedRound,
    ResultLine,
    StageLine,
    Standing,
)

__all__ = [
    "COURSE",
    "OBJECTION",
    "OFFER",
    "PENDING",
    "UPHELD",
    "CourseResult",
    "CourseState",
    "CourseStep",
    "Letter",
    "LetterCounter",
    "LetterKind",
    "LetterRun",
    "Objection",
    "ObjectionPaper",
    "ObjectionState",
    "Offer",
    "OfferAct",
    "OfferLine",
    "OfferState",
    "Outcome",
    "PublishedRound",
    "ResultLine",
    "RoundCourse",
    "StageLine",
    "Standing",
    "Step",
    "WhatIf",
]
