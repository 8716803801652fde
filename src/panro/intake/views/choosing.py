"""Products of the application: chosen among those of the catalogue, with what stands in the way of each."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from panro.accounts.ids import as_uuid
from panro.accounts.language import say
from panro.catalog import gates
from panro.catalog import queries as catalog
from panro.intake import actions
from panro.intake.errors import IntakeError, StaleError
from panro.intake.views.frame import NEXT, frame, move_on, revision_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.catalog.gates import Finding
    from panro.catalog.models import Product
    from panro.intake.questions import Screen
    from panro.intake.views.wizard import Wizard
    from panro.parties.models import Party

MOST_SHOWN = 200
"""Products offered on the page, last saved first; whoever has more finds the rest in the catalogue."""


@dataclass(frozen=True, slots=True)
class ProductOffered:
    """A product to choose."""

    product: Product
    findings: list[Finding]
    chosen: bool

    @property
    def is_refused(self) -> bool:
        """Whether the programme will turn it away as it stands."""
        return any(one.refuses for one in self.findings)


def offered(party: Party, chosen: Collection[UUID], on: date) -> list[ProductOffered]:
    """Return the products of a party, those chosen first; three queries."""
    rows = catalog.products(party).select_related("disclosure").prefetch_related("certificates")[:MOST_SHOWN]
    shown = [ProductOffered(one, gates.findings(one, on=on), one.pk in chosen) for one in rows]
    return sorted(shown, key=lambda one: not one.chosen)


def most_products(wizard: Wizard) -> int | None:
    """How many products the programme takes at most; None where it does not say."""
    track = wizard.application.track
    limits = [
        limit
        for kind in wizard.opened.call.programme.kinds
        if (limit := getattr(kind, "products_at_most", None)) is not None
        and (not kind.tracks or not track or track in kind.tracks)
    ]
    return min(limits) if limits else None


def choose(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Choose among the products, and save."""
    if request.method == "POST":
        return _sent(request, wizard, screen)
    chosen = set(wizard.application.products.values_list("product_id", flat=True))
    return _shown(request, wizard, screen, chosen)


def _sent(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    ids = [found for text in request.POST.getlist("products")[:MOST_SHOWN] if (found := as_uuid(text))]
    error, status = _save(request, wizard, ids)
    if not error and request.POST.get("go", NEXT) == NEXT and not ids:
        wizard.application.refresh_from_db(fields=["revision", "saved_at"])
        error = _("Please choose at least one product.")
    if error:
        return _shown(request, wizard, screen, set(ids), error=error, status=status)
    return move_on(request, wizard, screen)


def _save(request: HttpRequest, wizard: Wizard, ids: list[UUID]) -> tuple[str, HTTPStatus]:
    """Save the choice; returns what is wrong, empty if nothing is."""
    most = most_products(wizard)
    if most is not None and len(ids) > most:
        pattern = _("At most %(most)d products can be chosen here; %(count)d are ticked.")
        return pattern % {"most": most, "count": len(ids)}, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        actions.choose_products(
            wizard.application.pk,
            ids,
            revision=revision_of(request.POST),
            by=wizard.opened.acting.user,
            now=timezone.now(),
        )
    except StaleError as stale:
        wizard.application.revision = stale.stored.revision
        text = _("Another window changed the choice. Yours is ticked here; save again to keep it.")
        return text, HTTPStatus.CONFLICT
    except IntakeError as wrong:
        return say(wrong.text), HTTPStatus.UNPROCESSABLE_ENTITY
    return "", HTTPStatus.OK


def _shown(
    request: HttpRequest,
    wizard: Wizard,
    screen: Screen,
    chosen: set[UUID],
    *,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    products = offered(wizard.opened.acting.party, chosen, wizard.day)
    context = {
        **frame(wizard, screen),
        "products": products,
        "most": most_products(wizard),
        "error": error,
        "cut": len(products) == MOST_SHOWN,
    }
    return render(request, "intake/steps/choose_products.html", context, status=status)
