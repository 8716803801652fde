"""Writing an application: saving its steps, choosing track, products and papers, giving one's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from panro.catalog.models import Product
from panro.catalog.states import ProductState
from panro.intake.calls import call_of, day_for
from panro.intake.errors import StaleError, StrangerError, WrongStateError
from panro.intake.following import check_promise
from panro.intake.models import Application, ChosenPaper, ChosenProduct, DraftStep, PromisedPaper
from panro.intake.states import State
from panro.proof.canonical import encode_text, normalise
from panro.vault.models import Paper
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json


@dataclass(frozen=True, slots=True)
class Saved:
    """What a page says after saving.

    Attributes:
        revision: the one it shows from now on.
        saved_at: when that was saved.
        elsewhere: what other pages changed since the revision that this page showed before.
    """

    revision: int
    saved_at: datetime
    elsewhere: tuple[str, ...] = ()


def save_step(
    application_id: UUID,
    step: str,
    values: Mapping[str, Json],
    *,
    revision: int,
    by: User,
    now: datetime,
    base: Mapping[str, Json] | None = None,
) -> Saved:
    """Save the answers of one step of a draft; others stay as they are. What did not change is not saved.

    Two pages may save different answers side by side. If both changed the same one, the later page is told.

    Args:
        application_id: which.
        step: code of the step.
        values: answers by code of the question.
        revision: the one the page shows.
        by: who saves.
        now: the moment.
        base: the answers with which the page was opened, if it knows: what equals them was not touched.

    Raises:
        Application.DoesNotExist: there is none.
        WrongStateError: it is no longer a draft.
        StaleError: another page changed the same answers; says which, nothing is saved.
        CanonicalError: an answer cannot be kept: a fraction, or a text that is half a character.
    """
    del by  # a draft is its party's: who typed what is nobody's business
    clean = _clean(values)
    if base is not None:
        clean = {code: value for code, value in clean.items() if code not in base or _clean(base)[code] != value}
    with transaction.atomic():
        row = _locked(application_id)
        changed = {code: value for code, value in clean.items() if row.answers.get(code) != value}
        _check_revision(row, revision, changed)
        row.answers = {**row.answers, **changed}
        _note_step(row, step, now)
        return _save(row, changed, revision, now, "answers")


def choose_track(application_id: UUID, track: str, *, revision: int, by: User, now: datetime) -> Saved:
    """Choose the track (세부유형) of a draft.

    Raises:
        WrongTrackError: this applicant cannot choose it in this round.
        WrongStateError, StaleError: as `save_step`.
    """
    del by
    with transaction.atomic():
        row = _locked(application_id)
        call_of(row.version, row.programme, row.round_code).check_track(track, row.applicant_type)
        changed = ["track"] if row.track != track else []
        _check_revision(row, revision, changed)
        row.track = track
        return _save(row, changed, revision, now, "track")


def choose_products(application_id: UUID, products: Sequence[UUID], *, revision: int, by: User, now: datetime) -> Saved:
    """Choose the products of a draft anew, in this order.

    Raises:
        StrangerError: one is not the applicant's, or no longer sold.
        WrongStateError, StaleError: as `save_step`.
    """
    del by
    wanted = list(dict.fromkeys(products))
    with transaction.atomic():
        row = _locked(application_id)
        held = list(row.products.order_by("position").values_list("product_id", flat=True))
        changed = ["products"] if held != wanted else []
        _check_revision(row, revision, changed)
        if changed:
            own = Product.objects.filter(party=row.party_id, pk__in=wanted).exclude(state=ProductState.RETIRED)
            if own.count() != len(wanted):
                raise StrangerError
            row.products.all().delete()
            ChosenProduct.objects.bulk_create(
                ChosenProduct(application=row, product_id=product, position=place)
                for place, product in enumerate(wanted, 1)
            )
        _note_step(row, "choose_products", now)
        return _save(row, changed, revision, now)


def choose_papers(
    application_id: UUID,
    papers: Mapping[str, Sequence[UUID]],
    *,
    revision: int,
    by: User,
    now: datetime,
    promises: Mapping[str, bool] | None = None,
) -> Saved:
    """Choose papers of the vault for documents, by code; documents that are not named stay as they are.

    Args:
        application_id: which.
        papers: those chosen, by code of the document.
        revision: the one the page shows.
        by: who chooses.
        now: the moment.
        promises: by code of the document, whether its paper is to follow (see `panro.intake.following`).

    Raises:
        StrangerError: one is not the applicant's, or cannot be used.
        PromiseError: a paper cannot follow.
        WrongStateError, StaleError: as `save_step`.
    """
    del by
    with transaction.atomic():
        row = _locked(application_id)
        held: dict[str, set[UUID]] = {}
        for code, paper in row.papers.filter(code__in=list(papers)).values_list("code", "paper_id"):
            held.setdefault(code, set()).add(paper)
        new = {code: set(chosen) for code, chosen in papers.items() if set(chosen) != held.get(code, set())}
        promised = _new_promises(row, promises or {})
        changed = [*(f"papers.{code}" for code in new), *(f"promises.{code}" for code in promised)]
        _check_revision(row, revision, changed)
        _promise(row, promised, now)
        if new:
            wanted = set().union(*new.values())
            if Paper.objects.filter(party=row.party_id, pk__in=wanted, state__in=CURRENT).count() != len(wanted):
                raise StrangerError
            row.papers.filter(code__in=list(new)).delete()
            ChosenPaper.objects.bulk_create(
                ChosenPaper(application=row, code=code, paper_id=paper)
                for code, chosen in new.items()
                for paper in sorted(chosen)
            )
        _note_step(row, "documents", now)
        return _save(row, changed, revision, now)


def _new_promises(row: Application, told: Mapping[str, bool]) -> dict[str, bool]:
    """Return the promises that are given or taken back anew."""
    if not told:
        return {}
    held = set(row.promises.values_list("code", flat=True))
    return {code: given for code, given in told.items() if given != (code in held)}


def _promise(row: Application, told: Mapping[str, bool], now: datetime) -> None:
    call = call_of(row.version, row.programme, row.round_code)
    given = [code for code, is_given in told.items() if is_given]
    for code in given:
        check_promise(call, code)
    if len(given) < len(told):
        row.promises.filter(code__in=told.keys() - set(given)).delete()
    PromisedPaper.objects.bulk_create(PromisedPaper(application=row, code=code, promised_at=now) for code in given)


def declare(
    application_id: UUID,
    given: Mapping[str, str | None],
    *,
    revision: int,
    by: User,
    now: datetime,
    today: date | None = None,
) -> Saved:
    """Give documents by a word on the page: consents and pledges.

    Args:
        application_id: which.
        given: by code of the document, SHA-256 of the words agreed to; None takes the word back.
        revision: the one the page shows.
        by: who agrees.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.

    Raises:
        WrongStateError, StaleError: as `save_step`.
    """
    day = day_for(now, today).isoformat()
    with transaction.atomic():
        row = _locked(application_id)
        before = {code: held["terms"] for code, held in row.declared.items()}
        new = {code: terms for code, terms in given.items() if before.get(code) != terms}
        changed = [f"papers.{code}" for code in new]
        _check_revision(row, revision, changed)
        kept = {code: held for code, held in row.declared.items() if code not in new}
        row.declared = kept | {
            code: {"on": day, "by": str(by.pk), "terms": terms} for code, terms in new.items() if terms is not None
        }
        _note_step(row, "consents", now)
        return _save(row, changed, revision, now, "declared")


@transaction.atomic
def discard(application_id: UUID, *, by: User) -> None:
    """Throw a draft away, as its applicant wishes.

    Raises:
        WrongStateError: it is no longer a draft.
    """
    del by
    _locked(application_id).delete()


def _locked(application_id: UUID) -> Application:
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("version")
        .defer("version__document", "version__changes")
        .get(pk=application_id)
    )
    if row.state != State.DRAFT:
        raise WrongStateError.not_a_draft()
    return row


def _check_revision(row: Application, revision: int, changed: Mapping[str, Json] | Sequence[str]) -> None:
    """Refuse changes to what another page changed after the one at hand was opened."""
    behind = [code for code in changed if row.changed.get(code, 0) > revision]
    if behind or revision > row.revision:
        raise StaleError(row, behind)


def _save(
    row: Application, changed: Mapping[str, Json] | Sequence[str], revision: int, now: datetime, *fields: str
) -> Saved:
    elsewhere = tuple(sorted(code for code, last in row.changed.items() if last > revision))
    if changed:
        row.revision += 1
        row.changed = {**row.changed, **dict.fromkeys(changed, row.revision)}
        row.saved_at = now
        row.save(update_fields=["revision", "changed", "saved_at", *fields])
    return Saved(row.revision, row.saved_at, elsewhere)


def _note_step(row: Application, step: str, now: datetime) -> None:
    DraftStep.objects.bulk_create(
        [DraftStep(application=row, step=step, done_at=now)],
        update_conflicts=True,
        unique_fields=["application", "step"],
        update_fields=["done_at"],
    )


def _clean(values: Mapping[str, Json]) -> dict[str, Json]:
    """Bring texts into normal form, and refuse what a snapshot could not hold."""
    clean = normalise(dict(values))
    encode_text(clean)
    if not isinstance(clean, dict):  # pragma: no cover - a dict stays one
        raise TypeError
    return dict(clean)
