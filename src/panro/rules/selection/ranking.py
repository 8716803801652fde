"""The seed, the draw and the order of those who passed (selection-spec, 8)."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from panro.proof.hashing import digests_with, tagged_hash
from panro.rules.selection.model import ELIGIBLE
from panro.rules.selection.round_rules import BONUS_RUNG, FULL_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from panro.rules.selection.grid import Grid
    from panro.rules.selection.model import Case
    from panro.rules.selection.round_rules import RoundRules
    from panro.rules.selection.standing import StageOutcome

SEED_TAG: Final = "panro-seed-1"
DRAW_TAG: Final = "panro-draw-1"
BYTE_BITS: Final = 8


@dataclass(frozen=True, slots=True)
class Ranking:
    """Those who passed, and their order: rank 1 is ``cases[order[0]]``.

    Every list but ``order`` is a column: one item per applicant, in the order in which the cases were given. Only
    places in the columns are sorted, because moving a million applicants takes longer than ordering them.
    ``base`` and ``bonus`` are in steps of ``total_step``. A key is what was compared: a standard of ``width`` bytes
    (service, total and ladder in one number, smaller being better), then the draw's digest.
    """

    cases: list[Case]
    numbers: list[int]
    service: list[int]
    base: list[int]
    bonus: list[int]
    keys: list[bytes]
    width: int
    order: list[int]

    def __len__(self) -> int:
        return len(self.order)

    @property
    def ranks(self) -> Sequence[int]:
        """The ranks (from 1), a column."""
        ranks = array("q", self.order)
        for rank, place in enumerate(self.order, 1):
            ranks[place] = rank
        return ranks

    @property
    def draws(self) -> list[str]:
        """The draws, a column."""
        width = self.width
        return [key[width:].hex() for key in self.keys]

    def ranked(self, rank: int) -> Case:
        """Give the case of a rank (from 1)."""
        return self.cases[self.order[rank - 1]]

    def standard(self, rank: int) -> bytes:
        """Give what was compared of a rank before the draw; equal standards are an exact tie."""
        return self.keys[self.order[rank - 1]][: self.width]

    def last_level(self, rank: int) -> int:
        """Give the last rank that is level with a rank: itself, if none is."""
        standard = self.standard(rank)
        while rank < len(self.order) and self.keys[self.order[rank]].startswith(standard):
            rank += 1
        return rank


def seed(*, round_id: str, draw_event: str, draw_value: str, pool_root: str, scores_root: str) -> str:
    """Give the seed of a round: known to nobody before the public event that follows the sealed evaluation."""
    return tagged_hash(SEED_TAG, round_id, draw_event, draw_value, pool_root, scores_root)


def draw_key(round_id: str, seed_value: str, receipt: str) -> str:
    """Give the draw of one receipt."""
    return tagged_hash(DRAW_TAG, round_id, seed_value, receipt)


def qualified(cases: Sequence[Case], outcomes: Sequence[StageOutcome]) -> list[Case]:
    """Give the eligible cases that passed all stages, in the order given."""
    if not outcomes:
        return [case for case in cases if case.requirement == ELIGIBLE]
    standings = outcomes[-1].standings
    return [case for case in cases if standings.get(case.result_no) == "passed"]


def rank(rules: RoundRules, cases: Sequence[Case], outcomes: Sequence[StageOutcome], seed_value: str) -> Ranking:
    """Order those who passed all stages: service, total, ladder, draw.

    Args:
        rules: the round's rules.
        cases: all cases of the round, in any order.
        outcomes: the scored stages' outcomes, in the order of the stages.
        seed_value: the seed.
    """
    passed = qualified(cases, outcomes)
    numbers = [case.result_no for case in passed]
    service = _services(rules, passed)
    base = _bases(rules, numbers, outcomes)
    bonus = _bonuses(rules, passed)
    total = [one + other for one, other in zip(base, bonus, strict=True)]
    standards: Sequence[int] = service
    for column in (total, *_ladder(rules, numbers, outcomes, bonus)):
        standards = _worse_by(standards, column)
    draws = digests_with([case.receipt for case in passed], DRAW_TAG, rules.round_id, seed_value)
    width = -(-max(standards, default=0).bit_length() // BYTE_BITS)
    keys = [standard.to_bytes(width) + draw for standard, draw in zip(standards, draws, strict=True)]
    order = array("q", sorted(range(len(keys)), key=keys.__getitem__))
    # Read by rank from now on: a list made anew has its numbers side by side.
    return Ranking(passed, numbers, service, base, bonus, keys, width, list(order))


def _worse_by(standards: Sequence[int], column: Sequence[int]) -> list[int]:
    """Append a column, of which more is better, as the next digit of each standard."""
    best = max(column, default=0)
    radix = best - min(column, default=0) + 1
    return [standard * radix + best - value for standard, value in zip(standards, column, strict=True)]


class _Services(dict[tuple[str, ...], int]):
    """The position of a case's first group in the order of service, worked out once for every set of groups."""

    def __init__(self, order: Sequence[str]) -> None:
        super().__init__()
        self._order = order

    def __missing__(self, groups: tuple[str, ...]) -> int:
        last = len(self._order) + 1
        found = next((place for place, group in enumerate(self._order, 1) if group in groups), last)
        self[groups] = found
        return found


