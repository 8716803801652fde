"""Exporting products: asking for a spreadsheet, and getting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from panro.accounts.language import page_language
from panro.catalog import actions, queries
from panro.catalog.exporting import KEPT
from panro.catalog.models import ProductExport
from panro.catalog.sheets import outgoing
from panro.catalog.states import ExportState
from panro.files import names, storage
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from panro.parties.views.guard import Acting


@require_http_methods(["GET", "POST"])
@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Offer the forms of an export, and list those that were made."""
    if request.method == "POST":
        form = request.POST.get("form", "")
        if form not in outgoing.FORMS:
            raise Http404
        actions.start_export(acting.party.pk, form=form, language=page_language(), by=acting.user, now=timezone.now())
        return redirect(request.path)
    exports = queries.exports(acting.party.pk)
    context = {
        "party": acting.party,
        "exports": exports,
        "forms": [
            ("xlsx", _("Excel workbook (XLSX)"), _("The right choice for most.")),
            ("csv", _("Text table (CSV, UTF-8)"), _("For other programs.")),
            (
                "csv-cp949",
                _("Text table (CSV, CP949)"),
                _("For old Korean programs that show broken letters."),
            ),
        ],
        "days": KEPT.days,
        "is_waiting": any(one.state == ExportState.WAITING for one in exports),
    }
    return render(request, "catalog/exports.html", context)


@require_GET
@party_page(Right.VIEW)
def download(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponseBase:
    """Hand out an export that is ready."""
    del request
    found = ProductExport.objects.filter(pk=one, party=acting.party, state=ExportState.READY).first()
    if found is None or found.made is None:
        raise Http404
    try:
        stream = storage.files_storage().open(found.key)
    except OSError:
        raise Http404 from None
    response = FileResponse(stream, content_type=outgoing.MEDIA_TYPES[found.form])
    word = _("products")
    name = f"{word} {day_of(found.made):%Y-%m-%d}.{outgoing.SUFFIXES[found.form]}"
    response["Content-Disposition"] = names.disposition(name)
    response["Content-Length"] = str(found.length)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
