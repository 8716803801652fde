"""The command: exit 0 with everything in order, exit 1 with the broken place named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from panro.record.actions import record
from panro.record.models import Payload
from panro.site.cli import run

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("checks, all hold")


def test_a_broken_place_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    noon = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
    with transaction.atomic():
        entry = record("case_screened", actor="kim", subject="case:1", at=noon, now=noon, payload={"name": "김판로"})
    Payload.objects.all().delete()
    assert run(["doctor", "--thorough"]) == 1
    printed = capsys.readouterr().out
    assert "✗ record: a payload is there unless its destruction is recorded" in printed
    assert f"    entry {entry.number}, payload: expected there, for no destruction is recorded, found gone\n" in printed
    assert "checks, 1 broken" in printed
