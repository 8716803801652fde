"""Forms of the rounds' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.editions.words import in_page_language
from panro.selection.course.trying import Changes
from panro.selection.course.values import form_of
from panro.selection.models import CourseState
from panro.selection.models.course import SOURCE_LENGTH, VALUE_LENGTH
from panro.staff.models import REASON_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from panro.rules.selection.round_rules import RoundRules
    from panro.selection.course.queries import Closed

MOST_PLACES = 1_000_000


class ListForm(forms.Form):
    """What of the list is shown."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *CourseState.choices])
    programme = forms.ChoiceField(label=_("Programme"), required=False)

    def __init__(self, programmes: Iterable[str], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="filter_%s")
        choices = [(code, code) for code in programmes]
        self.fields["programme"].choices = [("", _("all")), *choices]  # type: ignore[attr-defined] # a choice field


class OpenForm(forms.Form):
    """Which closed round begins its course."""

    round = forms.ChoiceField(label=_("Closed round"))
    carried_over = forms.IntegerField(
        label=_("Places that earlier rounds left unfilled"),
        help_text=_("Only where the notice says that they carry over."),
        min_value=0,
        max_value=MOST_PLACES,
        initial=0,
    )

    def __init__(self, rounds: Sequence[Closed], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="open_%s")
        self.rounds = {one.key: one for one in rounds}
        self.fields["round"].choices = [  # type: ignore[attr-defined] # a choice field
            (one.key, f"{one.programme} {in_page_language(one.name)}, {in_page_language(one.round_name)}")
            for one in rounds
        ]


class ValueForm(forms.Form):
    """The value of a public event, and where it can be looked up."""

    value = forms.CharField(
        label=_("Value of the public event"),
        max_length=VALUE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    source = forms.CharField(
        label=_("Where it can be looked up"),
        help_text=_("An address or a publication, so that anybody can compare."),
        max_length=SOURCE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, event: str, data: QueryDict | None = None, *, simulated: bool = False) -> None:
        super().__init__(data, auto_id="value_%s")
        form = None if simulated else form_of(event)
        if form is not None:
            self.fields["value"].help_text = form.asks


class WhyForm(forms.Form):
    """Why two persons should confirm."""

    why = forms.CharField(
        label=_("What the second person should know"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WhatIfForm(forms.Form):
    """Other numbers of places; what is left as it is stays as announced."""

    def __init__(
        self,
        rules: RoundRules,
        tracks: Mapping[str, str],
        caps: Mapping[str, str],
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data, auto_id="try_%s")
        self.rules = rules
        if rules.seats is not None:
            self.fields["seats"] = _places(_("Places in all"), rules.seats)
        for place, (code, seats) in enumerate(rules.tracks.items()):
            if seats is not None:
                self.fields[f"track_{place}"] = _places(tracks.get(code, code), seats)
        for place, cap in enumerate(rules.caps):
            self.fields[f"cap_{place}"] = _places(caps.get(cap.name, cap.name), cap.limit)
        self.fields["bonus"] = forms.BooleanField(label=_("With bonus points"), required=False, initial=True)

    def changes(self) -> Changes:
        """What is different from the notice."""
        said = self.cleaned_data
        tracks = {
            code: said[f"track_{place}"]
            for place, (code, seats) in enumerate(self.rules.tracks.items())
            if seats is not None and said[f"track_{place}"] != seats
        }
        caps = {
            cap.name: said[f"cap_{place}"]
            for place, cap in enumerate(self.rules.caps)
            if said[f"cap_{place}"] != cap.limit
        }
        seats = said.get("seats")
        return Changes(
            seats=None if seats == self.rules.seats else seats, tracks=tracks, caps=caps, bonus=bool(said["bonus"])
        )


def _places(label: str | _StrPromise, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_PLACES, initial=initial)
