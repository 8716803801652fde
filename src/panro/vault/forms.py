"""What is asked of a paper, and of a fact that somebody states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from panro.accounts.ids import new_id
from panro.accounts.language import say
from panro.korea.industries import KSIC_10, IndustryError, parse_industry_code
from panro.korea.regions import regions_on
from panro.korea.text import nfc
from panro.rules.eligibility import keys
from panro.vault import kinds, words
from panro.vault.actions.papers import PURPOSE
from panro.vault.kinds import Form
from panro.vault.proofs import Shown
from panro.vault.uploading import UploadField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from panro.accounts.models import User
    from panro.files.models import StoredFile
    from panro.rules.facts import FactValue

MOST_WON: Final = 10**15
MOST_PEOPLE: Final = 100_000


class PaperForm(forms.Form):
    """What is on a paper of one kind, and its file. Fields that the kind does not bear are left out."""

    file = UploadField(
        PURPOSE,
        label=gettext_lazy("File of the paper"),
        required=False,
        help_text=gettext_lazy("A scan or a clear photograph. Cover resident registration numbers before you send it."),
    )
    number = forms.CharField(
        label=gettext_lazy("Issue number"),
        max_length=60,
        help_text=gettext_lazy("As printed on the paper."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    document_number = forms.CharField(
        label=gettext_lazy("Document check number"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("The 16 digits printed by Government24. With it the paper is checked sooner."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    issued_on = forms.DateField(label=gettext_lazy("Day of issue"), widget=forms.DateInput())
    valid_from = forms.DateField(label=pgettext_lazy("paper", "Valid from"))
    valid_to = forms.DateField(label=pgettext_lazy("paper", "Valid until"))
    deferred = forms.IntegerField(
        label=gettext_lazy("Sum put off (won)"),
        required=False,
        min_value=0,
        max_value=MOST_WON,
        help_text=gettext_lazy("Only if the paper names arrears that were put off. Leave it empty if it names none."),
    )
    members = forms.IntegerField(label=pgettext_lazy("cooperative", "Members"), min_value=0, max_value=MOST_PEOPLE)
    certified = forms.IntegerField(
        label=gettext_lazy("Members with a small-merchant certificate"), min_value=0, max_value=MOST_PEOPLE
    )
    identity = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,  # noqa: ANN401 - as Django hands it over
        *,
        kind: kinds.Kind,
        owner: User,
        now: datetime,
        today: date,
    ) -> None:
        super().__init__(data, files, initial={"identity": new_id()})
        self.kind = kind
        self._arrange(today)
        field = self.fields["file"]
        if isinstance(field, UploadField):
            field.bind(owner, now)

    def clean(self) -> dict[str, Any]:
        """Ask for the file, unless the paper can be looked up."""
        given = dict(super().clean() or self.cleaned_data)
        if not given.get("file") and not given.get("document_number") and "file" not in self.errors:
            self.add_error("file", _("Choose the file of the paper, or enter its document check number."))
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What :func:`panro.vault.actions.add_paper` takes, of a valid form."""
        file: StoredFile | None = self.cleaned_data.get("file")
        identity = self.cleaned_data.get("identity")
        return {
            "file": None if file is None else file.pk,
            "number": self.cleaned_data.get("number", ""),
            "document_number": self.cleaned_data.get("document_number", ""),
            "issued_on": self.cleaned_data.get("issued_on"),
            "valid_from": self.cleaned_data.get("valid_from"),
            "valid_to": self.cleaned_data.get("valid_to"),
            "shown": Shown(
                deferred=self.cleaned_data.get("deferred") or 0,
                members=self.cleaned_data.get("members"),
                certified=self.cleaned_data.get("certified"),
            ),
            "identity": identity if isinstance(identity, UUID) else None,
        }

    def _arrange(self, today: date) -> None:
        kind = self.kind
        leave_out = {
            "number": kind.number == "none",
            "document_number": not kind.document_number,
            "valid_from": kind.validity != "printed",
            "valid_to": not kind.bears_validity,
            "deferred": not kind.asks(Form.TAX),
            "members": not kind.asks(Form.MEMBERS),
            "certified": not kind.asks(Form.MEMBERS),
        }
        for name, unasked in leave_out.items():
            if unasked:
                del self.fields[name]
        for name in ("issued_on", "valid_from", "valid_to"):
            if name in self.fields:
                limits = {"max": today.isoformat()} if name == "issued_on" else {}
                self.fields[name].widget = forms.DateInput(attrs={"type": "date", **limits}, format="%Y-%m-%d")
        self.fields["file"].required = not kind.document_number
        if "number" in self.fields:
            self.fields["number"].required = kind.number == "required"
        self.fields["issued_on"].required = kind.bears_issue
        if kind.bears_validity and kind.validity != "printed":
            self.fields["valid_to"].required = False
            self.fields["valid_to"].help_text = _("Leave it empty if the paper names no other day than the usual term.")


