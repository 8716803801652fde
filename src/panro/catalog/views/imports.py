"""Importing a spreadsheet: handing it in, watching it being read, confirming, getting the rejected rows back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panro.accounts.language import page_language
from panro.accounts.lifecycles import WrongStateError
from panro.catalog import actions, choices, queries
from panro.catalog.faults import read_stored
from panro.catalog.models import ProductImport
from panro.catalog.seams import IMPORT
from panro.catalog.sheets import columns, limits, outgoing
from panro.catalog.states import ImportState, RowState
from panro.files import names
from panro.files.actions import store
from panro.files.refusals import FileRefusedError, Refusal
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from panro.catalog.models import ImportRow
    from panro.parties.views.guard import Acting

_GOING_ON = (ImportState.ARRIVING, ImportState.READING, ImportState.TAKING)


@require_http_methods(["GET", "POST"])
@party_page(Right.EDIT)
def start(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Explain the import, offer templates, take a file, list earlier imports."""
    error = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            if not isinstance(given, UploadedFile):
                raise FileRefusedError(Refusal.EMPTY)  # noqa: TRY301 - answered like an empty file
            file = store(
                owner=acting.user.pk,
                purpose_code=IMPORT.code,
                name=given.name or "",
                stream=given,
                now=timezone.now(),
            )
        except FileRefusedError as wrong:
            error = str(wrong)
        except OSError:
            error = _("The file could not be stored just now. Please try again in a few minutes.")
        else:
            made = actions.start_import(acting.party.pk, file.pk, by=acting.user, now=timezone.now())
            return redirect(_address("import", acting, made))
    context = {
        "party": acting.party,
        "error": error,
        "imports": queries.imports(acting.party.pk),
        "rows": limits.ROWS,
        "megabytes": IMPORT.max_bytes // (1024 * 1024),
        "categories": _grouped(),
    }
    return render(request, "catalog/imports.html", context, status=422 if error else 200)


@require_GET
@party_page(Right.EDIT)
def template(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Hand out an empty table, with the items of the notice of one category if it is named."""
    del acting
    form = request.GET.get("form", "xlsx")
    category = request.GET.get("category", "")
    if form not in outgoing.FORMS or (category and category not in choices.categories()):
        raise Http404
    made = io.BytesIO()
    keys = columns.keys_for([category], today())
    outgoing.template(made, form, keys, language=page_language())
    name = _("product template") if not category else _("product template") + f" {category}"
    return _attachment(made.getvalue(), form, name)


@require_GET
@party_page(Right.EDIT)
def show(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponse:
    """Show where an import stands, what it would do, and which rows need mending."""
    found = _import_or_404(acting, one)
    try:
        page = queries.faulty_rows(found, request.GET.get("cursor"))
    except BadCursorError:
        raise Http404 from None
    counts = queries.row_counts(found)
    context = {
        "party": acting.party,
        "one": found,
        "fault": read_stored(found.fault) if found.fault else None,
        "counts": counts,
        "fresh": counts["fresh"],
        "changes": counts["good"] + counts["taken"] - counts["fresh"],
        "faulty": counts["bad"] + counts["left"],
        "rows": [_shown(row) for row in page.rows],
        **neighbours(page, request.GET, cursor="cursor"),
        "is_going_on": found.state in _GOING_ON,
        "is_checked": found.state == ImportState.CHECKED,
        "progress_address": _address("import_progress", acting, found),
    }
    return render(request, "catalog/import.html", context)


@require_GET
@party_page(Right.EDIT)
def progress(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponse:
    """Say in JSON how far an import is."""
    del request
    found = _import_or_404(acting, one)
    return JsonResponse(
        {
            "state": found.state,
            "label": found.get_state_display(),
            "done": found.done,
            "total": found.total,
            "goes_on": found.state in _GOING_ON,
        }
    )


@require_POST
@party_page(Right.EDIT)
def confirm(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponse:
    """Have the good rows stored."""
    found = _import_or_404(acting, one)
    try:
        actions.confirm_import(found.pk, by=acting.user, now=timezone.now())
    except WrongStateError:
        messages.error(request, _("This import cannot be stored any more. Please hand the file in again."))
    return redirect(_address("import", acting, found))


@require_POST
@party_page(Right.EDIT)
def cancel(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponse:
    """Give an import up."""
    found = _import_or_404(acting, one)
    try:
        actions.cancel_import(found.pk, by=acting.user, now=timezone.now())
        messages.success(request, _("The import is given up. Nothing was stored."))
    except WrongStateError:
        messages.error(request, _("This import cannot be given up any more."))
    return redirect(_address("import", acting, found))


@require_GET
@party_page(Right.EDIT)
def rejects(request: HttpRequest, acting: Acting, one: UUID) -> HttpResponse:
    """Hand out the rows that are not stored, each with its line and what to mend, ready to be handed in again."""
    found = _import_or_404(acting, one)
    form = request.GET.get("form", "xlsx")
    if form not in outgoing.FORMS:
        raise Http404
    rows = list(found.rows.filter(state__in=[RowState.BAD, RowState.LEFT]).order_by("line"))
    if not rows:
        raise Http404
    keys = list(dict.fromkeys(key for row in rows for key in [*row.cells, *(_fault_keys(row))]))
    header = [*columns.rejects_headings(page_language()), *(columns.header(key, page_language()) for key in keys)]
    made = io.BytesIO()
    lines = [outgoing.rejected_row(row.line, row.cells, [read_stored(one) for one in row.faults], keys) for row in rows]
    outgoing.write(made, form, header, lines, language=page_language())
    return _attachment(made.getvalue(), form, _("rows to mend"))


def _import_or_404(acting: Acting, one: UUID) -> ProductImport:
    found = ProductImport.objects.select_related("file", "by").filter(pk=one, party=acting.party).first()
    if found is None:
        raise Http404
    return found


def _address(name: str, acting: Acting, one: ProductImport) -> str:
    return reverse(f"catalog:{name}", kwargs={"party": acting.party.pk, "one": one.pk})


def _attachment(body: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=outgoing.MEDIA_TYPES[form])
    response["Content-Disposition"] = names.disposition(f"{name}.{outgoing.SUFFIXES[form]}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(row: ImportRow) -> dict[str, object]:
    """Return what the page says of a row: its line, its product, and per cell what to mend."""
    faults = [read_stored(stored) for stored in row.faults]
    return {
        "line": row.line,
        "name": row.cells.get("name") or row.code or "–",
        "faults": [
            (columns.header(fault.field, page_language()) if fault.field else "", fault.sentence) for fault in faults
        ],
    }


def _fault_keys(row: ImportRow) -> list[str]:
    return [str(stored["field"]) for stored in row.faults if stored["field"]]


def _grouped() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in choices.categories().values():
        groups.setdefault(one.group.in_(page_language()), []).append((one.code, one.name.in_(page_language())))
    return groups
