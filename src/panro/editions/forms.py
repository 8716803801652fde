"""The questions of "what may I get?", a form per step. Nothing but the applicant type must be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.editions.fields import UNKNOWN, YES_NO, boxes, day_field, radios
from panro.editions.industries import IndustryError, PartAsked, part_asked, search
from panro.editions.words import APPLICANTS, column, in_page_language
from panro.korea.regions import regions_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import QueryDict

    from panro.editions.fields import Choices
    from panro.editions.words import Label
    from panro.rules.edition.model import Edition

BUSINESSES: Final = frozenset({"merchant", "cooperative", "institution", "consortium", "creator"})
SELLERS: Final = frozenset({"merchant", "cooperative"})
ORGANISED: Final = frozenset({"institution", "consortium", "local_government"})
PRODUCTS: Final = 3
LARGEST_SALES: Final = 100_000_000  # 10,000 won: a trillion won


class StepForm(forms.Form):
    """One step. ``asked_of`` says of which applicants a field is asked; fields not named there are for all."""

    do_not_call_in_templates: ClassVar[bool] = True
    code: ClassVar[str]
    title: ClassVar[Label]
    asked_of: ClassVar[Mapping[str, frozenset[str]]] = {}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, object] | None = None,
        edition: Edition,
        day: date,
        applicant: str,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.edition, self.day, self.applicant = edition, day, applicant
        for name, types in self.asked_of.items():
            if applicant not in types:
                del self.fields[name]
        self.arrange()

    def arrange(self) -> None:
        """Fill in what depends on the edition, the day and earlier answers."""

    def offer(self, name: str, choices: Choices) -> None:
        """Give a field its answers."""
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} is not chosen from answers")
        field.choices = choices

    @property
    def unanswered_follow_up(self) -> bool:
        """Whether an answer raised a question that has not been shown yet."""
        return False

    @property
    def products(self) -> list[list[forms.BoundField]]:
        """Fields that belong together in rows; none in most steps."""
        return []

    @property
    def single_fields(self) -> list[forms.BoundField]:
        """The fields outside of rows."""
        rows = {field.name for row in self.products for field in row}
        return [field for field in self if field.name not in rows]


class WhoForm(StepForm):
    """Who asks, and where."""

    code = "who"
    title = gettext_lazy("Who you are")

    applicant_type = radios(gettext_lazy("As what would you apply?"), [], required=True)
    region = forms.ChoiceField(label=gettext_lazy("Where is your business?"), choices=[], required=False)

    def arrange(self) -> None:
        """Offer the types that the year knows, and the provinces of the day."""
        known = {applicant.type for programme in self.edition.programmes for applicant in programme.applicants}
        self.offer("applicant_type", [(c, label) for c, label in APPLICANTS.items() if c in known])
        self.fields["applicant_type"].error_messages["required"] = _("Please choose one; all else may stay open.")
        places = [(region.code, column(region, "name")) for region in regions_on(self.day)]
        self.offer("region", [UNKNOWN, *places])


class BusinessForm(StepForm):
    """What business it is."""

    code = "business"
    title = gettext_lazy("Your business")
    asked_of: ClassVar[Mapping[str, frozenset[str]]] = {
        "organisation": frozenset({"institution"}),
        "members": frozenset({"consortium"}),
        "own_share": ORGANISED,
        "industry": SELLERS,
        "industry_choice": SELLERS,
        "industry_part": SELLERS,
        "employees": frozenset({"merchant"}),
        "sales": frozenset({"merchant"}),
        "operating": BUSINESSES,
        "channel": frozenset({"creator"}),
        "cooperative_members": frozenset({"cooperative"}),
        "certified_members": frozenset({"cooperative"}),
    }

    organisation = radios(
        gettext_lazy("What kind of organisation is it?"),
        [("private", gettext_lazy("Private")), ("public_body", gettext_lazy("Public body")), UNKNOWN],
    )
    members = boxes(
        gettext_lazy("Who belongs to the consortium?"),
        [
            ("private", gettext_lazy("A private company or organisation")),
            ("private_retail_platform", gettext_lazy("A private retail-platform company")),
            ("public_body", gettext_lazy("A public body")),
            ("local_government", gettext_lazy("A local government")),
        ],
    )
    own_share = forms.IntegerField(
        label=gettext_lazy("Which share of the cost can you bear yourself? (%)"),
        required=False,
        min_value=0,
        max_value=100,
    )
    industry = forms.CharField(
        label=gettext_lazy("What is your main industry?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("A name such as “food”, or the code of the classification such as 10797."),
        widget=forms.TextInput(attrs={"list": "industries"}),
    )
    industry_choice = radios(gettext_lazy("Which of these is it?"), [])
    industry_part = radios(gettext_lazy("One more thing about your industry"), YES_NO)
    employees = forms.DecimalField(
        label=gettext_lazy("How many people work for you regularly?"),
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=1,
        help_text=gettext_lazy("Without yourself. Part-timers count half."),
    )
    sales = forms.IntegerField(
        label=gettext_lazy("What are your sales in a year, on average of three years? (in 10,000 won)"),
        required=False,
        min_value=0,
        max_value=LARGEST_SALES,
    )
    operating = radios(
        gettext_lazy("Is the business open?"),
        [
            ("open", gettext_lazy("Open for business")),
            ("suspended", gettext_lazy("Suspended")),
            ("closed", gettext_lazy("Closed down")),
            UNKNOWN,
        ],
    )
    channel = forms.URLField(
        label=gettext_lazy("What is the address of your channel?"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Leave it empty if you have none yet."),
    )
    cooperative_members = forms.IntegerField(
        label=gettext_lazy("How many members has the cooperative?"), required=False, min_value=0, max_value=100_000
    )
    certified_members = forms.IntegerField(
        label=gettext_lazy("How many of them hold a small-merchant certificate?"),
        required=False,
        min_value=0,
        max_value=100_000,
    )

    def arrange(self) -> None:
        """Ask the questions that the industry raises."""
        self.industry_code: str | None = None
        self.part: PartAsked | None = None
        if "industry" not in self.fields:
            return
        text = str(self._value("industry") or "").strip()
        chosen = str(self._value("industry_choice") or "")
        found = []
        try:
            found = search(text, self.day) if text else []
        except IndustryError as error:
            self.industry_error: str | None = in_page_language(error.text)
        else:
            self.industry_error = (
                None if found or not text else _("Nothing bears this name. Try another word, or a code.")
            )
        if len(found) > 1:
            self.offer("industry_choice", [*((one.code, one.label) for one in found), UNKNOWN])
            self.industry_code = chosen if chosen in {one.code for one in found} else None
        else:
            del self.fields["industry_choice"]
            self.industry_code = found[0].code if found else None
        self.part = part_asked(self.industry_code, self.day) if self.industry_code else None
        if self.part is None:
            del self.fields["industry_part"]
        else:
            pattern = _("Does this apply to you: “%(about)s”?")
            self.fields["industry_part"].label = pattern % {"about": self.part.about}

    def clean_industry(self) -> str:
        """Say where nothing was found."""
        if self.industry_error:
            raise forms.ValidationError(self.industry_error)
        return str(self.cleaned_data["industry"])

    def clean(self) -> dict[str, Any] | None:
        """Compare the members of a cooperative."""
        cleaned = super().clean() or self.cleaned_data
        members, certified = cleaned.get("cooperative_members"), cleaned.get("certified_members")
        if members is not None and certified is not None and certified > members:
            self.add_error(
                "certified_members", _("There cannot be more than the %(count)d members.") % {"count": members}
            )
        return cleaned

    @property
    def unanswered_follow_up(self) -> bool:
        """Whether the industry raised a question that the sent form did not hold."""
        return any(name in self.fields and name not in self.data for name in ("industry_choice", "industry_part"))

    def _value(self, name: str) -> object:
        return self.data.get(name) if self.is_bound else self.initial.get(name)


class StandingForm(StepForm):
    """Certificate, taxes and the like."""

    code = "standing"
    title = gettext_lazy("Certificate and standing")
    asked_of: ClassVar[Mapping[str, frozenset[str]]] = {
        "certificate": frozenset({"merchant"}),
        "certificate_from": frozenset({"merchant"}),
        "certificate_to": frozenset({"merchant"}),
        "taxes": BUSINESSES,
        "credit": BUSINESSES,
        "unfair": BUSINESSES,
        "unfair_on": BUSINESSES,
    }

    certificate = radios(
        gettext_lazy("Do you hold a small-merchant certificate?"),
        YES_NO,
        help_text=gettext_lazy("It is valid from 1 April to 31 March, or from the founding of a new business."),
    )
    certificate_from = day_field(gettext_lazy("Valid from"))
    certificate_to = day_field(gettext_lazy("Valid until"))
    taxes = radios(
        gettext_lazy("Are there arrears of national or local tax?"),
        [
            ("none", gettext_lazy("None")),
            ("deferred", gettext_lazy("Yes, but payment has been put off officially")),
            ("arrears", gettext_lazy("Yes")),
            UNKNOWN,
        ],
    )
    credit = radios(gettext_lazy("Is a default on debts registered, or have bills been dishonoured?"), YES_NO)
    unfair = radios(
        gettext_lazy("Has there been a decision against you for an unfair practice under the Fair Trade Act?"), YES_NO
    )
    unfair_on = day_field(gettext_lazy("Day of the decision"))
    sanction = radios(gettext_lazy("Are you excluded from support at the moment?"), YES_NO)
    supported = boxes(
        gettext_lazy("Which programmes of this year have you been selected for already?"),
        [],
        help_text=gettext_lazy("Tick none if there is none."),
    )

    def arrange(self) -> None:
        """Offer the programmes of the year."""
        self.offer(
            "supported", [(one.code, f"{one.code} {in_page_language(one.name)}") for one in self.edition.programmes]
        )

    def clean(self) -> dict[str, Any] | None:
        """Compare the days of the certificate."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("certificate_from"), cleaned.get("certificate_to")
        if starts is not None and ends is not None and ends < starts:
            self.add_error("certificate_to", _("This day lies before the first one."))
        return cleaned


