"""Certificates of a product: adding and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from panro.accounts.language import page_language
from panro.catalog import actions, choices
from panro.catalog.fields import Section
from panro.catalog.forms import CertificateForm
from panro.catalog.seams import CERTIFICATE
from panro.catalog.views import common
from panro.files.actions import store
from panro.files.refusals import FileRefusedError
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.catalog.models import Product
    from panro.files.models import StoredFile
    from panro.parties.views.guard import Acting


@require_http_methods(["GET", "POST"])
@party_page(Right.EDIT)
def show(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Show the certificates of a product, and take another."""
    found = common.product_or_404(acting, product)
    if away := common.put_away(request, acting, found):
        return away
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _add(form, acting, found):
        messages.success(request, _("The certificate is added."))
        return redirect(request.path)
    kinds = choices.certificate_kinds()
    context = common.base(acting, found, Section.CERTIFICATES) | {
        "form": form,
        "today": today(),
        "certificates": [
            (one, kinds[one.kind].name.in_(page_language()) if one.kind in kinds else one.kind)
            for one in found.certificates.all()
        ],
        "kinds": [(kind.name.in_(page_language()), kind.help.in_(page_language())) for kind in kinds.values()],
    }
    return render(request, "catalog/certificates.html", context)


@require_POST
@party_page(Right.EDIT)
def remove(request: HttpRequest, acting: Acting, product: UUID, certificate: UUID) -> HttpResponse:
    """Remove a certificate."""
    found = common.product_or_404(acting, product)
    actions.remove_certificate(found.pk, certificate, by=acting.user, now=timezone.now())
    messages.success(request, _("The certificate is removed."))
    return redirect(reverse("catalog:certificates", kwargs={"party": acting.party.pk, "product": found.pk}))


def _add(form: CertificateForm, acting: Acting, product: Product) -> bool:
    given = form.cleaned_data
    file: StoredFile | None = None
    if given["file"]:
        try:
            file = store(
                owner=acting.user.pk,
                purpose_code=CERTIFICATE.code,
                name=given["file"].name,
                stream=given["file"],
                now=timezone.now(),
            )
        except FileRefusedError as wrong:
            form.add_error("file", str(wrong))
            return False
        except OSError:
            form.add_error("file", _("The file could not be stored just now. Please try again in a few minutes."))
            return False
    try:
        actions.add_certificate(
            product.pk,
            given["kind"],
            number=given["number"],
            issuer=given["issuer"],
            issued_on=given["issued_on"],
            valid_to=given["valid_to"],
            file=file,
            by=acting.user,
            now=timezone.now(),
        )
    except actions.InvalidError as invalid:
        for fault in invalid.faults:
            form.add_error(fault.field, fault.sentence)
        return False
    return True
