"""Whether the applicant is in business, as of the closing date of the round."""

from datetime import date
from typing import Final

from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import choice_in, date_in, record
from panro.rules.eligibility.words import day
from panro.rules.facts import Fact, Facts
from panro.rules.findings import Moment

WITHOUT_BUSINESS: Final = frozenset({"creator", "trainee"})
"""Types of applicant who need no business (guide 4-3; a trainee is a person)."""

OPEN = yes("open_for_business", "영업하고 있습니다.", "The business is open.")
NO_BUSINESS_NEEDED = yes(
    "no_business_needed",
    "사업자가 아니어도 신청할 수 있습니다.",
    "No business is needed to apply.",
)
CLOSED = no(
    "closed",
    message=("{since} 기준으로 폐업한 사업자입니다.", "The business is closed as of {since}."),
    mend=(
        "사실과 다르면 {until}사업자등록증명을 올려 주세요(홈택스에서 발급).",
        "If that is wrong, upload a business registration certificate (from Hometax){until}.",
    ),
)
SUSPENDED = no(
    "suspended",
    message=(
        "{on} 기준으로 휴업 중인 사업자입니다. 휴업은 {since}에 확인되었습니다.",
        "On {on} the business was suspended (known since {since}).",
    ),
    mend=(
        "그날 영업하고 있었다면 {until}재개업을 보여 주는 사업자등록증명을 올려 주세요.",
        "If it was open on that day, upload a business certificate that shows the reopening{until}.",
    ),
)
SUSPENDED_FOR_NOW = unknown(
    "suspended_for_now",
    message=(
        "지금은 휴업 중입니다. 접수 마감일인 {closes}에는 영업하고 있어야 합니다.",
        "The business is suspended now; it must be open on the closing date, {closes}.",
    ),
    mend=(
        "{closes}까지 관할 세무서나 홈택스에서 재개업을 신고해 주세요.",
        "Report the reopening to the tax office or on Hometax by {closes}.",
    ),
)
NOT_IN_BUSINESS = no(
    "not_in_business",
    message=("등록된 사업자가 아닙니다.", "There is no registered business."),
    mend=(
        "사업자등록을 했다면 {until}사업자등록번호를 확인해 주세요.",
        "If there is a registration, verify the business number{until}.",
    ),
)
OPERATING_MISSING = unknown(
    "operating_missing",
    message=("휴업·폐업 여부를 아직 확인하지 못했습니다.", "Whether the business is open has not been checked yet."),
    mend=(
        "{until}사업자등록번호를 확인하거나 사업자등록증명을 올려 주세요(홈택스에서 발급).",
        "Verify the business number, or upload a business certificate (from Hometax){until}.",
    ),
)
OPERATING_STALE = unknown(
    "operating_stale",
    message=(
        "영업 상태는 {seen}에 확인되었습니다. 접수 마감일인 {closes}의 상태를 다시 확인해야 합니다.",
        "The status was checked on {seen}; it must be checked again for the closing date, {closes}.",
    ),
    mend=(
        "마감일 이후에 담당자가 다시 확인합니다. {until}사업자등록증명을 올리셔도 됩니다.",
        "An officer checks again after the closing date; a newer business certificate will do as well{until}.",
    ),
)


@rule(
    "open_for_business",
    parameters=NoParameters,
    reads=(keys.OPERATING,),
    reasons=(
        OPEN,
        NO_BUSINESS_NEEDED,
        CLOSED,
        SUSPENDED,
        SUSPENDED_FOR_NOW,
        NOT_IN_BUSINESS,
        OPERATING_MISSING,
        OPERATING_STALE,
    ),
)
def open_for_business(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask whether the business was open as of the closing date of the round.

    Source: guide 2021, exclusions (휴·폐업, 접수 마감일 현재). At application the day itself counts, and a suspension
    may still end in time; after the closing date, what was seen before it no longer answers; at agreement the day
    counts again. ``ended_on`` is the first day without business; without it, the day on which it was seen stands in.
    """
    fact = facts.get(keys.OPERATING)
    if fact is None:
        return OPERATING_MISSING(lacks=(keys.OPERATING,))
    if fact.value is None:
        return NO_BUSINESS_NEEDED(fact) if asking.applicant_type in WITHOUT_BUSINESS else NOT_IN_BUSINESS(fact)
    if asking.moment is not Moment.APPLICATION and fact.as_of < asking.closes:
        return _stale(fact, asking)
    row = record(fact)
    status = choice_in(fact, row, "status", "open", "suspended", "closed")
    return OPEN(fact) if status == "open" else _not_open(fact, status, date_in(fact, row, "ended_on"), asking)


def _not_open(fact: Fact, status: str, ended: date | None, asking: Asking) -> Ruling:
    """Judge a business that was seen closed or suspended, by the day whose status counts."""
    if ended is None and asking.status_day < fact.as_of:
        return _stale(fact, asking)
    since = ended or fact.as_of
    if asking.status_day < since:
        return OPEN(fact)
    if status == "closed":
        return CLOSED(fact, since=day(since))
    if asking.moment is Moment.APPLICATION and asking.on < asking.closes:
        return SUSPENDED_FOR_NOW(fact, lacks=(keys.OPERATING,), closes=day(asking.closes))
    return SUSPENDED(fact, on=day(asking.status_day), since=day(since))


def _stale(fact: Fact, asking: Asking) -> Ruling:
    return OPERATING_STALE(fact, lacks=(keys.OPERATING,), seen=day(fact.as_of), closes=day(asking.closes))
