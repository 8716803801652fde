"""Objections: filed within the term of the notice, taken back, and decided by the office with a reason.

What is upheld waits for the next addendum (`panro.selection.after.addenda`), which runs the selection again. Filing
takes the row of the publication first, as offering a place does: so no place is offered past an objection that arrives
at the same moment, and an objection after the term, when places may have been accepted, is refused and recorded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from panro.accounts.lifecycles import leads
from panro.intake.models import Application, Receipt
from panro.korea.text import Text
from panro.notify.actions import Notice, ToAccount, queue
from panro.record.actions import record
from panro.screening.access import conflicts
from panro.screening.models import Case, CaseDecision
from panro.selection.after import queries
from panro.selection.after.access import DECIDE
from panro.selection.after.errors import AfterError, NotOpenError, ReasonMissingError, TermOverError
from panro.selection.models import (
    OBJECTION,
    Objection,
    ObjectionPaper,
    ObjectionState,
    Outcome,
    PublishedRound,
    StageLine,
)
from panro.selection.models.objections import REASON_LENGTH, TEXT_LENGTH
from panro.selection.names import RoundNames
from panro.staff import access
from panro.ui.addresses import absolute
from panro.ui.clock import day_of
from panro.vault.queries import papers as papers_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.proof.canonical import Json

CLOSED_OUTCOMES: Final = frozenset({Outcome.SELECTED, Outcome.WITHDRAWN})
"""Who was selected or withdrew has nothing to object to."""
SAID: Final[dict[ObjectionState, Text]] = {
    ObjectionState.DISMISSED: Text("받아들이지 않았습니다.", "It was dismissed."),
    ObjectionState.REFERRED: Text(
        "받아들였습니다. 다른 평가단이 다시 평가합니다.", "It was upheld: another panel judges your application."
    ),
    ObjectionState.CORRECTED: Text(
        "받아들였습니다. 요건을 다시 판단해 결과를 새로 정합니다.",
        "It was upheld: the requirements are decided anew, and the selection is run again.",
    ),
}


def file_objection(
    application_id: UUID,
    text: str,
    *,
    by: User,
    now: datetime,
    papers: Collection[UUID] = (),
    today: date | None = None,
) -> Objection:
    """Object to the published result of an application, up to and including the last day of the notice.

    Args:
        application_id: whose result.
        text: what is wrong with it.
        by: who files it for the applicant.
        now: the moment (aware).
        papers: papers of the applicant's vault that it names.
        today: the day in Seoul; that of the moment unless a demo pretends another.

    Raises:
        TermOverError: the last day has passed; that somebody came too late stands in the record.
        NotOpenError: nothing is published, there is nothing to object to, or an objection is there already.
        ReasonMissingError: nothing is said.
    """
    words = text.strip()
    if not words:
        raise ReasonMissingError(_("Please write what is wrong with the result."))
    if len(words) > TEXT_LENGTH:
        raise AfterError(_("At most %(count)d characters fit.") % {"count": TEXT_LENGTH})
    with transaction.atomic():
        application = Application.objects.select_related("party").get(pk=application_id)
        found = queries.published_of(application)
        if found is None:
            raise NotOpenError(_("Nothing is published yet about this application."))
        published, line = found
        PublishedRound.objects.select_for_update().only("pk").get(pk=published.pk)
        day, until = today or day_of(now), RoundNames(published).round.objections_until
        late = day > until
        if late:
            _enter("objection_too_late", published, line.result_no, by=by, now=now, public={"until": str(until)})
        else:
            made = _file(
                application, published, result_no=line.result_no, text=words, by=by, now=now, day=day, until=until
            )
            _name_papers(made, application, papers, day)
    if late:
        raise TermOverError(
            _("Objections could be filed until %(day)s. Later ones cannot be taken any more.") % {"day": until}
        )
    return made


def take_back(objection_id: UUID, *, by: User, now: datetime) -> Objection:
    """Take one's own objection back while the office has not decided it.

    Raises:
        NotOpenError: it is decided, or taken back already.
    """
    with transaction.atomic():
        objection = _locked(objection_id, ObjectionState.WITHDRAWN)
        objection.state = ObjectionState.WITHDRAWN
        objection.save(update_fields=["state"])
        _enter("objection_withdrawn", objection.published, objection.result_no, by=by, now=now, public={})
        return objection


def dismiss(objection_id: UUID, reason: str, *, by: User, now: datetime) -> Objection:
    """Say no, with a reason in words for the applicant.

    Raises:
        PermissionDenied: neither officer nor chief, or somebody with a conflict of interest.
        ReasonMissingError: no reason.
        NotOpenError: it is decided, or taken back already.
    """
    return _decide(objection_id, ObjectionState.DISMISSED, reason, by=by, now=now)


def refer(objection_id: UUID, reason: str, *, by: User, now: datetime) -> Objection:
    """Let another panel give the points anew.

    Raises:
        AfterError: no points were given, so there is nothing to judge anew.
        PermissionDenied, ReasonMissingError, NotOpenError: as :func:`dismiss`.
    """
    row = Objection.objects.get(pk=objection_id)
    if not StageLine.objects.filter(published=row.published_id, result_no=row.result_no).exists():
        raise AfterError(_("This application was not scored. Decide its requirements anew, or dismiss the objection."))
    return _decide(objection_id, ObjectionState.REFERRED, reason, by=by, now=now)


def correct(
    objection_id: UUID, reason: str, *, requirement: str, why: str = "", clause: str = "", by: User, now: datetime
) -> Objection:
    """Decide the requirements of an application anew; the next addendum runs the selection with it.

    Args:
        objection_id: which.
        reason: in words for the applicant.
        requirement: ``eligible`` or ``ineligible``.
        why: the code of the reason, where ineligible.
        clause: the clause it rests on, where ineligible.
        by: the officer.
        now: the moment (aware).

    Raises:
        AfterError: the review of this application is not in this house, or nothing would change.
        PermissionDenied, ReasonMissingError, NotOpenError: as :func:`dismiss`.
    """
    row = Objection.objects.get(pk=objection_id)
    before = CaseDecision.objects.filter(case=row.application_id, undone_at=None).first()
    if before is None:
        raise AfterError(_("The requirement review of this application is not in this system."))
    if requirement == "eligible":
        why = clause = ""
    elif not why or not clause.strip():
        raise ReasonMissingError(_("Please say which requirement is not met, and by which clause."))
    if (requirement, why) == (before.requirement, before.reason):
        raise AfterError(_("That is what was decided before. Dismiss the objection if it stands."))
    decision: dict[str, Json] = {
        "region": before.region,
        "facts": json.loads(before.facts),
        "requirement": requirement,
        "reason": why,
        "clause": clause.strip(),
        "groups": list(before.groups),
        "bonus": list(before.bonus),
    }
    return _decide(objection_id, ObjectionState.CORRECTED, reason, by=by, now=now, decision=decision)


def _file(
    application: Application,
    published: PublishedRound,
    *,
    result_no: int,
    text: str,
    by: User,
    now: datetime,
    day: date,
    until: date,
) -> Objection:
    found = queries.published_of(application)
    if found is None or found[1].outcome in CLOSED_OUTCOMES:
        raise NotOpenError(_("There is nothing to object to: the application was selected, or withdrawn."))
    if Objection.objects.filter(application=application).exclude(state=ObjectionState.WITHDRAWN).exists():
        raise NotOpenError(_("An objection to this result is there already."))
    made = Objection.objects.create(
        application=application,
        published=published,
        result_no=result_no,
        text=text,
        until=until,
        filed_on=day,
        filed_at=now,
        filed_by=by,
    )
    _enter(
        "objection_filed",
        published,
        result_no,
        by=by,
        now=now,
        public={"objection": str(made.pk)},
        payload={"text": text},
    )
    _tell(made, "objection_filed", {}, now)
    return made


def _name_papers(made: Objection, application: Application, wanted: Collection[UUID], day: date) -> None:
    own = {paper.pk for paper in papers_of(application.party, on=day)} & set(wanted)
    ObjectionPaper.objects.bulk_create([ObjectionPaper(objection=made, paper_id=one) for one in sorted(own)])


def _locked(objection_id: UUID, state: ObjectionState) -> Objection:
    """Take an objection for oneself, after its publication; it must be one that may go to the state."""
    published = Objection.objects.values_list("published_id", flat=True).get(pk=objection_id)
    PublishedRound.objects.select_for_update().only("pk").get(pk=published)
    rows = Objection.objects.select_for_update(of=("self",)).select_related("published__version", "application")
    objection = rows.get(pk=objection_id)
    if not leads(OBJECTION, objection.state, state):
        raise NotOpenError(
            _("This objection is settled already: it is %(state)s.") % {"state": objection.get_state_display()}
        )
    return objection


def _decide(
    objection_id: UUID,
    state: ObjectionState,
    reason: str,
    *,
    by: User,
    now: datetime,
    decision: dict[str, Json] | None = None,
) -> Objection:
    words = reason.strip()[:REASON_LENGTH]
    if not words:
        raise ReasonMissingError(_("Please write the reason; the applicant reads it."))
    if not access.has(by, *DECIDE):
        raise PermissionDenied
    with transaction.atomic():
        objection = _locked(objection_id, state)
        case = list(Case.objects.filter(pk=objection.application_id))
        if case and conflicts(by, case):
            raise PermissionDenied
        objection.state, objection.reason, objection.decision = state, words, decision
        objection.decided_at, objection.decided_by = now, by
        objection.save(update_fields=["state", "reason", "decision", "decided_at", "decided_by"])
        public: dict[str, Json] = {"objection": str(objection.pk)}
        _enter(
            f"objection_{state.value}",
            objection.published,
            objection.result_no,
            by=by,
            now=now,
            public=public,
            payload={"reason": words, "decision": decision},
        )
        _tell(objection, "objection_decided", {"outcome": SAID[state], "reason": words}, now)
        return objection


def _enter(
    act: str,
    published: PublishedRound,
    result_no: int,
    *,
    by: User,
    now: datetime,
    public: dict[str, Json],
    payload: dict[str, Json] | None = None,
) -> None:
    record(
        act,
        actor=str(by.pk),
        subject=f"round:{published.round_id}",
        at=now,
        now=now,
        public={"publication": published.number, "result": result_no, **public},
        payload=payload,
    )


def _tell(objection: Objection, template: str, more: dict[str, Text | str], now: datetime) -> None:
    application = objection.application
    receipt_no = Receipt.objects.values_list("receipt_no", flat=True).get(application=application)
    values: dict[str, Text | str | int] = {
        "programme": RoundNames(objection.published).programme.name.text,
        "receipt": receipt_no,
        "link": absolute(reverse("selection:objection", args=[application.pk])),
        **more,
    }
    notice = Notice(
        template=template, to=ToAccount(objection.filed_by_id), values=values, key=f"{template}:{objection.pk}"
    )
    queue([notice], now=now)
