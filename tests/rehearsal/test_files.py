from __future__ import annotations

import csv
import json
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panro.dossier.audit import audit_dossier
from panro.rehearsal.application_file import COLUMNS, REQUIRED, read_applications
from panro.rehearsal.files import LONGEST_CELL, FileError, Rejects, decoded
from panro.rehearsal.rehearse import Options, rehearse
from panro.rehearsal.score_file import read_scores
from panro.verifier import verify

if TYPE_CHECKING:
    from panro.rehearsal.population import Population
    from panro.rules.edition.model import Edition

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
HEADER = "programme,round,applied_on,applicant_type,applicant,name"
GOOD = "1-3,R1,2021-04-05,merchant,610-11-00007,가람식품"


def reasons(path: Path, edition: Edition) -> tuple[int, list[tuple[int, str]]]:
    """Read a file; gives how many applications it has, and the line and English reason of each reject."""
    rejects = Rejects()
    found = read_applications(path, edition, 1, rejects)
    return found.count, [(one.line, one.reason.en) for one in rejects.rows]


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "applications.csv"
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_every_usual_encoding_is_read_alike(encoding: str, edition: Edition, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, GOOD, encoding=encoding)
    found = read_applications(path, edition, 1, Rejects())
    (filing,) = found.filings["1-3", "R1"]
    assert (filing.party.name, filing.party.applicant) == ("가람식품", "6101100007")


def test_decomposed_korean_and_windows_line_ends_are_read_alike(edition: Edition, tmp_path: Path) -> None:
    path = tmp_path / "applications.csv"
    decomposed = "\u1100\u1161\u1105\u1161\u11b7"  # 가람, sign by sign
    path.write_bytes(f"{HEADER}\r\n1-3,R1,2021-04-05,merchant,6101100007,{decomposed}\r\n".encode())
    (filing,) = read_applications(path, edition, 1, Rejects()).filings["1-3", "R1"]
    assert filing.party.name == "가람"


def test_a_file_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(b"\xff\xff\x00\x80")
    with pytest.raises(FileError, match="neither UTF-8 nor CP949"):
        decoded(path)


