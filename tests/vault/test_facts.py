"""What is known of a party on a day: days on both sides of every bound, precedence, conflicts, and nothing lost."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panro.accounts.models import User
from panro.parties.checks import announce
from panro.parties.models import Party, StatusCheck
from panro.record.models import Entry, Payload
from panro.rules.eligibility import keys
from panro.rules.facts import Fact
from panro.vault import seams
from panro.vault.actions import Statement, state_fact, state_facts, withdraw_facts
from panro.vault.errors import VaultError
from panro.vault.knowledge import UnknownFactError, about, known_keys
from panro.vault.models import StoredFact
from panro.vault.queries import conflicts, facts
from panro.vault.shapes import BadValueError, shaped, shaped_keys
from vault.world import NOW, TODAY, april, at, business, known, tell

pytestmark = pytest.mark.django_db
OPEN = {"status": "open", "ended_on": None}
SUSPENDED = {"status": "suspended", "ended_on": None}


def test_the_data_knows_every_key_that_a_rule_reads() -> None:
    assert shaped_keys() == known_keys()
    assert {about(key).key for key in known_keys()} == known_keys()


def test_what_an_applicant_says_counts_from_the_day_it_came_in(shop: Party) -> None:
    tell(shop, keys.EMPLOYEES, "3.5", april(1), known_from=april(5))
    assert known(shop, april(4)) == {}
    assert known(shop, april(5)) == {keys.EMPLOYEES: ("3.5", april(1), "applicant")}


def test_a_register_counts_for_the_day_it_was_asked_for_and_papers_for_another(shop: Party) -> None:
    tell(shop, keys.OPERATING, OPEN, april(9), "nts")
    tell(shop, keys.OPERATING, SUSPENDED, april(30), "nts")
    tell(shop, keys.REGION, "11", april(2), "nts")
    tell(shop, keys.REGION, "26", april(20), "nts")
    assert known(shop, april(19), april(8)) == {keys.REGION: ("11", april(2), "nts")}
    assert known(shop, april(20), april(9)) == {
        keys.OPERATING: (OPEN, april(9), "nts"),
        keys.REGION: ("26", april(20), "nts"),
    }
    assert known(shop, april(9), april(29))[keys.OPERATING] == (OPEN, april(9), "nts")
    assert known(shop, april(9), april(30))[keys.OPERATING] == (SUSPENDED, april(30), "nts")
    assert known(shop, april(30))[keys.OPERATING] == (SUSPENDED, april(30), "nts")


def test_the_trusted_source_counts_even_if_it_is_older(shop: Party) -> None:
    tell(shop, keys.EMPLOYEES, "4", april(1), "officer")
    tell(shop, keys.EMPLOYEES, "3", april(8))
    assert known(shop, april(9))[keys.EMPLOYEES] == ("4", april(1), "officer")


def test_of_one_rank_the_newest_day_counts_whoever_says_it(shop: Party) -> None:
    tell(shop, keys.SANCTIONS, [], april(7), "sanctions_register")
    row = {"from": "2021-01-01", "to": "2022-12-31", "reason": "duplicate_support"}
    tell(shop, keys.SANCTIONS, [row], april(8), "officer")
    assert known(shop, april(9))[keys.SANCTIONS] == ([row], april(8), "officer")
    assert known(shop, april(7), april(9))[keys.SANCTIONS] == ([], april(7), "sanctions_register")


def test_a_source_that_nobody_ranked_comes_last(shop: Party) -> None:
    tell(shop, keys.EMPLOYEES, "9", april(8), "newspaper")
    tell(shop, keys.EMPLOYEES, "3", april(1))
    assert known(shop, april(9))[keys.EMPLOYEES] == ("3", april(1), "applicant")


def test_of_one_day_the_last_word_counts_and_the_first_stays_on_record(shop: Party, owner: User) -> None:
    for value, minute in (("3", 1), ("4", 2)):
        state_fact(shop, keys.EMPLOYEES, value, as_of=TODAY, by=owner, now=NOW.replace(minute=minute))
    assert known(shop, TODAY)[keys.EMPLOYEES][0] == "4"
    assert StoredFact.objects.count() == 2


def test_sources_that_disagree_are_both_shown(shop: Party) -> None:
    tell(shop, keys.REGION, "11", april(1))
    tell(shop, keys.REGION, "26", april(2), "nts")
    tell(shop, keys.EMPLOYEES, "3", april(1))
    tell(shop, keys.EMPLOYEES, "3", april(3), "officer")
    tell(shop, keys.NATIONAL_TAX, {"arrears": 0, "deferred": 0, "valid_to": "2021-05-01"}, april(1), "tax_office")
    tell(shop, keys.NATIONAL_TAX, {"arrears": 5, "deferred": 5, "valid_to": "2021-05-04"}, april(4), "officer")
    found = [(key, [(row.source, row.value) for row in rows]) for key, rows in conflicts(shop, on=TODAY)]
    assert found == [(keys.REGION, [("nts", "26"), ("applicant", "11")])]


def test_what_is_withdrawn_counted_before_and_what_is_void_never_did(shop: Party, owner: User) -> None:
    tell(shop, keys.EMPLOYEES, "3", april(1))
    tell(shop, keys.REGION, "11", april(1))
    rows = {row.key: row.pk for row in StoredFact.objects.all()}
    assert withdraw_facts([rows[keys.EMPLOYEES]], by=owner, reason="corrected", now=NOW, today=april(5)) == 1
    assert withdraw_facts([rows[keys.REGION]], by=owner, reason="wrong", now=NOW, today=april(5), void=True) == 1
    assert known(shop, april(4)) == {keys.EMPLOYEES: ("3", april(1), "applicant")}
    assert known(shop, april(5)) == {}
    assert withdraw_facts(rows.values(), by=owner, reason="again", now=NOW) == 0


def test_an_unregistered_number_is_known_to_be_none(shop: Party) -> None:
    check = StatusCheck.objects.create(
        party=shop, business_number="1234567891", status="unregistered", asked_at=at(april(9)), raw_hash="0" * 64
    )
    announce([check])
    assert known(shop, april(9)) == {keys.OPERATING: (None, april(9), "nts")}
    assert known(shop, april(9), april(8)) == {}
    assert StoredFact.objects.get().looked_up is True


def test_the_tax_service_asked_before_nine_in_the_morning_is_asked_on_that_day_in_seoul(shop: Party) -> None:
    check = StatusCheck.objects.create(
        party=shop,
        business_number="1234567891",
        status="closed",
        ended_on=april(3),
        asked_at=at(april(9)).replace(hour=1),
        raw_hash="0" * 64,
    )
    announce([check])
    assert known(shop, april(9))[keys.OPERATING] == ({"status": "closed", "ended_on": "2021-04-03"}, april(9), "nts")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (keys.EMPLOYEES, 3.5),
        (keys.EMPLOYEES, "NaN"),
        (keys.EMPLOYEES, "-1"),
        (keys.OPERATING, {"status": "asleep", "ended_on": None}),
        (keys.OPERATING, {"status": "open", "ended_on": None, "more": 1}),
        (keys.AVERAGE_SALES, True),
        (keys.AVERAGE_SALES, -1),
        (keys.LISTED, 1),
        (keys.REGION, "서울"),
        (keys.CERTIFICATE, {"number": "1", "valid_from": "2021-13-01", "valid_to": "2021-12-31"}),
        (keys.UNFAIR_PRACTICE, ["20210101"]),
        (keys.OWN_SHARE, 10_001),
        (keys.AVERAGE_SALES, 2**53),
        (keys.CHANNEL_URL, ""),
    ],
)
def test_a_value_of_another_shape_never_gets_in(shop: Party, key: str, value: object) -> None:
    with pytest.raises(BadValueError, match=key):
        tell(shop, key, value, TODAY)
    assert StoredFact.objects.count() == 0


def test_text_is_stored_in_its_normal_form() -> None:
    decomposed = "\u1112\u1161\u11ab"
    assert shaped(keys.CHANNEL_URL, decomposed) == "한"


def test_a_key_that_no_rule_reads_is_refused(shop: Party) -> None:
    with pytest.raises(UnknownFactError, match="shoe_size"):
        tell(shop, "shoe_size", 42, TODAY)


def test_a_fact_from_tomorrow_is_refused(shop: Party, owner: User) -> None:
    with pytest.raises(VaultError, match="2021-04-10"):
        state_fact(shop, keys.EMPLOYEES, "3", as_of=april(10), by=owner, now=NOW)
    state_fact(shop, keys.EMPLOYEES, "3", as_of=april(9), by=owner, now=NOW)


def test_saying_the_same_again_stores_nothing(shop: Party, owner: User) -> None:
    said = [Statement(shop.pk, keys.EMPLOYEES, "3", TODAY)] * 2
    assert len(state_facts(said, by=owner, now=NOW)) == 1
    assert state_facts(said, by=owner, now=NOW) == []
    assert state_fact(shop, keys.EMPLOYEES, "3", as_of=TODAY, by=owner, now=NOW) is None
    assert Entry.objects.filter(act="facts_stated").count() == 1


def test_going_back_to_an_earlier_word_of_the_same_day_is_stored(shop: Party, owner: User) -> None:
    for minute, value in enumerate(("3", "4", "3")):
        state_fact(shop, keys.EMPLOYEES, value, as_of=TODAY, by=owner, now=NOW.replace(minute=minute))
    assert known(shop, TODAY)[keys.EMPLOYEES][0] == "3"


def test_the_record_holds_what_one_party_said_word_by_word_and_of_many_the_root(shop: Party, owner: User) -> None:
    state_fact(shop, keys.EMPLOYEES, "3", as_of=TODAY, by=owner, now=NOW)
    entry = Entry.objects.get(act="facts_stated")
    assert (entry.subject, entry.actor) == (f"party:{shop.pk}", str(owner.pk))
    assert '"value":"3"' in Payload.objects.get(entry=entry).body
    other = business(owner, "다른 가게")
    state_facts(
        [Statement(party.pk, keys.REGION, "11", TODAY) for party in (shop, other)], by="system:rehearsal", now=NOW
    )
    entry = Entry.objects.filter(act="facts_stated").last()
    assert entry is not None
    assert entry.subject.startswith("facts:")
    assert '"root"' in Payload.objects.get(entry=entry).body


def test_rooms_above_add_what_they_know_by_the_same_precedence(shop: Party) -> None:
    tell(shop, keys.MARKET_LISTING, "none", april(8))
    tell(shop, keys.LISTED, value=False, as_of=april(8), source="market")
    award = {"edition": "2021", "programme": "3-1", "round": "R1"}

    def market(parties: object, *, papers_until: date, registers_on: date) -> dict[object, list[Fact]]:
        del parties, papers_until
        return {
            shop.pk: [
                Fact(keys.MARKET_LISTING, "listed", april(3), "market"),
                Fact(keys.LISTED, value=True, as_of=april(3), source="market"),
                Fact(keys.AWARDS, [award], registers_on, "awards"),
            ]
        }

    seams.facts_from.register("market", market)
    assert known(shop, april(9)) == {
        keys.MARKET_LISTING: ("listed", april(3), "market"),
        keys.LISTED: (False, april(8), "market"),
        keys.AWARDS: ([award], april(9), "awards"),
    }
    assert facts([shop.pk], papers_until=april(9), wanted=[keys.LISTED])[shop.pk].keys() == {keys.LISTED}


def test_many_parties_cost_one_query_as_one_does(owner: User) -> None:
    shops = [business(owner, f"가게 {number}") for number in range(3)]
    for shop in shops:
        tell(shop, keys.EMPLOYEES, "3", TODAY)
        tell(shop, keys.REGION, "11", TODAY)
    for some in (shops[:1], shops):
        with CaptureQueriesContext(connection) as asked:
            found = facts([shop.pk for shop in some], papers_until=TODAY)
        assert (len(asked), sorted(map(len, found.values()))) == (1, [2] * len(some))


@transaction.atomic
def state_all_or_none(told: list[Statement], by: User) -> None:
    state_facts(told, by=by, now=at(date(2023, 1, 1)))
    connection.check_constraints()


@pytest.mark.parametrize("count", [3, 600])
def test_a_set_is_stored_whole_or_not_at_all_however_large(shop: Party, owner: User, count: int) -> None:
    told = [
        Statement(shop.pk, keys.OPERATING, None if place % 2 else OPEN, april(1) + timedelta(days=place), "nts")
        for place in range(count)
    ]
    stated = state_facts(told, by=owner, now=NOW, today=april(1) + timedelta(days=count))
    assert len(stated) == count
    assert known(shop, april(1), april(1))[keys.OPERATING] == (OPEN, april(1), "nts")
    assert known(shop, april(1), april(2))[keys.OPERATING] == (None, april(2), "nts")
    assert (
        StoredFact.objects.filter(recorded_by=owner, recorded_at=NOW, looked_up=True, withdrawn_at=None).count()
        == count
    )
    ghost = Statement(uuid4(), keys.OPERATING, OPEN, april(1), "nts")
    more = [*(replace(one, source="officer") for one in told), ghost]
    with pytest.raises(IntegrityError):
        state_all_or_none(more, owner)
    assert StoredFact.objects.count() == count


def test_the_database_refuses_to_change_a_fact(shop: Party) -> None:
    tell(shop, keys.EMPLOYEES, "3", TODAY)
    stated = StoredFact.objects.get()
    for change in ({"value": "4"}, {"as_of": april(1)}, {"source": "officer"}, {"known_from": april(20)}):
        with pytest.raises(IntegrityError, match="may be withdrawn"), transaction.atomic():
            StoredFact.objects.filter(pk=stated.pk).update(**change)
    StoredFact.objects.update(withdrawn_at=NOW, withdrawn_on=TODAY)
    with pytest.raises(IntegrityError, match="withdrawn already"), transaction.atomic():
        StoredFact.objects.update(withdrawn_at=None, withdrawn_on=None)


SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(["nts", "officer", "applicant", "newspaper"]),
        st.integers(1, 6),
        st.integers(0, 3),
        st.booleans(),
        st.one_of(st.none(), st.integers(0, 4)),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sayings=SAYINGS, papers=st.integers(1, 10), registers=st.integers(1, 10))
def test_precedence_is_what_a_reader_of_the_data_would_find(
    shop: Party, sayings: list[tuple[str, int, int, bool, int | None]], papers: int, registers: int
) -> None:
    """Looks at every saying in turn, as a person with the list would."""
    rank = {"nts": 0, "officer": 0, "applicant": 1, "newspaper": 9}
    best: tuple[int, int, int] | None = None
    expected: object = "nothing"
    with transaction.atomic():
        for number, (source, as_of, later, looked_up, withdrawn) in enumerate(sayings):
            from_ = as_of if looked_up else as_of + later
            off = None if withdrawn is None else from_ + withdrawn
            StoredFact.objects.create(
                party=shop,
                key=keys.OPERATING,
                value={"status": "open", "ended_on": f"2021-01-{number + 1:02d}"},
                as_of=april(as_of),
                source=source,
                looked_up=looked_up,
                known_from=april(from_),
                recorded_at=NOW.replace(second=number),
                withdrawn_at=None if off is None else NOW,
                withdrawn_on=None if off is None else april(off),
            )
            asked = registers if looked_up else papers
            if from_ <= asked and (off is None or off > asked):
                place = (-rank[source], as_of, number)
                if best is None or place > best:
                    best, expected = place, f"2021-01-{number + 1:02d}"
        found = facts([shop.pk], papers_until=april(papers), registers_on=april(registers))[shop.pk]
        value = found[keys.OPERATING].value if found else {"ended_on": "nothing"}
        transaction.set_rollback(True)
    assert isinstance(value, dict)
    assert value["ended_on"] == expected
