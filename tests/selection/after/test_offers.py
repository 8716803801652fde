"""Places given back and offered on: what is stored is what the rules' own machine says, whoever acts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panro.notify.models import Message
from panro.record.models import Entry
from panro.rules.selection.model import Offer as Event
from panro.rules.selection.waiting import OfferError
from panro.selection.after import offers
from panro.selection.after.errors import AfterError, NotHeldError, TermOverError, TooEarlyError
from panro.selection.after.places import begun, groups_of
from panro.selection.models import Objection, Offer, OfferLine, OfferState
from panro.staff.states import Role
from panro.ui.clock import SEOUL
from selection.after import world
from selection.after.world import LAST_DAY, PUBLISHED, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.test import Client
    from pytest_django.fixtures import Settings

    from made_rounds import MadeRound
    from panro.accounts.models import User
    from staff.conftest import Hire

pytestmark = pytest.mark.django_db
FIRST_DAY = LAST_DAY + timedelta(days=1)
"""On which places are offered."""
BY = "system:test"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=SEOUL)


def last_message(round_: Round, number: int) -> str:
    found = Message.objects.filter(account=round_.owners[number], channel="inbox").latest("id")
    return str(found.template)


def one_offered(round_: Round) -> Offer:
    """Somebody gave a place back, and it was offered."""
    offers.give_back(round_.published.pk, round_.first("selected"), by=BY, now=noon(LAST_DAY))
    made = offers.offer_next(round_.published.pk, by=BY, now=noon(FIRST_DAY))
    assert made is not None
    return made


def test_a_place_given_back_goes_to_the_first_who_fits(published: Round) -> None:
    giver = published.first("selected")
    machine = begun(published.published, groups_of(published.published))
    line = offers.give_back(published.published.pk, giver, by=BY, now=noon(LAST_DAY), why="폐업")
    assert (line.seq, line.result_no, line.event) == (1, giver, "declined")
    assert last_message(published, giver) == "place_given_back"
    offer = offers.offer_next(published.published.pk, by=BY, now=noon(FIRST_DAY))
    assert offer is not None
    machine.give_back(giver, LAST_DAY)
    assert offer.result_no == machine.offer(FIRST_DAY)
    assert (offer.state, offer.due, offer.seq) == ("offered", FIRST_DAY + timedelta(days=5), 2)
    assert offer.application == published.applications[offer.result_no]
    assert last_message(published, offer.result_no) == "place_offered"
    taken = offers.accept(offer.pk, by=BY, now=noon(FIRST_DAY))
    assert taken.state == "accepted"
    assert last_message(published, offer.result_no) == "place_accepted"
    acts = Entry.objects.filter(act__startswith="place_").order_by("number").values_list("act", flat=True)
    assert list(acts) == ["place_declined", "place_offered", "place_accepted"]
    assert offers.offer_next(published.published.pk, by=BY, now=noon(FIRST_DAY)) is None


def test_no_place_is_offered_before_objections_are_over(published: Round) -> None:
    offers.give_back(published.published.pk, published.first("selected"), by=BY, now=noon(LAST_DAY))
    with pytest.raises(TooEarlyError):
        offers.offer_next(published.published.pk, by=BY, now=noon(LAST_DAY))
    loser = published.first("not_selected")
    Objection.objects.create(
        application=published.applications[loser],
        published=published.published,
        result_no=loser,
        text="점수를 다시 보아 주세요.",
        until=LAST_DAY,
        filed_on=LAST_DAY,
        filed_at=noon(LAST_DAY),
        filed_by=published.owners[loser],
    )
    with pytest.raises(TooEarlyError):
        offers.offer_next(published.published.pk, by=BY, now=noon(FIRST_DAY))
    assert not Offer.objects.exists()
    Objection.objects.update(state="withdrawn")
    assert offers.offer_next(published.published.pk, by=BY, now=noon(FIRST_DAY)) is not None


def test_an_offer_is_answered_until_its_last_day_and_expires_after_it(published: Round) -> None:
    offer = one_offered(published)
    late = offer.due + timedelta(days=1)
    assert offers.expire_offers(offer.due, now=noon(offer.due)) == 0
    with pytest.raises(TermOverError):
        offers.accept(offer.pk, by=BY, now=noon(late))
    assert [offers.expire_offers(late, now=noon(late)) for _night in range(2)] == [1, 0]
    assert last_message(published, offer.result_no) == "place_expired"
    with pytest.raises(NotHeldError):
        offers.accept(offer.pk, by=BY, now=noon(late))
    second = offers.offer_next(published.published.pk, by=BY, now=noon(late))
    assert second is not None
    assert second.result_no != offer.result_no
    assert offers.accept(second.pk, by=BY, now=noon(second.due)).state == "accepted"


def test_who_holds_nothing_gives_nothing_back(published: Round) -> None:
    before = (OfferLine.objects.count(), Entry.objects.count(), Message.objects.count())
    for number in (published.first("waiting"), published.first("not_selected")):
        with pytest.raises(NotHeldError):
            offers.give_back(published.published.pk, number, by=BY, now=noon(LAST_DAY))
    giver = published.first("selected")
    offers.give_back(published.published.pk, giver, by=BY, now=noon(LAST_DAY))
    with pytest.raises(NotHeldError):
        offers.give_back(published.published.pk, giver, by=BY, now=noon(LAST_DAY))
    assert OfferLine.objects.count() == before[0] + 1


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["give_back", "offer", "accept", "refuse", "expire"]),
        st.integers(0, 400),
        st.integers(0, 2),
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_sequence_of_acts_is_what_the_machine_of_the_rules_says(
    published: Round, acts: list[tuple[str, int, int]]
) -> None:
    """The machine is played beside the database by itself; what either refuses the other refuses."""
    with transaction.atomic():
        machine = begun(published.published, groups_of(published.published))
        day = FIRST_DAY
        for act, choice, days in acts:
            day += timedelta(days=days)
            expected = play(machine, act, choice, day)
            assert store(published, act, expected[1], day) == expected[0]
        stored = [
            Event(one.seq, one.on, one.result_no, one.event)  # type: ignore[arg-type] # a constraint holds the words
            for one in OfferLine.objects.order_by("seq")
        ]
        assert tuple(stored) == machine.events
        still = Offer.objects.filter(state=OfferState.OFFERED).values_list("result_no", flat=True)
        assert set(still) == machine.open_offers
        accepted = set(Offer.objects.filter(state=OfferState.ACCEPTED).values_list("result_no", flat=True))
        assert accepted >= {one for one in machine.holders if one in {event.result_no for event in stored}}
        transaction.set_rollback(True)


def play(machine: object, act: str, choice: int, day: date) -> tuple[bool, int]:
    """Play one act on the pure machine; says whether it happened, and to whom."""
    holders, waits = sorted(machine.holders), sorted(machine.open_offers)  # type: ignore[attr-defined] # a WaitingList
    if act == "offer":
        return machine.offer(day) is not None, 0  # type: ignore[attr-defined]
    pool = holders if act == "give_back" else waits
    number = pool[choice % len(pool)] if pool and choice < 350 else choice
    try:
        getattr(machine, act)(number, day)
    except OfferError:
        return False, number
    return True, number


def store(round_: Round, act: str, number: int, day: date) -> bool:
    """Do the same act on the rows."""
    pk, now = round_.published.pk, noon(day)
    if act == "offer":
        return offers.offer_next(pk, by=BY, now=now, due=day + timedelta(days=400)) is not None
    if act == "give_back":
        try:
            offers.give_back(pk, number, by=BY, now=now)
        except AfterError:
            return False
        return True
    offer = Offer.objects.filter(published=pk, result_no=number, state=OfferState.OFFERED).first()
    if offer is None:
        return False
    if act == "expire":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE selection_offer SET due = %s WHERE id = %s", [day - timedelta(days=1), offer.pk])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return offers.expire_offers(day, now=now) == 1
    (offers.accept if act == "accept" else offers.refuse)(offer.pk, by=BY, now=now)
    return True


@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_expiring_at_once_one_happens(round_of_240: MadeRound) -> None:
    round_ = world.published(world.year(), round_of_240)
    offer = one_offered(round_)
    late = offer.due + timedelta(days=1)
    barrier, done = Barrier(2), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            act()
            done.append("done")
        except NotHeldError:
            done.append("refused")
        finally:
            connection.close()

    threads = [
        Thread(target=run, args=[lambda: offers.accept(offer.pk, by=BY, now=noon(late), today=offer.due)]),
        Thread(target=run, args=[lambda: offers.expire_offers(late, now=noon(late))]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    offer.refresh_from_db()
    answers = list(OfferLine.objects.filter(seq__gt=offer.seq).values_list("event", flat=True))
    assert answers == [offer.state]
    assert offer.state in {"accepted", "expired"}
    assert sorted(done) == (["done", "done"] if offer.state == "accepted" else ["done", "refused"])


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE selection_offer SET state = 'accepted', answered_at = now(), answered_by = 'x'", "has no line"),
        ("UPDATE selection_offer SET due = due + 1", "answered once"),
        ("DELETE FROM selection_offer", "answered once"),
        ("UPDATE selection_offerline SET result_no = 1", "only grows"),
    ],
)
def test_the_database_keeps_offers(statement: str, refused: str, published: Round) -> None:
    one_offered(published)
    with pytest.raises(IntegrityError, match=refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_applicants_page(published: Round, as_user: Callable[[User], Client], settings: Settings) -> None:
    offer = one_offered(published)
    row = published.applications[offer.result_no]
    client = as_user(published.owners[offer.result_no])
    address = f"/my/places/{row.pk}/"
    settings.PRETENDED_DAY = offer.due + timedelta(days=1)
    assert "accept" not in client.get(address).content.decode()
    assert client.post(address, {"act": "accept"}).status_code == 422
    settings.PRETENDED_DAY = offer.due
    assert 'value="accept"' in client.get(address).content.decode()
    assert client.post(address, {"act": "accept"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.answered_by) == ("accepted", str(published.owners[offer.result_no].pk))
    assert client.post(address, {"act": "accept"}).status_code == 422
    unsure = client.post(address, {"act": "give_back", "why": "이사를 갑니다"})
    assert unsure.status_code == 422
    assert "이사를 갑니다" in unsure.content.decode()
    assert client.post(address, {"act": "give_back", "sure": "yes"}).status_code == 302
    stranger = as_user(published.owners[published.first("lapsed")])
    assert [stranger.get(address).status_code, stranger.post(address, {"act": "accept"}).status_code] == [404, 404]


def test_the_offices_page(published: Round, hire: Hire, as_user: Callable[[User], Client], settings: Settings) -> None:
    settings.PRETENDED_DAY = LAST_DAY
    giver = published.first("selected")
    offers.give_back(published.published.pk, giver, by=BY, now=PUBLISHED)
    han = as_user(hire("한관리", Role.OFFICER))
    address = f"/office/places/{published.published.pk}/"
    assert han.get("/office/places/").status_code == 200
    early = han.post(address)
    assert early.status_code == 422
    settings.PRETENDED_DAY = FIRST_DAY
    machine = begun(published.published, groups_of(published.published))
    machine.give_back(giver, LAST_DAY)
    assert f"{machine.next_offer()}" in han.get(address).content.decode()
    assert han.post(address).status_code == 302
    assert Offer.objects.get().result_no == machine.next_offer()
    noh = as_user(hire("노감사", Role.AUDITOR))
    assert [noh.get(address).status_code, noh.post(address).status_code] == [200, 404]
    owner = as_user(published.owners[giver])
    assert owner.get(address).status_code == 403
