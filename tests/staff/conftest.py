"""The people of the agency, as the tests tell of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from panro.accounts.models import User
from panro.staff import grants
from panro.staff.states import Role

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2021, 5, 3, 1, tzinfo=UTC)


class Hire(Protocol):
    """Makes somebody of the agency."""

    def __call__(self, name: str, *roles: Role) -> User: ...


@pytest.fixture
def hire(db: None) -> Hire:
    """Somebody with roles and a second factor."""
    del db

    def make(name: str, *roles: Role) -> User:
        user = User.objects.create_user(f"{name}@agency.kr", "pw", name=name)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        for role in roles:
            grants.grant(user.email, role, granted_by=grants.BY_OPERATOR, now=NOW)
        return User.objects.get(pk=user.pk)

    return make


@pytest.fixture
def officer_han(hire: Hire) -> User:
    """Officer Han, who works at the desk."""
    return hire("han", Role.OFFICER)


@pytest.fixture
def chief_yoon(hire: Hire) -> User:
    """Chief Yoon."""
    return hire("yoon", Role.CHIEF)


@pytest.fixture
def chief_bae(hire: Hire) -> User:
    """Chief Bae, the second one."""
    return hire("bae", Role.CHIEF)


@pytest.fixture
def auditor_noh(hire: Hire) -> User:
    """Auditor Noh."""
    return hire("noh", Role.AUDITOR)


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which somebody is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in
