"""What papers show: the facts that arise when one is handed in, and when an officer has verified it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from panro.accounts.language import say
from panro.korea.numbers import NumberError, parse_government24_number
from panro.korea.text import compatibility_form, nfc
from panro.vault.errors import VaultError
from panro.vault.kinds import Form, Kind
from panro.vault.knowledge import OFFICER
from panro.vault.models import NUMBER_LENGTH
from panro.vault.statements import Statement

if TYPE_CHECKING:
    from panro.rules.facts import FactValue
    from panro.vault.kinds import Proof
    from panro.vault.models import Paper


@dataclass(frozen=True, slots=True)
class Shown:
    """What a paper says beside its dates.

    A tax clearance is only issued to who owes nothing but what was put off (지방세징수법 제5조), so what is asked is
    the deferred sum in won. A list of members says how many there are, and how many bring a certificate.
    """

    deferred: int = 0
    members: int | None = None
    certified: int | None = None


def given(paper: Paper, kind: Kind, shown: Shown) -> list[Statement]:
    """Return what a paper says as its owner handed it in.

    Raises:
        VaultError: a number that must be known is missing, or contradicts another.
    """
    told = []
    for proof in kind.proves:
        value = _value(paper, proof, shown)
        as_of = paper.issued_on or paper.handed_in_on
        told.append(Statement(paper.party_id, proof.fact, value, as_of, proof.source, paper.pk, looked_up=False))
    return told


def verified(paper: Paper, kind: Kind | None) -> list[Statement]:
    """Return what an officer vouches for by verifying a paper: what its being there shows."""
    if kind is None:
        return []
    as_of = paper.issued_on or paper.handed_in_on
    return [
        Statement(paper.party_id, proof.fact, value=True, as_of=as_of, source=OFFICER, paper=paper.pk, looked_up=False)
        for proof in kind.proves
        if proof.form is Form.YES
    ]


def clean_number(kind: Kind, number: str) -> str:
    """Return the issue number as it is stored.

    Issuers publish no form, so nothing is refused but what is too long; a kind that bears none loses it.

    Raises:
        VaultError: it is missing or too long.
    """
    if kind.number == "none":
        return ""
    written = " ".join(nfc(compatibility_form(number)).split())
    if not written and kind.number == "required":
        raise VaultError(_("Enter the issue number printed on the paper."), field="number")
    if len(written) > NUMBER_LENGTH:
        raise VaultError(_("The number is too long. Write it as printed on the paper."), field="number")
    return written


def clean_document_number(text: str) -> str:
    """Return a check number of Government24 in groups of four digits; empty for none.

    Raises:
        VaultError: it has not sixteen digits.
    """
    if not text.strip():
        return ""
    try:
        return parse_government24_number(text)
    except NumberError as wrong:
        raise VaultError(say(wrong.text), field="document_number") from None


def _value(paper: Paper, proof: Proof, shown: Shown) -> FactValue:
    match proof.form:
        case Form.YES:
            return True
        case Form.OPEN:
            return {"status": "open", "ended_on": None}
        case Form.CERTIFICATE:
            return {"number": paper.number or None, "valid_from": _iso(paper, "from"), "valid_to": _iso(paper, "to")}
        case Form.TAX:
            return {"arrears": shown.deferred, "deferred": shown.deferred, "valid_to": _iso(paper, "to")}
        case Form.MEMBERS:
            return _members(shown)


def _iso(paper: Paper, end: str) -> str | None:
    day = paper.valid_from if end == "from" else paper.valid_to
    return None if day is None else day.isoformat()


def _members(shown: Shown) -> FactValue:
    if shown.members is None:
        raise VaultError(_("Enter how many members there are."), field="members")
    if shown.certified is None:
        raise VaultError(_("Enter how many members bring a certificate."), field="certified")
    if shown.certified > shown.members:
        raise VaultError(_("More members bring a certificate than there are. Check both numbers."), field="certified")
    return {"members": shown.members, "certified": shown.certified}
