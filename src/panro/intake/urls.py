"""Addresses of the room: a member's own page and its messages, and applications from the first question to the end."""

from __future__ import annotations

from django.urls import include, path

from panro.intake.views import applications, home, inbox, paper_screen, reviewing, start, steps, supplements
from panro.ui.routes import Entry, page

_ONE = "my/applications/<uuid:application>/"
_PAGES = [
    page("my/inbox/", inbox.inbox, name="inbox", entry=Entry.SIGNED_IN),
    page("my/inbox/read/", inbox.read_all, name="read_all", entry=Entry.SIGNED_IN),
    page("my/inbox/<uuid:message>/", inbox.message, name="message", entry=Entry.SIGNED_IN),
    page("apply/<str:edition>/<str:programme>/<str:round_code>/", start.start, name="start", entry=Entry.SIGNED_IN),
    page("my/applications/", home.applications, name="applications", entry=Entry.SIGNED_IN),
    page(_ONE, applications.show, name="application", entry=Entry.SIGNED_IN),
    page(f"{_ONE}receipt/", applications.receipt, name="receipt", entry=Entry.SIGNED_IN),
    page(f"{_ONE}receipt.pdf", applications.receipt_file, name="receipt_file", entry=Entry.SIGNED_IN),
    page(f"{_ONE}withdraw/", applications.withdraw, name="withdraw", entry=Entry.SIGNED_IN),
    page(f"{_ONE}again/", applications.again, name="again", entry=Entry.SIGNED_IN),
    page(f"{_ONE}discard/", applications.discard, name="discard", entry=Entry.SIGNED_IN),
    page(f"{_ONE}submit/", reviewing.submit, name="submit", entry=Entry.SIGNED_IN),
    page(f"{_ONE}supplement/", supplements.answer, name="supplement", entry=Entry.SIGNED_IN),
    page(f"{_ONE}supplement/<slug:code>/", supplements.add, name="add_supplement", entry=Entry.SIGNED_IN),
    page(f"{_ONE}documents/<slug:code>/", paper_screen.add, name="add_paper", entry=Entry.SIGNED_IN),
    page(f"{_ONE}<slug:step>/save/", steps.save, name="save", entry=Entry.SIGNED_IN),
    page(f"{_ONE}<slug:step>/", steps.step, name="step", entry=Entry.SIGNED_IN),
]

urlpatterns = [
    page("my/", home.home, name="my", entry=Entry.SIGNED_IN),
    path("", include((_PAGES, "intake"))),
]
