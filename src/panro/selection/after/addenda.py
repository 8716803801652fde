"""From upheld objections to the addendum: new panels seated, their scores sealed, two persons, a publication anew.

The addendum is built from the round's first record (selection-spec, 10), by the one procedure that the verifier
carries out again. Which panels are needed is not known beforehand: whether an objection takes part in the second stage
follows from its new points in the first. So the procedure itself is asked, as often as sheets come in: where it asks
for sheets of a panel that does not sit yet, that panel is seated.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panro.dossier.write import render, write_auditor, write_public
from panro.evaluation import actions as evaluation
from panro.evaluation.models import Appeal
from panro.intake.calls import call_of
from panro.intake.models import Receipt
from panro.record.actions import record, record_round, seal_pending
from panro.record.models import Entry
from panro.record.queries import proof_of
from panro.rules.selection.errors import SelectionError
from panro.selection.actions import publish_dossier
from panro.selection.after.errors import AfterError, NotOpenError
from panro.selection.after.rebuilding import (
    PanelNeededError,
    SheetsNeededError,
    build,
    objections_of,
    scores_anew,
    upheld_of,
)
from panro.selection.building import applications_of, entries_of
from panro.selection.models import (
    UPHELD,
    CourseState,
    Objection,
    ObjectionState,
    OfferLine,
    PublishedRound,
    RoundCourse,
)
from panro.staff import actions as staff
from panro.staff.acts import Act, StaleError, register
from panro.staff.models import Approval
from panro.staff.states import ApprovalState, Role
from panro.ui.clock import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from panro.accounts.models import User
    from panro.dossier.model import Addendum, RoundRecord
    from panro.proof.canonical import Json
    from panro.selection.actions import Verify
    from panro.staff.acts import Payload

PUBLISH: Final = "selection_addendum"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an addendum stands: waiting for sheets of a stage, or ready to be confirmed."""

    stage: str = ""
    missing: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether everything is in."""
        return not self.stage


def begin(course_id: UUID, *, by: User, now: datetime, today: date | None = None) -> Standing:
    """Let new panels judge what was upheld; every objection must be decided, and none comes in any more.

    Raises:
        AfterError: the round is not published or is settled, objections may still come in, one is not decided, or
            nothing was upheld.
        EvaluationError: other new panels are still judging.
    """
    with transaction.atomic():
        course = _locked(course_id)
        upheld = upheld_of(course)
        until = call_of(course.version, course.programme, course.round_code).round_.objections_until
        if (today or day_of(now)) <= until:
            raise AfterError(
                _("Objections may be filed until %(day)s. They are judged together from the day after.")
                % {"day": until}
            )
        if objections_of(course).filter(state=ObjectionState.FILED).exists():
            raise AfterError(_("Some objections are not decided yet. Please decide them first."))
        if not upheld:
            raise AfterError(_("No objection was upheld, so there is nothing to judge anew."))
        if course.evaluation_id is not None:
            numbers = {one.result_no for one in upheld if scores_anew(one)}
            evaluation.open_appeal(course.evaluation_id, numbers, by=str(by.pk), now=now)
    return carry_on(course_id, by=by, now=now)


def carry_on(course_id: UUID, *, by: User, now: datetime) -> Standing:
    """Seat the panels that are needed next, or say whose sheets are awaited; safe to repeat.

    Raises:
        AfterError, EvaluationError: as :func:`begin`.
    """
    while True:
        try:
            build(course_id)
        except PanelNeededError as needed:
            _seat(course_id, needed, by=by, now=now)
        except SheetsNeededError as needed:
            return Standing(needed.stage, needed.missing)
        else:
            return Standing()


def propose(course_id: UUID, why: str, *, by: User, now: datetime) -> Approval:
    """Seal the new panels' scores and ask a second person to confirm the addendum, by its digest.

    Raises:
        AfterError: sheets are still missing.
        ReasonMissingError, AlreadyProposedError: as `panro.staff.actions.propose`.
    """
    if not carry_on(course_id, by=by, now=now).is_ready:
        raise AfterError(_("Some sheets of the new panels are not in yet."))
    with transaction.atomic():
        course = _locked(course_id)
        appeal = Appeal.objects.filter(evaluation=course.evaluation_id, sealed_at=None).first()
        if appeal is not None:
            evaluation.seal_appeal(appeal.pk, by=str(by.pk), now=now)
        made = build(course_id)
        payload: dict[str, Json] = {
            "course": str(course.pk),
            "round": course.round_id,
            "number": _addendum(made).number,
            "digest": render(made).root,
            "objections": sorted(str(one.pk) for one in upheld_of(course)),
            "changes": len(_addendum(made).differences),
        }
        return staff.propose(staff.Proposal(PUBLISH, f"round:{course.round_id}", payload, why), by=by, now=now)


def publish(approval: Approval, *, verify: Verify, now: datetime) -> PublishedRound:
    """Publish a confirmed addendum: write its dossiers, verify and load them; done before, it changes nothing.

    Raises:
        NotOpenError: nobody has confirmed it.
        AfterError: the rows give another addendum than was confirmed.
        NotConsistentError, DossierError: the verifier, or the publication, refused a dossier.
    """
    payload = approval.payload
    course = RoundCourse.objects.select_related("version").get(pk=str(payload["course"]))
    digest = str(payload["digest"])
    if (already := PublishedRound.objects.filter(root=digest).first()) is not None:
        return _judged(payload, already, now)
    entry = Entry.objects.filter(act="round_published", subject=f"round:{course.round_id}").order_by("-number").first()
    if approval.state != ApprovalState.APPROVED or entry is None or digest not in entry.document:
        raise NotOpenError(_("This addendum is not confirmed by two persons."))
    made = build(course.pk)
    dossier = render(made)
    if dossier.root != digest:
        raise AfterError(_("The rows of this round give another addendum than was confirmed. Please tell an auditor."))
    proof = proof_of([*entries_of(course)[:2], entry.number])
    last = proof.entries[-1].seal
    proof = replace(proof, seals=tuple(seal for seal in proof.seals if seal.number <= last))
    with tempfile.TemporaryDirectory() as place:
        write_public(dossier, proof, Path(place) / "public")
        write_auditor(dossier, proof, Path(place) / "auditor")
        published = publish_dossier(
            Path(place) / "public", auditor=Path(place) / "auditor", verify=verify, now=now, by=approval.decided_by
        )
    return _judged(payload, published, now)


def confirmed() -> list[Approval]:
    """The addenda that were confirmed and are not published, the first confirmed first. Two queries."""
    rows = list(Approval.objects.filter(act=PUBLISH, state=ApprovalState.APPROVED).order_by("decided_at", "id"))
    digests = [str(one.payload["digest"]) for one in rows]
    known = set(PublishedRound.objects.filter(root__in=digests).values_list("root", flat=True))
    return [one for one, digest in zip(rows, digests, strict=True) if digest not in known]


def register_act() -> None:
    """Declare the act: an officer or a chief proposes, another chief confirms."""
    proposing = frozenset({Role.OFFICER, Role.CHIEF})
    register(
        Act(PUBLISH, gettext_lazy("Publish an addendum"), proposing, frozenset({Role.CHIEF}), _described, _confirmed)
    )


def _described(payload: Payload) -> list[tuple[str, str]]:
    return [
        (_("Round"), str(payload["round"])),
        (_("Addendum"), str(payload["number"])),
        (_("Objections judged"), str(len(cast("Sequence[str]", payload["objections"])))),
        (_("Results that change"), str(payload["changes"])),
        (_("Digest"), str(payload["digest"])),
    ]


def _confirmed(approval: Approval, by: User, now: datetime) -> None:
    """The second person said yes: the addendum is entered into the record; its dossiers follow outside."""
    course = _locked(UUID(str(approval.payload["course"])))
    try:
        made = build(course.pk)
    except (PanelNeededError, SheetsNeededError, SelectionError, AfterError) as changed:
        raise StaleError(_("The objections of this round have changed since.")) from changed
    if render(made).root != approval.payload["digest"]:
        raise StaleError(_("The rows of this round give another addendum than was proposed. Please tell an auditor."))
    record_round(
        "round_published",
        actor=str(by.pk),
        at=now,
        now=now,
        count=sum(one.outcome == "selected" for one in made.results),
        root=str(approval.payload["digest"]),
        round_id=course.round_id,
    )
    seal_pending(now)


@transaction.atomic
def _judged(payload: Payload, published: PublishedRound, now: datetime) -> PublishedRound:
    """Note with the objections which addendum judged them."""
    rows = Objection.objects.select_for_update().filter(
        pk__in=cast("Sequence[str]", payload["objections"]), state__in=UPHELD
    )
    ids = sorted(str(one) for one in rows.values_list("pk", flat=True))
    if ids:
        Objection.objects.filter(pk__in=ids).update(state=ObjectionState.JUDGED, judged=published)
        _carry_over(published)
        record(
            "objections_judged",
            actor="system:addendum",
            subject=f"round:{published.round_id}",
            at=now,
            now=now,
            public={"publication": published.number, "root": published.root, "objections": cast("list[Json]", ids)},
        )
    return published


def _locked(course_id: UUID) -> RoundCourse:
    course = RoundCourse.objects.select_for_update(of=("self",)).select_related("version__edition").get(pk=course_id)
    if course.state != CourseState.PUBLISHED:
        raise AfterError(_("Only a published round that is not settled can be judged anew."))
    return course


def _addendum(made: RoundRecord) -> Addendum:
    return cast("Addendum", made.addendum)


def _seat(course_id: UUID, needed: PanelNeededError, *, by: User, now: datetime) -> None:
    course = RoundCourse.objects.select_related("version").get(pk=course_id)
    appeal = Appeal.objects.filter(evaluation=course.evaluation_id, sealed_at=None).first()
    if appeal is None:
        raise AfterError(_("No new panels are open. Please begin the addendum first."))
    mine = {number: members for number, members in needed.seats.items() if number in appeal.numbers}
    applications = applications_of(course)
    receipts = dict(
        Receipt.objects.filter(application__in=applications.values()).values_list("application", "commitment")
    )
    entrants = {
        number: evaluation.Entrant(number, receipts[applications[number]], applications[number]) for number in mine
    }
    evaluation.seat_anew(appeal.pk, needed.stage, mine, entrants, by=str(by.pk), now=now)


def _carry_over(published: PublishedRound) -> None:
    """Let places that were given back before the addendum be given back under it too: nobody lost one by it."""
    before = PublishedRound.objects.get(
        edition=published.edition,
        programme=published.programme,
        round=published.round,
        number=published.number - 1,
    )
    OfferLine.objects.bulk_create(
        OfferLine(published=published, seq=one.seq, on=one.on, result_no=one.result_no, event=one.event)
        for one in OfferLine.objects.filter(published=before).order_by("seq")
    )
