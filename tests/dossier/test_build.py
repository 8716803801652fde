import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dossier.generate import START, RandomReviewers, generate
from panro.dossier.build import build_addendum, build_round, objection_panels
from panro.dossier.model import Addendum, RoundRecord
from panro.dossier.salts import SeededSalts, SystemSalts
from panro.dossier.scoring import after_departures
from panro.dossier.sources import Application, Decision, Departures, PublicValues, Sheet
from panro.dossier.write import render
from panro.proof.canonical import encode
from panro.proof.hashing import commitment_of_text, tagged_hash
from panro.rules.selection.errors import SelectionError
from panro.rules.selection.model import Panel, Phase, Replacement
from panro.rules.selection.round_rules import RoundRules, ScoredStage
from rules.selection.makers import make_rules, make_stage

SALTS = SeededSalts("test")
RULES = make_rules(stages=[make_stage(panel=2, pass_mark="50.00")], seats=2, waiting=1)


class SteadyReviewers:
    """Give everybody the points that the test names; nobody leaves."""

    def __init__(self, points: Mapping[str, int], anew: Mapping[str, int] | None = None) -> None:
        self.points = points
        self.anew = anew or {}
        self.receipts: dict[int, str] = {}

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        self.receipts = dict(receipts)
        return Panel(tuple(f"r{n}" for n in range(2 * stage.panel + 1)))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        del stage, receipts, seats
        return Departures()

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
        del stage
        for number, members in seats.items():
            total = (self.anew if phase else self.points)[self.receipts.get(number, "")]
            for member in members:
                yield Sheet(number, member, 1, (Decimal(min(60, total)), Decimal(max(0, total - 60))), START)


def application(index: int, **more: Any) -> Application:  # noqa: ANN401 # passed on to the dataclass
    payload = {"receipt_no": f"n{index}", "applicant": f"a{index}", "round": "2021/3-1/R1", "track": "A"}
    return replace(Application(SALTS.salt(index), payload, "11", {"employees": index}), **more)


def receipt_of(index: int) -> str:
    one = application(index)
    text = f'{{"applicant":"a{index}","receipt_no":"n{index}","round":"2021/3-1/R1","track":"A"}}'
    return commitment_of_text(one.salt, text)


def build(applications: Iterable[Application], points: Mapping[int, int], rules: RoundRules = RULES) -> RoundRecord:
    return build_round(
        rules=rules,
        programme={},
        applications=applications,
        reviewers=SteadyReviewers({receipt_of(index): total for index, total in points.items()}),
        values=PublicValues("3, 7", "9, 11"),
        salts=SALTS,
    )


def outcomes(record: RoundRecord) -> dict[str, tuple[str, str]]:
    """Outcome and reason by receipt."""
    both = zip(record.cases, record.results, strict=True)
    return {case.receipt: (result.outcome, result.reason) for case, result in both}


def test_a_round_from_applications_to_results() -> None:
    lapsed = application(5, requirement="lapsed", reason="no_certificate", clause="notice 4")
    record = build([*map(application, (1, 2, 3, 4)), lapsed], {1: 90, 2: 80, 3: 70, 4: 49})
    assert [case.receipt for case in record.cases] == sorted(receipt_of(index) for index in range(1, 6))
    assert outcomes(record) == {
        receipt_of(1): ("selected", "selected"),
        receipt_of(2): ("selected", "selected"),
        receipt_of(3): ("waiting", "full"),
        receipt_of(4): ("not_selected", "below_mark"),
        receipt_of(5): ("lapsed", "no_certificate"),
    }


def test_the_order_of_applications_changes_nothing() -> None:
    applications = list(map(application, range(1, 9)))
    points = {index: 50 + index for index in range(1, 9)}
    one, other = build(applications, points), build(reversed(applications), points)
    assert one == other
    assert render(one) == render(other)


def test_score_commitments_are_those_of_the_specification() -> None:
    record = build(map(application, (1, 2)), {1: 90, 2: 80})
    score, receipt = record.scores[0], record.cases[record.scores[0].result_no - 1].receipt
    points = ";".join(map(str, score.points))
    parts = (score.salt, "paper", receipt, score.reviewer, 1, 0, points, "2021-04-01T00:00:00Z")
    assert record.commitments[0] == tagged_hash("panro-score-1", *parts)


