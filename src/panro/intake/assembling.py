"""Bringing together all that belongs to applications: one statement for the rows, one for what the vault knows.

Products and papers come as JSON inside of the rows' own statement, so that submitting one application takes as many
statements as submitting a thousand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypedDict, cast
from uuid import UUID

from django.db.models import TextField
from django.db.models.expressions import RawSQL

from panro.catalog.models import Product
from panro.catalog.queries import product_facts
from panro.intake.calls import Call, call_under
from panro.intake.declarations import ConsentHeld
from panro.intake.declared import papers_declared
from panro.rules.eligibility import keys
from panro.rules.facts import Fact
from panro.vault.queries import facts as vault_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from panro.intake.again import Before
    from panro.intake.models import Application
    from panro.intake.writing import RoundKey
    from panro.proof.canonical import Json
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.edition.programme import DocumentData
    from panro.rules.facts import FactValue

APPLICANT: Final = "applicant"
# Written out, because the mapper would put this together anew for every submission, and that took longer than the
# database takes to answer it. Of a product it takes what stands there when it is handed in. A paper that a newer one
# replaced was handed in all the same; one that was refused or destroyed was not.
_BELONGING: Final = RawSQL(
    """(
    SELECT json_build_object(
        'version', published.id,
        'digest', published.digest,
        'products', (
            SELECT coalesce(json_agg(json_build_object(
                'code', product.code, 'name', product.name, 'category', product.category, 'brand', product.brand,
                'spec', product.spec, 'barcode', product.barcode, 'list_price', product.list_price,
                'sale_price', product.sale_price, 'supply_price', product.supply_price,
                'shipping_fee', product.shipping_fee, 'origin', product.origin, 'origin_note', product.origin_note,
                'maker', product.maker, 'maker_size', product.maker_size, 'made_by', product.made_by,
                'description', product.description, 'storage', product.storage,
                'monthly_capacity', product.monthly_capacity, 'sold_at', product.sold_at
            ) ORDER BY chosen.position), '[]')
            FROM intake_chosenproduct AS chosen JOIN catalog_product AS product ON product.id = chosen.product_id
            WHERE chosen.application_id = intake_application.id),
        'papers', (
            SELECT coalesce(json_agg(json_build_object(
                'id', paper.id, 'code', chosen.code, 'issued_on', paper.issued_on, 'number', paper.number,
                'sha256', file.sha256) ORDER BY chosen.code, paper.id), '[]')
            FROM intake_chosenpaper AS chosen JOIN vault_paper AS paper ON paper.id = chosen.paper_id
            LEFT JOIN files_storedfile AS file ON file.id = paper.file_id
            WHERE chosen.application_id = intake_application.id AND paper.state NOT IN ('rejected', 'destroyed')),
        'promised', (
            SELECT coalesce(json_agg(promised.code), '[]')
            FROM intake_promisedpaper AS promised WHERE promised.application_id = intake_application.id),
        'earlier', (
            SELECT coalesce(json_agg(json_build_object('id', other.id, 'state', other.state) ORDER BY other.id), '[]')
            FROM intake_application AS other
            WHERE other.party_id = intake_application.party_id AND other.edition_id = intake_application.edition_id
              AND other.programme = intake_application.programme AND other.round_code = intake_application.round_code
              AND other.id <> intake_application.id AND other.submitted_at IS NOT NULL AND NOT other.replaced),
        'before', (
            SELECT coalesce(json_agg(json_build_array(other.round_code, other.track, other.state)
                ORDER BY other.submitted_at, other.id), '[]')
            FROM intake_application AS other
            WHERE other.party_id = intake_application.party_id AND other.edition_id = intake_application.edition_id
              AND other.programme = intake_application.programme AND other.id <> intake_application.id
              AND other.submitted_at IS NOT NULL AND NOT other.replaced),
        'consents', (
            SELECT coalesce(json_agg(json_build_array(consent.purpose, consent.recipient, consent.terms_digest)), '[]')
            FROM vault_consent AS consent JOIN editions_edition AS edition ON edition.id = intake_application.edition_id
            WHERE consent.party_id = intake_application.party_id AND consent.withdrawn_at IS NULL
              AND consent.programme = edition.code || '/' || intake_application.programme),
        'head', (SELECT seal.head FROM record_seal AS seal ORDER BY seal.number DESC LIMIT 1))::text
    FROM (VALUES (1)) AS one (row)
    LEFT JOIN editions_editionversion AS published
        ON published.edition_id = intake_application.edition_id AND published.state = 'published')""",
    (),
    output_field=TextField(),
)


class _Belonging(TypedDict):
    """What the statement above gives."""

    version: str | None
    digest: str | None
    products: list[dict[str, Json]]
    papers: list[dict[str, str]]
    promised: list[str]
    earlier: list[dict[str, str]]
    before: list[tuple[str, str, str]]
    consents: list[tuple[str, str, str]]
    head: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another application of the same applicant in the same round that still counts."""

    id: UUID
    live: bool


