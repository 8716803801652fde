from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.dossier.audit import (
    AuditError,
    Difference,
    audit_dossier,
    programme_payload,
)
from panro.dossier.case_facts import CaseFacts, MomentFacts, facts_text
from panro.proof.canonical import encode_text
from panro.proof.hashing import commitment_of_text
from panro.rules.findings import Moment
from panro.site.cli import run
from rules.eligibility.examples import CERTIFICATE, NEXT_CERTIFICATE
from rules.eligibility.world import CLOSES, SUPPLEMENT, edition, fact, facts, programme, text, use

if TYPE_CHECKING:
    from pathlib import Path

    from panro.dossier.audit import Column
    from panro.rules.facts import Fact

DAY = date(2021, 3, 20)
SALT = "ab" * 32
GROUP = {"code": "listed", "name": text("listed"), "evidence": text("listed"), "fact": "listed"}
BONUS = {"item": "listing", "group": "listed", "points": "3", "programmes": ["3-1"]}
PROGRAMME = programme(
    eligibility=[
        use("small_merchant_certificate", "application", "closing"),
        use("open_for_business", "closing", applicants=["merchant"]),
    ],
    tracks=[{"code": "malls", "name": text("malls")}],
)
EDITION = edition(PROGRAMME, groups=[GROUP], bonus=[BONUS])
CLAUSE = "small_merchant_certificate 이름 (소상공인기본법 제2조)"
OPEN_CLAUSE = "open_for_business 이름"
COLUMNS = ["result_no", "track", "region", "requirement", "reason", "clause", "groups", "bonus", "facts"]


def operating(status: str) -> dict[str, Fact]:
    return {"operating": fact("operating", {"status": status, "ended_on": None}, CLOSES)}


AT_APPLICATION = MomentFacts(Moment.APPLICATION, DAY, facts(region="11", certificate=CERTIFICATE))
AT_CLOSING = MomentFacts(
    Moment.CLOSING,
    CLOSES,
    facts(region="11", certificate=NEXT_CERTIFICATE, listed=True) | operating("open"),
)
CASE = CaseFacts("merchant", "malls", (AT_APPLICATION, AT_CLOSING))


def closing(**changes: Fact) -> CaseFacts:
    return replace(CASE, moments=(AT_APPLICATION, AT_CLOSING._replace(facts={**AT_CLOSING.facts, **changes})))


@dataclass
class Row:
    case: CaseFacts = CASE
    cells: dict[str, str] = field(default_factory=dict)
    payload: str = ""

    def written(self, number: int) -> tuple[dict[str, str], list[str]]:
        payload = self.payload or facts_text(self.case)
        cells = {
            "result_no": str(number),
            "track": "malls",
            "region": "11",
            "requirement": "eligible",
            "reason": "",
            "clause": "",
            "groups": "listed",
            "bonus": "listing",
            "facts": commitment_of_text(SALT, payload),
        }
        return cells | self.cells, [str(number), SALT, payload]


def dossier(folder: Path, *rows: Row) -> Path:
    (folder / "auditor").mkdir(parents=True)
    published = programme_payload(EDITION.head, PROGRAMME, PROGRAMME.rounds[0])
    (folder / "programme.json").write_text(encode_text(published) + "\n", encoding="utf-8")
    written = [row.written(number) for number, row in enumerate(rows, 1)]
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        cases = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        cases.writeheader()
        cases.writerows(cells for cells, _ in written)
    with (folder / "auditor" / "facts.csv").open("w", encoding="utf-8", newline="") as file:
        openings = csv.writer(file, lineterminator="\n")
        openings.writerow(["result_no", "salt", "payload"])
        openings.writerows(opening for _, opening in written)
    return folder


def differences(folder: Path, *rows: Row) -> list[Difference]:
    return audit_dossier(dossier(folder / "d", *rows)).differences


LAPSED = {"requirement": "lapsed", "reason": "certificate_expired", "clause": CLAUSE}
INELIGIBLE = {"requirement": "ineligible", "reason": "suspended", "clause": OPEN_CLAUSE}
WITHDRAWN = {"requirement": "withdrawn", "reason": "withdrawn"}


def test_every_outcome_is_recomputed_and_counted(tmp_path: Path) -> None:
    rows = [
        Row(),
        Row(closing(certificate=fact("certificate", CERTIFICATE)), LAPSED),
        Row(closing(**operating("suspended")), INELIGIBLE),
        Row(replace(CASE, withdrawn=True, moments=(AT_APPLICATION,)), WITHDRAWN | {"groups": "", "bonus": ""}),
        Row(replace(CASE, withdrawn=True), WITHDRAWN | {"reason": "by_phone", "clause": "-"}),
        Row(closing(listed=fact("listed", value=False)), {"groups": "", "bonus": ""}),
    ]
    report = audit_dossier(dossier(tmp_path / "d", *rows))
    assert report.differences == []
    assert report.consistent
    assert report.round_id == "2021/3-1/R1"
    assert report.cases == 6
    assert report.states == {"eligible": 2, "lapsed": 1, "ineligible": 1, "withdrawn": 2}
    assert report.reasons == {
        ("lapsed", "certificate_expired"): 1,
        ("ineligible", "suspended"): 1,
        ("withdrawn", "withdrawn"): 2,
    }


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("requirement", "ineligible", "eligible"),
        ("reason", "suspended", ""),
        ("clause", "제9조", ""),
        ("groups", "", "listed"),
        ("bonus", "listing;starter", "listing"),
        ("track", "details", "malls"),
        ("region", "26", "11"),
    ],
)
def test_a_changed_cell_is_named(tmp_path: Path, column: Column, value: str, expected: str) -> None:
    found = differences(tmp_path, Row(), Row(cells={column: value}))
    assert found == [Difference(2, column, value, expected)]


