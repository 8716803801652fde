"""What the tests of the vault share: a moment, parties, files, and short ways to say things."""

import io
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from files.made import PDF
from panro.accounts.models import User
from panro.files import actions as files
from panro.files import examination
from panro.files.models import StoredFile
from panro.files.scanner import Scan, Verdict
from panro.korea.numbers import make_business_number
from panro.parties.models import Business, Membership, Party
from panro.vault.actions import Statement, add_paper, state_facts
from panro.vault.models import Paper
from panro.vault.queries import facts

SEOUL = ZoneInfo("Asia/Seoul")
TODAY = date(2021, 4, 9)
NOW = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
_NUMBERS = iter(range(1_000, 999_999))


def at(day: date) -> datetime:
    """Noon in Seoul."""
    return datetime.combine(day, time(12), tzinfo=SEOUL)


def april(day: int) -> date:
    return date(2021, 4, day)


def person(email: str, name: str, party: Party | None = None, role: str = "owner", *, staff: bool = False) -> User:
    user = User.objects.create_user(email, name=name)
    if staff:
        user.is_staff = True
        user.save()
    if party is not None:
        Membership.objects.create(user=user, party=party, role=role, since=NOW)
    return user


def business(owner: User, name: str = "한마음 두부") -> Party:
    party = Party.objects.create(kind="business", name=name, created=NOW)
    Membership.objects.create(user=owner, party=party, role="owner", since=NOW)
    number = make_business_number(f"{next(_NUMBERS):09d}")
    Business.objects.create(
        party=party,
        business_number=number,
        form="sole",
        representative="김두부",
        opened_on=date(2015, 3, 2),
        region="11",
        address="서울 종로구",
        phone="0212345678",
    )
    return party


class Says:
    """A scanner with one answer."""

    def __init__(self, verdict: Verdict = Verdict.CLEAN, detail: str = "") -> None:
        self.scanned = Scan(verdict, detail)

    def scan(self, stream: object) -> Scan:
        del stream
        return self.scanned


def uploaded(owner: User, body: bytes = PDF, name: str = "확인서.pdf", *, now: datetime = NOW) -> StoredFile:
    return files.store(owner=owner.pk, purpose_code="vault_paper", name=name, stream=io.BytesIO(body), now=now)


def examined(file: StoredFile, scanner: Says | None = None, *, now: datetime = NOW) -> StoredFile:
    examination.examine(file.pk, scanner=scanner or Says(), clock=lambda: now)
    file.refresh_from_db()
    return file


def certificate(party: Party, by: User, **changes: object) -> Paper:
    """A small-merchant certificate of the year 2021."""
    given: dict[str, object] = {
        "number": "0010-2021-123456",
        "issued_on": date(2021, 4, 1),
        "valid_from": date(2021, 4, 1),
        "valid_to": date(2022, 3, 31),
        "by": by,
        "now": NOW,
    }
    return add_paper(party, "small_merchant_certificate", **(given | changes))


def tell(party: Party, key: str, value: object, as_of: date, source: str = "applicant", **more: object) -> None:
    told = Statement(party.pk, key, value, as_of, source, known_from=more.pop("known_from", as_of), **more)
    state_facts([told], by="system:test", now=NOW)


def known(party: Party, papers: date, registers: date | None = None) -> dict[str, tuple[object, date, str]]:
    found = facts([party.pk], papers_until=papers, registers_on=registers)[party.pk]
    return {key: (fact.value, fact.as_of, fact.source) for key, fact in found.items()}


def again(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


def ids(*rows: object) -> list[UUID]:
    return [row.pk for row in rows]
