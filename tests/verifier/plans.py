"""Rounds for the tests: one small and rich, many random ones, one as large as a country."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from verifier.made_places import Plan

if TYPE_CHECKING:
    from verifier.dossier_maker import Maker
    from verifier.made_files import Files, Row

REGIONS = ("서울", "부산", "강원, 영서", "")
GROUPS = ("청년", "여성", "재난")


def rules(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of rules.json
    return {
        "edition": "2021",
        "programme": "3-1",
        "round": "R1",
        "method": "ranked",
        "simulated": False,
        "stages": [],
        "total_step": "0.01",
        "bonus": {"cap": "3.00", "items": {"award": "2.00", "export": "1.50", "late": "0.50"}},
        "service_order": ["재난"],
        "ladder": ["bonus"],
        "seats": None,
        "tracks": {"basic": None, "plus": 4},
        "caps": [],
        "steps": [{"kind": "open", "group": None, "seats": None}],
        "waiting": None,
        "assignment_event": "KOSPI close of 2021-05-03",
        "draw_event": "로또 963회",
    } | changes


def stage(code: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a stage
    return {
        "code": code,
        "criteria": [{"code": "plan", "max": "6.0"}, {"code": "skill", "max": "4.0"}],
        "point_step": "0.5",
        "panel": 3,
        "aggregate": "mean",
        "step": "0.01",
        "pass_mark": None,
        "keep": None,
        "weight": 10000,
    } | changes


def applicant(rng: random.Random, number: int, tracks: list[str]) -> Row:
    requirement = rng.choice(("eligible",) * 7 + ("ineligible", "lapsed", "withdrawn"))
    refused = requirement != "eligible"
    return {
        "receipt_no": f"2021-{number:05}",
        "track": rng.choice(tracks),
        "region": rng.choice(REGIONS),
        "requirement": requirement,
        "reason": "turnover_2020" if refused else "",
        "clause": '공고 3.2, "매출"' if refused and requirement != "withdrawn" else "",
        "groups": ";".join(sorted(rng.sample(GROUPS, rng.choice((0, 0, 1, 2))))),
        "bonus": ";".join(sorted(rng.sample(("award", "export", "late"), rng.choice((0, 0, 1, 3))))),
    }


def rosters(rng: random.Random, stages: list[dict[str, Any]], applicants: int, spare: int) -> dict[str, Any]:
    found = {}
    for one in stages:
        size = one["panel"] * 2 + spare
        reviewers = [f"위원{i:02}" for i in range(size)]
        pairs = {(rng.randint(1, applicants), rng.choice(reviewers)) for _ in range(applicants // 4)}
        found[one["code"]] = {
            "roster": reviewers,
            "conflicts": pairs if spare > 2 else set(),
            "resigned": {reviewer: rng.randint(0, 4) for reviewer in rng.sample(reviewers, spare // 3)},
        }
    return found


def small(**changes: Any) -> Plan:  # noqa: ANN401 - any key of rules.json
    """Return two stages, a set-aside, caps by region, replacements and offers."""
    rng = random.Random(7)
    stages = [
        stage("paper", aggregate="panel_adjusted", pass_mark="3.00", keep=9, weight=4000),
        stage("talk", panel=4, aggregate="trimmed_mean", step="0.1", weight=6000),
    ]
    chosen = rules(
        stages=stages,
        simulated=True,
        seats=6,
        caps=[{"name": "province", "by": "region", "tracks": None, "limit": 3}],
        steps=[
            {"kind": "set_aside", "group": "청년", "seats": 2},
            {"kind": "open", "group": None, "seats": None},
        ],
        waiting=2,
        ladder=["criterion:talk.skill", "stage:paper", "bonus"],
        **changes,
    )
    people = [applicant(rng, i, ["basic", "plus"]) for i in range(16)]
    return Plan(chosen, people, rosters(rng, stages, 16, 5), rng, replacements=3, offers=12)


def chance(seed: int) -> Plan:
    """Return a random round; coarse points and steps, so that there are many ties."""
    rng = random.Random(seed)
    tracks: dict[str, int | None] = {"basic": rng.choice((None, 3)), "plus": rng.choice((None, 0, 2, 5))}
    stages, weights = [], rng.choice(([], [10000], [10000], [3333, 6667], [5000, 0, 5000]))
    for i, weight in enumerate(weights):
        aggregate = rng.choice(("mean", "trimmed_mean", "panel_adjusted"))
        coarse = rng.choice((("1", "2", "3"), ("0.5", "1.5", "4.0"), ("0.25", "1.25", "2.00")))
        step = rng.choice(("1", "0.1", "0.05", "0.001"))
        digits = len(step.partition(".")[2])
        mark = rng.choice((None, f"{rng.randint(1, 4)}{'.' if digits else ''}{'0' * digits}"))
        stages.append(
            stage(
                f"s{i}",
                criteria=[{"code": "a", "max": coarse[1]}, {"code": "b", "max": coarse[2]}],
                point_step=coarse[0],
                panel=rng.randint({"mean": 1, "trimmed_mean": 3, "panel_adjusted": 2}[aggregate], 4),
                aggregate=aggregate,
                step=step,
                pass_mark=mark,
                keep=rng.choice((None, 1, 4, 8)),
                weight=weight,
            )
        )
    ladder = ["bonus", *(f"stage:{s['code']}" for s in stages), *(f"criterion:{s['code']}.b" for s in stages)]
    total_step = rng.choice(("1", "0.5", "0.01"))
    digits = len(total_step.partition(".")[2])
    zeros = "." + "0" * digits if digits else ""
    chosen = rules(
        stages=stages,
        total_step=total_step,
        bonus={"cap": "2" + zeros, "items": {"award": "2" + zeros, "export": "1" + zeros, "late": "0" + zeros}},
        service_order=rng.choice(([], ["재난"], ["여성", "청년"])),
        ladder=rng.sample(ladder, rng.randint(0, len(ladder))),
        seats=rng.choice((None, 0, 4, 7)),
        tracks=tracks,
        caps=rng.choice(
            (
                [],
                [{"name": "province", "by": "region", "tracks": None, "limit": rng.randint(0, 3)}],
                [
                    {"name": "few", "by": None, "tracks": ["plus"], "limit": 2},
                    {"name": "province", "by": "region", "tracks": ["basic"], "limit": 2},
                ],
            )
        ),
        steps=rng.choice(
            (
                [{"kind": "open", "group": None, "seats": rng.choice((None, 5))}],
                [
                    {"kind": "set_aside", "group": "여성", "seats": rng.choice((None, 1, 3))},
                    {"kind": "set_aside", "group": "청년", "seats": 2},
                    {"kind": "open", "group": None, "seats": rng.choice((None, 4))},
                ],
                [{"kind": "open", "group": None, "seats": 2}, {"kind": "set_aside", "group": "청년", "seats": 2}],
            )
        ),
        waiting=rng.choice((None, 0, 2, 5)),
    )
    size = rng.choice((0, 1, 5, 24, 24))
    people = [applicant(rng, i, list(tracks)) for i in range(size)]
    return Plan(chosen, people, rosters(rng, stages, max(size, 1), 6), rng, replacements=4, offers=rng.choice((0, 60)))


def objected(maker: Maker, rng: random.Random, *, everybody_objects: bool = False, addenda: int = 1) -> Files:
    """Judge objections of some: scores anew, some requirements decided anew; the round must be without offers.

    With more `addenda` than one the objections are those of so many, one after another.
    """
    changes: dict[int, Row] = {}
    objections = set()
    for number, case in maker.cases.items():
        eligible = case["requirement"] == "eligible"
        if rng.random() < (0.3 if eligible else 0.6):
            if eligible and maker.rules["stages"] and rng.random() < 0.7:
                objections.add(number)
            elif not eligible and rng.random() < 0.7:
                changes[number] = {**case, "requirement": "eligible", "reason": "", "clause": "", "receipt_no": "new"}
                if maker.rules["stages"]:
                    objections.add(number)
            else:
                change = {"requirement": "ineligible", "reason": "closed_shop", "clause": "공고 3.4"}
                changes[number] = {**case, **change, "receipt_no": "new"}
                if eligible and everybody_objects:
                    objections.add(number)
    rounds = [{n for n in objections if n % addenda == at} for at in range(addenda)]
    return maker.addendum(rounds, changes)


def large(applicants: int, *, reviewers: int = 300) -> Plan:
    """Return one stage with five reviewers and five criteria for each of many applicants."""
    rng = random.Random(1)
    five = [{"code": f"c{i}", "max": "20"} for i in range(5)]
    one = stage("paper", criteria=five, point_step="1", panel=5, aggregate="panel_adjusted", pass_mark="40.00")
    chosen = rules(
        stages=[one],
        seats=applicants // 4,
        tracks={"basic": None, "plus": applicants // 10},
        caps=[{"name": "province", "by": "region", "tracks": None, "limit": applicants // 12}],
        waiting=applicants // 20,
        steps=[
            {"kind": "set_aside", "group": "청년", "seats": applicants // 50},
            {"kind": "open", "group": None, "seats": None},
        ],
    )
    people = []
    for i in range(applicants):
        requirement = "eligible"
        person = applicant(rng, i, ["basic", "plus"])
        people.append({**person, "requirement": requirement, "reason": "", "clause": ""})
    names = [f"reviewer-{i:04}" for i in range(reviewers)]
    pairs = {(rng.randint(1, applicants), rng.choice(names)) for _ in range(applicants // 10)}
    return Plan(chosen, people, {"paper": {"roster": names, "conflicts": pairs, "resigned": {}}}, rng, offers=200)


def tiny() -> Plan:
    """Return the smallest round that has everything: for attacks on every single byte."""
    rng = random.Random(5)
    stages = [stage("s", criteria=[{"code": "a", "max": "2.0"}], panel=2, aggregate="panel_adjusted", keep=3)]
    people = [applicant(rng, i, ["basic"]) for i in range(5)]
    plan_rosters = {"s": {"roster": [f"r{i}" for i in range(6)], "conflicts": {(1, "r1")}, "resigned": {"r2": 1}}}
    chosen = rules(stages=stages, seats=2, tracks={"basic": None}, service_order=[], bonus={"cap": "0.00", "items": {}})
    for person in people:
        person["bonus"] = ""
    return Plan(chosen, people, plan_rosters, rng, replacements=1, offers=6)
