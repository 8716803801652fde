"""What the record's tables cannot hold by themselves, and what those of accounts, which lie below, cannot."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from panro.accounts.models import User
from panro.record.doctor import Broken, Check, register
from panro.record.models import DailyHead, Entry, Payload
from panro.record.queries import broken_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from panro.proof.canonical import Json

_CHUNK: Final = 10_000
# Digits within a hash or an id are none of these.
_PERSONAL: Final = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.\w[\w.-]*")),
    ("a telephone number", re.compile(r"(?<![\w-])01[016789]-?\d{3,4}-?\d{4}(?![\w-])")),
    ("a resident number", re.compile(r"(?<![\w-])\d{6}-[1-8]\d{6}(?![\w-])")),
)
_DESTROYED: Final = """
    SELECT (document::jsonb #>> '{public,entry}')::bigint FROM record_entry WHERE act = 'payload_destroyed'
    UNION
    SELECT gone.number::bigint FROM record_entry AS entry,
        LATERAL jsonb_array_elements_text(entry.document::jsonb #> '{public,entries}') AS gone (number)
    WHERE act = 'payloads_destroyed'
"""


def register_checks() -> None:
    """Add the checks of this room and of accounts."""
    register(Check("record: seals, entries and payloads agree with each other", broken_places))
    register(Check("record: a payload is there unless its destruction is recorded", lost_payloads))
    register(Check("record: nothing personal stands in what everybody may read", personal_in_public))
    register(Check("record: the published heads are those of the chain", wrong_heads))
    register(Check("accounts: an account has exactly one main address, its own", wrong_addresses))


def lost_payloads() -> Iterator[Broken]:
    """Yield entries that promise a payload which is gone without a word, or is there although it was destroyed."""
    with connection.cursor() as cursor:
        cursor.execute(_DESTROYED)
        destroyed = {number for (number,) in cursor.fetchall()}
    held = Entry.objects.annotate(kept=Exists(Payload.objects.filter(entry=OuterRef("pk"))))
    odd = held.filter(Q(commitment__isnull=False, kept=False) | Q(commitment=None, kept=True) | Q(pk__in=destroyed))
    for number, commitment, kept in odd.order_by("number").values_list("number", "commitment", "kept"):
        where = f"entry {number}, payload"
        if commitment is None:
            yield Broken(where, "none was promised", "there" if kept else "recorded as destroyed")
        elif kept:
            if number in destroyed:
                yield Broken(where, "destroyed, as is recorded", "there")
        elif number not in destroyed:
            yield Broken(where, "there, for no destruction is recorded", "gone")


def personal_in_public() -> Iterator[Broken]:
    """Yield entries whose public part holds what looks like a person's address or number."""
    documents = Entry.objects.filter(document__contains='"public"').order_by("number")
    for number, document in documents.values_list("number", "document").iterator(chunk_size=_CHUNK):
        public = json.loads(document).get("public")
        for text in _texts(public):
            for kind, pattern in _PERSONAL:
                if pattern.search(text):
                    yield Broken(f"entry {number}, public part", "nothing personal", kind)


def wrong_heads() -> Iterator[Broken]:
    """Yield days whose published head is no longer that of its seal."""
    rows = DailyHead.objects.exclude(head=F("seal__head")).order_by("day")
    for day, held, due in rows.values_list("day", "head", "seal__head"):
        yield Broken(f"head of {day}", held, due)


def wrong_addresses() -> Iterator[Broken]:
    """Yield accounts with no main address, several, or one that is not the address they log in with."""
    main = Count("emailaddress", filter=Q(emailaddress__primary=True))
    own = Count("emailaddress", filter=Q(emailaddress__primary=True, emailaddress__email=F("email")))
    known = User.objects.filter(Exists(EmailAddress.objects.filter(user=OuterRef("pk"))))
    rows = known.annotate(main=main, own=own).exclude(main=1, own=1).order_by("pk")
    for identity, count in rows.values_list("pk", "main"):
        found = "another address" if count == 1 else f"{count} main addresses"
        yield Broken(f"account {identity}", "one main address, that of the account", found)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
