"""The figures of a season equal what somebody else counts, and cost the same however many rows there are."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight import world
from insight.world import DAY, NOW
from panro.editions.models import EditionVersion
from panro.insight import actions, queries
from panro.insight import season as pages
from panro.insight.models import Figure, FigureSet
from panro.vault.models import StoredFact

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from panro.accounts.models import User

pytestmark = pytest.mark.django_db


def stored() -> Counter[world.Key]:
    rows = Figure.objects.exclude(round_code="").values_list(
        "theme", "programme", "round_code", "key", "measure", "count"
    )
    return Counter({row[:5]: row[5] for row in rows})


def count(notice: EditionVersion) -> FigureSet:
    return actions.count_season(notice.edition, now=NOW, day=DAY)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), size=st.integers(0, 60))
def test_every_figure_is_what_an_independent_count_comes_to(notice: EditionVersion, seed: int, size: int) -> None:
    with transaction.atomic():
        made = world.season(notice, size, seed=seed)
        count(notice)
        assert stored() == made.truth
        transaction.set_rollback(True)


def test_counting_again_replaces_what_was_there(notice: EditionVersion) -> None:
    made = world.season(notice, 20)
    first = count(notice)
    later = actions.count_season(notice.edition, now=NOW + timedelta(minutes=5), day=DAY)
    assert first.pk == later.pk
    assert stored() == made.truth
    assert FigureSet.objects.get().counted_at == NOW + timedelta(minutes=5)


def test_a_round_known_only_by_its_publication_counts_as_published(notice: EditionVersion) -> None:
    summary = {"regions": [["11", 9, 4], ["26", 3, 0]], "stages": [["paper", 8, 6]]}
    counts = {"waiting": 2, "not_selected": 2, "ineligible": 3, "withdrawn": 1}
    with world.without_triggers():  # they would miss the lines
        world.publication(notice, ("3-2", "R1"), 1, selected=4, summary=summary, **counts).save()
    count(notice)
    where = ("3-2", "R1", "")
    assert stored() == Counter(
        {
            ("round", *where, "started"): 12,
            ("round", *where, "applied"): 12,
            ("round", *where, "eligible"): 8,
            ("round", *where, "ineligible"): 3,
            ("round", *where, "withdrawn"): 1,
            ("round", *where, "evaluated"): 8,
            ("round", *where, "selected"): 4,
            ("region", "3-2", "R1", "11", "applied"): 9,
            ("region", "3-2", "R1", "11", "selected"): 4,
            ("region", "3-2", "R1", "26", "applied"): 3,
        }
    )


def test_the_industry_that_somebody_stated_counts_where_the_business_says_none(notice: EditionVersion) -> None:
    made = world.season(notice, 30)
    case = next(
        case for case, business in ((case, _business(made, case)) for case in made.cases) if not business.industry
    )
    StoredFact.objects.create(
        party=case.party,
        key="industry",
        value={"code": "56111", "revision": 10},
        as_of=DAY,
        source="applicant",
        known_from=DAY,
        recorded_at=NOW,
    )
    count(notice)
    rows = Figure.objects.filter(theme="industry", key="56", measure="applied").order_by("programme", "round_code")
    assert list(rows.values_list("programme", "round_code", "count")) == [
        ("", "", 1),
        (case.programme, "", 1),
        (case.programme, case.round_code, 1),
    ]


def _business(made: world.Made, case: object) -> object:
    return next(one for one in made.businesses if one.party_id == case.party_id)  # type: ignore[attr-defined] # a case


def test_the_page_narrows_and_sums(notice: EditionVersion) -> None:
    made = world.season(notice, 60)
    count(notice)
    whole, half, one = (queries.season(notice, *where) for where in ((), ("3-1",), ("3-1", "R1")))
    assert whole
    assert half
    assert one
    truth = made.truth
    assert [(row.programme, row.code, row.applied, row.selected) for row in whole.rounds if row.applied] == [
        (*where, truth["round", *where, "", "applied"], truth["round", *where, "", "selected"])
        for where in (("3-1", "R1"), ("3-1", "R2"), ("3-2", "R1"))
    ]
    assert [(row.programme, row.code) for row in one.rounds] == [("3-1", "R1")]
    narrowed = ((whole, sorted(made.reviews)), (half, [("3-1", "R1"), ("3-1", "R2")]), (one, [("3-1", "R1")]))
    for season, rounds in narrowed:
        for theme, found in (("region", season.regions), ("industry", season.industries), ("group", season.groups)):
            expected: dict[str, Counter[str]] = {}
            for (of, programme, code, key, measure), number in truth.items():
                if of == theme and (programme, code) in rounds:
                    expected.setdefault(key, Counter())[measure] += number
            assert found == expected
    selected = sum(number for key, number in truth.items() if key[0] == "round" and key[4] == "selected")
    assert [(tally.target, tally.given) for tally in whole.tallies] == [(30_000, selected), (2_000, 0)]


def test_tables_say_what_charts_draw(notice: EditionVersion) -> None:
    world.season(notice, 60)
    count(notice)
    season = queries.season(notice)
    assert season is not None
    with translation.override("en"):
        panels = pages.panels(season)
    assert [panel.code for panel in panels if not panel.lines] == []
    for panel in panels:
        drawn = [[f"{value:,}" for value in one.values] for one in panel.series]
        tops = [line for line in panel.lines if not line.level]
        assert [line.label for line in tops] == panel.labels
        for place, line in enumerate(tops):
            missing = [values[place] for values in drawn if values[place] not in line.cells]
            assert missing == [] or panel.code == "panels", (panel.code, line)
    funnel = next(panel for panel in panels if panel.code == "funnel")
    steps = [int(line.cells[0].replace(",", "")) for line in funnel.lines]
    assert steps[0] >= steps[1] >= steps[2] >= steps[3]


def test_an_empty_season_says_so(notice: EditionVersion, park: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(park)
    assert "Nothing has been counted yet" in client.get("/office/season/").content.decode()
    count(notice)
    text = client.get("/office/season/").content.decode()
    assert "Nobody has applied yet." in text
    assert "No case is open." in text
    EditionVersion.objects.filter(pk=notice.pk).update(state="superseded")
    assert "No year is published yet." in client.get("/office/season/").content.decode()


def test_queries_do_not_grow(
    notice: EditionVersion, park: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(park)
    costs = []
    for size in (1, 3, 40):
        with transaction.atomic():
            world.season(notice, size, seed=size)
            count(notice)
            client.get("/office/season/")
            with django_assert_num_queries(8) as counted:
                assert client.get("/office/season/?where=3-1").status_code == 200
            costs.append(len(counted.captured_queries))
            transaction.set_rollback(True)
    assert costs == [8, 8, 8]
