from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation


def render(source: str, language: str = "ko", **context: object) -> str:
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        (0, "0원", "₩0"),
        (999, "999원", "₩999"),
        (1000, "1,000원", "₩1,000"),
        (-25_000_000, "-25,000,000원", "-₩25,000,000"),
    ],
)
def test_won(value: int, korean: str, english: str) -> None:
    assert render("{{ v|won }}", v=value) == korean
    assert render("{{ v|won }}", "en", v=value) == english


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (999, "999"), (30_000, "30,000"), (-1234, "-1,234")])
def test_number(value: int, shown: str) -> None:
    assert render("{{ v|number }}", v=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0%"), (300, "3%"), (1, "0.01%"), (10, "0.1%"), (1250, "12.5%"), (10_000, "100%"), (-250, "-2.5%")],
)
def test_percent(value: int, shown: str) -> None:
    assert render("{{ v|percent }}", v=value) == shown


def test_days_are_those_of_seoul() -> None:
    late = dt.datetime(2021, 3, 16, 15, 0, tzinfo=dt.UTC)
    earlier = late - dt.timedelta(microseconds=1)
    assert render("{{ v|day }}", v=late) == "2021. 3. 17.(수)"
    assert render("{{ v|day }}", v=earlier) == "2021. 3. 16.(화)"
    assert render("{{ v|day }}", "en", v=late) == "17 March 2021 (Wed)"
    assert render("{{ v|day }}", v=dt.date(2021, 12, 31)) == "2021. 12. 31.(금)"
    assert render("{{ v|day }}", v=None) == "–"


def test_moments_are_those_of_seoul() -> None:
    moment = dt.datetime(2021, 3, 17, 9, 5, tzinfo=dt.UTC)
    assert render("{{ v|moment }}", v=moment) == "2021. 3. 17.(수) 18:05"
    assert render("{{ v|moment }}", "en", v=moment) == "17 March 2021 (Wed), 18:05"
    assert render("{{ v|moment }}", v=None) == "–"


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [(True, "예", "yes"), (False, "아니요", "no"), (None, "아직 알 수 없음", "not known yet")],
)
def test_three_answers(value: bool | None, korean: str, english: str) -> None:  # noqa: FBT001 - what is tested
    assert render("{% yes_or_no v %}", v=value) == korean
    assert render("{% yes_or_no v %}", "en", v=value) == english


def test_badge_escapes_what_it_shows() -> None:
    assert render("{% badge v %}", v="<b>") == '<span class="badge">&lt;b&gt;</span>'
    assert render("{% badge v 'success' %}", v="ok") == '<span class="badge badge-success">ok</span>'


def test_notice_keeps_its_markup_and_escapes_values() -> None:
    shown = render("{% notice 'warning' title=t %}<p>{{ v }}</p>{% endnotice %}", t="<i>", v="<b>")
    assert shown == '<div class="notice notice-warning"><strong>&lt;i&gt;</strong><p>&lt;b&gt;</p></div>'


@pytest.mark.parametrize("source", ["{% badge 'x' 'loud' %}", "{% notice 'loud' %}{% endnotice %}"])
def test_an_unknown_kind_is_an_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unknown kind 'loud'"):
        render(source)


def test_a_table_region_has_a_name_and_can_be_reached_by_keyboard() -> None:
    shown = render("{% table_region t %}<table></table>{% endtable_region %}", t='"')
    assert shown == '<div class="table-region" role="region" tabindex="0" aria-label="&quot;"><table></table></div>'


def test_a_breadcrumb_links_all_but_the_page_itself() -> None:
    shown = render("{% breadcrumb a '/a/' b %}", a="<A>", b="B")
    assert '<a href="/a/">&lt;A&gt;</a>' in shown
    assert '<span aria-current="page">B</span>' in shown
    assert shown.count("<li>") == 3
