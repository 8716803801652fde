"""Reports of the text-message provider: each kept once, none believed without asking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from panro.accounts.ids import as_uuid
from panro.notify.messengers.solapi import OWN_ID
from panro.notify.models import Message, Report
from panro.notify.states import Channel
from panro.notify.tasks import ask_about

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class BadReportError(ValueError):
    """What came is no report."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Data(_Model):
    message: str = Field(default="", alias="messageId", max_length=64)
    status: str = Field(default="", alias="statusCode", max_length=16)
    own: dict[str, str] = Field(default_factory=dict, alias="customFields")


class _Single(_Model):
    event: str = Field(alias="eventDataId", min_length=1, max_length=100)
    data: _Data


_REPORTS = TypeAdapter(list[_Single])


@transaction.atomic
def take(body: bytes, *, now: datetime) -> int:
    """Keep the reports that are new and ask a worker to ask back; returns how many were new.

    Raises:
        BadReportError: the body is not a list of reports.
    """
    try:
        reports = _REPORTS.validate_json(body)
    except ValidationError as wrong:
        raise BadReportError(str(wrong.errors()[0]["msg"])) from None
    ours = _ours(reports)
    known = set(Report.objects.filter(pk__in=[report.event for report in reports]).values_list("pk", flat=True))
    news = {
        report.event: Report(event=report.event, message_id=ours[report.event], status=report.data.status, received=now)
        for report in reports
        if report.event in ours and report.event not in known
    }
    Report.objects.bulk_create(news.values(), ignore_conflicts=True)
    if news:
        ask_about.enqueue([str(message) for message in sorted({row.message_id for row in news.values()})])
    return len(news)


def _ours(reports: list[_Single]) -> dict[str, UUID]:
    """Return our message of each report, by the id the provider gave it or by ours; others are not ours."""
    named = {report.event: own for report in reports if (own := as_uuid(report.data.own.get(OWN_ID, "")))}
    theirs = {report.data.message for report in reports if report.data.message}
    calls = Message.objects.filter(channel=Channel.PHONE)
    by_theirs = dict(calls.filter(provider_message__in=theirs).values_list("provider_message", "pk"))
    there = set(calls.filter(pk__in=named.values()).values_list("pk", flat=True))
    found = {report.event: by_theirs.get(report.data.message) or named.get(report.event) for report in reports}
    return {event: pk for event, pk in found.items() if pk is not None and (pk in there or pk in by_theirs.values())}
