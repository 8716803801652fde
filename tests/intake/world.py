"""The people of these tests, their shops, and what they hold. Days are those of the first round of 3-1 in 2021."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from uuid import UUID

from django.db import transaction

from panro.accounts.models import User
from panro.catalog.models import Product
from panro.editions import actions as editions
from panro.editions.models import EditionVersion, VersionState
from panro.intake import actions
from panro.intake.calls import call_of
from panro.intake.declarations import CODES, consents, digests
from panro.intake.models import Application
from panro.intake.questions import Case
from panro.notify.models import Message
from panro.parties.models import Business, Membership, Party, Person
from panro.parties.states import Kind, Role, Standing
from panro.rules.edition.load import load_edition
from panro.rules.edition.model import Edition
from panro.rules.facts import FactValue
from panro.ui.clock import SEOUL
from panro.vault.models import Consent, ConsentTerms, Paper, StoredFact
from panro.vault.purposes import purpose
from panro.vault.states import PaperState

OPENS, CLOSES = date(2021, 3, 17), date(2021, 4, 9)
SUPPLEMENT_UNTIL, RESULTS_ON = date(2021, 4, 19), date(2021, 5, 17)
_numbers = count(1)


@cache
def year() -> Edition:
    return load_edition("2021")


def publish(*codes: str, changed: bool = False) -> EditionVersion:
    """Publish a year of some programmes; changed: with another summary, so as another version."""
    whole = year()
    update: dict[str, object] = {"programmes": list(codes)}
    if changed:
        update["summary"] = whole.head.summary.model_copy(update={"en": "Amended."})
    some = whole.model_copy(
        update={
            "head": whole.head.model_copy(update=update),
            "programmes": [whole.programme(code) for code in codes],
        }
    )
    now = datetime(2021, 3, 10, 1, tzinfo=UTC)
    EditionVersion.objects.filter(state=VersionState.PUBLISHED).update(state=VersionState.SUPERSEDED)
    with transaction.atomic():
        version = editions._keep_draft(some, now=now, by=None)
    reason = None if version.number == 1 else {"ko": "시험", "en": "a test"}
    found = EditionVersion.objects.filter(pk=version.pk)
    found.update(state=VersionState.PUBLISHED, published_at=now, reason=reason)
    return found.get()


def noon(day: date) -> datetime:
    """Noon in Seoul."""
    return datetime.combine(day, time(12), tzinfo=SEOUL)


def someone(name: str) -> User:
    return User.objects.create_user(f"{next(_numbers)}@example.com", name=name)


def officer() -> User:
    user = User.objects.create_user(f"{next(_numbers)}@agency.example", name="박담당")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


@dataclass
class Shop:
    """A merchant: its owner, its party, its products and papers."""

    owner: User
    party: Party
    products: list[UUID]
    papers: dict[str, UUID]


def business_number(serial: int) -> str:
    """A number whose check digit is right."""
    first = f"{124_81_0000 + serial:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
    total += int(first[8]) * 5 // 10
    return f"{first}{-total % 10}"


def shop(
    name: str = "미래상회", owner: str = "김민지", *, standing: Standing = Standing.VERIFIED, form: str = "sole"
) -> Shop:
    """A merchant with a product and every paper that the programmes of 2021 ask for."""
    user = someone(owner)
    now = noon(date(2021, 3, 2))
    party = Party.objects.create(kind=Kind.BUSINESS, name=name, created=now)
    Business.objects.create(
        party=party,
        business_number=business_number(next(_numbers)),
        form=form,
        representative=owner,
        opened_on=date(2018, 5, 1),
        address="서울특별시 종로구 1",
        region="11",
        phone="0212345678",
        standing=standing,
    )
    Membership.objects.create(user=user, party=party, role=Role.OWNER, since=now)
    return Shop(user, party, [product(party, user).pk], papers(party, user))


def person(name: str = "이수강") -> tuple[User, Party]:
    user = someone(name)
    now = noon(date(2021, 3, 2))
    party = Party.objects.create(kind=Kind.PERSON, name=name, created=now)
    Person.objects.create(party=party, user=user, region="26")
    Membership.objects.create(user=user, party=party, role=Role.OWNER, since=now)
    return user, party


def product(party: Party, user: User, name: str = "들기름") -> Product:
    now = noon(date(2021, 3, 3))
    return Product.objects.create(
        party=party,
        code=f"P{next(_numbers)}",
        name=name,
        origin="KR",
        maker="미래상회",
        maker_size="small",
        made_by="self",
        list_price=18_000,
        sale_price=15_000,
        created=now,
        saved=now,
        saved_by=user,
    )


def papers(party: Party, user: User, issued_on: date = date(2021, 3, 15)) -> dict[str, UUID]:
    codes = sorted({document.code for programme in year().programmes for document in programme.documents} - CODES)
    made = Paper.objects.bulk_create(paper_of(party, user, code, issued_on) for code in codes)
    return {paper.kind: paper.pk for paper in made}


def paper_of(party: Party, user: User, kind: str, issued_on: date, number: str = "") -> Paper:
    return Paper(
        party=party,
        kind=kind,
        number=number or f"제2021-{kind}호",
        issued_on=issued_on,
        state=PaperState.UNREAD,
        handed_in_on=max(issued_on, date(2021, 3, 16)),
        added_by=user,
        added_at=noon(max(issued_on, date(2021, 3, 16))),
    )


def consent(party: Party, user: User, programme: str, purposes: Mapping[str, Sequence[str]], day: date = OPENS) -> None:
    ConsentTerms.objects.bulk_create(
        (
            ConsentTerms(digest=one.digest(), purpose=one.code, terms=one.terms([one.items.ko]))
            for one in map(purpose, purposes)
        ),
        ignore_conflicts=True,
    )
    Consent.objects.bulk_create(
        Consent(
            party=party,
            programme=programme,
            purpose=code,
            recipient=recipient,
            items=[purpose(code).items.ko],
            terms_digest=purpose(code).digest(),
            given_by=user,
            given_at=noon(day),
            given_on=day,
        )
        for code, recipients in purposes.items()
        for recipient in recipients
    )


def draft(
    who: Shop, version: EditionVersion, programme: str = "3-1", round_code: str = "R1", day: date = OPENS
) -> Application:
    return actions.open_draft(who.party, version, programme, round_code, by=who.owner, now=noon(day), today=day)


def filled(
    who: Shop,
    version: EditionVersion,
    programme: str = "3-1",
    round_code: str = "R1",
    *,
    day: date = OPENS,
    track: str = "listing",
) -> Application:
    """A draft with everything that is needed to hand it in."""
    row = draft(who, version, programme, round_code, day)
    call = call_of(version, programme, round_code)
    now = noon(day)
    tracks = [one.code for one in call.tracks_for(row.applicant_type)]
    if tracks:
        track = track if track in tracks else tracks[0]
        actions.choose_track(row.pk, track, revision=row.revision, by=who.owner, now=now)
    else:
        track = ""
    case = Case(call.edition, call.programme, call.round_, call.type_of(row.applicant_type), track or None, day, {})
    row = Application.objects.get(pk=row.pk)
    if "choose_products" in case.steps:
        actions.choose_products(row.pk, who.products, revision=row.revision, by=who.owner, now=now)
        row.refresh_from_db()
    asked = [one.code for one in case.documents if one.is_required]
    given = {code: [who.papers[code]] for code in asked if code not in CODES}
    actions.choose_papers(row.pk, given, revision=row.revision, by=who.owner, now=now)
    row.refresh_from_db()
    actions.declare(
        row.pk,
        {code: terms for code, terms in digests(case).items() if code in asked},
        revision=row.revision,
        by=who.owner,
        now=now,
        today=day,
    )
    held = set(Consent.objects.filter(party=who.party, programme=call.key).values_list("purpose", flat=True))
    wanted = {one.code: [to.ko for to in one.recipients] for one in consents(case) if one.code not in held}
    consent(who.party, who.owner, call.key, wanted, day)
    row.refresh_from_db()
    return row


def hand_in(row: Application, who: Shop, day: date = OPENS, at: datetime | None = None) -> object:
    return actions.submit(row.pk, revision=row.revision, by=who.owner, now=at or noon(day), today=day)


def handed_in(who: Shop, version: EditionVersion, day: date = OPENS, **where: str) -> Application:
    """An application that was handed in."""
    row = filled(who, version, day=day, **where)
    hand_in(row, who, day)
    row.refresh_from_db()
    return row


def midnight_after(day: date) -> datetime:
    """The first moment of the next day in Seoul."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=SEOUL)


def know(who: Shop, key: str, value: FactValue, day: date, source: str = "applicant") -> None:
    """Let the vault know a fact from a day on."""
    StoredFact.objects.create(
        party=who.party,
        key=key,
        value=value,
        as_of=day,
        source=source,
        known_from=day,
        recorded_at=noon(day),
        recorded_by=who.owner,
    )


def inbox(template: str) -> list[Message]:
    """What people found in their inboxes."""
    return list(Message.objects.filter(template=template, channel="inbox").order_by("created", "pk"))
