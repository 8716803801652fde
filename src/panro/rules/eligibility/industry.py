"""Whether the applicant's main industry is one that is excluded (융자제외 업종)."""

from datetime import date
from functools import lru_cache
from typing import Literal

from panro.korea.industries import IndustryAnswer, IndustryReason, IndustryVerdict, exclusion_table
from panro.korea.text import Text
from panro.rules.edition.base import Strict
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import FactShapeError, flag_in, record, text_in, whole_in
from panro.rules.eligibility.words import Word
from panro.rules.facts import Fact, Facts

INDUSTRY_OPEN = yes(
    "industry_not_excluded", "지원에서 제외되는 업종이 아닙니다.", "The industry is not on the excluded list."
)
INDUSTRY_CLEARED = yes(
    "industry_part_not_excluded",
    "일부만 제외되는 업종이며, 제외되는 부분에 해당하지 않습니다.",
    "Only a part of this industry is excluded, and the business does not belong to it.",
)
INDUSTRY_OUTSIDE_PARTS = yes(
    "industry_outside_excluded_parts",
    "제외되는 세부 업종에 해당하지 않습니다.",
    "The business belongs to none of the excluded parts of its industry.",
)
INDUSTRY_EXCLUDED = no(
    "industry_excluded",
    message=(
        "업종코드 {code:은/는} 제외 업종인 ‘{row}’에 해당합니다.",
        "Industry {code} belongs to the excluded “{row}”.",
    ),
    mend=(
        "주업종이 다르면 {until}사업자등록증명과 매출 자료로 바로잡아 주세요.",
        "If the main industry is another one, correct it with the business certificate and sales papers{until}.",
    ),
)
INDUSTRY_PART_EXCLUDED = no(
    "industry_part_excluded",
    message=(
        "업종 {code} 가운데 제외되는 ‘{row}’에 해당한다고 확인되었습니다.",
        "The business was found to belong to the excluded part “{row}” of industry {code}.",
    ),
    mend=(
        "사실과 다르면 {until}실제 하는 일을 보여 주는 자료를 올려 주세요.",
        "If that is wrong, upload papers that show what the business does{until}.",
    ),
)
INDUSTRY_MISSING = unknown(
    "industry_missing",
    message=("주업종을 아직 알지 못합니다.", "The main industry is not known yet."),
    mend=(
        "{until}주업종의 한국표준산업분류 코드(5자리)를 입력해 주세요.",
        "Give the code of the main industry (KSIC, five digits){until}.",
    ),
)
INDUSTRY_TO_BE_ASKED = unknown(
    "industry_to_be_asked",
    message=(
        "업종코드 {code:은/는} 일부만 제외됩니다. ‘{row}’에 해당하는지 확인해야 합니다.",
        "Only a part of industry {code} is excluded; whether “{row}” applies must be found out.",
    ),
    mend=(
        "{until}{question} 답해 주시고, 하는 일을 보여 주는 자료를 올려 주세요.",
        "{question} Answer, and upload a paper that shows what the business does{until}.",
    ),
)
INDUSTRY_REVISION_UNKNOWN = unknown(
    "industry_revision_unknown",
    message=(
        "제외 업종 표는 업종분류 {revision}차 코드 {code:을/를} 판단하지 못합니다.",
        "The list of excluded industries cannot judge code {code} of KSIC revision {revision}.",
    ),
    mend=(
        "{until}10차 한국표준산업분류의 코드를 함께 알려 주세요.",
        "Give the code of the 10th revision of KSIC as well{until}.",
    ),
)
INDUSTRY_CODE_UNCLEAR = unknown(
    "industry_code_unclear",
    message=("업종코드 {code}만으로는 판단할 수 없습니다.", "Industry code {code} alone is not enough to judge by."),
    mend=("{until}업종코드 5자리를 모두 입력해 주세요.", "Give all five digits of the industry code{until}."),
)


class IndustryParameters(Strict):
    """The list of excluded industries; ``semas_ksic10`` is that of the policy loans to small merchants."""

    table: Literal["semas_ksic10"] = "semas_ksic10"


