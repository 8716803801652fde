"""Who holds a small-merchant certificate (소상공인확인서), and which cooperatives count."""

from datetime import date, timedelta
from typing import Final

from panro.korea.text import Text
from panro.rules.edition.base import BasisPoints, Positive, Strict
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import FactShapeError, date_in, record, whole_in
from panro.rules.eligibility.words import day, percent
from panro.rules.facts import Fact, Facts
from panro.rules.findings import Moment

WHOLE: Final = 10_000

_WHERE_ISSUED: Final = (
    "중소기업현황정보시스템(sminfo.mss.go.kr)에서",
    "from the SME status information system (sminfo.mss.go.kr)",
)

CERTIFICATE_VALID = yes("certificate_valid", "소상공인확인서가 유효합니다.", "The small-merchant certificate is valid.")
CERTIFICATE_MISSING = unknown(
    "certificate_missing",
    message=("소상공인확인서를 아직 확인하지 못했습니다.", "The small-merchant certificate has not been seen yet."),
    mend=(
        f"{{until}}{_WHERE_ISSUED[0]} 확인서를 발급받아 올려 주세요.",
        f"Get the certificate {_WHERE_ISSUED[1]} and upload it{{until}}.",
    ),
)
CERTIFICATE_NOT_HELD_YET = unknown(
    "certificate_not_held_yet",
    message=(
        "{seen} 기준으로 발급된 소상공인확인서가 없습니다.",
        "As of {seen} no small-merchant certificate has been issued.",
    ),
    mend=(
        f"소상공인이면 {{until}}{_WHERE_ISSUED[0]} 확인서를 발급받아 올려 주세요.",
        f"If you are a small merchant, get the certificate {_WHERE_ISSUED[1]} and upload it{{until}}.",
    ),
)
CERTIFICATE_NONE = no(
    "certificate_none",
    message=(
        "{seen} 기준으로 소상공인확인서가 없어 소상공인으로 볼 수 없습니다.",
        "As of {seen} there is no small-merchant certificate, so the applicant does not count as a small merchant.",
    ),
    mend=(
        f"그 사이 확인서가 발급되었다면 {{until}}올려 주세요. 확인서는 {_WHERE_ISSUED[0]} 발급합니다.",
        f"If one has been issued since, upload it{{until}}; certificates come {_WHERE_ISSUED[1]}.",
    ),
)
CERTIFICATE_EXPIRED = unknown(
    "certificate_expired",
    message=(
        "소상공인확인서가 {ends}에 끝났습니다. {on}에 유효한 확인서가 필요합니다.",
        "The small-merchant certificate ended on {ends}; one that is valid on {on} is needed.",
    ),
    mend=(
        f"새 확인서는 {{renewable}}부터 {_WHERE_ISSUED[0]} 발급받을 수 있습니다. {{until}}올려 주세요.",
        f"A new one can be issued from {{renewable}} on, {_WHERE_ISSUED[1]}; upload it{{until}}.",
    ),
)
CERTIFICATE_NOT_YET_VALID = unknown(
    "certificate_not_yet_valid",
    message=(
        "소상공인확인서가 {starts}에 시작하여 {on}에는 아직 유효하지 않습니다.",
        "The small-merchant certificate begins on {starts} and is not yet valid on {on}.",
    ),
    mend=("{until}{on}에 유효한 확인서를 올려 주세요.", "Upload a certificate that is valid on {on}{until}."),
)
MEMBERS_ENOUGH = yes(
    "members_certified",
    "조합원 가운데 소상공인이 기준 이상입니다.",
    "Enough of the cooperative's members are small merchants.",
)
MEMBERS_MISSING = unknown(
    "members_missing",
    message=(
        "조합원 수와 소상공인 조합원 수를 아직 확인하지 못했습니다.",
        "The numbers of members and of certified members have not been seen yet.",
    ),
    mend=(
        "{until}조합원 명부와 소상공인 조합원의 확인서를 올려 주세요.",
        "Upload the list of members and the certificates of those who are small merchants{until}.",
    ),
)
MEMBERS_TOO_FEW = no(
    "members_too_few",
    message=(
        "조합원이 {members}명입니다. {least}명 이상이어야 합니다.",
        "The cooperative has {members} members; at least {least} are needed.",
    ),
    mend=(
        "조합원이 늘었다면 {until}새 조합원 명부를 올려 주세요.",
        "If members have joined, upload the new list of members{until}.",
    ),
)
MEMBERS_TOO_FEW_CERTIFIED = no(
    "members_too_few_certified",
    message=(
        "조합원 {members}명 가운데 소상공인은 {certified}명으로 {share}에 미치지 못합니다.",
        "Of {members} members {certified} are certified small merchants, less than {share}.",
    ),
    mend=(
        "빠진 조합원의 소상공인확인서가 있으면 {until}올려 주세요.",
        "If certificates of members are missing, upload them{until}.",
    ),
)


