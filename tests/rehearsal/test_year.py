from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

from editions_2022 import build_2022
from panro.dossier.audit import audit_dossier
from panro.rehearsal.rehearse import Options, rehearse
from panro.rehearsal.schedule import Act, acts_in_order, plan_year
from panro.rehearsal.what_if import changed_edition, scaled_edition
from panro.rules.edition.load import load_edition
from panro.verifier import verify

if TYPE_CHECKING:
    from pathlib import Path

    from panro.rehearsal.population import Population
    from panro.rehearsal.rehearse import Rehearsal
    from panro.rules.edition.model import Edition

type Year = tuple[Path, Rehearsal]


def ticks() -> count[int]:
    return count()


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 26)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verified(folder: Path, done: Rehearsal) -> int:
    """Verify every dossier under its head, and audit every auditor's; gives how many."""
    for dossier in done.dossiers:
        report = verify(folder / dossier.folder, dossier.head)
        assert report.difference is None, dossier.folder
        assert report.authenticated, dossier.folder
        if dossier.folder.endswith("/auditor"):
            assert audit_dossier(folder / dossier.folder).differences == [], dossier.folder
    return len(done.dossiers)


def test_every_dossier_of_a_year_verifies_and_audits(small_year: Year) -> None:
    folder, done = small_year
    rounds = sum(len(programme.rounds) for programme in done.edition.programmes)
    assert verified(folder, done) >= 2 * rounds


def test_an_addendum_verifies_against_the_dossier_it_changes(small_year: Year) -> None:
    folder, done = small_year
    addenda = [one for one in done.dossiers if "addendum-1" in one.folder]
    assert addenda
    for one in addenda:
        original = folder / one.folder.replace("addendum-1/", "")
        report = verify(folder / one.folder, one.head, original)
        assert report.difference is None, one.folder
        assert report.original_checked


def test_the_same_seed_gives_the_same_bytes(
    small_year: Year, small_edition: Edition, population: Population, tmp_path: Path
) -> None:
    folder, done = small_year
    options = Options(done.options.companies, done.options.seed, tmp_path / "again")
    again = rehearse(small_edition, population, options, timer=ticks().__next__)
    assert digests(tmp_path / "again") == digests(folder)
    assert again.dossiers == done.dossiers


def test_every_outcome_and_reason_occurs(small_year: Year) -> None:
    """Whatever the specification can say of an applicant is said of somebody."""
    folder, _ = small_year
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    offers: Counter[str] = Counter()
    for path in folder.rglob("public/results.csv"):
        for row in rows(path):
            outcomes[row["outcome"]] += 1
            reasons[row["reason"]] += 1
        offers.update(row["event"] for row in rows(path.with_name("offers.csv")))
    assert set(outcomes) == {"selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"}
    assert {"selected", "full", "below_mark", "below_line"} <= set(reasons)
    assert {"certificate_expired", "products_too_few", "closed", "documents_missing", "withdrawn"} <= set(reasons)
    assert {"declined", "offered", "accepted"} <= set(offers)


def test_draws_and_kept_places_occur_where_places_are_few(
    edition: Edition, population: Population, tmp_path: Path
) -> None:
    """On a coarse grid of points many are level, so that the draw decides, and objectors overtake others."""
    coarse = changed_edition(
        scaled_edition(edition, 600),
        [
            "1-3.stages.paper.step=5",
            "1-3.stages.paper.pass_mark=55",
            "1-3.priority.total_step=1",
            "1-3.priority.ladder=[]",
        ],
    )
    alone = coarse.model_copy(update={"programmes": [coarse.programme("1-3")]})
    eager = population.model_copy(
        update={
            "after": population.after.model_copy(
                update={
                    "objects_near_the_line": population.after.objects_near_the_line.model_copy(update={"rate": 9000}),
                    "near_points": 1500,
                }
            )
        }
    )
    done = rehearse(alone, eager, Options(900, 5, tmp_path / "out"), timer=ticks().__next__)
    verified(tmp_path / "out", done)
    reasons = Counter(row["reason"] for path in tmp_path.rglob("public/results.csv") for row in rows(path))
    assert reasons["lost_draw"] > 0
    assert reasons["kept"] > 0
    assert reasons["objection"] > 0
    assert done.tallies[0].drawn > 0