BAD = [
    ("9-9,R1,2021-04-05,merchant,6101200004,나", "programme: there is no '9-9'"),
    ("1-3,R9,2021-04-05,merchant,6101200004,나", "round: 1-3 has no 'R9'; it has R1, R2, R3"),
    (
        "1-3,R1,2021-03-16,merchant,6101200004,나",
        "applied_on: 2021-03-16 is outside round R1, 2021-03-17 to 2021-04-16",
    ),
    (
        "1-3,R1,2021-04-17,merchant,6101200004,나",
        "applied_on: 2021-04-17 is outside round R1, 2021-03-17 to 2021-04-16",
    ),
    ("1-3,R1,2021-02-30,merchant,6101200004,나", "applied_on: '2021-02-30' is not a date"),
    ("1-3,R1,,merchant,6101200004,나", "applied_on: empty; fill it in"),
    ("1-3,R1,2021-04-05,baker,6101200004,나", "applicant_type: found 'baker'; write one of"),
    ("1-3,R1,2021-04-05,consortium,6101200004,나", "applicant_type: only merchant, cooperative may apply to 1-3"),
    ("1-3,R1,2021-04-05,merchant,6101200005,나", "applicant: "),
    ("1-3,R1,2021-04-05,merchant,0000000000,나", "applicant: "),
    ("1-3,R1,2021-04-05,merchant,6101200004,", "name: empty; fill it in"),
    ("1-3,R1,2021-04-05,merchant,6101200004", "5 cells under 6 columns; check commas and quotation marks"),
    ("1-3,R1,2021-04-05,merchant,6101200004,나,x", "7 cells under 6 columns"),
    ('1-3,R1,2021-04-05,merchant,6101200004,"나\n다"', "a control character (line break, NUL) inside a cell"),
    ("1-3,R1,2021-04-05,merchant,6101200004,나\x00다", "a control character (line break, NUL) inside a cell"),
    (f"1-3,R1,2021-04-05,merchant,6101200004,{'나' * (LONGEST_CELL + 1)}", "a cell of more than 20,000 characters"),
    ("1-3,R1,2021-04-06,merchant,610-11-00007,가람식품", "applies again in the round of line 2"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_left_out_and_the_good_ones_go_on(
    line: str, reason: str, edition: Edition, tmp_path: Path
) -> None:
    path = written(tmp_path, HEADER, GOOD, line, "1-3,R2,2021-04-20,merchant,610-11-00007,가람식품")
    counted, rejected = reasons(path, edition)
    assert counted == 2
    assert [number for number, _ in rejected] == [3]
    assert rejected[0][1].startswith(reason)


CELLS = [
    ("average_sales", "-1", "average_sales: '-1' is not a whole number from 0"),
    ("average_sales", "9007199254740992", "average_sales: '9007199254740992' is not a whole number"),
    ("employees", "NaN", "employees: 'NaN' is not a number from 0"),
    ("dishonoured", "maybe", "dishonoured: found 'maybe'; write yes or no"),
    ("region", "99", "region: "),
    ("region", "아틀란티스", "region: "),
    ("products", "김치|korea|small", "products: '김치|korea|small' cannot be read"),
    ("products", "김치|KR|tiny", "products: '김치|KR|tiny' cannot be read"),
    ("products", "김치|KR|small|x", "products: '김치|KR|small|x' cannot be read"),
    ("awards", "2020-3-1", "awards: write '2020-3-1' like 2020/3-1/R1"),
    ("sanctions", "2020-01-01~soon", "sanctions: 'soon' is not a date"),
    ("certificate_to", "2022-03-31", "certificate_from: empty; fill it in"),
    ("operating", "resting", "operating: found 'resting'; write one of open, suspended, closed"),
    ("documents", "pledge=yesterday", "documents: 'yesterday' is not a date"),
]


@pytest.mark.parametrize(("column", "cell", "reason"), CELLS)
def test_a_bad_cell_names_its_column(column: str, cell: str, reason: str, edition: Edition, tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER},{column}", f"{GOOD},{cell}")
    counted, rejected = reasons(path, edition)
    assert counted == 0
    assert len(rejected) == 1
    assert rejected[0][1].startswith(reason)


def test_missing_and_unknown_columns_are_one_line(edition: Edition, tmp_path: Path) -> None:
    path = written(tmp_path, "programme,round,applied_on,applicant_type,name,colour,colour", "x")
    with pytest.raises(FileError) as error:
        read_applications(path, edition, 1, Rejects())
    assert str(error.value) == (f"{path}: missing columns: applicant; unknown columns: colour; columns twice: colour")


def test_an_empty_file_has_no_columns(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(FileError, match="missing columns: applicant, applicant_type"):
        read_applications(tmp_path / "empty.csv", edition, 1, Rejects())


def test_an_open_quotation_mark_is_one_line(edition: Edition, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, f"{GOOD}", '1-3,R1,2021-04-05,merchant,6101200004,"나')
    with pytest.raises(FileError, match="not a CSV table"):
        read_applications(path, edition, 1, Rejects())


def test_what_looks_like_a_formula_stays_text(edition: Edition, tmp_path: Path) -> None:
    formula = "=HYPERLINK(1)"
    path = written(tmp_path, HEADER, f"1-3,R1,2021-04-05,merchant,6101100007,{formula}", f"{formula},,,,,")
    rejects = Rejects()
    (filing,) = read_applications(path, edition, 1, rejects).filings["1-3", "R1"]
    assert filing.party.name == formula
    rejects.write(tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["line"], row["content"]) == ("applications.csv", "3", f"'{formula},,,,,")
    assert "사업이 없습니다" in row["reason_ko"]
    assert row["reason_en"].startswith("programme: there is no '=HYPERLINK(1)'")


def test_columns_are_named_once_and_documented() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    text = (EXAMPLES.parent / "rehearsal.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
    assert set(REQUIRED) <= set(COLUMNS)


def test_the_written_example_comes_out_as_told(edition: Edition, population: Population, tmp_path: Path) -> None:
    options = Options(0, 1, tmp_path / "out", True, EXAMPLES / "applications.csv", EXAMPLES / "scores.csv")  # noqa: FBT003
    done = rehearse(edition, population, options, timer=count().__next__)
    assert done.rejects.rows == []
    (tally,) = done.tallies
    assert (tally.code, tally.applied, tally.evaluated, tally.selected) == ("1-3", 6, 3, 2)
    assert dict(tally.ineligible) == {"industry_excluded": 1, "closed": 1}
    assert dict(tally.lapsed) == {"products_unclear": 1}
    assert {one.folder for one in done.dossiers} == {"1-3/R1/public", "1-3/R1/auditor"}
    for one in done.dossiers:
        assert verify(tmp_path / "out" / one.folder, one.head).difference is None
    assert audit_dossier(tmp_path / "out" / "1-3" / "R1" / "auditor").consistent


BAD_SHEETS = [
    ("2021/9-9/R1,paper,6101100007,r4,x", "round: there is no '2021/9-9/R1'"),
    ("2020/1-3/R1,paper,6101100007,r4,x", "round: there is no '2020/1-3/R1'"),
    ("2021/1-3/R1,panel,6101100007,r4,x", "stage: no 'panel'; there are paper"),
    ("2021/1-3/R1,paper,,r4,capability=1;product=1;market=1;readiness=1;plan=1", "application and reviewer"),
    ("2021/1-3/R1,paper,6101100007,r4,capability=1;product=1", "points: give each of capability, product"),
    ("2021/1-3/R1,paper,6101100007,r4,capability=21;product=1;market=1;readiness=1;plan=1", "points: capability goes"),
    ("2021/1-3/R1,paper,6101100007,r4,capability=0.3;product=1;market=1;readiness=1;plan=1", "points: capability goes"),
    ("2021/1-3/R1,paper,6101100007,r1,capability=1;product=1;market=1;readiness=1;plan=1", "r1 has a sheet"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_SHEETS)
def test_a_bad_sheet_is_left_out(line: str, reason: str, edition: Edition, tmp_path: Path) -> None:
    good = "2021/1-3/R1,,610-11-00007,r1,capability=20;product=0;market=25;readiness=7.5;plan=10"
    path = tmp_path / "scores.csv"
    path.write_text(f"round,stage,application,reviewer,points\n{good}\n{line}\n", encoding="utf-8")
    rejects = Rejects()
    assert read_scores(path, edition, rejects).count == 1
    assert [one.line for one in rejects.rows] == [3]
    assert rejects.rows[0].reason.en.startswith(reason)


def test_an_application_without_a_full_panel_is_taken_out(
    edition: Edition, population: Population, tmp_path: Path
) -> None:
    lines = (EXAMPLES / "scores.csv").read_text(encoding="utf-8").splitlines()
    short = [line for line in lines if not ("610-13-00001" in line and "reviewer-3" in line)]
    (tmp_path / "scores.csv").write_text("\n".join([*short, ""]), encoding="utf-8")
    options = Options(0, 1, tmp_path / "out", True, EXAMPLES / "applications.csv", tmp_path / "scores.csv")  # noqa: FBT003
    done = rehearse(edition, population, options, timer=count().__next__)
    (row,) = done.rejects.rows
    assert row.reason.en == "2021/1-3/R1 paper: 3 sheets are needed, found 2; the application was taken out"
    assert (done.tallies[0].evaluated, done.tallies[0].withdrawn) == (2, 1)
    assert (tmp_path / "out" / "rejects.csv").is_file()
    for one in done.dossiers:
        assert verify(tmp_path / "out" / one.folder, one.head).difference is None


def test_awards_of_one_round_are_facts_of_the_next(edition: Edition, population: Population, tmp_path: Path) -> None:
    """Who is selected in the first round of the file is refused in the second."""
    with (EXAMPLES / "applications.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    first = next(row for row in table if row["applicant"] == "610-11-00007")
    again = first | {"round": "R2", "applied_on": "2021-06-01", "awards": "", "local_tax_valid_to": "2021-12-31"}
    again["national_tax_valid_to"] = "2021-12-31"
    path = tmp_path / "two.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(first))
        rows.writeheader()
        rows.writerows([first | {"awards": ""}, again])
    rejects = tmp_path / "out"
    done = rehearse(edition, population, Options(0, 1, rejects, True, path), timer=count().__next__)  # noqa: FBT003
    results = json.loads((rejects / "rehearsal.json").read_text(encoding="utf-8"))["programmes"][0]
    assert results["applied"] == 2
    assert (results["selected"], results["ineligible"]) in [(1, {"already_supported": 1}), (0, {})]
    assert done.rejects.rows == []
