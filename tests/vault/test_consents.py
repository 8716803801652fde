"""Consents: one per programme, purpose and recipient; given once, withdrawn at once, the past kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from panro.accounts.models import User
from panro.parties.models import Party
from panro.record.models import Entry
from panro.vault import seams
from panro.vault.actions import give_consent, withdraw_consent
from panro.vault.models import Consent
from panro.vault.purposes import UnknownPurposeError, purpose
from panro.vault.queries import consented, has_consent
from vault.world import NOW, TODAY, april, at, business

pytestmark = pytest.mark.django_db
MALL, SELLER = "쇼핑몰 수행기관", "전담셀러 수행기관"


def give(shop: Party, by: User, *recipients: str, what: str = "provide", day: int = 9) -> list[Consent]:
    return give_consent(
        shop, programme="2021/3-1", recipients=recipients or [MALL], purpose=what, by=by, now=at(april(day))
    )


def test_a_consent_holds_for_its_programme_purpose_and_recipient_alone(shop: Party, owner: User) -> None:
    give(shop, owner)
    assert has_consent(shop.pk, "2021/3-1", purpose="provide")
    assert has_consent(shop.pk, "2021/3-1", purpose="provide", recipient=MALL)
    assert not has_consent(shop.pk, "2021/3-1", purpose="provide", recipient=SELLER)
    assert not has_consent(shop.pk, "2021/3-1", purpose="collect")
    assert not has_consent(shop.pk, "2021/3-2", purpose="provide")


def test_giving_it_again_changes_nothing_and_is_recorded_once(shop: Party, owner: User) -> None:
    first = give(shop, owner, MALL, SELLER)
    assert give(shop, owner, MALL, SELLER, day=10) == first
    assert Entry.objects.filter(act="consent_given").count() == 1


def test_a_withdrawn_consent_ends_that_day_and_can_be_given_anew(shop: Party, owner: User) -> None:
    told: list[list[Consent]] = []
    seams.consent_withdrawn.register("intake", lambda rows, *, now: told.append(list(rows)))  # noqa: ARG005 - as the seam calls
    held = give(shop, owner)
    ended = withdraw_consent([held[0].pk], party=shop, by=owner, now=at(april(12)))
    assert told == [ended] == [held]
    assert not has_consent(shop.pk, "2021/3-1", purpose="provide")
    days = [has_consent(shop.pk, "2021/3-1", purpose="provide", on=april(day)) for day in (8, 9, 11, 12)]
    assert days == [False, True, True, False]
    assert withdraw_consent([held[0].pk], party=shop, by=owner, now=at(april(13))) == []
    assert give(shop, owner, day=14) != held
    assert has_consent(shop.pk, "2021/3-1", purpose="provide")


def test_what_follows_from_a_withdrawal_stands_or_falls_with_it(shop: Party, owner: User) -> None:
    def fail(rows: object, *, now: object) -> None:
        raise RuntimeError(f"{rows} {now}")

    held = give(shop, owner)
    seams.consent_withdrawn.register("intake", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        withdraw_consent([held[0].pk], party=shop, by=owner, now=at(april(12)))
    assert has_consent(shop.pk, "2021/3-1", purpose="provide")


def test_nobody_withdraws_for_another_party(shop: Party, owner: User, stranger: User) -> None:
    held = give(shop, owner)
    other = business(stranger, "남의 가게")
    assert withdraw_consent([held[0].pk], party=other, by=stranger, now=NOW) == []
    assert has_consent(shop.pk, "2021/3-1", purpose="provide")


def test_of_many_parties_those_that_consent_are_found_by_one_query(
    shop: Party, owner: User, django_assert_num_queries: object
) -> None:
    others = [business(owner, f"가게 {number}") for number in range(3)]
    give(shop, owner)
    give(others[0], owner)
    with django_assert_num_queries(1):
        found = consented([shop.pk, *(one.pk for one in others)], "2021/3-1", purpose="provide")
    assert found == {shop.pk, others[0].pk}


def test_what_nobody_asks_for_cannot_be_consented_to(shop: Party, owner: User) -> None:
    with pytest.raises(UnknownPurposeError, match="everything"):
        give(shop, owner, what="everything")


def test_the_words_that_were_shown_are_kept_as_a_hash(shop: Party, owner: User) -> None:
    one = give(shop, owner)[0]
    other = give_consent(
        shop, programme="2021/3-2", recipients=[MALL], purpose="provide", items=["이름"], by=owner, now=NOW
    )[0]
    assert one.items == [purpose("provide").items.ko]
    assert one.terms_digest != other.terms_digest


def test_the_database_keeps_what_was_consented_to(shop: Party, owner: User) -> None:
    held = give(shop, owner)[0]
    for change in ({"recipient": SELLER}, {"items": ["all"]}, {"given_on": april(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=held.pk).update(withdrawn_at=NOW, withdrawn_on=TODAY)  # by nobody


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_one_consent(shop: Party, owner: User) -> None:
    def send(_number: int) -> list[object]:
        try:
            return [one.pk for one in give(shop, owner, MALL, SELLER)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(send, range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert Consent.objects.count() == 2
