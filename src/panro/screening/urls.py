"""Addresses of the desk."""

from panro.screening.views import case, desk, registers
from panro.ui.routes import Entry, page

app_name = "screening"
urlpatterns = [
    page("cases/", desk.queue, name="queue", entry=Entry.STAFF),
    page("cases/batch/", desk.batch, name="batch", entry=Entry.STAFF),
    page("cases/decide/", desk.decide, name="decide", entry=Entry.STAFF),
    page("cases/<uuid:case>/", case.case, name="case", entry=Entry.STAFF),
    page("sanctions/", registers.sanctions, name="sanctions", entry=Entry.STAFF),
    page("sanctions/<uuid:sanction>/lift/", registers.lift, name="lift", entry=Entry.STAFF),
    page("conflicts/", registers.declared, name="conflicts", entry=Entry.STAFF),
    page("conflicts/<uuid:conflict>/end/", registers.end, name="end_conflict", entry=Entry.STAFF),
]
