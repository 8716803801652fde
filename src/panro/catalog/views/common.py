"""What the pages of a product share: finding it, its sections, its outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.catalog import queries
from panro.catalog.completeness import assess, schema_of
from panro.catalog.fields import FORMS, Section
from panro.catalog.gates import values_of
from panro.catalog.states import ProductState
from panro.parties.access import Right
from panro.ui.clock import today

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from panro.catalog.completeness import Assessment
    from panro.catalog.models import Product
    from panro.korea.disclosures import Schema
    from panro.parties.views.guard import Acting

TITLES: Final[dict[Section, _StrPromise]] = {
    Section.BASICS: gettext_lazy("Name and description"),
    Section.PRICES: gettext_lazy("Prices"),
    Section.ORIGIN: gettext_lazy("Origin and maker"),
    Section.PICTURES: gettext_lazy("Pictures"),
    Section.DISCLOSURE: gettext_lazy("Disclosure notice"),
    Section.CERTIFICATES: gettext_lazy("Certificates"),
    Section.SELLING: gettext_lazy("Selling and supply"),
}
ORDER: Final = tuple(Section)


@dataclass(frozen=True, slots=True)
class Tab:
    """One section as the tabs of a product show it."""

    label: str
    address: str
    current: bool


def product_or_404(acting: Acting, product: UUID) -> Product:
    """Return a product of the party with its parts.

    Raises:
        Http404: there is none, or it belongs to another party.
    """
    found = queries.whole(product, acting.party.pk)
    if found is None:
        raise Http404
    return found


def address_of(section: Section, acting: Acting, product: Product) -> str:
    """Return where a section of a product is written."""
    kwargs = {"party": acting.party.pk, "product": product.pk}
    if section in FORMS:
        return reverse("catalog:edit", kwargs={**kwargs, "section": section.value})
    return reverse(f"catalog:{section.value}", kwargs=kwargs)


def tabs(current: Section, acting: Acting, product: Product) -> list[Tab]:
    """Return the sections of a product with the current one marked."""
    return [Tab(str(TITLES[one]), address_of(one, acting, product), one is current) for one in ORDER]


def after(section: Section) -> Section | None:
    """Return the section that follows, None after the last."""
    place = ORDER.index(section) + 1
    return ORDER[place] if place < len(ORDER) else None


def outline(product: Product) -> Assessment:
    """Return how complete a product is today."""
    return assess(product, values_of(product), images=queries.usable_images(product), on=today())


def schema_today(product: Product) -> Schema | None:
    """Return the items of the notice that the product's category asks for today; None without a category."""
    return schema_of(product.category, today())


def base(acting: Acting, product: Product, section: Section) -> dict[str, object]:
    """Return the context that every section's page has."""
    following = after(section)
    return {
        "party": acting.party,
        "product": product,
        "section": section.value,
        "title": TITLES[section],
        "place": ORDER.index(section) + 1,
        "places": len(ORDER),
        "tabs": tabs(section, acting, product),
        "assessment": outline(product),
        "next_title": TITLES[following] if following else "",
        "next_address": address_of(following, acting, product) if following else "",
        "product_address": product_address(acting, product),
        "may_edit": acting.may(Right.EDIT),
    }


def product_address(acting: Acting, product: Product) -> str:
    """Return the address of a product's page."""
    return reverse("catalog:product", kwargs={"party": acting.party.pk, "product": product.pk})


def put_away(request: HttpRequest, acting: Acting, product: Product) -> HttpResponse | None:
    """Send whoever wants to write a product that is put away to its page; None if it may be written."""
    if product.state != ProductState.RETIRED:
        return None
    messages.warning(request, _("This product is put away. Restore it before you change it."))
    return redirect(product_address(acting, product))
