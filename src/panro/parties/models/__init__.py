"""State of the room: parties and their kinds, who acts for them, proof, consortia, answers of the tax service."""

from panro.parties.models.checks import (
    AuthenticityCheck,
    CheckRequest,
    RecheckBatch,
    RecheckRun,
    ServiceDay,
    StatusCheck,
)
from panro.parties.models.claims import Claim, Dispute
from panro.parties.models.consortia import Consortium, ConsortiumMember
from panro.parties.models.members import Invitation, Membership
from panro.parties.models.parties import Business, Organisation, Party, Person

__all__ = [
    "AuthenticityCheck",
    "Business",
    "CheckRequest",
    "Claim",
    "Consortium",
    "ConsortiumMember",
    "Dispute",
    "Invitation",
    "Membership",
    "Organisation",
    "Party",
    "Person",
    "RecheckBatch",
    "RecheckRun",
    "ServiceDay",
    "StatusCheck",
]
