"""Addresses of the room's pages for the agency, under ``office/``."""

from panro.intake.views import office
from panro.ui.routes import Entry, page

app_name = "intake_office"
urlpatterns = [
    page("nominations/", office.nominations, name="nominations", entry=Entry.STAFF),
]