def test_an_addendum_takes_no_place_away_and_says_what_changed() -> None:
    before = build(map(application, (1, 2, 3)), {1: 90, 2: 80, 3: 70})
    numbers = {case.receipt: case.result_no for case in before.cases}
    third = numbers[receipt_of(3)]
    reviewers = SteadyReviewers({}, {receipt_of(3): 85})
    reviewers.receipts = {third: receipt_of(3)}
    after = build_addendum(
        before, root=render(before).root, objections=[third], decisions={}, reviewers=reviewers, salts=SALTS
    )
    assert outcomes(after) == {
        receipt_of(1): ("selected", "selected"),
        receipt_of(2): ("selected", "kept"),
        receipt_of(3): ("selected", "objection"),
    }
    assert after.addendum is not None
    assert [
        (one.result_no, one.before, one.after, str(one.total_before), str(one.total_after))
        for one in after.addendum.differences
    ] == [(third, "waiting", "selected", "70.00", "85.00")]
    assert not set(after.panels["paper"].objection_seats[third]) & set(after.panels["paper"].seats[third])
    assert after.addendum.former_stages == tuple(row for row in before.stages if row.result_no == third)
    old, new = render(before).public, render(after).public
    for name in ("rules.json", "programme.json", "panels.json", "pool.csv", "draw.json"):
        assert new[name] == old[name]
    assert json.loads(new["addendum.json"].content)["stages"] == [
        row for row in csv.DictReader(io.StringIO(old["stages.csv"].content.decode())) if row["result_no"] == str(third)
    ]
    with pytest.raises(SelectionError, match="changes the first dossier"):
        build_addendum(after, root="0" * 64, objections=[], decisions={}, reviewers=reviewers, salts=SALTS)


def test_a_later_addendum_changes_the_first_dossier_and_repeats_the_earlier_ones() -> None:
    before = build(map(application, (1, 2, 3, 4)), {1: 90, 2: 80, 3: 70, 4: 60})
    numbers = {case.receipt: case.result_no for case in before.cases}
    third, fourth = numbers[receipt_of(3)], numbers[receipt_of(4)]
    reviewers = SteadyReviewers({}, {receipt_of(3): 85, receipt_of(4): 95})
    reviewers.receipts = {third: receipt_of(3), fourth: receipt_of(4)}
    out = {numbers[receipt_of(1)]: Decision("11", {}, "ineligible", "too_large", "notice 2")}

    def change(
        objections: list[int], decisions: Mapping[int, Decision], earlier: Addendum | None, root: str = "1" * 64
    ) -> RoundRecord:
        return build_addendum(
            before,
            root=root,
            objections=objections,
            decisions=decisions,
            reviewers=reviewers,
            salts=SALTS,
            earlier=earlier,
        )

    first = change([third], out, None).addendum
    assert first is not None
    with pytest.raises(SelectionError, match=f"judged result {third} anew"):
        change([fourth], out, first)
    with pytest.raises(SelectionError, match=f"decided result {numbers[receipt_of(1)]} anew"):
        change([third, fourth], {}, first)
    with pytest.raises(SelectionError, match="give the root of the first dossier"):
        change([third, fourth], out, first, "2" * 64)
    second = change([fourth, third], out, first)
    assert second.addendum is not None
    assert (first.number, second.addendum.number) == (1, 2)
    assert (second.addendum.of, second.addendum.objections) == (first.of, tuple(sorted((third, fourth))))
    assert second.addendum.former == first.former
    assert outcomes(second) == {
        receipt_of(1): ("selected", "kept"),
        receipt_of(2): ("selected", "kept"),
        receipt_of(3): ("selected", "objection"),
        receipt_of(4): ("selected", "objection"),
    }


