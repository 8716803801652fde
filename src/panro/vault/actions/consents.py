"""Giving consents and withdrawing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from panro.record.actions import Deed, record_many
from panro.ui.clock import day_of
from panro.vault import seams
from panro.vault.models import Consent, ConsentTerms
from panro.vault.purposes import purpose as purpose_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.models import Party


@dataclass(frozen=True, slots=True)
class Giving:
    """A consent to give with others; the words are those of :func:`give_consent`, its items those of the purpose.

    ``by`` is the account that consents for the party.
    """

    party: UUID
    by: UUID
    programme: str
    purpose: str
    recipients: tuple[str, ...]
    at: datetime
    today: date


@transaction.atomic
def give_consents(given: Sequence[Giving], *, now: datetime) -> list[Consent]:
    """Give consents of many parties at once; returns those that were not given before. Constant statements.

    What somebody consented to before in other words stays as it is.

    Raises:
        UnknownPurposeError: nothing of a code can be consented to.
    """
    rows = []
    for one in given:
        asked = purpose_of(one.purpose)
        items = [asked.items.ko]
        rows += [
            Consent(
                party_id=one.party,
                programme=one.programme,
                purpose=one.purpose,
                recipient=recipient,
                items=items,
                terms_digest=asked.digest(items),
                given_by_id=one.by,
                given_at=one.at,
                given_on=one.today,
            )
            for recipient in sorted(set(one.recipients))
        ]
    _keep_words({one.purpose: [purpose_of(one.purpose).items.ko] for one in given})
    Consent.objects.bulk_create(rows, ignore_conflicts=True)
    stored = set(Consent.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.pk in stored]
    record_many(_deeds("consent_given", new), now=now)
    return new


@transaction.atomic
def give_consent(
    party: Party,
    *,
    programme: str,
    recipients: Sequence[str],
    purpose: str,
    items: Sequence[str] = (),
    by: User,
    now: datetime,
    today: date | None = None,
) -> list[Consent]:
    """Consent to one purpose of one programme, towards each recipient; giving it again changes nothing.

    Given in other words than before, it takes the place of the earlier one, which holds for what was done until then.

    Args:
        party: whose data.
        programme: edition and programme, such as ``2021/3-1``.
        recipients: who gets the data, by name.
        purpose: a code of ``data/consents.toml``.
        items: what data; by default what the purpose names.
        by: who consents for the party; its owner.
        now: the moment.
        today: the day from which it holds; the day of ``now`` in Seoul unless given.

    Raises:
        UnknownPurposeError: nothing of this code can be consented to.
    """
    asked = purpose_of(purpose)
    named = [str(item) for item in items] or [asked.items.ko]
    digest, day = asked.digest(named), today or day_of(now)
    _keep_words({purpose: named})
    _replace_older(party, programme, purpose, recipients, digest, by=by, now=now, day=day)
    # Two at once would both find nothing: the unique constraint lets the second wait, and then leaves it out.
    Consent.objects.bulk_create(
        [
            Consent(
                party=party,
                programme=programme,
                purpose=purpose,
                recipient=recipient,
                items=named,
                terms_digest=digest,
                given_by=by,
                given_at=now,
                given_on=day,
            )
            for recipient in sorted(set(recipients))
        ],
        ignore_conflicts=True,
    )
    held = list(
        Consent.objects.filter(
            party=party, programme=programme, purpose=purpose, recipient__in=list(recipients), withdrawn_at=None
        ).order_by("recipient")
    )
    if new := [consent for consent in held if consent.given_at == now]:
        _record("consent_given", new, by, now)
    return held


@transaction.atomic
def withdraw_consent(
    consents: Iterable[UUID], *, party: Party, by: User, now: datetime, today: date | None = None
) -> list[Consent]:
    """Withdraw consents of a party; returns them. Those withdrawn before, or of another party, are left out.

    Rooms above are told in the same transaction: what rests on a consent ends with it.
    """
    rows = list(
        Consent.objects.select_for_update()
        .filter(pk__in=list(consents), party=party, withdrawn_at=None)
        .order_by("programme", "purpose", "recipient")
    )
    for row in rows:
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_on = by, now, max(today or day_of(now), row.given_on)
    Consent.objects.bulk_update(rows, ["withdrawn_by", "withdrawn_at", "withdrawn_on"])
    if rows:
        _record("consent_withdrawn", rows, by, now)
        for told in seams.consent_withdrawn:
            told(rows, now=now)
    return rows


def _keep_words(said: Mapping[str, Sequence[str]]) -> None:
    """Keep the words of purposes, by purpose with the items named, where they are not kept yet."""
    words = [
        ConsentTerms(digest=asked.digest(items), purpose=asked.code, terms=asked.terms(items))
        for asked, items in ((purpose_of(code), items) for code, items in sorted(said.items()))
    ]
    ConsentTerms.objects.bulk_create(words, ignore_conflicts=True)


def _replace_older(
    party: Party,
    programme: str,
    purpose: str,
    recipients: Sequence[str],
    digest: str,
    *,
    by: User,
    now: datetime,
    day: date,
) -> None:
    """End consents that were given in other words; nothing that rests on them ends, because a new one follows."""
    older = Consent.objects.filter(
        party=party, programme=programme, purpose=purpose, recipient__in=list(recipients), withdrawn_at=None
    ).exclude(terms_digest=digest)
    rows = list(older.select_for_update().order_by("recipient"))
    for row in rows:
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_on = by, now, max(day, row.given_on)
    if rows:
        Consent.objects.bulk_update(rows, ["withdrawn_by", "withdrawn_at", "withdrawn_on"])
        _record("consent_replaced", rows, by, now)


def _record(act: str, rows: Sequence[Consent], by: User, now: datetime) -> None:
    record_many(_deeds(act, rows, by=by.pk, at=now), now=now)


def _deeds(act: str, rows: Sequence[Consent], *, by: UUID | None = None, at: datetime | None = None) -> list[Deed]:
    """One entry per party, programme and purpose; by whom and when they were given, unless it is said."""
    by_subject: dict[tuple[UUID, str, str], list[Consent]] = {}
    for row in rows:
        by_subject.setdefault((row.party_id, row.programme, row.purpose), []).append(row)
    return [
        Deed(
            act,
            actor=str(by or same[0].given_by_id),
            subject=f"party:{party}",
            at=at or same[0].given_at,
            public={"programme": programme, "purpose": purpose, "recipients": [row.recipient for row in same]},
            payload={"items": list(same[0].items), "terms": same[0].terms_digest},
        )
        for (party, programme, purpose), same in by_subject.items()
    ]
