"""Words that say what something is, and the lifecycles of the room."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What stands before the agency."""

    PERSON = "person", pgettext_lazy("party", "Person")
    BUSINESS = "business", _("Business")
    ORGANISATION = "organisation", _("Organisation")
    CONSORTIUM = "consortium", _("Consortium")


class PartyState(models.TextChoices):
    """Whether a party still deals with the agency."""

    ACTIVE = "active", _("active")
    CLOSED = "closed", pgettext_lazy("party", "closed")


PARTIES: Final[dict[PartyState, frozenset[PartyState]]] = {
    PartyState.ACTIVE: frozenset({PartyState.CLOSED}),
    PartyState.CLOSED: frozenset({PartyState.ACTIVE}),
}
"""From a state to those that may follow. A closed party is opened again within a stated time only."""


class ClosedWhy(models.TextChoices):
    """Why a party deals with the agency no more, as its owner says."""

    BUSINESS_CLOSED = "business_closed", _("The business is closed")
    DISSOLVED = "dissolved", _("The organisation is dissolved")
    TRANSFERRED = "transferred", _("It was transferred or merged")
    STOPPED = "stopped", _("I no longer apply in its name")


class BusinessForm(models.TextChoices):
    """Under which law a business stands."""

    SOLE = "sole", _("Sole proprietor")
    CORPORATION = "corporation", _("Company")
    COOPERATIVE = "cooperative", _("Cooperative of small merchants")


class OrganisationForm(models.TextChoices):
    """Who bears an organisation."""

    PRIVATE = "private", _("Private organisation")
    PUBLIC_BODY = "public_body", _("Public body")
    LOCAL_GOVERNMENT = "local_government", _("Local government")


class Standing(models.TextChoices):
    """Whether it is proved that those who act for a business or an organisation are its people."""

    UNVERIFIED = "unverified", _("not verified yet")
    VERIFIED = "verified", _("verified")
    DISPUTED = "disputed", _("verified, but disputed")


HOLDING: Final = (Standing.VERIFIED, Standing.DISPUTED)
"""Standings under which a party holds its registration number; one party at a time does."""

STANDINGS: Final[dict[Standing, frozenset[Standing]]] = {
    Standing.UNVERIFIED: frozenset({Standing.VERIFIED}),
    Standing.VERIFIED: frozenset({Standing.DISPUTED, Standing.UNVERIFIED}),
    Standing.DISPUTED: frozenset({Standing.VERIFIED, Standing.UNVERIFIED}),
}
"""From a standing to those that may follow. A verified one falls back when what was verified is changed."""


class Role(models.TextChoices):
    """What somebody is to a party."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    PENDING = "pending", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    REVOKED = "revoked", _("taken back")
    EXPIRED = "expired", _("expired")


INVITATIONS: Final[dict[InvitationState, frozenset[InvitationState]]] = {
    InvitationState.PENDING: frozenset(
        {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.REVOKED, InvitationState.EXPIRED}
    ),
    InvitationState.ACCEPTED: frozenset(),
    InvitationState.DECLINED: frozenset(),
    InvitationState.REVOKED: frozenset(),
    InvitationState.EXPIRED: frozenset(),
}


class Way(models.TextChoices):
    """How somebody proves to belong to a business."""

    OWNER_CONSENT = "owner_consent", _("Consent of the owner")
    PAPER = "paper", _("Registration certificate")
    TAX_CHECK = "tax_check", _("Check at the National Tax Service")


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    OPEN = "open", pgettext_lazy("claim", "being looked at")
    GRANTED = "granted", pgettext_lazy("claim", "granted")
    REFUSED = "refused", pgettext_lazy("claim", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")


CLAIMS: Final[dict[ClaimState, frozenset[ClaimState]]] = {
    ClaimState.OPEN: frozenset({ClaimState.GRANTED, ClaimState.REFUSED, ClaimState.WITHDRAWN}),
    ClaimState.GRANTED: frozenset(),
    ClaimState.REFUSED: frozenset(),
    ClaimState.WITHDRAWN: frozenset(),
}


class OwnReason(models.TextChoices):
    """Why the program itself refuses a claim; officers write a reason in their own words."""

    MISMATCH = (
        "mismatch",
        _(
            "Representative or opening day are not those that the National Tax Service holds. "
            "Compare them with the registration certificate, mend them and try again."
        ),
    )
    CHANGED = "changed", _("The number changed after the claim, or the business was closed. Please claim it again.")
    DECLINED = "declined", _("An owner declined.")


class DisputeState(models.TextChoices):
    """Where a dispute over a registration number stands."""

    OPEN = "open", _("being decided")
    FOR_CLAIMANT = "for_claimant", _("decided for the claimant")
    FOR_HOLDER = "for_holder", _("decided for the holder")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")


DISPUTES: Final[dict[DisputeState, frozenset[DisputeState]]] = {
    DisputeState.OPEN: frozenset({DisputeState.FOR_CLAIMANT, DisputeState.FOR_HOLDER, DisputeState.WITHDRAWN}),
    DisputeState.FOR_CLAIMANT: frozenset(),
    DisputeState.FOR_HOLDER: frozenset(),
    DisputeState.WITHDRAWN: frozenset(),
}


class ConsortiumState(models.TextChoices):
    """Whether all members of a consortium have signed."""

    FORMING = "forming", _("waiting for signatures")
    FORMED = "formed", _("signed by all")


class ConsortiumRole(models.TextChoices):
    """What a party is to a consortium."""

    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")


class Signature(models.TextChoices):
    """Whether a party has signed a consortium's agreement."""

    INVITED = "invited", _("not signed yet")
    SIGNED = "signed", _("signed")
    DECLINED = "declined", _("declined")


SIGNATURES: Final[dict[Signature, frozenset[Signature]]] = {
    Signature.INVITED: frozenset({Signature.SIGNED, Signature.DECLINED}),
    Signature.SIGNED: frozenset({Signature.INVITED, Signature.DECLINED}),
    Signature.DECLINED: frozenset({Signature.INVITED}),
}
"""A signature falls back to ``INVITED`` when the agreement changes: it was given to another text."""


class TaxStatus(models.TextChoices):
    """What the National Tax Service says of a registration number."""

    OPEN = "open", _("in business")
    SUSPENDED = "suspended", _("business suspended")
    CLOSED = "closed", _("business closed")
    UNREGISTERED = "unregistered", _("not registered")


class RequestKind(models.TextChoices):
    """What is asked of the tax service for one party."""

    STATUS = "status", _("status")
    AUTHENTICITY = "authenticity", _("authenticity")


class WorkState(models.TextChoices):
    """Where a question to the tax service, or a batch of them, stands."""

    WAITING = "waiting", pgettext_lazy("question", "waiting")
    ASKING = "asking", pgettext_lazy("question", "being asked")
    DONE = "done", pgettext_lazy("question", "answered")
    FAILED = "failed", pgettext_lazy("question", "given up")


WORK: Final[dict[WorkState, frozenset[WorkState]]] = {
    WorkState.WAITING: frozenset({WorkState.ASKING}),
    WorkState.ASKING: frozenset({WorkState.DONE, WorkState.WAITING, WorkState.FAILED}),
    WorkState.DONE: frozenset(),
    WorkState.FAILED: frozenset({WorkState.WAITING}),
}
