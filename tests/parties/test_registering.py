"""Businesses, organisations and people come to the agency, and change what they said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from panro.parties import actions, queries
from panro.parties.actions.changing import ChangeError
from panro.parties.actions.registering import UNPROVED, TooManyUnprovedError
from panro.parties.errors import NotAllowedError, NumberHeldError, StaleError
from panro.parties.given import GivenError
from panro.parties.models import Business, Membership, Organisation, Party, Person
from panro.record.models import Entry
from parties.people import NOW, NUMBER, OTHER_NUMBER, TODAY, account, business_of, centre, centre_of, shop, standing

pytestmark = pytest.mark.django_db


def test_mina_registers_her_shop_and_owns_it() -> None:
    mina = account("mina")
    party = business_of(mina, corporate_number="", mail_order_number="제2021-서울마포-01234호", industry="C10797")
    stored = Business.objects.get(party=party)
    assert (stored.business_number, stored.phone, stored.standing) == (NUMBER, "023001234", "unverified")
    assert (stored.mail_order_number, stored.industry, stored.industry_revision) == (
        "2021-서울마포-01234",
        "10797",
        "10",
    )
    assert Membership.objects.get(party=party, user=mina).role == "owner"
    assert Entry.objects.get(subject=f"party:{party.pk}").act == "party_registered"
    assert queries.applicant_type(party) == "merchant"


def test_a_double_click_registers_one_business_one_organisation_one_person() -> None:
    mina = account("mina")
    assert business_of(mina) == business_of(mina)
    assert centre_of(mina) == centre_of(mina)
    assert actions.be_a_person(mina, now=NOW) == actions.be_a_person(mina, now=NOW, name="다른 이름")
    assert Party.objects.count() == 3
    assert Person.objects.get().party.name == "mina"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("business_number", "124-81-00999"),
        ("business_number", "000-00-00000"),
        ("business_number", "12481009"),
        ("corporate_number", "123"),
        ("name", "   "),
        ("name", "가" * 201),
        ("representative", ""),
        ("region", "99"),
        ("opened_on", TODAY + timedelta(days=1)),
        ("phone", "12"),
        ("mail_order_number", "서울-1"),
        ("industry", "00123"),
    ],
)
def test_what_cannot_be_stored_says_which_field(field: str, wrong: object) -> None:
    changes = {"form": "corporation"} if field == "corporate_number" else {}
    with pytest.raises(GivenError) as refused:
        business_of(account("mina"), **{field: wrong}, **changes)
    assert refused.value.field == field
    assert Party.objects.count() == 0


def test_a_corporate_number_with_a_strange_check_digit_is_taken() -> None:
    party = business_of(account("mina"), form="corporation", corporate_number="130111-0006247")
    assert party.business.corporate_number == "1301110006247"


def test_the_opening_day_may_be_today_and_a_name_200_signs_long() -> None:
    party = business_of(account("mina"), opened_on=TODAY, name="가" * 200)
    assert len(party.name) == 200


def test_a_number_and_a_reason_for_having_none_exclude_each_other() -> None:
    with pytest.raises(GivenError) as refused:
        business_of(account("mina"), mail_order_number="2021-서울마포-01234", mail_order_exemption="few_deals")
    assert refused.value.field == "mail_order_number"
    party = business_of(account("jiho"), mail_order_exemption="few_deals")
    with pytest.raises(IntegrityError, match="business_mail_order_number_or_not"), transaction.atomic():
        Business.objects.filter(party=party).update(mail_order_number="2021-서울마포-01234")


def test_a_proved_number_is_not_registered_again_unless_to_dispute_it() -> None:
    business_of(account("mina"), proved=True)
    taek = account("taek")
    with pytest.raises(NumberHeldError):
        actions.register_business(taek, now=NOW, **shop())
    with pytest.raises(NumberHeldError):
        actions.register_organisation(taek, now=NOW, **centre(business_number=NUMBER))
    assert standing(actions.register_business(taek, now=NOW, although_held=True, **shop())) == "unverified"


def test_two_unproved_may_bear_a_number_but_only_one_holds_it_whatever_its_kind() -> None:
    first, second = business_of(account("mina"), proved=True), business_of(account("taek"))
    with pytest.raises(IntegrityError, match="business_number_held_once"), transaction.atomic():
        Business.objects.filter(party=second).update(standing="verified")
    third = centre_of(account("sora"), business_number="")
    with pytest.raises(IntegrityError, match="party of another kind"), transaction.atomic():
        Organisation.objects.filter(party=third).update(business_number=NUMBER, standing="verified")
    assert standing(first) == "verified"


def test_nobody_collects_strangers_numbers() -> None:
    mina = account("mina")
    for serial in range(UNPROVED):
        centre_of(mina, business_number="", name=f"기관 {serial}")
    with pytest.raises(TooManyUnprovedError):
        business_of(mina)


def test_a_row_of_a_kind_fits_its_party_and_a_party_keeps_its_kind() -> None:
    party = business_of(account("mina"))
    with pytest.raises(IntegrityError, match="is a business, not a organisation"), transaction.atomic():
        Organisation.objects.create(party=party, form="private", representative="박", region="11")
    with pytest.raises(IntegrityError, match="keeps its kind"), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(kind="person")


def test_two_windows_lose_nothing() -> None:
    mina = account("mina")
    party = business_of(mina)
    actions.change_business(party.pk, by=mina, revision=1, now=NOW, phone="010-1234-5678")
    with pytest.raises(StaleError) as stale:
        actions.change_business(party.pk, by=mina, revision=1, now=NOW, address="부산")
    assert stale.value.stored == party
    stored = Business.objects.get(party=party)
    assert (stored.phone, stored.address, stored.revision) == ("01012345678", "서울특별시 마포구 월드컵북로 1", 2)


def test_staff_changes_the_telephone_but_not_the_representative() -> None:
    mina, jiho = account("mina"), account("jiho")
    party = business_of(mina)
    Membership.objects.create(user=jiho, party=party, role="staff", since=NOW)
    actions.change_business(party.pk, by=jiho, revision=1, now=NOW, phone="0212345678")
    with pytest.raises(NotAllowedError):
        actions.change_business(party.pk, by=jiho, revision=2, now=NOW, representative="이지호")
    with pytest.raises(NotAllowedError):
        actions.change_business(party.pk, by=account("sora"), revision=2, now=NOW, phone="0212345679")


def test_what_was_proved_must_be_proved_again_after_a_change_and_the_number_stays() -> None:
    mina = account("mina")
    party = business_of(mina, proved=True)
    with pytest.raises(ChangeError):
        actions.change_business(party.pk, by=mina, revision=1, now=NOW, business_number=OTHER_NUMBER)
    actions.change_business(party.pk, by=mina, revision=1, now=NOW, representative="김미나", phone="0212345678")
    assert standing(party) == "verified"
    actions.change_business(party.pk, by=mina, revision=2, now=NOW, opened_on=date(2018, 3, 3))
    assert standing(party) == "unverified"


def test_an_old_province_is_read_as_what_it_became() -> None:
    mina = account("mina")
    party = business_of(mina, region="42")
    later = date(2024, 3, 1)
    actions.change_business(party.pk, by=mina, revision=1, now=NOW, today=later, phone="0331234567")
    assert Business.objects.get(party=party).region == "42"
    actions.change_business(party.pk, by=mina, revision=2, now=NOW, today=later, region="51")
    assert Business.objects.get(party=party).region == "51"


def test_parties_of_an_account_cost_one_query_whatever_their_number() -> None:
    mina = account("mina")
    counts = []
    for registered in (lambda: business_of(mina), lambda: (centre_of(mina), actions.be_a_person(mina, now=NOW))):
        registered()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = queries.parties_of(mina)
            assert [queries.applicant_type(party) for party in found]
        counts.append((len(found), len(asked)))
    assert counts == [(1, 1), (3, 1)]


def test_many_are_registered_at_once_or_none() -> None:
    rows = [(account("mina"), shop()), (account("sora"), shop(business_number=OTHER_NUMBER, name="소라꽃집"))]
    made = actions.register_businesses(rows, now=NOW, today=TODAY)
    assert [party.name for party in made] == ["미나반찬", "소라꽃집"]
    with pytest.raises(GivenError):
        actions.register_businesses([rows[0], (rows[1][0], shop(region="99"))], now=NOW, today=TODAY)
    assert Party.objects.count() == 2
