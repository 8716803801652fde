"""Which of the chosen products may take part: judged one by one, and whether enough remain."""

from dataclasses import dataclass
from typing import Final

from panro.korea.text import Text
from panro.rules.edition.base import Positive, Strict
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, Reason, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import records, text_in
from panro.rules.eligibility.words import Word, listing
from panro.rules.facts import Fact, Facts, FactValue
from panro.rules.findings import Answer

HOME: Final = "KR"
LARGE: Final = "large"

PRODUCT_FITS = yes("product_fits", "지원할 수 있는 상품입니다.", "This product can be supported.")
PRODUCT_FOREIGN = no(
    "product_foreign",
    message=(
        "‘{product}’ 상품은 수입 제품(원산지 {origin})이라 지원할 수 없습니다.",
        "“{product}” comes from abroad (origin {origin}) and cannot be supported.",
    ),
    mend=(
        "{until}국내에서 만든 상품을 고르거나, 원산지가 다르면 제조 증빙을 올려 주세요.",
        "Choose a product made in Korea, or upload proof of its making if the origin is wrong{until}.",
    ),
)
PRODUCT_OF_LARGE_COMPANY = no(
    "product_of_large_company",
    message=(
        "‘{product}’ 상품은 대기업 제품이라 지원할 수 없습니다.",
        "“{product}” is made by a large company and cannot be supported.",
    ),
    mend=(
        "{until}다른 상품을 고르거나, 제조사의 중소기업확인서를 올려 주세요.",
        "Choose another product, or upload the maker's SME certificate{until}.",
    ),
)
PRODUCT_ORIGIN_UNKNOWN = unknown(
    "product_origin_unknown",
    message=("‘{product}’ 상품의 원산지를 알지 못합니다.", "The origin of “{product}” is not known."),
    mend=("{until}원산지를 입력하고 증빙을 올려 주세요.", "Give its origin and upload proof{until}."),
)
PRODUCT_MAKER_UNKNOWN = unknown(
    "product_maker_unknown",
    message=(
        "‘{product}’ 상품의 제조사 규모를 알지 못합니다.",
        "The size of the maker of “{product}” is not known.",
    ),
    mend=(
        "{until}제조사를 입력하고 제조사의 중소기업확인서를 올려 주세요.",
        "Give its maker and upload the maker's SME certificate{until}.",
    ),
)
PRODUCT_REASONS: Final = (
    PRODUCT_FITS,
    PRODUCT_FOREIGN,
    PRODUCT_OF_LARGE_COMPANY,
    PRODUCT_ORIGIN_UNKNOWN,
    PRODUCT_MAKER_UNKNOWN,
)

PRODUCTS_ENOUGH = yes(
    "products_eligible", "지원할 수 있는 상품이 충분합니다.", "Enough of the chosen products can be supported."
)
PRODUCTS_TOO_FEW = no(
    "products_too_few",
    message=(
        "지원할 수 있는 상품이 {least}개 이상이어야 합니다. 지원할 수 없는 상품: {refused}",
        "At least {least} products that can be supported are needed. These cannot: {refused}.",
    ),
    mend=(
        "{until}국내에서 만든 중소기업 상품을 더 골라 주세요.",
        "Choose more products made in Korea by small or medium firms{until}.",
    ),
)
PRODUCTS_MISSING = unknown(
    "products_missing",
    message=("신청할 상품을 아직 고르지 않았습니다.", "No product has been chosen yet."),
    mend=("{until}상품을 {least}개 이상 골라 주세요.", "Choose at least {least} products{until}."),
)
PRODUCTS_UNCLEAR = unknown(
    "products_unclear",
    message=(
        "상품 정보가 모자라 판단할 수 없습니다: {unclear}",
        "Something about these products is not known: {unclear}.",
    ),
    mend=(
        "{until}원산지와 제조사를 입력하고 증빙을 올려 주세요.",
        "Give origin and maker, and upload proof{until}.",
    ),
)