class CertificateParameters(Strict):
    """A cooperative counts with so many members, of whom such a share (basis points) is certified."""

    min_certified_share: BasisPoints = 5000
    min_members: Positive = 5


@rule(
    "small_merchant_certificate",
    parameters=CertificateParameters,
    reads=(keys.CERTIFICATE, keys.MEMBERS_CERTIFIED),
    law=Text("소상공인기본법 제2조", "Framework Act on Small Merchants art. 2"),
    reasons=(
        CERTIFICATE_VALID,
        CERTIFICATE_MISSING,
        CERTIFICATE_NOT_HELD_YET,
        CERTIFICATE_NONE,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_NOT_YET_VALID,
        MEMBERS_ENOUGH,
        MEMBERS_MISSING,
        MEMBERS_TOO_FEW,
        MEMBERS_TOO_FEW_CERTIFIED,
    ),
)
def small_merchant_certificate(facts: Facts, parameters: CertificateParameters, asking: Asking) -> Ruling:
    """Ask for a certificate that is valid on the day, of a cooperative for the share of certified members.

    Source: guide 2021, who may apply; 중소기업 범위 및 확인에 관한 규정 (valid 1 April to 31 March). A certificate
    that has run out says nothing about today, so it is not a no: the next one has to be brought.
    """
    if asking.applicant_type == "cooperative":
        return _members(facts.get(keys.MEMBERS_CERTIFIED), parameters)
    fact = facts.get(keys.CERTIFICATE)
    if fact is None:
        return CERTIFICATE_MISSING(lacks=(keys.CERTIFICATE,))
    if fact.value is None:
        if asking.moment is Moment.APPLICATION:
            return CERTIFICATE_NOT_HELD_YET(fact, lacks=(keys.CERTIFICATE,), seen=day(fact.as_of))
        return CERTIFICATE_NONE(fact, seen=day(fact.as_of))
    return _within_its_days(fact, asking)


def _within_its_days(fact: Fact, asking: Asking) -> Ruling:
    starts, ends = certificate_days(fact)
    if asking.on < starts:
        return CERTIFICATE_NOT_YET_VALID(fact, lacks=(keys.CERTIFICATE,), starts=day(starts), on=day(asking.on))
    if ends < asking.on:
        renewable = day(ends + timedelta(days=1))
        return CERTIFICATE_EXPIRED(
            fact, lacks=(keys.CERTIFICATE,), ends=day(ends), on=day(asking.on), renewable=renewable
        )
    return CERTIFICATE_VALID(fact)


def certificate_days(fact: Fact) -> tuple[date, date]:
    """Return the first and the last day of a certificate, both included."""
    row = record(fact)
    starts, ends = date_in(fact, row, "valid_from"), date_in(fact, row, "valid_to")
    if starts is None or ends is None:
        raise FactShapeError(fact, "valid_from and valid_to", fact.value)
    return starts, ends


def _members(fact: Fact | None, parameters: CertificateParameters) -> Ruling:
    if fact is None:
        return MEMBERS_MISSING(lacks=(keys.MEMBERS_CERTIFIED,))
    row = record(fact)
    members, certified = whole_in(fact, row, "members"), whole_in(fact, row, "certified")
    if members < parameters.min_members:
        return MEMBERS_TOO_FEW(fact, members=members, least=parameters.min_members)
    if certified * WHOLE < members * parameters.min_certified_share:
        share = percent(parameters.min_certified_share)
        return MEMBERS_TOO_FEW_CERTIFIED(fact, members=members, certified=certified, share=share)
    return MEMBERS_ENOUGH(fact)
