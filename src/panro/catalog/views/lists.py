"""The list of a party's products, one product, and what is done with a whole product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panro.accounts.ids import as_uuid, new_id
from panro.accounts.language import page_language
from panro.catalog import actions, choices, queries
from panro.catalog.fields import FORMS, Section, of_section
from panro.catalog.gates import findings, values_of
from panro.catalog.states import ProductState
from panro.catalog.views import common
from panro.korea import disclosures
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.catalog.models import Product
    from panro.parties.views.guard import Acting


@require_GET
@party_page(Right.VIEW)
def products(request: HttpRequest, acting: Acting) -> HttpResponse:
    """List the products of a party, found by words, state and category."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "state", "category")}
    state = asked["state"] if asked["state"] in ProductState.values else ""
    try:
        page = queries.search(
            acting.party.pk,
            words=asked["q"].replace("\x00", ""),
            state=state,
            category=asked["category"] if asked["category"] in choices.categories() else "",
            cursor=request.GET.get("cursor"),
        )
    except BadCursorError:
        raise Http404 from None
    counts = queries.state_counts(acting.party.pk)
    return render(
        request,
        "catalog/products.html",
        {
            "party": acting.party,
            "rows": [(product, _category_name(product)) for product in page.rows],
            **neighbours(page, request.GET, cursor="cursor"),
            "asked": asked,
            "is_narrowed": any(asked.values()),
            "counts": counts,
            "total": sum(count for one, count in counts.items() if one != ProductState.RETIRED),
            "states": [(one.value, one.label, counts.get(one.value, 0)) for one in ProductState],
            "categories": _grouped_categories(),
            "may_edit": acting.may(Right.EDIT),
        },
    )


@require_GET
@party_page(Right.VIEW)
def product(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Show a product: how complete it is, what stands in its way, and everything written about it."""
    found = common.product_or_404(acting, product)
    assessment = common.outline(found)
    sections = [
        {
            "section": section.value,
            "title": common.TITLES[section],
            "address": common.address_of(section, acting, found),
            "facts": _facts(found, section) if section in FORMS else [],
        }
        for section in common.ORDER
    ]
    return render(
        request,
        "catalog/product.html",
        {
            "party": acting.party,
            "product": found,
            "assessment": assessment,
            "missing": [(one, common.address_of(one.section, acting, found)) for one in assessment.missing],
            "findings": [(one, common.address_of(one.section, acting, found)) for one in findings(found, on=today())],
            "sections": sections,
            "certificates": [(one, _kind_name(one.kind)) for one in found.certificates.all()],
            "today": today(),
            "copy_identity": new_id(),
            "is_retired": found.state == ProductState.RETIRED,
            "may_edit": acting.may(Right.EDIT),
        },
    )


@require_POST
@party_page(Right.EDIT)
def retire(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Put a product away."""
    found = common.product_or_404(acting, product)
    actions.retire([found.pk], by=acting.user, now=timezone.now())
    messages.success(request, _("“%(name)s” is put away. You can restore it at any time.") % {"name": found.name})
    return redirect(common.product_address(acting, found))


@require_POST
@party_page(Right.EDIT)
def restore(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Take a product back."""
    found = common.product_or_404(acting, product)
    actions.restore([found.pk], by=acting.user, now=timezone.now(), today=today())
    messages.success(request, _("“%(name)s” is restored.") % {"name": found.name})
    return redirect(common.product_address(acting, found))


@require_POST
@party_page(Right.EDIT)
def copy(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Make a new draft like a product."""
    found = common.product_or_404(acting, product)
    identity = as_uuid(request.POST.get("identity")) or new_id()
    suffix = _(" (copy)")
    made = actions.copy_product(
        found.pk,
        identity=identity,
        name=found.name[: 100 - len(suffix)] + suffix,
        by=acting.user,
        now=timezone.now(),
        today=today(),
    )
    messages.success(request, _("A copy was made. Its name and code are new; please check the rest."))
    return redirect(common.product_address(acting, made))


def _category_name(product: Product) -> str:
    found = choices.categories().get(product.category)
    return found.name.in_(page_language()) if found else ""


def _grouped_categories() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in choices.categories().values():
        groups.setdefault(one.group.in_(page_language()), []).append((one.code, one.name.in_(page_language())))
    return groups


def _facts(product: Product, section: Section) -> list[tuple[str, str]]:
    """Return label and words of everything that is written in a section."""
    found = []
    for field in of_section(section):
        value = field.written(getattr(product, field.key), page_language())
        if value != "":
            found.append((str(field.label), f"{value:,}" if isinstance(value, int) else str(value)))
    schema = common.schema_today(product) if section is Section.DISCLOSURE else None
    stored = values_of(product)
    written = [item for item in schema.items if stored.get(item.key)] if schema else []
    return found + [
        (item.label.in_(page_language()), disclosures.shown(stored[item.key]).in_(page_language())) for item in written
    ]


def _kind_name(code: str) -> str:
    kind = choices.certificate_kinds().get(code)
    return kind.name.in_(page_language()) if kind else code
