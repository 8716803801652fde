"""Addresses of the room's pages for the agency, under ``office/``."""

from panro.parties.views import office
from panro.ui.routes import Entry, page

app_name = "parties_office"
urlpatterns = [
    page("claims/", office.claims, name="claims", entry=Entry.STAFF),
    page("claims/<uuid:claim>/", office.claim, name="claim", entry=Entry.STAFF),
    page("disputes/", office.disputes, name="disputes", entry=Entry.STAFF),
    page("disputes/<uuid:dispute>/", office.dispute, name="dispute", entry=Entry.STAFF),
]
