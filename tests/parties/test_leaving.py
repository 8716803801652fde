from __future__ import annotations

import pytest

from panro.accounts import closing
from panro.parties import actions
from panro.parties.models import Membership
from panro.parties.states import Role
from parties.people import NOW, account, business_of

pytestmark = pytest.mark.django_db


def test_the_last_owner_of_a_shop_settles_that_first() -> None:
    mina, sora = account("mina"), account("sora")
    shop = business_of(mina)
    with pytest.raises(closing.CannotCloseError) as refused:
        closing.close(mina.pk, now=NOW)
    assert [reason.en for reason in refused.value.reasons] == [
        f"You are the only owner of “{shop.name}”. Make somebody else an owner first."
    ]
    Membership.objects.create(user=sora, party=shop, role=Role.OWNER, since=NOW)
    assert closing.obstacles(mina.pk) == []
    closing.close(mina.pk, now=NOW)


def test_who_stands_for_herself_alone_may_go() -> None:
    hana = account("hana")
    actions.be_a_person(hana, now=NOW, birth_year=1999, region="11", phone="")
    assert closing.obstacles(hana.pk) == []
