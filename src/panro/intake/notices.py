"""What applicants are told, and where the pages are that messages point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from panro.korea.text import Text
from panro.notify.actions import Notice, ToAccount, queue
from panro.ui.addresses import absolute
from panro.ui.clock import SEOUL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.intake.calls import Call
    from panro.intake.models import Application, SupplementItem
    from panro.rules.edition.programme import DocumentData


def address_of(application_id: UUID) -> str:
    """Return the address of an application's own page, as it stands in messages."""
    return absolute(reverse("intake:application", args=[application_id]))


def address_of_round(call: Call) -> str:
    """Return the address where an application for a round is begun, as it stands in messages."""
    return absolute(reverse("intake:start", args=call.round_id.split("/")))


def minute(moment: datetime) -> str:
    """Write a moment as it reads in Seoul."""
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def received(
    row: Application,
    call: Call,
    *,
    account: UUID,
    receipt_no: str,
    digest: str,
    head: str,
    at: datetime,
    follows: Sequence[DocumentData] = (),
) -> Notice:
    """Say that an application has arrived, and which papers are still to come, if any, until when."""
    values: dict[str, str | int | Text] = {
        "programme": call.programme.name.text,
        "receipt": receipt_no,
        "received": minute(at),
        "hash": digest,
        "head": head or "-",
        "link": address_of(row.pk),
    }
    if follows:
        names = [document.name.text for document in follows]
        values["items"] = Text(_listed(name.ko for name in names), _listed(name.en for name in names))
        values["deadline"] = call.round_.supplement_until.isoformat()
    return Notice(
        template="application_received_in_part" if follows else "application_received",
        to=ToAccount(account),
        values=values,
        key=f"application_received:{row.pk}:{account}",
    )


def _listed(names: Iterable[str]) -> str:
    return "\n".join(f"- {name}" for name in names)[:1_000]


def withdrawn(row: Application, call: Call, *, receipt_no: str) -> Notice:
    """Say that an application was withdrawn."""
    return Notice(
        template="application_withdrawn",
        to=ToAccount(_submitter(row)),
        values={"programme": call.programme.name.text, "receipt": receipt_no, "link": address_of(row.pk)},
        key=f"application_withdrawn:{row.pk}",
    )


def supplement(
    row: Application, call: Call, *, asked: UUID, items: Iterable[SupplementItem], due: date, receipt_no: str
) -> Notice:
    """Ask for supplements."""
    return Notice(
        template="supplement_requested",
        to=ToAccount(_submitter(row)),
        values={
            "programme": call.programme.name.text,
            "receipt": receipt_no,
            "items": "\n".join(f"- {item.why}" for item in items)[:1_000],
            "deadline": due.isoformat(),
            "link": address_of(row.pk),
        },
        key=f"supplement_requested:{asked}",
    )


def about_supplement(template: str, row: Application, call: Call, *, of: UUID, receipt_no: str) -> Notice:
    """Say that supplements have arrived, or were not there in time."""
    return Notice(
        template=template,
        to=ToAccount(_submitter(row)),
        values={"programme": call.programme.name.text, "receipt": receipt_no, "link": address_of(row.pk)},
        key=f"{template}:{of}",
    )


def about_draft(template: str, row: Application, call: Call, *, days: int | None = None) -> Notice:
    """Tell who began a draft of its last day: that it comes, was put off, or has passed."""
    return Notice(
        template=template,
        to=ToAccount(row.created_by_id),
        values={
            "programme": call.programme.name.text,
            "deadline": row.closes.isoformat(),
            "link": address_of(row.pk),
        },
        key=f"{template}:{row.pk}:{row.closes}" + ("" if days is None else f":{days}"),
    )


def tell(notices: Iterable[Notice], *, now: datetime) -> None:
    """Queue messages in the transaction of the change they tell of."""
    if wanted := list(notices):
        queue(wanted, now=now)


def _submitter(row: Application) -> UUID:
    return row.submitted_by_id or row.created_by_id
