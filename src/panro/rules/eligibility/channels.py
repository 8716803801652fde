"""Where the applicant sells or shows: the market platform, an account abroad, a channel of its own."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from panro.rules.edition.base import Strict
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import choice, word
from panro.rules.eligibility.words import Word, listing
from panro.rules.facts import Facts

LISTING_ACCEPTED = yes(
    "market_listing_accepted",
    "가치삽시다 플랫폼 입점 요건에 맞습니다.",
    "The state of listing on the market platform is accepted.",
)
LISTING_LACKING = no(
    "market_listing_lacking",
    message=(
        "가치삽시다 플랫폼 입점 상태: {state}. 필요한 상태: {accepted}",
        "On the market platform: {state}. Needed: {accepted}.",
    ),
    mend=(
        "{until}플랫폼에 입점을 신청한 뒤 신청서를 고쳐 주세요.",
        "Apply for listing on the platform, then correct the application{until}.",
    ),
)
LISTING_MISSING = unknown(
    "market_listing_missing",
    message=(
        "가치삽시다 플랫폼에 입점했는지 아직 확인하지 못했습니다.",
        "Whether the merchant is listed on the market platform is not known yet.",
    ),
    mend=(
        "{until}입점했거나 입점할 예정인지 알려 주세요.",
        "Say whether you are listed or about to be{until}.",
    ),
)
LISTING_NAMES = {
    "listed": Word.text("입점", "listed"),
    "planned": Word.text("입점 예정", "about to be listed"),
    "none": Word.text("입점하지 않음", "not listed"),
}


class MarketListingParameters(Strict):
    """Which states of listing are accepted."""

    accept: list[Literal["listed", "planned"]] = Field(default=["listed", "planned"], min_length=1)


@rule(
    "market_listing",
    parameters=MarketListingParameters,
    reads=(keys.MARKET_LISTING,),
    reasons=(LISTING_ACCEPTED, LISTING_LACKING, LISTING_MISSING),
)
def market_listing(facts: Facts, parameters: MarketListingParameters, _asking: Asking) -> Ruling:
    """Ask whether the merchant is listed on the market platform, or about to be. Source: guide 1-1, 4-2."""
    fact = facts.get(keys.MARKET_LISTING)
    if fact is None:
        return LISTING_MISSING(lacks=(keys.MARKET_LISTING,))
    state = choice(fact, *LISTING_NAMES)
    if state in parameters.accept:
        return LISTING_ACCEPTED(fact)
    accepted = listing(LISTING_NAMES[name] for name in parameters.accept)
    return LISTING_LACKING(fact, state=LISTING_NAMES[state], accepted=accepted)


ACCOUNT_ACCEPTED = yes(
    "overseas_account_accepted",
    "해외 쇼핑몰 계정 요건에 맞습니다.",
    "The state of accounts on malls abroad is accepted.",
)
ACCOUNT_LACKING = no(
    "overseas_account_lacking",
    message=(
        "해외 쇼핑몰 계정: {state}. 필요한 상태: {accepted}",
        "Account on a mall abroad: {state}. Needed: {accepted}.",
    ),
    mend=(
        "계정을 직접 운영하기 어려우면 판매 대행 유형으로 신청해 주세요. 계정이 생겼다면 {until}알려 주세요.",
        "If you cannot run an account, apply for the sales agency track; if you have one by now, say so{until}.",
    ),
)
ACCOUNT_MISSING = unknown(
    "overseas_account_missing",
    message=(
        "해외 쇼핑몰 계정이 있는지 아직 알지 못합니다.",
        "Whether there is an account on a mall abroad is not known yet.",
    ),
    mend=(
        "{until}계정이 있거나 직접 운영할 수 있는지 알려 주세요.",
        "Say whether you have an account or are able to run one{until}.",
    ),
)
ACCOUNT_NAMES = {
    "own": Word.text("보유", "own account"),
    "able": Word.text("직접 운영 가능", "able to run one"),
    "none": Word.text("없음", "none"),
}


class OverseasAccountParameters(Strict):
    """Which states of accounts abroad are accepted."""

    accept: list[Literal["own", "able", "none"]] = Field(default=["own", "able"], min_length=1)


@rule(
    "overseas_account",
    parameters=OverseasAccountParameters,
    reads=(keys.OVERSEAS_ACCOUNT,),
    reasons=(ACCOUNT_ACCEPTED, ACCOUNT_LACKING, ACCOUNT_MISSING),
)
def overseas_account(facts: Facts, parameters: OverseasAccountParameters, _asking: Asking) -> Ruling:
    """Ask for an account on a mall abroad, or the ability to run one. Source: guide 3-4, direct listing."""
    fact = facts.get(keys.OVERSEAS_ACCOUNT)
    if fact is None:
        return ACCOUNT_MISSING(lacks=(keys.OVERSEAS_ACCOUNT,))
    state = choice(fact, *ACCOUNT_NAMES)
    if state in parameters.accept:
        return ACCOUNT_ACCEPTED(fact)
    accepted = listing(ACCOUNT_NAMES[name] for name in parameters.accept)
    return ACCOUNT_LACKING(fact, state=ACCOUNT_NAMES[state], accepted=accepted)


CHANNEL_SHOWN = yes("has_channel", "운영하는 채널이 확인됩니다.", "There is a channel of the applicant's own.")
NO_CHANNEL = no(
    "no_channel",
    message=("운영하는 채널이 없습니다.", "There is no channel of the applicant's own."),
    mend=("{until}채널을 연 뒤 주소를 입력해 주세요.", "Open a channel and give its address{until}."),
)
CHANNEL_MISSING = unknown(
    "channel_missing",
    message=("채널 주소를 아직 알지 못합니다.", "The address of the channel is not known yet."),
    mend=("{until}채널 주소를 입력해 주세요.", "Give the address of the channel{until}."),
)
CHANNEL_UNREADABLE = unknown(
    "channel_unreadable",
    message=("‘{address}’ 주소를 열 수 없습니다.", "“{address}” is no address that can be opened."),
    mend=("{until}https://로 시작하는 채널 주소를 입력해 주세요.", "Give an address that begins with https://{until}."),
)


@rule(
    "has_channel",
    parameters=NoParameters,
    reads=(keys.CHANNEL_URL,),
    reasons=(CHANNEL_SHOWN, NO_CHANNEL, CHANNEL_MISSING, CHANNEL_UNREADABLE),
)
def has_channel(facts: Facts, _parameters: NoParameters, _asking: Asking) -> Ruling:
    """Ask for the address of a creator's channel. Source: guide 4-3 (creators), read as having a channel."""
    fact = facts.get(keys.CHANNEL_URL)
    if fact is None:
        return CHANNEL_MISSING(lacks=(keys.CHANNEL_URL,))
    if fact.value is None or fact.value == "":
        return NO_CHANNEL(fact)
    address = word(fact)
    if _is_web_address(address):
        return CHANNEL_SHOWN(fact)
    return CHANNEL_UNREADABLE(fact, lacks=(keys.CHANNEL_URL,), address=Word.same(address))


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
