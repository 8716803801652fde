import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.rules.edition.load import edition_from_json, edition_to_json, load_edition
from panro.rules.edition.model import Edition
from panro.rules.edition.problems import EditionError, Problem
from panro.rules.edition.write import edition_files, toml_text, write_edition

type Data = dict[str, Any]


def test_a_written_year_loads_equal(tmp_path: Path, edition: Edition) -> None:
    write_edition(edition, tmp_path / "new")
    assert load_edition(tmp_path / "new") == edition


def test_the_built_in_files_are_in_the_fixed_layout(edition: Edition) -> None:
    folder = files("panro.editions") / "data" / "2021"
    for name, text in edition_files(edition).items():
        assert text == (folder / name).read_text(encoding="utf-8"), name


def test_a_year_read_from_json_is_written_alike(edition: Edition) -> None:
    assert edition_files(edition_from_json(edition_to_json(edition))) == edition_files(edition)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, edition: Edition) -> None:
    (tmp_path / "note.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        write_edition(edition, tmp_path)
    assert caught.value.problems == [
        Problem(str(tmp_path), "", "a folder that is not empty", "a new or an empty folder")
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_nothing_inside_a_list_has_no_form(tmp_path: Path, changed: Callable[..., Edition]) -> None:
    def spoil(data: Data) -> None:
        data["eligibility"][0]["parameters"] = {"facts": ["wants_online", None]}

    with pytest.raises(EditionError) as caught:
        write_edition(changed(p1_3=spoil), tmp_path)
    assert caught.value.problems == [
        Problem(
            "programmes/1-3.toml", "eligibility.any_reason.parameters.facts.2", "None", "a value that TOML can hold"
        )
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = TEXTS | st.booleans() | st.integers(-(2**53), 2**53) | st.dates(min_value=date(1, 1, 1))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
TABLES = st.dictionaries(TEXTS, VALUES, max_size=4) | st.fixed_dictionaries(
    {
        "x": st.lists(
            st.fixed_dictionaries({"code": TEXTS, "inner": st.lists(st.dictionaries(TEXTS, LEAVES, max_size=2))})
        )
    }
)


@given(TABLES)
def test_any_table_reads_back_as_written(table: Data) -> None:
    assert tomllib.loads(toml_text(table)) == table


def test_the_layout_keeps_texts_on_one_line_and_gives_rich_entries_a_table() -> None:
    table = {
        "code": "x",
        "name": {"ko": "가" * 200, "en": "b"},
        "offers": [{"ko": "하나", "en": "one"}],
        "deep": [{"code": "a", "rows": [{"n": 1}]}],
        "last": 1,
    }
    assert toml_text(table) == (
        'code = "x"\n'
        f'name = {{ ko = "{"가" * 200}", en = "b" }}\n'
        'offers = [\n    { ko = "하나", en = "one" },\n]\n'
        "last = 1\n\n"
        '[[deep]]\ncode = "a"\nrows = [\n    { n = 1 },\n]\n'
    )
