"""The consents of invented applicants: those without which the notice takes nothing in, and to fetching papers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from panro.intake.calls import call_of
from panro.intake.declarations import consents
from panro.intake.questions import Case
from panro.site.rehearsing.hours import MORNING
from panro.vault.actions import Giving
from panro.vault.actions import give_consents as give

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.editions.models import EditionVersion
    from panro.intake.calls import Call
    from panro.rehearsal.filing import Filing
    from panro.rules.edition.parts import ApplicantType
    from panro.site.rehearsing.people import Member

    type Wanted = list[tuple[str, tuple[str, ...]]]

SHARING: Final = "share_papers"
"""That the agency may fetch tax clearances itself."""


def give_consents(version: EditionVersion, filings: Sequence[tuple[Member, Filing]]) -> None:
    """Have applicants consent on the day of their application to what the notice asks; all in one set.

    Who lets the agency fetch its tax clearances consents to that too. Everybody consents, also who forgets the paper
    that says so: what is missing among the papers is told in the review.
    """
    first = filings[0][1]
    call = call_of(version, first.programme.code, first.round_.code)
    asked: dict[tuple[ApplicantType, str], Wanted] = {}
    given = []
    for member, one in filings:
        kind = (one.party.type, one.track)
        if kind not in asked:
            asked[kind] = _asked(call, one)
        sharing: Wanted = [(SHARING, (_agency(call),))] if one.party.shares_taxes else []
        given += [
            Giving(
                party=member.party.pk,
                by=member.user.pk,
                programme=call.key,
                purpose=purpose,
                recipients=recipients,
                at=datetime.combine(one.on, MORNING),
                today=one.on,
            )
            for purpose, recipients in [*asked[kind], *sharing]
        ]
    give(given, now=datetime.combine(max(one.on for _member, one in filings), MORNING))


def _asked(call: Call, one: Filing) -> Wanted:
    case = Case(
        edition=call.edition,
        programme=call.programme,
        round_=call.round_,
        applicant_type=one.party.type,
        track=one.track or None,
        on=one.on,
        facts={},
    )
    return [
        (found.purpose.code, tuple(recipient.ko for recipient in found.recipients))
        for found in consents(case)
        if found.purpose.required
    ]


def _agency(call: Call) -> str:
    return call.edition.head.agency.name.ko
