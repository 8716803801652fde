"""Who judges whom: a deterministic deal of reviewers to receipts (selection-spec, 6 and 10).

The laps through the roster keep loads level, and the fresh order of every lap mixes the panels, so that
reviewers overlap and can be compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from panro.proof.hashing import hash_with, tagged_hash
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Panel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from panro.rules.selection.model import Replacement, Resignation

ASSIGNMENT_TAG: Final = "panro-assignment-1"


@dataclass(frozen=True, slots=True)
class ObjectionRound:
    """One addendum's objections at a stage: commitments by result number, and what then changed in their new panels.

    Who resigned is no candidate after so many of these replacements.
    """

    receipts: Mapping[int, str]
    replaced: tuple[Replacement, ...] = ()
    resigned: tuple[Resignation, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectedPanel(Panel):
    """The reviewers of a stage with the objections of every addendum so far."""

    objections: tuple[ObjectionRound, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The panels of a stage: reviewers by result number in the order of slots, and all who ever sat in each."""

    seats: Mapping[int, tuple[str, ...]]
    ever: Mapping[int, tuple[str, ...]]


def assignment_key(round_id: str, stage: str, event: str, value: str, pool_root: str) -> str:
    """Give *A*, from which all of a stage's assignment follows; ``value`` is the public event's, known only later."""
    return tagged_hash(ASSIGNMENT_TAG, round_id, stage, event, value, pool_root)


def assign(*, key: str, stage: str, size: int, panel: Panel, receipts: Mapping[int, str]) -> Assignment:
    """Give every participant its panel of ``size`` reviewers, and carry out the panel's replacements.

    Args:
        key: *A* of the stage.
        stage: the stage's code, for messages.
        size: reviewers in each panel.
        panel: roster, conflicts, replacements and resignations.
        receipts: the participants' commitments by result number, in any order.

    Raises:
        SelectionError: if too few reviewers are without conflict, or a replacement cannot be carried out.
    """
    check_panel(panel, stage)
    barred = _conflicts_by_receipt(panel)
    _check_enough(stage, size, panel.roster, barred, receipts)
    dealt = _deal(key, size, panel.roster, barred, receipts)
    if not panel.replaced:
        return Assignment(dealt, dealt)
    seats, ever = ({number: list(members) for number, members in dealt.items()} for _ in range(2))
    load = Counter(reviewer for members in dealt.values() for reviewer in members)
    numbers = {receipt: number for number, receipt in receipts.items()}
    _Table(key, stage, "replace", numbers, seats, ever, load).replace(panel, barred)
    return Assignment(_frozen(seats), _frozen(ever))


def assign_objection_panels(
    *, key: str, stage: str, size: int, panel: Panel, receipts: Mapping[int, str], ever: Mapping[int, Collection[str]]
) -> dict[int, tuple[str, ...]]:
    """Give each objection that takes part another panel than it ever had (selection-spec, 10).

    Args:
        key: *A* of the stage.
        stage: the stage's code, for messages.
        size: reviewers in each panel.
        panel: roster, conflicts and resignations; an ``ObjectedPanel`` tells of all objections of all addenda so far,
            of any other panel those in ``receipts`` are the first ones and all.
        receipts: the objecting participants' commitments by result number.
        ever: all who ever sat in a receipt's panel at this stage, by result number.

    Raises:
        SelectionError: if too few reviewers are left for some receipt, or a replacement cannot be carried out.
    """
    rounds = panel.objections if isinstance(panel, ObjectedPanel) else (ObjectionRound(receipts),)
    seats = seat_objections(key=key, stage=stage, size=size, panel=panel, rounds=rounds, ever=ever).seats
    for number in sorted(receipts):
        if len(seats[number]) < size:
            raise SelectionError(
                f"stage {stage}: result {number} has {len(seats[number])} reviewers left for its objection, "
                f"its panel needs {size}; add reviewers to the roster before the round is assigned"
            )
    return {number: seats[number] for number in sorted(receipts)}


