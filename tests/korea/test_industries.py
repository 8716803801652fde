"""Industries and the list of excluded ones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.korea.industries import (
    ExcludedIndustries,
    ExclusionMode,
    ExclusionTable,
    IndustryAnswer,
    IndustryError,
    IndustryReason,
    classification,
    classify_industry,
    excluded_industries,
    exclusion_table,
    parse_industry_code,
    read_excluded_industries,
    revision_on,
)
from panro.korea.tables import Confidence, TableError

OPENING_DAY = date(2021, 3, 17)
A, B, Q, U = IndustryAnswer.ALLOWED, IndustryAnswer.BLOCKED, IndustryAnswer.ASK, IndustryAnswer.UNKNOWN


def table() -> ExclusionTable:
    return exclusion_table(OPENING_DAY)


def test_classification_has_21_sections_and_77_divisions() -> None:
    assert "".join(classification().sections) == "ABCDEFGHIJKLMNOPQRSTU"
    assert len(classification().divisions) == 77
    assert {row.section for row in classification().divisions.values()} == set(classification().sections)
    assert [code for code, row in classification().divisions.items() if row.section == "C"] == [
        f"{number}" for number in range(10, 35)
    ]


@pytest.mark.parametrize(
    ("day", "revision"),
    [
        (date(2017, 6, 30), None),
        (date(2017, 7, 1), "10"),
        (date(2024, 6, 30), "10"),
        (date(2024, 7, 1), "11"),
    ],
)
def test_revision_in_force(day: date, revision: str | None) -> None:
    assert revision_on(day) == revision


@pytest.mark.parametrize(("text", "code"), [("10797", "10797"), (" c10797 ", "10797"), ("G47", "47"), ("４７", "47")])
def test_codes_are_read(text: str, code: str) -> None:
    assert parse_industry_code(text) == code


@pytest.mark.parametrize("text", ["", "C", "1", "107971", "04111", "C4711", "ㄱ10", "10-797"])
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(IndustryError):
        parse_industry_code(text)


@pytest.mark.parametrize(
    ("code", "answer", "prefix", "exception"),
    [
        ("10797", A, None, None),
        ("46333", B, "46333", None),
        ("46102", Q, "46102", None),
        ("64110", B, "64", None),
        ("66", B, "66", None),
        ("68111", B, "68", None),
        ("68112", Q, "68", "68112"),
        ("68211", A, "68", "6821"),
        ("68221", Q, "68", "68221"),
        ("68222", B, "68", None),
        ("68224", A, "68", "68224"),
        ("86101", B, "86", None),
        ("86902", A, "86", "86902"),
        ("91121", B, "91121", None),
        ("91136", A, None, None),
        ("58211", Q, "5821", None),
        ("58221", A, None, None),
        ("56211", B, "56211", None),
        ("56219", A, None, None),
    ],
)
def test_rows_of_the_list(code: str, answer: IndustryAnswer, prefix: str | None, exception: str | None) -> None:
    verdict = classify_industry(code, "10", table())
    assert verdict.answer is answer
    assert (verdict.row.prefix if verdict.row else None) == prefix
    assert (verdict.exception.prefix if verdict.exception else None) == exception


@pytest.mark.parametrize(
    ("code", "revision", "reason"),
    [
        ("56", "10", IndustryReason.CODE_TOO_SHORT),
        ("68", "10", IndustryReason.CODE_TOO_SHORT),
        ("4", "10", IndustryReason.CODE_UNREADABLE),
        ("463331", "10", IndustryReason.CODE_UNREADABLE),
        ("4633x", "10", IndustryReason.CODE_UNREADABLE),
        ("04111", "10", IndustryReason.CODE_UNREADABLE),
        ("46333", "11", IndustryReason.REVISION_UNMAPPED),
        ("4633x", "11", IndustryReason.CODE_UNREADABLE),
    ],
)
def test_what_cannot_be_told_is_unknown(code: str, revision: str, reason: IndustryReason) -> None:
    verdict = classify_industry(code, revision, table())
    assert (verdict.answer, verdict.reason, verdict.row) == (U, reason, None)


def _scan(code: str) -> IndustryAnswer:
    """Look at every row and exception one by one: the oracle."""
    found: list[tuple[int, IndustryAnswer]] = []
    below = False
    for row in excluded_industries().rows:
        listed = [(row.prefix, B if row.mode is ExclusionMode.BLOCK else Q)]
        listed += [(item.prefix, Q if item.condition_ko else A) for item in row.exceptions]
        for prefix, answer in listed:
            if code.startswith(prefix):
                found.append((len(prefix), answer))
            below = below or (prefix.startswith(code) and prefix != code)
    if below:
        return U
    return max(found)[1] if found else A


prefixes = sorted(
    {row.prefix for row in excluded_industries().rows}
    | {item.prefix for row in excluded_industries().rows for item in row.exceptions}
)
near_a_row = st.builds(
    lambda prefix, rest, length: (prefix + rest)[:length],
    st.sampled_from(prefixes),
    st.text("0123456789", min_size=3, max_size=3),
    st.integers(2, 5),
)
anywhere = st.builds(
    lambda division, rest: division + rest,
    st.sampled_from(sorted(classification().divisions)),
    st.text("0123456789", max_size=3),
)


@given(near_a_row | anywhere)
def test_classification_agrees_with_a_linear_scan(code: str) -> None:
    assert classify_industry(code, "10", table()).answer is _scan(code)


def test_every_row_has_source_and_both_languages() -> None:
    rows = excluded_industries().rows
    assert len(rows) == 39
    assert [row.prefix for row in rows if not (row.source and row.name_ko and row.name_en)] == []
    assert [row.prefix for row in rows if (row.note_ko is None) != (row.note_en is None)] == []
    assert [row.prefix for row in rows if row.confidence is Confidence.UNSURE] == ["63992"]


def test_a_part_of_a_code_is_never_blocked_by_the_code_alone() -> None:
    assert [row.prefix for row in excluded_industries().rows if row.part is not (row.mode is ExclusionMode.ASK)] == []


ROW = """
[[row]]
prefix = "{prefix}"
revision = "{revision}"
mode = "block"
part = false
name_ko = "가"
name_en = "A"
source = "test"
confidence = "unsure"
"""
MAPPING = """
[[mapping]]
from_revision = "11"
from_code = "{code}"
to_revision = "10"
to_codes = {codes}
source = "test"
confidence = "unsure"
"""


def read(text: str) -> ExcludedIndustries:
    return read_excluded_industries(text, "t.toml")


def test_rows_hold_between_their_dates_both_inclusive() -> None:
    dated = read(ROW.format(prefix="47", revision="10") + "valid_from = 2021-02-01\nvalid_to = 2021-02-28\n")
    answers = {
        day: classify_industry("47111", "10", dated.on(day)).answer for day in (date(2021, 2, 1), date(2021, 2, 28))
    }
    assert answers == {date(2021, 2, 1): B, date(2021, 2, 28): B}
    for day in (date(2021, 1, 31), date(2021, 3, 1)):
        assert dated.on(day).rows == ()


def test_a_mapping_leads_from_another_revision_if_all_its_codes_agree() -> None:
    text = ROW.format(prefix="46333", revision="10") + ROW.format(prefix="46334", revision="10")
    text += MAPPING.format(code="46331", codes='["46333", "46334"]')
    text += MAPPING.format(code="46332", codes='["46333", "46335"]')
    mapped = read(text).on(OPENING_DAY)
    assert classify_industry("46331", "11", mapped).answer is B
    assert classify_industry("46332", "11", mapped).reason is IndustryReason.REVISION_UNMAPPED
    assert classify_industry("46339", "11", mapped).reason is IndustryReason.REVISION_UNMAPPED


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (ROW.format(prefix="47", revision="10") + "colour = 1\n", "t.toml: row.0.colour: unknown key"),
        (ROW.format(prefix="47", revision="10") * 2, "stands once"),
        (ROW.format(prefix="471111", revision="10"), "two to five digits"),
        (ROW.format(prefix="47", revision="10") + '[[row.exceptions]]\nprefix = "48"\n', "must extend"),
        (ROW.format(prefix="47", revision="10") + '[[row.exceptions]]\nprefix = "47"\n', "must extend"),
        (
            ROW.format(prefix="47", revision="10") + '[[row.exceptions]]\nprefix = "471"\ncondition_ko = "가"\n',
            "both languages",
        ),
    ],
)
def test_a_wrong_list_is_refused(text: str, part: str) -> None:
    with pytest.raises(TableError, match=part):
        read(text).on(OPENING_DAY)
