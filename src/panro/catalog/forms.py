"""Forms of products: one per section, made from the table of fields and from the items of the notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from panro.accounts.language import page_language
from panro.catalog import choices, reading
from panro.catalog.completeness import FIELD_POINTS, schema_of
from panro.catalog.faults import FaultError, of_disclosure
from panro.catalog.fields import BY_KEY, ITEM, Field, Kind, Section, of_section
from panro.catalog.gates import values_of
from panro.catalog.models.products import LINE, NAME_LENGTH, SHORT
from panro.korea import disclosures
from panro.korea.disclosures import Item, ItemKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.forms import BoundField
    from django.http import QueryDict

    from panro.catalog.fields import Value
    from panro.catalog.models import Product

_SEE = "see-"
_ATTRIBUTES = {
    Kind.WON: {"inputmode": "numeric", "autocomplete": "off"},
    Kind.NUMBER: {"inputmode": "numeric", "autocomplete": "off"},
    Kind.ADDRESS: {"inputmode": "url", "placeholder": "https://"},
}


class ReadField(forms.CharField):
    """A text that is read by the table of fields. Empty is always allowed: a draft may lack anything.

    ``counts`` only decides whether the page calls it optional.
    """

    def __init__(self, field: Field, **options: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(label=field.label, help_text=str(field.help), strip=False, widget=_widget(field), **options)
        self.source = field
        self.required = field.key in FIELD_POINTS
        self.show_hidden_initial = True

    def clean(self, value: object) -> Value:
        """Read what was written."""
        try:
            return self.source.read(str(value or ""))
        except FaultError as wrong:
            raise ValidationError(wrong.fault.sentence, code=wrong.fault.code) from None

    def has_changed(self, initial: object, data: object) -> bool:
        """Whether something else was written than the page showed."""
        return _same_text(initial) != _same_text(data)


class ItemField(forms.CharField):
    """One item of the notice."""

    def __init__(self, item: Item) -> None:
        widget = forms.TextInput if item.kind is not ItemKind.TEXT else forms.Textarea(attrs={"rows": 3})
        super().__init__(
            label=item.label.in_(page_language()), help_text=item.help.in_(page_language()), strip=False, widget=widget
        )
        self.item = item
        self.required = item.required
        self.show_hidden_initial = True

    def clean(self, value: object) -> str:
        """Read what was written."""
        try:
            return disclosures.read_value(self.item, str(value or ""))
        except disclosures.DisclosureError as wrong:
            raise ValidationError(of_disclosure(wrong).sentence, code="disclosure") from None

    def has_changed(self, initial: object, data: object) -> bool:
        """Whether something else was written than the page showed."""
        return _same_text(initial) != _same_text(data)


class SeeField(forms.BooleanField):
    """The answer "see the detail page" to an item of the notice."""

    def __init__(self) -> None:
        super().__init__(label=disclosures.SEE_DETAIL_PAGE_WORDS.in_(page_language()), required=False)
        self.show_hidden_initial = True


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the page shows it: its text, and where allowed the box for the detail page."""

    text: BoundField
    see: BoundField | None


class SectionForm(forms.Form):
    """The fields of one section as they are written, with what the page showed in hidden fields beside them.

    So a save only touches what its writer changed, however old the page is.
    """

    use_required_attribute = False

    def __init__(self, section: Section, product: Product, *, on: date, data: QueryDict | None = None) -> None:
        self.section = section
        self.product = product
        self.schema = schema_of(product.category, on) if section is Section.DISCLOSURE else None
        self.stored = stored_texts(section, product, on=on)
        super().__init__(data, initial=self.stored)
        for field in of_section(section):
            self.fields[field.key] = ReadField(field)
        for item in self.schema.items if self.schema else ():
            self.fields[f"{ITEM}{item.key}"] = ItemField(item)
            if item.detail_page:
                self.fields[f"{_SEE}{item.key}"] = SeeField()

    def values(self) -> dict[str, Value]:
        """Return what was changed and can be kept, by key; call it after ``is_valid()``."""
        changed = set(self.changed_data)
        found: dict[str, Value] = {
            key: self.cleaned_data[key] for key in changed & self.cleaned_data.keys() if key in BY_KEY
        }
        for item in self.schema.items if self.schema else ():
            key, see = f"{ITEM}{item.key}", f"{_SEE}{item.key}"
            if not changed & {key, see}:
                continue
            if self.cleaned_data.get(see):
                found[key] = disclosures.SEE_DETAIL_PAGE
            elif key in self.cleaned_data:
                found[key] = self.cleaned_data[key]
        return found

    def seen(self) -> dict[str, Value]:
        """Return what the page showed in the fields that were changed, by key, as far as it can be read."""
        found: dict[str, Value] = {}
        for key in self.values():
            see = self.fields.get(key.replace(ITEM, _SEE, 1)) if key.startswith(ITEM) else None
            if see and self.data.get(self[key.replace(ITEM, _SEE, 1)].html_initial_name) == "True":
                found[key] = disclosures.SEE_DETAIL_PAGE
                continue
            shown = self.data.get(self[key].html_initial_name)
            if shown is None:
                continue
            try:
                found[key] = self.fields[key].clean(shown)
            except ValidationError:
                continue
        return found

    def shown_items(self) -> Iterator[ShownItem]:
        """The items of the notice for the template."""
        for item in self.schema.items if self.schema else ():
            see = f"{_SEE}{item.key}"
            yield ShownItem(self[f"{ITEM}{item.key}"], self[see] if see in self.fields else None)

    def plain_fields(self) -> list[BoundField]:
        """The fields that are no items of the notice."""
        return [self[name] for name in self.fields if name in BY_KEY]


