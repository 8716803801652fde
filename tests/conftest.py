"""What all tests share: a database cluster of their own, and settings that make tests quick.

The cluster is started by the first test that needs a database, is shared by all processes of one run, and is
removed with it. With DATABASE_URL that server is used instead.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import sync_playwright

import browsing
import emptying
from panro.site.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

_CLUSTERS = Path(__file__).resolve().parents[1] / "var" / "test-postgres"
_HOME = "PANRO_TEST_CLUSTER"
_NOT_MEASURED = frozenset({"test_agreement.py", "test_attacks.py", "test_oracle.py"})
"""What runs thousands of times: measuring coverage would double its time, and other tests reach the same lines."""


def pytest_configure(config: pytest.Config) -> None:
    """Name this run's cluster (workers inherit the name) and remove what killed runs left behind."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # nothing needs to be collected
    TransactionTestCase._fixture_teardown = lambda _: emptying.empty_tables()  # type: ignore[method-assign]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if _is_worker(config) or os.environ.get("DATABASE_URL"):
        return
    for left in _CLUSTERS.glob("*-*"):
        if not _is_alive(left.name):
            EmbeddedPostgres(left, durable=False).destroy()
    os.environ[_HOME] = str(_CLUSTERS / _identity(os.getpid()))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's cluster."""
    home = os.environ.pop(_HOME, None)
    if home and not _is_worker(config) and Path(home).exists():
        EmbeddedPostgres(Path(home), durable=False).destroy()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage where it tells something."""
    for item in items:
        if item.path.name in _NOT_MEASURED:
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the run's cluster before the first test database is made."""
    del django_db_modify_db_settings_parallel_suffix
    home = os.environ.get(_HOME)
    if home is None:
        yield
        return
    server = EmbeddedPostgres(Path(home), durable=False)
    server.start()
    os.environ["DATABASE_URL"] = server.url()
    yield
    del os.environ["DATABASE_URL"]


@pytest.fixture(autouse=True)
def _language() -> None:
    """No test finds the language that a request of another one chose."""
    translation.deactivate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a process."""
    # Playwright runs an event loop in the test's thread; Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browsing.CHROMIUM, args=browsing.FLAGS)
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer) -> Iterator[browsing.Visitor]:
    """A visitor of the running site. The test fails if the browser's console reported anything wrong."""
    guest = browsing.Visitor(browser, live_server.url)
    yield guest
    guest.close()
    assert guest.complaints == []


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _identity(pid: int) -> str:
    """A process number and its start time: together no other process ever has them."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return f"{pid}-{fields[19]}"


def _is_alive(identity: str) -> bool:
    try:
        return _identity(int(identity.partition("-")[0])) == identity
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
