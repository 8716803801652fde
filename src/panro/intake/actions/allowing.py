"""What an officer allows: more time for one applicant, and a place among those the agency names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from panro.intake import notices
from panro.intake.calls import Call, call_of, day_for
from panro.intake.errors import DayError, NotNominatedError, NotOpenError
from panro.intake.models import Application, Extension, Nomination, Pool
from panro.intake.states import State
from panro.notify.actions import Notice, ToAccount
from panro.parties.models import Membership
from panro.record.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.parties.models import Party


@transaction.atomic
def extend(
    party: Party,
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    until: date,
    reason: str,
    by: User,
    now: datetime,
    today: date | None = None,
) -> Extension:
    """Give one applicant more time in one round; a draft that had missed its day can be written on.

    Args:
        party: the applicant.
        version: the notice in force.
        programme: its code.
        round_code: code of the round.
        until: the new last day: after the round's own, and not after its last day for supplements.
        reason: why; it is kept and shown to the applicant.
        by: the officer.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.

    Raises:
        DayError: the day lies outside.
        NotOpenError: the pool of the round is frozen.
    """
    call, day = call_of(version, programme, round_code), day_for(now, today)
    _check_day(until, call, day)
    of_round = {"edition_id": version.edition_id, "programme": programme, "round_code": round_code}
    drafts = Application.objects.filter(**of_round, party=party, state__in=[State.DRAFT, State.MISSED])
    rows = list(drafts.select_for_update().order_by("pk"))
    if Pool.objects.filter(**of_round, frozen_at__isnull=False).exists():
        raise NotOpenError.frozen()
    given, _made = Extension.objects.get_or_create(
        **of_round, party=party, until=until, defaults={"reason": reason, "given_by": by, "given_at": now}
    )
    for row in _longer(rows, until):
        row.state, row.closes = State.DRAFT, until
        row.save(update_fields=["state", "closes"])
        notices.tell([notices.about_draft("extension_granted", row, call)], now=now)
    record(
        "extension_given",
        actor=str(by.pk),
        subject=f"party:{party.pk}",
        at=now,
        now=now,
        payload={"round": call.round_id, "until": until.isoformat(), "reason": reason},
    )
    return given


def nominate(
    parties: Sequence[Party],
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    reason: str,
    by: User,
    now: datetime,
    today: date | None = None,
) -> list[Nomination]:
    """Name applicants for a round that the agency fills by naming, and ask them to apply; in the order given.

    Who is named already stays so. Naming is no application: the applicant still hands one in, of its own will.

    Raises:
        NotNominatedError: the round does not choose by nomination.
        NotOpenError: it is over, or frozen.
    """
    call, day = call_of(version, programme, round_code), day_for(now, today)
    if (call.round_.method or call.programme.method) != "nomination":
        raise NotNominatedError
    if day > call.round_.closes:
        raise NotOpenError.over(call.round_.closes)
    of_round = {"edition_id": version.edition_id, "programme": programme, "round_code": round_code}
    wanted = {party.pk: party for party in parties}
    with transaction.atomic():
        named = set(Nomination.objects.filter(**of_round, party__in=wanted).values_list("party_id", flat=True))
        Nomination.objects.bulk_create(
            [
                Nomination(**of_round, party_id=key, reason=reason, named_by=by, named_at=now, named_on=day)
                for key in wanted
                if key not in named
            ],
            ignore_conflicts=True,
        )
        for key in wanted.keys() - named:
            record(
                "applicant_nominated",
                actor=str(by.pk),
                subject=f"party:{key}",
                at=now,
                now=now,
                payload={"round": call.round_id, "reason": reason},
            )
        notices.tell(_invitations(wanted.keys() - named, call), now=now)
        stored = {one.party_id: one for one in Nomination.objects.filter(**of_round, party__in=wanted)}
    return [stored[key] for key in wanted]


def _check_day(until: date, call: Call, day: date) -> None:
    first, last = max(call.round_.closes, day), call.round_.supplement_until
    if not (until > call.round_.closes and day <= until <= last):
        raise DayError(first, last)


def _longer(rows: Sequence[Application], until: date) -> list[Application]:
    """The drafts that get more time: the one being written, else the latest that was missed."""
    drafts = [row for row in rows if row.state == State.DRAFT] or [row for row in rows if row.closes < until][-1:]
    return [row for row in drafts if row.closes < until]


def _invitations(parties: set[UUID], call: Call) -> list[Notice]:
    members = Membership.objects.filter(party__in=parties, user__is_active=True).order_by("party_id", "user_id")
    return [
        Notice(
            template="applicant_nominated",
            to=ToAccount(user),
            values={
                "programme": call.programme.name.text,
                "deadline": call.round_.closes.isoformat(),
                "link": notices.address_of_round(call),
            },
            key=f"applicant_nominated:{call.round_id}:{party}:{user}",
        )
        for party, user in members.values_list("party_id", "user_id")
    ]
