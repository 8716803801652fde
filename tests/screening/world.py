"""The people of the desk, and applications that come to it. Days are those of the first round of 3-1 in 2021."""

from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator

from intake import world
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake.actions import freeze_pool
from panro.intake.models import Application
from panro.rules.eligibility import keys
from panro.rules.facts import FactValue
from panro.rules.findings import Moment
from panro.screening import actions
from panro.screening.models import Case
from panro.staff import grants
from panro.staff.models import StaffRole
from panro.staff.states import Role
from panro.vault.models import StoredFact

REVIEW_ON = SUPPLEMENT_UNTIL + timedelta(days=1)
CLEARED: FactValue = {"arrears": 0, "deferred": 0, "valid_to": (REVIEW_ON + timedelta(days=30)).isoformat()}
MOMENTS = (Moment.APPLICATION, Moment.CLOSING, Moment.SELECTION)


def with_roles(user: User, *roles: Role) -> User:
    """The same account, which works at the desk."""
    for role in roles or (Role.OFFICER,):
        if not StaffRole.objects.filter(user=user, role=role, ended_at=None).exists():
            StaffRole.objects.create(
                user=user, role=role, granted_at=datetime.fromisoformat("2021-03-01T00:00Z"), granted_by="system:cli"
            )
    return User.objects.get(pk=user.pk)


def hire(name: str, *roles: Role) -> User:
    """Somebody of the agency with a second factor."""
    user = User.objects.create_user(f"{name}@agency.kr", "pw", name=name)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    for role in roles:
        grants.grant(user.email, role, granted_by=grants.BY_OPERATOR, now=noon(OPENS))
    return User.objects.get(pk=user.pk)


def looked_up(who: Shop, key: str, value: FactValue, day: date, source: str) -> None:
    """Let the vault know what a register answered for a day."""
    StoredFact.objects.create(
        party=who.party,
        key=key,
        value=value,
        as_of=day,
        source=source,
        looked_up=True,
        known_from=day,
        recorded_at=noon(day),
        recorded_by=who.owner,
    )


def clean(who: Shop, *, closing: date = CLOSES) -> None:
    """Let the vault know everything that speaks for a merchant: at application, as of the closing date, at review."""
    for day in (OPENS, closing, REVIEW_ON):
        looked_up(who, keys.OPERATING, {"status": "open", "ended_on": None}, day, "nts")
    since = OPENS - timedelta(days=10)
    certificate = {"number": "1", "valid_from": since.isoformat(), "valid_to": "2022-03-31"}
    for key, value, source in (
        (keys.CERTIFICATE, certificate, "certificate"),
        (keys.INDUSTRY, {"code": "47190", "revision": 10}, "applicant"),
        (keys.NATIONAL_TAX, CLEARED, "tax_office"),
        (keys.LOCAL_TAX, CLEARED, "tax_office"),
        (keys.AVERAGE_SALES, 300_000_000, "certificate"),
        (keys.EMPLOYEES, "3", "certificate"),
        (keys.DISHONOURED, False, "clearing_house"),
        (keys.CREDIT_DEFAULT, False, "credit_register"),
        (keys.UNFAIR_PRACTICE, [], "ftc"),
        (keys.APPLICANT_TYPE, "merchant", "applicant"),
        (keys.REGION, "11", "applicant"),
        (keys.MARKET_LISTING, "listed", "market"),
    ):
        world.know(who, key, value, since, source)


def at_the_desk(notice: EditionVersion, *shops: Shop, day: date = OPENS) -> list[Case]:
    """Applications that were handed in, with their cases."""
    rows = [world.handed_in(who, notice, day) for who in shops]
    actions.take_in([row.pk for row in rows], now=noon(day))
    return [Case.objects.get(pk=row.pk) for row in rows]


def asked(officer: User, *cases: Case, day: date = REVIEW_ON) -> list[Case]:
    """The same cases once the rules were asked at every moment."""
    for moment in MOMENTS:
        actions.assess([case.pk for case in cases], moment, by=officer, now=noon(day), today=day)
    return again(*cases)


def again(*cases: Case) -> list[Case]:
    """The same cases as they are now."""
    return [Case.objects.get(pk=case.pk) for case in cases]


def frozen(notice: EditionVersion) -> None:
    """The intake of the round is over, its pool is frozen."""
    after = CLOSES + timedelta(days=1)
    freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(after), today=after)


def state_of(row: Application) -> str:
    """Where an application stands now."""
    return Application.objects.get(pk=row.pk).state
