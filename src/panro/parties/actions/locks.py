"""Locks of the room, always taken in this order: number, account, party, then rows below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from panro.parties.models import Party

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_number(number: str) -> None:
    """Let nobody else claim a registration number until this transaction ends."""
    _advisory(f"parties:number:{number}")


def lock_account(user: UUID) -> None:
    """Let the same account do nothing else of this room until this transaction ends: a double click waits."""
    _advisory(f"parties:account:{user}")


def lock_party(party: UUID) -> Party:
    """Return a party, locked against every other act on it.

    Raises:
        Party.DoesNotExist: there is none.
    """
    return Party.objects.select_for_update(no_key=True).get(pk=party)


def lock_parties(parties: Iterable[UUID]) -> dict[UUID, Party]:
    """Return several parties, locked in the order of their ids."""
    found = Party.objects.select_for_update(no_key=True).filter(pk__in=list(parties)).order_by("id")
    return {party.pk: party for party in found}


def _advisory(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