class StatementForm(forms.Form):
    """A fact in the applicant's own words: one question, or two that belong together."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, key: str, value: FactValue, today: date) -> None:
        super().__init__(data, initial=_initial(key, value))
        self.key = key
        for name, field in _fields(key, today).items():
            self.fields[name] = field

    @property
    def value(self) -> FactValue:
        """The fact's value, of a valid form."""
        return _VALUES.get(self.key, _plain)(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Compare the two numbers of a cooperative."""
        given = dict(super().clean() or self.cleaned_data)
        members, certified = given.get("members"), given.get("certified")
        if members is not None and certified is not None and certified > members:
            self.add_error("certified", _("More members bring a certificate than there are. Check both numbers."))
        return given

    def clean_value(self) -> object:
        """Read an industry code by its own rules."""
        given: object = self.cleaned_data["value"]
        if self.key == keys.INDUSTRY:
            try:
                return parse_industry_code(str(given))
            except IndustryError as wrong:
                raise forms.ValidationError(say(wrong.text)) from None
        return nfc(given) if isinstance(given, str) else given


def _fields(key: str, today: date) -> dict[str, forms.Field]:
    if key == keys.MEMBERS_CERTIFIED:
        return {
            "members": forms.IntegerField(label=pgettext("cooperative", "Members"), min_value=0, max_value=MOST_PEOPLE),
            "certified": forms.IntegerField(
                label=_("Members with a small-merchant certificate"), min_value=0, max_value=MOST_PEOPLE
            ),
        }
    return {"value": _field(key, words.question(key), today)}


def _field(key: str, label: str, today: date) -> forms.Field:
    """Return the one field in which a fact is asked; what is neither chosen nor typed is a yes or a no."""
    if key == keys.REGION:
        english = (get_language() or "").startswith("en")
        places = [(row.code, row.name_en if english else row.name_ko) for row in regions_on(today)]
        return forms.ChoiceField(label=label, choices=[("", _("Choose one")), *places])
    typed = _TYPED.get(key)
    if typed is not None:
        return typed(label)
    choices = words.CHOICES.get(key) or {"yes": words.YES_NO[True], "no": words.YES_NO[False]}
    return forms.ChoiceField(label=label, choices=list(choices.items()), widget=forms.RadioSelect)


def _employees(label: str) -> forms.Field:
    return forms.DecimalField(
        label=label, min_value=0, max_value=MOST_PEOPLE, max_digits=10, decimal_places=4, widget=_numeric()
    )


_TYPED: Final[Mapping[str, Callable[[str], forms.Field]]] = {
    keys.INDUSTRY: lambda label: forms.CharField(label=label, max_length=6, widget=_numeric()),
    keys.AVERAGE_SALES: lambda label: forms.IntegerField(
        label=label, min_value=0, max_value=MOST_WON, widget=_numeric()
    ),
    keys.EMPLOYEES: _employees,
    keys.CHANNEL_URL: lambda label: forms.URLField(label=label, max_length=300, assume_scheme="https"),
}


def _numeric() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


def _initial(key: str, value: FactValue) -> dict[str, object]:
    if key == keys.MEMBERS_CERTIFIED and isinstance(value, dict):
        return dict(value)
    if key == keys.INDUSTRY and isinstance(value, dict):
        return {"value": value.get("code")}
    if isinstance(value, bool):
        return {"value": "yes" if value else "no"}
    return {"value": value}


def _plain(given: Mapping[str, Any]) -> FactValue:
    value: FactValue = given["value"]
    return value == "yes" if value in {"yes", "no"} else value


_VALUES: Final[Mapping[str, Callable[[Mapping[str, Any]], FactValue]]] = {
    keys.MEMBERS_CERTIFIED: lambda given: {"members": given["members"], "certified": given["certified"]},
    keys.INDUSTRY: lambda given: {"code": given["value"], "revision": int(KSIC_10)},
    keys.EMPLOYEES: lambda given: f"{given['value'].normalize():f}",
}
