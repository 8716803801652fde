"""The season in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from panro.editions.years import required_year, year_of
from panro.insight import queries
from panro.insight import season as shown
from panro.insight.access import READ
from panro.insight.forms import SeasonForm
from panro.insight.tasks import count_one
from panro.staff.guard import office

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@office(*READ)
@require_safe
def season(request: HttpRequest) -> HttpResponse:
    """Every figure of a year, narrowed to a programme or a round."""
    year = year_of(request)
    if year is None:
        return render(request, "insight/season.html", {"year": None})
    form = SeasonForm(year.edition, request.GET)
    form.is_valid()
    programme, round_code = form.place
    found = queries.season(year.version, programme, round_code)
    context = {
        "year": year,
        "form": form,
        "where": "/".join(filter(None, (programme, round_code))),
        "season": found,
        "panels": [] if found is None else shown.panels(found),
    }
    return render(request, "insight/season.html", context)


@office(*READ)
@require_POST
def count_again(request: HttpRequest) -> HttpResponse:
    """Have the figures counted anew."""
    year = required_year(request)
    count_one.enqueue(year.code)
    messages.info(request, _("The figures are being counted. Please load the page again in a moment."))
    kept = {key: request.POST[key] for key in ("edition", "where") if request.POST.get(key)}
    return redirect(f"{reverse('insight:season')}{'?' if kept else ''}{urlencode(kept)}")
