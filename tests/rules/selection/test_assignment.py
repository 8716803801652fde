import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panro.rules.selection.assignment import assign, assign_objection_panels
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Conflict, Panel, Replacement, Resignation
from rules.selection.makers import receipt_of

KEY = "a5" * 32


def make_panel(roster: int, conflicts: set[tuple[int, int]] = frozenset()) -> Panel:  # type: ignore[assignment]
    names = tuple(f"r{number:03}" for number in range(roster))
    pairs = sorted((receipt_of(receipt), names[reviewer]) for receipt, reviewer in conflicts)
    return Panel(names, tuple(Conflict(receipt, reviewer, "declared") for receipt, reviewer in pairs))


def receipts(count: int) -> dict[int, str]:
    return {number: receipt_of(number) for number in range(1, count + 1)}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 12), st.randoms(use_true_random=False))
def test_panels_have_their_size_no_conflict_and_do_not_depend_on_the_order(
    count: int, size: int, spare: int, rng: random.Random
) -> None:
    roster = size + spare
    clashes = {(number, rng.randrange(roster)) for number in range(1, count + 1) if spare and rng.random() < 0.3}
    panel = make_panel(roster, clashes)
    given_receipts = receipts(count)
    seats = assign(key=KEY, stage="s", size=size, panel=panel, receipts=given_receipts).seats
    assert {len(members) for members in seats.values()} == {size}
    assert all(len(set(members)) == size for members in seats.values())
    banned = {(one.receipt, one.reviewer) for one in panel.conflicts}
    assert not {(given_receipts[number], name) for number, members in seats.items() for name in members} & banned
    shuffled = list(given_receipts.items())
    rng.shuffle(shuffled)
    assert assign(key=KEY, stage="s", size=size, panel=panel, receipts=dict(shuffled)).seats == seats


@pytest.mark.parametrize(("count", "roster", "size"), [(500, 40, 5), (301, 17, 3), (60, 60, 2), (7, 30, 3)])
def test_loads_differ_by_little_without_conflicts(count: int, roster: int, size: int) -> None:
    seats = assign(key=KEY, stage="s", size=size, panel=make_panel(roster), receipts=receipts(count)).seats
    load = Counter({f"r{number:03}": 0 for number in range(roster)})
    load.update(name for members in seats.values() for name in members)
    assert sum(load.values()) == count * size
    assert max(load.values()) - min(load.values()) <= 2


def test_conflicts_move_loads_only_a_little() -> None:
    rng = random.Random(4)
    clashes = {(number, rng.randrange(40)) for number in range(1, 501) for _ in range(2)}
    seats = assign(key=KEY, stage="s", size=5, panel=make_panel(40, clashes), receipts=receipts(500)).seats
    load = Counter(name for members in seats.values() for name in members)
    assert max(load.values()) - min(load.values()) <= 3


@pytest.mark.parametrize(("count", "roster", "size"), [(300, 30, 3), (2000, 300, 5), (100, 20, 2)])
def test_panels_overlap_so_that_all_reviewers_can_be_compared(count: int, roster: int, size: int) -> None:
    seats = assign(key=KEY, stage="s", size=size, panel=make_panel(roster), receipts=receipts(count)).seats
    beside = defaultdict(set)
    for members in seats.values():
        for name in members:
            beside[name] |= set(members)
    reached, edge = {"r000"}, ["r000"]
    while edge:
        new = beside[edge.pop()] - reached
        reached |= new
        edge += new
    assert len(reached) == roster


def test_another_event_value_deals_otherwise() -> None:
    one, other = (
        assign(key=key, stage="s", size=3, panel=make_panel(12), receipts=receipts(20)).seats
        for key in (KEY, "b6" * 32)
    )
    assert one != other


def test_a_full_roster_serves_everybody_in_the_order_of_the_laps() -> None:
    seats = assign(key=KEY, stage="s", size=3, panel=make_panel(3), receipts=receipts(9)).seats
    assert {frozenset(members) for members in seats.values()} == {frozenset({"r000", "r001", "r002"})}


def test_too_few_reviewers_without_conflict_is_an_error() -> None:
    clashes = {(4, 0), (4, 1)}
    assert len(assign(key=KEY, stage="s", size=3, panel=make_panel(5, clashes), receipts=receipts(9)).seats) == 9
    with pytest.raises(SelectionError, match="result 4 has 2 reviewers without conflict, its panel needs 3"):
        assign(key=KEY, stage="s", size=3, panel=make_panel(4, clashes), receipts=receipts(9))


def test_nobody_is_needed_for_nobody() -> None:
    assert assign(key=KEY, stage="s", size=3, panel=Panel(()), receipts={}).seats == {}


def replaced(panel: Panel, *changes: tuple[int, str], resigned: tuple[Resignation, ...] = ()) -> Panel:
    entries = tuple(Replacement(receipt_of(number), name, "ill") for number, name in changes)
    return Panel(panel.roster, panel.conflicts, entries, resigned)


def at_once(*names: str) -> tuple[Resignation, ...]:
    return tuple(Resignation(name, 0) for name in names)


def test_a_successor_takes_the_slot_and_has_the_least_load() -> None:
    panel, given_receipts = make_panel(20), receipts(30)
    before = assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts).seats
    old = before[7][1]
    done = assign(key=KEY, stage="s", size=3, panel=replaced(panel, (7, old)), receipts=given_receipts)
    new = done.seats[7][1]
    assert (done.seats[7][0], done.seats[7][2]) == (before[7][0], before[7][2])
    assert done.ever[7] == (*before[7], new)
    load = Counter(name for members in before.values() for name in members)
    load[old] -= 1
    assert load[new] == min(load[name] for name in panel.roster if name not in before[7])
    assert {n: m for n, m in done.seats.items() if n != 7} == {n: m for n, m in before.items() if n != 7}


