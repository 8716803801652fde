"""What is done with parties: one function per act, each in one transaction with its entry in the record."""

from panro.parties.actions.changing import change_business, change_organisation, change_person
from panro.parties.actions.checks import ask_status, note_checks, resume_recheck, retry_request, start_recheck
from panro.parties.actions.claims import (
    answer_consent,
    claim_by_owner_consent,
    claim_by_paper,
    claim_by_tax_check,
    decide_claim,
    withdraw_claim,
)
from panro.parties.actions.closing import close_party, reopen_party
from panro.parties.actions.consortia import (
    change_agreement,
    decline_to_sign,
    form_consortium,
    invite_member,
    remove_member,
    sign,
)
from panro.parties.actions.disputes import answer_dispute, decide_dispute
from panro.parties.actions.members import (
    accept,
    change_role,
    decline,
    expire_invitations,
    invite,
    remove,
    revoke,
    waiting_invitation,
)
from panro.parties.actions.registering import be_a_person, register_business, register_businesses, register_organisation

__all__ = [
    "accept",
    "answer_consent",
    "answer_dispute",
    "ask_status",
    "be_a_person",
    "change_agreement",
    "change_business",
    "change_organisation",
    "change_person",
    "change_role",
    "claim_by_owner_consent",
    "claim_by_paper",
    "claim_by_tax_check",
    "close_party",
    "decide_claim",
    "decide_dispute",
    "decline",
    "decline_to_sign",
    "expire_invitations",
    "form_consortium",
    "invite",
    "invite_member",
    "note_checks",
    "register_business",
    "register_businesses",
    "register_organisation",
    "remove",
    "remove_member",
    "reopen_party",
    "resume_recheck",
    "retry_request",
    "revoke",
    "sign",
    "start_recheck",
    "waiting_invitation",
    "withdraw_claim",
]
