"""Beginning an application: a draft of one's own, one taken up again, or one that corrects what was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from panro.catalog.states import ProductState
from panro.intake.again import answers
from panro.intake.calls import Call, call_of, day_for
from panro.intake.errors import AlreadyAppliedError, NotAgainError, NotOpenError
from panro.intake.models import (
    Application,
    ChosenPaper,
    ChosenProduct,
    DraftStep,
    Extension,
    Pool,
    PromisedPaper,
)
from panro.intake.states import HANDED_IN, LIVE, State
from panro.parties.queries import applicant_type as type_of_party
from panro.vault.states import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.parties.models import Party


@dataclass(frozen=True, slots=True)
class Opening:
    """One applicant that begins an application; no type means the one its kind of party has."""

    party: Party
    by: UUID
    applicant_type: str = ""
    track: str = ""


def open_draft(
    party: Party,
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    by: User,
    now: datetime,
    today: date | None = None,
    applicant_type: str = "",
    correcting: bool = False,
) -> Application:
    """Begin an application; if the applicant is writing one for this round already, return that.

    What was withdrawn or is to be corrected in the same round is taken over, so that nothing is typed twice.

    Args:
        party: the applicant.
        version: the notice in force.
        programme: its code.
        round_code: code of the round.
        by: who begins.
        now: the moment.
        today: the day in Seoul; told from the moment if it is not given.
        applicant_type: as what, where its kind leaves a choice (a person is a trainee or a creator).
        correcting: whether a live application of this round is to be replaced, when the draft is handed in.

    Raises:
        UnknownRoundError: the notice has no such round.
        NotOpenError: it has not begun, is over for this applicant, or frozen.
        WrongApplicantError: it is not for this type of applicant.
        NotAgainError: the notice does not let it apply again.
        AlreadyAppliedError: there is a live application, and it is not to be corrected.
    """
    opening = Opening(party, by.pk, applicant_type)
    (made,) = open_drafts(
        [opening], version, programme, round_code, now=now, today=today, correcting=correcting, again=True
    )
    return made


@transaction.atomic
def open_drafts(
    openings: Sequence[Opening],
    version: EditionVersion,
    programme: str,
    round_code: str,
    *,
    now: datetime,
    today: date | None = None,
    correcting: bool = False,
    again: bool = True,
) -> list[Application]:
    """Begin applications of many for one round, in the order given; as `open_draft`.

    With ``again`` false, whether the notice lets them apply again is left to the requirement review.
    """
    call = call_of(version, programme, round_code)
    day = day_for(now, today)
    of_round = {"edition_id": version.edition_id, "programme": programme, "round_code": round_code}
    closes = _closing_days(openings, call, day, of_round)
    stored = _drafts(openings, of_round)
    new = [opening for opening in openings if opening.party.pk not in stored]
    before = _before(new, of_round)
    if again:
        _check_again(new, call, version.edition_id)
    drafts = []
    for opening in new:
        kind = call.type_of(opening.applicant_type or type_of_party(opening.party))
        call.check_track(opening.track, kind)
        draft = Application(
            **of_round,
            party=opening.party,
            version=version,
            track=opening.track or _only_track(call, kind),
            applicant_type=kind,
            closes=closes.get(opening.party.pk, call.round_.closes),
            created_by_id=opening.by,
            created=now,
            saved_at=now,
        )
        _continue(draft, before.get(opening.party.pk, []), correcting=correcting)
        drafts.append(draft)
    if drafts:
        Application.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=1000)
        stored |= _drafts(new, of_round)
        _take_over(drafts, stored, before)
    return [stored[opening.party.pk] for opening in openings]


def _closing_days(
    openings: Sequence[Opening], call: Call, day: date, of_round: Mapping[str, object]
) -> dict[UUID, date]:
    """Return the later closing days of those who have one, and refuse who comes too early or too late."""
    if day < call.round_.opens:
        raise NotOpenError.not_yet(call.round_.opens)
    if Pool.objects.filter(**of_round, frozen_at__isnull=False).exists():
        raise NotOpenError.frozen()
    given = Extension.objects.filter(**of_round, party__in=[opening.party.pk for opening in openings])
    later: dict[UUID, date] = {}
    for party, until in given.values_list("party_id", "until"):
        later[party] = max(until, later.get(party, call.round_.closes))
    for opening in openings:
        if day > (closes := later.get(opening.party.pk, call.round_.closes)):
            raise NotOpenError.over(closes)
    return later


def _drafts(openings: Sequence[Opening], of_round: Mapping[str, object]) -> dict[UUID, Application]:
    """Return what the applicants are writing for the round."""
    parties = [opening.party.pk for opening in openings]
    return {row.party_id: row for row in Application.objects.filter(**of_round, party__in=parties, state=State.DRAFT)}


def _before(openings: Sequence[Opening], of_round: Mapping[str, object]) -> dict[UUID, list[Application]]:
    """Return the applicants' other applications of the round that were handed in, the newest first."""
    found = Application.objects.filter(
        **of_round, party__in=[opening.party.pk for opening in openings], state__in=HANDED_IN, replaced=False
    ).order_by("-created", "-pk")
    before: dict[UUID, list[Application]] = {}
    for row in found:
        before.setdefault(row.party_id, []).append(row)
    return before


