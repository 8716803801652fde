"""Pictures of a product: handing them in, ordering, describing, removing them, and showing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panro.catalog import actions
from panro.catalog.faults import SENTENCES, Fault
from panro.catalog.fields import Section
from panro.catalog.forms import ImageTextForm
from panro.catalog.models import PictureSize
from panro.catalog.models.pictures import IMAGES
from panro.catalog.seams import PICTURE
from panro.catalog.states import PictureState
from panro.catalog.views import common
from panro.files import access, storage
from panro.files.actions import store
from panro.files.refusals import FileRefusedError, explain
from panro.parties.access import Right
from panro.parties.views.guard import party_page, person
from panro.ui.clock import today

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from panro.catalog.models import Product, ProductImage
    from panro.parties.views.guard import Acting

PIXELS: Final = "64,000,000"


@require_http_methods(["GET", "POST"])
@party_page(Right.EDIT)
def show(request: HttpRequest, acting: Acting, product: UUID) -> HttpResponse:
    """Show the pictures of a product, and take more."""
    found = common.product_or_404(acting, product)
    if away := common.put_away(request, acting, found):
        return away
    errors = _take(request, acting, found) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        return redirect(request.path)
    if errors:
        found = common.product_or_404(acting, product)
    images = list(found.images.all())
    context = common.base(acting, found, Section.PICTURES) | {
        "images": [(image, _reason(image)) for image in images],
        "errors": errors,
        "most": IMAGES,
        "room": IMAGES - len(images),
        "is_waiting": any(image.file.picture.state == PictureState.ARRIVING for image in images),
    }
    return render(request, "catalog/pictures.html", context, status=422 if errors else 200)


@require_POST
@party_page(Right.EDIT)
def change(request: HttpRequest, acting: Acting, product: UUID, image: UUID) -> HttpResponse:
    """Move, describe or remove a picture."""
    found = common.product_or_404(acting, product)
    if away := common.put_away(request, acting, found):
        return away
    one = next((shown for shown in found.images.all() if shown.pk == image), None)
    if one is None:
        raise Http404
    now = timezone.now()
    match request.POST.get("act", ""):
        case "remove":
            actions.remove_image(found.pk, image, by=acting.user, now=now, today=today())
            messages.success(request, _("The picture is removed."))
        case "earlier":
            actions.move_image(found.pk, image, place=one.position - 1, by=acting.user, now=now)
        case "later":
            actions.move_image(found.pk, image, place=one.position + 1, by=acting.user, now=now)
        case "describe":
            form = ImageTextForm(request.POST)
            if form.is_valid():
                actions.describe_image(found.pk, image, form.cleaned_data["alt"], by=acting.user, now=now)
                messages.success(request, _("Saved."))
            else:
                messages.error(request, " ".join(map(str, form.errors["alt"])))
        case _unknown:
            raise Http404
    return redirect(reverse("catalog:pictures", kwargs={"party": acting.party.pk, "product": found.pk}))


@require_GET
def picture(request: HttpRequest, file: UUID, side: int) -> HttpResponseBase:
    """Hand out one size of a picture, to whoever may open its file."""
    size = PictureSize.objects.select_related("picture__file").filter(picture=file, side=side).first()
    if size is None or not access.may_open(person(request), size.picture.file):
        raise Http404
    try:
        stream = storage.files_storage().open(size.key)
    except OSError:
        raise Http404 from None
    response = FileResponse(stream, content_type="image/webp")
    response["Content-Length"] = str(size.length)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _take(request: HttpRequest, acting: Acting, product: Product) -> list[str]:
    """Put the files of a form to the product; returns what is wrong with those that cannot be used."""
    given = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    if not given:
        return [Fault("no_files").sentence]
    if product.images.count() + len(given) > IMAGES:
        return [Fault("too_many_images", "", {"most": IMAGES}).sentence]
    stored, errors = [], []
    for file in given:
        try:
            made = store(
                owner=acting.user.pk,
                purpose_code=PICTURE.code,
                name=file.name or "",
                stream=file,
                now=timezone.now(),
            )
            stored.append(made.pk)
        except FileRefusedError as wrong:
            errors.append(f"{file.name}: {wrong}")
        except OSError:
            sentence = _("The file could not be stored just now. Please try again in a few minutes.")
            errors.append(f"{file.name}: {sentence}")
    if stored:
        try:
            actions.add_images(product.pk, stored, by=acting.user, now=timezone.now(), today=today())
        except actions.TooManyImagesError:
            return [Fault("too_many_images", "", {"most": IMAGES}).sentence]
        messages.success(request, _("%(count)s pictures were handed in.") % {"count": len(stored)})
    return errors


def _reason(image: ProductImage) -> str:
    word = image.file.picture.reason
    if not word:
        return ""
    if word in SENTENCES:
        return Fault(word, "", {"most": PIXELS}).sentence
    return explain(word)
