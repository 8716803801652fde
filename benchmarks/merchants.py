"""Made-up merchants for the measurements: one that walked through the pages, and as many like it as are asked for.

Imported when Django is set up. The first merchant writes its application on the pages; its rows are then copied, so
that every draft holds what a real one holds.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import batched, count
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.catalog.models import Product
from panro.editions.models import EditionVersion, VersionState
from panro.intake.actions import Submission
from panro.intake.actions.submitting import NO_CHECKS, submit_many
from panro.intake.declarations import CODES
from panro.intake.models import Application, ChosenPaper, ChosenProduct, DraftStep
from panro.parties.models import Business, Membership, Party
from panro.parties.states import Kind, Role, Standing
from panro.rules.edition.load import load_edition
from panro.rules.eligibility import keys
from panro.vault.models import Consent, Paper, StoredFact
from panro.vault.states import PaperState

if TYPE_CHECKING:
    from django.db.models import Model

DAY: Final = date(2021, 4, 1)
NOON: Final = datetime(2021, 4, 1, 3, tzinfo=UTC)
PROGRAMME: Final = "3-1"
TOKEN: Final = "benchmark" + "0" * 23
UPLOADED: Final = frozenset({"event_offer", "product_introduction"})
BATCH: Final = 1_000
_serials = count(1)


@dataclass(frozen=True, slots=True)
class Merchant:
    """Somebody at the pages; ``application`` is set if a draft is ready, with its revision."""

    user: UUID
    party: UUID
    session: str
    application: UUID | None = None
    revision: int = 0

    def task(self, do: str, **more: object) -> dict[str, Any]:
        """What the load generator is told."""
        return {
            "do": do,
            "session": self.session,
            "token": TOKEN,
            "party": str(self.party),
            "application": str(self.application or ""),
            "revision": self.revision,
            **more,
        }


def notice() -> EditionVersion:
    """The published notice."""
    return EditionVersion.objects.get(state=VersionState.PUBLISHED)


def first_merchant() -> Merchant:
    """A merchant with a product and every paper that the year asks for, save those it will upload."""
    user = User.objects.create(email="merchant-0@example.com", name="김민지", password=make_password(None))
    party = Party.objects.create(kind=Kind.BUSINESS, name="미래상회", created=NOON)
    Business.objects.create(
        party=party,
        business_number=business_number(next(_serials)),
        form="sole",
        representative="김민지",
        opened_on=date(2018, 5, 2),
        address="서울특별시 종로구 1",
        region="11",
        phone="0212345678",
        standing=Standing.VERIFIED,
    )
    Membership.objects.create(user=user, party=party, role=Role.OWNER, since=NOON)
    Product.objects.create(
        party=party,
        code="P1",
        name="들기름",
        origin="KR",
        maker="미래상회",
        maker_size="small",
        made_by="self",
        list_price=18_000,
        sale_price=15_000,
        created=NOON,
        saved=NOON,
        saved_by=user,
    )
    codes = {document.code for programme in load_edition("2021").programmes for document in programme.documents}
    Paper.objects.bulk_create(
        Paper(
            party=party,
            kind=code,
            number=f"제2021-{code}호",
            issued_on=date(2021, 3, 15),
            state=PaperState.UNREAD,
            handed_in_on=date(2021, 3, 16),
            added_by=user,
            added_at=NOON,
        )
        for code in sorted(codes - CODES - UPLOADED)
    )
    (session,) = sessions([user])
    return Merchant(user.pk, party.pk, session)


def sessions(users: list[User]) -> list[str]:
    """Log accounts in, as the log-in page leaves them; returns the keys for their cookies. One statement a batch."""
    store, rows = SessionStore(), []
    until = datetime(9999, 1, 1, tzinfo=UTC)
    for user in users:
        inside = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        rows.append(Session(session_key=secrets.token_hex(16), session_data=store.encode(inside), expire_date=until))
    Session.objects.bulk_create(rows, batch_size=BATCH)
    return [row.session_key for row in rows]


def like(one: Merchant, number: int) -> list[Merchant]:
    """As many merchants with all that this one has, its draft among it."""
    made: list[Merchant] = []
    pattern = _rows_of(one)
    for batch in batched(range(number), BATCH, strict=False):
        made += _copies(pattern, len(batch))
    return made


def held() -> int:
    """How many applications the round holds."""
    return Application.objects.filter(submitted_at__isnull=False).count()


def hold(one: Merchant, number: int) -> None:
    """Fill the round up to so many that were handed in, set-wise and with nothing checked or told."""
    pattern = [*_rows_of(one)[:3], *Application.objects.filter(party=one.party)]
    for batch in batched(range(held(), number), BATCH, strict=False):
        made = _copies(pattern, len(batch), logged_in=False)
        handed_in = [Submission(each.application, each.user, DAY) for each in made if each.application]
        submit_many(handed_in, now=timezone.now(), checks=NO_CHECKS, tell=False)


def _rows_of(one: Merchant) -> list[Model]:
    """Everything a merchant has, in an order in which it can be written anew."""
    of_party = {"party": one.party}
    of_application = {"application__party": one.party}
    return [
        User.objects.get(pk=one.user),
        Party.objects.get(pk=one.party),
        Business.objects.get(pk=one.party),
        Membership.objects.get(**of_party),
        *Product.objects.filter(**of_party),
        *Paper.objects.filter(**of_party),
        *Consent.objects.filter(**of_party),
        *StoredFact.objects.filter(**of_party),
        *Application.objects.filter(**of_party),
        *ChosenProduct.objects.filter(**of_application),
        *ChosenPaper.objects.filter(**of_application),
        *DraftStep.objects.filter(**of_application),
    ]


def _copies(pattern: list[Model], number: int, *, logged_in: bool = True) -> list[Merchant]:
    """Write the rows so many times, each time with ids of its own; one statement per table and batch."""
    made: dict[type[Model], list[Model]] = {}
    found = []
    for _ in range(number):
        serial = next(_serials)
        ids: dict[UUID, UUID] = {row.pk: new_id() for row in pattern if isinstance(row.pk, UUID)}
        rows = [_copy(row, ids, serial) for row in pattern]
        for row in rows:
            made.setdefault(type(row), []).append(row)
        application = next((row for row in rows if isinstance(row, Application)), None)
        found.append((rows[0], rows[1].pk, application))
    for model, rows in made.items():
        model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 - Django's name for it
    users = [user for user, _party, _application in found if isinstance(user, User)]
    logged = sessions(users) if logged_in else [""] * number
    return [
        Merchant(
            user.pk, party, key, application.pk if application else None, application.revision if application else 0
        )
        for (user, party, application), key in zip(found, logged, strict=True)
    ]


def _copy(row: Model, ids: dict[UUID, UUID], serial: int) -> Model:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001 - documented
    values = {name: ids.get(value, value) if isinstance(value, UUID) else value for name, value in values.items()}
    if isinstance(row, User):
        values["email"] = f"merchant-{serial}@example.com"
    if isinstance(row, Business):
        values["business_number"] = business_number(serial)
    if isinstance(row, StoredFact) and row.key == keys.BUSINESS_NUMBER:
        values["value"] = business_number(serial)
    return type(row)(**values)


def business_number(serial: int) -> str:
    """A number whose check digit is right."""
    first = f"{100_00_0000 + serial:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
    total += int(first[8]) * 5 // 10
    return f"{first}{-total % 10}"


def check_address(one: Merchant) -> str:
    """Where the tax service is asked about a merchant."""
    return reverse("parties:check_status", kwargs={"party": one.party})
