"""The questions of an application, in the words of "what may I get?": each belongs to a fact that some rule reads.

Which of them one application asks is decided in `panro.intake.questions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panro.korea.text import Text
from panro.rules.eligibility import keys


class Kind(StrEnum):
    """How an answer is given."""

    CHOICE = "choice"
    CHOICES = "choices"
    PLACE = "place"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DAY = "day"
    TEXT = "text"
    STATEMENT = "statement"
    ADDRESS = "address"
    INDUSTRY = "industry"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class When:
    """A question that is asked only where another one of the same screen was answered so."""

    question: str
    equals: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``facts`` are the keys (`panro.rules.eligibility.keys`) that its answer tells; none for a statement to reviewers.
    ``help`` stands where the question is. ``most`` bounds a number, or the length of a text in characters. ``unit``
    stands behind a number.
    """

    code: str
    kind: Kind
    label: Text
    help: Text | None = None
    required: bool = False
    when: When | None = None
    facts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    most: int | None = None
    unit: Text | None = None
    hints: tuple[Text, ...] = ()
    """What reviewers look for, best first; for statements."""
    of: frozenset[str] | None = None
    """Types of applicant that are asked; None for all."""


SELLERS: Final = frozenset({"merchant", "cooperative"})
ORGANISED: Final = frozenset({"institution", "consortium", "local_government"})
YES: Final = Choice("yes", Text("예", "Yes"))
NO: Final = Choice("no", Text("아니요", "No"))
UNKNOWN: Final = Choice("", Text("아직 모릅니다", "I don't know yet"))
YES_NO: Final = (YES, NO, UNKNOWN)
LARGEST_SALES: Final = 100_000_000  # 10,000 won: a trillion won
STATEMENT_LENGTH: Final = 1000

