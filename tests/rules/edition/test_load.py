import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panro.proof.canonical import encode
from panro.rules.edition.load import (
    built_in_editions,
    edition_from_json,
    edition_to_json,
    head_from_json,
    head_to_json,
    load_edition,
    programme_from_json,
    programme_to_json,
)
from panro.rules.edition.model import Edition
from panro.rules.edition.problems import EditionError, Problem

type Data = dict[str, Any]
type Spoil = Callable[[str, Callable[[Data], object]], Path]
P31 = "programmes/3-1.toml"
KINDS = (
    *("training", "consulting", "matching", "content", "advertising", "channels"),
    *("sales_events", "broadcasts", "grants", "facilities", "subscription", "audition"),
)


def problems_of(place: Path | str) -> list[Problem]:
    with pytest.raises(EditionError) as caught:
        load_edition(place)
    return caught.value.problems


def test_the_built_in_year_and_its_copy_are_equal(folder: Path, edition: Edition) -> None:
    assert built_in_editions() == ["2021"]
    assert load_edition(folder) == edition
    assert load_edition(str(folder)) == edition


def test_an_unknown_place_names_the_years_there_are() -> None:
    assert problems_of("2020") == [Problem("2020", "", "no such folder", "a folder, or one of: 2021")]


def _set(*path: str | int, value: object) -> Callable[[Data], object]:
    def change(data: Data) -> None:
        at: Any = data
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


