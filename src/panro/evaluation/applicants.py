"""What is known of those who judge and of those who are judged, for finding conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.evaluation.detecting import Applicant, Judge
from panro.evaluation.models import Participant, Reviewer
from panro.parties.models import Business, ConsortiumMember, Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from panro.evaluation.models import StageRun


def judges(run: StageRun) -> list[Judge]:
    """Everybody on a stage's roster. One query."""
    return [
        Judge(
            reviewer=one.pk,
            name=one.user.name,
            businesses=frozenset(one.businesses),
            contracts=frozenset(one.contracts),
            employer=one.employer,
            employer_number=one.employer_number,
            address_digest=one.address_digest,
        )
        for one in Reviewer.objects.filter(rosters__run=run).select_related("user").order_by("code")
    ]


def applicants(run: StageRun) -> list[Applicant]:
    """Everybody who takes part in a stage; of a consortium every member. Four queries."""
    parties: dict[UUID, list[UUID]] = {}
    names = {}
    rows = Participant.objects.filter(run=run).order_by("result_no")
    for application, party, name in rows.values_list(
        "application_id", "application__party_id", "application__party__name"
    ):
        parties.setdefault(party, []).append(application)
        names[party] = name
    members = ConsortiumMember.objects.filter(consortium__in=parties).order_by("added", "id")
    for consortium, party, name in members.values_list("consortium_id", "party_id", "party__name"):
        parties.setdefault(party, []).extend(parties[consortium])
        names[party] = name
    found = []
    told: set[UUID] = set()
    for model in (Business, Organisation):
        values = model._default_manager.filter(party__in=parties).values_list(  # noqa: SLF001 - Django documents it
            "party_id", "business_number", "representative", "address"
        )
        for party, number, representative, address in values.order_by("party_id"):
            told.add(party)
            found += [
                Applicant(application, names[party], number, representative, address) for application in parties[party]
            ]
    for party in parties.keys() - told:
        found += [Applicant(application, names[party], "", names[party], "") for application in parties[party]]
    return found
