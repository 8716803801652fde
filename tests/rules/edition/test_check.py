import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from panro.rules.edition import references
from panro.rules.edition.check import check_edition
from panro.rules.edition.model import Edition
from panro.rules.edition.problems import Problem
from panro.rules.eligibility.registry import RULES
from panro.rules.findings import Moment

type Data = dict[str, Any]
type Changed = Callable[..., Edition]
type Act = Callable[[Data], object]

MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text(encoding="utf-8"))["mistake"]


def test_the_2021_edition_has_nothing_to_mend(edition: Edition) -> None:
    report = check_edition(edition)
    assert (report.errors, report.warnings) == ((), ())


def put(path: str, value: object) -> Act:
    """Set one value; list entries go by their position."""

    def act(data: Data) -> None:
        at: Any = data
        *steps, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for step in steps:
            at = at[step]
        at[last] = value

    return act


def argument(programme: str) -> str:
    return f"p{programme.replace('-', '_')}"


def said(problems: tuple[Problem, ...], file: str) -> list[str]:
    return [str(problem).removeprefix(f"{file}, ").removesuffix(".") for problem in problems]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one['programme']} {one['key']}" for one in MISTAKES])
def test_a_mistake_in_a_programme_is_named(edition: Edition, changed: Changed, mistake: Data) -> None:
    programme = mistake["programme"]
    report = check_edition(changed(**{argument(programme): put(mistake["key"], mistake.get("value"))}))
    words = {
        "programmes": ", ".join(edition.head.programmes),
        "groups": ", ".join(group.code for group in edition.head.groups),
        "shared": ", ".join(use.rule for use in edition.head.eligibility),
        "rules": ", ".join(RULES),
    }
    assert said(report.errors, f"programmes/{programme}.toml") == [one.format(**words) for one in mistake["says"]]


def test_rounds_in_the_wrong_order_are_named(changed: Changed) -> None:
    report = check_edition(changed(p1_1=lambda data: data["rounds"].reverse()))
    assert said(report.errors, "programmes/1-1.toml") == [
        "rounds.R4.carry_over: found true, expected false, because no earlier round leaves places",
        "rounds: found the order R4, R3, R2, R1, expected R1, R2, R3, R4, by their opening",
    ]


@pytest.mark.parametrize(("seats", "named"), [(400, []), (401, ["R1", "R2", "R3"])])
def test_a_set_aside_cannot_exceed_the_round(changed: Changed, seats: int, named: list[str]) -> None:
    report = check_edition(changed(p1_2=lambda data: data["priority"]["steps"][0].update(share=None, seats=seats)))
    assert said(report.errors, "programmes/1-2.toml") == [
        f"priority.steps.set_aside.seats: found 401, expected at most 400, the places of round {code}" for code in named
    ]


def test_a_figure_without_a_source_is_named(changed: Changed) -> None:
    report = check_edition(changed(p2_4=lambda data: data["sources"].pop(0)))
    assert said(report.errors, "programmes/2-4.toml") == [
        f"{key}: found 2 without a source, expected a source whose 'of' covers this key"
        for key in ("quota", "channels.stores.count")
    ]


@pytest.mark.parametrize(
    ("act", "key", "found"),
    [
        (put("groups.0.fact", "listedd"), "groups.listed.fact", "'listedd'"),
        (put("bonus.0.group", "friends"), "bonus.listed.group", "'friends'"),
        (put("bonus.0.programmes", ["1-9"]), "bonus.listed.programmes", "'1-9'"),
        (put("calendar.1.code", "family_month"), "calendar.code", "'family_month' 2 times"),
        (put("calendar.0.ends", date(2021, 4, 30)), "calendar.family_month.ends", "2021-04-30"),
        (
            put("eligibility.3.parameters", {"table": "none"}),
            "eligibility.industry_not_excluded.parameters.table",
            "'none'",
        ),
        (
            put("eligibility.10.parameters", {"programmes": ["9-9"]}),
            "eligibility.not_already_supported.parameters.programmes",
            "'9-9'",
        ),
    ],
)
def test_a_mistake_in_the_head_is_named(changed: Changed, act: Act, key: str, found: str) -> None:
    errors = check_edition(changed(head=act)).errors
    assert [(one.file, one.key, one.found) for one in errors] == [("edition.toml", key, found)]


def drop_last_step(data: Data) -> None:
    data["priority"]["steps"].pop()


def listings_only_in_the_second_round(data: Data) -> None:
    data["rounds"][1]["tracks"] = ["listing"]


@pytest.mark.parametrize(
    ("programme", "act", "keys"),
    [
        ("1-1", put("rounds.0.seats", 249), ["rounds"]),
        ("1-1", put("rounds.1.opens", date(2021, 4, 9)), ["rounds.R2.opens"]),
        ("1-1", put("rounds.1.opens", date(2021, 4, 10)), []),
        ("1-2", drop_last_step, ["priority.steps"]),
        ("1-2", put("priority.bonus_cap", Decimal(0)), ["priority.bonus_cap"]),
        ("1-2", put("caps.0.share", 24), ["caps.per_region.share"] * 3),
        ("1-2", put("caps.0.share", 25), []),
        ("3-1", listings_only_in_the_second_round, [f"rounds.R{number}.seats" for number in (1, 2, 3, 4)]),
    ],
)
def test_what_is_hardly_meant_is_a_warning(changed: Changed, programme: str, act: Act, keys: list[str]) -> None:
    report = check_edition(changed(**{argument(programme): act}))
    assert report.errors == ()
    assert [(one.file, one.key) for one in report.warnings] == [(f"programmes/{programme}.toml", key) for key in keys]


def test_a_rule_asked_when_it_cannot_be_asked_is_named(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    late = replace(RULES["nominated"], moments=(Moment.SELECTION,))
    monkeypatch.setattr(references, "RULES", {**RULES, "nominated": late})
    assert check_edition(edition).errors == tuple(
        Problem(
            "programmes/2-3.toml",
            "eligibility.nominated.moments",
            f"'{moment}'",
            "'selection' (there are: selection)" if moment == "application" else "one of: selection",
        )
        for moment in ("application", "closing")
    )


def test_a_consortium_rule_needs_its_table(changed: Changed) -> None:
    errors = check_edition(changed(p2_4=put("consortium", None))).errors
    assert [(one.file, one.key) for one in errors] == [
        ("programmes/2-4.toml", "eligibility.consortium_composition.parameters")
    ]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (
            "stages.1.rubric.0.max",
            "20.3",
            ("stages.paper.rubric.capability.max", "'20.3'", "a multiple of 0.5, the step of points"),
        ),
        (
            "stages.1.pass_mark",
            "60.005",
            ("stages.paper.pass_mark", "'60.005'", "a multiple of 0.01, the step of the score"),
        ),
        ("stages.1.pass_mark", "60.05", None),
    ],
)
def test_points_lie_on_their_step(
    changed: Changed, path: str, value: str, problem: tuple[str, str, str] | None
) -> None:
    errors = check_edition(changed(p1_4=put(path, Decimal(value)))).errors
    assert errors == (() if problem is None else (Problem("programmes/1-4.toml", *problem),))


def test_what_only_freezing_finds_is_named_with_its_round(changed: Changed) -> None:
    errors = check_edition(changed(p1_4=put("priority.bonus.0.points", Decimal("0.005")))).errors
    assert errors == tuple(
        Problem(
            "programmes/1-4.toml", f"rounds.{code}", "rules that cannot be frozen", "0.005 is not a multiple of 0.01"
        )
        for code in ("R1", "R2")
    )
