"""For the agency: naming applicants for rounds that it fills by nomination (추천)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from panro.accounts.language import say
from panro.editions.documents import edition_of
from panro.editions.queries import public_versions
from panro.intake import actions
from panro.intake.errors import IntakeError
from panro.intake.models import Nomination
from panro.intake.models.applications import REASON_LENGTH
from panro.korea.numbers import NumberError, parse_business_number
from panro.parties.models import Party
from panro.parties.states import HOLDING, PartyState
from panro.staff import access
from panro.staff.guard import office, officer
from panro.staff.states import Role
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours, paginate

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from panro.editions.models import EditionVersion

DECIDE: Final = (Role.OFFICER, Role.CHIEF)
READ: Final = (*DECIDE, Role.AUDITOR)
PAGE: Final = 30


class NominationForm(forms.Form):
    """Who is named, for which round, and why."""

    where = forms.ChoiceField(label=gettext_lazy("Round"))
    business_number = forms.CharField(
        label=gettext_lazy("Business number"),
        max_length=20,
        help_text=gettext_lazy("Of a business that is verified here: 124-81-00998"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is named"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads it on its application's page."),
    )

    def __init__(self, *args: object, rounds: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # those of Form
        field = self.fields["where"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(rounds.items())

    def clean_business_number(self) -> Party:
        """Find the one business that has proved the number."""
        try:
            number = parse_business_number(self.cleaned_data["business_number"])
        except NumberError as wrong:
            raise forms.ValidationError(say(wrong.text)) from None
        rows = Party.objects.filter(state=PartyState.ACTIVE, business__business_number=number)
        found = rows.filter(business__standing__in=HOLDING).first()
        if found is None:
            raise forms.ValidationError(_("No verified business has this number. Ask it to register first."))
        return found


@office(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
def nominations(request: HttpRequest) -> HttpResponse:
    """Those named, the latest first; a POST names one."""
    user, day = officer(request), today()
    may_name = access.has(user, *DECIDE)
    if request.method == "POST" and not may_name:
        raise PermissionDenied
    open_rounds = _rounds(day)
    form = NominationForm(
        request.POST if request.method == "POST" else None, rounds={key: one[3] for key, one in open_rounds.items()}
    )
    if form.is_bound and form.is_valid():
        version, programme, round_code, _label = open_rounds[form.cleaned_data["where"]]
        party = form.cleaned_data["business_number"]
        try:
            actions.nominate(
                [party],
                version,
                programme,
                round_code,
                reason=form.cleaned_data["reason"],
                by=user,
                now=timezone.now(),
                today=day,
            )
        except IntakeError as wrong:
            form.add_error(None, say(wrong.text))
        else:
            messages.success(request, _("%(name)s is named and has been asked to apply.") % {"name": party.name})
            return redirect("intake_office:nominations")
    rows = Nomination.objects.select_related("party", "edition", "named_by")
    try:
        page = paginate(rows, order=["-named_at", "-id"], cursor=request.GET.get("page"), size=PAGE)
    except BadCursorError as wrong:
        raise Http404 from wrong
    context = {
        "page": page,
        "form": form,
        "may_name": may_name and bool(open_rounds),
        "has_rounds": bool(open_rounds),
        **neighbours(page, request.GET),
    }
    return render(request, "intake/office/nominations.html", context, status=422 if form.is_bound else 200)


def _rounds(day: date) -> dict[str, tuple[EditionVersion, str, str, str]]:
    """The rounds that can still be filled by naming: version, programme, code and name, by a key of the form."""
    found = {}
    for version in public_versions():
        edition = edition_of(version)
        for programme in edition.programmes:
            for round_ in programme.rounds:
                if (round_.method or programme.method) == "nomination" and day <= round_.closes:
                    key = f"{edition.head.code}/{programme.code}/{round_.code}"
                    label = f"{programme.code} {say(programme.name.text)}, {say(round_.name.text)}"
                    found[key] = (version, programme.code, round_.code, label)
    return found
