"""Papers that are given by a word of the applicant on the page: consents to the use of data, and promises.

The words of a consent are the vault's (`panro.vault.purposes`); a promise stands here in full. Each is ticked by itself
(개인정보 보호법 제22조), and nothing is ticked beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from panro.korea.text import Text
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.vault.purposes import purpose

if TYPE_CHECKING:
    from panro.intake.questions import Case
    from panro.proof.canonical import Json
    from panro.vault.purposes import Purpose

DOMAIN: Final = "panro-declaration-1"
PRIVACY: Final = "privacy_consent"
CREDIT: Final = "credit_consent"
CONSENTS: Final[dict[str, tuple[str, ...]]] = {PRIVACY: ("collect", "provide"), CREDIT: ("credit_enquiry",)}
"""Which consents stand for which paper; all of them are needed for it."""
REVIEWERS: Final = Text("평가위원", "Reviewers")
PARTNERS: Final = Text("사업 수행기관", "Partners who carry the programme out")
BUREAU: Final = Text("신용정보회사", "The credit bureau")


@dataclass(frozen=True, slots=True)
class Declaration:
    """A promise to tick, with its full text; ``document`` is the paper it stands for."""

    document: str
    title: Text
    lines: tuple[Text, ...]
    agree: Text

    @property
    def code(self) -> str:
        """Its name in the form."""
        return self.document


class ConsentHeld(NamedTuple):
    """A consent that holds: purpose, recipient, and the hash of the words agreed to."""

    purpose: str
    recipient: str
    terms: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A consent to tick: for which paper it stands, its words, and who gets the data."""

    document: str
    purpose: Purpose
    recipients: tuple[Text, ...]

    @property
    def code(self) -> str:
        """Its name in the form."""
        return self.purpose.code

    @property
    def held(self) -> frozenset[ConsentHeld]:
        """What must hold for it: one consent for each recipient, in today's words."""
        digest = self.purpose.digest()
        return frozenset(ConsentHeld(self.purpose.code, who.ko, digest) for who in self.recipients)


_AGREE: Final = Text("동의합니다", "I agree")
_PROMISE: Final = Text("약속합니다", "I promise this")

_PROMISES: Final = (
    Declaration(
        document="pledge",
        title=Text("중복 지원·허위 작성 금지 서약", "Declaration on double support and false statements"),
        lines=(
            Text("신청서와 서류의 내용은 사실입니다.", "What the application and its papers say is true."),
            Text(
                "같은 내용으로 다른 정부 지원을 겹쳐 받지 않습니다.",
                "No other public support will be taken for the same thing.",
            ),
            Text(
                "사실과 다르면 선정이 취소되고 지원금을 돌려줄 수 있음을 알고 있습니다.",
                "I know that a selection can be cancelled and support reclaimed if this is wrong.",
            ),
        ),
        agree=_PROMISE,
    ),
    Declaration(
        document="own_share_pledge",
        title=Text("자부담 확약", "Commitment to the own share"),
        lines=(
            Text(
                "선정되면 신청서에 적은 비율의 자부담을 협약에서 정한 날까지 마련합니다.",
                "If selected, the own share stated in the application will be there by the day set in the agreement.",
            ),
        ),
        agree=_PROMISE,
    ),
    Declaration(
        document="stock_pledge",
        title=Text("재고 확약", "Commitment to the stock"),
        lines=(
            Text(
                "방송이나 행사 전에 약속한 수량의 재고를 준비합니다.",
                "The promised quantity will be in stock before the broadcast or event.",
            ),
        ),
        agree=_PROMISE,
    ),
    Declaration(
        document="agency_consent",
        title=Text("판매 위임 동의", "Consent to sale by an agent"),
        lines=(
            Text(
                "선정되면 배정된 전담셀러가 신청한 상품을 정한 조건으로 대신 팔 수 있습니다.",
                "If selected, the dedicated seller assigned may sell the chosen products on the agreed terms.",
            ),
        ),
        agree=_AGREE,
    ),
    Declaration(
        document="sample_consent",
        title=Text("견본 제공 동의", "Consent to giving samples"),
        lines=(
            Text(
                "심사와 제작에 필요한 견본을 무상으로 보내며 돌려받지 않습니다.",
                "Samples needed for review and production are sent free of charge and are not returned.",
            ),
        ),
        agree=_AGREE,
    ),
    Declaration(
        document="filming_consent",
        title=Text("촬영 동의", "Consent to filming"),
        lines=(
            Text(
                "사업장과 상품, 출연에 동의한 사람을 촬영할 수 있습니다.",
                "The premises, the products and those who agreed to appear may be filmed.",
            ),
        ),
        agree=_AGREE,
    ),
    Declaration(
        document="copyright_consent",
        title=Text("저작권 귀속 동의", "Agreement on copyright"),
        lines=(
            Text(
                "제작된 콘텐츠의 저작권과 이용 범위는 협약에 따릅니다.",
                "Copyright and use of what is produced follow the agreement.",
            ),
        ),
        agree=_AGREE,
    ),
)
CODES: Final = frozenset({*CONSENTS, *(one.document for one in _PROMISES)})
"""Documents that are given on the page; they are never uploaded."""


def consents(case: Case) -> list[ConsentAsked]:
    """Return the consents that the papers of an application stand for, in their order."""
    agency = Text(case.edition.head.agency.name.ko, case.edition.head.agency.name.en)
    recipients = {"collect": (agency,), "provide": (REVIEWERS, PARTNERS), "credit_enquiry": (agency, BUREAU)}
    return [
        ConsentAsked(document.code, purpose(code), recipients[code])
        for document in case.documents
        for code in CONSENTS.get(document.code, ())
    ]


def promises(case: Case) -> list[Declaration]:
    """Return the promises that the papers of an application stand for, in their order."""
    known = {one.document: one for one in _PROMISES}
    return [known[document.code] for document in case.documents if document.code in known]


def terms(*asked: ConsentAsked | Declaration) -> str:
    """Return the hash of words that are agreed to."""
    words: list[Json] = []
    for one in asked:
        if isinstance(one, Declaration):
            words.append({"document": one.document, "ko": [line.ko for line in one.lines]})
        else:
            recipients: list[Json] = [who.ko for who in one.recipients]
            words.append({"purpose": one.purpose.terms([one.purpose.items.ko]), "recipients": recipients})
    return tagged_hash(DOMAIN, encode_text(words))


def digests(case: Case) -> dict[str, str]:
    """Return the hash of today's words of every document that is given by a word, by its code."""
    asked: dict[str, list[ConsentAsked | Declaration]] = {}
    for consent in consents(case):
        asked.setdefault(consent.document, []).append(consent)
    for promise in promises(case):
        asked.setdefault(promise.document, []).append(promise)
    return {document: terms(*words) for document, words in asked.items()}
