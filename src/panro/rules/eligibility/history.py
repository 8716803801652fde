"""What happened before: unfair practices, exclusions that run, support that was already given."""

from datetime import date

from pydantic import Field

from panro.korea.text import Text
from panro.rules.edition.base import Count, Positive, ProgrammeCode, Strict
from panro.rules.eligibility import keys
from panro.rules.eligibility.dates import first_free, months_before
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import date_in, date_of, records, text_in, words
from panro.rules.eligibility.words import Word, day, listing
from panro.rules.facts import Facts

NO_UNFAIR_PRACTICE = yes(
    "no_unfair_practice",
    "기간 안에 불공정행위로 처분받은 일이 없습니다.",
    "No decision on an unfair practice falls within the period.",
)
UNFAIR_PRACTICE = no(
    "unfair_practice",
    message=(
        "{decided}에 불공정행위 처분이 있었습니다. {first}부터 {closes}까지의 처분은 제외 사유입니다.",
        "There is a decision on an unfair practice of {decided}; decisions from {first} to {closes} exclude.",
    ),
    mend=(
        "처분이 취소되었다면 {until}그 결정문을 올려 주세요. 마감일이 {free} 이후인 차수에는 신청할 수 있습니다.",
        "If it was annulled, upload that decision{until}; a round that closes on or after {free} is open to you.",
    ),
)
UNFAIR_PRACTICE_MISSING = unknown(
    "unfair_practice_missing",
    message=(
        "불공정행위 처분이 있었는지 아직 확인하지 못했습니다.",
        "Whether there was a decision on an unfair practice has not been checked yet.",
    ),
    mend=("{until}서약서를 내 주세요.", "Hand in the signed declaration{until}."),
)


class UnfairPracticeParameters(Strict):
    """How many months before the closing date count."""

    within_months: Positive = 12


@rule(
    "no_unfair_practice",
    parameters=UnfairPracticeParameters,
    reads=(keys.UNFAIR_PRACTICE,),
    law=Text("공정거래법", "Monopoly Regulation and Fair Trade Act"),
    reasons=(NO_UNFAIR_PRACTICE, UNFAIR_PRACTICE, UNFAIR_PRACTICE_MISSING),
)
def no_unfair_practice(facts: Facts, parameters: UnfairPracticeParameters, asking: Asking) -> Ruling:
    """Ask that no decision falls into the months counted back from the closing date, both end days included.

    Source: guide 2021, exclusions (최근 1년 이내), read as counted back from the closing date of the round; a month
    without that day counts from its last day (민법 제160조).
    """
    fact = facts.get(keys.UNFAIR_PRACTICE)
    if fact is None:
        return UNFAIR_PRACTICE_MISSING(lacks=(keys.UNFAIR_PRACTICE,))
    if not fact.value:
        return NO_UNFAIR_PRACTICE(fact)
    first = months_before(asking.closes, parameters.within_months)
    decisions = [date_of(fact, decision) for decision in words(fact)]
    inside = [decided for decided in decisions if first <= decided <= asking.closes]
    if not inside:
        return NO_UNFAIR_PRACTICE(fact)
    latest = max(inside)
    return UNFAIR_PRACTICE(
        fact,
        decided=day(latest),
        first=day(first),
        closes=day(asking.closes),
        free=day(first_free(latest, parameters.within_months)),
    )


NO_SANCTION = yes("no_sanction", "참여 제한을 받고 있지 않습니다.", "No exclusion is running.")
SANCTIONED = no(
    "sanctioned",
    message=(
        "{ends} 참여 제한을 받고 있습니다(사유: {why}).",
        "An exclusion is running {ends} (reason: {why}).",
    ),
    mend=(
        "제한이 끝난 뒤에 신청해 주세요. 취소되었다면 {until}그 결정문을 올려 주세요.",
        "Apply once it has ended; if it was annulled, upload that decision{until}.",
    ),
)
SANCTIONS_MISSING = unknown(
    "sanctions_missing",
    message=("참여 제한 여부를 아직 확인하지 못했습니다.", "Whether an exclusion is running has not been checked yet."),
    mend=(
        "담당자가 제재 명부를 확인합니다. 따로 낼 서류는 없습니다.",
        "An officer looks it up in the register; there is nothing to bring.",
    ),
)