def _check_again(openings: Sequence[Opening], call: Call, edition: UUID) -> None:
    found = answers([opening.party.pk for opening in openings], call, edition=edition)
    for answer in found.values():
        if not answer.allowed:
            raise NotAgainError(answer)


def _only_track(call: Call, kind: str) -> str:
    tracks = call.tracks_for(kind)
    return tracks[0].code if len(tracks) == 1 else ""


def _continue(draft: Application, before: Sequence[Application], *, correcting: bool) -> None:
    """Let a draft go on with what was handed in before in the same round."""
    live = next((one for one in before if one.state in LIVE), None)
    if live is not None:
        if not correcting:
            raise AlreadyAppliedError
        if live.pool_id is not None:
            raise NotOpenError.frozen()
        draft.corrects = live
    if before:
        last = live or before[0]
        draft.answers, draft.declared, draft.track = last.answers, last.declared, last.track
        draft.applicant_type = last.applicant_type


def _take_over(
    drafts: Sequence[Application], stored: Mapping[UUID, Application], before: Mapping[UUID, Sequence[Application]]
) -> None:
    """Copy products, papers, promises and steps of earlier applications into drafts that were made just now."""
    source: dict[UUID, UUID] = {}
    for draft in drafts:
        earlier = before.get(draft.party_id, ())
        if earlier and stored[draft.party_id].pk == draft.pk:
            source[draft.corrects_id or earlier[0].pk] = draft.pk
    if not source:
        return
    products = ChosenProduct.objects.filter(application__in=source).exclude(product__state=ProductState.RETIRED)
    ChosenProduct.objects.bulk_create(
        ChosenProduct(application_id=source[one.application_id], product_id=one.product_id, position=one.position)
        for one in products
    )
    papers = ChosenPaper.objects.filter(application__in=source, paper__state__in=CURRENT)
    ChosenPaper.objects.bulk_create(
        ChosenPaper(application_id=source[one.application_id], code=one.code, paper_id=one.paper_id) for one in papers
    )
    promises = PromisedPaper.objects.filter(application__in=source)
    PromisedPaper.objects.bulk_create(
        PromisedPaper(application_id=source[one.application_id], code=one.code, promised_at=one.promised_at)
        for one in promises
    )
    steps = DraftStep.objects.filter(application__in=source)
    DraftStep.objects.bulk_create(
        DraftStep(application_id=source[one.application_id], step=one.step, done_at=one.done_at) for one in steps
    )
