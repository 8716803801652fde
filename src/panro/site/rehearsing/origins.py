"""Whence the vault knows what it knows at the end of a rehearsal: so nobody takes all of it for proved."""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import Enum
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When

from panro.catalog.models import Product
from panro.catalog.queries import product_facts
from panro.intake.profile_facts import facts_of_profile
from panro.korea.text import Text
from panro.parties.models import StatusCheck
from panro.proof.canonical import encode_text
from panro.rules.eligibility import keys
from panro.vault.knowledge import APPLICANT
from panro.vault.models import StoredFact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from panro.rules.facts import FactValue


class Origin(Enum):
    """How a fact came into the vault."""

    APPLICANT = Text("신청자 진술 {count:,}", "{count:,} told by applicants")
    REGISTRATION = Text("등록 정보 {count:,}", "{count:,} from registrations")
    PAPER = Text("제출 서류 {count:,}", "{count:,} from papers")
    TAX_SERVICE = Text("국세청 조회 {count:,}", "{count:,} from the tax service")
    CATALOGUE = Text("상품 목록 {count:,}", "{count:,} from the catalogue")
    REGISTER = Text(
        "연결되지 않은 기관 조회를 모의 운영이 대신 넣은 것 {count:,}({share}%)",
        "{count:,} put in by the rehearsal for registers that nothing here asks ({share}%)",
    )
    STATED = Text(
        "그 밖에 모의 운영이 직접 넣은 것 {count:,}({share}%)",
        "{count:,} put in by the rehearsal for want of a paper or an act ({share}%)",
    )


REGISTERS: Final = frozenset({"clearing_house", "credit_register", "ftc", "sanctions_register", "tax_office"})
"""Who is asked for a day, and has no client here: the tax service answers for the status of a business alone."""
LINE: Final = Text("사실의 출처: {parts}.", "Where the facts come from: {parts}.")
_PROFILE: Final = (keys.BUSINESS_NUMBER, keys.ORGANISATION, keys.REGION)
_WHOLE: Final = 100


def counted() -> Counter[Origin]:
    """Count the facts of all applicants that were not taken back."""
    standing = StoredFact.objects.filter(withdrawn_at=None)
    answered = Exists(
        StatusCheck.objects.filter(party=OuterRef("party"), source=OuterRef("source"), asked_at__date=OuterRef("as_of"))
    )
    rows = (
        standing.annotate(
            origin=Case(
                When(Q(paper__isnull=False), then=Value(Origin.PAPER.name)),
                When(Q(key=keys.OPERATING, looked_up=True) & answered, then=Value(Origin.TAX_SERVICE.name)),
                When(Q(source=APPLICANT), then=Value(Origin.APPLICANT.name)),
                When(Q(source__in=REGISTERS, looked_up=True), then=Value(Origin.REGISTER.name)),
                default=Value(Origin.STATED.name),
            )
        )
        .order_by()
        .values_list("origin")
        .annotate(count=Count("id"))
    )
    found = Counter({Origin[name]: count for name, count in rows})
    registered = _registered(standing.filter(paper=None, source=APPLICANT, key__in=_PROFILE))
    found[Origin.REGISTRATION] = registered
    shown = _in_catalogue(standing.filter(paper=None, source=APPLICANT, key=keys.PRODUCTS))
    found[Origin.CATALOGUE] = shown
    found[Origin.APPLICANT] -= registered + shown
    return found


def line(found: Mapping[Origin, int], lang: str) -> str:
    """Write the count in one line."""
    total = sum(found.values())
    parts = [
        origin.value.in_(lang).format(count=count, share=f"{count * _WHOLE / total:.1f}")
        for origin in Origin
        if (count := found.get(origin, 0))
    ]
    return LINE.in_(lang).format(parts=", ".join(parts))


def _in_catalogue(rows: QuerySet[StoredFact]) -> int:
    """Count the facts about products that say just what stands in the catalogue."""
    products: dict[UUID, list[Product]] = defaultdict(list)
    for product in Product.objects.order_by("party_id").iterator():
        products[product.party_id].append(product)
    return sum(_texts(row.value) == _texts(product_facts(products[row.party_id])) for row in rows.iterator())


def _texts(rows: Sequence[FactValue] | None) -> list[str]:
    return sorted(map(encode_text, rows or ()))


def _registered(rows: QuerySet[StoredFact]) -> int:
    """Count the facts that say just what stands in the applicant's registration."""
    count = 0
    for row in rows.select_related("party__business", "party__organisation", "party__person").iterator():
        own = facts_of_profile(row.party, row.as_of).get(row.key)
        count += own is not None and own.value == row.value
    return count
