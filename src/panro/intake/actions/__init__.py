"""What is done with applications. A single act is an act over a set of one; each is one transaction.

What is still being written is nobody's business but the applicant's: drafts leave no entry in the record. From the
moment of handing in, every act does.
"""

from panro.intake.actions.allowing import extend, nominate
from panro.intake.actions.answering import Answered, answer_supplement, answer_supplements, expire_supplements
from panro.intake.actions.asking import Asked, Request, ask_supplement, ask_supplements
from panro.intake.actions.closing import close_missed, remind_drafts
from panro.intake.actions.drafts import (
    Saved,
    choose_papers,
    choose_products,
    choose_track,
    declare,
    discard,
    save_step,
)
from panro.intake.actions.freezing import freeze_pool
from panro.intake.actions.opening import Opening, open_draft, open_drafts
from panro.intake.actions.submitting import ALL_CHECKS, NO_CHECKS, Checks, Submission, submit, submit_many
from panro.intake.actions.withdrawing import withdraw, withdraw_many

__all__ = [
    "ALL_CHECKS",
    "NO_CHECKS",
    "Answered",
    "Asked",
    "Checks",
    "Opening",
    "Request",
    "Saved",
    "Submission",
    "answer_supplement",
    "answer_supplements",
    "ask_supplement",
    "ask_supplements",
    "choose_papers",
    "choose_products",
    "choose_track",
    "close_missed",
    "declare",
    "discard",
    "expire_supplements",
    "extend",
    "freeze_pool",
    "nominate",
    "open_draft",
    "open_drafts",
    "remind_drafts",
    "save_step",
    "submit",
    "submit_many",
    "withdraw",
    "withdraw_many",
]