class _Bonuses(dict[tuple[str, ...], int]):
    """The capped bonus, worked out once for every set of items."""

    def __init__(self, points: Mapping[str, int], cap: int) -> None:
        super().__init__()
        self._points = points
        self._cap = cap

    def __missing__(self, items: tuple[str, ...]) -> int:
        found = self[items] = min(self._cap, sum(self._points[item] for item in items))
        return found


class _Bases(dict[int, int]):
    """The rounded base, worked out once for every weighted sum."""

    def __init__(self, grid: Grid, divisor: int) -> None:
        super().__init__()
        self._grid = grid
        self._divisor = divisor

    def __missing__(self, weighted: int) -> int:
        found = self[weighted] = self._grid.round(weighted, self._divisor)
        return found


def _services(rules: RoundRules, cases: Sequence[Case]) -> list[int]:
    known = _Services(rules.service_order)
    return [known[case.groups] for case in cases]


def _bonuses(rules: RoundRules, cases: Sequence[Case]) -> list[int]:
    grid = rules.total_grid
    points = {item: grid.units(value) for item, value in rules.bonus.items.items()}
    known = _Bonuses(points, grid.units(rules.bonus.cap))
    return [known[case.bonus] for case in cases]


def _bases(rules: RoundRules, numbers: Sequence[int], outcomes: Sequence[StageOutcome]) -> list[int]:
    """Give the weighted bases, exactly: as whole numbers over a denominator common to all stages."""
    common = 1
    for outcome in outcomes:
        common *= outcome.stage.grid.denominator
    weighted = [0] * len(numbers)
    for outcome in outcomes:
        grid, scores = outcome.stage.grid, outcome.scored.scores
        factor = outcome.stage.weight * grid.numerator * (common // grid.denominator)
        weighted = [so_far + factor * scores[number] for so_far, number in zip(weighted, numbers, strict=True)]
    known = _Bases(rules.total_grid, FULL_WEIGHT * common)
    return [known[one] for one in weighted]


def _ladder(
    rules: RoundRules, numbers: Sequence[int], outcomes: Sequence[StageOutcome], bonus: Sequence[int]
) -> list[Sequence[int]]:
    """Give the columns of the ladder's values, rung by rung."""
    by_code = {outcome.stage.code: outcome for outcome in outcomes}
    columns: list[Sequence[int]] = []
    for rung in rules.ladder:
        kind, _, name = rung.partition(":")
        if rung == BONUS_RUNG:
            columns.append(bonus)
        elif kind == "stage":
            scores = by_code[name].scored.scores
            columns.append([scores[number] for number in numbers])
        else:
            code, _, criterion = name.partition(".")
            columns.append(_criterion_column(by_code[code], criterion, numbers))
    return columns


def _criterion_column(outcome: StageOutcome, criterion: str, numbers: Collection[int]) -> list[int]:
    index, means = outcome.stage.criterion_index(criterion), outcome.scored.criteria
    return [means[number][index] for number in numbers]
