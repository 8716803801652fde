from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from panro.korea.text import Text
from panro.rules.findings import Moment
from rules.eligibility.examples import CLEAR
from rules.eligibility.world import CLOSES, asking, fact, facts, found, reason

if TYPE_CHECKING:
    from panro.rules.facts import Fact

DAY = timedelta(days=1)
OPEN = {"status": "open", "ended_on": None}


def operating(status: str, ended_on: date | None, seen: date) -> dict[str, Fact]:
    ended = None if ended_on is None else ended_on.isoformat()
    return {"operating": fact("operating", {"status": status, "ended_on": ended}, seen)}


@pytest.mark.parametrize("moment", [Moment.CLOSING, Moment.SELECTION])
@pytest.mark.parametrize(
    ("status", "ended_on", "seen", "expected"),
    [
        ("open", None, CLOSES - DAY, "operating_stale"),
        ("open", None, CLOSES, "open_for_business"),
        ("open", None, CLOSES + DAY, "open_for_business"),
        ("closed", CLOSES - DAY, CLOSES, "closed"),
        ("closed", CLOSES, CLOSES, "closed"),
        ("closed", CLOSES + DAY, CLOSES + DAY, "open_for_business"),
        ("closed", None, CLOSES, "closed"),
        ("closed", None, CLOSES + DAY, "operating_stale"),
        ("closed", CLOSES - 2 * DAY, CLOSES - DAY, "operating_stale"),
        ("suspended", CLOSES, CLOSES, "suspended"),
        ("suspended", None, CLOSES, "suspended"),
        ("suspended", CLOSES + DAY, CLOSES + DAY, "open_for_business"),
        ("suspended", None, CLOSES - DAY, "operating_stale"),
    ],
)
def test_the_status_as_of_the_closing_date(
    moment: Moment, status: str, ended_on: date | None, seen: date, expected: str
) -> None:
    asked = asking(moment=moment, on=CLOSES + 3 * DAY)
    assert reason("open_for_business", operating(status, ended_on, seen), asked) == expected


@pytest.mark.parametrize(
    ("status", "ended_on", "on", "expected"),
    [
        ("closed", date(2021, 3, 21), date(2021, 3, 20), "open_for_business"),
        ("closed", date(2021, 3, 20), date(2021, 3, 20), "closed"),
        ("suspended", date(2021, 3, 19), date(2021, 3, 20), "suspended_for_now"),
        ("suspended", date(2021, 3, 19), CLOSES - DAY, "suspended_for_now"),
        ("suspended", date(2021, 3, 19), CLOSES, "suspended"),
    ],
)
def test_at_application_a_suspension_may_still_end_in_time(
    status: str, ended_on: date, on: date, expected: str
) -> None:
    assert reason("open_for_business", operating(status, ended_on, on), asking(on=on)) == expected


def test_reopened_by_the_closing_date_is_fine_and_closed_by_the_agreement_is_not() -> None:
    assert reason("open_for_business", operating("suspended", None, date(2021, 3, 20))) == "suspended_for_now"
    closing = asking(moment=Moment.CLOSING, on=CLOSES)
    assert reason("open_for_business", operating("open", None, CLOSES), closing) == "open_for_business"
    agreement = asking(moment=Moment.AGREEMENT, on=date(2021, 6, 1))
    ended = operating("closed", date(2021, 6, 1), date(2021, 6, 1))
    assert reason("open_for_business", ended, agreement) == "closed"
    later = operating("closed", date(2021, 6, 2), date(2021, 6, 2))
    assert reason("open_for_business", later, agreement) == "open_for_business"


def test_a_year_without_rounds_closes_with_its_window() -> None:
    asked = asking(moment=Moment.CLOSING, on=date(2021, 12, 31), without_round=True)
    assert reason("open_for_business", operating("open", None, date(2021, 12, 30)), asked) == "operating_stale"
    assert reason("open_for_business", operating("open", None, date(2021, 12, 31)), asked) == "open_for_business"


@pytest.mark.parametrize(("kind", "expected"), [("creator", "no_business_needed"), ("merchant", "not_in_business")])
def test_who_needs_no_business(kind: str, expected: str) -> None:
    assert reason("open_for_business", facts(operating=None), asking(applicant_type=kind)) == expected


@pytest.mark.parametrize(
    ("arrears", "deferred", "expected"),
    [(0, 0, "taxes_clear"), (1, 0, "tax_arrears"), (500, 499, "tax_arrears"), (500, 500, "taxes_deferred")],
)
@pytest.mark.parametrize("which", ["national_tax", "local_tax"])
def test_arrears_that_are_put_off_do_not_count(which: str, arrears: int, deferred: int, expected: str) -> None:
    owing = {"arrears": arrears, "deferred": deferred, "valid_to": "2021-04-19"}
    known = facts(**{"national_tax": CLEAR, "local_tax": CLEAR, which: owing})
    assert reason("taxes_clear", known) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2021, 4, 19), "taxes_clear"), (date(2021, 4, 20), "tax_certificate_expired")]
)
def test_a_tax_certificate_is_valid_to_its_last_day(on: date, expected: str) -> None:
    assert reason("taxes_clear", facts(national_tax=CLEAR, local_tax=CLEAR), asking(on=on)) == expected


def test_arrears_on_a_paper_that_ran_out_may_have_been_paid() -> None:
    old = {"arrears": 9, "deferred": 0, "valid_to": "2021-03-19"}
    assert reason("taxes_clear", facts(national_tax=old, local_tax=CLEAR)) == "tax_certificate_expired"


def test_a_declaration_without_a_paper_is_not_enough() -> None:
    said = {"arrears": 0, "deferred": 0, "valid_to": None}
    assert reason("taxes_clear", facts(national_tax=said, local_tax=CLEAR)) == "tax_certificate_missing"


def test_the_tax_that_is_owed_is_named_with_its_particle() -> None:
    owing = {"arrears": 9, "deferred": 0, "valid_to": "2021-04-19"}
    national = found("taxes_clear", facts(national_tax=owing)).message
    local = found("taxes_clear", facts(local_tax=owing)).message
    assert national == Text("국세가 체납되어 있습니다.", "There are arrears of national tax.")
    assert local == Text("지방세가 체납되어 있습니다.", "There are arrears of local tax.")


def test_one_known_fault_is_enough_for_no() -> None:
    assert reason("credit_clear", facts(dishonoured=True)) == "dishonoured"
    assert reason("credit_clear", facts(dishonoured=False)) == "credit_missing"
