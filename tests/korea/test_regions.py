"""Provinces by date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.regions import (
    RegionError,
    current_code,
    read_regions,
    region,
    region_table,
    regions_on,
    same_region,
)
from panro.korea.tables import Confidence, TableError

CODES_2021 = ["11", "26", "27", "28", "29", "30", "31", "36", "41", "42", "43", "44", "45", "46", "47", "48", "50"]
FIRST, LAST = date(2012, 7, 1), date(2030, 12, 31)
days = st.dates(FIRST, LAST)
codes = st.sampled_from(sorted(row.code for row in region_table().rows))


def test_2021_has_seventeen_provinces_three_of_them_capital() -> None:
    on = regions_on(date(2021, 3, 17))
    assert [row.code for row in on] == CODES_2021
    assert [row.short_ko for row in on if row.capital] == ["서울", "인천", "경기"]


@pytest.mark.parametrize(
    ("last_day", "gone", "come", "count_before", "count_after"),
    [
        (date(2023, 6, 10), {"42"}, {"51"}, 17, 17),
        (date(2024, 1, 17), {"45"}, {"52"}, 17, 17),
        (date(2026, 6, 30), {"29", "46"}, {"12"}, 17, 16),
    ],
)
def test_changes_on_both_sides(
    last_day: date, gone: set[str], come: set[str], count_before: int, count_after: int
) -> None:
    before = {row.code for row in regions_on(last_day)}
    after = {row.code for row in regions_on(last_day + timedelta(days=1))}
    assert (before - after, after - before) == (gone, come)
    assert (len(before), len(after)) == (count_before, count_after)


def test_merged_provinces_are_one_only_after_the_merger() -> None:
    assert same_region("29", "46", on=date(2026, 6, 30)) is False
    assert same_region("29", "46", on=date(2026, 7, 1)) is True
    assert same_region("42", "51", on=date(2023, 6, 11)) is True


def test_a_successor_keeps_its_place_in_the_list() -> None:
    places = {
        day: [row.short_ko for row in regions_on(day)].index("강원") for day in (date(2021, 1, 1), date(2025, 1, 1))
    }
    assert len(set(places.values())) == 1


def _walk(code: str, day: date) -> str | None:
    """Follow succession row by row: the oracle."""
    rows = {row.code: row for row in region_table().rows}
    while rows[code].valid_to is not None and rows[code].valid_to < day:  # type: ignore[operator]
        heir = rows[code].succeeded_by
        if heir is None:
            return None
        code = heir
    return code if rows[code].valid_from <= day else None


@given(codes, days)
def test_current_code_follows_succession(code: str, day: date) -> None:
    expected = _walk(code, day)
    if expected is None:
        with pytest.raises(RegionError):
            current_code(code, on=day)
    else:
        assert current_code(code, on=day) == expected
        assert region(expected, on=day).code == expected


@given(codes, days, days)
def test_succession_is_closed(code: str, one: date, other: date) -> None:
    early, late = sorted((one, other))
    if _walk(code, early) is not None:
        assert current_code(current_code(code, on=early), on=late) == current_code(code, on=late)


@pytest.mark.parametrize(
    ("code", "day", "part"),
    [
        ("51", date(2023, 6, 10), "on 2023-06-10 use 42"),
        ("12", date(2026, 6, 30), "use 29, 46"),
        ("42", date(2023, 6, 11), "on 2023-06-11 use 51"),
        ("99", date(2021, 1, 1), "use one of: 11, 26"),
        ("11", date(2012, 6, 30), "begins on 2012-07-01"),
    ],
)
def test_errors_name_the_code_to_use(code: str, day: date, part: str) -> None:
    with pytest.raises(RegionError, match=part):
        region(code, on=day)


def test_names_old_and_new_lead_to_the_province_of_the_day() -> None:
    table = region_table()
    assert table.region_named("강원도", on=date(2024, 1, 1)).code == "51"
    assert table.region_named(" 서울 ", on=date(2021, 1, 1)).code == "11"
    assert table.region_named("SEOUL", on=date(2021, 1, 1)).code == "11"
    assert table.region_named("전남", on=date(2026, 6, 30)).code == "46"
    assert table.region_named("전남", on=date(2026, 7, 1)).code == "12"
    with pytest.raises(RegionError, match="서울, 부산"):
        table.region_named("평양", on=date(2021, 1, 1))


def test_every_row_has_source_and_confidence() -> None:
    assert {row.confidence for row in region_table().rows} == {Confidence.SECONDARY}
    assert [row.code for row in region_table().rows if not row.source] == []


ROW = """
[[region]]
code = "{code}"
rank = 1
name_ko = "가"
name_en = "A"
short_ko = "가"
short_en = "A"
capital = false
valid_from = {start}
source = "test"
confidence = "unsure"
"""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (ROW.format(code="1", start="2020-01-01") + "colour = 1\n", "t.toml: region.0.colour: unknown key"),
        (ROW.format(code="1", start='"2020-01-01"'), "region.0.valid_from: found"),
        (ROW.format(code="1", start="2020-01-01") * 2, "a code stands twice"),
        (ROW.format(code="1", start="2020-01-01") + "valid_to = 2019-12-31\n", "before valid_from"),
        (ROW.format(code="1", start="2020-01-01") + 'succeeded_by = "2"\n', "must name a code"),
        (
            ROW.format(code="1", start="2020-01-01")
            + 'valid_to = 2020-12-31\nsucceeded_by = "2"\n'
            + ROW.format(code="2", start="2021-01-02"),
            "on the day after valid_to",
        ),
    ],
)
def test_a_wrong_table_is_refused(text: str, part: str) -> None:
    with pytest.raises(TableError, match=part):
        read_regions("covers_from = 2020-01-01\n" + text, "t.toml")
