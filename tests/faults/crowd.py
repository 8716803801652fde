"""A crowd of shops with everything ready to hand in, put into the database that DATABASE_URL names.

Run as a program of its own: what it leaves behind is a database to which no process of the tests is connected.
One shop is made by the actions; the others are its likenesses, because a crowd takes minutes to make by hand.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import Model

    from panro.accounts.models import User
    from panro.intake.models import Application

DELIVERIES: Final = 240


def main(count: int) -> None:
    """Print one line of JSON: for each shop its application, its revision and the key of its owner's session."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panro.site.settings")
    from django import setup  # noqa: PLC0415 - settings are read only now

    setup()
    from intake import world  # noqa: PLC0415 - models are there only now
    from panro.site.tables import migrate_all  # noqa: PLC0415 - same

    migrate_all(verbosity=0)
    notice = world.publish("3-1")
    first = world.shop()
    row = world.filled(first, notice)
    made = [(first.owner, row), *likenesses(first, row, count - 1)]
    sessions = open_sessions([owner for owner, _row in made])
    ask_for_deliveries()
    sys.stdout.write(
        json.dumps(
            [
                {"application": str(row.pk), "revision": row.revision, "session": session}
                for (_owner, row), session in zip(made, sessions, strict=True)
            ]
        )
    )


def likenesses(shop: Any, row: Application, count: int) -> list[tuple[User, Application]]:  # noqa: ANN401 - intake.world.Shop is known only once models are
    """Copy everything of a shop so often; only what must be unique differs."""
    from intake import world  # noqa: PLC0415 - models are there only now
    from panro.accounts.ids import new_id  # noqa: PLC0415 - same
    from panro.vault.models import Consent, StoredFact  # noqa: PLC0415 - same

    chosen = list(row.papers.all())
    papers = [one.paper for one in chosen]
    row.refresh_from_db()
    kinds: list[list[Model]] = [
        [shop.owner],
        [shop.party],
        [shop.party.business],
        list(shop.party.memberships.all()),
        list(shop.party.products.all()),
        papers,
        list(Consent.objects.filter(party=shop.party)),
        list(StoredFact.objects.filter(party=shop.party)),
        [row],
        list(row.products.all()),
        chosen,
    ]
    new: list[dict[UUID, UUID]] = [{} for _ in range(count)]
    serial = iter(range(5_000, 5_000 + count))
    found: list[tuple[User, Application]] = []
    owners: list[User] = []
    for rows in kinds:
        for original in rows:
            copies: list[Model] = []
            for place in range(count):
                copy = _copy(original, new[place], new_id)
                if hasattr(copy, "email"):
                    copy.email = f"likeness-{place}@example.com"
                if hasattr(copy, "business_number"):
                    copy.business_number = world.business_number(next(serial))
                copies.append(copy)
            type(original)._base_manager.bulk_create(copies)
            if original is shop.owner:
                owners = copies  # type: ignore[assignment] # copies of a user are users
            if original is row:
                found = list(zip(owners, copies, strict=True))  # type: ignore[arg-type] # as above
    return found


def _copy(original: Model, new: dict[UUID, UUID], new_id: Any) -> Any:  # noqa: ANN401 - a row of any model
    values = {}
    for field in original._meta.concrete_fields:
        value = getattr(original, field.attname)
        if field.primary_key and not field.is_relation:
            values[field.attname] = new.setdefault(value, new_id()) if hasattr(value, "hex") else None
        elif not field.generated:
            values[field.attname] = new.get(value, value) if hasattr(value, "hex") else value
    return type(original)(**values)


def open_sessions(owners: list[User]) -> Iterator[str]:
    """Log each of them in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 - as above
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - as above

    for owner in owners:
        session = SessionStore()
        session[SESSION_KEY] = str(owner.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
        session.create()
        yield str(session.session_key)


def ask_for_deliveries() -> None:
    """Have the worker carry out what is due twice a second, so that it is at work whenever it is killed."""
    from django.utils import timezone  # noqa: PLC0415 - as above

    from panro.notify.tasks import deliver  # noqa: PLC0415 - as above

    now = timezone.now()
    for place in range(DELIVERIES):
        deliver.using(run_after=now + timedelta(seconds=place / 2)).enqueue()


if __name__ == "__main__":
    main(int(sys.argv[1]))
