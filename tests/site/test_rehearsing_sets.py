"""Acts over many applicants at once leave what the single acts leave, in as many statements for two as for one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panro.accounts.models import User
from panro.catalog.actions import Beginning, InvalidError, open_products
from panro.catalog.models import Product
from panro.catalog.queries import product_facts
from panro.parties.actions import register_businesses
from panro.record.models import Entry
from panro.rehearsal.names import business_number
from panro.vault.actions import Giving, Handing, Shown, add_paper, add_papers, give_consent, give_consents
from panro.vault.errors import VaultError
from panro.vault.models import Consent, Paper, StoredFact

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.parties.models import Party

pytestmark = pytest.mark.django_db

DAY = date(2021, 3, 8)
NOW = datetime(2021, 3, 8, 3, tzinfo=UTC)
TELLER = "system:rehearsal"
AGENCY = ("사업 주관기관", "평가위원")

type Shop = tuple[User, Party]


@pytest.fixture
def shops() -> list[Shop]:
    """Four bakeries, each with its owner."""
    owners = [User.objects.create(email=f"baker-{number}@shop.example", date_joined=NOW) for number in range(4)]
    rows = [
        (
            owner,
            {
                "name": "누리빵집",
                "business_number": business_number(number, 12),
                "representative": "최하린",
                "opened_on": DAY,
                "region": "11",
                "form": "sole",
            },
        )
        for number, owner in enumerate(owners)
    ]
    return list(zip(owners, register_businesses(rows, now=NOW, today=DAY), strict=True))


def statements(act: Callable[[], object]) -> int:
    """Count the statements of an act."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def clearance(shop: Shop) -> Handing:
    owner, party = shop
    return Handing(party.pk, "national_tax_clearance", owner.pk, DAY, issued_on=DAY, shown=Shown(deferred=70_000))


def test_papers_of_many_show_what_single_ones_show(shops: list[Shop]) -> None:
    alone, *others = shops
    one = statements(lambda: add_papers([clearance(others[0])], by=TELLER, now=NOW))
    two = statements(lambda: add_papers([clearance(shop) for shop in others[1:]], by=TELLER, now=NOW))
    assert one == two
    owner, party = alone
    add_paper(
        party, "national_tax_clearance", issued_on=DAY, shown=Shown(deferred=70_000), by=owner, now=NOW, today=DAY
    )
    said = StoredFact.objects.values_list("key", "value", "as_of", "source", "known_from", "looked_up")
    expected = list(said.filter(party=party))
    assert len(expected) == 1
    for other_owner, other in others:
        assert list(said.filter(party=other)) == expected
        paper = Paper.objects.get(party=other)
        assert (paper.added_by, paper.valid_to) == (other_owner, Paper.objects.get(party=party).valid_to)
        entry = Entry.objects.get(act="paper_added", subject=f"paper:{paper.pk}")
        assert entry.actor == str(other_owner.pk)


def test_one_paper_that_cannot_be_keeps_all_out(shops: list[Shop]) -> None:
    (first, party), (second, other), *_rest = shops
    good = Handing(party.pk, "articles", first.pk, DAY)
    bad = Handing(other.pk, "small_merchant_certificate", second.pk, DAY, issued_on=DAY)
    with pytest.raises(VaultError):
        add_papers([good, bad], by=TELLER, now=NOW)
    assert not Paper.objects.exists()


def giving(shop: Shop) -> Giving:
    owner, party = shop
    return Giving(party.pk, owner.pk, "2021/3-1", "provide", AGENCY, NOW, DAY)


def test_consents_of_many_are_given_once(shops: list[Shop]) -> None:
    alone, *others = shops
    one = statements(lambda: give_consents([giving(others[0])], now=NOW))
    two = statements(lambda: give_consents([giving(shop) for shop in others[1:]], now=NOW))
    assert one == two
    assert give_consents([giving(shop) for shop in others], now=NOW) == []
    owner, party = alone
    give_consent(party, programme="2021/3-1", recipients=AGENCY, purpose="provide", by=owner, now=NOW, today=DAY)
    said = Consent.objects.order_by("recipient").values_list(
        "programme", "purpose", "recipient", "items", "terms_digest", "given_at", "given_on"
    )
    for _owner, other in others:
        assert list(said.filter(party=other)) == list(said.filter(party=party))
        assert Entry.objects.filter(act="consent_given", subject=f"party:{other.pk}").count() == 1


def bread(shop: Shop, code: str = "P7-1") -> Beginning:
    owner, party = shop
    return Beginning(party.pk, owner.pk, code, {"name": "누리 단팥빵", "origin": "KR", "maker_size": ""})


def test_products_of_many_are_begun_as_drafts(shops: list[Shop]) -> None:
    one = statements(lambda: open_products([bread(shops[0])], now=NOW, today=DAY))
    two = statements(lambda: open_products([bread(shop) for shop in shops[1:]], now=NOW, today=DAY))
    assert one == two
    for owner, party in shops:
        product = Product.objects.get(party=party)
        assert product_facts([product]) == [{"code": "P7-1", "name": "누리 단팥빵", "origin": "KR", "maker": None}]
        assert (product.state, product.revision, product.saved_by) == ("draft", 1, owner)
        assert Entry.objects.filter(act="product_opened", subject=f"product:{product.pk}").count() == 1


def test_a_code_that_is_taken_keeps_all_products_out(shops: list[Shop]) -> None:
    open_products([bread(shops[1], "P7-2")], now=NOW, today=DAY)
    with pytest.raises(InvalidError) as caught:
        open_products([bread(shops[0]), bread(shops[1], "P7-2")], now=NOW, today=DAY)
    assert [(fault.code, fault.values["found"]) for fault in caught.value.faults] == [("code_taken", "P7-2")]
    assert Product.objects.count() == 1
