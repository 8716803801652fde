"""Who reviews whom: the assignment, replacements and the panels for objections (section 6 and 10)."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from .hashes import Hasher, framed, h
from .report import DifferenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .rounds import Stage

FILE = "auditor/assignment.csv"


class Roster(NamedTuple):
    """The opened panel of a stage. Receipts are named by their commitments.

    Who resigned is no candidate after so many of the replacements.
    """

    reviewers: tuple[str, ...]
    conflicts: dict[str, frozenset[str]]
    replaced: tuple[tuple[str, str], ...]
    resigned: dict[str, int]

    def conflicts_of(self, receipt: str) -> frozenset[str]:
        """Return the reviewers who have a conflict with the receipt."""
        return self.conflicts.get(receipt, frozenset())


class Panels(NamedTuple):
    """Who is in each receipt's panel, in the order of the slots, and who ever was."""

    members: dict[str, list[str]]
    ever: dict[str, set[str]]


def assign(seed: str, stage: Stage, roster: Roster, receipts: Sequence[str]) -> Panels:
    """Assign reviewers to the participants of a stage (section 6, steps 1 to 4).

    Args:
        seed: A of section 6.
        stage: Gives the size of a panel.
        roster: The stage's reviewers, conflicts and replacements.
        receipts: The participants, in any order.
    """
    size = stage.panel
    _enough_reviewers(stage, roster, receipts)
    stream = _stream(seed, roster.reviewers)
    deferred: list[str] = []
    members: dict[str, list[str]] = {}
    order = Hasher(seed, "applicant")
    for receipt in sorted(receipts, key=order):
        barred = roster.conflicts_of(receipt)
        panel: list[str] = []
        still_deferred: list[str] = []
        for reviewer in deferred:
            if len(panel) < size and reviewer not in panel and reviewer not in barred:
                panel.append(reviewer)
            else:
                still_deferred.append(reviewer)
        deferred = still_deferred
        while len(panel) < size:
            reviewer = next(stream)
            if reviewer in panel or reviewer in barred:
                deferred.append(reviewer)
            else:
                panel.append(reviewer)
        members[receipt] = panel
    panels = Panels(members, {receipt: set(panel) for receipt, panel in members.items()})
    _replace(seed, stage, roster, panels)
    return panels


def _enough_reviewers(stage: Stage, roster: Roster, receipts: Sequence[str]) -> None:
    everyone = set(roster.reviewers)
    for receipt in receipts:
        free = len(everyone) - len(roster.conflicts_of(receipt) & everyone)
        if free < stage.panel:
            raise DifferenceError(
                "auditor/panels.csv",
                f"stage {stage.code}, receipt {receipt}",
                f"at least {stage.panel} reviewers without a conflict",
                str(free),
            )


def _stream(seed: str, reviewers: Sequence[str]) -> Iterator[str]:
    parts = [framed(reviewer) for reviewer in reviewers]
    for lap in count(1):
        hashes = Hasher(seed, "lap", str(lap)).of_framed(parts)
        yield from [reviewer for _, reviewer in sorted(zip(hashes, reviewers, strict=True))]


def _replace(seed: str, stage: Stage, roster: Roster, panels: Panels) -> None:
    """Carry out the replacements in their order (section 6, step 4)."""
    load = dict.fromkeys(roster.reviewers, 0)
    for panel in panels.members.values():
        for reviewer in panel:
            load[reviewer] += 1
    left: dict[str, set[str]] = {}
    for entry, (receipt, reviewer) in enumerate(roster.replaced, 1):
        where = f"stage {stage.code}, replaced[{entry - 1}]"
        panel = panels.members.get(receipt, [])
        if reviewer not in panel:
            raise DifferenceError("auditor/panels.csv", where, "a member of the receipt's panel", reviewer)
        left.setdefault(receipt, set()).add(reviewer)
        load[reviewer] -= 1
        resigned = [one for one, after in roster.resigned.items() if after < entry]
        barred = {*panel, *left[receipt], *roster.conflicts_of(receipt), *resigned}
        chosen = _least(seed, "replace", receipt, [one for one in roster.reviewers if one not in barred], load)
        if chosen is None:
            raise DifferenceError("auditor/panels.csv", where, "a reviewer who can take the place", "nobody")
        load[chosen] += 1
        panel[panel.index(reviewer)] = chosen
        panels.ever[receipt].add(chosen)


def _least(seed: str, word: str, receipt: str, candidates: list[str], load: dict[str, int]) -> str | None:
    """Return the candidate with the smallest pair (load, H(A, word, receipt, reviewer)), or None."""
    if not candidates:
        return None
    smallest = min(load[one] for one in candidates)
    return min((one for one in candidates if load[one] == smallest), key=lambda one: h(seed, word, receipt, one))


def assign_for_objections(seed: str, stage: Stage, roster: Roster, first: Panels, receipts: Sequence[str]) -> Panels:
    """Give every objector a new panel (section 10).

    Args:
        seed: A of section 6.
        stage: Gives the size of a panel.
        roster: The stage's reviewers.
        first: The panels before the objections: who ever was in one is not asked again.
        receipts: The objectors that take part, in the order of the result numbers.
    """
    load = dict.fromkeys(roster.reviewers, 0)
    members: dict[str, list[str]] = {}
    for receipt in receipts:
        barred = {*first.ever.get(receipt, ()), *roster.conflicts_of(receipt), *roster.resigned}
        free = [one for one in roster.reviewers if one not in barred]
        ordered = sorted(free, key=lambda one: (load[one], h(seed, "objection", receipt, one)))
        if len(ordered) < stage.panel:
            raise DifferenceError(
                "auditor/panels.csv",
                f"stage {stage.code}, objection of receipt {receipt}",
                f"at least {stage.panel} reviewers for a new panel",
                str(len(ordered)),
            )
        members[receipt] = ordered[: stage.panel]
        for reviewer in members[receipt]:
            load[reviewer] += 1
    return Panels(members, {receipt: set(panel) for receipt, panel in members.items()})
