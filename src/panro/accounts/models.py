"""The account: one person, known by an e-mail address."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id

NAME_LENGTH = 80
HASH = r"^[0-9a-f]{64}$"
WORD = r"^[a-z][a-z0-9_]*$"
CLOSED_DOMAIN = "closed.invalid"
"""What the address of a closed account ends with: a domain that can never exist (RFC 2606)."""


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the only place that decides how an address is stored."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> User:
        """Store an account without rights. Without a password it cannot log in until it sets one.

        Raises:
            ValueError: no address.
        """
        return self._store(email, password, name=name, is_staff=False, is_superuser=False)

    def create_superuser(self, email: str, password: str | None = None, *, name: str = "") -> User:
        """Store an account with every right.

        Raises:
            ValueError: no address.
        """
        return self._store(email, password, name=name, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by address, however it was typed."""
        return self.get(email=self.normalize_email(username))

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Addresses are stored in lower case, so that one person does not become two."""
        return (email or "").strip().lower()

    def _store(self, email: str, password: str | None, *, name: str, is_staff: bool, is_superuser: bool) -> User:
        address = self.normalize_email(email)
        if not address:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=address, name=name, is_staff=is_staff, is_superuser=is_superuser)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in: merchant, partner, reviewer, officer or engineer alike."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("works for the agency"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    closed = models.DateTimeField(_("closed"), null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email"], name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")) & ~models.Q(email=""), name="user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(is_superuser=False) | models.Q(is_staff=True),
                name="user_superuser_is_staff",
            ),
            models.CheckConstraint(
                condition=models.Q(closed=None)
                | models.Q(is_active=False, name="", email__endswith=f"@{CLOSED_DOMAIN}", is_staff=False),
                name="user_closed_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Store the address as it will be looked up."""
        super().clean()
        self.email = UserManager.normalize_email(self.email)

    def get_full_name(self) -> str:
        """The name as typed; there is no splitting of Korean names."""
        return self.name

    def get_short_name(self) -> str:
        """The same: a Korean given name alone would be impolite."""
        return self.name


class Way(models.TextChoices):
    """Where a consent was given."""

    SIGN_UP = "sign_up", _("at sign-up")
    PAGE = "page", _("on the page of consents")
    MESSAGES = "messages", _("with the wishes for messages")


class Consent(models.Model):
    """A person agreed to one text, at one time; withdrawn, it stays as proof of what held until then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=8, choices=Way)
    given = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-given", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=models.Q(withdrawn=None), name="account_consent_once_per_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__regex=WORD) & ~models.Q(version=""), name="account_consent_says_to_what"
            ),
            models.CheckConstraint(condition=models.Q(digest__regex=HASH), name="account_consent_digest_is_a_hash"),
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="account_consent_way_known"),
            models.CheckConstraint(
                condition=models.Q(withdrawn=None) | models.Q(withdrawn__gte=models.F("given")),
                name="account_consent_withdrawn_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class LimitWindow(models.Model):
    """How often somebody did something within a window of time; see ``limits``. Times are seconds since the epoch."""

    pk = models.CompositePrimaryKey("name", "starts")
    name = models.CharField(max_length=64)
    starts = models.BigIntegerField()
    ends = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} since {self.starts}"