def test_a_member_of_a_new_panel_who_leaves_is_replaced() -> None:
    stage = make_stage(panel=1, pass_mark="50.00")
    before = build(map(application, (1, 2, 3)), {1: 90, 2: 80, 3: 70}, make_rules(stages=[stage], seats=2))
    numbers = [case.result_no for case in before.cases]
    receipts = {case.result_no: case.receipt for case in before.cases}
    reviewers = SteadyReviewers({}, dict.fromkeys(receipts.values(), 95))
    reviewers.receipts = receipts
    first, second = numbers[:1], numbers[:2]

    def change(
        objections: list[int], gone: Mapping[str, list[Departures]], earlier: Addendum | None = None
    ) -> RoundRecord:
        return build_addendum(
            before,
            root="1" * 64,
            objections=objections,
            decisions={},
            reviewers=reviewers,
            salts=SALTS,
            departures=gone,
            earlier=earlier,
        )

    (drawn,) = objection_panels(before, first)["paper"][first[0]]
    assert before.panels["paper"].seats[first[0]] != (drawn,)
    left = {"paper": [Departures((Replacement(receipts[first[0]], drawn, "ill"),), (drawn,))]}
    after = change(first, left)
    (successor,) = after.panels["paper"].objection_seats[first[0]]
    assert successor == objection_panels(before, first, left)["paper"][first[0]][0]
    assert {drawn, *before.panels["paper"].seats[first[0]]}.isdisjoint({successor})
    assert after.addendum is not None
    assert json.loads(after.addendum.changes["paper"].payload) == [
        {"replaced": [[receipts[first[0]], drawn, "ill"]], "resigned": [[drawn, 0]]}
    ]
    later = change(second, {}, after.addendum)
    assert later.panels["paper"].objection_seats[first[0]] == (successor,)
    assert later.addendum is not None
    assert [one.numbers for one in later.addendum.rounds] == [tuple(first), tuple(second[1:])]
    assert json.loads(later.addendum.changes["paper"].payload)[1] == {"replaced": [], "resigned": []}
    assert later.panels["paper"].objection_seats[second[1]] != (drawn,)
    with pytest.raises(SelectionError, match="is not in the panel"):  # an announced panel stays
        change(second, {"paper": [Departures((Replacement(receipts[first[0]], successor, "ill"),))]}, after.addendum)
    with pytest.raises(SelectionError, match="'r9' is not in the roster"):
        change(first, {"paper": [Departures((), ("r9",))]})
    with pytest.raises(SelectionError, match="there is no stage 'talk'"):
        change(first, {"talk": []})
    with pytest.raises(SelectionError, match="there is no result 9 to judge anew"):
        objection_panels(before, [9])


def test_the_addendum_has_the_earlier_rows_of_who_lost_the_eligibility() -> None:
    before = build(map(application, (1, 2)), {1: 90, 2: 80})
    out = next(case.result_no for case in before.cases if case.receipt == receipt_of(1))
    decisions = {out: Decision("11", {}, "ineligible", "too_large", "notice 2")}
    after = build_addendum(
        before, root="0" * 64, objections=[], decisions=decisions, reviewers=SteadyReviewers({}), salts=SALTS
    )
    assert after.addendum is not None
    assert after.addendum.former_stages == tuple(row for row in before.stages if row.result_no == out)
    assert after.addendum.rounds[0].numbers == ()


def test_a_resignation_is_noted_with_the_replacements_so_far() -> None:
    one, two = (Replacement("x", name, "ill") for name in ("a", "b"))
    panel = after_departures(Panel(("a", "b", "c", "d")), Departures((one,), ("c",)))
    panel = after_departures(panel, Departures((two,), ("a", "c")))
    panel = after_departures(panel, Departures((), ("b",)))
    assert panel.replaced == (one, two)
    assert panel.resigned == (("a", 1), ("b", 2), ("c", 0))
    assert encode(panel.to_json()).endswith(b'"resigned":[["a",1],["b",2],["c",0]],"roster":["a","b","c","d"]}')


def test_generated_rounds_have_successors_who_resign_later() -> None:
    found = Counter[bool]()
    for number in range(60):
        for stage in generate(random.Random(number), 15).record.panels.values():
            for gone in stage.panel.resigned:
                found[gone.after > 0] += 1
    assert found[False] > 5
    assert found[True] > 5


