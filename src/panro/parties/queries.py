"""Reading parties: those of an account, what kind of applicant one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from django.db.models import Count, Min, Q

from panro.accounts.ids import as_uuid
from panro.parties.models import (
    CheckRequest,
    Claim,
    ConsortiumMember,
    Dispute,
    Invitation,
    Membership,
    Party,
    RecheckRun,
    StatusCheck,
)
from panro.parties.states import (
    BusinessForm,
    ClaimState,
    DisputeState,
    InvitationState,
    Kind,
    OrganisationForm,
    PartyState,
    RequestKind,
    Role,
    Standing,
    Way,
    WorkState,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import User

SHOWN: Final = 20
"""Earlier claims shown on a page."""

type ApplicantType = Literal[
    "merchant", "cooperative", "creator", "trainee", "institution", "consortium", "local_government"
]


def memberships_of(user: User) -> list[Membership]:
    """Return what an account is to which active parties, with each party and its kind. One query."""
    return list(
        Membership.objects.select_related(
            "party", "party__business", "party__organisation", "party__person", "party__consortium"
        )
        .filter(user=user, party__state=PartyState.ACTIVE)
        .order_by("party__name", "party_id")
    )


def parties_of(user: User) -> list[Party]:
    """Return the active parties an account acts for, by name, each with its kind. One query."""
    return [member.party for member in memberships_of(user)]


def closed_parties(user: User) -> list[Party]:
    """Return the closed parties whose owner somebody was, the last closed first. One query."""
    rows = Party.objects.filter(state=PartyState.CLOSED, memberships__user=user, memberships__role=Role.OWNER)
    return list(rows.order_by("-closed_at", "-id"))


def owns(user: User, party: UUID) -> bool:
    """Whether somebody is an owner of a party, closed or not. One query."""
    return Membership.objects.filter(user=user, party=party, role=Role.OWNER).exists()


def applicant_type(party: Party) -> ApplicantType:
    """Return as what a party applies where a programme does not ask; a person may be a creator instead of a trainee.

    Reads the row of the party's kind.
    """
    match Kind(party.kind):
        case Kind.PERSON:
            return "trainee"
        case Kind.CONSORTIUM:
            return "consortium"
        case Kind.BUSINESS:
            return "cooperative" if party.business.form == BusinessForm.COOPERATIVE else "merchant"
        case Kind.ORGANISATION:
            local = party.organisation.form == OrganisationForm.LOCAL_GOVERNMENT
            return "local_government" if local else "institution"


def standing_of(party: Party) -> Standing | None:
    """Return whether a business or organisation is proved; None for a person or a consortium."""
    match Kind(party.kind):
        case Kind.BUSINESS:
            return Standing(party.business.standing)
        case Kind.ORGANISATION:
            return Standing(party.organisation.standing)
        case _:
            return None


def members(party: Party) -> list[Membership]:
    """Return who acts for a party, in the order in which they came. One query."""
    return list(Membership.objects.select_related("user").filter(party=party).order_by("since", "id"))


def pending_invitations(party: Party, *, now: datetime) -> list[Invitation]:
    """Return the invitations that wait for an answer. One query."""
    rows = Invitation.objects.filter(party=party, state=InvitationState.PENDING, expires__gt=now)
    return list(rows.order_by("created", "id"))


def requests_to_join(party: Party) -> list[Claim]:
    """Return who asks the owners to be let in. One query."""
    rows = Claim.objects.select_related("user").filter(party=party, way=Way.OWNER_CONSENT, state=ClaimState.OPEN)
    return list(rows.order_by("created", "id"))


def proofs(party: Party) -> list[Claim]:
    """Return the claims that prove a party, newest first, with their questions to the tax service. One query."""
    rows = Claim.objects.select_related("user", "request", "evidence").filter(party=party)
    return list(rows.exclude(way=Way.OWNER_CONSENT).order_by("-created", "-id")[:SHOWN])


def disputes(party: Party) -> list[Dispute]:
    """Return the open disputes over a party's number, whichever side it is on. One query."""
    rows = Dispute.objects.select_related("claim", "opened_by").filter(state=DisputeState.OPEN)
    return list(rows.filter(Q(holder=party) | Q(claim__party=party)).order_by("created", "id"))


def latest_status(party: Party) -> StatusCheck | None:
    """Return what the tax service said last; None if it was never asked. One query."""
    return StatusCheck.objects.filter(party=party).order_by("-asked_at", "-id").first()


def latest_statuses(parties: Iterable[UUID]) -> dict[UUID, StatusCheck]:
    """Return what the tax service said last of each party it was asked about. One query."""
    rows = StatusCheck.objects.filter(party__in=list(parties)).order_by("party_id", "-asked_at", "-id")
    return {row.party_id: row for row in rows.distinct("party_id")}


def waiting_check(party: Party) -> CheckRequest | None:
    """Return the question about a party's status that is not answered yet, or was given up last. One query."""
    rows = CheckRequest.objects.filter(party=party, kind=RequestKind.STATUS).order_by("-created", "-id")
    found = rows.first()
    return None if found is None or found.state == WorkState.DONE else found


def consortia_of(party: Party) -> list[ConsortiumMember]:
    """Return the consortia that a party belongs to, newest first. One query."""
    rows = ConsortiumMember.objects.select_related("consortium", "consortium__party", "consortium__lead")
    return list(rows.filter(party=party, consortium__party__state=PartyState.ACTIVE).order_by("-added", "-id"))


def consortium_members(consortium: Party) -> list[ConsortiumMember]:
    """Return the members of a consortium in their order, the lead first, with their kinds. One query."""
    rows = ConsortiumMember.objects.select_related(
        "consortium", "party", "party__business", "party__organisation", "signed_by"
    )
    return list(rows.filter(consortium=consortium.pk).order_by("added", "id"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a re-check is: parties, of which answered; batches given up and waiting, and when the next is due."""

    parties: int
    answered: int
    failed: int
    waiting: int
    next_due: datetime | None
    finished: datetime | None


def recheck_progress(key: str) -> Progress | None:
    """Return how far the re-check of a round is; None if there is none. Three queries."""
    run = RecheckRun.objects.filter(key=key).first()
    if run is None:
        return None
    counted = run.batches.aggregate(
        failed=Count("id", filter=Q(state=WorkState.FAILED)),
        waiting=Count("id", filter=Q(state__in=[WorkState.WAITING, WorkState.ASKING])),
        next_due=Min("due", filter=Q(state=WorkState.WAITING)),
    )
    answered = StatusCheck.objects.filter(batch__run=run).count()
    return Progress(run.parties, answered, counted["failed"], counted["waiting"], counted["next_due"], run.finished)


def names_of_subjects(subjects: Collection[str]) -> dict[str, str]:
    """Return the names of parties among subjects such as ``party:<uuid>``. One query."""
    ids = {subject: as_uuid(subject.removeprefix("party:")) for subject in subjects if subject.startswith("party:")}
    names = dict(Party.objects.filter(pk__in=filter(None, ids.values())).values_list("pk", "name"))
    return {subject: names[found] for subject, found in ids.items() if found in names}
