"""State of messages: what each account wants, the outbox (which is the inbox too), and what the provider reported."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from panro.accounts.ids import new_id
from panro.notify.catalogue import Kind
from panro.notify.states import Channel, State

LANGUAGES = (("ko", "한국어"), ("en", "English"))
PHONE = r"^0[0-9]{8,10}$"
REASON_LENGTH = 300


class Preference(models.Model):
    """How one account wants to be told. An account without a row has the defaults."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="notify_preference"
    )
    language = models.CharField(max_length=2, choices=LANGUAGES, default="ko")
    phone = models.CharField(max_length=11, blank=True)
    by_email = models.BooleanField(default=True)
    by_phone = models.BooleanField(default=True)
    daily = models.BooleanField(default=False)
    advertising_email_since = models.DateTimeField(null=True, blank=True)
    advertising_phone_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="preference_language_known"),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__regex=PHONE), name="preference_phone_is_korean"),
            models.CheckConstraint(
                condition=~Q(phone="") | Q(advertising_phone_since=None), name="preference_advertising_needs_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.account_id}"


class Message(models.Model):
    """One message to one person by one channel, with the text as it leaves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200)
    channel = models.CharField(max_length=5, choices=Channel)
    template = models.CharField(max_length=64)
    kind = models.CharField(max_length=11, choices=Kind)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="messages")
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    alimtalk = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=9, choices=State)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    created = models.DateTimeField()
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    read = models.DateTimeField(null=True)
    provider_group = models.CharField(max_length=64, blank=True)
    provider_message = models.CharField(max_length=64, blank=True)
    digest = models.ForeignKey("self", null=True, on_delete=models.RESTRICT, related_name="bundled")

    class Meta:
        ordering: ClassVar = ["created", "id"]
        indexes: ClassVar = [
            models.Index(fields=["channel", "due", "id"], condition=Q(state="queued"), name="message_due"),
            models.Index(
                fields=["state", "claimed"], condition=Q(state__in=["sending", "unknown"]), name="message_open"
            ),
            models.Index(fields=["account", "-created", "-id"], condition=Q(channel="inbox"), name="message_inbox"),
            models.Index(fields=["account"], condition=Q(channel="inbox", read=None), name="message_unread"),
            models.Index(fields=["account", "id"], condition=Q(state="held"), name="message_held"),
            models.Index(fields=["-created", "-id"], condition=Q(state="failed"), name="message_dead"),
            models.Index(fields=["provider_message"], condition=~Q(provider_message=""), name="message_at_provider"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "channel"], name="message_once_per_key_and_channel"),
            models.CheckConstraint(condition=~Q(key=""), name="message_key_not_empty"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="message_kind_known"),
            models.CheckConstraint(
                condition=Q(channel="inbox", address="", account__isnull=False)
                | (~Q(channel="inbox") & ~Q(address="")),
                name="message_has_where_to_go",
            ),
            models.CheckConstraint(
                condition=~Q(channel="inbox") | Q(state="sent"), name="message_inbox_is_there_at_once"
            ),
            models.CheckConstraint(condition=Q(read=None) | Q(channel="inbox"), name="message_read_in_inbox_only"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "delivered"], sent__isnull=False)
                | (~Q(state__in=["sent", "delivered"])),
                name="message_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "unknown"]) | Q(claimed__isnull=False),
                name="message_sending_is_claimed",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="message_failed_says_why"),
            models.CheckConstraint(
                condition=Q(state="bundled", digest__isnull=False) | (~Q(state="bundled") & Q(digest=None)),
                name="message_bundled_names_its_digest",
            ),
            models.CheckConstraint(condition=~Q(state="held") | Q(channel="email"), name="message_held_is_mail"),
            models.CheckConstraint(condition=Q(due__gte=F("created")), name="message_due_after_created"),
        ]

    def __str__(self) -> str:
        return f"{self.template} by {self.channel}: {self.state}"


class Report(models.Model):
    """A report of the provider, kept once however often it is repeated. It is a hint: the provider is asked again."""

    event = models.CharField(max_length=100, primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports")
    status = models.CharField(max_length=16)
    received = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["received", "event"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(event=""), name="report_event_not_empty")]

    def __str__(self) -> str:
        return f"{self.event}: {self.status}"
