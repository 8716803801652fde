"""Addresses of the room, under ``my/``; the door of a party's pages (panro.parties) decides who gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from panro.catalog.views import certificates, editing, exports, imports, lists, pictures
from panro.ui.routes import Entry, page

if TYPE_CHECKING:
    from django.urls import URLPattern

    from panro.ui.routes import View

app_name = "catalog"
_ALL: Final = "<uuid:party>/products/"
_ONE: Final = f"{_ALL}<uuid:product>/"
_IMPORT: Final = f"{_ALL}import/<uuid:one>/"


def _page(pattern: str, view: View, name: str) -> URLPattern:
    return page(pattern, view, name=name, entry=Entry.SIGNED_IN)


urlpatterns = [
    _page(_ALL, lists.products, "products"),
    _page(f"{_ALL}new/", editing.new, "new"),
    _page(f"{_ALL}import/", imports.start, "imports"),
    _page(f"{_ALL}import/template/", imports.template, "template"),
    _page(_IMPORT, imports.show, "import"),
    _page(f"{_IMPORT}progress/", imports.progress, "import_progress"),
    _page(f"{_IMPORT}confirm/", imports.confirm, "import_confirm"),
    _page(f"{_IMPORT}cancel/", imports.cancel, "import_cancel"),
    _page(f"{_IMPORT}rejects/", imports.rejects, "import_rejects"),
    _page(f"{_ALL}export/", exports.show, "exports"),
    _page(f"{_ALL}export/<uuid:one>/", exports.download, "export"),
    _page(_ONE, lists.product, "product"),
    _page(f"{_ONE}edit/<slug:section>/", editing.edit, "edit"),
    _page(f"{_ONE}edit/<slug:section>/save/", editing.autosave, "autosave"),
    _page(f"{_ONE}pictures/", pictures.show, "pictures"),
    _page(f"{_ONE}pictures/<uuid:image>/", pictures.change, "picture_change"),
    _page(f"{_ONE}certificates/", certificates.show, "certificates"),
    _page(f"{_ONE}certificates/<uuid:certificate>/remove/", certificates.remove, "certificate_remove"),
    _page(f"{_ONE}retire/", lists.retire, "retire"),
    _page(f"{_ONE}restore/", lists.restore, "restore"),
    _page(f"{_ONE}copy/", lists.copy, "copy"),
    _page("pictures/<uuid:file>/<int:side>.webp", pictures.picture, "picture"),
]
