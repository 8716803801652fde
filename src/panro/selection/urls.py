"""The pages of results."""

from __future__ import annotations

from django.urls import include, path

from panro.selection.after.urls import PAGES as AFTER
from panro.selection.course import views as course
from panro.selection.views import auditor, public
from panro.ui.routes import Entry, page

_PAGES = [
    page("results/", public.results, name="results", entry=Entry.PUBLIC),
    page("results/<str:programme>/<str:round_>/", public.round_results, name="round", entry=Entry.PUBLIC),
    page("results/<uuid:pk>/dossier.zip", public.dossier, name="dossier", entry=Entry.PUBLIC),
    page("office/rounds/", course.courses, name="courses", entry=Entry.STAFF),
    page("office/rounds/<uuid:course>/", course.course, name="course", entry=Entry.STAFF),
    page("office/results/<uuid:pk>/auditor.zip", auditor.dossier, name="auditor_dossier", entry=Entry.STAFF),
]

urlpatterns = [path("", include(([*_PAGES, *AFTER], "selection")))]
