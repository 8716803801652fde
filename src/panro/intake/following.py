"""Papers that may follow (나중에 낼 서류): which they are, until when, and which of them are still to come.

Only what somebody else issues may follow, because nobody can hurry an issuer; what applicants write themselves is there
when they hand in. What has not come by the round's last day for supplements stays unconfirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.intake.declarations import CODES
from panro.intake.errors import PromiseError
from panro.korea.text import Text
from panro.vault.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from panro.intake.calls import Call
    from panro.intake.questions import Case, DocumentAsked
    from panro.rules.edition.programme import DocumentData, Round


def last_day(round_: Round | None) -> date | None:
    """Return the last day on which papers may follow; None where the round leaves no day after its intake."""
    return round_.supplement_until if round_ is not None and round_.supplement_until > round_.closes else None


def issued_by_others(document: DocumentData) -> bool:
    """Whether somebody else issues a paper, as its kind says; of a kind nobody knows, whether it runs out."""
    kind = kinds().get(document.code)
    others = document.valid_days is not None if kind is None else not kind.is_own
    return document.code not in CODES and others


def may_follow(asked: DocumentAsked, round_: Round | None) -> bool:
    """Whether a paper may be promised: one that must be there, of somebody else, in a round that waits for it."""
    return asked.is_required and last_day(round_) is not None and issued_by_others(asked.document)


def to_follow(case: Case, papers: Collection[str], promised: Collection[str]) -> list[DocumentAsked]:
    """Return what was promised rightly and is not there, in the order of the notice.

    Args:
        case: of the application.
        papers: codes of the documents that are there.
        promised: codes of those that were promised.
    """
    if not promised or (last := last_day(case.round_)) is None or case.on > last:
        return []
    missing = [one for one in case.documents if one.code in promised and one.code not in papers]
    return [one for one in missing if may_follow(one, case.round_)]


def check_promise(call: Call, code: str) -> None:
    """Refuse a promise that the notice does not take.

    Raises:
        PromiseError: the round waits for nothing, or the paper is the applicant's own or not asked for.
    """
    if last_day(call.round_) is None:
        raise PromiseError.not_in_this_round(call.round_.closes)
    document = next((one for one in call.programme.documents if one.code == code), None)
    if document is None or not issued_by_others(document):
        raise PromiseError.not_this_paper(name_of(code) if document is None else document.name.text)


def name_of(code: str) -> Text:
    """Return what a paper is called; its code if nobody knows it any more."""
    kind = kinds().get(code)
    return Text(code, code) if kind is None else Text(kind.name.ko, kind.name.en)
