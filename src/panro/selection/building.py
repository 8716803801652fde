"""From the rows of a round to its record, its dossiers and their root.

The same rows always give the same dossiers, byte for byte: the salts of receipts, panels and scores lie with them, and
all others are derived from the secret that each course was given when it was opened.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from panro.dossier.audit import programme_payload
from panro.dossier.build import build_round
from panro.dossier.sources import PublicValues
from panro.dossier.write import Dossier, render, write_auditor, write_public
from panro.editions.documents import edition_of
from panro.evaluation.sources import DatabaseReviewers, DatabaseSalts
from panro.intake.models import Receipt
from panro.proof.canonical import encode
from panro.record.models import Entry
from panro.record.queries import proof_of
from panro.rules.selection.round_rules import RoundRules
from panro.screening.queries import decided
from panro.selection.models import CourseState, RoundCourse

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from panro.dossier.model import RoundRecord
    from panro.dossier.salts import Salts
    from panro.proof.canonical import Json
    from panro.proof.chain import Proof

SALTS: Final = "panro-course-salt-1"


class BuildError(RuntimeError):
    """The rows of a round give something else than was sealed, drawn or confirmed; says what."""


@dataclass(frozen=True, slots=True)
class CourseSalts:
    """Salts that follow from one secret of 64 hexadecimal digits: HMAC-SHA-256 of what each is for."""

    secret: str

    def salt(self, *parts: str | int) -> str:
        """Give the salt of this secret for these parts."""
        told: list[Json] = [SALTS, *parts]
        return hmac.digest(bytes.fromhex(self.secret), encode(told), "sha256").hex()


def course_of(course_id: UUID) -> RoundCourse:
    """Return a course with its notice. One query.

    Raises:
        RoundCourse.DoesNotExist: there is none.
    """
    return RoundCourse.objects.select_related("version").defer("version__changes").get(pk=course_id)


def rules_of(course: RoundCourse) -> RoundRules:
    """The rules of a round, as frozen when its course was opened."""
    return RoundRules.from_json(course.rules)


def salts_of(course: RoundCourse) -> Salts:
    """The salts of a round: those fixed with panels and scores, all others by its secret. Two queries."""
    return DatabaseSalts(course.round_id, CourseSalts(course.secret))


def programme_of(course: RoundCourse) -> Json:
    """``programme.json`` of a round."""
    edition = edition_of(course.version)
    programme = edition.programme(course.programme)
    return programme_payload(edition.head, programme, programme.round(course.round_code))


def built(course_id: UUID) -> RoundRecord:
    """Build the first record of a round from its rows; the same number of queries whatever its size.

    Raises:
        BuildError: no seed is drawn yet, or the rows do not give the pool, the scores or the seed of the course.
        SelectionError, UndecidedError: something in the rows contradicts the rules.
    """
    course = course_of(course_id)
    if not course.is_from(CourseState.DRAWN):
        raise BuildError(f"{course.round_id}: no seed is drawn yet")
    record = build_round(
        rules=rules_of(course),
        programme=programme_of(course),
        applications=decided(course.version, course.programme, course.round_code),
        reviewers=DatabaseReviewers(course.round_id),
        values=PublicValues(course.assignment_value, course.draw_value),
        salts=salts_of(course),
    )
    for name, found, expected in (
        ("root of the pool", record.draw.pool_root, course.pool_root),
        ("root of the scores", record.draw.scores_root, course.scores_root),
        ("seed", record.draw.seed, course.seed),
    ):
        if found != expected:
            raise BuildError(f"{course.round_id}: the rows give the {name} {found}, not {expected}")
    return record


def entries_of(course: RoundCourse) -> list[int]:
    """The numbers of the round's three entries in the record, as a dossier proves them. One query.

    Raises:
        BuildError: one of them is missing.
    """
    subject = f"round:{course.round_id}"
    # Of several entries of one act the first stands: an addendum may seal scores of its own.
    known = dict(
        Entry.objects.filter(act__in=["pool_frozen", "evaluation_sealed"], subject=subject)
        .order_by("-number")
        .values_list("act", "number")
    )
    if len(known) != 2 or course.entry is None:  # noqa: PLR2004 - the first two of three
        raise BuildError(f"{course.round_id}: the record lacks an entry of this round")
    return [known["pool_frozen"], known["evaluation_sealed"], course.entry]


def proof_until_published(course: RoundCourse) -> Proof:
    """The proof of a round's entries, up to the seal of its publication: later seals change nothing in it.

    Raises:
        BuildError, ChainError: an entry is missing or not sealed.
    """
    proof = proof_of(entries_of(course))
    last = proof.entries[-1].seal
    return replace(proof, seals=tuple(seal for seal in proof.seals if seal.number <= last))


def dossiers(course: RoundCourse, record: RoundRecord, folder: Path, *, rendered: Dossier | None = None) -> str:
    """Write the round's dossiers into ``public`` and ``auditor`` of a folder, and return their root.

    Raises:
        BuildError: an entry of the record is missing.
        FolderError: the folders are in use.
    """
    dossier = rendered or render(record)
    proof = proof_until_published(course)
    write_public(dossier, proof, folder / "public")
    write_auditor(dossier, proof, folder / "auditor")
    return dossier.root


def applications_of(course: RoundCourse) -> dict[int, UUID]:
    """The application behind every result number. One query."""
    rows = Receipt.objects.filter(
        place__pool__edition=course.version.edition_id,
        place__pool__programme=course.programme,
        place__pool__round_code=course.round_code,
    )
    return dict(rows.order_by("place__result_no").values_list("place__result_no", "application_id"))
