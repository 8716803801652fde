import random
from typing import Any

import pytest

from dossier.generate import random_rules
from panro.rules.selection.errors import RulesError
from panro.rules.selection.round_rules import Cap, RoundRules, Step
from rules.selection.makers import make_rules, make_stage


def test_rules_read_back_are_the_same() -> None:
    for number in range(200):
        rules = random_rules(random.Random(number), 20)
        assert RoundRules.from_json(rules.to_json()) == rules


def plain() -> dict[str, Any]:
    return make_rules(
        stages=[make_stage(pass_mark="60.00", keep=5)],
        tracks={"A": 3, "B": None},
        caps=[Cap("regional", "region", ("A",), 2)],
        steps=[Step("set_aside", "women", 1), Step("open", None, None)],
        ladder=["criterion:paper.a", "bonus"],
    ).to_json()  # type: ignore[return-value]


def changed(path: str, value: object) -> dict[str, Any]:
    rules = plain()
    *parents, last = path.split("/")
    inner: Any = rules
    for key in parents:
        if isinstance(inner, list):
            inner = inner[int(key)]
        else:
            inner[key] = list(inner[key]) if isinstance(inner[key], tuple) else inner[key]
            inner = inner[key]
    inner[int(last) if isinstance(inner, list) else last] = value
    return rules


@pytest.mark.parametrize(
    ("path", "value", "key", "found"),
    [
        ("seats", -1, "seats", -1),
        ("seats", True, "seats", True),
        ("seats", "3", "seats", "3"),
        ("method", "lottery", "method", "lottery"),
        ("simulated", 1, "simulated", 1),
        ("edition", "20/21", "edition", "20/21"),
        ("total_step", "0", "total_step", "0"),
        ("total_step", 1, "total_step", 1),
        ("tracks", {}, "tracks", {}),
        ("tracks/A", -1, "tracks.A", -1),
        ("bonus/cap", "5.0", "bonus.cap", "5.0"),
        ("bonus/items/x", "-1.00", "bonus.items.x", "-1.00"),
        ("stages/0/weight", 9999, "stages", 9999),
        ("stages/0/aggregate", "median", "stages[0].aggregate", "median"),
        ("stages/0/panel", 0, "stages[0].panel", 0),
        ("stages/0/keep", 0, "stages[0].keep", 0),
        ("stages/0/pass_mark", "60", "stages[0].pass_mark", "60"),
        ("stages/0/criteria", [], "stages[0].criteria", []),
        ("stages/0/criteria/0/max", "60.5", "stages[0].criteria[0].max", "60.5"),
        ("stages/0/criteria/1/code", "a", "stages[0].criteria", "a"),
        ("ladder/0", "criterion:paper.z", "ladder[0]", "criterion:paper.z"),
        ("ladder/0", "bonus", "ladder", "bonus"),
        ("service_order", ["a", "a"], "service_order", "a"),
        ("seats", 10**15, "seats", 10**15),
        ("edition", "", "edition", ""),
        ("stages/0/code", "a;b", "stages[0].code", "a;b"),
        ("stages/0/pass_mark", "-1.00", "stages[0].pass_mark", "-1.00"),
        ("stages/0/criteria/0/max", "-1", "stages[0].criteria[0].max", "-1"),
        ("stages/0/panel", 2.0, "stages[0].panel", 2.0),
        ("bonus/cap", "-0.01", "bonus.cap", "-0.01"),
        ("bonus/items", {"a;b": "1.00"}, "bonus.items", "a;b"),
        ("round", "R/1", "round", "R/1"),
        ("tracks", {"": None}, "tracks", ""),
        ("ladder/0", "stage:visit", "ladder[0]", "stage:visit"),
        ("caps/0/name", "seats", "caps[0].name", "seats"),
        ("caps/0/name", "steps", "caps[0].name", "steps"),
        ("caps/0/name", "track", "caps[0].name", "track"),
        ("caps/0/name", "regional:11", "caps[0].name", "regional:11"),
        ("caps/0/name", "", "caps[0].name", ""),
        ("draw_event", "lottery\u0085", "draw_event", "lottery\u0085"),
        ("caps/0/by", "track", "caps[0].by", "track"),
        ("caps/0/tracks", ["C"], "caps[0].tracks", "C"),
        ("steps", [], "steps", []),
        ("steps/0/group", None, "steps[0].group", None),
        ("steps/1/group", "women", "steps[1].group", "women"),
        ("draw_event", "", "draw_event", ""),
        ("colour", 1, "colour", 1),
    ],
)
def test_an_error_names_key_found_and_expected(path: str, value: object, key: str, found: object) -> None:
    with pytest.raises(RulesError) as error:
        RoundRules.from_json(changed(path, value))
    assert (error.value.key, error.value.found) == (key, found)
    assert str(error.value) == f"{key}: found {found!r}, expected {error.value.expected}"


def test_numbers_have_at_most_15_digits() -> None:
    assert RoundRules.from_json(changed("seats", 10**15 - 1)).seats == 10**15 - 1


def test_names_do_not_repeat() -> None:
    stage, cap = plain()["stages"][0], plain()["caps"][0]
    halves = [{**stage, "weight": 5000}, {**stage, "weight": 5000}]
    for path, value, found in (("stages", halves, "paper"), ("caps", [cap, cap], "regional")):
        with pytest.raises(RulesError) as error:
            RoundRules.from_json(changed(path, value))
        assert (error.value.key, error.value.found) == (path, found)
    assert (
        RoundRules.from_json(changed("stages", [halves[0], {**halves[1], "code": "visit"}])).stages[1].code == "visit"
    )


def test_a_missing_key_is_named() -> None:
    rules = plain()
    del rules["stages"][0]["keep"]
    with pytest.raises(RulesError) as error:
        RoundRules.from_json(rules)
    assert error.value.key == "stages[0].keep"


@pytest.mark.parametrize(("aggregate", "least"), [("mean", 1), ("trimmed_mean", 3), ("panel_adjusted", 2)])
def test_each_method_has_its_least_panel(aggregate: str, least: int) -> None:
    rules = changed("stages/0/aggregate", aggregate)
    rules["stages"][0]["panel"] = least
    assert RoundRules.from_json(rules).stages[0].panel == least
    rules["stages"][0]["panel"] = least - 1
    with pytest.raises(RulesError, match=r"stages\[0\].panel"):
        RoundRules.from_json(rules)
