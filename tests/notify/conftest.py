"""Fixtures of messages: an account, and the text-message provider's stand-in on the wire."""

from collections.abc import Iterator

import pytest

from notify.world import MailServer, PhoneService, mail_server, running, somebody
from panro.accounts.models import User
from panro.notify import conf
from panro.notify.messengers import Messenger
from panro.notify.messengers.mail import MailMessenger
from panro.notify.messengers.solapi import SolapiMessenger
from panro.notify.models import Preference
from panro.notify.standin.solapi import Provider, serve
from panro.notify.states import Channel


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("db")
    return somebody()


@pytest.fixture
def caller(shop: User) -> User:
    """An account with a telephone and every consent."""
    Preference.objects.create(account=shop, phone="01012345678")
    return shop


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Iterator[PhoneService]:
    provider = Provider("KEY", "SECRET", slow=1.0)
    server = serve(provider, 0)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    for name, value in {
        "KEY": "KEY",
        "SECRET": "SECRET",
        "SENDER": "0212345678",
        "CHANNEL": "KA01PF",
        "URL": url,
    }.items():
        monkeypatch.setenv(f"PANRO_SOLAPI_{name}", value)
    with running(server):
        yield PhoneService(provider, url)


@pytest.fixture
def post(settings: object) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 2},
            }
        }
        yield server


@pytest.fixture
def ways(request: pytest.FixtureRequest) -> dict[Channel, Messenger]:
    request.getfixturevalue("phones")
    account = conf.solapi()
    assert account is not None
    return {Channel.EMAIL: MailMessenger(), Channel.PHONE: SolapiMessenger(account, timeout=0.5)}