class GoodsForm(StepForm):
    """Products, channels, and what else is preferred."""

    code = "goods"
    title = gettext_lazy("Products and channels")
    asked_of: ClassVar[Mapping[str, frozenset[str]]] = {
        "market": SELLERS | {"creator", "trainee"},
        "overseas": SELLERS,
        "reasons": SELLERS,
        "groups": SELLERS,
    }

    market = radios(
        gettext_lazy("Are you listed on the market platform?"),
        [
            ("listed", gettext_lazy("Listed")),
            ("planned", gettext_lazy("About to be listed")),
            ("none", gettext_lazy("No")),
            UNKNOWN,
        ],
    )
    overseas = radios(
        gettext_lazy("Do you have an account on a mall abroad?"),
        [
            ("own", gettext_lazy("Yes")),
            ("able", gettext_lazy("No, but we are able to run one")),
            ("none", gettext_lazy("No")),
            UNKNOWN,
        ],
    )
    reasons = boxes(
        gettext_lazy("Which of these is true of you?"),
        [
            ("wants_online", gettext_lazy("We want to start selling online")),
            ("short_of_staff_or_money", gettext_lazy("We lack people or money for it")),
            ("cannot_run_mall", gettext_lazy("We can hardly run a mall account ourselves")),
            ("nothing", gettext_lazy("None of these")),
        ],
    )
    groups = boxes(
        gettext_lazy("Do you belong to one of these groups?"),
        [],
        help_text=gettext_lazy("Some programmes give bonus points or set places aside for them, on evidence."),
    )

    def arrange(self) -> None:
        """Add the rows of products, and the groups of the year."""
        if self.applicant not in SELLERS:
            return
        self.offer(
            "groups",
            [
                (group.fact, in_page_language(group.name))
                for group in self.edition.head.groups
                if group.fact != "listed"
            ],
        )
        for place in range(1, PRODUCTS + 1):
            self.fields |= _product_fields(place)

    @property
    def products(self) -> list[list[forms.BoundField]]:
        """The fields of the products, row by row."""
        if self.applicant not in SELLERS:
            return []
        return [[self[name] for name in _product_fields(place)] for place in range(1, PRODUCTS + 1)]


def _product_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"product_{place}": forms.CharField(
            label=_("Name of product %(number)d") % {"number": place}, required=False, max_length=60
        ),
        f"origin_{place}": forms.ChoiceField(
            label=_("Where it is made"),
            required=False,
            choices=[UNKNOWN, ("home", _("In Korea")), ("abroad", _("Abroad (imported)"))],
        ),
        f"maker_{place}": forms.ChoiceField(
            label=_("Who makes it"),
            required=False,
            choices=[
                UNKNOWN,
                ("small", _("We or another small firm")),
                ("medium", _("A medium-sized firm")),
                ("large", _("A large company")),
            ],
        ),
    }


STEPS: Final[tuple[type[StepForm], ...]] = (WhoForm, BusinessForm, StandingForm, GoodsForm)
