"""What happens to papers by itself: their end announced, files nobody took destroyed, what must hold looked at."""

from datetime import date, timedelta

import pytest

from panro.accounts.models import User
from panro.files import actions as files
from panro.files.models import StoredFile
from panro.notify.models import Message, Preference
from panro.parties.models import Party
from panro.record import doctor
from panro.vault import expiry, keeping
from panro.vault.actions import add_paper, reject, remove
from panro.vault.models import Paper
from panro.vault.states import PaperState
from vault.world import NOW, TODAY, again, april, at, certificate, examined, uploaded

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = {"now": NOW, "today": TODAY}


def clearance(shop: Party, by: User, **more: object) -> Paper:
    given = {"issued_on": april(1), "by": by, **WHEN}
    return add_paper(shop, "national_tax_clearance", **(given | more))


class TestExpiry:
    def told(self, day: date) -> list[str]:
        before = set(Message.objects.values_list("pk", flat=True))
        expiry.announce(today=day, now=at(day))
        return sorted(Message.objects.exclude(pk__in=before).filter(channel="inbox").values_list("key", flat=True))

    def test_thirty_days_a_week_and_a_day_before_each_once(self, shop: Party, owner: User) -> None:
        paper = clearance(shop, owner, valid_to=date(2021, 6, 30))
        days = [date(2021, 5, 30), date(2021, 5, 31), date(2021, 6, 22), date(2021, 6, 23), date(2021, 6, 29)]
        found = {day: self.told(day) for day in [*days, date(2021, 6, 30), date(2021, 7, 1)]}
        said = {day: [key.split(":")[2] for key in keys_] for day, keys_ in found.items() if keys_}
        assert said == {date(2021, 5, 31): ["30"], date(2021, 6, 23): ["7"], date(2021, 6, 29): ["1"]}
        assert str(paper.pk) in Message.objects.filter(channel="inbox")[0].text

    def test_a_day_on_which_it_did_not_run_is_made_up_for_once(self, shop: Party, owner: User) -> None:
        clearance(shop, owner, valid_to=date(2021, 6, 30))
        assert [key.split(":")[2] for key in self.told(date(2021, 6, 25))] == ["7"]
        assert self.told(date(2021, 6, 25)) == []
        assert [key.split(":")[2] for key in self.told(date(2021, 6, 30))] == ["1"]

    def test_nobody_is_told_of_a_paper_that_has_a_successor_or_counts_no_longer(
        self, shop: Party, owner: User, officer: User
    ) -> None:
        first = clearance(shop, owner, valid_to=april(20))
        clearance(shop, owner, issued_on=april(9), valid_to=date(2021, 6, 30))
        gone = certificate(shop, owner, valid_to=april(20))
        reject([gone.pk], reason="흐려서 읽을 수 없습니다.", by=officer, **WHEN)
        assert first.pk
        assert self.told(april(15)) == []

    def test_each_keeper_is_told_in_their_language(self, shop: Party, owner: User, clerk: User) -> None:
        Preference.objects.create(account=clerk, language="en")
        clearance(shop, owner, valid_to=april(20))
        self.told(april(15))
        subjects = dict(Message.objects.filter(channel="inbox").values_list("account__email", "subject"))
        assert subjects == {
            "kim@example.kr": "국세 납세증명서의 유효기간이 2021년 4월 20일에 끝납니다",
            "lee@example.kr": "National tax clearance certificate is valid until 20 April 2021",
        }


def test_files_that_no_paper_took_are_destroyed_after_two_days(shop: Party, owner: User) -> None:
    taken, left = uploaded(owner), uploaded(owner)
    certificate(shop, owner, file=taken.pk)
    assert keeping.clear_unattached(now=NOW + timedelta(days=2)) == 0
    assert keeping.clear_unattached(now=NOW + timedelta(days=2, seconds=1)) == 1
    assert dict(StoredFile.objects.values_list("pk", "state")) == {taken.pk: "pending", left.pk: "destroyed"}


def test_the_doctor_finds_what_the_actions_would_never_leave_behind(shop: Party, owner: User) -> None:
    keeping.register_checks()
    mine = [check for check in doctor.checks() if check.name.startswith("vault:")]
    paper = certificate(shop, owner, file=uploaded(owner).pk)
    assert [list(check.find()) for check in mine] == [[], [], []]
    Paper.objects.filter(pk=paper.pk).update(state="unread")
    assert sorted(len(list(check.find())) for check in mine) == [0, 0, 1]
    Paper.objects.filter(pk=paper.pk).update(state="rejected", reason="x")
    assert sorted(len(list(check.find())) for check in mine) == [0, 0, 1]


def test_a_file_destroyed_elsewhere_is_no_reason_to_fail(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner, file=examined(uploaded(owner)).pk)
    files.destroy([paper.file_id], actor="system:retention", reason="over", now=NOW)
    remove(paper.pk, party=shop, by=owner, **WHEN)
    assert again(paper).state == PaperState.DESTROYED
