"""Personal data is destroyed when its term is over, not a day before, and its destruction is recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from panro.record import retention, tasks
from panro.record.access_log import note
from panro.record.actions import record
from panro.record.doctor import examine
from panro.record.models import AccessNote, Entry, Payload
from panro.record.retention import destroy_outlived, terms

pytestmark = pytest.mark.django_db

WRITTEN = datetime(2016, 4, 9, 3, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def written(act: str, at: datetime = WRITTEN) -> Entry:
    with transaction.atomic():
        return record(act, actor="officer-kim", subject="case:1", at=at, now=at, payload={"name": "김판로"})


def kept() -> list[int]:
    return list(Payload.objects.order_by("entry_id").values_list("entry_id", flat=True))


@pytest.mark.parametrize(
    ("act", "kind", "years"),
    [
        ("message_sent_again", "messages", 1),
        ("advertising_consent_changed", "consents", 5),
        ("consent_given", "consents", 5),
        ("account_closed", "accounts", 2),
        ("application_submitted", "public-money", 5),
        ("edition_published", "public-money", 5),
    ],
)
def test_every_act_belongs_to_one_kind(act: str, kind: str, years: int) -> None:
    found = terms().kind_of(act)
    assert (found.code, found.term.years) == (kind, years)


def test_every_term_names_its_law_in_both_languages() -> None:
    found = [terms().access_log, *(kind.term for kind in terms().payloads)]
    assert [term for term in found if "제" not in term.law.ko or "art." not in term.law.en or term.years < 1] == []


def test_a_term_ends_on_the_same_day_of_its_last_year() -> None:
    application, message = written("application_submitted"), written("message_sent_again")
    assert destroy_outlived(now=WRITTEN.replace(year=2017)) == 0
    assert destroy_outlived(now=WRITTEN.replace(year=2017) + MOMENT) == 1
    assert kept() == [application.number]
    assert destroy_outlived(now=WRITTEN.replace(year=2021)) == 0
    assert destroy_outlived(now=WRITTEN.replace(year=2021) + MOMENT) == 1
    told = Entry.objects.filter(act="payloads_destroyed").order_by("number")
    assert [(entry.subject, json.loads(entry.document)["public"]["entries"]) for entry in told] == [
        ("retention:messages", [message.number]),
        ("retention:public-money", [application.number]),
    ]


def test_a_leap_day_is_made_up_on_the_first_of_march() -> None:
    term = terms().access_log
    assert term.cutoff(datetime(2024, 2, 29, 3, 0, tzinfo=UTC)) == datetime(2022, 3, 1, 3, 0, tzinfo=UTC)
    assert term.cutoff(datetime(2024, 2, 28, 3, 0, tzinfo=UTC)) == datetime(2022, 2, 28, 3, 0, tzinfo=UTC)


def test_what_was_committed_to_stays_and_the_doctor_finds_nothing_wrong() -> None:
    entry = written("application_submitted")
    destroy_outlived(now=WRITTEN.replace(year=2022))
    assert Entry.objects.get(pk=entry.pk).commitment == entry.commitment
    assert [finding.broken for finding in examine() if finding.broken] == []


def test_many_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    numbers = [written("application_submitted").number for _ in range(5)]
    assert destroy_outlived(now=WRITTEN.replace(year=2022)) == 5
    told = Entry.objects.filter(act="payloads_destroyed").order_by("number")
    assert [json.loads(entry.document)["public"]["entries"] for entry in told] == [
        numbers[:2],
        numbers[2:4],
        numbers[4:],
    ]


def test_the_access_log_is_kept_for_two_years() -> None:
    at = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
    note(actor="officer-kim", party="party:kim", what="paper_opened", why="screening", at=at, now=at)
    assert destroy_outlived(now=at.replace(year=2023)) == 0
    assert destroy_outlived(now=at.replace(year=2023) + MOMENT) == 1
    assert AccessNote.objects.count() == 0
    assert json.loads(Entry.objects.get(act="access_notes_destroyed").document)["public"]["count"] == 1


def test_the_task_leaves_young_data_alone() -> None:
    now = datetime.now(UTC)
    entry = written("application_submitted", now)
    assert tasks.destroy_outlived.call() == 0
    assert kept() == [entry.number]
