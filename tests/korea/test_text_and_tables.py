"""Particles, normal forms, and strict reading of tables."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

import panro.korea
from panro.korea.calendar import business_calendar, load_calendar
from panro.korea.certificates import load_paper_terms, paper_terms
from panro.korea.industries import exclusion_table, load_excluded_industries
from panro.korea.regions import load_regions, region_table
from panro.korea.small_merchants import load_size_tables, size_tables
from panro.korea.tables import TableError
from panro.korea.text import ExplainedError, Text, nfc, with_particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("소상공인", "은/는", "소상공인은"),
        ("가게", "은/는", "가게는"),
        ("확인서", "이/가", "확인서가"),
        ("공고문", "을/를", "공고문을"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("제주", "으로/로", "제주로"),
        ("사과", "과/와", "사과와"),
        ("TV", "은/는", "TV는"),
        ("URL", "을/를", "URL을"),
        ("URL", "으로/로", "URL로"),
        ("PDF", "이/가", "PDF가"),
        ("PIN", "이/가", "PIN이"),
        ("3-1", "은/는", "3-1은"),
        ("4-2", "은/는", "4-2는"),
        ("3-1", "으로/로", "3-1로"),
        ("3-3", "으로/로", "3-3으로"),
        ("100", "이/가", "100이"),
        ("“가나다”", "을/를", "“가나다”를"),
        ("강원(51)", "은/는", "강원(51)은"),
        ("", "은/는", "는"),
    ],
)
def test_particles_follow_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


@pytest.mark.parametrize(("digit", "reading"), list(zip("0123456789", "영일이삼사오육칠팔구", strict=True)))
def test_a_digit_takes_the_particle_of_its_reading(digit: str, reading: str) -> None:
    for pair in ("은/는", "이/가", "을/를", "과/와", "으로/로"):
        assert with_particle(digit, pair)[1:] == with_particle(reading, pair)[1:]


def test_decomposed_names_count_as_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "소상공인")
    assert nfc(decomposed) == "소상공인"
    assert with_particle(decomposed, "은/는") == decomposed + "은"


def test_an_explained_error_speaks_both_languages() -> None:
    error = ExplainedError(Text(ko="고쳐 주세요.", en="mend it"))
    assert str(error) == "고쳐 주세요. / mend it"
    assert error.text.en == "mend it"


def test_every_delivered_table_can_be_brought_as_a_file_of_an_edition() -> None:
    data = Path(panro.korea.__file__).parent / "data"
    day = date(2021, 3, 17)
    assert load_regions(data / "regions.toml").regions_on(day) == region_table().regions_on(day)
    assert load_paper_terms(data / "paper_terms.toml") == paper_terms()
    assert load_calendar(data / "holidays.toml").overrides == business_calendar().overrides
    assert load_excluded_industries(data / "excluded_industries.toml").on(day).rows == exclusion_table(day).rows
    limits = [
        tables.sales_limit("47", "10", on=day)
        for tables in (load_size_tables(data / "sales_limits.toml"), size_tables())
    ]
    assert limits[0] == limits[1]
    assert limits[0] is not None


def test_a_table_that_is_no_toml_or_no_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(TableError, match=r"missing\.toml: .*UTF-8"):
        load_regions(missing)
    broken = tmp_path / "broken.toml"
    broken.write_text("covers_from = ", encoding="utf-8")
    with pytest.raises(TableError, match=r"broken\.toml: is not TOML"):
        load_regions(broken)
    other_encoding = tmp_path / "cp949.toml"
    other_encoding.write_bytes('name = "가"'.encode("cp949"))
    with pytest.raises(TableError, match="give a UTF-8 file"):
        load_regions(other_encoding)