class ProductParameters(Strict):
    """How many products must remain, and what refuses one."""

    at_least: Positive = 1
    refuse_foreign: bool = True
    refuse_large_company: bool = True


@dataclass(frozen=True, slots=True)
class ProductFinding:
    """What was found about one product, with its sentences."""

    code: str
    name: str
    answer: Answer
    reason: str
    message: Text
    mend: Text | None


@rule(
    "products_eligible",
    parameters=ProductParameters,
    reads=(keys.PRODUCTS,),
    reasons=(PRODUCTS_ENOUGH, PRODUCTS_TOO_FEW, PRODUCTS_MISSING, PRODUCTS_UNCLEAR),
)
def products_eligible(facts: Facts, parameters: ProductParameters, _asking: Asking) -> Ruling:
    """Ask that enough products remain when those from abroad and those of large companies are taken out.

    Source: guide 2021, exclusions (수입제품, 대기업 제품), judged one by one; the application goes on with the rest. It
    is a no only where too few would remain even if everything unknown turned out well.
    """
    fact = facts.get(keys.PRODUCTS)
    if fact is None:
        return PRODUCTS_MISSING(lacks=(keys.PRODUCTS,), least=parameters.at_least)
    fitting = 0
    left: list[tuple[dict[str, FactValue], Reason]] = []
    for row in records(fact):
        reason = _judge(fact, row, parameters)
        if reason is not PRODUCT_FITS:
            left.append((row, reason))
            continue
        fitting += 1
        if fitting >= parameters.at_least:
            return PRODUCTS_ENOUGH(fact)
    unclear = [row for row, reason in left if reason.answer is Answer.UNKNOWN]
    if fitting + len(unclear) >= parameters.at_least:
        return PRODUCTS_UNCLEAR(fact, lacks=(keys.PRODUCTS,), unclear=_names(fact, unclear))
    refused = [row for row, reason in left if reason.answer is Answer.NO]
    return PRODUCTS_TOO_FEW(fact, least=parameters.at_least, refused=_names(fact, refused) if refused else "-")


def product_findings(facts: Facts, parameters: ProductParameters, asking: Asking) -> tuple[ProductFinding, ...]:
    """Judge every chosen product by itself, in the order in which they were chosen."""
    fact = facts.get(keys.PRODUCTS)
    return () if fact is None else tuple(_finding(fact, row, parameters, asking) for row in records(fact))


def _finding(fact: Fact, row: dict[str, FactValue], parameters: ProductParameters, asking: Asking) -> ProductFinding:
    reason = _judge(fact, row, parameters)
    name = _name(fact, row)
    values = {"product": name, "origin": text_in(fact, row, "origin") or "-", "until": asking.until}
    return ProductFinding(
        code=text_in(fact, row, "code") or "",
        name=name.ko,
        answer=reason.answer,
        reason=reason.code,
        message=reason.message.format(**values),
        mend=None if reason.mend is None else reason.mend.format(**values),
    )


def _judge(fact: Fact, row: dict[str, FactValue], parameters: ProductParameters) -> Reason:
    """Say why one product fits or not; a known fault goes before what is not known."""
    origin, maker = text_in(fact, row, "origin"), text_in(fact, row, "maker")
    if parameters.refuse_foreign and origin is not None and origin != HOME:
        return PRODUCT_FOREIGN
    if parameters.refuse_large_company and maker == LARGE:
        return PRODUCT_OF_LARGE_COMPANY
    if parameters.refuse_foreign and origin is None:
        return PRODUCT_ORIGIN_UNKNOWN
    if parameters.refuse_large_company and maker is None:
        return PRODUCT_MAKER_UNKNOWN
    return PRODUCT_FITS


def _name(fact: Fact, row: dict[str, FactValue]) -> Text:
    return Word.same(text_in(fact, row, "name") or text_in(fact, row, "code") or "-")


def _names(fact: Fact, rows: list[dict[str, FactValue]]) -> Text:
    return listing(_name(fact, row) for row in rows)