def test_offers_stand_only_in_the_last_word_on_a_round(small_year: Year) -> None:
    folder, _ = small_year
    for addendum in folder.rglob("addendum-1"):
        assert rows(addendum.parent / "public" / "offers.csv") == []


def test_heads_are_those_of_the_dossiers(small_year: Year) -> None:
    folder, done = small_year
    published = rows(folder / "record" / "heads.csv")
    assert [int(row["number"]) for row in published] == list(range(1, len(published) + 1))
    assert [row["at"] for row in published] == sorted(row["at"] for row in published)
    heads = {row["head"] for row in published}
    assert {one.head for one in done.dossiers} <= heads


def test_summary_says_what_was_run(small_year: Year) -> None:
    folder, done = small_year
    summary = json.loads((folder / "rehearsal.json").read_text(encoding="utf-8"))
    assert summary["simulated"] is True
    assert (summary["edition"], summary["companies"], summary["random_seed"]) == ("2021", 600, 11)
    assert len(summary["edition_hash"]) == 64
    applied = {one["programme"]: one["applied"] for one in summary["programmes"]}
    assert applied == {tally.code: tally.applied for tally in done.tallies}
    assert len(summary["dossiers"]) == len(done.dossiers)


def test_tallies_add_up(small_year: Year) -> None:
    folder, done = small_year
    for tally in done.tallies:
        refused = tally.ineligible.total() + tally.lapsed.total() + tally.withdrawn
        assert tally.applied == refused + tally.evaluated
        finals = [
            (folder / tally.code / round_.code / "addendum-1" / "public" / "results.csv")
            if (folder / tally.code / round_.code / "addendum-1").exists()
            else (folder / tally.code / round_.code / "public" / "results.csv")
            for round_ in done.edition.programme(tally.code).rounds
        ]
        selected = sum(row["outcome"] == "selected" for path in finals for row in rows(path))
        assert tally.selected == selected


def test_nobody_is_supported_twice_by_a_programme_that_forbids_it(small_year: Year) -> None:
    """A firm selected in one round is refused in later ones, because awards are facts."""
    folder, done = small_year
    for tally in done.tallies:
        holders: Counter[str] = Counter()
        for round_ in done.edition.programme(tally.code).rounds:
            place = folder / tally.code / round_.code / "auditor"
            receipts = rows(place / "auditor" / "receipts.csv")
            payloads = {row["result_no"]: json.loads(row["payload"]) for row in receipts}
            events = {row["result_no"]: row["event"] for row in rows(place / "offers.csv")}
            for row in rows(place / "results.csv"):
                if row["outcome"] == "selected" and events.get(row["result_no"]) != "declined":
                    holders[payloads[row["result_no"]]["applicant"]] += 1
        assert max(holders.values(), default=1) == 1, tally.code


def test_a_year_without_dossiers_comes_to_the_same(
    small_year: Year, small_edition: Edition, population: Population
) -> None:
    _, done = small_year
    bare = rehearse(small_edition, population, Options(600, 11, None), timer=ticks().__next__)
    assert [(one.applied, one.selected, one.waiting) for one in bare.tallies] == [
        (one.applied, one.selected, one.waiting) for one in done.tallies
    ]
    assert bare.dossiers == ()
    assert bare.supports == done.supports


def test_another_year_is_rehearsed_from_data_alone(population: Population, tmp_path: Path) -> None:
    edition = load_edition(build_2022(tmp_path))
    done = rehearse(edition, population, Options(400, 3, tmp_path / "out"), timer=ticks().__next__)
    assert verified(tmp_path / "out", done) >= 2 * sum(len(one.rounds) for one in edition.programmes)
    applied = {tally.code: tally.applied for tally in done.tallies}
    assert applied.keys() == {programme.code for programme in edition.programmes}
    assert applied["4-4"] > 0
    assert applied["2-3"] > 0


def test_acts_of_a_round_never_go_back_in_time(edition: Edition) -> None:
    acts = acts_in_order(plan_year(edition))
    assert [at for at, _, _ in acts] == sorted(at for at, _, _ in acts)
    for plan in plan_year(edition):
        order = [act for _, act, one in acts if one.order == plan.order]
        assert order == [Act.FREEZE, Act.SEAL, Act.PUBLISH, Act.SETTLE]
        assert plan.frozen_at <= plan.evaluation_from <= plan.sealed_at <= plan.published_at <= plan.settled_at
