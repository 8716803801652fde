"""Reports of the provider: verified by address, kept once, believed only after asking back."""

import json
import time
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import include, path
from django_ox.models import OxTask

from notify.world import NOON, PhoneService, notice, put
from panro.accounts.models import User
from panro.notify import delivery, tasks
from panro.notify.actions import ToAccount
from panro.notify.models import Message, Report
from panro.notify.reports import BadReportError, take
from panro.notify.states import Channel
from panro.record.roles import grant_runtime
from panro.site.urls import urlpatterns as site

SECRET = "a-secret-of-24-characters"


class Urls:
    urlpatterns = [*site, path("notify-under-test/", include("panro.notify.urls"))]


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch, settings: SimpleNamespace) -> None:
    monkeypatch.setenv("PANRO_SOLAPI_HOOK", SECRET)
    settings.ROOT_URLCONF = Urls


@pytest.fixture
def called(caller: User, phones: PhoneService) -> Message:
    del phones
    put(notice(ToAccount(caller.pk), channels=frozenset({Channel.PHONE})))
    delivery.deliver(tasks.messengers(), clock=lambda: NOON)
    return Message.objects.get()


def report(message: Message, event: str = "E1", status: str = "4000") -> dict[str, object]:
    return {
        "eventDataId": event,
        "retryCount": 0,
        "data": {"messageId": message.provider_message, "statusCode": status, "surprise": 1},
    }


def post(body: object, secret: str = SECRET) -> int:
    client = Client(enforce_csrf_checks=True)
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(f"/notify-under-test/solapi/{secret}", data, content_type="application/json").status_code


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_is_kept_once_and_the_provider_is_asked_back(called: Message) -> None:
    assert [post([report(called)]) for _ in range(3)] == [200, 200, 200]
    assert Report.objects.values_list("event", "message_id", "status").get() == ("E1", called.pk, "4000")
    queued = OxTask.objects.get()
    assert queued.task_path == "panro.notify.tasks.ask_about"
    called.refresh_from_db()
    assert called.state == "sent"
    assert tasks.ask_about.call([str(called.pk)]) == 1
    called.refresh_from_db()
    assert called.state == "delivered"
    assert tasks.ask_about.call([str(called.pk)]) == 0


def test_a_forged_report_of_failure_changes_nothing(called: Message) -> None:
    assert post([report(called, status="3104")]) == 200
    tasks.ask_about.call([str(called.pk)])
    called.refresh_from_db()
    assert called.state == "delivered"


def test_a_report_that_comes_before_our_own_marking_is_known_by_our_id(called: Message) -> None:
    Message.objects.update(provider_message="", provider_group="")
    body = [
        {
            "eventDataId": "E1",
            "data": {"messageId": "M4V", "statusCode": "4000", "customFields": {"panro": str(called.pk)}},
        }
    ]
    assert (post(body), Report.objects.get().message_id) == (200, called.pk)


def test_reports_about_others_are_taken_and_forgotten(called: Message) -> None:
    del called
    body = [
        {"eventDataId": "E1", "data": {"messageId": "M4VOTHER", "statusCode": "4000", "customFields": {"panro": "x"}}}
    ]
    assert (post(body), Report.objects.count(), OxTask.objects.count()) == (200, 0, 0)


@pytest.mark.parametrize("secret", ["wrong", SECRET + "x", SECRET[:-1]])
def test_an_address_that_is_not_the_secret_one_is_not_there(called: Message, secret: str) -> None:
    assert (post([report(called)], secret), Report.objects.count()) == (404, 0)


def test_without_a_secret_no_reports_are_taken(called: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PANRO_SOLAPI_HOOK")
    assert post([report(called)], "anything-at-all-really") == 404


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[1]", b'[{"eventDataId": ""}]', b"\xff", b"[" * 100_000])
def test_nonsense_is_refused(body: bytes) -> None:
    assert post(body) == 400
    with pytest.raises(BadReportError):
        take(body, now=NOON)


def test_a_body_of_a_megabyte_and_more_is_refused() -> None:
    assert post(b"[" + b" " * 1024 * 1024 + b"]") == 400


def test_the_address_takes_posts_only() -> None:
    assert Client().get(f"/notify-under-test/solapi/{SECRET}").status_code == 405


def test_the_stand_in_reports_like_the_provider(
    called: Message, phones: PhoneService, live_server: SimpleNamespace
) -> None:
    phones.provider.report_to = f"{live_server.url}/notify-under-test/solapi/{SECRET}"
    put(notice(ToAccount(called.account_id), "k2", channels=frozenset({Channel.PHONE})))
    delivery.deliver(tasks.messengers(), clock=lambda: NOON)
    until = time.monotonic() + 10
    while not Report.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert Report.objects.values_list("message__key", "status").get() == ("k2", "4000")


def test_the_runtime_role_adds_reports_and_destroys_them_but_never_changes_one(called: Message) -> None:
    assert post([report(called)]) == 200
    with connection.cursor() as cursor:
        grant_runtime(cursor)
        with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
            cursor.execute("SET LOCAL ROLE panro_runtime; UPDATE notify_report SET status = ''")
        with transaction.atomic():
            cursor.execute("SET LOCAL ROLE panro_runtime")
            cursor.execute("DELETE FROM notify_report")
    assert Report.objects.count() == 0
