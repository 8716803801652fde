"""Freezing the pool: every receipt gets its result number, by its commitment alone (selection-spec, 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from panro.dossier.model import Opening
from panro.proof.merkle import text_root
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import ELIGIBLE, Case, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from panro.dossier.salts import Salts
    from panro.dossier.sources import Application, Decision
    from panro.rules.selection.round_rules import RoundRules

_REASON: Final = re.compile(r"[a-z0-9_]+")
_REQUIREMENTS: Final[tuple[str, ...]] = get_args(Requirement.__value__)
_NO_CLAUSE: Final = {"eligible", "withdrawn"}


@dataclass(frozen=True, slots=True)
class Pool:
    """The frozen pool, in the order of result numbers, with its root."""

    receipts: tuple[Opening, ...]
    applications: tuple[Application, ...]
    root: str


def freeze_pool(rules: RoundRules, applications: Iterable[Application]) -> Pool:
    """Order all receipts of a round by their commitments and compute the pool's root.

    Args:
        rules: the round's rules.
        applications: all of them, the withdrawn, lapsed and ineligible too, in any order.

    Raises:
        SelectionError: if a receipt belongs elsewhere, or a receipt number or an applicant occurs twice.
    """
    pairs = [(Opening.of(one.salt, one.payload), one) for one in applications]
    pairs.sort(key=lambda pair: pair[0].commitment)
    _check_payloads(rules, [one for _, one in pairs])
    return Pool(
        tuple(opening for opening, _ in pairs),
        tuple(one for _, one in pairs),
        text_root(opening.commitment for opening, _ in pairs),
    )


def make_case(rules: RoundRules, result_no: int, receipt: str, track: str, review: Application | Decision) -> Case:
    """Make the case of one receipt from what its requirement review decided.

    Raises:
        SelectionError: if the decision contradicts itself or the round's rules.
    """
    where = f"{rules.round_id}, result {result_no}"
    if review.requirement not in _REQUIREMENTS:
        raise SelectionError(
            f"{where}: found requirement {review.requirement!r}, not one of {', '.join(_REQUIREMENTS)}"
        )
    eligible = review.requirement == ELIGIBLE
    if eligible and (review.reason or review.clause):
        raise SelectionError(f"{where}: an eligible case has no reason and no clause; found {review.reason!r}")
    if not eligible and not _REASON.fullmatch(review.reason):
        raise SelectionError(
            f"{where}: {review.requirement} needs a reason word of a-z, 0-9 and _; found {review.reason!r}"
        )
    if not review.clause and review.requirement not in _NO_CLAUSE:
        raise SelectionError(f"{where}: {review.requirement} needs the clause it rests on")
    strange = sorted(set(review.bonus) - rules.bonus.items.keys())
    if strange:
        raise SelectionError(
            f"{where}: the round has no bonus item {strange[0]!r}; it has {', '.join(rules.bonus.items)}"
        )
    if any(";" in text for text in (review.region, *review.groups)):
        raise SelectionError(f"{where}: region and groups must not hold a semicolon")
    if "" in review.groups:
        raise SelectionError(f"{where}: a group has no name; leave it out")
    return Case(
        result_no=result_no,
        receipt=receipt,
        track=track,
        region=review.region,
        requirement=review.requirement,
        reason=review.reason,
        clause=review.clause,
        groups=tuple(sorted(set(review.groups))),
        bonus=tuple(sorted(set(review.bonus))),
    )


def pool_cases(rules: RoundRules, pool: Pool) -> tuple[Case, ...]:
    """Give the case of every receipt, in the order of result numbers."""
    return tuple(
        make_case(rules, number, opening.commitment, str(one.payload["track"]), one)
        for number, (opening, one) in enumerate(zip(pool.receipts, pool.applications, strict=True), 1)
    )


def open_facts(
    rules: RoundRules, receipt: str, review: Application | Decision, salts: Salts, occasion: str = "review"
) -> Opening:
    """Commit to the facts a decision rests on; ``occasion`` sets a decision made anew apart from the first one."""
    salt = review.facts_salt or salts.salt("facts", rules.round_id, receipt, occasion)
    return Opening.of(salt, review.facts)


def _check_payloads(rules: RoundRules, applications: Iterable[Application]) -> None:
    numbers: set[str] = set()
    applicants: set[str] = set()
    for one in applications:
        receipt, applicant = one.payload.get("receipt_no"), one.payload.get("applicant")
        if not isinstance(receipt, str) or not isinstance(applicant, str) or not receipt or not applicant:
            raise SelectionError(
                f"{rules.round_id}: a receipt needs the texts receipt_no and applicant: {one.payload!r}"
            )
        if one.payload.get("round") != rules.round_id:
            found = one.payload.get("round")
            raise SelectionError(f"receipt {receipt}: belongs to round {found!r}, not to {rules.round_id!r}")
        if one.payload.get("track") not in rules.tracks:
            found = one.payload.get("track")
            raise SelectionError(f"receipt {receipt}: track {found!r} is none of {', '.join(rules.tracks)}")
        if receipt in numbers:
            raise SelectionError(f"{rules.round_id}: receipt {receipt} occurs twice")
        if applicant in applicants:
            raise SelectionError(f"{rules.round_id}: applicant {applicant} has two receipts (second: {receipt})")
        numbers.add(receipt)
        applicants.add(applicant)