def seat_objections(
    *,
    key: str,
    stage: str,
    size: int,
    panel: Panel,
    rounds: Iterable[ObjectionRound],
    ever: Mapping[int, Collection[str]],
) -> Assignment:
    """Give every objection its new panel, whether or not it takes part in the stage (selection-spec, 10).

    Nothing that a later round of objections adds changes a panel of an earlier one. Where too few reviewers are left
    a panel is smaller than ``size``.

    Args:
        key: *A* of the stage.
        stage: the stage's code, for messages.
        size: reviewers in each panel.
        panel: roster, conflicts and resignations; whoever resigned is left out, whenever that was.
        rounds: the objections of each addendum so far, with what changed in their panels.
        ever: all who ever sat in a receipt's panel at this stage, by result number.

    Raises:
        SelectionError: if a replacement cannot be carried out.
    """
    barred = _conflicts_by_receipt(panel)
    gone = {one.reviewer for one in panel.resigned}
    load: Counter[str] = Counter()
    seats: dict[int, list[str]] = {}
    sat: dict[int, list[str]] = {}
    for one in rounds:
        changes = Panel(panel.roster, (), one.replaced, one.resigned)
        check_panel(changes, stage)
        out = {receipt: {*ever.get(n, ()), *barred.get(receipt, ()), *gone} for n, receipt in one.receipts.items()}
        for number in sorted(one.receipts):
            receipt = one.receipts[number]
            order = hash_with(key, "objection", receipt)
            able = [reviewer for reviewer in panel.roster if reviewer not in out[receipt]]
            chosen = sorted(able, key=lambda reviewer: (load[reviewer], order(reviewer)))[:size]
            load.update(chosen)
            seats[number], sat[number] = chosen, [*chosen]
        numbers = {receipt: number for number, receipt in one.receipts.items()}
        _Table(key, stage, "objection-replace", numbers, seats, sat, load).replace(changes, out)
        gone.update(left.reviewer for left in one.resigned)
    return Assignment(_frozen(seats), _frozen(sat))


def check_panel(panel: Panel, stage: str) -> None:
    """Refuse a panel whose lists are not ascending, repeat themselves or name strangers.

    Raises:
        SelectionError: naming the stage and the list.
    """
    pairs = [(one.receipt, one.reviewer) for one in panel.conflicts]
    resigned = [one.reviewer for one in panel.resigned]
    for words, ascending in (
        ("roster", _ascending(panel.roster)),
        ("conflicts", _ascending(pairs)),
        ("resigned", _ascending(resigned)),
    ):
        if not ascending:
            raise SelectionError(f"stage {stage}: {words} must be ascending without repetition")
    strangers = {*resigned, *(reviewer for _, reviewer in pairs)} - set(panel.roster)
    if strangers:
        raise SelectionError(f"stage {stage}: {min(strangers)!r} is not in the roster; add or leave out that reviewer")
    for one in panel.resigned:
        if not 0 <= one.after <= len(panel.replaced):
            raise SelectionError(
                f"stage {stage}: {one.reviewer!r} resigned after replacement {one.after}; "
                f"count from 0 to {len(panel.replaced)}, the number of replacements"
            )


def _ascending[T: (str, tuple[str, str])](values: Sequence[T]) -> bool:
    return all(one < other for one, other in pairwise(values))


def _conflicts_by_receipt(panel: Panel) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in panel.conflicts:
        found[one.receipt].add(one.reviewer)
    return {receipt: frozenset(reviewers) for receipt, reviewers in found.items()}


def _check_enough(
    stage: str,
    size: int,
    roster: Sequence[str],
    barred: Mapping[str, frozenset[str]],
    receipts: Mapping[int, str],
) -> None:
    for number, receipt in receipts.items():
        free = len(roster) - len(barred.get(receipt, ()))
        if free < size:
            raise SelectionError(
                f"stage {stage}: result {number} has {free} reviewers without conflict, its panel needs {size}; "
                "add reviewers to the roster"
            )


