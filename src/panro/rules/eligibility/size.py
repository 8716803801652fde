"""Whether sales and employees are those of a small merchant (소상공인), by the limits of the day."""

from datetime import date
from decimal import Decimal
from typing import Final

from panro.korea.small_merchants import SizeAnswer, SizeReason, SmallMerchantVerdict, size_tables, small_merchant_test
from panro.korea.text import Text
from panro.rules.eligibility import keys
from panro.rules.eligibility.certificate import certificate_days
from panro.rules.eligibility.industry import industry_code
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import date_in, decimal, record, whole
from panro.rules.eligibility.words import day, won
from panro.rules.facts import Fact, Facts

NO_GRACE_FROM: Final = Decimal(20)
"""Regular employees from which a firm has no years of grace (소상공인기본법 시행령 제4조)."""

SIZE_WITHIN = yes("size_within", "매출과 직원 수가 기준 안입니다.", "Sales and employees are within the limits.")
SIZE_IN_GRACE = yes(
    "size_in_grace",
    "기준을 넘었지만 유예기간 안이라 소상공인으로 봅니다.",
    "Above the limits, but within the years of grace: still a small merchant.",
)
SIZE_FIGURES_MISSING = unknown(
    "size_figures_missing",
    message=(
        "주업종, 평균 매출, 상시근로자 수를 모두 알아야 규모를 판단할 수 있습니다.",
        "Main industry, average sales and regular employees are all needed to judge the size.",
    ),
    mend=(
        "{until}주업종, 최근 3년 평균 매출, 상시근로자 수를 입력해 주세요.",
        "Give the main industry, the average sales of three years and the regular employees{until}.",
    ),
)
SIZE_LIMIT_UNKNOWN = unknown(
    "size_limit_unknown",
    message=(
        "{on}에 적용할 업종 {industry}의 기준이 아직 등록되지 않았습니다.",
        "The limit that holds for industry {industry} on {on} is not on record yet.",
    ),
    mend=(
        "{until}소상공인확인서를 올려 주시면 담당자가 확인합니다.",
        "Upload the small-merchant certificate{until}; an officer will look at it.",
    ),
)
SIZE_TOO_LARGE = no(
    "size_too_large",
    message=("{measures} 소상공인 기준을 넘습니다.", "{measures}: above the limit of a small merchant."),
    mend=(
        "숫자가 다르면 {until}근거 자료를 올려 주세요. 유예기간(3년)이면 이를 확인할 자료를 보여 주세요.",
        "If a figure is wrong, bring proof{until}; if the three years of grace run, show the paper that says so.",
    ),
)
SIZE_GRACE_UNKNOWN = unknown(
    "size_grace_unknown",
    message=(
        "{measures} 소상공인 기준을 넘습니다. 유예기간인지 확인이 필요합니다.",
        "{measures}: above the limit of a small merchant; whether the years of grace run is not known.",
    ),
    mend=(
        "{until}유예기간을 보여 주는 소상공인확인서나 확인 자료를 올려 주세요.",
        "Upload a small-merchant certificate or another paper that shows the years of grace{until}.",
    ),
)


