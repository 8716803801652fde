"""Members, and the services at which they may have accounts too."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from panro.accounts.models import User
from panro.accounts.standin.oauth import Service, World, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

    type MakeMember = Callable[..., User]

PASSWORD = "a-long-enough-secret-1"


@pytest.fixture(autouse=True)
def _no_attempts(request: pytest.FixtureRequest) -> None:
    """Limits of one test do not count in the next."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db" if not request.node.get_closest_marker("django_db").kwargs else "transactional_db")
        cache.clear()


@pytest.fixture
def member(db: None) -> User:
    """김판로, confirmed."""
    del db
    return make_member()


def make_member(email: str = "kim@example.kr", name: str = "김판로") -> User:
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def services(settings: Settings) -> Iterator[World]:
    """Kakao and Naver, set up and on the wire."""
    world = World({code: Service(code, f"{code}-id", f"{code}-secret") for code in ("kakao", "naver")})
    server = serve(world, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = {
        code: {
            "APP": {"client_id": service.client, "secret": service.secret},
            "LOGIN_URL": address,
            "API_URL": address,
        }
        for code, service in world.services.items()
    }
    settings.SECURE_CSP = {**settings.SECURE_CSP, "form-action": [*settings.SECURE_CSP["form-action"], address]}
    yield world
    server.shutdown()
    server.server_close()
    thread.join()
