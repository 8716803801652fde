"""Addresses of the room, below ``my/``."""

from __future__ import annotations

from panro.ui.routes import Entry, page
from panro.vault.views import consents, facts, papers, seen

app_name = "vault"
urlpatterns = [
    page("<uuid:party>/papers/", papers.index, name="papers", entry=Entry.SIGNED_IN),
    page("<uuid:party>/papers/add/", papers.add, name="add", entry=Entry.SIGNED_IN),
    page("<uuid:party>/papers/<uuid:paper>/", papers.show, name="paper", entry=Entry.SIGNED_IN),
    page("<uuid:party>/papers/<uuid:paper>/remove/", papers.take_out, name="remove", entry=Entry.SIGNED_IN),
    page("<uuid:party>/facts/", facts.index, name="facts", entry=Entry.SIGNED_IN),
    page("<uuid:party>/facts/<str:key>/", facts.one, name="fact", entry=Entry.SIGNED_IN),
    page("<uuid:party>/consents/", consents.index, name="consents", entry=Entry.SIGNED_IN),
    page("<uuid:party>/consents/<uuid:consent>/withdraw/", consents.withdraw, name="withdraw", entry=Entry.SIGNED_IN),
    page("<uuid:party>/seen/", seen.index, name="seen", entry=Entry.SIGNED_IN),
]
