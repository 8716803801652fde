"""What a person fills in. A field says how it is written; whether it can be stored is decided by the act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panro.accounts.language import say
from panro.korea.numbers import NumberError, parse_business_number
from panro.korea.regions import regions_on
from panro.parties.given import GivenError
from panro.parties.models.claims import TEXT_LENGTH
from panro.parties.models.consortia import DUTY_LENGTH, PURPOSE_LENGTH
from panro.parties.models.parties import EXEMPTIONS, NAME_LENGTH
from panro.parties.states import BusinessForm as Forms
from panro.parties.states import ClosedWhy, Role
from panro.parties.states import OrganisationForm as OrganisationForms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from panro.korea.text import ExplainedError

NUMBER_HELP: Final = _("Ten digits, as on the registration certificate: 124-81-00998")


class PartyForm(forms.Form):
    """A form of this room: knows the day, and shows what an act said was wrong beside its field."""

    is_held = False
    """Whether it was refused because another party has proved the number."""

    def __init__(self, *args: Any, day: date | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - those of Form
        super().__init__(*args, **kwargs)
        if day is not None and "region" in self.fields:
            english = (get_language() or "").startswith("en")
            names = [(region.code, region.name_en if english else region.name_ko) for region in regions_on(day)]
            cast("forms.ChoiceField", self.fields["region"]).choices = [("", _("Please choose")), *names]

    def explain(self, wrong: ExplainedError) -> None:
        """Show what was wrong: beside the field it is about, else above the form."""
        field = wrong.field if isinstance(wrong, GivenError) and wrong.field in self.fields else None
        self.add_error(field, say(wrong.text))

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, by the names that acts take."""
        return dict(self.cleaned_data)


def _name(label: object) -> forms.CharField:
    return forms.CharField(label=cast("str", label), max_length=NAME_LENGTH)


def _region(*, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Province"), required=required)


def _address() -> forms.CharField:
    return forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


def _phone() -> forms.CharField:
    return forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


def _text(label: object, longest: int, *, required: bool = True, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=cast("str", label),
        max_length=longest,
        required=required,
        help_text=cast("str", help_text),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NumberForm(PartyForm):
    """A registration number."""

    business_number = forms.CharField(
        label=_("Registration number"),
        max_length=20,
        help_text=NUMBER_HELP,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_business_number(self) -> str:
        """Read the ten digits."""
        try:
            return parse_business_number(self.cleaned_data["business_number"])
        except NumberError as wrong:
            raise forms.ValidationError(say(wrong.text)) from None


class BasicsForm(PartyForm):
    """Who a business is; as it stands on the certificate."""

    name = _name(_("Name of the business"))
    form = forms.ChoiceField(label=_("Legal form"), choices=Forms.choices, widget=forms.RadioSelect, initial=Forms.SOLE)
    representative = forms.CharField(
        label=_("Representative"), max_length=100, help_text=_("The name on the registration certificate.")
    )
    opened_on = forms.DateField(
        label=_("Opening day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on the registration certificate, not the day you moved in."),
    )
    corporate_number = forms.CharField(
        label=_("Corporate number"),
        max_length=20,
        required=False,
        help_text=_("Thirteen digits; sole proprietors have none."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """A sole proprietor has no corporate number."""
        cleaned = super().clean() or {}
        if cleaned.get("form") == Forms.SOLE and cleaned.get("corporate_number"):
            self.add_error(
                "corporate_number", _("A sole proprietor has no corporate number. Leave it empty or change the form.")
            )
        return cleaned


class NewBusinessForm(BasicsForm):
    """The same with the province, which every business has from the first day."""

    region = _region()


class ContactForm(PartyForm):
    """Where a business or organisation is and how it is reached."""

    region = _region()
    address = _address()
    phone = _phone()


class SellingForm(PartyForm):
    """What selling online asks for."""

    industry = forms.CharField(
        label=_("Main industry"),
        max_length=10,
        required=False,
        help_text=_("The code of the Korean Standard Industrial Classification (10th revision), such as 10797."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    mail_order_number = forms.CharField(
        label=_("Mail-order report number"),
        max_length=40,
        required=False,
        help_text=_("As on the report: 2021-서울강남-01234"),
    )
    mail_order_exemption = forms.ChoiceField(
        label=_("If there is none, why"),
        choices=[("", _("I have a number, or do not know yet")), *EXEMPTIONS],
        required=False,
    )


class OrganisationForm(PartyForm):
    """Who an organisation is."""

    name = _name(_("Name of the organisation"))
    form = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=OrganisationForms.choices,
        widget=forms.RadioSelect,
        initial=OrganisationForms.PRIVATE,
    )
    representative = forms.CharField(label=_("Representative"), max_length=100)
    business_number = forms.CharField(
        label=_("Registration number"),
        max_length=20,
        required=False,
        help_text=_("Ten digits, if it has one: 124-81-00998"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class NewOrganisationForm(OrganisationForm):
    """The same with where it is and how it is reached."""

    region = _region()
    address = _address()
    phone = _phone()


class PersonForm(PartyForm):
    """Who somebody is."""

    name = _name(_("Name"))
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        help_text=_("Some courses are for certain ages."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    region = _region(required=False)
    phone = _phone()


class InviteForm(PartyForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Only an account with this address can accept the invitation."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, initial=Role.STAFF.value)


class RoleForm(PartyForm):
    """Which role a member has."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)


class CloseForm(PartyForm):
    """Why a party is closed, and that whoever closes it is sure."""

    why = forms.ChoiceField(label=_("Why it is closed"), choices=ClosedWhy.choices, widget=forms.RadioSelect)
    sure = forms.BooleanField(
        label=_("Close it, and end what is listed above"),
        error_messages={"required": _("Please tick that you want to close it.")},
    )


class NoteForm(PartyForm):
    """A few words."""

    note = _text(_("What should they know?"), 300, required=False)


class PaperForm(PartyForm):
    """The certificate that proves a business."""

    paper = forms.FileField(
        label=_("Registration certificate"),
        help_text=_("A scan or a photo: PDF, JPG, PNG or HEIC, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.heic"}),
    )
    note = _text(_("What should the officer know?"), TEXT_LENGTH, required=False)


class AnswerForm(PartyForm):
    """What the holder of a disputed number has to say."""

    text = _text(_("What do you have to say?"), TEXT_LENGTH)


class ConsortiumForm(PartyForm):
    """A new consortium."""

    name = _name(_("Name of the consortium"))
    purpose = _text(_("What will you do together?"), PURPOSE_LENGTH)
    duty = _text(_("What does the lead do?"), DUTY_LENGTH)


class MemberForm(NumberForm):
    """A member of a consortium."""

    duty = _text(_("What does this member do?"), DUTY_LENGTH)


class AgreementForm(PartyForm):
    """Purpose and duties of a consortium; one field of duty per member, named by its party."""

    purpose = _text(_("What will you do together?"), PURPOSE_LENGTH)

    def __init__(self, *args: Any, members: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - those of Form
        super().__init__(*args, **kwargs)
        for party, name in members.items():
            self.fields[f"duty-{party}"] = _text(_("Duty: %(name)s") % {"name": name}, DUTY_LENGTH)
