"""Whether the applicant owes: taxes in arrears, debts in default, bills dishonoured."""

from typing import Final

from panro.korea.text import Text
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import date_in, flag, record, whole_in
from panro.rules.eligibility.words import Word, day
from panro.rules.facts import Fact, Facts

TAXES_CLEAR = yes("taxes_clear", "국세와 지방세 체납이 없습니다.", "No tax is in arrears.")
TAXES_DEFERRED = yes(
    "taxes_deferred",
    "체납액이 모두 유예되어 체납으로 보지 않습니다.",
    "All arrears are put off, so they do not count.",
)
TAX_ARREARS = no(
    "tax_arrears",
    message=("{tax:이/가} 체납되어 있습니다.", "There are arrears of {tax}."),
    mend=(
        "{until}체납액을 내거나 유예를 받은 뒤 납세증명서를 새로 올려 주세요({where}).",
        "Pay or have the arrears put off, then upload a new tax certificate ({where}){until}.",
    ),
)
TAX_CERTIFICATE_MISSING = unknown(
    "tax_certificate_missing",
    message=("{tax} 납세증명서를 아직 확인하지 못했습니다.", "The certificate for {tax} has not been seen yet."),
    mend=(
        "{until}납세증명서를 발급받아 올려 주세요({where}).",
        "Get the tax certificate and upload it ({where}){until}.",
    ),
)
TAX_CERTIFICATE_EXPIRED = unknown(
    "tax_certificate_expired",
    message=(
        "{tax} 납세증명서가 {ends}에 끝났습니다. {on}에 유효한 것이 필요합니다.",
        "The certificate for {tax} ended on {ends}; one that is valid on {on} is needed.",
    ),
    mend=(
        "{until}납세증명서를 새로 발급받아 올려 주세요({where}).",
        "Get a new tax certificate and upload it ({where}){until}.",
    ),
)
_TAXES: Final = (
    (keys.NATIONAL_TAX, Word.text("국세", "national tax"), Text("홈택스 또는 정부24", "from Hometax or Government24")),
    (keys.LOCAL_TAX, Word.text("지방세", "local tax"), Text("위택스 또는 정부24", "from Wetax or Government24")),
)


@rule(
    "taxes_clear",
    parameters=NoParameters,
    reads=(keys.NATIONAL_TAX, keys.LOCAL_TAX),
    law=Text(
        "국세징수법 제107조, 지방세징수법 제5조",
        "National Tax Collection Act art. 107, Local Tax Collection Act art. 5",
    ),
    reasons=(TAXES_CLEAR, TAXES_DEFERRED, TAX_ARREARS, TAX_CERTIFICATE_MISSING, TAX_CERTIFICATE_EXPIRED),
)
def taxes_clear(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask for tax certificates that are valid on the day and show no arrears but those put off.

    Source: guide 2021, exclusions; 지방세징수법 제5조 (deferred sums are not arrears). A certificate that has run
    out says nothing about today, not even where it shows arrears.
    """
    unclear: Ruling | None = None
    used: list[Fact] = []
    deferred = False
    for key, tax, where in _TAXES:
        fact = facts.get(key)
        if fact is None:
            unclear = unclear or TAX_CERTIFICATE_MISSING(lacks=_missing(facts), tax=tax, where=where)
            continue
        row = record(fact)
        ends = date_in(fact, row, "valid_to")
        if ends is None:
            unclear = unclear or TAX_CERTIFICATE_MISSING(fact, lacks=(key,), tax=tax, where=where)
        elif ends < asking.on:
            unclear = unclear or TAX_CERTIFICATE_EXPIRED(
                fact, lacks=(key,), tax=tax, where=where, ends=day(ends), on=day(asking.on)
            )
        else:
            arrears, put_off = whole_in(fact, row, "arrears"), whole_in(fact, row, "deferred")
            if arrears > put_off:
                return TAX_ARREARS(fact, tax=tax, where=where)
            deferred = deferred or arrears > 0
            used.append(fact)
    if unclear is not None:
        return unclear
    return TAXES_DEFERRED(*used) if deferred else TAXES_CLEAR(*used)


def _missing(facts: Facts) -> tuple[str, ...]:
    return tuple(key for key, _, _ in _TAXES if key not in facts)


CREDIT_CLEAR = yes("credit_clear", "채무불이행이나 부도가 없습니다.", "No default on debts, no bills dishonoured.")
CREDIT_DEFAULT = no(
    "credit_default",
    message=("{seen} 기준으로 채무불이행이 등록되어 있습니다.", "As of {seen} a default on debts is registered."),
    mend=(
        "해제되었다면 {until}해제를 보여 주는 신용정보 확인서를 올려 주세요.",
        "If it has been lifted, upload a credit record that shows so{until}.",
    ),
)
DISHONOURED = no(
    "dishonoured",
    message=("{seen} 기준으로 부도(당좌거래정지) 상태입니다.", "As of {seen} bills are dishonoured."),
    mend=(
        "해제되었다면 {until}거래은행의 확인서를 올려 주세요.",
        "If that has ended, upload a statement of the bank{until}.",
    ),
)
CREDIT_MISSING = unknown(
    "credit_missing",
    message=("신용 상태를 아직 확인하지 못했습니다.", "The credit standing has not been checked yet."),
    mend=(
        "{until}신용정보 조회 동의서를 내 주세요.",
        "Hand in the consent to a credit check{until}.",
    ),
)


@rule(
    "credit_clear",
    parameters=NoParameters,
    reads=(keys.CREDIT_DEFAULT, keys.DISHONOURED),
    reasons=(CREDIT_CLEAR, CREDIT_DEFAULT, DISHONOURED, CREDIT_MISSING),
)
def credit_clear(facts: Facts, _parameters: NoParameters, _asking: Asking) -> Ruling:
    """Ask that no default on debts is registered and no bill is dishonoured.

    Source: guide 2021, exclusions (부도, 채무불이행).
    """
    default, dishonoured = facts.get(keys.CREDIT_DEFAULT), facts.get(keys.DISHONOURED)
    if default is not None and flag(default):
        return CREDIT_DEFAULT(default, seen=day(default.as_of))
    if dishonoured is not None and flag(dishonoured):
        return DISHONOURED(dishonoured, seen=day(dishonoured.as_of))
    if default is None or dishonoured is None:
        return CREDIT_MISSING(lacks=tuple(key for key in (keys.CREDIT_DEFAULT, keys.DISHONOURED) if key not in facts))
    return CREDIT_CLEAR(default, dishonoured)