@rule(
    "small_merchant_size",
    parameters=NoParameters,
    reads=(keys.INDUSTRY, keys.AVERAGE_SALES, keys.EMPLOYEES, keys.SIZE_GRACE, keys.CERTIFICATE),
    law=Text(
        "소상공인기본법 제2조, 중소기업기본법 시행령 별표 3",
        "Framework Act on Small Merchants art. 2, Enforcement Decree of the SME Act table 3",
    ),
    reasons=(
        SIZE_WITHIN,
        SIZE_IN_GRACE,
        SIZE_FIGURES_MISSING,
        SIZE_LIMIT_UNKNOWN,
        SIZE_TOO_LARGE,
        SIZE_GRACE_UNKNOWN,
    ),
)
def small_merchant_size(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Compare sales and regular employees with the limits of the day and the industry.

    Source: 소상공인기본법 제2조 and its decree art. 3 (below 10 in mining, manufacturing, construction, transport, else
    below 5); sales limits by date. A firm above them stays one for three years (art. 2 para. 2) unless it has 20
    employees; a valid certificate beside too large figures is therefore a question, not a no.
    """
    industry, sales, employees = (facts.get(key) for key in (keys.INDUSTRY, keys.AVERAGE_SALES, keys.EMPLOYEES))
    if industry is None:
        lacks = tuple(key for key in (keys.INDUSTRY, keys.AVERAGE_SALES, keys.EMPLOYEES) if key not in facts)
        return SIZE_FIGURES_MISSING(lacks=lacks)
    code, revision = industry_code(industry)
    verdict = small_merchant_test(
        code,
        revision,
        None if sales is None else whole(sales),
        None if employees is None else decimal(employees),
        on=asking.on,
        tables=size_tables(),
    )
    used = tuple(fact for fact in (industry, sales, employees) if fact is not None)
    match verdict.answer:
        case SizeAnswer.YES:
            return SIZE_WITHIN(*used)
        case SizeAnswer.NO:
            return _outgrown(facts, used, verdict, asking.on)
    if SizeReason.LIMIT_NOT_KNOWN in (verdict.sales.reason, verdict.employees.reason):
        return SIZE_LIMIT_UNKNOWN(*used, lacks=(keys.INDUSTRY,), on=day(asking.on), industry=code)
    return SIZE_FIGURES_MISSING(
        *used, lacks=tuple(key for key in (keys.AVERAGE_SALES, keys.EMPLOYEES) if key not in facts)
    )


def _outgrown(facts: Facts, used: tuple[Fact, ...], verdict: SmallMerchantVerdict, on: date) -> Ruling:
    """Judge a firm above the limits by its years of grace."""
    measures = _measures(facts, verdict)
    employees, grace = facts.get(keys.EMPLOYEES), facts.get(keys.SIZE_GRACE)
    if employees is not None and decimal(employees) >= NO_GRACE_FROM:
        return SIZE_TOO_LARGE(*used, measures=measures)
    if grace is not None:
        reason = SIZE_IN_GRACE if _covers(grace, on) else SIZE_TOO_LARGE
        return reason(*used, grace, measures=measures)
    certificate = facts.get(keys.CERTIFICATE)
    if certificate is None:
        return SIZE_GRACE_UNKNOWN(*used, lacks=(keys.SIZE_GRACE,), measures=measures)
    if certificate.value is not None:
        starts, ends = certificate_days(certificate)
        if starts <= on <= ends:
            return SIZE_GRACE_UNKNOWN(*used, certificate, lacks=(keys.SIZE_GRACE,), measures=measures)
    return SIZE_TOO_LARGE(*used, certificate, measures=measures)


def _covers(grace: Fact, on: date) -> bool:
    if grace.value is None:
        return False
    row = record(grace)
    starts, ends = date_in(grace, row, "from"), date_in(grace, row, "to")
    return (starts is None or starts <= on) and (ends is None or on <= ends)


def _measures(facts: Facts, verdict: SmallMerchantVerdict) -> Text:
    """Say which figures are above which limits."""
    ko, en = [], []
    sales, employees = facts.get(keys.AVERAGE_SALES), facts.get(keys.EMPLOYEES)
    if verdict.sales.answer is SizeAnswer.NO and sales is not None and verdict.sales.limit is not None:
        amount, limit = won(whole(sales)), won(verdict.sales.limit.limit)
        ko.append(f"평균 매출 {amount.ko}(기준 {limit.ko} 이하)")
        en.append(f"average sales of {amount.en} (limit {limit.en})")
    if verdict.employees.answer is SizeAnswer.NO and employees is not None and verdict.employees.limit is not None:
        crew, below = employees.value, verdict.employees.limit.below
        ko.append(f"상시근로자 {crew}명(기준 {below}명 미만)")
        en.append(f"{crew} regular employees (limit: fewer than {below})")
    return Text(ko=", ".join(ko) + "으로", en=", ".join(en).capitalize())
