"""What is kept of an application when it is handed in, and what its receipt says; both as canonical JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from panro.dossier.snapshot import snapshot_digest, snapshot_text
from panro.parties.states import HOLDING, Kind
from panro.proof.canonical import encode_text, normalise
from panro.proof.hashing import commitment_of_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from panro.intake.assembling import Assembled
    from panro.parties.models import Party
    from panro.proof.canonical import Json


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot: its canonical text and digest."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt: its payload's canonical text, and the commitment to it."""

    text: str
    commitment: str


def take(one: Assembled) -> Taken:
    """Return the snapshot of an application.

    Of what the vault knows only that is kept which the programme's rules, papers and groups read; of products what
    the notice may ask, of papers the code, the day of issue, the number and the hash of the file. Only where papers
    are still to come does it name them (``pending``).
    """
    row, wanted = one.application, one.call.questions.keys_read()
    text = snapshot_text(
        version=one.call.digest,
        programme=row.programme,
        round_code=row.round_code,
        track=row.track,
        answers=cast("Mapping[str, Json]", normalise(cast("Json", row.answers))),
        products=cast("Sequence[Mapping[str, Json]]", normalise(cast("Json", one.products))),
        papers=cast("Sequence[Mapping[str, str | None]]", normalise(cast("Json", one.papers))),
        facts=[fact for key, fact in one.facts.items() if key in wanted],
    )
    if one.follows:
        text = encode_text({**json.loads(text), "pending": [document.code for document in one.follows]})
    return Taken(text, snapshot_digest(text))


def issue(one: Assembled, *, number: int, applicant: str, on: date, digest: str, salt: str) -> Issued:
    """Return the receipt of an application; where papers are still to come it names them, and their last day.

    Args:
        one: the application.
        number: how manieth of its round.
        applicant: the name under which it is known.
        on: the day in Seoul.
        digest: of its snapshot.
        salt: 64 unpredictable hexadecimal digits.
    """
    row, call = one.application, one.call
    payload: dict[str, Json] = {
        "receipt_no": call.receipt_no(number),
        "applicant": applicant,
        "applicant_type": row.applicant_type,
        "name": row.party.name,
        "round": call.round_id,
        "track": call.track_of_receipt(row.track),
        "on": on.isoformat(),
        "snapshot": digest,
    }
    if one.follows:
        payload["pending"] = [document.code for document in one.follows]
        payload["pending_until"] = call.round_.supplement_until.isoformat()
    text = encode_text(normalise(payload))
    return Issued(text, commitment_of_text(salt, text))


def applicant_of(party: Party) -> str:
    """Return the name by which receipts know a party: its business number if it has proved it, else its id.

    A number that was only typed in would let anybody take the place of the business it belongs to.
    """
    match Kind(party.kind):
        case Kind.BUSINESS if party.business.standing in HOLDING:
            return party.business.business_number
        case Kind.ORGANISATION if party.organisation.standing in HOLDING and party.organisation.business_number:
            return party.organisation.business_number
        case _:
            return str(party.pk)
