"""The daily summary: bundles once what waits, in the account's language, as mail."""

from datetime import timedelta

import pytest

from notify.world import NOON, notice, put, somebody
from panro.accounts.models import User
from panro.notify.actions import Notice, ToAccount, Wishes, set_wishes
from panro.notify.digests import bundle, bundle_all
from panro.notify.models import Message, Preference

pytestmark = pytest.mark.django_db
MORNING = NOON + timedelta(hours=20)


def expiring(account: User, number: int) -> Notice:
    values = {"paper": f"확인서 {number}", "business": "가게", "expires": "5월 1일", "link": "https://panro.example"}
    return Notice("paper_expiring", ToAccount(account.pk), values, f"paper:{account.pk}:{number}")


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.filter(channel="email").order_by("created", "key").values_list("key", "state"))


@pytest.fixture
def daily(shop: User) -> User:
    Preference.objects.create(account=shop, daily=True)
    return shop


def test_mail_that_may_wait_is_held_and_bundled_once(daily: User) -> None:
    put(*(expiring(daily, number) for number in range(3)), notice(ToAccount(daily.pk), "urgent"))
    assert [state for _, state in mails()] == ["held", "held", "held", "queued"]
    assert bundle_all(now=MORNING) == 1
    assert bundle_all(now=MORNING) == 0
    summary = Message.objects.get(template="daily_summary")
    assert (summary.channel, summary.state, summary.subject) == ("email", "queued", "오늘의 알림 3건")
    assert "- 확인서 0의 유효기간이 5월 1일에 끝납니다\n- 확인서 1" in summary.text
    assert set(Message.objects.filter(digest=summary).values_list("state", flat=True)) == {"bundled"}
    assert Message.objects.filter(channel="inbox").count() == 4


def test_an_account_that_wants_mail_at_once_gets_it_at_once(shop: User) -> None:
    put(expiring(shop, 1))
    assert [state for _, state in mails()] == ["queued"]
    assert bundle_all(now=MORNING) == 0


def test_each_account_gets_its_own_in_its_language(daily: User) -> None:
    other = somebody("other@example.com")
    Preference.objects.create(account=other, daily=True, language="en")
    put(expiring(daily, 1), expiring(other, 1), expiring(other, 2))
    assert bundle_all(now=MORNING) == 2
    found = Message.objects.filter(template="daily_summary").order_by("address").values_list("address", "subject")
    assert list(found) == [("other@example.com", "Messages of the day: 2"), ("shop@example.com", "오늘의 알림 1건")]


@pytest.mark.parametrize(("number", "last"), [(30, "- 확인서 29"), (31, "- … 외 1건")])
def test_a_long_summary_lists_thirty_and_counts_the_rest(daily: User, number: int, last: str) -> None:
    put(*(expiring(daily, index) for index in range(number)))
    bundle(daily.pk, now=MORNING)
    lines = [line for line in Message.objects.get(template="daily_summary").text.splitlines() if line.startswith("- ")]
    assert lines[-1].startswith(last)
    assert len(lines) == min(number, 31)


def test_whoever_wants_no_mail_any_more_gets_none(daily: User) -> None:
    put(expiring(daily, 1))
    set_wishes(daily.pk, Wishes(by_email=False, daily=True), actor="a", now=NOON)
    assert bundle_all(now=MORNING) == 0
    assert [state for _, state in mails()] == ["withdrawn"]
