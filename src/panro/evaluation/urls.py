"""Addresses of the room: a reviewer's pages, and the office's."""

from panro.evaluation.views import office, reviewer
from panro.ui.routes import Entry, page

app_name = "evaluation"
ROUND = "office/panels/<str:edition>/<str:programme>/<str:code>/"
urlpatterns = [
    page("review/", reviewer.mine, name="mine", entry=Entry.SIGNED_IN),
    page("review/invitations/<str:token>/", reviewer.invitation, name="invitation", entry=Entry.SIGNED_IN),
    page(
        "review/rounds/<str:edition>/<str:programme>/<str:code>/",
        reviewer.declare,
        name="declare",
        entry=Entry.SIGNED_IN,
    ),
    page("review/<uuid:assignment>/", reviewer.sheet, name="sheet", entry=Entry.SIGNED_IN),
    page("review/<uuid:assignment>/conflict/", reviewer.conflict, name="conflict", entry=Entry.SIGNED_IN),
    page("office/reviewers/", office.reviewers, name="reviewers", entry=Entry.STAFF),
    page("office/reviewers/<uuid:reviewer>/", office.reviewer_state, name="reviewer_state", entry=Entry.STAFF),
    page("office/panels/", office.panels, name="panels", entry=Entry.STAFF),
    page(ROUND, office.round_, name="round", entry=Entry.STAFF),
    page(f"{ROUND}<str:stage>/", office.stage, name="stage", entry=Entry.STAFF),
]
