"""What stands in the way of a product, in words: origin, maker, disclosure, price.

The first two repeat what the programmes' rules will say (panro.rules.eligibility.products), early enough to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, ngettext

from panro.accounts.language import say
from panro.catalog import choices
from panro.catalog.completeness import schema_of
from panro.catalog.fields import Section
from panro.catalog.models import Disclosure, MakerSize, Making, Product
from panro.korea import disclosures
from panro.rules.eligibility.products import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

HIGH: Final = 15_000
LOW: Final = 5_000
"""Basis points of the price elsewhere beyond which the sale price is pointed out; illustrative, no source has them."""
WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, how to mend it, and where. ``refuses``: programmes and the market will turn the product away."""

    code: str
    refuses: bool
    message: str
    mend: str
    section: Section


def findings(product: Product, *, on: date) -> list[Finding]:
    """Return what stands in the way of a product on a day, what refuses it first; in the language of the request."""
    found = [*_origin(product), *_maker(product), *_disclosure(product, on), *_price(product)]
    return sorted(found, key=lambda one: not one.refuses)


def _origin(product: Product) -> Iterator[Finding]:
    if product.origin and product.origin != HOME:
        known = choices.countries().get(product.origin)
        country = say(known) if known else product.origin
        yield Finding(
            "foreign_origin",
            refuses=True,
            message=gettext(
                "The product is made abroad (%(country)s). Imported goods cannot be supported or sold here."
            )
            % {"country": country},
            mend=gettext("If it is made in Korea after all, correct the country and upload proof of its making."),
            section=Section.ORIGIN,
        )


def _maker(product: Product) -> Iterator[Finding]:
    if product.maker_size == MakerSize.LARGE:
        yield Finding(
            "large_company",
            refuses=True,
            message=gettext("The product is made by a large company. Such products cannot be supported or sold here."),
            mend=gettext("If the maker is a small or medium firm, correct its size and upload its SME certificate."),
            section=Section.ORIGIN,
        )
    elif product.made_by in {Making.OEM, Making.OTHER} and not _shows_maker(product):
        yield Finding(
            "maker_unproved",
            refuses=False,
            message=gettext("Another firm makes the product, and nothing shows how large that firm is."),
            mend=gettext("Add the SME certificate of the maker to its certificates. Officers will ask for it."),
            section=Section.CERTIFICATES,
        )


def _shows_maker(product: Product) -> bool:
    return any(one.kind == "sme_of_maker" for one in product.certificates.all())


def _disclosure(product: Product, on: date) -> Iterator[Finding]:
    schema = schema_of(product.category, on)
    if schema is None:
        return
    lacking = disclosures.missing(schema, values_of(product))
    if not lacking:
        return
    few = ", ".join(say(item.label) for item in lacking[:3])
    yield Finding(
        "disclosure_missing",
        refuses=True,
        message=ngettext(
            "%(count)s item that the law asks you to disclose is missing: %(items)s.",
            "%(count)s items that the law asks you to disclose are missing, among them: %(items)s.",
            len(lacking),
        )
        % {"count": len(lacking), "items": few},
        mend=gettext("Fill in the disclosure. Products without it cannot be sold."),
        section=Section.DISCLOSURE,
    )


def _price(product: Product) -> Iterator[Finding]:
    price, elsewhere = product.sale_price, product.reference_price
    if price is None or not elsewhere:
        return
    if price * WHOLE > elsewhere * HIGH:
        text = gettext("The sale price of %(price)s won is far above the %(elsewhere)s won you take elsewhere.")
    elif price * WHOLE < elsewhere * LOW:
        text = gettext("The sale price of %(price)s won is far below the %(elsewhere)s won you take elsewhere.")
    else:
        return
    yield Finding(
        "price_outlier",
        refuses=False,
        message=text % {"price": f"{price:,}", "elsewhere": f"{elsewhere:,}"},
        mend=gettext("Check for a digit too many or too few, and whether both prices are for the same quantity."),
        section=Section.PRICES,
    )


def values_of(product: Product) -> dict[str, str]:
    """Return what a product discloses, empty if nothing yet."""
    try:
        return dict(product.disclosure.values)
    except Disclosure.DoesNotExist:
        return {}
