"""Proof that a year is data: another year is loaded, checked, frozen and compared without a line of code."""

from datetime import date
from pathlib import Path

import pytest

from editions_2022 import build_2022
from panro.rules.edition.check import check_edition
from panro.rules.edition.diff import Change, diff_editions
from panro.rules.edition.load import edition_from_json, edition_to_json, load_edition
from panro.rules.edition.model import Edition
from panro.rules.edition.write import write_edition
from panro.rules.freeze import round_rules


@pytest.fixture(scope="module")
def next_year(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return load_edition(build_2022(tmp_path_factory.mktemp("years")))


@pytest.fixture(scope="module")
def changes(next_year: Edition) -> list[Change]:
    return diff_editions(load_edition("2021"), next_year)


def test_it_has_nothing_to_mend(next_year: Edition) -> None:
    report = check_edition(next_year)
    assert (report.errors, report.warnings) == ((), ())


def test_it_survives_writing_and_json(tmp_path: Path, next_year: Edition) -> None:
    write_edition(next_year, tmp_path / "again")
    assert load_edition(tmp_path / "again") == next_year
    assert edition_from_json(edition_to_json(next_year)) == next_year


def test_what_is_new_freezes(next_year: Edition) -> None:
    malls = next_year.programme("3-1")
    assert [dict(round_rules(next_year, malls, round_).tracks) for round_ in malls.rounds] == [
        {"listing": 800, "detail_page": 400, "time_deal": 200}
    ] * 5
    assert [round_.closes.year for round_ in malls.rounds] == [2022, 2022, 2022, 2022, 2026]
    subscription = next_year.programme("2-3")
    rules = round_rules(next_year, subscription, subscription.round("R1"))
    assert (rules.method, rules.seats, [stage.code for stage in rules.stages]) == ("ranked", 240, ["paper"])
    funnel = next_year.programme("4-4")
    rules = round_rules(next_year, funnel, funnel.round("R1"))
    assert [stage.keep for stage in rules.stages] == [3000, 300, None]
    assert (rules.seats, rules.waiting, sorted(rules.bonus.items)) == (30, 30, ["listed"])


def sentences(changes: list[Change], programme: str | None, *paths: str) -> list[str]:
    return [one.sentence.en for one in changes if one.programme == programme and one.path in paths]


def test_the_comparison_names_what_was_changed(changes: list[Change]) -> None:
    assert sentences(changes, "3-3", "name") == ["The name: V-commerce becomes Media commerce."]
    assert sentences(changes, "1-1", "quota") == ["The quota: 1,000 becomes 2,000."]
    assert sentences(changes, "2-3", "method", "pilot", "quota") == [
        "Being a pilot: yes becomes no.",
        "The quota: 100 becomes 400.",
        "The method: nomination becomes by points.",
    ]
    assert sentences(changes, "3-1", "tracks.time_deal", "rounds.R5", "caps.listing_per_region.share") == [
        "Track ‘Time deal’ is new.",
        "Round ‘Fifth round’ is new.",
        "Limit ‘listing_per_region’, the share: 30% becomes 25%.",
    ]
    assert sentences(changes, "3-2", "documents.claim_evidence") == [
        "Paper ‘Evidence for advertising claims’ is dropped."
    ]
    assert sentences(changes, "1-4", "") == ["The programme ‘Promotion of outstanding products’ is dropped."]
    assert sentences(changes, "4-4", "") == ["The programme ‘Brand leap’ is new."]
    assert sentences(
        changes, None, "code", "bonus.listed.points", "eligibility.no_unfair_practice.parameters.within_months"
    ) == [
        "The code: 2021 becomes 2022.",
        "Bonus item ‘listed’, points: 3 becomes 2.",
        "Rule ‘no_unfair_practice’, parameters, within_months: 12 becomes 24.",
    ]


def test_the_comparison_goes_by_programme(changes: list[Change], next_year: Edition) -> None:
    groups = list(dict.fromkeys(change.programme for change in changes))
    assert groups == [None, *next_year.head.programmes, "1-4"]


def test_the_year_after_next_in_dates(next_year: Edition) -> None:
    rounds = next_year.programme("4-4").rounds
    assert [(one.opens, one.closes) for one in rounds] == [(date(2026, 6, 1), date(2026, 7, 10))]
