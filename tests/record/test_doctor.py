"""The doctor: each check finds exactly what was broken, and nothing in a healthy house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection, transaction

from panro.accounts.models import User
from panro.files import checks as files_checks
from panro.files.models import Piece, StoredFile, Upload
from panro.files.storage import files_storage
from panro.notify import checks as notify_checks
from panro.notify.models import Message
from panro.record import checks
from panro.record.actions import destroy_payload, record, seal_pending
from panro.record.doctor import SHOWN, Broken, Check, _checks, examine, register
from panro.record.heads import publish_heads
from panro.record.models import Payload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
HASH = "a" * 64


def wrote(*, secret: bool = False, public: dict[str, str] | None = None) -> int:
    payload = {"name": "김판로"} if secret else None
    with transaction.atomic():
        entry = record(
            "case_screened", actor="kim", subject="case:1", at=NOON, now=NOON, payload=payload, public=public
        )
    return entry.number


def found() -> dict[str, list[str]]:
    return {finding.check.name: [place.where for place in finding.broken] for finding in examine() if finding.broken}


def test_a_healthy_record_has_nothing_broken() -> None:
    number = wrote(secret=True)
    wrote(public={"round": "2021/3-1/R1", "count": "01234567"})
    seal_pending(NOON)
    publish_heads(NOON + timedelta(days=2))
    destroy_payload(number, actor="system:retention", reason="purpose ended", now=NOON)
    assert found() == {}


def test_a_payload_that_vanished_without_a_word_is_found() -> None:
    number, kept = wrote(secret=True), wrote(secret=True)
    Payload.objects.filter(entry_id=number).delete()
    assert [broken.where for broken in checks.lost_payloads()] == [f"entry {number}, payload"]
    assert kept != number


def test_a_payload_that_came_back_after_its_destruction_is_found() -> None:
    number = wrote(secret=True)
    salt, body = Payload.objects.values_list("salt", "body").get()
    destroy_payload(number, actor="system:retention", reason="purpose ended", now=NOON)
    Payload.objects.create(entry_id=number, salt=salt, body=body)
    assert [(broken.where, broken.found) for broken in checks.lost_payloads()] == [
        (f"entry {number}, payload", "there")
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to kim@example.kr", "an e-mail address"),
        ("call 010-1234-5678", "a telephone number"),
        ("800101-1234567", "a resident number"),
        ("220-81-62517", None),
        ("2021-04-09T03:00:00Z", None),
        (HASH, None),
    ],
)
def test_personal_data_in_the_public_part_is_found(text: str, kind: str | None) -> None:
    wrote(public={"reason": text})
    assert [broken.found for broken in checks.personal_in_public()] == ([kind] if kind else [])


def test_a_published_head_that_a_superuser_changed_is_found() -> None:
    wrote()
    seal_pending(NOON)
    publish_heads(NOON + timedelta(days=1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE record_dailyhead SET head = repeat('e', 64)")
    assert found() == {"record: the published heads are those of the chain": ["head of 2021-04-09"]}


@pytest.mark.parametrize(
    ("primary", "address", "right"),
    [(True, "kim@example.kr", True), (False, "kim@example.kr", False), (True, "other@example.kr", False)],
)
def test_an_account_whose_main_address_is_not_its_own_is_found(primary: bool, address: str, right: bool) -> None:  # noqa: FBT001
    user = User.objects.create_user("kim@example.kr", "pw")
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=primary)
    assert [broken.where for broken in checks.wrong_addresses()] == ([] if right else [f"account {user.pk}"])


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> None:
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.mark.usefixtures("store")
def test_bytes_that_are_gone_cut_or_changed_are_found() -> None:
    owner = User.objects.create_user("kim@example.kr", "pw")
    named: dict[str, UUID] = {}
    for name, content in {"whole": b"12345", "cut": b"123", "changed": b"54321", "gone": b""}.items():
        sha = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"  # of 12345
        key = f"files/20210409/{name}"
        if content:
            files_storage().save(key, ContentFile(content))
        row = StoredFile.objects.create(
            owner=owner, purpose="paper", name=name, size=5, sha256=sha, type="text/plain", key=key, created=NOON
        )
        named[name] = row.pk
    wrong = {broken.where: broken.found for broken in files_checks.missing_bytes()}
    assert wrong == {f"file {named['cut']}": "3 bytes", f"file {named['gone']}": "nothing"}
    assert [b.where for b in files_checks.changed_bytes()] == [f"file {named['cut']}", f"file {named['changed']}"]


@pytest.mark.parametrize(("second", "received", "broken"), [(10, 15, False), (12, 15, True), (10, 16, True)])
def test_an_upload_with_a_gap_is_found(second: int, received: int, *, broken: bool) -> None:
    owner = User.objects.create_user("kim@example.kr", "pw")
    times = {"created": NOON, "expires": NOON + timedelta(days=1)}
    upload = Upload.objects.create(owner=owner, purpose="paper", name="x", size=20, received=received, **times)
    Piece.objects.create(upload=upload, offset=0, size=10, key="a")
    Piece.objects.create(upload=upload, offset=second, size=5, key="b")
    assert bool(list(files_checks.torn_uploads())) is broken


def test_a_summary_to_somebody_else_and_a_hanging_message_are_found() -> None:
    kim, lee = (User.objects.create_user(f"{name}@example.kr", "pw") for name in ("kim", "lee"))
    common = {"channel": "email", "template": "x", "kind": "notice", "language": "ko", "subject": "x", "text": "x"}
    common |= {"created": NOON, "due": NOON, "address": "x@example.kr"}
    digest = Message.objects.create(key="d", account=lee, state="sent", sent=NOON, **common)
    mine = Message.objects.create(key="m", account=kim, state="bundled", digest=digest, **common)
    Message.objects.create(key="n", account=lee, state="bundled", digest=digest, **common)
    hung = Message.objects.create(key="h", account=lee, state="unknown", claimed=NOON, **common)
    assert [broken.where for broken in notify_checks.strange_bundles()] == [f"message {mine.pk}"]
    assert [broken.where for broken in notify_checks.hanging()] == [f"message {hung.pk}"]


def test_a_check_changes_nothing_and_shows_the_first_places(monkeypatch: pytest.MonkeyPatch) -> None:
    def many() -> Iterator[Broken]:
        for number in range(SHOWN + 1):
            yield Broken(str(number), "a", "b")

    def meddling() -> Iterator[Broken]:
        User.objects.create_user("meddler@example.kr", "pw")
        yield from ()

    monkeypatch.setattr("panro.record.doctor._checks", {})
    register(Check("many", many))
    register(Check("slow", meddling, slow=True))
    (finding,) = examine()
    assert (len(finding.broken), finding.more) == (SHOWN, True)
    with pytest.raises(Exception, match="read-only transaction"):
        list(examine(slow=True))


def test_every_room_on_the_ground_floor_has_checks() -> None:
    assert {name.partition(":")[0] for name in _checks} >= {"record", "accounts", "files", "notify"}
