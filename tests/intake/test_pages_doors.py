"""Who may enter the pages of an application, and what forged forms do to them: nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from panro.parties.models import Membership
from panro.parties.states import Role

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from intake.world import Shop
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.intake.models import Application

DAY = date(2021, 4, 1)


@pytest.fixture(autouse=True)
def _in_april(settings: Settings) -> None:
    settings.PRETENDED_DAY = DAY


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def row(notice: EditionVersion, minji: Shop) -> Application:
    """Her draft for 3-1."""
    made = world.draft(minji, notice, day=DAY)
    type(made).objects.filter(pk=made.pk).update(track="listing")
    return made


@pytest.fixture
def client(minji: Shop) -> Client:
    return client_of(minji.owner)


def at(row: Application, step: str = "") -> str:
    return f"/my/applications/{row.pk}/{f'{step}/' if step else ''}"


ROLES = [
    (Role.OWNER, "documents", 200),
    (Role.STAFF, "documents", 200),
    (Role.STAFF, "withdraw", 403),
    (Role.STAFF, "submit", 403),
    (Role.MANAGER, "withdraw", 302),
]


@pytest.mark.parametrize(("role", "page", "status"), ROLES)
def test_each_role_may_do_its_own(row: Application, minji: Shop, role: Role, page: str, status: int) -> None:
    user = world.someone("최직원")
    Membership.objects.create(user=user, party=minji.party, role=role, since=world.noon(DAY))
    client = client_of(user)
    method = client.post if page == "submit" else client.get
    assert method(at(row, page)).status_code == status


PAGES = [
    "", "verify/", "business/", "documents/", "documents/pledge/", "review/", "receipt/", "receipt.pdf", "withdraw/",
    "discard/", "supplement/",
]  # fmt: skip


def test_a_stranger_never_learns_that_it_exists(row: Application, officer: User) -> None:
    del officer
    stranger = client_of(world.shop("다른가게", "박이웃").owner)
    for page in PAGES:
        assert stranger.get(at(row) + page).status_code == 404, page
    for page in ("business/", "business/save/", "submit/", "withdraw/", "again/", "discard/"):
        assert stranger.post(at(row) + page, {"revision": 1}).status_code == 404, page
    row.refresh_from_db()
    assert row.state == "draft"


NONSENSE: list[dict[str, object]] = [
    {},
    {"revision": "9" * 40},
    {"revision": "x", "base": "[1", "employees": "\x00"},
    {"revision": "0", "base": '{"employees": "\\ud800"}', "employees": "3"},
    {"revision": "0", "base": '{"employees": [1.5]}', "employees": "3"},
    {"revision": "0", "base": "[" * 20_000, "employees": "3"},
    {"revision": "-1", "base": "[]", "go": "add:../../etc"},
    {"revision": "1", "products": ["nonsense"], "agree": ["nonsense"], "paper.pledge": ["1"], "platforms": ["x"]},
    {"revision": "1", "industry": "가" * 5000, "industry_choice": "zz", "track": "nonsense", "groups": ["zz"] * 99},
]


@pytest.mark.parametrize("data", NONSENSE)
def test_no_form_breaks_a_page(client: Client, row: Application, data: dict[str, object]) -> None:
    for step in ("verify", "products", "track", "business", "standing", "situation", "plan", "choose_products",
                 "documents", "consents", "review"):  # fmt: skip
        assert client.post(at(row, step), data).status_code in {200, 302, 409, 422}, step
        assert client.post(at(row, step) + "save/", data).status_code in {200, 404, 409, 410, 422}, step
    for page in ("submit/", "withdraw/", "documents/event_offer/", "supplement/"):
        assert client.post(at(row) + page, data).status_code in {200, 302, 409, 422}, page