def stored_texts(section: Section, product: Product, *, on: date) -> dict[str, str | bool]:
    """Return what the fields of a section show for what is stored."""
    found: dict[str, str | bool] = {}
    for field in of_section(section):
        value = getattr(product, field.key)
        found[field.key] = "" if value is None else str(value)
    if section is Section.DISCLOSURE and (schema := schema_of(product.category, on)):
        stored = values_of(product)
        for item in schema.items:
            value = stored.get(item.key, "")
            if item.detail_page:
                found[f"{_SEE}{item.key}"] = value == disclosures.SEE_DETAIL_PAGE
            found[f"{ITEM}{item.key}"] = "" if value == disclosures.SEE_DETAIL_PAGE else value
    return found


def fresh_data(form: SectionForm, *, take: str = "") -> QueryDict:
    """Return what was written, upon what is stored now; for showing a form once more.

    What its writer did not change shows what is stored, even if somebody else stored it meanwhile.

    Args:
        form: with what was written, made for the product as it stands.
        take: the key of a field in which what is stored shall stand too.
    """
    data = cast("QueryDict", form.data).copy()
    written = set(form.changed_data) - {take, take.replace(ITEM, _SEE, 1)}
    for name, value in form.stored.items():
        names = [form[name].html_initial_name, *([name] if name not in written else [])]
        for place in names:
            data.pop(place, None)
            if isinstance(value, str):
                data[place] = value
            elif value:
                data[place] = "True"
    return data


class NewProductForm(forms.Form):
    """What a product begins with."""

    use_required_attribute = False
    identity = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=BY_KEY["name"].label, help_text=BY_KEY["name"].help, max_length=NAME_LENGTH * 4)
    category = forms.CharField(label=BY_KEY["category"].label, help_text=BY_KEY["category"].help, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **options)
        self.fields["category"].widget = _widget(BY_KEY["category"])
        self.fields["name"].error_messages["required"] = _("A product needs a name. Please fill it in.")

    def clean_name(self) -> str:
        """Read the name as everywhere."""
        return str(_read("name", self.cleaned_data["name"]))

    def clean_category(self) -> str:
        """Read the category as everywhere."""
        return str(_read("category", self.cleaned_data["category"]))


class CertificateForm(forms.Form):
    """One certificate: its kind, and its number or its paper."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Kind"))
    number = forms.CharField(
        label=_("Number"), required=False, help_text=_("As printed; or upload the paper below."), max_length=SHORT
    )
    issuer = forms.CharField(label=_("Issued by"), required=False, max_length=NAME_LENGTH)
    issued_on = forms.CharField(label=_("Day of issue"), required=False, help_text=_("For example 2021-03-15."))
    valid_to = forms.CharField(label=_("Valid until"), required=False, help_text=_("Leave empty if it has no end."))
    file = forms.FileField(label=_("Paper"), required=False, help_text=_("PDF, JPEG, PNG or HEIC, up to 20 MB."))

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **options)
        kinds: list[tuple[str, object]] = [("", _("Please choose"))]
        kinds += [(one.code, one.name.in_(page_language())) for one in choices.certificate_kinds().values()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined] # a ChoiceField has them
        for name in ("issued_on", "valid_to"):
            self.fields[name].widget.attrs.update(inputmode="numeric", placeholder="YYYY-MM-DD")

    def clean_issued_on(self) -> date | None:
        """Read a day."""
        return _day(self.cleaned_data["issued_on"])

    def clean_valid_to(self) -> date | None:
        """Read a day."""
        return _day(self.cleaned_data["valid_to"])


class ImageTextForm(forms.Form):
    """What is read to somebody who cannot see a picture."""

    alt = forms.CharField(required=False, max_length=LINE)


def _day(written: str) -> date | None:
    try:
        return reading.day(written)
    except FaultError as wrong:
        raise ValidationError(wrong.fault.sentence) from None


def _read(key: str, written: str) -> Value:
    try:
        return BY_KEY[key].read(written)
    except FaultError as wrong:
        raise ValidationError(wrong.fault.sentence) from None


def _same_text(value: object) -> str:
    return str("" if value is None else value).replace("\r\n", "\n")


def _widget(field: Field) -> forms.Widget:
    match field.kind:
        case Kind.TEXT:
            return forms.Textarea(attrs={"rows": 6})
        case Kind.CATEGORY | Kind.COUNTRY | Kind.CHOICE:
            return forms.Select(choices=_choices(field))
        case _:
            return forms.TextInput(attrs=_ATTRIBUTES.get(field.kind, {}))


def _choices(field: Field) -> list[tuple[str, Any]]:
    if field.kind is Kind.CATEGORY:
        return _category_choices()
    return _country_choices() if field.kind is Kind.COUNTRY else _word_choices(field)


def _category_choices() -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in choices.categories().values():
        groups.setdefault(one.group.in_(page_language()), []).append((one.code, one.name.in_(page_language())))
    return [("", _("Please choose")), *groups.items()]


def _country_choices() -> list[tuple[str, Any]]:
    named = [(code, name.in_(page_language())) for code, name in choices.countries().items()]
    home, *others = named
    return [("", _("Please choose")), home, *sorted(others, key=lambda one: one[1])]


def _word_choices(field: Field) -> list[tuple[str, Any]]:
    words = field.words or {}
    return [("", _("Please choose")), *((code, text.in_(page_language())) for code, text in words.items())]