def test_other_facts_than_those_committed_to_are_named(tmp_path: Path) -> None:
    payload = facts_text(CASE)
    committed = commitment_of_text(SALT, payload)
    forged = facts_text(closing(listed=fact("listed", value=True, source="market")))
    found = differences(tmp_path, Row(payload=forged, cells={"facts": committed}))
    assert found == [Difference(1, "facts", committed, commitment_of_text(SALT, forged))]


def test_a_moment_that_was_left_out_is_named(tmp_path: Path) -> None:
    unasked = replace(CASE, moments=(AT_APPLICATION,))
    found = differences(tmp_path, Row(unasked, {"groups": "", "bonus": ""}))
    assert found == [Difference(1, "moments", "application", "closing asked as well")]


def test_nothing_more_is_demanded_of_a_refused_case(tmp_path: Path) -> None:
    early = replace(CASE, moments=(AT_APPLICATION._replace(on=date(2021, 4, 1)),))
    assert differences(tmp_path, Row(early, LAPSED | {"groups": "", "bonus": ""})) == []


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (
            (AT_APPLICATION._replace(on=date(2021, 3, 16)), AT_CLOSING),
            "a day from 2021-03-17 to 2021-04-16",
        ),
        ((AT_APPLICATION, AT_CLOSING._replace(on=date(2021, 4, 27))), "a day from 2021-04-16 to 2021-04-26"),
        ((AT_CLOSING, AT_APPLICATION), "each moment once, in their order"),
        ((AT_APPLICATION, AT_APPLICATION, AT_CLOSING), "each moment once, in their order"),
    ],
)
def test_moments_on_impossible_days_or_out_of_order_are_named(
    tmp_path: Path, moments: tuple[MomentFacts, ...], expected: str
) -> None:
    preferred = {} if moments[-1].moment is Moment.CLOSING else {"groups": "", "bonus": ""}
    found = differences(tmp_path, Row(replace(CASE, moments=moments), preferred))
    assert [(one.column, one.expected) for one in found] == [("moments", expected)]


def test_the_last_possible_days_are_fine(tmp_path: Path) -> None:
    late = replace(CASE, moments=(AT_APPLICATION, AT_CLOSING._replace(on=SUPPLEMENT)))
    assert differences(tmp_path, Row(late)) == []


AT = {"facts": [0], "moment": "closing", "on": "2021-04-16"}


def payload_with(**changes: object) -> str:
    return json.dumps(
        {"applicant_type": "merchant", "track": None, "withdrawn": False, "facts": [], "moments": []} | changes
    )


@pytest.mark.parametrize(
    "payload",
    [
        "[]",
        "{}",
        payload_with(facts=[], moments=[AT]),
        payload_with(applicant_type="king"),
        payload_with(facts=[{"key": "x"}]),
        payload_with(facts=3),
        payload_with(moments=[AT | {"facts": "0"}]),
        payload_with(moments=[AT | {"moment": "noon"}]),
        payload_with(
            facts=[{"as_of": "2021-04-16", "key": "operating", "source": "nts", "value": None}],
            moments=[AT | {"facts": [-1]}],
        ),
        payload_with(facts=[{"as_of": "2021-04-16", "key": "operating", "source": "nts", "value": 3}], moments=[AT]),
        "not json",
    ],
)
def test_facts_that_cannot_be_read_are_a_difference_of_that_case(tmp_path: Path, payload: str) -> None:
    found = differences(tmp_path, Row(payload=payload), Row())
    assert [(one.result_no, one.column, one.expected) for one in found] == [(1, "facts", "facts that can be read")]


def test_what_is_no_auditors_dossier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"has no auditor/facts\.csv; give the folder of an auditor's dossier"):
        audit_dossier(tmp_path)


def test_rules_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    folder = dossier(tmp_path / "d", Row())
    published = json.loads((folder / "programme.json").read_text(encoding="utf-8"))
    published["programme"]["eligibility"][0]["rule"] = "no_such_rule"
    (folder / "programme.json").write_text(json.dumps(published), encoding="utf-8")
    with pytest.raises(AuditError, match="no such rule"):
        audit_dossier(folder)
    published["round"] = "R9"
    (folder / "programme.json").write_text(json.dumps(published), encoding="utf-8")
    with pytest.raises(AuditError, match="no round R9"):
        audit_dossier(folder)


def test_tables_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    folder = dossier(tmp_path / "d", Row(), Row())
    facts_file = folder / "auditor" / "facts.csv"
    lines = facts_file.read_text(encoding="utf-8").splitlines(keepends=True)
    facts_file.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(AuditError, match="do not have the same rows"):
        audit_dossier(folder)
    facts_file.write_text("".join([*lines[:2], "2\n"]), encoding="utf-8")
    with pytest.raises(AuditError, match="row 2 has not as many cells as there are columns"):
        audit_dossier(folder)


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = dossier(tmp_path / "good", Row(), Row(closing(**operating("suspended")), INELIGIBLE))
    assert run(["audit", str(good)]) == 0
    printed = capsys.readouterr().out
    assert "2021/3-1/R1: 2 cases" in printed
    assert "suspended" in printed
    assert "consistent: every case comes out as the dossier says" in printed
    bad = dossier(tmp_path / "bad", *(Row(cells={"bonus": ""}) for _ in range(22)))
    assert run(["audit", str(bad)]) == 1
    printed = capsys.readouterr().out
    assert "case 1: bonus is “”, recomputed “listing”" in printed
    assert "and 2 more differences" in printed


def test_wrong_use_of_the_command_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (tmp_path / "nowhere", tmp_path):
        assert run(["audit", str(place)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
