"""Who may stand together: a public body never alone, with one beside it where the programme demands it."""

from typing import Final

from panro.korea.text import Text
from panro.rules.edition.programme import ConsortiumData, Programme
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, no, rule, unknown, yes
from panro.rules.eligibility.shapes import FactShapeError, choice, words
from panro.rules.eligibility.words import Word, listing
from panro.rules.facts import Fact, Facts

PLATFORM: Final = "private_retail_platform"
PUBLIC: Final = frozenset({"public_body", "local_government"})
ORGANISATIONS: Final = ("private", "public_body", "local_government")
MEMBERS: Final = (*ORGANISATIONS, PLATFORM)
MEMBER_NAMES: Final = {
    "private": Word.text("민간기업·단체", "private organisation"),
    "public_body": Word.text("공공기관", "public body"),
    "local_government": Word.text("지방자치단체", "local government"),
    PLATFORM: Word.text("민간 유통플랫폼 기업", "private retail-platform company"),
}

CONSORTIUM_FITS = yes("consortium_fits", "신청 주체의 구성이 맞습니다.", "Those who apply may apply so.")
PUBLIC_ALONE = no(
    "public_body_alone",
    message=(
        "{members:은/는} 민간과 함께해야 신청할 수 있습니다.",
        "A {members} may apply only together with a private partner.",
    ),
    mend=(
        "{until}{partner:과/와} 컨소시엄을 이루어 협약서를 내 주세요.",
        "Form a consortium with a {partner} and hand in the agreement{until}.",
    ),
)
ALONE_NOT_ALLOWED = no(
    "alone_not_allowed",
    message=(
        "{members:은/는} 단독으로 신청할 수 없습니다.",
        "A {members} may not apply alone.",
    ),
    mend=(
        "{until}공고에서 정한 구성으로 컨소시엄을 이루어 협약서를 내 주세요.",
        "Form a consortium as the notice demands and hand in the agreement{until}.",
    ),
)
PARTNER_LACKING = no(
    "consortium_partner_lacking",
    message=(
        "공공이 참여하는 컨소시엄에는 {partner:이/가} 있어야 합니다. 지금 구성: {members}",
        "A consortium with a public member needs a {partner}. Its members now: {members}.",
    ),
    mend=(
        "{until}{partner:을/를} 더한 협약서를 다시 내 주세요.",
        "Add a {partner} and hand in the new agreement{until}.",
    ),
)
CONSORTIUM_MISSING = unknown(
    "consortium_missing",
    message=("컨소시엄의 구성을 아직 알지 못합니다.", "The members of the consortium are not known yet."),
    mend=("{until}컨소시엄 협약서를 내 주세요.", "Hand in the consortium agreement{until}."),
)
ORGANISATION_MISSING = unknown(
    "organisation_missing",
    message=(
        "민간인지 공공인지 아직 알지 못합니다.",
        "Whether the organisation is private or public is not known yet.",
    ),
    mend=(
        "{until}기관의 종류를 알려 주고 설립 근거를 올려 주세요.",
        "Say what kind of organisation it is and upload its founding paper{until}.",
    ),
)


def _has_table(_parameters: NoParameters, programme: Programme) -> str | None:
    return None if programme.consortium is not None else "the programme has no [consortium] table; add it"


@rule(
    "consortium_composition",
    parameters=NoParameters,
    reads=(keys.CONSORTIUM, keys.ORGANISATION),
    reasons=(
        CONSORTIUM_FITS,
        PUBLIC_ALONE,
        ALONE_NOT_ALLOWED,
        PARTNER_LACKING,
        CONSORTIUM_MISSING,
        ORGANISATION_MISSING,
    ),
    check=_has_table,
)
def consortium_composition(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask whether those who apply together may do so by the programme's consortium table.

    Source: guide 2-2 (private alone, or private with public; public alone refused) and 2-4 (with a public member a
    private retail-platform company is required). Who does not apply as a consortium stands alone.
    """
    table = asking.programme.consortium
    if table is None:
        raise ValueError(f"programme {asking.programme.code} asks consortium_composition without a [consortium] table")
    if asking.applicant_type == "local_government":
        return _alone("local_government", (), table)
    if asking.applicant_type != "consortium":
        kind = facts.get(keys.ORGANISATION)
        if kind is None:
            return ORGANISATION_MISSING(lacks=(keys.ORGANISATION,))
        return _alone(choice(kind, *ORGANISATIONS), (kind,), table)
    fact = facts.get(keys.CONSORTIUM)
    members = [] if fact is None else _members(fact)
    if fact is None or not members:
        return CONSORTIUM_MISSING(lacks=(keys.CONSORTIUM,))
    return _alone(members[0], (fact,), table) if len(members) == 1 else _together(members, fact, table)


def _members(fact: Fact) -> list[str]:
    members = words(fact)
    if not set(members) <= set(MEMBERS):
        raise FactShapeError(fact, f"a list of {', '.join(MEMBERS)}", fact.value)
    return members


def _alone(member: str, used: tuple[Fact, ...], table: ConsortiumData) -> Ruling:
    kind = "private" if member == PLATFORM else member
    if kind in table.allowed_alone:
        return CONSORTIUM_FITS(*used)
    if kind in PUBLIC:
        return PUBLIC_ALONE(*used, members=MEMBER_NAMES[kind], partner=MEMBER_NAMES[table.required_with_public])
    return ALONE_NOT_ALLOWED(*used, members=MEMBER_NAMES[kind])


def _together(members: list[str], fact: Fact, table: ConsortiumData) -> Ruling:
    if PUBLIC.isdisjoint(members):
        if "private" in table.allowed_alone:
            return CONSORTIUM_FITS(fact)
        return ALONE_NOT_ALLOWED(fact, members=_named(members))
    accepted = {PLATFORM} if table.required_with_public == PLATFORM else {"private", PLATFORM}
    if accepted.isdisjoint(members):
        return PARTNER_LACKING(fact, partner=MEMBER_NAMES[table.required_with_public], members=_named(members))
    return CONSORTIUM_FITS(fact)


def _named(members: list[str]) -> Text:
    return listing(MEMBER_NAMES[member] for member in dict.fromkeys(members))