TRACK: Final = Question(
    "track",
    Kind.CHOICE,
    Text("어느 세부유형으로 신청하시나요?", "Which track do you apply for?"),
    Text(
        "세부유형마다 따로 뽑습니다. 제출하기 전까지 바꿀 수 있습니다.",
        "Each track has places of its own. You may change it until you submit.",
    ),
    required=True,
)
REGION: Final = Question(
    "region",
    Kind.PLACE,
    Text("사업장은 어디에 있나요?", "Where is your business?"),
    facts=(keys.REGION,),
)
ORGANISATION: Final = Question(
    "organisation",
    Kind.CHOICE,
    Text("어떤 기관인가요?", "What kind of organisation is it?"),
    facts=(keys.ORGANISATION,),
    choices=(
        Choice("private", Text("민간", "Private")),
        Choice("public_body", Text("공공기관", "Public body")),
        Choice("local_government", Text("지방자치단체", "Local government")),
        UNKNOWN,
    ),
    of=frozenset({"institution"}),
)
INDUSTRY: Final = Question(
    "industry",
    Kind.INDUSTRY,
    Text("주업종은 무엇인가요?", "What is your main industry?"),
    Text(
        "‘식료품’처럼 이름으로 찾거나, 10797처럼 한국표준산업분류 코드를 적어 주세요.",
        "A name such as “food”, or the code of the classification such as 10797.",
    ),
    facts=(keys.INDUSTRY,),
    most=60,
    of=SELLERS,
)
INDUSTRY_PART: Final = Question(
    "industry_part",
    Kind.CHOICE,
    Text("다음에 해당하나요? “{about}”", "Does this apply to you: “{about}”?"),
    Text(
        "업종 가운데 일부만 지원에서 빠지거나 지원할 수 있는 업종입니다.",
        "Only a part of this industry is excluded, or may be supported.",
    ),
    facts=(keys.INDUSTRY_ANSWER,),
    choices=YES_NO,
    of=SELLERS,
)
EMPLOYEES: Final = Question(
    "employees",
    Kind.DECIMAL,
    Text("상시근로자는 몇 명인가요?", "How many people work for you regularly?"),
    Text(
        "대표자는 빼고 세며, 단시간 근로자는 0.5명으로 셉니다. 없으면 0을 적어 주세요.",
        "Without yourself. Part-timers count half. Write 0 if there is nobody.",
    ),
    facts=(keys.EMPLOYEES,),
    most=9999,
    unit=Text("명", "people"),
    of=frozenset({"merchant"}),
)
SALES: Final = Question(
    "sales",
    Kind.WHOLE,
    Text("최근 3년 평균 매출액은 얼마인가요?", "What are your sales in a year, on average of three years?"),
    Text(
        "만 원 단위입니다. 1억 2천만 원이면 12000입니다. 3년이 안 된 사업은 창업 뒤 한 해 평균을 적어 주세요.",
        "In units of 10,000 won: 120 million is 12000. A business younger than three years takes the mean since then.",
    ),
    facts=(keys.AVERAGE_SALES,),
    most=LARGEST_SALES,
    unit=Text("만 원", "× 10,000 won"),
    of=frozenset({"merchant"}),
)
GRACE: Final = Question(
    "grace",
    Kind.CHOICE,
    Text(
        "소상공인 기준을 넘은 뒤의 유예기간에 있나요?",
        "Are you in the years of grace after having outgrown the limits?",
    ),
    Text(
        "기준을 넘은 뒤 3년은 소상공인으로 봅니다. 소상공인확인서에 유예 여부가 적혀 있습니다.",
        "A firm that outgrew the limits counts as small for three more years. The small-merchant certificate says so.",
    ),
    facts=(keys.SIZE_GRACE,),
    choices=YES_NO,
    of=frozenset({"merchant"}),
)
GRACE_FROM: Final = Question(
    "grace_from",
    Kind.DAY,
    Text("유예기간 시작일", "First day of the years of grace"),
    when=When("grace", "yes"),
    facts=(keys.SIZE_GRACE,),
    of=frozenset({"merchant"}),
)
GRACE_TO: Final = Question(
    "grace_to",
    Kind.DAY,
    Text("유예기간 만료일", "Last day of the years of grace"),
    when=When("grace", "yes"),
    facts=(keys.SIZE_GRACE,),
    of=frozenset({"merchant"}),
)
MEMBERS: Final = Question(
    "cooperative_members",
    Kind.WHOLE,
    Text("조합원은 몇 명인가요?", "How many members has the cooperative?"),
    facts=(keys.MEMBERS_CERTIFIED,),
    most=100_000,
    unit=Text("명", "people"),
    of=frozenset({"cooperative"}),
)
CERTIFIED: Final = Question(
    "certified_members",
    Kind.WHOLE,
    Text(
        "그 가운데 소상공인확인서가 있는 조합원은 몇 명인가요?", "How many of them hold a small-merchant certificate?"
    ),
    facts=(keys.MEMBERS_CERTIFIED,),
    most=100_000,
    unit=Text("명", "people"),
    of=frozenset({"cooperative"}),
)
CHANNEL: Final = Question(
    "channel",
    Kind.ADDRESS,
    Text("채널 주소는 무엇인가요?", "What is the address of your channel?"),
    Text("https://로 시작하는 주소를 적어 주세요.", "It begins with https://."),
    facts=(keys.CHANNEL_URL,),
    most=200,
    of=frozenset({"creator"}),
)
CREDIT: Final = Question(
    "credit",
    Kind.CHOICE,
    Text(
        "채무불이행이 등록되어 있거나 부도 상태인가요?",
        "Is a default on debts registered, or have bills been dishonoured?",
    ),
    facts=(keys.CREDIT_DEFAULT, keys.DISHONOURED),
    choices=YES_NO,
)
UNFAIR: Final = Question(
    "unfair",
    Kind.CHOICE,
    Text(
        "공정거래법상 불공정행위로 처분받은 일이 있나요?",
        "Has there been a decision against you for an unfair practice under the Fair Trade Act?",
    ),
    facts=(keys.UNFAIR_PRACTICE,),
    choices=YES_NO,
)
UNFAIR_ON: Final = Question(
    "unfair_on",
    Kind.DAY,
    Text("처분일", "Day of the decision"),
    Text("여러 번이면 가장 나중 날을 적어 주세요.", "The latest one, if there were several."),
    when=When("unfair", "yes"),
    facts=(keys.UNFAIR_PRACTICE,),
)
SUPPORTED: Final = Question(
    "supported",
    Kind.CHOICE,
    Text("올해 이미 선정된 사업이 있나요?", "Have you been selected for a programme of this year already?"),
    facts=(keys.AWARDS,),
    choices=YES_NO,
)
SUPPORTED_BY: Final = Question(
    "supported_by",
    Kind.CHOICES,
    Text("어느 사업인가요?", "For which ones?"),
    when=When("supported", "yes"),
    facts=(keys.AWARDS,),
)
MARKET: Final = Question(
    "market",
    Kind.CHOICE,
    Text("판매 플랫폼에 입점했나요?", "Are you listed on the market platform?"),
    facts=(keys.MARKET_LISTING,),
    choices=(
        Choice("listed", Text("입점", "Listed")),
        Choice("planned", Text("입점 예정", "About to be listed")),
        Choice("none", Text("아니요", "No")),
        UNKNOWN,
    ),
)
OVERSEAS: Final = Question(
    "overseas",
    Kind.CHOICE,
    Text("해외 쇼핑몰 계정이 있나요?", "Do you have an account on a mall abroad?"),
    facts=(keys.OVERSEAS_ACCOUNT,),
    choices=(
        Choice("own", Text("예", "Yes")),
        Choice("able", Text("없지만 직접 운영할 수 있음", "No, but we are able to run one")),
        Choice("none", Text("아니요", "No")),
        UNKNOWN,
    ),
    of=SELLERS,
)
NOTHING: Final = Choice("nothing", Text("해당 없음", "None of these"))
REASONS: Final = Question(
    "reasons",
    Kind.CHOICES,
    Text("해당하는 사정을 골라 주세요.", "Which of these is true of you?"),
    facts=(keys.WANTS_ONLINE, keys.SHORT_OF_STAFF_OR_MONEY, keys.CANNOT_RUN_MALL),
    choices=(
        Choice(keys.WANTS_ONLINE, Text("온라인 판매를 시작하려고 합니다", "We want to start selling online")),
        Choice(keys.SHORT_OF_STAFF_OR_MONEY, Text("인력이나 자금이 부족합니다", "We lack people or money for it")),
        Choice(
            keys.CANNOT_RUN_MALL,
            Text("쇼핑몰을 직접 운영하기 어렵습니다", "We can hardly run a mall account ourselves"),
        ),
        NOTHING,
    ),
    of=SELLERS,
)
GROUPS: Final = Question(
    "groups",
    Kind.CHOICES,
    Text("해당하는 우대 대상이 있나요?", "Do you belong to one of these groups?"),
    Text(
        "증빙을 내면 가점을 받거나 먼저 배정될 수 있습니다. 고른 대상의 증빙은 서류 단계에서 올립니다.",
        "On evidence they bring bonus points or places set aside. You add the evidence with the papers.",
    ),
    of=SELLERS,
)
OWN_SHARE: Final = Question(
    "own_share",
    Kind.DECIMAL,
    Text("스스로 부담할 수 있는 비율은 얼마인가요?", "Which share of the cost can you bear yourself?"),
    Text("총사업비 가운데 스스로 내는 비율입니다.", "Of the total cost."),
    facts=(keys.OWN_SHARE,),
    most=100,
    unit=Text("%", "%"),
)
BUSINESS_QUESTIONS: Final = (
    REGION,
    ORGANISATION,
    INDUSTRY,
    INDUSTRY_PART,
    EMPLOYEES,
    SALES,
    GRACE,
    GRACE_FROM,
    GRACE_TO,
    MEMBERS,
    CERTIFIED,
    CHANNEL,
)
STANDING_QUESTIONS: Final = (CREDIT, UNFAIR, UNFAIR_ON, SUPPORTED, SUPPORTED_BY)
SITUATION_QUESTIONS: Final = (MARKET, OVERSEAS, REASONS, OWN_SHARE, GROUPS)