def _drop(*path: str | int) -> Callable[[Data], object]:
    def change(data: Data) -> None:
        at: Any = data
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "key", "found", "expected"),
    [
        (_set("quota", value="many"), "quota", "'many'", "a whole number"),
        (_set("quota", value=0), "quota", "0", "at least 1"),
        (_set("unit", value="shop"), "unit", "'shop'", "one of: 'company', 'person', 'place' or 'product'"),
        (_drop("for_whom"), "for_whom", "nothing", "this key, which is required"),
        (_drop("rounds", 1, "closes"), "rounds.R2.closes", "nothing", "this key, which is required"),
        (_set("name", "en", value=""), "name.en", "''", "a text that is not empty"),
        (_set("offers", value=[]), "offers", "[]", "at least 1 entry"),
        (_set("pilot", value="yes"), "pilot", "'yes'", "true or false"),
        (
            _set("rounds", 0, "opens", value="2021-03-17"),
            "rounds.R1.opens",
            "'2021-03-17'",
            "a date such as 2021-03-17, without quotes",
        ),
        (
            _set("stages", 1, "rubric", 1, "max", value="a lot"),
            "stages.paper.rubric.product.max",
            "'a lot'",
            "something else: write a decimal in quotes, for example '0.5'",
        ),
        (
            _set("kinds", 1, "kind", value="sale_events"),
            "kinds.sale_events",
            "'sale_events'",
            f"'sales_events' (there are: {', '.join(KINDS)})",
        ),
        (_set("kinds", 1, "events", value=-1), "kinds.sales_events.events", "-1", "at least 1"),
        (
            _set("caps", 0, "limit", value=3),
            "caps.listing_per_region",
            None,
            "something else: give either limit or share",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    spoil: Spoil, change: Callable[[Data], object], key: str, found: str | None, expected: str
) -> None:
    (problem,) = problems_of(spoil(P31, change))
    assert (problem.file, problem.key, problem.expected) == (P31, key, expected)
    if found is not None:
        assert problem.found == found


@pytest.mark.parametrize(
    ("change", "key", "nearest"),
    [
        (_set("quotas", value=3), "quotas", "quota"),
        (_set("priority", "bonus_caps", value="3"), "priority.bonus_caps", "bonus_cap"),
        (_set("rounds", 0, "close", value=1), "rounds.R1.close", "closes"),
        (_set("stages", 1, "rubric", 0, "maximum", value="1"), "stages.paper.rubric.capability.maximum", "max"),
    ],
)
def test_an_unknown_key_suggests_the_nearest(
    spoil: Spoil, change: Callable[[Data], object], key: str, nearest: str
) -> None:
    (problem,) = problems_of(spoil(P31, change))
    assert (problem.file, problem.key, problem.found) == (P31, key, "an unknown key")
    assert problem.expected.startswith(f"'{nearest}' (there are: ")


def test_a_fraction_without_quotes_is_refused(folder: Path) -> None:
    file = folder / P31
    file.write_text(file.read_text(encoding="utf-8").replace('max = "30"', "max = 30.5"), encoding="utf-8")
    assert problems_of(folder) == [
        Problem(
            P31,
            "stages.paper.rubric.product.max",
            "30.5",
            "something else: write a decimal in quotes, for example '0.5'",
        )
    ]


def test_all_problems_of_all_files_come_at_once(spoil: Spoil, folder: Path) -> None:
    spoil(P31, lambda data: data.update(quota="many", unit="shop"))
    spoil("edition.toml", lambda data: data.pop("summary"))
    (folder / "programmes/1-1.toml").write_text('code = "1-1"\nname = [\n', encoding="utf-8")
    (folder / "programmes/1-2.toml").write_bytes("code = '1-2'\n# 상품".encode("cp949"))
    places = [(problem.file, problem.key) for problem in problems_of(folder)]
    assert places == [
        ("edition.toml", "summary"),
        ("programmes/1-1.toml", ""),
        ("programmes/1-2.toml", ""),
        (P31, "unit"),
        (P31, "quota"),
    ]


def test_a_fault_of_writing_names_its_line(folder: Path) -> None:
    (folder / P31).write_text('code = "3-1"\nquota 6000\n', encoding="utf-8")
    (problem,) = problems_of(folder)
    assert problem.expected == "TOML"
    assert problem.found.endswith("(at line 2, column 7)")


def test_bytes_that_are_not_utf8_name_their_line(folder: Path) -> None:
    (folder / P31).write_bytes("code = '3-1'\n# 상품".encode("cp949"))
    assert problems_of(folder) == [Problem(P31, "", "bytes that are not UTF-8 in line 2", "a file saved as UTF-8")]


def test_file_names_and_the_head_must_agree(spoil: Spoil, folder: Path) -> None:
    spoil(P31, lambda data: data.update(code="3-9"))
    (folder / "programmes/4-3.toml").rename(folder / "programmes/4-4.toml")
    assert [str(problem) for problem in problems_of(folder)] == [
        "programmes/3-1.toml, code: found '3-9', expected '3-1', as the file's name.",
        "programmes/4-4.toml, code: found '4-3', expected '4-4', as the file's name.",
        "programmes/4-3.toml: found no file, expected one, because edition.toml names 4-3.",
        "edition.toml, programmes: found no 4-4, expected it, because there is programmes/4-4.toml.",
    ]


def test_a_programme_named_twice_is_told(spoil: Spoil) -> None:
    place = spoil("edition.toml", lambda data: data["programmes"].append("1-1"))
    assert problems_of(place) == [Problem("edition.toml", "programmes", "1-1 2 times", "each programme once")]


def test_decomposed_hangul_is_composed(folder: Path, edition: Edition) -> None:
    file = folder / P31
    file.write_text(unicodedata.normalize("NFD", file.read_text(encoding="utf-8")), encoding="utf-8")
    assert load_edition(folder) == edition


def test_json_keeps_everything_and_is_canonical(edition: Edition) -> None:
    data = json.loads(encode(edition_to_json(edition)))
    assert edition_from_json(data) == edition
    assert head_from_json(head_to_json(edition.head)) == edition.head
    for programme in edition.programmes:
        assert programme_from_json(programme_to_json(programme)) == programme


def test_wrong_json_is_named_like_a_file(edition: Edition) -> None:
    data = programme_to_json(edition.programme("3-1"))
    data["quota"] = "many"
    with pytest.raises(EditionError) as caught:
        programme_from_json(data)
    assert caught.value.problems == [Problem(P31, "quota", "'many'", "a whole number")]
