"""What is done in an evaluation, one function per act."""

from panro.evaluation.actions.appealing import open_appeal, seal_appeal, seat_anew
from panro.evaluation.actions.leaving import Gone, leave, replace, resign
from panro.evaluation.actions.meeting import plan_presentation, plan_visit, tell_visit, write_minute
from panro.evaluation.actions.people import accept, declare, declare_conflict, decline, invite, set_state
from panro.evaluation.actions.reminding import remind
from panro.evaluation.actions.scoring import hand_in, save_draft
from panro.evaluation.actions.sealing import seal
from panro.evaluation.actions.setting_up import Entrant, assign, begin, close, detect_conflicts, open_, reopen, set_up

__all__ = [
    "Entrant",
    "Gone",
    "accept",
    "assign",
    "begin",
    "close",
    "declare",
    "declare_conflict",
    "decline",
    "detect_conflicts",
    "hand_in",
    "invite",
    "leave",
    "open_",
    "open_appeal",
    "plan_presentation",
    "plan_visit",
    "remind",
    "reopen",
    "replace",
    "resign",
    "save_draft",
    "seal",
    "seal_appeal",
    "seat_anew",
    "set_state",
    "set_up",
    "tell_visit",
    "write_minute",
]
