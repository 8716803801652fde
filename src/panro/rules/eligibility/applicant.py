"""Who applies, and from where, with what of its own: type, place, own share, being named."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from panro.korea.regions import RegionError, current_code, region, region_table
from panro.korea.text import Text
from panro.rules.edition.base import BasisPoints, Code, Strict
from panro.rules.edition.programme import Programme
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import flag, whole, word
from panro.rules.eligibility.words import Word, listing, percent
from panro.rules.facts import Fact, Facts

TYPE_NAMES = {
    "merchant": Word.text("소상공인", "small merchants"),
    "cooperative": Word.text("소상공인 협동조합", "cooperatives of small merchants"),
    "creator": Word.text("크리에이터", "creators"),
    "trainee": Word.text("개인 교육생", "persons as trainees"),
    "institution": Word.text("기관", "institutions"),
    "consortium": Word.text("컨소시엄", "consortia"),
    "local_government": Word.text("지방자치단체", "local governments"),
}

TYPE_ADMITTED = yes("applicant_type_admitted", "신청할 수 있는 유형입니다.", "Applicants of this type may apply.")
TYPE_NOT_ADMITTED = no(
    "applicant_type_not_admitted",
    message=(
        "{type:은/는} 이 사업에 신청할 수 없습니다. 신청 대상: {admitted}",
        "This programme is not for {type}. It is for: {admitted}.",
    ),
    mend=(
        "다른 유형에 해당하면 그 유형으로 {until}다시 신청해 주세요.",
        "If you belong to one of these, apply again as such{until}.",
    ),
)
TRACK_NOT_FOR_TYPE = no(
    "track_not_for_type",
    message=(
        "{type:은/는} ‘{track}’에 신청할 수 없습니다. 신청 대상: {admitted}",
        "“{track}” is not for {type}. It is for: {admitted}.",
    ),
    mend=("{until}다른 세부유형을 골라 다시 신청해 주세요.", "Choose another track and apply again{until}."),
)


@rule(
    "applicant_type",
    parameters=NoParameters,
    reads=(keys.APPLICANT_TYPE,),
    reasons=(TYPE_ADMITTED, TYPE_NOT_ADMITTED, TRACK_NOT_FOR_TYPE),
)
def applicant_type(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask whether the programme, and the track chosen in it, is for applicants of this type.

    Source: guide 2021, who may apply, and each programme. The type is that of the application itself.
    """
    fact = facts.get(keys.APPLICANT_TYPE)
    used = () if fact is None else (fact,)
    admitted = [applicant.type for applicant in asking.programme.applicants]
    track = next((track for track in asking.programme.tracks if track.code == asking.track), None)
    if asking.applicant_type not in admitted:
        return TYPE_NOT_ADMITTED(
            *used, type=TYPE_NAMES[asking.applicant_type], admitted=listing(TYPE_NAMES[kind] for kind in admitted)
        )
    if track is None or track.applicants is None or asking.applicant_type in track.applicants:
        return TYPE_ADMITTED(*used)
    return TRACK_NOT_FOR_TYPE(
        *used,
        type=TYPE_NAMES[asking.applicant_type],
        track=track.name.text,
        admitted=listing(TYPE_NAMES[kind] for kind in track.applicants),
    )


PLACE_FITS = yes("located_in", "소재지가 모집 지역입니다.", "The place of business is in the area.")
PLACE_OUTSIDE = no(
    "located_outside",
    message=(
        "소재지는 {place}(으)로 모집 지역({area})이 아닙니다.",
        "The place of business is {place}, outside the area ({area}).",
    ),
    mend=(
        "사업장을 옮겼다면 {until}주소가 바뀐 사업자등록증명을 올려 주세요.",
        "If the business has moved, upload a business certificate with the new address{until}.",
    ),
)
PLACE_MISSING = unknown(
    "location_missing",
    message=("사업장 소재지를 아직 알지 못합니다.", "The place of business is not known yet."),
    mend=("{until}사업장 주소를 입력해 주세요.", "Give the address of the business{until}."),
)
PLACE_UNREADABLE = unknown(
    "location_unreadable",
    message=("지역 코드 {code:을/를} 알 수 없습니다.", "Region code {code} is not known."),
    mend=("{until}사업장 주소를 다시 선택해 주세요.", "Choose the address of the business again{until}."),
)


