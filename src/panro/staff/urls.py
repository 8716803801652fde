"""Addresses of the office itself."""

from panro.staff.views import office, people
from panro.ui.routes import Entry, page

app_name = "staff"
urlpatterns = [
    page("", office.home, name="home", entry=Entry.STAFF),
    page("approvals/", office.approvals, name="approvals", entry=Entry.STAFF),
    page("approvals/<uuid:approval>/", office.approval, name="approval", entry=Entry.STAFF),
    page("approvals/<uuid:approval>/approve/", office.approve, name="approve", entry=Entry.STAFF),
    page("approvals/<uuid:approval>/withdraw/", office.withdraw, name="withdraw", entry=Entry.STAFF),
    page("roles/", people.roles, name="roles", entry=Entry.STAFF),
    page("access/", people.access_months, name="access", entry=Entry.STAFF),
    page("access/<int:year>/<int:month>/", people.access_month, name="access_month", entry=Entry.STAFF),
    page("access/by/<str:actor>/", people.access_of, name="access_of", entry=Entry.STAFF),
]
