"""The doctor finds what no constraint holds, and nothing in a house that is in order."""

from __future__ import annotations

import pytest
from django.db import connection

from panro.parties import actions, invariants
from panro.parties.models import Business, Consortium, Membership, Party
from parties.people import NOW, account, business_of, centre_of

pytestmark = pytest.mark.django_db
CHECKS = [invariants.incomplete, invariants.strangely_disputed, invariants.strangely_formed, invariants.unasked]


def found() -> list[int]:
    return [len(list(check())) for check in CHECKS]


def test_a_house_in_order_and_one_that_is_not() -> None:
    mina, sora = account("mina"), account("sora")
    shop, centre = business_of(mina, proved=True), centre_of(sora)
    consortium = actions.form_consortium(centre.pk, name="함께", purpose="x", duty="y", by=sora, now=NOW)
    digest = Consortium.objects.get().text_hash
    actions.sign(consortium.pk, centre.pk, text_hash=digest, by=sora, now=NOW)
    assert found() == [0, 0, 0, 0]
    actions.ask_status(shop.pk, by=mina, now=NOW)
    Business.objects.filter(party=shop).update(standing="disputed")
    Consortium.objects.update(text="{}", state="forming")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Membership.objects.filter(party=shop).delete()
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    bare = Party.objects.create(kind="business", name="빈 가게", created=NOW)
    Membership.objects.create(user=mina, party=bare, role="owner", since=NOW)
    assert found() == [2, 1, 2, 1]
    Membership.objects.create(user=mina, party=shop, role="owner", since=NOW)
