"""Whole journeys in a real browser: by keyboard alone, without scripts, in two windows; and every page looked at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client

from browsing import WIDTHS, Visitor, accessibility_faults, overflow
from intake import world
from panro.intake import actions
from panro.intake.actions import Asked
from panro.intake.models import Application, ItemKind, Receipt
from panro.parties.models import Consortium, ConsortiumMember, Membership, Organisation, Party
from panro.parties.states import Kind, Role, Standing
from panro.rules.eligibility import keys
from panro.vault.models import Paper
from panro.vault.queries import facts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2021, 4, 1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def year(transactional_db: None, settings: Settings, tmp_path: Path) -> EditionVersion:
    """The pages stand on the first of April 2021."""
    del transactional_db
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = DAY
    with transaction.atomic():
        return world.publish("3-1", "4-3", "2-2", "2-3")


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def check(page: Page) -> None:
    assert accessibility_faults(page) == [], page.url
    assert overflow(page) == 0, page.url


class Keyboard:
    """Somebody who uses no mouse."""

    NAME = """() => {
        const one = document.activeElement;
        const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
        return (label || one.innerText || one.getAttribute("aria-label") || "").trim();
    }"""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Press Tab until the focus is on what begins with this name."""
        for _press in range(120):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(self.NAME).startswith(name):
                return
        raise AssertionError(f"no way by Tab to {name!r} on {self.page.url}")

    def press(self, name: str) -> None:
        """Go there and press Enter, which leads to another page."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, name: str) -> None:
        """Go there and press the space bar."""
        self.to(name)
        self.page.keyboard.press("Space")

    def write(self, name: str, text: str) -> None:
        """Go there and type."""
        self.to(name)
        self.page.keyboard.type(text)


def test_a_merchant_applies_by_keyboard_alone(visitor: Visitor, year: EditionVersion) -> None:
    del year
    shop = world.shop()
    page = visitor.open("/apply/2021/3-1/R1/", language="en", session=session_of(shop.owner))
    keys_ = Keyboard(page)
    keys_.press("Begin the application")
    keys_.press("Go on")
    keys_.press("Save and go on")  # the business
    keys_.press("Save and go on")  # the catalogue
    keys_.tick("Mall listing")
    keys_.press("Save and go on")
    keys_.write("What is your main industry?", "10797")
    keys_.write("How many people work for you regularly?", "3")
    keys_.write("What are your sales", "12000")
    keys_.press("Save and go on")
    for _question in range(2):  # debts, unfair practices: one up from "I don't know yet" is "No"
        keys_.to("I don't know yet")
        page.keyboard.press("ArrowUp")
    keys_.press("Save and go on")
    keys_.tick("None of these")
    keys_.press("Save and go on")
    keys_.write("Quality of the product", "국산 들깨만 씁니다.")
    keys_.press("Save and go on")
    keys_.tick("들기름")
    keys_.press("Save and go on")
    keys_.press("Save and go on")  # the papers of the vault are proposed
    for consent in ("I agree: Collecting", "I agree: Passing", "I agree: Credit", "I promise this"):
        keys_.tick(consent)
    keys_.press("Save and go on")
    assert "Everything that is needed is there." in page.inner_text("main")
    check(page)
    keys_.press("Submit the application")
    assert page.locator("h1").inner_text() == "Your application has arrived"
    assert "2021-3-1-R1-000001" in page.inner_text("main")
    receipt = Receipt.objects.get()
    told = facts([shop.party.pk], papers_until=DAY)[shop.party.pk]
    assert (told[keys.EMPLOYEES].value, told[keys.CREDIT_DEFAULT].value) == ("3", False)
    assert receipt.application.answers["statement_paper_product"] == "국산 들깨만 씁니다."


def test_a_merchant_applies_without_scripts_and_hands_a_paper_in_on_the_way(
    visitor: Visitor, year: EditionVersion
) -> None:
    del year
    shop = world.shop()
    Paper.objects.filter(pk=shop.papers["event_offer"]).delete()
    context = visitor.browser.new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 800}
    )
    context.add_cookies([{"name": "sessionid", "value": session_of(shop.owner), "url": visitor.address}])
    page = context.new_page()
    page.goto(visitor.address + "/apply/2021/3-1/R1/")

    def on(button: str = "Save and go on") -> None:
        page.locator("main").get_by_role("button", name=button, exact=True).last.click()

    on("Begin the application")
    page.get_by_role("link", name="Go on", exact=True).click()
    on()
    on()
    page.get_by_label("Mall listing").check()
    on()
    page.get_by_label("What is your main industry?").fill("10797")
    page.get_by_label("How many people").fill("drei")
    on()
    assert page.get_by_label("How many people").input_value() == "drei"
    page.get_by_label("How many people").fill("3")
    on()
    page.get_by_role("group", name="Has there been a decision").get_by_label("Yes").check()
    on()
    page.get_by_label("Day of the decision").fill("2019-01-01")
    on()
    on()
    on()
    page.get_by_label("들기름").check()
    on()
    page.get_by_role("button", name=re.compile("Add the file.*Discounts and event prices")).click()
    page.get_by_label("File").set_input_files({"name": "행사가.pdf", "mimeType": "application/pdf", "buffer": PDF})
    on("Hand in")
    assert "행사가.pdf" in page.inner_text("main")
    on()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    on()
    page.get_by_role("button", name="Submit the application").click()
    assert "2021-3-1-R1-000001" in page.inner_text("main")
    context.close()
    told = facts([shop.party.pk], papers_until=DAY)[shop.party.pk]
    assert told[keys.UNFAIR_PRACTICE].value == ["2019-01-01"]


def test_a_trainee_without_a_business_applies_on_a_phone(visitor: Visitor, year: EditionVersion) -> None:
    del year
    user, party = world.person()
    world.papers(party, user)
    page = visitor.open("/apply/2021/4-3/R1/", width=360, language="en", session=session_of(user))
    check(page)
    page.get_by_role("link", name="Trainee").click()
    page.get_by_role("button", name="Begin the application").click()
    page.get_by_role("link", name="Go on", exact=True).click()
    labels = page.locator(".steps li").all_inner_texts()
    assert [label.split("\n")[0] for label in labels][:2] == ["Application (1/2)", "Papers"]
    for _screen in range(3):
        page.get_by_role("button", name="Save and go on").last.click()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Save and go on").last.click()
    page.get_by_role("button", name="Submit the application").click()
    assert "2021-4-3-R1-000001" in page.inner_text("main")
    check(page)
    assert Receipt.objects.get().application.applicant_type == "trainee"


def consortium() -> tuple[User, Party]:
    """부산판로원, led by a private foundation, with the city beside it; both have signed."""
    user, now = world.someone("박이사"), world.noon(date(2021, 3, 2))
    made = []
    for name, form in (("판로진흥재단", "private"), ("부산광역시", "local_government")):
        party = Party.objects.create(kind=Kind.ORGANISATION, name=name, created=now)
        Organisation.objects.create(
            party=party,
            form=form,
            business_number=world.business_number(len(made) + 500),
            representative="박이사",
            region="26",
            address="부산",
            phone="0511234567",
            standing=Standing.VERIFIED,
        )
        made.append(party)
    party = Party.objects.create(kind=Kind.CONSORTIUM, name="부산판로원", created=now)
    held = Consortium.objects.create(party=party, lead=made[0], purpose="전문기관 운영", text_hash="a" * 64)
    for place, member in enumerate(made):
        ConsortiumMember.objects.create(
            consortium=held,
            party=member,
            role="member" if place else "lead",
            duty="공간 제공" if place else "운영",
            state="signed",
            signed_by=user,
            signed_at=now,
            text_hash="a" * 64,
            added=now + timedelta(minutes=place),
        )
    Membership.objects.create(user=user, party=party, role=Role.OWNER, since=now)
    Membership.objects.create(user=user, party=made[0], role=Role.OWNER, since=now)
    world.papers(party, user)
    return user, party


def test_a_consortium_applies_with_its_members_and_without_products(visitor: Visitor, year: EditionVersion) -> None:
    del year
    user, party = consortium()
    page = visitor.open(f"/apply/2021/2-2/R1/?party={party.pk}", language="en", session=session_of(user))
    page.get_by_role("button", name="Begin the application").click()
    page.get_by_role("link", name="Go on", exact=True).click()

    def on() -> None:
        page.get_by_role("button", name="Save and go on").last.click()

    on()
    page.get_by_label("Outside").or_(page.locator("input[value=elsewhere]")).first.check()
    on()
    while "consortium" not in page.url:
        if page.get_by_label("Which share").count():
            page.get_by_label("Which share").fill("20")
        on()
    assert page.locator("main h2").all_inner_texts() == ["판로진흥재단", "부산광역시"]
    check(page)
    on()
    assert page.get_by_text("expires before the closing date").count() == 2  # not proposed, but hers to choose
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    on()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    on()
    page.get_by_role("button", name="Submit the application").click()
    assert page.locator("[role=alert]").all_inner_texts() == []
    assert "2021-2-2-R1-000001" in page.inner_text("main")
    told = facts([party.pk], papers_until=DAY)[party.pk]
    assert told[keys.CONSORTIUM].value == ["private", "local_government"]
    assert told[keys.OWN_SHARE].value == 2000
    assert Receipt.objects.get().application.products.count() == 0


def test_it_saves_itself_hides_what_is_not_asked_and_shows_both_versions(
    visitor: Visitor, year: EditionVersion
) -> None:
    shop = world.shop()
    row = world.draft(shop, year, day=DAY)
    key = session_of(shop.owner)
    here = visitor.open(f"/my/applications/{row.pk}/standing/", language="en", session=key)
    assert not here.get_by_label("Day of the decision").is_visible()
    here.get_by_role("group", name="Has there been a decision").get_by_label("Yes").check()
    assert here.get_by_label("Day of the decision").is_visible()
    here.wait_for_selector("#saved[data-kind=success]")
    row.refresh_from_db()
    assert row.answers["unfair"] == "yes"
    first = visitor.open(f"/my/applications/{row.pk}/plan/", language="en", session=key)
    second = visitor.open(f"/my/applications/{row.pk}/plan/", language="en", session=key)
    first.get_by_label("Quality of the product").fill("먼저 쓴 글")
    first.wait_for_selector("#saved[data-kind=success]")
    second.get_by_label("Quality of the product").fill("나중에 쓴 글")
    second.get_by_role("button", name="Compare both versions").click()
    assert second.get_by_text("먼저 쓴 글").is_visible()
    assert second.get_by_text("나중에 쓴 글").is_visible()
    check(second)
    second.get_by_role("button", name="Save this choice").click()
    assert second.get_by_label("Quality of the product").input_value() == "나중에 쓴 글"
    row.refresh_from_db()
    assert row.answers["statement_paper_product"] == "나중에 쓴 글"


SCREENS = [
    "verify", "products", "track", "business", "standing", "situation", "plan", "choose_products", "documents",
    "consents", "review", "discard", "documents/small_merchant_certificate",
]  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(visitor: Visitor, year: EditionVersion, width: int) -> None:
    long = "대한민국에서가장이름이긴상회인데도전혀줄이지않고그대로적은소상공인협동조합" * 3
    shop = world.shop(long)
    drafted = world.draft(shop, year, day=DAY)
    done = world.handed_in(world.shop("다른가게", "박가게"), year, DAY)
    Membership.objects.create(user=shop.owner, party=done.party, role=Role.OWNER, since=world.noon(DAY))
    actions.ask_supplement(
        done.pk,
        [Asked(ItemKind.DOCUMENT, "product_photos", long), Asked(ItemKind.QUESTION, "statement_paper_plan", "더")],
        due=DAY + timedelta(days=7),
        by=world.officer(),
        now=world.noon(DAY),
        today=DAY,
    )
    one, two = f"/my/applications/{drafted.pk}/", f"/my/applications/{done.pk}/"
    pages = [
        "/my/",
        "/my/inbox/",
        "/my/applications/",
        "/apply/2021/4-3/R1/",
        f"/apply/2021/3-1/R2/?party={shop.party.pk}",
        "/apply/2021/2-3/R1/",
        one,
        *(f"{one}{screen}/" for screen in SCREENS),
        two,
        f"{two}receipt/",
        f"{two}withdraw/",
        f"{two}supplement/",
        f"{two}supplement/product_photos/",
    ]
    page = visitor.open(
        pages[0], width=width, language="ko" if width == WIDTHS[1] else "en", session=session_of(shop.owner)
    )
    for path in pages:
        page.goto(visitor.address + path)
        check(page)
        assert page.locator("h1").count() == 1, path
    page.goto(f"{visitor.address}{one}business/")
    page.locator("input[name=employees]").fill("셋")
    page.locator("form.stack button[name=go][value=next]").last.click()
    check(page)  # with errors
    assert Application.objects.count() == 2
