"""What is done with papers: handed in, their files settled, verified, not accepted, removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import new_id
from panro.accounts.lifecycles import WrongStateError, check
from panro.files import actions as files
from panro.files.models import StoredFile
from panro.files.states import State
from panro.record.actions import Deed, record, record_many
from panro.ui.clock import day_of
from panro.vault import kinds, notices, proofs, seams
from panro.vault.access import require_officer
from panro.vault.actions.facts import actor_of, state_facts, withdraw_facts
from panro.vault.errors import PaperInUseError, VaultError
from panro.vault.models import Paper, StoredFact
from panro.vault.proofs import Shown
from panro.vault.states import CURRENT, TRANSITIONS, PaperState, VerifiedHow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User
    from panro.parties.models import Party

PURPOSE = "vault_paper"
SETTLED_BY = "system:examination"
_USABLE = frozenset({State.PENDING, State.CLEAN, State.FAILED})


@dataclass(frozen=True, slots=True)
class Handing:
    """A paper to hand in with others, without a file; the words are those of :func:`add_paper`.

    ``by`` is the account that hands it in, ``today`` the day from which it counts.
    """

    party: UUID
    kind: str
    by: UUID
    today: date
    number: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """What is written on a paper, checked against its kind."""

    number: str
    document_number: str
    issued_on: date | None
    valid_from: date | None
    valid_to: date | None


def add_paper(
    party: Party,
    kind: str,
    *,
    file: UUID | None = None,
    number: str = "",
    document_number: str = "",
    issued_on: date | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    shown: Shown | None = None,
    by: User,
    now: datetime,
    today: date | None = None,
    replaces: UUID | None = None,
    identity: UUID | None = None,
) -> Paper:
    """Hand a paper in, with the facts it shows; it counts at once, while its file is still being checked.

    Args:
        party: whose paper.
        kind: a code of `panro.vault.kinds`.
        file: a stored file of the purpose ``vault_paper`` that ``by`` handed in.
        number: the issue number, if the kind bears one.
        document_number: the check number of Government24, sixteen digits however written.
        issued_on: the day of issue; must be known where validity or facts hang on it.
        valid_from: the first day printed on the paper.
        valid_to: the last day printed on the paper.
        shown: what else the paper says.
        by: who hands it in.
        now: the moment.
        today: the day from which it counts; the day of ``now`` in Seoul unless given.
        replaces: a paper of the same kind whose place it takes.
        identity: the id of the new paper, so that sending a form twice hands in one paper: then the first is returned.

    Raises:
        UnknownKindError: no paper goes by this code.
        VaultError: something on it cannot be; names the field.
    """
    found = kinds.kind(kind)
    day = today or day_of(now)
    told = _checked(found, number, document_number, issued_on, valid_from, valid_to, day)
    before = None if identity is None else Paper.objects.filter(pk=identity).first()
    if before is not None and before.party_id == party.pk:
        return before
    paper = Paper(
        id=identity if identity is not None and before is None else new_id(),
        party=party,
        kind=found.code,
        number=told.number,
        document_number=told.document_number,
        issued_on=told.issued_on,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        state=PaperState.UNREAD,
        handed_in_on=day,
        added_by=by,
        added_at=now,
    )
    try:
        return _add(paper, found, shown or Shown(), file, replaces)
    except IntegrityError:
        if (before := Paper.objects.filter(pk=paper.pk, party=party).first()) is not None:
            return before  # the same form, sent twice at once
        raise


@transaction.atomic
def _add(paper: Paper, found: kinds.Kind, shown: Shown, file: UUID | None, replaces: UUID | None) -> Paper:
    if file is not None:
        held = _locked_file(file, paper.added_by_id)
        paper.file = held
        if held.state != State.CLEAN:
            paper.state = PaperState.ARRIVING
        if (same := Paper.objects.filter(party=paper.party, kind=paper.kind, file=held).first()) is not None:
            return same
    if replaces is not None:
        paper.replaces = _replaced(replaces, paper)
    paper.save(force_insert=True)
    by = paper.added_by
    assert by is not None  # noqa: S101 - set by the caller above
    record_many([_added(paper)], now=paper.added_at)
    state_facts(proofs.given(paper, found, shown), by=by, now=paper.added_at, today=paper.handed_in_on)
    return paper


@transaction.atomic
def add_papers(handed: Sequence[Handing], *, by: str, now: datetime) -> list[Paper]:
    """Hand papers of many parties in at once, with the facts they show, in the order given; all or none.

    For loading what is known of many: constant statements, whatever their number up to a thousand.

    Args:
        handed: the papers.
        by: who states the facts for them all, ``system:`` and the name of a task.
        now: the moment.

    Raises:
        UnknownKindError, VaultError: of the first that cannot be handed in.
    """
    papers, told = [], []
    for one in handed:
        found = kinds.kind(one.kind)
        given = _checked(found, one.number, "", one.issued_on, one.valid_from, one.valid_to, one.today)
        paper = Paper(
            id=new_id(),
            party_id=one.party,
            kind=found.code,
            number=given.number,
            issued_on=given.issued_on,
            valid_from=given.valid_from,
            valid_to=given.valid_to,
            state=PaperState.UNREAD,
            handed_in_on=one.today,
            added_by_id=one.by,
            added_at=now,
        )
        papers.append(paper)
        told += [replace(fact, known_from=one.today) for fact in proofs.given(paper, found, one.shown or Shown())]
    Paper.objects.bulk_create(papers)
    record_many([_added(paper) for paper in papers], now=now)
    if told:
        state_facts(told, by=by, now=now, today=max(one.today for one in handed))
    return papers


def settle_file(file: StoredFile, now: datetime) -> None:
    """Take over what the examination of a file found; called by `panro.files` in its transaction.

    A clean file makes its papers readable. One with a virus, or of a wrong kind, makes them void, and whoever looks
    after the party's papers is told.
    """
    papers = list(Paper.objects.select_for_update().filter(file=file, state=PaperState.ARRIVING).order_by("id"))
    if file.state == State.CLEAN:
        for paper in papers:
            _go(paper, PaperState.UNREAD)
    elif file.state in {State.INFECTED, State.REFUSED}:
        _refuse(papers, reason=file.reason.partition(":")[0], by=SETTLED_BY, now=now, today=None)


@transaction.atomic
def verify(
    papers: Iterable[UUID], *, how: VerifiedHow, by: User, now: datetime, today: date | None = None
) -> list[Paper]:
    """Say that papers are genuine and how that was made sure; what they show counts as checked by an officer.

    Raises:
        NotAnOfficerError: the account is no officer's.
        WrongStateError: one of them is not there to be verified.
    """
    require_officer(by)
    rows = _locked(papers)
    for paper in rows:
        paper.verified_by, paper.verified_how, paper.verified_at = by, how, now
        _go(paper, PaperState.VERIFIED, "verified_by", "verified_how", "verified_at")
        record(
            "paper_verified",
            actor=str(by.pk),
            subject=f"paper:{paper.pk}",
            at=now,
            now=now,
            public={"kind": paper.kind, "how": how.value},
        )
    told = [one for paper in rows for one in proofs.verified(paper, kinds.kinds().get(paper.kind))]
    state_facts(told, by=by, now=now, today=today)
    _tell(rows, now)
    return rows


@transaction.atomic
def reject(papers: Iterable[UUID], *, reason: str, by: User, now: datetime, today: date | None = None) -> list[Paper]:
    """Say that papers are not accepted, and why; what they showed does not count, for no day.

    Raises:
        NotAnOfficerError: the account is no officer's.
        VaultError: no reason is given.
        WrongStateError: one of them is not there to be judged.
    """
    require_officer(by)
    if not reason.strip():
        raise VaultError(_("Write why the paper is not accepted. The applicant reads it."), field="reason")
    rows = _locked(papers)
    _refuse(rows, reason=reason.strip(), by=by, now=now, today=today)
    return rows


def remove(paper: UUID, *, party: Party, by: User, now: datetime, today: date | None = None) -> Paper:
    """Remove a paper that nothing rests on, and its file; what it showed counts no longer from this day on.

    Raises:
        Paper.DoesNotExist: the party has no such paper.
        PaperInUseError: a submitted application rests on it.
        WrongStateError: it is removed already.
    """
    return _remove(Paper.objects.get(pk=paper, party=party), by, now, today or day_of(now))


@transaction.atomic
def _remove(found: Paper, by: User, now: datetime, day: date) -> Paper:
    if found.file_id is not None:
        StoredFile.objects.select_for_update().get(pk=found.file_id)
    paper = _locked([found.pk])[0]
    if any(paper.pk in set(rests([paper.pk])) for rests in seams.in_use):
        raise PaperInUseError(_("An application you submitted rests on this paper. It is kept until that is settled."))
    paper.reason, paper.number, paper.document_number = "removed", "", ""
    _go(paper, PaperState.DESTROYED, "reason", "number", "document_number")
    facts = StoredFact.objects.filter(paper=paper, withdrawn_at=None).values_list("pk", flat=True)
    withdraw_facts(facts, by=by, reason="paper_removed", now=now, today=day)
    if paper.file_id is not None and not _needed_elsewhere(paper):
        files.destroy([paper.file_id], actor=str(by.pk), reason="removed_by_owner", now=now)
    record(
        "paper_removed",
        actor=str(by.pk),
        subject=f"paper:{paper.pk}",
        at=now,
        now=now,
        public={"kind": paper.kind, "party": str(paper.party_id)},
    )
    _tell([paper], now)
    return paper


def _added(paper: Paper) -> Deed:
    return Deed(
        "paper_added",
        actor=str(paper.added_by_id),
        subject=f"paper:{paper.pk}",
        at=paper.added_at,
        public={"kind": paper.kind, "party": str(paper.party_id)},
        payload={
            "file": None if paper.file is None else paper.file.sha256,
            "number": paper.number,
            "issued_on": None if paper.issued_on is None else paper.issued_on.isoformat(),
            "valid_to": None if paper.valid_to is None else paper.valid_to.isoformat(),
        },
    )


def _checked(  # noqa: PLR0917 - one caller, in the order of the paper
    kind: kinds.Kind,
    number: str,
    document_number: str,
    issued_on: date | None,
    first: date | None,
    last: date | None,
    today: date,
) -> _Given:
    clean = proofs.clean_number(kind, number)
    checked = proofs.clean_document_number(document_number) if kind.document_number else ""
    if kind.bears_issue and issued_on is None:
        raise VaultError(_("Enter the day of issue printed on the paper."), field="issued_on")
    if issued_on is not None and issued_on > today:
        raise VaultError(_("The day of issue has not come yet. Compare it with the paper."), field="issued_on")
    if kind.validity == "printed" and (first is None or last is None):
        missing = "valid_from" if first is None else "valid_to"
        raise VaultError(_("Enter the days of validity printed on the paper."), field=missing)
    first, last = kinds.validity(kind, issued_on, first, last) if kind.bears_validity else (None, None)
    if first is not None and last is not None and last < first:
        raise VaultError(_("The paper would end before it begins. Compare both days with it."), field="valid_to")
    if issued_on is not None and last is not None and last < issued_on:
        raise VaultError(_("The paper would end before it was issued. Compare both days with it."), field="valid_to")
    return _Given(clean, checked, issued_on, first, last)


def _locked_file(file: UUID, owner: UUID | None) -> StoredFile:
    held = StoredFile.objects.select_for_update().filter(pk=file, owner=owner, purpose=PURPOSE).first()
    if held is None:
        raise VaultError(_("The file is not there any more. Please choose it again."), field="file")
    if held.state not in _USABLE:
        raise VaultError(_("This file cannot be used. Please choose another one."), field="file")
    return held


def _replaced(replaces: UUID, paper: Paper) -> Paper:
    old = Paper.objects.select_for_update().filter(pk=replaces, party=paper.party).first()
    if old is None or old.kind != paper.kind:
        raise VaultError(_("The paper to be replaced is not there. Hand this one in as a new paper."))
    try:
        _go(old, PaperState.REPLACED)
    except WrongStateError:
        raise VaultError(_("That paper was replaced or removed in the meantime. Look at your papers again.")) from None
    return old


def _refuse(papers: Sequence[Paper], *, reason: str, by: User | str, now: datetime, today: date | None) -> None:
    for paper in papers:
        paper.reason = reason
        _go(paper, PaperState.REJECTED, "reason")
        record(
            "paper_rejected",
            actor=actor_of(by),
            subject=f"paper:{paper.pk}",
            at=now,
            now=now,
            public={"kind": paper.kind, "party": str(paper.party_id)},
            payload={"reason": reason},
        )
    facts = StoredFact.objects.filter(paper__in=papers, withdrawn_at=None).values_list("pk", flat=True)
    withdraw_facts(facts, by=by, reason="paper_rejected", now=now, today=today, void=True)
    notices.tell_rejected(papers, now=now)
    _tell(papers, now)


def _go(paper: Paper, after: PaperState, *fields: str) -> None:
    check(TRANSITIONS, paper.state, after)
    paper.state = after
    paper.save(update_fields=["state", *fields])


def _locked(papers: Iterable[UUID]) -> list[Paper]:
    return list(Paper.objects.select_for_update().filter(pk__in=list(papers)).order_by("id"))


def _needed_elsewhere(paper: Paper) -> bool:
    living = [*CURRENT, PaperState.REPLACED, PaperState.REJECTED]
    return Paper.objects.filter(file=paper.file_id, state__in=living).exclude(pk=paper.pk).exists()


def _tell(papers: Sequence[Paper], now: datetime) -> None:
    if papers:
        for told in seams.paper_settled:
            told(papers, now=now)
