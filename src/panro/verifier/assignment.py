"""Who reviews whom: the assignment, replacements and the panels for objections (sections 6 and 10)."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from .hashes import Hasher, framed, h
from .report import DifferenceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from .rounds import Stage

FILE = "auditor/assignment.csv"
PANELS_FILE, OBJECTIONS_FILE = "auditor/panels.csv", "auditor/objections.csv"


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


class Objections(NamedTuple):
    """One addendum's objections at a stage: their receipts in order, and what then changed in their panels.

    Who resigned is no candidate after so many of these replacements.
    """

    receipts: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]
    resigned: dict[str, int]


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
                PANELS_FILE,
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
    candidates = {receipt: _without(roster.reviewers, roster.conflicts_of(receipt)) for receipt, _ in roster.replaced}
    replacements = _Replacements(PANELS_FILE, f"stage {stage.code}, replaced", seed, "replace")
    replacements.carry_out(roster.replaced, roster.resigned, panels, candidates, load)


def _without(reviewers: Iterable[str], barred: Collection[str]) -> list[str]:
    return [one for one in reviewers if one not in barred]


class _Replacements(NamedTuple):
    """Replacements in panels: in which file they stand and where, A, and the word that is hashed with it."""

    file: str
    place: str
    seed: str
    word: str

    def carry_out(
        self,
        replaced: Sequence[tuple[str, str]],
        resigned: Mapping[str, int],
        panels: Panels,
        candidates: Mapping[str, Sequence[str]],
        load: dict[str, int],
    ) -> None:
        """Carry them out in their order; panels and loads are changed.

        Args:
            replaced: Receipts and who leaves their panels.
            resigned: Who is no candidate after so many of the replacements.
            panels: The panels so far.
            candidates: Who may be in a receipt's panel at all.
            load: In how many panels everybody is.
        """
        left: dict[str, set[str]] = {}
        for entry, (receipt, reviewer) in enumerate(replaced, 1):
            place, panel = f"{self.place}[{entry - 1}]", panels.members.get(receipt, [])
            if reviewer not in panel or receipt not in candidates:
                raise DifferenceError(self.file, place, "a member of the receipt's panel", reviewer)
            left.setdefault(receipt, set()).add(reviewer)
            load[reviewer] -= 1
            gone = [one for one, after in resigned.items() if after < entry]
            chosen = self._least(receipt, _without(candidates[receipt], {*panel, *left[receipt], *gone}), load)
            if chosen is None:
                raise DifferenceError(self.file, place, "a reviewer who can take the place", "nobody")
            load[chosen] += 1
            panel[panel.index(reviewer)] = chosen
            panels.ever[receipt].add(chosen)

    def _least(self, receipt: str, candidates: list[str], load: dict[str, int]) -> str | None:
        """Return the candidate with the smallest pair (load, H(A, word, receipt, reviewer)), or None."""
        smallest = min((load[one] for one in candidates), default=0)
        level = [one for one in candidates if load[one] == smallest]
        return min(level, key=lambda one: h(self.seed, self.word, receipt, one), default=None)


def assign_for_objections(
    seed: str, stage: Stage, roster: Roster, first: Panels, rounds: Sequence[Objections]
) -> Panels:
    """Give every objector a new panel, whether or not it takes part in the stage (section 10).

    Args:
        seed: A of section 6.
        stage: Gives the size of a panel.
        roster: The stage's reviewers.
        first: The panels before the objections: who ever was in one is not asked again.
        rounds: The objections by the addendum that first had them. What a later one adds changes no panel before.
    """
    load = dict.fromkeys(roster.reviewers, 0)
    panels = Panels({}, {})
    gone = {*roster.resigned}
    for number, one in enumerate(rounds):
        candidates: dict[str, list[str]] = {}
        for receipt in one.receipts:
            barred = {*first.ever.get(receipt, ()), *roster.conflicts_of(receipt), *gone}
            free = candidates[receipt] = _without(roster.reviewers, barred)
            order = {reviewer: (load[reviewer], h(seed, "objection", receipt, reviewer)) for reviewer in free}
            panel = panels.members[receipt] = sorted(free, key=order.__getitem__)[: stage.panel]
            panels.ever[receipt] = {*panel}
            for reviewer in panel:
                load[reviewer] += 1
        replacements = _Replacements(
            OBJECTIONS_FILE, f"stage {stage.code}, [{number}].replaced", seed, "objection-replace"
        )
        replacements.carry_out(one.replaced, one.resigned, panels, candidates, load)
        gone.update(one.resigned)
    return panels


def taking_part(stage: Stage, panels: Panels, receipts: Sequence[str]) -> Panels:
    """Return the new panels of those that take part; a difference where a panel is not full."""
    for receipt in receipts:
        if len(panels.members[receipt]) < stage.panel:
            raise DifferenceError(
                PANELS_FILE,
                f"stage {stage.code}, objection of receipt {receipt}",
                f"at least {stage.panel} reviewers for a new panel",
                str(len(panels.members[receipt])),
            )
    return Panels({receipt: panels.members[receipt] for receipt in receipts}, panels.ever)
