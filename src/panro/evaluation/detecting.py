"""Finding conflicts by comparing what is known of reviewers and of applicants, over sets, not pair by pair."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.evaluation.states import Why
from panro.parties.addresses import address_digest, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

_LONG_FAMILY_NAMES: Final = frozenset(
    {"남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방", "어금", "망절", "무본", "황목", "등정", "장곡"}
)
"""Korean family names of two syllables (2015 census of Statistics Korea); all others have one."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What is known of a reviewer. Empty texts are unknown and match nothing."""

    reviewer: UUID
    name: str
    businesses: frozenset[str]
    contracts: frozenset[str]
    employer: str
    employer_number: str
    address_digest: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is known of an applicant, or of one member of a consortium that applies."""

    application: UUID
    name: str
    number: str
    representative: str
    address: str


def family_name(name: str) -> str:
    """The family name of a Korean name, or the last word of another; empty if there is none."""
    words = unicodedata.normalize("NFC", name).split()
    if not words:
        return ""
    if "가" <= words[0][0] <= "힣":
        return words[0][:2] if words[0][:2] in _LONG_FAMILY_NAMES and len("".join(words)) > 2 else words[0][0]  # noqa: PLR2004 - a given name follows
    return words[-1].casefold()


def find(judges: Iterable[Judge], applicants: Iterable[Applicant]) -> Iterator[tuple[UUID, UUID, Why]]:
    """Give reviewer, application and reason of every conflict, each once, in no particular order."""
    by_number: dict[str, set[UUID]] = defaultdict(set)
    by_name: dict[str, set[UUID]] = defaultdict(set)
    by_home: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for one in applicants:
        by_number[one.number].add(one.application)
        by_name[plain_words(one.name)].add(one.application)
        by_home[family_name(one.representative), address_digest(one.address)].add(one.application)
    by_number.pop("", None)
    by_name.pop("", None)
    for judge in judges:
        found: dict[Why, set[UUID]] = defaultdict(set)
        for number in judge.businesses:
            found[Why.OWN_BUSINESS] |= by_number.get(number, set())
        for number in judge.contracts:
            found[Why.CONTRACT] |= by_number.get(number, set())
        found[Why.EMPLOYER] |= by_number.get(judge.employer_number, set()) | by_name.get(
            plain_words(judge.employer), set()
        )
        family = family_name(judge.name)
        if family and judge.address_digest:
            found[Why.FAMILY] |= by_home.get((family, judge.address_digest), set())
        for why, applications in found.items():
            for application in applications:
                yield judge.reviewer, application, why
