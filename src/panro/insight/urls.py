"""Addresses of figures, exports, open data and the read API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import include, path, register_converter

from panro.insight.api.door import open_to_all
from panro.insight.api.operations import OPERATIONS
from panro.insight.views import api, exports, open, season  # noqa: A004 - the word of the address
from panro.ui.routes import Entry, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase


class _Word:
    """One of some words in an address."""

    regex = ""

    def to_python(self, value: str) -> str:
        """As written."""
        return value

    def to_url(self, value: str) -> str:
        """As written."""
        return value


class _Table(_Word):
    regex = "programmes|rounds|results"


class _Form(_Word):
    regex = "csv|json"


register_converter(_Table, "open_table")
register_converter(_Form, "open_form")

_API: Final[dict[str, Callable[..., HttpResponseBase]]] = {
    "api_programmes": api.programmes,
    "api_programme": api.programme,
    "api_rounds": api.rounds,
    "api_results": api.results,
    "api_result": api.result,
    "api_lines": api.lines,
    "api_notices": api.notices,
}
_PAGES = [
    page("office/season/", season.season, name="season", entry=Entry.STAFF),
    page("office/season/count/", season.count_again, name="count_again", entry=Entry.STAFF),
    page("office/exports/", exports.exports, name="exports", entry=Entry.STAFF),
    page("office/exports/<uuid:job>/", exports.export, name="export", entry=Entry.STAFF),
    page("office/exports/<uuid:job>/progress.json", exports.progress, name="progress", entry=Entry.STAFF),
    page("office/exports/<uuid:job>/again/", exports.again, name="again", entry=Entry.STAFF),
    page("office/exports/<uuid:job>/file", exports.download, name="download", entry=Entry.STAFF),
    page("open/", open.page, name="open", entry=Entry.PUBLIC),
    page("open/api/", open.api_page, name="api", entry=Entry.PUBLIC),
    page("open/notices.json", open.notices, name="notices", entry=Entry.PUBLIC),
    page("open/notices.rss", open.rss, name="rss", entry=Entry.PUBLIC),
    page("open/<open_table:name>.<open_form:form>", open.table, name="table", entry=Entry.PUBLIC),
    page(
        "open/results/<str:edition>/<str:programme>/<str:code>.<open_form:form>",
        open.round_lines,
        name="round_lines",
        entry=Entry.PUBLIC,
    ),
    page("api/v1/openapi.json", api.description, name="api_description", entry=Entry.PUBLIC),
    *(page(one.route, open_to_all(_API[one.name]), name=one.name, entry=Entry.PUBLIC) for one in OPERATIONS),
    page("api/v1/<path:rest>", api.unknown, name="api_unknown", entry=Entry.PUBLIC),
]

urlpatterns = [path("", include((_PAGES, "insight")))]
