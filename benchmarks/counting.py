"""What one submit request asks of the database. Imported when Django is set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from merchants import TOKEN

from panro.intake.models import Snapshot

if TYPE_CHECKING:
    from merchants import Merchant

BRACKETS: Final = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Queries:
    """Statements of one request: those that ask or write, and those that begin and end transactions."""

    texts: list[str]

    @property
    def asked(self) -> int:
        """How many ask or write."""
        return len(self.texts) - self.brackets

    @property
    def brackets(self) -> int:
        """How many only begin and end transactions."""
        return sum(text.startswith(BRACKETS) for text in self.texts)


def queries_of_a_submit(one: Merchant) -> Queries:
    """Submit one draft with everything that the web server does, in this process; returns what was asked."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "ko"}, SERVER_NAME="localhost")
    client.cookies["sessionid"], client.cookies["csrftoken"] = one.session, TOKEN
    address = f"/my/applications/{one.application}/submit/"
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(address, {"csrfmiddlewaretoken": TOKEN, "revision": one.revision})
    if answer.status_code != 302 or not answer["Location"].endswith("/receipt/"):
        raise SystemExit(f"not submitted: {answer.status_code}")
    return Queries([str(query["sql"]) for query in seen.captured_queries])


def size_of_a_snapshot() -> int:
    """Characters of a snapshot that was taken of such a draft."""
    return len(Snapshot.objects.order_by("-taken_at").values_list("document", flat=True)[0])