@dataclass(slots=True)
class Assembled:
    """An application with everything that was given with it.

    ``call`` is the round under the notice in force. ``papers`` are ``{"code", "issued_on", "number", "sha256"}``,
    the uploaded ones first. ``facts`` are those the vault knows, before this application's own.
    """

    application: Application
    call: Call
    version: UUID
    products: list[dict[str, Json]]
    papers: list[dict[str, Json]]
    chosen: frozenset[UUID]
    """Ids of the papers of the vault."""
    consents: frozenset[ConsentHeld]
    """To what its applicant consents in this programme."""
    earlier: list[Earlier]
    head: str
    before: tuple[Before, ...] = ()
    """What its applicant handed in before in the same programme, in any round."""
    promised: frozenset[str] = frozenset()
    """Codes of the documents whose papers the applicant promised."""
    facts: dict[str, Fact] = field(default_factory=dict)
    follows: tuple[DocumentData, ...] = ()
    """Those of them that are still to come; told by whoever knows the day."""

    @property
    def round_key(self) -> RoundKey:
        """Edition, programme and round."""
        row = self.application
        return (row.edition_id, row.programme, row.round_code)

    @property
    def applicant_type(self) -> ApplicantType:
        """As what it applies; the notice was asked when the draft was opened."""
        return cast("ApplicantType", self.application.applicant_type)

    def facts_on(self, day: date) -> dict[str, Fact]:
        """The vault's facts with those that the application itself tells: the papers handed in, the products chosen.

        What an officer found out goes before them, and what the vault says just so stays, with its own day.

        Args:
            day: for which the papers vouch: the last on which they could be handed in.
        """
        told = [self._papers_told(day)]
        if self.products:
            products = cast("FactValue", product_facts([Product(**row) for row in self.products]))
            told.append(Fact(keys.PRODUCTS, products, self.application.submitted_on or day, APPLICANT))
        facts = dict(self.facts)
        for fact in told:
            known = facts.get(fact.key)
            if known is None or (known.source == APPLICANT and known.value != fact.value):
                facts[fact.key] = fact
        return facts

    def _papers_told(self, day: date) -> Fact:
        rows: list[FactValue] = [
            {"code": cast("str", row["code"]), "issued_on": cast("str | None", row["issued_on"])}
            for row in self.papers_in_order()
        ]
        return Fact(keys.DOCUMENTS, rows, day, APPLICANT)

    def papers_in_order(self) -> list[dict[str, Json]]:
        """The papers in the order of the notice."""
        order = {document.code: place for place, document in enumerate(self.call.programme.documents)}
        return sorted(self.papers, key=lambda row: order.get(cast("str", row["code"]), len(order)))


def load(applications: QuerySet[Application], *, locked: bool = False) -> list[Assembled]:
    """Load applications with what belongs to them, in the order of their ids; without facts. One query.

    Args:
        applications: which.
        locked: whether their rows are locked until the end of the transaction.
    """
    rows = applications.select_related("party__business", "party__organisation", "edition").order_by("pk")
    if locked:
        rows = rows.select_for_update(of=("self",))
    return [_assembled(row) for row in rows.annotate(belonging=_BELONGING)]


def _assembled(row: Application) -> Assembled:
    own: _Belonging = json.loads(getattr(row, "belonging", ""))
    version, digest = own["version"], own["digest"]
    if version is None or digest is None:  # nothing of the edition is published (any more)
        version, digest = str(row.version_id), row.version.digest
    return Assembled(
        application=row,
        call=call_under(digest, row.programme, row.round_code),
        version=UUID(version),
        products=own["products"],
        papers=[*map(_paper, own["papers"]), *papers_declared(row)],
        chosen=frozenset(UUID(paper["id"]) for paper in own["papers"]),
        consents=frozenset(ConsentHeld(*held) for held in own["consents"]),
        earlier=[Earlier(UUID(one["id"]), one["state"] != "withdrawn") for one in own["earlier"]],
        head=own["head"] or "",
        before=tuple((code, track, state) for code, track, state in own["before"]),
        promised=frozenset(own["promised"]),
    )


def _paper(row: Mapping[str, str]) -> dict[str, Json]:
    return {
        "code": row["code"],
        "issued_on": row["issued_on"],
        "number": row["number"],
        "sha256": row["sha256"] or "",
    }


def add_facts(
    found: Iterable[Assembled], papers: Mapping[UUID, date], registers: Mapping[UUID, date] | None = None
) -> None:
    """Put what the vault knows into applications; constant queries for each day that occurs.

    Of papers of a kind that was handed in with an application, only those handed in count.

    Args:
        found: which; no applicant occurs twice.
        papers: by application, the day up to which papers count.
        registers: by application, the day for which registers are asked. If it is not given, what was handed in is
            all that counts: registers as far as they were asked that day, and what rooms above hold not at all.
    """
    by_day: dict[tuple[date, date], list[Assembled]] = {}
    for one in found:
        key = one.application.pk
        by_day.setdefault((papers[key], (registers or papers)[key]), []).append(one)
    for (handed_in, asked), group in sorted(by_day.items(), key=lambda pair: pair[0]):
        known = vault_facts(
            {one.application.party_id for one in group},
            papers_until=handed_in,
            registers_on=asked,
            chosen=frozenset[UUID]().union(*(one.chosen for one in group)),
            ask_rooms=registers is not None,
        )
        for one in group:
            one.facts = known[one.application.party_id]
