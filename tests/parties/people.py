"""The people of the tests.

Mina runs a side-dish shop; Jiho works there; Sora is a stranger; Taek claims what is not his; Hana is an officer.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import connection

from panro.accounts.ids import new_id
from panro.accounts.models import User
from panro.files.models import StoredFile
from panro.parties import actions
from panro.parties.asking import ask_due
from panro.parties.conf import TaxAccount
from panro.parties.models import Business, Party
from panro.parties.purposes import PROOF
from panro.parties.standin.taxservice import Register, Registered, serve
from panro.parties.taxservice.odcloud import OdcloudTaxService

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from panro.parties.given import BusinessGiven, OrganisationGiven

NOW = datetime(2021, 4, 1, 1, 0, tzinfo=UTC)
TODAY = date(2021, 4, 1)
NUMBER, OTHER_NUMBER, THIRD_NUMBER = "1248100998", "2208162517", "1208147521"
MINAS = Registered(NUMBER, "김미나", "20180302")


def account(name: str, *, staff: bool = False) -> User:
    """An account whose address is verified."""
    user = User.objects.create_user(f"{name}@example.com", name=name)
    if staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def shop(**changes: object) -> BusinessGiven:
    given: BusinessGiven = {
        "name": "미나반찬",
        "business_number": "124-81-00998",
        "representative": "김미나",
        "opened_on": date(2018, 3, 2),
        "region": "11",
        "address": "서울특별시 마포구 월드컵북로 1",
        "phone": "02-300-1234",
    }
    return given | changes


def centre(**changes: object) -> OrganisationGiven:
    given: OrganisationGiven = {
        "name": "판로진흥재단",
        "form": "private",
        "representative": "박이사",
        "region": "26",
        "business_number": "220-81-62517",
    }
    return given | changes


def business_of(user: User, *, proved: bool = False, now: datetime = NOW, **changes: object) -> Party:
    """A registered business; ``proved`` as if an officer had seen its certificate."""
    party = actions.register_business(user, now=now, although_held=True, **shop(**changes))
    if proved:
        claim = actions.claim_by_paper(party.pk, evidence=certificate(user).pk, by=user, now=now)
        actions.decide_claim(claim.pk, granted=True, reason="", officer=an_officer(), now=now)
    return party


def centre_of(user: User, **changes: object) -> Party:
    return actions.register_organisation(user, now=NOW, **centre(**changes))


def an_officer() -> User:
    return User.objects.filter(is_staff=True).first() or account("hana", staff=True)


def certificate(owner: User, *, state: str = "clean", purpose: str = PROOF) -> StoredFile:
    """A file that was handed in as a certificate; its bytes are of no matter here."""
    identity = new_id()
    return StoredFile.objects.create(
        id=identity,
        owner=owner,
        purpose=purpose,
        name="사업자등록증.pdf",
        size=10,
        sha256="a" * 64,
        type="application/pdf",
        state=state,
        examined=NOW if state == "clean" else None,
        key=f"files/{identity}",
        created=NOW,
    )


def standing(party: Party) -> str:
    return Business.objects.get(party=party).standing


@dataclass
class Tax:
    """The stand-in on the wire, the client that asks it, and a clock that a test moves."""

    register: Register
    service: OdcloudTaxService
    now: datetime = NOW
    calls_per_day: int = 1_000
    ends_after: timedelta = timedelta(seconds=50)

    def ask(self) -> int:
        """One run of the task at the moment of the clock."""
        return ask_due(
            self.service, calls_per_day=self.calls_per_day, clock=lambda: self.now, until=self.now + self.ends_after
        )

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@contextmanager
def tax_service(*, slow: float = 1.0, timeout: float = 5.0, key: str = "KEY") -> Iterator[Tax]:
    register = Register("KEY", slow=slow)
    server = serve(register, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield Tax(register, OdcloudTaxService(TaxAccount(key, url, 1_000, timeout)))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run acts in threads that start together; say how each ended."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except Exception as wrong:  # noqa: BLE001 - the outcome is what is asserted
            outcomes.append(type(wrong).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
