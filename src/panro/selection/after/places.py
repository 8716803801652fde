"""The places of a publication as its stored events leave them: the pure machine of the rules, carried on from rows."""

from __future__ import annotations

import csv
import io
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING

from panro.rules.selection.model import Case, Result
from panro.rules.selection.round_rules import RoundRules
from panro.rules.selection.waiting import OfferError, WaitingList
from panro.selection.models import OfferAct, OfferLine, Outcome, PublishedRound, ResultLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    type Groups = Mapping[int, tuple[str, ...]]


def groups_of(published: PublishedRound) -> Groups:
    """The preferred groups of the selected and of the waiting list by result number, from the public dossier.

    They matter where places are set aside; elsewhere nothing is read. It reads a file, so it is asked for outside of
    transactions; a dossier never changes, so a process reads it once.
    """
    steps = RoundRules.from_json(published.rules).steps
    return _groups(published.public_file.name, published.root) if any(step.group for step in steps) else {}


@lru_cache(maxsize=16)
def _groups(name: str, root: str) -> Groups:
    del root  # part of what the answer is kept under
    with PublishedRound(public_file=name).public_file.open("rb") as file, zipfile.ZipFile(file) as archive:
        rows = csv.DictReader(io.TextIOWrapper(archive.open("cases.csv"), encoding="utf-8", newline=""))
        return {int(row["result_no"]): tuple(row["groups"].split(";")) for row in rows if row["groups"]}


def carried_on(published: PublishedRound, groups: Groups) -> WaitingList:
    """Carry the waiting list on through all stored events. Two queries.

    Raises:
        OfferError: the stored events are not what the rules allow; nobody but a person with the keys of the database
            can have brought that about.
    """
    waiting = begun(published, groups)
    events = OfferLine.objects.filter(published=published).order_by("seq")
    repeat(waiting, events)
    return waiting


def begun(published: PublishedRound, groups: Groups) -> WaitingList:
    """The waiting list as it was published, before anything happened. One query."""
    lines = ResultLine.objects.filter(published=published, outcome__in=[Outcome.SELECTED, Outcome.WAITING])
    cases, results = [], []
    for line in lines.order_by("result_no"):
        number = line.result_no
        cases.append(Case(number, line.receipt, line.track, line.region, groups=tuple(sorted(groups.get(number, ())))))
        outcome = "selected" if line.outcome == Outcome.SELECTED else "waiting"
        results.append(
            Result(number, outcome, line.reason, step=line.step, rank=line.rank, position=line.position)  # type: ignore[arg-type] # one of two literals
        )
    return WaitingList(RoundRules.from_json(published.rules), cases, results)


def repeat(waiting: WaitingList, events: Iterable[OfferLine]) -> None:
    """Let stored events happen again; other than a dossier's, they may leave offers open.

    Raises:
        OfferError: at the first event that the rules do not allow.
    """
    for event in events:
        number, on = event.result_no, event.on
        if event.event == OfferAct.OFFERED:
            due = waiting.offer(on)
            if due != number:
                raise OfferError(f"event {event.seq} offers a place to result {number}; the rules name {due}")
        elif event.event == OfferAct.DECLINED:
            waiting.give_back(number, on)
        elif event.event == OfferAct.ACCEPTED:
            waiting.accept(number, on)
        elif event.event == OfferAct.REFUSED:
            waiting.refuse(number, on)
        else:
            waiting.expire(number, on)
        if waiting.events[-1].seq != event.seq:
            raise OfferError(f"event {event.seq} stands where event {waiting.events[-1].seq} belongs")