class LocatedInParameters(Strict):
    """Inside or outside the capital region (``capital``), or one of the provinces ``regions``."""

    capital: bool | None = None
    regions: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.capital is None) == (not self.regions):
            raise ValueError("give either capital or regions")
        return self


def _regions_exist(parameters: LocatedInParameters, _programme: Programme) -> str | None:
    known = {row.code for row in region_table().rows}
    strange = [code for code in parameters.regions if code not in known]
    return f"no region has the code {', '.join(strange)}" if strange else None


@rule(
    "located_in",
    parameters=LocatedInParameters,
    reads=(keys.REGION,),
    reasons=(PLACE_FITS, PLACE_OUTSIDE, PLACE_MISSING, PLACE_UNREADABLE),
    check=_regions_exist,
)
def located_in(facts: Facts, parameters: LocatedInParameters, asking: Asking) -> Ruling:
    """Ask whether the place of business lies in the area, following provinces whose code has changed.

    Source: guide 2-2 (the capital region is Seoul, Incheon and Gyeonggi); the laws that renamed provinces.
    is the asked one, or the fact's where that is later.
    """
    fact = facts.get(keys.REGION)
    if fact is None:
        return PLACE_MISSING(lacks=(keys.REGION,))
    code, on = word(fact), max(asking.on, fact.as_of)
    try:
        here = region(current_code(code, on=on), on=on)
    except RegionError:
        return PLACE_UNREADABLE(fact, lacks=(keys.REGION,), code=Word.same(code))
    if parameters.capital is not None:
        fits = here.capital == parameters.capital
        area = _CAPITAL if parameters.capital else _OUTSIDE_CAPITAL
    else:
        allowed = {row.code: row for row in region_table().rows if row.code in parameters.regions}
        fits = any(_now(wanted, fact, asking) == here.code for wanted in allowed)
        area = listing(Text(row.short_ko, row.short_en) for row in allowed.values())
    if fits:
        return PLACE_FITS(fact)
    return PLACE_OUTSIDE(fact, place=Word.text(here.short_ko, here.short_en), area=area)


_CAPITAL = Text("수도권", "the capital region")
_OUTSIDE_CAPITAL = Text("비수도권", "outside the capital region")


def _now(code: str, fact: Fact, asking: Asking) -> str | None:
    try:
        return current_code(code, on=max(asking.on, fact.as_of))
    except RegionError:
        return None


def region_of(facts: Facts, *, on: date) -> str:
    """Return the code of the applicant's province as of a day, following succession; empty where it is not known."""
    fact = facts.get(keys.REGION)
    if fact is None or fact.value is None:
        return ""
    try:
        return current_code(word(fact), on=on)
    except RegionError:
        return ""


SHARE_COMMITTED = yes("own_share_committed", "자부담 비율이 기준 이상입니다.", "The own share is large enough.")
SHARE_TOO_SMALL = no(
    "own_share_too_small",
    message=(
        "약정한 자부담이 {share}입니다. {least} 이상이어야 합니다.",
        "The own share committed is {share}; at least {least} is needed.",
    ),
    mend=(
        "{until}자부담 확약서를 고쳐서 다시 내 주세요.",
        "Hand in a corrected commitment of the own share{until}.",
    ),
)
SHARE_MISSING = unknown(
    "own_share_missing",
    message=("자부담을 얼마나 낼지 아직 알지 못합니다.", "How large the own share will be is not known yet."),
    mend=("{until}자부담 확약서를 내 주세요.", "Hand in the commitment of the own share{until}."),
)


class OwnShareParameters(Strict):
    """The least own share of the total, in basis points."""

    minimum: BasisPoints


@rule(
    "own_share_committed",
    parameters=OwnShareParameters,
    reads=(keys.OWN_SHARE,),
    reasons=(SHARE_COMMITTED, SHARE_TOO_SMALL, SHARE_MISSING),
)
def own_share_committed(facts: Facts, parameters: OwnShareParameters, _asking: Asking) -> Ruling:
    """Ask for a commitment to the own share (자부담), in basis points of the total.

    Source: guide 2-2 (30% or 20%), 4-1 (about 10% for shows made by the merchant).
    """
    fact = facts.get(keys.OWN_SHARE)
    if fact is None:
        return SHARE_MISSING(lacks=(keys.OWN_SHARE,))
    share = whole(fact)
    if share >= parameters.minimum:
        return SHARE_COMMITTED(fact)
    return SHARE_TOO_SMALL(fact, share=percent(share), least=percent(parameters.minimum))


