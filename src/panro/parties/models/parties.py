"""A party and its kinds: person, business, organisation."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.korea.numbers import MailOrderExemption, format_business_number
from panro.parties.states import HOLDING, BusinessForm, ClosedWhy, Kind, OrganisationForm, PartyState, Standing

NAME_LENGTH: Final = 200
BUSINESS_NUMBER: Final = r"^[0-9]{10}$"
CORPORATE_NUMBER: Final = r"^[0-9]{13}$"
MAIL_ORDER: Final = r"^[0-9]{4}-[가-힣]+-[0-9]{4,6}$"
REGION: Final = r"^[0-9]{2}$"
INDUSTRY: Final = r"^[0-9]{2,5}$"
PHONE: Final = r"^0[0-9]{8,10}$"
EXEMPTIONS: Final = [
    (MailOrderExemption.SIMPLIFIED_TAXPAYER.value, _("Simplified taxpayer, who need not report")),
    (MailOrderExemption.FEW_DEALS.value, _("Fewer than 50 sales a year")),
    (MailOrderExemption.NOT_YET_SELLING.value, _("Not selling online yet")),
]


class Party(models.Model):
    """Whoever deals with the agency, whatever it is; what only its kind has lies in a table of that kind."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=NAME_LENGTH)
    state = models.CharField(max_length=6, choices=PartyState, default=PartyState.ACTIVE)
    created = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=15, choices=ClosedWhy, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            models.Index(fields=["closed_at", "id"], condition=Q(state="closed"), name="party_closed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="party_kind_known"),
            models.CheckConstraint(condition=Q(state__in=PartyState.values), name="party_state_known"),
            models.CheckConstraint(condition=~Q(name=""), name="party_has_a_name"),
            models.CheckConstraint(
                condition=Q(state="active", closed_at=None, closed_why="")
                | Q(state="closed", closed_at__isnull=False, closed_why__in=ClosedWhy.values),
                name="party_closed_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody without a business: a trainee, a creator. One account is one person."""

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.PROTECT, related_name="person")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person")
    birth_year = models.PositiveSmallIntegerField(null=True)
    region = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=11, blank=True)

    class Meta:
        ordering: ClassVar = ["party_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="person_birth_year_possible",
            ),
            models.CheckConstraint(condition=Q(region="") | Q(region__regex=REGION), name="person_region_is_a_code"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=PHONE), name="person_phone_is_digits"),
        ]

    def __str__(self) -> str:
        return f"person {self.party_id}"


class Business(models.Model):
    """A registered business. Several rows may bear a number until one of them is proved."""

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.PROTECT, related_name="business")
    business_number = models.CharField(max_length=10)
    corporate_number = models.CharField(max_length=13, blank=True)
    form = models.CharField(max_length=11, choices=BusinessForm)
    representative = models.CharField(max_length=100)
    opened_on = models.DateField()
    address = models.CharField(max_length=300)
    region = models.CharField(max_length=2)
    phone = models.CharField(max_length=11)
    mail_order_number = models.CharField(max_length=40, blank=True)
    mail_order_exemption = models.CharField(max_length=20, choices=EXEMPTIONS, blank=True)
    industry = models.CharField(max_length=5, blank=True)
    industry_revision = models.CharField(max_length=2, blank=True)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.UNVERIFIED)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["party_id"]
        indexes: ClassVar = [models.Index(fields=["business_number"], name="business_by_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business_number"], condition=Q(standing__in=HOLDING), name="business_number_held_once"
            ),
            models.CheckConstraint(
                condition=Q(business_number__regex=BUSINESS_NUMBER) & ~Q(business_number="0000000000"),
                name="business_number_is_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(corporate_number="") | Q(corporate_number__regex=CORPORATE_NUMBER),
                name="business_corporate_13_digits",
            ),
            models.CheckConstraint(
                condition=~Q(form="sole") | Q(corporate_number=""), name="business_sole_has_no_corporate"
            ),
            models.CheckConstraint(condition=Q(form__in=BusinessForm.values), name="business_form_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="business_standing_known"),
            models.CheckConstraint(condition=~Q(representative=""), name="business_has_a_representative"),
            models.CheckConstraint(condition=Q(region__regex=REGION), name="business_region_is_a_code"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=PHONE), name="business_phone_is_digits"),
            models.CheckConstraint(
                condition=Q(mail_order_number="") | Q(mail_order_exemption=""), name="business_mail_order_number_or_not"
            ),
            models.CheckConstraint(
                condition=Q(mail_order_number="") | Q(mail_order_number__regex=MAIL_ORDER),
                name="business_mail_order_form",
            ),
            models.CheckConstraint(
                condition=Q(mail_order_exemption__in=["", *(code for code, _label in EXEMPTIONS)]),
                name="business_exemption_known",
            ),
            models.CheckConstraint(
                condition=Q(industry="", industry_revision="")
                | (Q(industry__regex=INDUSTRY) & ~Q(industry_revision="")),
                name="business_industry_has_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"business {self.business_number}: {self.standing}"

    @property
    def printed_number(self) -> str:
        """The number as it is printed: 124-81-00998."""
        return format_business_number(self.business_number)


class Organisation(models.Model):
    """A private organisation, a public body or a local government."""

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.PROTECT, related_name="organisation")
    form = models.CharField(max_length=16, choices=OrganisationForm)
    business_number = models.CharField(max_length=10, blank=True)
    representative = models.CharField(max_length=100)
    region = models.CharField(max_length=2)
    address = models.CharField(max_length=300)
    phone = models.CharField(max_length=11)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.UNVERIFIED)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["party_id"]
        indexes: ClassVar = [
            models.Index(fields=["business_number"], condition=~Q(business_number=""), name="organisation_by_number")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business_number"],
                condition=Q(standing__in=HOLDING) & ~Q(business_number=""),
                name="organisation_number_held_once",
            ),
            models.CheckConstraint(
                condition=Q(business_number="")
                | (Q(business_number__regex=BUSINESS_NUMBER) & ~Q(business_number="0000000000")),
                name="organisation_number_is_10_digits",
            ),
            models.CheckConstraint(condition=Q(form__in=OrganisationForm.values), name="organisation_form_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="organisation_standing_known"),
            models.CheckConstraint(condition=~Q(representative=""), name="organisation_has_representative"),
            models.CheckConstraint(condition=Q(region__regex=REGION), name="organisation_region_is_a_code"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=PHONE), name="organisation_phone_is_digits"),
        ]

    def __str__(self) -> str:
        return f"organisation {self.party_id}: {self.standing}"

    @property
    def printed_number(self) -> str:
        """The number as it is printed, empty if it has none."""
        return format_business_number(self.business_number) if self.business_number else ""
