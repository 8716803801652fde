"""Every route of the site is in the table, and lets in exactly whom the table names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from panro.accounts.models import User
from panro.ui.routes import Entry, Route, declare, page, table

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_ENDS_THE_SESSION = {"account_logout", "admin:logout"}
# Without a log-in under way these lead to its start.
_MIDDLE_OF_LOG_IN = {"mfa_authenticate", "account_confirm_login_code", "mfa_login_webauthn", "socialaccount_signup"}
# A role narrows these further: tests/staff/test_access.py, and the tests of the rooms.
_FOR_SOME_STAFF = (
    "selection:auditor_dossier",
    "selection:course",
    "selection:office_",
    "selection:places",
    "selection:waiting_list",
    "selection:objections",
    "selection:one_objection",
    "selection:addendum",
    "staff:",
    "parties_office:",
    "intake_office:",
    "screening:",
    "evaluation:",
    "insight:",
)
_EXAMPLES = {
    "uuid": "01890a5d-ac96-774b-bcce-b302099a8057",
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "open_table": "rounds",
    "open_form": "csv",
}


def address_of(route: Route) -> str | None:
    """An address that the route matches, or None for a route whose pattern is a regular expression."""
    if "(?P" in route.pattern or route.pattern.startswith("^"):
        return None
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: _EXAMPLES[found.group(1) or "str"], route.pattern)
    return "/" + filled.lstrip("/")


def test_every_route_says_who_may_enter() -> None:
    assert [route for route in table() if route.entry is None] == []


def test_every_route_of_our_own_has_a_name() -> None:
    assert [route.pattern for route in table() if not route.name and not route.pattern.startswith("admin/")] == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "member", "staff", "engineer"])
def test_everybody_gets_as_far_as_the_table_says(who: str) -> None:
    client = _client(who)
    wrong = []
    for route in table():
        address = address_of(route)
        if address is None or route.name in _ENDS_THE_SESSION:
            continue
        outcome = _outcome(client, address)
        if outcome not in _expected(route, who):
            wrong.append((route, outcome))
    assert wrong == []


def _outcome(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    led_to = response.redirect_chain[-1][0] if response.redirect_chain else ""
    if led_to.startswith("/accounts/login/"):
        return "sent to log in"
    return "refused" if response.status_code == 403 else "inside"


def _expected(route: Route, who: str) -> set[str]:
    may_enter = {
        Entry.PUBLIC: True,
        Entry.SIGNED_IN: who != "nobody",
        Entry.STAFF: who in {"staff", "engineer"},
        Entry.ENGINEER: who == "engineer",
    }[route.entry or Entry.ENGINEER]
    if not may_enter:
        return {"sent to log in"} if who == "nobody" else {"refused"}
    if route.name in _MIDDLE_OF_LOG_IN:
        return {"inside", "sent to log in"}
    if route.name.startswith(_FOR_SOME_STAFF) and who in {"staff", "engineer"}:
        return {"inside", "refused"}
    # The raw data is read-only, so even an engineer is refused the pages that would change it.
    return {"inside", "refused"} if route.name.startswith("admin:") else {"inside"}


def _client(who: str) -> Client:
    client = Client()
    if who != "nobody":
        user = User.objects.create_user(f"{who}@example.kr", "pw")
        user.is_staff, user.is_superuser = who in {"staff", "engineer"}, who == "engineer"
        user.save()
        if user.is_staff:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        client.force_login(user)
    return client


def _view(_request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


class TestTable:
    def test_a_route_that_nobody_declared_stands_out(self) -> None:
        resolver = URLResolver(RegexPattern(r"^/"), [path("secret/<uuid:key>/", _view, name="secret")])
        assert table(resolver) == [Route(name="secret", pattern="^/secret/<uuid:key>/"[2:], entry=None)]

    def test_a_page_carries_its_entry(self) -> None:
        resolver = URLResolver(
            RegexPattern(r"^/"),
            [page(f"{entry.name}/", _view, name=entry.name, entry=entry) for entry in Entry],
        )
        assert [(route.name, route.entry) for route in table(resolver)] == [(entry.name, entry) for entry in Entry]

    def test_one_route_cannot_be_declared_for_two(self) -> None:
        declare(Entry.PUBLIC, "declared-once")
        declare(Entry.PUBLIC, "declared-once")
        with pytest.raises(ValueError, match="route declared-once was declared for public already"):
            declare(Entry.STAFF, "declared-once")

    def test_an_example_address_is_what_the_pattern_matches(self) -> None:
        assert UUID(_EXAMPLES["uuid"]).version == 7
        assert address_of(Route("a", "x/<uuid:key>/<name>/", None)) == f"/x/{_EXAMPLES['uuid']}/x/"
        assert address_of(Route("a", "^(?P<key>.*)$", None)) is None