NOMINATED = yes("nominated", "담당자가 추천했습니다.", "An officer has nominated the applicant.")
NOT_NOMINATED = no(
    "not_nominated",
    message=("이 사업은 추천으로만 참여할 수 있습니다.", "One takes part in this programme by nomination only."),
    mend=(
        "추천 대상인지 담당 기관에 물어봐 주세요.",
        "Ask the agency whether you can be nominated.",
    ),
)
NOMINATION_UNKNOWN = unknown(
    "nomination_unknown",
    message=("추천을 받았는지 아직 확인하지 못했습니다.", "Whether there is a nomination has not been checked yet."),
    mend=("담당자가 추천 명단을 확인합니다.", "An officer looks it up in the list of nominations."),
)


@rule(
    "nominated",
    parameters=NoParameters,
    reads=(keys.NOMINATED,),
    reasons=(NOMINATED, NOT_NOMINATED, NOMINATION_UNKNOWN),
)
def nominated(facts: Facts, _parameters: NoParameters, _asking: Asking) -> Ruling:
    """Ask for a nomination by an officer. Source: guide 2-3 (no open notice in 2021)."""
    fact = facts.get(keys.NOMINATED)
    if fact is None:
        return NOMINATION_UNKNOWN(lacks=(keys.NOMINATED,))
    return NOMINATED(fact) if flag(fact) else NOT_NOMINATED(fact)


REASON_GIVEN = yes("any_reason", "지원이 필요한 사유에 해당합니다.", "One of the reasons for this support applies.")
NO_REASON = no(
    "no_reason",
    message=(
        "지원이 필요한 사유 가운데 해당하는 것이 없습니다: {reasons}",
        "None of the reasons for this support applies: {reasons}.",
    ),
    mend=("해당하는 것이 있으면 {until}신청서를 고쳐 주세요.", "If one does apply, correct the application{until}."),
)
REASON_MISSING = unknown(
    "reason_missing",
    message=(
        "지원이 필요한 사유를 아직 알지 못합니다: {reasons}",
        "Whether one of the reasons for this support applies is not known yet: {reasons}.",
    ),
    mend=("{until}해당하는 사유에 답해 주세요.", "Say which of them apply{until}."),
)
REASON_NAMES = {
    keys.WANTS_ONLINE: Text("온라인 판매를 시작하려 함", "wants to sell online"),
    keys.SHORT_OF_STAFF_OR_MONEY: Text("인력이나 자금이 부족함", "is short of staff or money"),
    keys.CANNOT_RUN_MALL: Text("쇼핑몰을 직접 운영하기 어려움", "can hardly run a mall account"),
}


class AnyReasonParameters(Strict):
    """The facts of which one at least must be true."""

    facts: list[Code] = Field(min_length=1)


def _reasons_named(parameters: AnyReasonParameters, _programme: Programme) -> str | None:
    strange = [key for key in parameters.facts if key not in REASON_NAMES]
    return f"its facts are {', '.join(REASON_NAMES)}, not {', '.join(strange)}" if strange else None


@rule(
    "any_reason",
    parameters=AnyReasonParameters,
    reads=(keys.WANTS_ONLINE, keys.SHORT_OF_STAFF_OR_MONEY, keys.CANNOT_RUN_MALL),
    reasons=(REASON_GIVEN, NO_REASON, REASON_MISSING),
    check=_reasons_named,
)
def any_reason(facts: Facts, parameters: AnyReasonParameters, _asking: Asking) -> Ruling:
    """Ask that at least one of some reasons applies. Source: guide 1-3, read as alternatives."""
    known = [facts[key] for key in parameters.facts if key in facts]
    for fact in known:
        if flag(fact):
            return REASON_GIVEN(fact)
    reasons = listing(REASON_NAMES[key] for key in parameters.facts)
    lacks = tuple(key for key in parameters.facts if key not in facts)
    if lacks:
        return REASON_MISSING(*known, lacks=lacks, reasons=reasons)
    return NO_REASON(*known, reasons=reasons)
