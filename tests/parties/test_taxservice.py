"""The tax service on the wire: its contract, its faults, and the re-check of a round's applicants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from panro.accounts.lifecycles import WrongStateError
from panro.accounts.standin.serving import StandInRefusedError
from panro.korea.numbers import make_business_number
from panro.notify.messengers.http import Reply
from panro.parties import actions, checks, queries
from panro.parties.actions.checks import NoNumberError
from panro.parties.asking import ATTEMPTS, CLAIM, backoff, next_day
from panro.parties.conf import TaxAccount, tax_account
from panro.parties.models import CheckRequest, RecheckBatch, RecheckRun, ServiceDay, StatusCheck
from panro.parties.standin.taxservice import Fault, Register, Registered, serve
from panro.parties.states import TaxStatus
from panro.parties.taxservice import (
    MendFirstError,
    Question,
    QuotaSpentError,
    RefusedError,
    ServiceError,
    TryLaterError,
)
from panro.parties.taxservice.odcloud import _data, _status
from parties.people import (
    MINAS,
    NOW,
    NUMBER,
    OTHER_NUMBER,
    THIRD_NUMBER,
    Tax,
    account,
    business_of,
    centre_of,
    shop,
    tax_service,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from panro.parties.models import Party

KEY = "2021/3-1/R1"


@pytest.fixture
def heard() -> Iterator[list[StatusCheck]]:
    """What a room that listens was told."""
    told: list[StatusCheck] = []
    before = list(checks._listeners)
    checks._listeners[:] = [told.extend]
    yield told
    checks._listeners[:] = before


def parties(count: int) -> list[Party]:
    """Businesses with numbers of their own, registered at once."""
    owner = account("mina")
    rows = [
        (owner, shop(business_number=make_business_number(f"{place:09d}"), name=f"가게 {place}"))
        for place in range(1, count + 1)
    ]
    return actions.register_businesses(rows, now=NOW, today=NOW.date())


def start(found: Sequence[Party], key: str = KEY) -> RecheckRun:
    return actions.start_recheck(key, [party.pk for party in found], actor="system:test", now=NOW)


def test_status_of_every_kind(tax: Tax) -> None:
    tax.register.strict = True
    tax.register.add(
        MINAS,
        Registered(OTHER_NUMBER, "박", "20100101", "03", "20210331"),
        Registered(THIRD_NUMBER, "최", "20100101", "02"),
    )
    found = tax.service.status([NUMBER, OTHER_NUMBER, THIRD_NUMBER, "1018109147"])
    assert {number: (answer.status, answer.ended_on) for number, answer in found.items()} == {
        NUMBER: (TaxStatus.OPEN, None),
        OTHER_NUMBER: (TaxStatus.CLOSED, date(2021, 3, 31)),
        THIRD_NUMBER: (TaxStatus.SUSPENDED, None),
        "1018109147": (TaxStatus.UNREGISTERED, None),
    }
    assert (found[NUMBER].tax_type, found[NUMBER].tax_type_text) == ("01", "부가가치세 일반과세자")


def test_authenticity_needs_name_and_day(tax: Tax) -> None:
    tax.register.add(MINAS)
    right = Question(NUMBER, "김미나", date(2018, 3, 2))
    wrong = [Question(NUMBER, "김미라", date(2018, 3, 2)), Question(NUMBER, "김미나", date(2018, 3, 3))]
    found = tax.service.validate([right, *wrong])
    assert [found[question].matched for question in (right, *wrong)] == [True, False, False]


def test_a_call_takes_100_and_not_101(tax: Tax) -> None:
    numbers = [make_business_number(f"{place:09d}") for place in range(1, 102)]
    assert len(tax.service.status(numbers[:100])) == 100
    for size in (0, 101):
        with pytest.raises(ValueError, match="it takes 1 to 100"):
            tax.service.status(numbers[:size])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.HANG_UP, TryLaterError),
        (Fault.BROKEN, TryLaterError),
        (Fault.NONSENSE, TryLaterError),
        (Fault.QUOTA, QuotaSpentError),
    ],
)
def test_faults_say_when_to_ask_again(tax: Tax, fault: Fault, error: type[ServiceError]) -> None:
    tax.register.fault = fault
    with pytest.raises(error) as wrong:
        tax.service.status([NUMBER])
    assert "KEY" not in wrong.value.reason


def test_a_slow_a_silent_and_a_locked_service() -> None:
    with tax_service(slow=1.0, timeout=0.2) as slow:
        slow.register.fault = Fault.SLOW
        with pytest.raises(TryLaterError):
            slow.service.status([NUMBER])
    with pytest.raises(TryLaterError, match="cannot be reached"):
        slow.service.status([NUMBER])
    with tax_service(key="WRONG") as locked, pytest.raises(MendFirstError, match="401"):
        locked.service.status([NUMBER])


def test_what_makes_no_sense_is_left_out(tax: Tax) -> None:
    tax.register.fault = Fault.STRANGE_ROWS
    assert tax.service.status([NUMBER]) == {}
    assert tax.service.validate([Question(NUMBER, "김미나", date(2018, 3, 2))]) == {}


names = st.sampled_from(["data", "status_code", "b_no", "b_stt_cd", "b_stt", "tax_type", "end_dt"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "status_code", "b_no", "b_stt_cd", "b_stt", "tax_type", "end_dt"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([200, 204, 302, 400, 401, 411, 413, 429, 500, 503]), json_values)
def test_no_answer_of_the_service_breaks_the_client(status: int, body: object) -> None:
    try:
        rows = _data(Reply(status, body))
    except (TryLaterError, QuotaSpentError, MendFirstError, RefusedError):
        return
    for row in rows:
        if isinstance(row, dict) and (answer := _status(row)) is not None:
            assert answer.status in set(TaxStatus)
            assert "\0" not in answer.tax_type_text


@pytest.mark.django_db
def test_mina_asks_about_her_shop_and_the_vault_hears_of_it(tax: Tax, heard: list[StatusCheck]) -> None:
    tax.register.add(Registered(NUMBER, "김미나", "20180302", "03", "20210331"))
    mina = account("mina")
    party = business_of(mina)
    first = actions.ask_status(party.pk, by=mina, now=tax.now)
    assert actions.ask_status(party.pk, by=mina, now=tax.now) == first
    assert tax.ask() == 1
    found = queries.latest_status(party)
    assert found is not None
    assert (found.status, found.ended_on, found.asked_at, heard) == ("closed", date(2021, 3, 31), NOW, [found])
    assert queries.waiting_check(party) is None
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        StatusCheck.objects.update(status="open")
    with pytest.raises(NoNumberError):
        actions.ask_status(centre_of(mina, business_number="").pk, by=mina, now=NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("heard")
def test_a_listener_that_fails_undoes_the_answer_and_it_is_asked_again(tax: Tax) -> None:
    def failing(_checks: Sequence[StatusCheck]) -> None:
        raise RuntimeError("the vault is on fire")

    mina = account("mina")
    actions.ask_status(business_of(mina).pk, by=mina, now=tax.now)
    checks._listeners.append(failing)
    with pytest.raises(RuntimeError):
        tax.ask()
    assert StatusCheck.objects.count() == 0
    checks._listeners.remove(failing)
    tax.wait(seconds=CLAIM.total_seconds() - 1)
    assert tax.ask() == 0
    tax.wait(seconds=1)
    assert (tax.ask(), StatusCheck.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_round_is_asked_100_at_a_time_and_once(tax: Tax, heard: list[StatusCheck]) -> None:
    found = parties(250)
    run = start(found)
    assert start(found[:3]) == run
    assert tax.ask() == 3
    assert sorted(len(call) for call in tax.register.calls) == [50, 100, 100]
    progress = queries.recheck_progress(KEY)
    assert progress is not None
    assert (progress.parties, progress.answered, progress.waiting, progress.failed) == (250, 250, 0, 0)
    assert progress.finished == NOW
    assert len(heard) == 250
    assert tax.ask() == 0


@pytest.mark.django_db
def test_a_batch_half_answered_asks_only_for_the_rest(tax: Tax) -> None:
    found = parties(4)
    start(found)
    tax.register.fault = Fault.HALF
    tax.ask()
    tax.register.fault = Fault.NONE
    assert StatusCheck.objects.count() == 2
    tax.wait(seconds=30)
    tax.ask()
    assert [len(call) for call in tax.register.calls] == [4, 2]
    assert RecheckRun.objects.get().finished is not None
    assert StatusCheck.objects.values("party").distinct().count() == 4


@pytest.mark.django_db
def test_two_who_say_they_bear_a_number_are_asked_about_once(tax: Tax) -> None:
    found = [business_of(account("mina")), business_of(account("taek")), centre_of(account("sora"), business_number="")]
    assert start(found).parties == 2
    tax.ask()
    assert tax.register.calls == [[NUMBER]]
    assert StatusCheck.objects.count() == 2


@pytest.mark.django_db
def test_while_the_service_is_down_only_one_attempt_is_used_up_a_run(tax: Tax) -> None:
    start(parties(250))
    tax.register.fault = Fault.HANG_UP
    assert tax.ask() == 0
    assert sorted(RecheckBatch.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    tax.register.fault = Fault.NONE
    tax.wait(seconds=30)
    assert tax.ask() == 3
    assert RecheckRun.objects.get().finished == tax.now


@pytest.mark.django_db
def test_the_calls_of_a_day_are_kept_and_people_go_first(tax: Tax) -> None:
    mina = account("sora")
    start(parties(250))
    tax.calls_per_day = 2
    tax.ask()
    assert ServiceDay.objects.get().calls == 2
    actions.ask_status(business_of(mina).pk, by=mina, now=tax.now)
    tax.ask()
    waiting = CheckRequest.objects.get()
    assert (waiting.state, waiting.attempts, waiting.due) == ("waiting", 0, next_day(NOW))
    tax.now = next_day(NOW)
    tax.ask()
    waiting.refresh_from_db()
    assert waiting.state == "done"
    assert ServiceDay.objects.count() == 2


@pytest.mark.django_db
def test_rechecks_leave_a_tenth_of_the_calls_to_people(tax: Tax) -> None:
    start(parties(1_100))
    tax.calls_per_day = 10
    tax.ask()
    assert ServiceDay.objects.get().calls == 9
    sora = account("sora")
    actions.ask_status(business_of(sora).pk, by=sora, now=tax.now)
    tax.ask()
    assert (ServiceDay.objects.get().calls, CheckRequest.objects.get().state) == (10, "done")


@pytest.mark.django_db
def test_a_killed_worker_leaves_its_batch_to_the_next(tax: Tax) -> None:
    start(parties(2))
    RecheckBatch.objects.update(state="asking", claimed=NOW, attempts=1)
    tax.wait(seconds=CLAIM.total_seconds() - 1)
    assert tax.ask() == 0
    tax.wait(seconds=1)
    assert tax.ask() == 1
    assert RecheckBatch.objects.get().state == "done"


@pytest.mark.django_db
def test_what_is_never_answered_is_given_up_and_can_be_resumed(tax: Tax) -> None:
    found = parties(1)
    owner = found[0].memberships.get().user
    start(found)
    request = actions.ask_status(found[0].pk, by=owner, now=tax.now)
    tax.register.fault = Fault.BROKEN
    for _ in range(2 * ATTEMPTS):
        tax.ask()
        tax.wait(hours=1)
    progress = queries.recheck_progress(KEY)
    assert progress is not None
    assert (progress.failed, progress.finished) == (1, None)
    tax.register.fault = Fault.NONE
    assert (actions.resume_recheck(KEY, actor="hana", now=tax.now), tax.ask()) == (1, 1)
    assert actions.resume_recheck(KEY, actor="hana", now=tax.now) == 0
    request.refresh_from_db()
    assert request.state == "failed"
    actions.retry_request(request.pk, found[0].pk, by=owner, now=tax.now)
    tax.ask()
    request.refresh_from_db()
    assert request.state == "done"
    with pytest.raises(WrongStateError):
        actions.retry_request(request.pk, found[0].pk, by=owner, now=tax.now)


@pytest.mark.django_db
def test_a_batch_costs_the_same_queries_for_one_and_for_a_hundred(tax: Tax) -> None:
    found, counts = parties(101), []
    ServiceDay.objects.create(day=NOW.date())
    for number, part in enumerate((found[:1], found[1:])):
        start(part, key=f"{KEY}/{number}")
        with CaptureQueriesContext(connection) as asked:
            assert tax.ask() == 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (7, 1_920), (8, 3_600), (1_000, 3_600)])
def test_waits_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert backoff(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("moment", "midnight"),
    [
        (datetime(2021, 3, 31, 14, 59, 59, tzinfo=UTC), datetime(2021, 3, 31, 15, tzinfo=UTC)),
        (datetime(2021, 3, 31, 15, 0, 0, tzinfo=UTC), datetime(2021, 4, 1, 15, tzinfo=UTC)),
    ],
)
def test_the_calls_begin_anew_at_midnight_in_seoul(moment: datetime, midnight: datetime) -> None:
    assert next_day(moment) == midnight


def test_the_stand_in_refuses_a_public_site_and_the_client_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_TAX_SERVICE_KEY", "KEY")
    monkeypatch.setenv("PANRO_TAX_SERVICE_URL", "http://127.0.0.1:1")
    assert tax_account() == TaxAccount("KEY", "http://127.0.0.1:1", 1_000_000, 15.0)
    monkeypatch.setenv("PANRO_HOSTS", "panro.example")
    with pytest.raises(StandInRefusedError):
        serve(Register("KEY"), 0)
    with pytest.raises(ImproperlyConfigured):
        tax_account()
    monkeypatch.delenv("PANRO_HOSTS")
    monkeypatch.setenv("PANRO_TAX_SERVICE_CALLS", "many")
    with pytest.raises(ImproperlyConfigured):
        tax_account()
    monkeypatch.delenv("PANRO_TAX_SERVICE_KEY")
    assert tax_account() is None
