"""Addresses of what comes after publication; `panro.selection.urls` takes them into the room's own."""

from __future__ import annotations

from typing import Final

from panro.selection.after.views import addenda, letters, objections, places
from panro.ui.routes import Entry, page

_MY: Final = "my/letters/<uuid:pk>"
_OFFICE: Final = "office/letters/<uuid:pk>"

PAGES: Final = [
    page("my/letters/", letters.mine, name="letters", entry=Entry.SIGNED_IN),
    page(f"{_MY}/", letters.letter, name="letter", entry=Entry.SIGNED_IN),
    page(f"{_MY}.pdf", letters.letter_pdf_file, name="letter_pdf", entry=Entry.SIGNED_IN),
    page(f"{_MY}.hwpx", letters.letter_hwpx_file, name="letter_hwpx", entry=Entry.SIGNED_IN),
    page("office/letters/", letters.issued, name="office_letters", entry=Entry.STAFF),
    page(f"{_OFFICE}/", letters.office_letter, name="office_letter", entry=Entry.STAFF),
    page(f"{_OFFICE}.pdf", letters.office_letter_pdf, name="office_letter_pdf", entry=Entry.STAFF),
    page(f"{_OFFICE}.hwpx", letters.office_letter_hwpx, name="office_letter_hwpx", entry=Entry.STAFF),
    page("my/places/<uuid:application>/", places.place, name="place", entry=Entry.SIGNED_IN),
    page("office/places/", places.rounds, name="places", entry=Entry.STAFF),
    page("office/places/<uuid:pk>/", places.waiting_list, name="waiting_list", entry=Entry.STAFF),
    page("my/objections/<uuid:application>/", objections.objection, name="objection", entry=Entry.SIGNED_IN),
    page("office/objections/", objections.queue, name="objections", entry=Entry.STAFF),
    page("office/objections/<uuid:pk>/", objections.one, name="one_objection", entry=Entry.STAFF),
    page(
        "office/addenda/<str:edition>/<str:programme>/<str:round_>/",
        addenda.addendum,
        name="addendum",
        entry=Entry.STAFF,
    ),
]