def test_who_was_replaced_does_not_come_back_and_who_resigned_takes_over_nothing() -> None:
    panel, given_receipts = make_panel(6), receipts(10)
    first = assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts).seats[2][0]
    rest = sorted(
        set(panel.roster) - set(assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts).seats[2])
    )
    once = replaced(panel, (2, first), resigned=at_once(rest[0], rest[1]))
    second = assign(key=KEY, stage="s", size=3, panel=once, receipts=given_receipts).seats[2][0]
    assert second == rest[2]
    twice = replaced(panel, (2, first), (2, second), resigned=at_once(rest[0]))
    assert assign(key=KEY, stage="s", size=3, panel=twice, receipts=given_receipts).seats[2][0] == rest[1]
    gone = replaced(panel, (2, first), resigned=at_once(*rest))
    with pytest.raises(SelectionError, match="nobody is left to replace"):
        assign(key=KEY, stage="s", size=3, panel=gone, receipts=given_receipts)


def test_a_resignation_counts_from_its_place_among_the_replacements() -> None:
    panel, given_receipts = make_panel(9), receipts(10)
    dealt = assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts).seats
    first, other = dealt[2][0], next(number for number in dealt if number != 2)
    alone = assign(key=KEY, stage="s", size=3, panel=replaced(panel, (2, first)), receipts=given_receipts).seats
    successor = alone[2][0]
    changes = ((2, first), (2, successor), (other, alone[other][0]))
    outcomes = {
        after: assign(
            key=KEY,
            stage="s",
            size=3,
            panel=replaced(panel, *changes[: max(after, 1)], resigned=(Resignation(successor, after),)),
            receipts=given_receipts,
        )
        for after in (0, 1)
    }
    assert outcomes[1].seats == alone
    assert outcomes[0].seats[2][0] != successor
    later = replaced(panel, *changes, resigned=(Resignation(successor, 1),))
    done = assign(key=KEY, stage="s", size=3, panel=later, receipts=given_receipts)
    assert done.ever[2][:4] == (*dealt[2], successor)
    assert successor not in (done.seats[2][0], done.seats[other][0])


def test_who_resigned_judges_no_objection_whenever_that_was() -> None:
    panel, given_receipts = make_panel(8), receipts(4)
    done = assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts)
    free = sorted(set(panel.roster) - set(done.ever[1]))
    changed = replaced(panel, (2, done.seats[2][0]), resigned=(Resignation(free[0], 0), Resignation(free[1], 1)))
    again = assign_objection_panels(
        key=KEY, stage="s", size=3, panel=changed, receipts={1: given_receipts[1]}, ever=done.ever
    )
    assert sorted(again[1]) == free[2:]


def test_only_a_member_can_be_replaced() -> None:
    panel, given_receipts = make_panel(6), receipts(4)
    stranger = min(
        set(panel.roster) - set(assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts).seats[2])
    )
    for change in ((2, stranger), (99, "r000")):
        with pytest.raises(SelectionError, match="cannot be replaced there"):
            assign(key=KEY, stage="s", size=3, panel=replaced(panel, change), receipts=given_receipts)


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        (Panel(("b", "a")), "roster must be ascending"),
        (Panel(("a", "a")), "roster must be ascending"),
        (Panel(("a", "b"), resigned=(Resignation("b", 0), Resignation("a", 0))), "resigned must be ascending"),
        (
            Panel(("a",), (), (Replacement("x", "a", ""),), (Resignation("a", 0), Resignation("a", 1))),
            "resigned must be ascending",
        ),
        (Panel(("a",), resigned=(Resignation("a", 1),)), "count from 0 to 0"),
        (Panel(("a",), resigned=(Resignation("a", -1),)), "count from 0 to 0"),
        (Panel(("a",), (Conflict("x", "a", ""), Conflict("x", "a", "again"))), "conflicts must be ascending"),
        (Panel(("a",), resigned=(Resignation("z", 0),)), "'z' is not in the roster"),
    ],
)
def test_a_panel_out_of_order_is_refused(panel: Panel, words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        assign(key=KEY, stage="s", size=1, panel=panel, receipts={})


def test_objections_go_to_others_evenly() -> None:
    panel, given_receipts = make_panel(12), receipts(30)
    done = assign(key=KEY, stage="s", size=3, panel=panel, receipts=given_receipts)
    objecting = {number: given_receipts[number] for number in (3, 8, 20, 21)}
    again = assign_objection_panels(key=KEY, stage="s", size=3, panel=panel, receipts=objecting, ever=done.ever)
    assert sorted(again) == [3, 8, 20, 21]
    for number, members in again.items():
        assert len(set(members)) == 3
        assert not set(members) & set(done.ever[number])
    load = Counter(name for members in again.values() for name in members)
    assert max(load.values()) <= 2
    with pytest.raises(SelectionError, match="has 2 reviewers left for its objection"):
        assign_objection_panels(
            key=KEY,
            stage="s",
            size=3,
            panel=make_panel(5),
            receipts={3: receipt_of(3)},
            ever={3: ("r000", "r001", "r002")},
        )
