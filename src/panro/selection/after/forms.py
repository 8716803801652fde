"""What is asked on the pages of objections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from panro.editions.words import in_page_language
from panro.selection.models.objections import REASON_LENGTH, TEXT_LENGTH
from panro.selection.names import reason_names
from panro.vault.kinds import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from panro.vault.models import Paper

ACTS: Final = (
    ("dismiss", _("Dismiss it: the result stands")),
    ("refer", _("Uphold it: another panel gives the points anew")),
    ("correct", _("Uphold it: the requirements are decided anew")),
)


class ObjectionForm(forms.Form):
    """What an applicant says is wrong, and which of its papers show it."""

    text = forms.CharField(
        label=_("What is wrong with the result?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say which point, and why. Up to 4,000 characters."),
    )
    papers = forms.MultipleChoiceField(
        label=_("Papers of your vault that show it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, papers: Sequence[Paper]) -> None:
        super().__init__(data)
        choices = [(str(paper.pk), f"{name_of(paper.kind)} {paper.number}".strip()) for paper in papers]
        field = self.fields["papers"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices
        if not choices:
            del self.fields["papers"]


class DecisionForm(forms.Form):
    """How the office decides an objection."""

    act = forms.ChoiceField(label=_("Decision"), choices=ACTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason, in words for the applicant"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    requirement = forms.ChoiceField(
        label=_("If decided anew: the requirements are"),
        choices=(("eligible", _("met")), ("ineligible", _("not met"))),
        required=False,
    )
    why = forms.ChoiceField(label=_("If not met: which one"), required=False)
    clause = forms.CharField(label=_("If not met: the clause"), max_length=300, required=False)

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        field = self.fields["why"]
        if isinstance(field, forms.ChoiceField):
            named = sorted((in_page_language(text), code) for code, text in reason_names().items())
            field.choices = [("", "–"), *((code, name) for name, code in named)]
