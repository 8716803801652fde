"""What rooms below learn of published results: who holds a place, what is needed still, what keeps a round open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panro.intake.calls import call_of
from panro.intake.seams import Outcome
from panro.selection import results
from panro.selection.after import objections, offers
from panro.selection.course import seams
from panro.selection.models import RoundCourse
from panro.ui.clock import SEOUL
from selection.after.world import LAST_DAY, Round

if TYPE_CHECKING:
    from datetime import date

    from panro.editions.models import EditionVersion
    from panro.intake.calls import Call

pytestmark = pytest.mark.django_db
BY = "system:test"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=SEOUL)


def later_round(year: EditionVersion) -> Call:
    """A round of the same programme that opens when the first one is long over."""
    first = call_of(year, "3-2", "R1")
    opens = first.round_.closes + timedelta(days=60)
    return replace(first, round_=first.round_.model_copy(update={"code": "R9", "opens": opens}))


def test_whoever_holds_a_place_was_selected_and_nobody_else(published: Round, year: EditionVersion) -> None:
    mina, boram = published.first("selected"), published.first("not_selected")
    giver = published.first("selected", skip=1)
    offers.give_back(published.published.pk, giver, by=BY, now=noon(LAST_DAY))
    offer = offers.offer_next(published.published.pk, by=BY, now=noon(LAST_DAY + timedelta(days=1)))
    assert offer is not None
    shops = {number: published.applications[number].party_id for number in (mina, boram, giver, offer.result_no)}
    with CaptureQueriesContext(connection) as seen:
        found = results.outcomes(list(shops.values()), later_round(year))
    assert len(seen) == 1
    assert found == {
        shops[mina]: [Outcome("R1", selected=True)],
        shops[boram]: [Outcome("R1", selected=False)],
        shops[giver]: [Outcome("R1", selected=False)],
        shops[offer.result_no]: [Outcome("R1", selected=False)],
    }
    offers.accept(offer.pk, by=BY, now=noon(LAST_DAY + timedelta(days=2)))
    assert results.outcomes([shops[offer.result_no]], later_round(year)) == {
        shops[offer.result_no]: [Outcome("R1", selected=True)]
    }
    ids = {number: published.applications[number].pk for number in shops}
    assert results.not_selected(ids.values()) == {ids[boram], ids[giver]}


def test_the_first_round_of_a_programme_asks_nothing(published: Round, year: EditionVersion) -> None:
    shop = published.applications[published.first("selected")].party_id
    with CaptureQueriesContext(connection) as seen:
        assert results.outcomes([shop], call_of(year, "3-2", "R1")) == {}
    assert len(seen) == 0


def test_an_open_objection_keeps_its_round_from_being_settled(published: Round, year: EditionVersion) -> None:
    course = RoundCourse(version=year, programme="3-2", round_code="R1")
    assert seams.pending(course) == []
    number = published.first("not_selected")
    objections.file_objection(
        published.applications[number].pk, "점수를 다시 보아 주세요.", by=published.owners[number], now=noon(LAST_DAY)
    )
    assert seams.pending(course) == ["이의신청 1건을 아직 결정하지 않았습니다."]
