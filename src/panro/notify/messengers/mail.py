"""Mail by Django's mailer, which the settings connect to an SMTP server."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers

from panro.notify.messengers import Answer, Outcome, Parcel, Result
from panro.notify.rendering import as_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.mail.backends.base import BaseEmailBackend

_FOR_EVER = 500
_PAGE = '<!doctype html><html lang="ko"><meta charset="utf-8"><body>{body}</body></html>'


class MailMessenger:
    """Sends mail, each with a Message-ID of its own that stays the same however often it is tried."""

    batch = 50

    def __init__(self, mailer: str = "default") -> None:
        self._mailer = mailer

    def send(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """Send one after the other over one connection; a connection that breaks is made anew for the next."""
        outcomes: dict[UUID, Outcome] = {}
        connection: BaseEmailBackend | None = None
        for parcel in parcels:
            if connection is None:
                connection = mailers[self._mailer]
                if failure := _open(connection):
                    return outcomes | {left.id: failure for left in parcels if left.id not in outcomes}
            outcomes[parcel.id] = outcome = _send(connection, parcel)
            if outcome.result in {Result.UNKNOWN, Result.LATER}:  # a server that is busy may have hung up
                _close(connection)
                connection = None
        if connection is not None:
            _close(connection)
        return outcomes

    def ask(self, parcels: Sequence[Parcel]) -> dict[UUID, Answer]:
        """Nobody can be asked about a mail."""
        del parcels
        return {}


def message_id(parcel: Parcel) -> str:
    """Return the Message-ID: the same for every attempt, so that a mail server or reader sees a repetition."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{parcel.id}@{domain}>"


def compose(parcel: Parcel) -> EmailMultiAlternatives:
    """Return the mail: the text, and the same as HTML with everything escaped."""
    mail = EmailMultiAlternatives(
        subject=parcel.subject,
        body=parcel.text,
        to=[parcel.address],
        headers={"Message-ID": message_id(parcel), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(_PAGE.format(body=as_html(parcel.text)), "text/html")
    return mail


def _open(connection: BaseEmailBackend) -> Outcome | None:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as wrong:
        return Outcome(Result.LATER, f"the mail server cannot be reached: {wrong}")
    return None


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _send(connection: BaseEmailBackend, parcel: Parcel) -> Outcome:
    try:
        connection.send_messages([compose(parcel)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = next(iter(refused.recipients.values()))
        return _answered(code, text)
    except smtplib.SMTPResponseException as refused:
        return _answered(refused.smtp_code, refused.smtp_error)
    except (OSError, smtplib.SMTPException) as wrong:
        return Outcome(Result.UNKNOWN, f"the mail server went away: {wrong}")
    except ValueError as wrong:  # an address or a header that no mail can have
        return Outcome(Result.REFUSED, f"no mail can be made of it: {wrong}")
    return Outcome(Result.ACCEPTED, message=message_id(parcel))


def _answered(code: int, text: bytes | str) -> Outcome:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    result = Result.REFUSED if code >= _FOR_EVER else Result.LATER
    return Outcome(result, f"the mail server answered {code} {said}")