@rule(
    "industry_not_excluded",
    parameters=IndustryParameters,
    reads=(keys.INDUSTRY, keys.INDUSTRY_ANSWER),
    law=Text("소상공인 정책자금 융자제외 대상 업종", "industries excluded from policy loans to small merchants"),
    reasons=(
        INDUSTRY_OPEN,
        INDUSTRY_CLEARED,
        INDUSTRY_OUTSIDE_PARTS,
        INDUSTRY_EXCLUDED,
        INDUSTRY_PART_EXCLUDED,
        INDUSTRY_MISSING,
        INDUSTRY_TO_BE_ASKED,
        INDUSTRY_REVISION_UNKNOWN,
        INDUSTRY_CODE_UNCLEAR,
    ),
)
def industry_not_excluded(facts: Facts, _parameters: IndustryParameters, asking: Asking) -> Ruling:
    """Look the main industry up in the list of the day; where only a part of a code is out, a person must say.

    Source: guide 2021, exclusions; the list of 소상공인시장진흥공단 on KSIC 10. A code of another revision is
    not guessed.
    """
    fact = facts.get(keys.INDUSTRY)
    if fact is None:
        return INDUSTRY_MISSING(lacks=(keys.INDUSTRY,))
    code, revision = industry_code(fact)
    verdict = _verdict(code, revision, asking.on)
    match verdict.answer:
        case IndustryAnswer.ALLOWED:
            return INDUSTRY_OPEN(fact)
        case IndustryAnswer.BLOCKED:
            return INDUSTRY_EXCLUDED(fact, code=Word.same(code), row=_row_name(verdict))
        case IndustryAnswer.ASK:
            return _asked(fact, facts.get(keys.INDUSTRY_ANSWER), code, verdict)
    if verdict.reason is IndustryReason.REVISION_UNMAPPED:
        return INDUSTRY_REVISION_UNKNOWN(fact, lacks=(keys.INDUSTRY,), code=Word.same(code), revision=revision)
    return _unclear(fact, facts.get(keys.INDUSTRY_ANSWER), code, has_parts=_has_parts(code, revision, asking.on))


def _has_parts(code: str, revision: str, on: date) -> bool:
    return bool(exclusion_table(on).parts_of(code, revision))


def _unclear(fact: Fact, answer: Fact | None, code: str, *, has_parts: bool) -> Ruling:
    """Judge a short code: enough where only deeper parts are excluded and the answer is that none of them applies."""
    row = None if answer is None else record(answer)
    if answer is None or row is None or not has_parts or text_in(answer, row, "row") != code:
        return INDUSTRY_CODE_UNCLEAR(fact, lacks=(keys.INDUSTRY,), code=code)
    if not flag_in(answer, row, "excluded"):
        return INDUSTRY_OUTSIDE_PARTS(fact, answer)
    return INDUSTRY_CODE_UNCLEAR(fact, lacks=(keys.INDUSTRY,), code=code)


@lru_cache(maxsize=1 << 14)
def _verdict(code: str, revision: str, on: date) -> IndustryVerdict:
    """Look a code up in the list of a day; a year asks for few codes on few days, but for each very often."""
    return exclusion_table(on).classify(code, revision)


def industry_code(fact: Fact) -> tuple[str, str]:
    """Return the code of an industry fact and its revision, as `panro.korea.industries` writes them."""
    row = record(fact)
    code = text_in(fact, row, "code")
    if code is None:
        raise FactShapeError(fact, "an industry code", fact.value)
    return code, str(whole_in(fact, row, "revision"))


def asked_row(verdict: IndustryVerdict) -> str:
    """Return the code by which a question about a part of an industry is known: the exception's, else the row's."""
    if verdict.exception is not None:
        return verdict.exception.prefix
    return verdict.row.prefix if verdict.row is not None else ""


def _asked(fact: Fact, answer: Fact | None, code: str, verdict: IndustryVerdict) -> Ruling:
    """Judge an industry of which only a part is excluded, by the answer to this question or to a narrower one."""
    name, word = _row_name(verdict), Word.same(code)
    row = None if answer is None else record(answer)
    answered = None if answer is None or row is None else text_in(answer, row, "row")
    fits = answered is not None and answered.startswith(asked_row(verdict)) and code.startswith(answered)
    if answer is None or row is None or not fits:
        return INDUSTRY_TO_BE_ASKED(
            fact, lacks=(keys.INDUSTRY_ANSWER,), code=word, row=name, question=_question(verdict, name)
        )
    if flag_in(answer, row, "excluded"):
        return INDUSTRY_PART_EXCLUDED(fact, answer, code=word, row=name)
    return INDUSTRY_CLEARED(fact, answer)


def _row_name(verdict: IndustryVerdict) -> Text:
    row = verdict.row
    return Text("", "") if row is None else Word.text(row.name_ko, row.name_en)


def _question(verdict: IndustryVerdict, name: Text) -> Text:
    """Ask what the code alone does not say."""
    exception = verdict.exception
    if exception is not None and exception.condition_ko is not None and exception.condition_en is not None:
        return Text(
            ko=f"다음 조건을 갖추었는지(‘{exception.condition_ko}’)",
            en=f"Does this hold: {exception.condition_en}?",
        )
    return Text(ko=f"‘{name.ko}’에 해당하는지", en=f"Does the business belong to “{name.en}”?")