def test_who_becomes_eligible_needs_scores() -> None:
    out = application(3, requirement="ineligible", reason="too_large", clause="notice 2")
    before = build([application(1), application(2), out], {1: 90, 2: 80})
    third = next(case.result_no for case in before.cases if case.requirement == "ineligible")
    decision = {third: Decision("11", {"employees": 2})}

    def again(objections: list[int]) -> RoundRecord:
        reviewers = SteadyReviewers({}, {receipt_of(3): 60})
        reviewers.receipts = {third: receipt_of(3)}
        return build_addendum(
            before, root="0" * 64, objections=objections, decisions=decision, reviewers=reviewers, salts=SALTS
        )

    with pytest.raises(SelectionError, match="name it among the objections"):
        again([])
    after = again([third])
    assert outcomes(after)[receipt_of(3)] == ("waiting", "full")
    assert after.addendum is not None
    assert after.addendum.former[0].case == before.cases[third - 1]
    assert after.facts[third - 1].commitment != after.addendum.former[0].facts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: replace(one, reason="x"), "an eligible case has no reason"),
        (lambda one: replace(one, requirement="lapsed", reason="Not OK", clause="c"), "needs a reason word"),
        (lambda one: replace(one, requirement="ineligible", reason="x"), "needs the clause"),
        (lambda one: replace(one, bonus=("zzz",)), "no bonus item 'zzz'"),
        (lambda one: replace(one, region="a;b"), "must not hold a semicolon"),
        (lambda one: replace(one, groups=("a;b",)), "must not hold a semicolon"),
        (lambda one: replace(one, groups=("",)), "a group has no name"),
        (lambda one: replace(one, requirement="maybe", reason="x", clause="c"), "found requirement 'maybe'"),
        (lambda one: replace(one, payload={**one.payload, "round": "2021/3-1/R2"}), "belongs to round '2021/3-1/R2'"),
        (lambda one: replace(one, payload={**one.payload, "track": "Z"}), "track 'Z' is none of A"),
        (lambda one: replace(one, payload={**one.payload, "receipt_no": "n2"}), "receipt n2 occurs twice"),
        (lambda one: replace(one, payload={**one.payload, "applicant": "a2"}), "applicant a2 has two receipts"),
        (lambda one: replace(one, payload={"track": "A"}), "a receipt needs the texts"),
    ],
)
def test_a_contradiction_is_refused(change: Callable[[Application], Application], words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        build([change(application(1)), application(2)], {1: 90, 2: 80}, make_rules())


def test_sheets_are_checked() -> None:
    class Sloppy(SteadyReviewers):
        def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
            for sheet in super().sheets(stage, seats, phase):
                yield self.spoil(sheet)

        def spoil(self, sheet: Sheet) -> Sheet:
            return replace(sheet, version=2)

    class Stranger(Sloppy):
        def spoil(self, sheet: Sheet) -> Sheet:
            return replace(sheet, reviewer="nobody")

    for kind, words in ((Sloppy, "found version 2, expected version 1"), (Stranger, "was never in this panel")):
        with pytest.raises(SelectionError, match=words):
            build_round(
                rules=RULES,
                programme={},
                applications=[application(1)],
                reviewers=kind({receipt_of(1): 70}),
                values=PublicValues("a", "b"),
                salts=SALTS,
            )


def test_only_the_new_panel_gives_sheets_after_an_objection() -> None:
    before = build(map(application, (1, 2)), {1: 90, 2: 80})
    number = before.cases[0].result_no

    class Former(SteadyReviewers):
        def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
            yield from super().sheets(stage, seats, phase)
            yield Sheet(number, before.panels["paper"].seats[number][0], 1, (Decimal(60), Decimal(0)), START)

    reviewers = Former({}, {before.cases[0].receipt: 85})
    reviewers.receipts = {number: before.cases[0].receipt}
    with pytest.raises(SelectionError, match="was never in this panel"):
        build_addendum(before, root="0" * 64, objections=[number], decisions={}, reviewers=reviewers, salts=SALTS)


def test_salts() -> None:
    assert SALTS.salt("score", 1) == SeededSalts("test").salt("score", 1)
    assert (
        len(
            {
                SALTS.salt("a", "b"),
                SALTS.salt("ab"),
                SALTS.salt("a", 1),
                SALTS.salt("a", "1"),
                SeededSalts("x").salt("ab"),
            }
        )
        == 5
    )
    assert SystemSalts().salt("a") != SystemSalts().salt("a")
    assert len(SystemSalts().salt()) == len(SALTS.salt()) == 64


def test_random_rounds_of_no_receipts_build_too() -> None:
    record = build_round(
        rules=RULES,
        programme={},
        applications=[],
        reviewers=RandomReviewers(random.Random(1)),
        values=PublicValues("a", "b"),
        salts=SALTS,
    )
    assert (record.results, record.scores, record.panels["paper"].seats) == ((), (), {})