def _stream(key: str, roster: Sequence[str]) -> Iterator[str]:
    lap = 0
    while True:
        lap += 1
        yield from sorted(roster, key=hash_with(key, "lap", lap))


def _deal(
    key: str,
    size: int,
    roster: Sequence[str],
    barred: Mapping[str, frozenset[str]],
    receipts: Mapping[int, str],
) -> dict[int, tuple[str, ...]]:
    place = hash_with(key, "applicant")
    order = sorted(receipts, key=lambda number: place(receipts[number]))
    stream = _stream(key, roster)
    deferred: list[str] = []
    none: frozenset[str] = frozenset()
    seats: dict[int, tuple[str, ...]] = {}
    for number in order:
        out = barred.get(receipts[number], none)
        taken: list[str] = []
        if deferred:
            deferred = _take_deferred(deferred, taken, out, size)
        while len(taken) < size:
            reviewer = next(stream)
            if reviewer in out or reviewer in taken:
                deferred.append(reviewer)
            else:
                taken.append(reviewer)
        seats[number] = tuple(taken)
    return {number: seats[number] for number in sorted(seats)}


def _take_deferred(deferred: list[str], taken: list[str], out: frozenset[str], size: int) -> list[str]:
    """Move who fits from ``deferred`` to ``taken``, from the beginning; gives who is left."""
    left: list[str] = []
    for position, reviewer in enumerate(deferred):
        if len(taken) == size:
            return left + deferred[position:]
        if reviewer in out or reviewer in taken:
            left.append(reviewer)
        else:
            taken.append(reviewer)
    return left


@dataclass(frozen=True, slots=True)
class _Table:
    """Panels in which reviewers are replaced: who sits in each, who ever sat, and how many panels everybody has."""

    key: str
    stage: str
    word: str
    numbers: Mapping[str, int]
    seats: Mapping[int, list[str]]
    ever: Mapping[int, list[str]]
    load: Counter[str]

    def replace(self, panel: Panel, out: Mapping[str, Collection[str]]) -> None:
        """Carry out the panel's replacements; ``out`` are those who may never be in a receipt's panel."""
        removed: dict[str, set[str]] = defaultdict(set)
        for entry, one in enumerate(panel.replaced, 1):
            number = self.numbers.get(one.receipt)
            if number is None or one.reviewer not in self.seats[number]:
                raise SelectionError(
                    f"stage {self.stage}: {one.reviewer!r} is not in the panel of {one.receipt} "
                    "and cannot be replaced there"
                )
            members = self.seats[number]
            removed[one.receipt].add(one.reviewer)
            self.load[one.reviewer] -= 1
            resigned = (left.reviewer for left in panel.resigned if left.after < entry)
            barred = {*members, *out.get(one.receipt, ()), *removed[one.receipt], *resigned}
            successor = self._least(one.receipt, [reviewer for reviewer in panel.roster if reviewer not in barred])
            if successor is None:
                raise SelectionError(
                    f"stage {self.stage}: nobody is left to replace {one.reviewer!r} in the panel of {one.receipt}; "
                    "add reviewers to the roster before the round is assigned"
                )
            members[members.index(one.reviewer)] = successor
            self.load[successor] += 1
            self.ever[number].append(successor)

    def _least(self, receipt: str, candidates: Sequence[str]) -> str | None:
        """Give the candidate with the smallest pair (load, hash), or None."""
        lowest = min((self.load[reviewer] for reviewer in candidates), default=0)
        order = hash_with(self.key, self.word, receipt)
        return min((reviewer for reviewer in candidates if self.load[reviewer] == lowest), key=order, default=None)


def _frozen(panels: Mapping[int, list[str]]) -> dict[int, tuple[str, ...]]:
    return {number: tuple(members) for number, members in panels.items()}