@rule(
    "no_sanction",
    parameters=NoParameters,
    reads=(keys.SANCTIONS,),
    reasons=(NO_SANCTION, SANCTIONED, SANCTIONS_MISSING),
)
def no_sanction(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask that no exclusion from support runs on the day; both its days are included.

    Source: usual in the notices of the field; an end that is not set means until it is lifted.
    """
    fact = facts.get(keys.SANCTIONS)
    if fact is None:
        return SANCTIONS_MISSING(lacks=(keys.SANCTIONS,))
    if not fact.value:
        return NO_SANCTION(fact)
    for row in records(fact):
        starts, ends = date_in(fact, row, "from"), date_in(fact, row, "to")
        if (starts is None or starts <= asking.on) and (ends is None or asking.on <= ends):
            return SANCTIONED(fact, ends=_running(ends), why=text_in(fact, row, "reason") or "-")
    return NO_SANCTION(fact)


def _running(ends: date | None) -> Text:
    if ends is None:
        return Text("해제될 때까지", "until it is lifted")
    last = day(ends)
    return Text(f"{last.ko}까지", f"until {last.en}")


NOT_SUPPORTED = yes(
    "not_already_supported",
    "같은 지원을 받은 횟수가 한도 안입니다.",
    "Support of this kind has not been given more often than allowed.",
)
ALREADY_SUPPORTED = no(
    "already_supported",
    message=(
        "이미 지원받은 사업입니다: {awards}. {least}",
        "Support has been given already: {awards}. {least}",
    ),
    mend=(
        "선정이 취소되었거나 포기했다면 {until}담당자에게 알려 주세요. 다른 사업에는 신청할 수 있습니다.",
        "If the award was cancelled or given up, tell the officer{until}; other programmes remain open.",
    ),
)
AWARDS_MISSING = unknown(
    "awards_missing",
    message=(
        "지금까지 받은 지원을 아직 확인하지 못했습니다.",
        "What support was given so far has not been checked yet.",
    ),
    mend=("{until}중복지원 여부를 적은 서약서를 내 주세요.", "Hand in the declaration on earlier support{until}."),
)


class AlreadySupportedParameters(Strict):
    """Which awards count against the applicant.

    ``programmes`` are those that count, none meaning the programme itself; ``at_most`` how many may be there;
    ``within_editions`` how many earlier years count besides this one.
    """

    programmes: list[ProgrammeCode] = Field(default_factory=list)
    at_most: Count = 0
    within_editions: Count = 0


@rule(
    "not_already_supported",
    parameters=AlreadySupportedParameters,
    reads=(keys.AWARDS,),
    reasons=(NOT_SUPPORTED, ALREADY_SUPPORTED, AWARDS_MISSING),
)
def not_already_supported(facts: Facts, parameters: AlreadySupportedParameters, asking: Asking) -> Ruling:
    """Ask that no more than the allowed number of awards was given in the years that count.

    Source: usual in the notices of the field (중복지원 제한); the guide of 2021 is silent, so the figures are data.
    """
    fact = facts.get(keys.AWARDS)
    if fact is None:
        return AWARDS_MISSING(lacks=(keys.AWARDS,))
    if not fact.value:
        return NOT_SUPPORTED(fact)
    programmes = parameters.programmes or [asking.programme.code]
    counted = [
        (edition, programme)
        for row in records(fact)
        if (programme := text_in(fact, row, "programme") or "") in programmes
        and _counts(edition := text_in(fact, row, "edition") or "", asking.edition.code, parameters.within_editions)
    ]
    if len(counted) <= parameters.at_most:
        return NOT_SUPPORTED(fact)
    named = listing(Word.same(f"{edition} {programme}") for edition, programme in counted)
    return ALREADY_SUPPORTED(fact, awards=named, least=_allowance(parameters.at_most))


def _counts(edition: str, current: str, back: int) -> bool:
    """Tell whether an award's year is this one or one of so many before; codes that are no years only if equal."""
    if edition == current:
        return True
    if not (edition.isdecimal() and current.isdecimal()):
        return False
    return 0 < int(current) - int(edition) <= back


def _allowance(at_most: int) -> Text:
    if at_most == 0:
        return Text("다시 지원받을 수 없습니다.", "It cannot be given again.")
    return Text(f"{at_most}번까지 받을 수 있습니다.", f"It can be given {at_most} times at most.")
