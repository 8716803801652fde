"""Forms of the season and of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.editions.words import in_page_language
from panro.insight.models import REASON_LENGTH
from panro.insight.states import Dataset, Form
from panro.screening.states import CaseState
from panro.selection.models import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from panro.rules.edition.model import Edition

type Choices = Sequence[tuple[str, object]]


def round_choices(edition: Edition) -> list[tuple[str, str]]:
    """Programmes and their rounds: ``3-1`` for a programme, ``3-1/R1`` for one round."""
    found = []
    for programme in edition.programmes:
        name = f"{programme.code} {in_page_language(programme.name)}"
        found.append((programme.code, name))
        found += [
            (f"{programme.code}/{round_.code}", f"{name} · {in_page_language(round_.name)}")
            for round_ in programme.rounds
        ]
    return found


class _OfSeason(forms.Form):
    """Something of a season, or of one programme or round of it."""

    where = forms.ChoiceField(label=_("Programme and round"), required=False)

    def __init__(self, edition: Edition, data: Mapping[str, object] | None = None, **more: str) -> None:
        super().__init__(data, **more)  # type: ignore[arg-type] # what a request holds
        field = self.fields["where"]
        field.choices = [("", _("The whole year")), *round_choices(edition)]  # type: ignore[attr-defined] # a choice field

    @property
    def place(self) -> tuple[str, str]:
        """Codes of programme and round; empty for all, and for what cannot be read."""
        programme, _slash, round_code = str(self.cleaned_data.get("where") or "").partition("/")
        return programme, round_code


class SeasonForm(_OfSeason):
    """What of the season is shown."""

    def __init__(self, edition: Edition, data: Mapping[str, object] | None = None) -> None:
        super().__init__(edition, data, auto_id="filter_%s")


class ExportForm(_OfSeason):
    """What to export, as which file, and why."""

    dataset = forms.ChoiceField(label=_("What?"), choices=Dataset, widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("State or outcome"), required=False)
    form = forms.ChoiceField(label=_("File"), choices=Form, widget=forms.RadioSelect, initial=Form.XLSX)
    reason = forms.CharField(
        label=_("What do you need it for?"),
        help_text=_("It goes into the access log, and every applicant in the file can read it."),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Please say what you need it for. Without a reason nothing is exported.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("dataset", "where", "state", "form", "reason")

    def __init__(self, edition: Edition, data: Mapping[str, object] | None = None) -> None:
        super().__init__(edition, data, auto_id="export_%s")
        self.fields["state"].choices = [  # type: ignore[attr-defined] # a choice field
            ("", _("all")),
            (_("Cases at the desk"), list(CaseState.choices)),
            (_("Results"), [one for one in Outcome.choices if one[0] not in CaseState.values]),
        ]
        self.fields["form"].initial = Form.XLSX

    def clean(self) -> dict[str, object]:
        """Refuse a state that what is exported does not have."""
        said: dict[str, object] = super().clean() or {}
        known = {Dataset.CASES.value: CaseState.values, Dataset.RESULTS.value: Outcome.values}
        state = said.get("state")
        if state and state not in known.get(str(said.get("dataset")), []):
            self.add_error("state", _("These have no such state. Choose another one, or all."))
        return said
