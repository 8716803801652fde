from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.editions.models import EditionVersion

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from panro.rules.edition.model import Edition

MAY = date(2021, 5, 27)
type Publish = Callable[..., EditionVersion]
type Stand = Callable[[date], None]


@pytest.mark.parametrize("path", ["/", "/programmes/", "/calendar/", "/calendar.ics", "/programmes/3-1/", "/find/"])
def test_queries_do_not_grow_with_the_rows(
    client: Client, publish_some: Publish, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    counts = []
    for codes in (["3-1"], ["3-1", "1-1", "4-3"]):
        publish_some(*codes)
        client.get(path)
        with django_assert_max_num_queries(9) as counted:
            assert client.get(path).status_code == 200
        counts.append(len(counted))
        EditionVersion.objects.filter(state="published").update(state="superseded")
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("db")
def test_without_a_published_year_pages_say_so(client: Client) -> None:
    for path in ("/", "/programmes/", "/calendar/", "/find/"):
        response = client.get(path, headers={"accept-language": "ko"})
        assert response.status_code == 200
        assert "아직 공고가 없습니다" in response.content.decode()
    assert client.get("/programmes/3-1/").status_code == 404
    assert client.get("/calendar.ics").status_code == 404


@pytest.mark.usefixtures("published")
def test_every_programme_has_a_page_in_both_languages(client: Client, year: Edition, on_day: Stand) -> None:
    on_day(MAY)
    for programme in year.programmes:
        for language, name in (("ko", programme.name.ko), ("en", programme.name.en)):
            response = client.get(f"/programmes/{programme.code}/", headers={"accept-language": language})
            assert response.status_code == 200
            assert f"<h1>{name}</h1>" in response.content.decode().replace("&#x27;", "'").replace("&amp;", "&")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("pillar=live", ["4-1", "4-2", "4-3"]),
        ("unit=place", None),
        ("applicant=creator", ["4-3"]),
        ("q=홈쇼핑", ["3-2"]),
        ("pillar=live&applicant=institution", []),
        ("pillar=nothing-like-it&unit=x", "all"),
    ],
)
def test_the_list_narrows_down(client: Client, year: Edition, on_day: Stand, query: str, codes: object) -> None:
    on_day(MAY)
    context = client.get(f"/programmes/?{query}").context
    found = [one.row.code for shown in context["pillars"] for one in shown.rows]
    expected = {
        None: [one.code for one in year.programmes if one.unit == "place"],
        "all": [one.code for one in year.programmes],
    }.get(codes if not isinstance(codes, list) else "", codes)
    assert sorted(found) == sorted(expected)  # type: ignore[call-overload]


@pytest.mark.usefixtures("published")
def test_open_now_means_open_on_that_day(client: Client, year: Edition, on_day: Stand) -> None:
    for day in (date(2021, 3, 16), date(2021, 3, 17), MAY, date(2022, 1, 1)):
        on_day(day)
        context = client.get("/programmes/?open=1").context
        found = [one.row.code for shown in context["pillars"] for one in shown.rows]
        expected = [p.code for p in year.programmes if any(r.opens <= day <= r.closes for r in p.rounds)]
        assert sorted(found) == sorted(expected)


@pytest.mark.usefixtures("published")
def test_what_is_not_public_is_marked_with_its_note(client: Client) -> None:
    text = client.get("/programmes/3-1/", headers={"accept-language": "ko"}).content.decode()
    notes = client.get("/programmes/3-1/").context["notes"].all
    assert {note.source.kind for note in notes} <= {"illustrative", "reading", "decision"}
    assert len(notes) >= 3
    for note in notes:
        assert text.count(f'href="#{note.anchor}"') >= 1
        assert text.count(f'id="{note.anchor}"') == 1


@pytest.mark.usefixtures("published")
def test_unknown_years_and_programmes_are_not_found(client: Client) -> None:
    for path in ("/programmes/9-9/", "/programmes/3-1/?edition=1999", "/?edition=1999", "/calendar.ics?edition=1999"):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("published")
def test_closing_rounds_come_first_and_a_finished_year_says_so(client: Client, on_day: Stand) -> None:
    on_day(MAY)
    rounds = client.get("/").context["rounds"]
    assert [one.left for one in rounds] == sorted(one.left for one in rounds)
    assert all(one.row.opens <= MAY <= one.row.closes for one in rounds)
    on_day(date(2022, 6, 1))
    context = client.get("/").context
    assert (context["rounds"], context["is_over"]) == ([], True)
