"""Writing a product: a new one, a section of one, and the saving that goes on by itself while somebody writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from panro.accounts.ids import new_id
from panro.accounts.language import page_language
from panro.catalog import actions, queries
from panro.catalog.fields import BY_KEY, FORMS, ITEM, PRICE_KEYS, Section
from panro.catalog.forms import NewProductForm, SectionForm, fresh_data
from panro.catalog.models import Product
from panro.catalog.states import ProductState
from panro.catalog.views import common
from panro.korea import disclosures
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.ui.templatetags.ui import moment

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.catalog.fields import Value
    from panro.parties.views.guard import Acting


@dataclass(slots=True)
class Outcome:
    """What became of a save: errors by field, and what others stored in the fields that both changed."""

    product: Product
    stored: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Value] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
@party_page(Right.EDIT)
def new(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Begin a product with its name and category; a double click begins one."""
    form = NewProductForm(request.POST or None, initial={"identity": new_id()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_product(
                acting.party.pk,
                identity=form.cleaned_data["identity"],
                name=form.cleaned_data["name"],
                category=form.cleaned_data["category"],
                by=acting.user,
                now=timezone.now(),
                today=today(),
            )
        except Product.DoesNotExist:
            raise Http404 from None
        return redirect(common.address_of(Section.BASICS, acting, made))
    return render(request, "catalog/new.html", {"party": acting.party, "form": form})


@require_http_methods(["GET", "POST"])
@party_page(Right.EDIT)
def edit(request: HttpRequest, acting: Acting, product: UUID, section: str) -> HttpResponse:
    """Write a section. What can be kept is kept; what cannot stays in the form with its reason."""
    part = _section(section)
    found = common.product_or_404(acting, product)
    if away := common.put_away(request, acting, found):
        return away
    if request.method == "GET":
        return _page(request, acting, SectionForm(part, found, on=today()), Outcome(found))
    outcome = _save(request, acting, found, part)
    if not outcome.errors and not outcome.conflicts:
        messages.success(request, _("Saved."))
        here = common.address_of(part, acting, found)
        following = common.after(part) if request.POST.get("go") == "next" else None
        is_last = request.POST.get("go") == "next" and following is None
        if is_last:
            return redirect(common.product_address(acting, found))
        return redirect(common.address_of(following, acting, found) if following else here)
    stored = common.product_or_404(acting, product)
    outcome.product = stored
    once_more = SectionForm(part, stored, on=today(), data=request.POST)
    form = SectionForm(part, stored, on=today(), data=fresh_data(once_more))
    form.is_valid()
    for name, sentence in outcome.errors.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, sentence)
    return _page(request, acting, form, outcome)


@require_POST
@party_page(Right.EDIT)
def autosave(request: HttpRequest, acting: Acting, product: UUID, section: str) -> HttpResponse:
    """Save what was written so far, without leaving the page; answers in JSON. 409 says that others changed it too."""
    part = _section(section)
    found = common.product_or_404(acting, product)
    if found.state == ProductState.RETIRED:
        return JsonResponse({"error": _("This product is put away. Restore it before you change it.")}, status=409)
    outcome = _save(request, acting, found, part)
    stored = queries.whole(product, acting.party.pk) or found
    return JsonResponse(
        {
            "revision": stored.revision,
            "saved": _saved_words(stored),
            "percent": common.outline(stored).percent,
            "errors": outcome.errors,
            "conflicts": {name: _shown(name, value) for name, value in outcome.conflicts.items()},
        },
        status=409 if outcome.conflicts else 200,
    )


def _section(name: str) -> Section:
    if name not in {one.value for one in FORMS}:
        raise Http404
    return Section(name)


def _save(request: HttpRequest, acting: Acting, product: Product, section: Section) -> Outcome:
    """Store what can be stored: without fields that cannot be read, contradict each other, or were overtaken."""
    form = SectionForm(section, product, on=today(), data=request.POST)
    if take := request.POST.get("take", ""):
        form = SectionForm(section, product, on=today(), data=fresh_data(form, take=take[:60]))
    form.is_valid()
    outcome = Outcome(product, errors={name: " ".join(map(str, lines)) for name, lines in form.errors.items()})
    values, seen = form.values(), form.seen()
    for _attempt in range(3):
        try:
            saved = actions.save_product(
                product.pk,
                values,
                revision=_revision(request),
                by=acting.user,
                now=timezone.now(),
                today=today(),
                seen=seen,
            )
        except actions.StaleError as stale:
            outcome.conflicts |= stale.conflicts
            values = {key: value for key, value in values.items() if key not in stale.conflicts}
        except actions.InvalidError as invalid:
            wrong = {fault.field: fault.sentence for fault in invalid.faults}
            outcome.errors |= wrong
            left_out = {*wrong, *(PRICE_KEYS if wrong.keys() & set(PRICE_KEYS) else ())}
            values = {key: value for key, value in values.items() if key not in left_out}
        else:
            outcome.stored = bool(saved.changed)
            break
    return outcome


def _revision(request: HttpRequest) -> int:
    """Return the revision that the writer saw; nonsense counts as the oldest, so that nothing is overwritten."""
    written = request.POST.get("revision", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 9 else 1  # noqa: PLR2004 - fits the column


def _page(request: HttpRequest, acting: Acting, form: SectionForm, outcome: Outcome) -> HttpResponse:
    product = outcome.product
    conflicts = [
        {"key": key, "label": form[key].label, "id": form[key].id_for_label, "stored": _shown(key, value)}
        for key, value in outcome.conflicts.items()
        if key in form.fields
    ]
    context = common.base(acting, product, form.section) | {
        "form": form,
        "items": list(form.shown_items()),
        "conflicts": conflicts,
        "saved_words": _saved_words(product),
    }
    return render(request, "catalog/edit.html", context, status=409 if conflicts else 200)


def _shown(key: str, value: Value) -> str:
    """Return what a person reads for a stored value."""
    if key.startswith(ITEM):
        words = disclosures.shown(str(value or "")).in_(page_language())
    else:
        written = BY_KEY[key].written(value, page_language())
        words = f"{written:,}" if isinstance(written, int) else str(written)
    return words or _("(empty)")


def _saved_words(product: Product) -> str:
    return _("Saved %(when)s by %(who)s") % {"when": moment(product.saved), "who": str(product.saved_by)}
