"""The public pages of the year."""

from __future__ import annotations

from django.urls import include, path

from panro.editions.views import calendar, find, public
from panro.ui.routes import Entry, page

_PAGES = [
    page("programmes/", public.programmes, name="programmes", entry=Entry.PUBLIC),
    page("programmes/<str:code>/", public.programme, name="programme", entry=Entry.PUBLIC),
    page("calendar/", calendar.months, name="calendar", entry=Entry.PUBLIC),
    page("calendar.ics", calendar.feed, name="calendar_feed", entry=Entry.PUBLIC),
    page("find/", find.find, name="find", entry=Entry.PUBLIC),
]

urlpatterns = [
    page("", public.home, name="home", entry=Entry.PUBLIC),
    path("", include((_PAGES, "editions"))),
]
