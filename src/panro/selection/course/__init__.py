"""The course of a round: from its frozen pool to its publication, one act after the other."""

from panro.selection.course.confirming import propose_confirmation
from panro.selection.course.drawing import draw, run
from panro.selection.course.evaluating import begin_evaluation, enter_assignment_value, seal
from panro.selection.course.opening import freeze, open_course
from panro.selection.course.publishing import carry_on, publish, settle
from panro.selection.course.trying import Changes, what_if

__all__ = [
    "Changes",
    "begin_evaluation",
    "carry_on",
    "draw",
    "enter_assignment_value",
    "freeze",
    "open_course",
    "propose_confirmation",
    "publish",
    "run",
    "seal",
    "settle",
    "what_if",
]
