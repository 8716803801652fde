"""One application as handed in: by whom, when, for which track, and with which mistakes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

from panro.korea.industries import IndustryAnswer, exclusion_table
from panro.rehearsal.papers import within
from panro.rehearsal.stream import happens
from panro.rules.eligibility import keys
from panro.rules.eligibility.industry import asked_row, industry_code
from panro.rules.facts import Fact, FactValue

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from random import Random

    from panro.rehearsal.party import Party
    from panro.rehearsal.population import Population
    from panro.rules.edition.programme import DocumentData, Programme, Round

# What an applicant may leave empty in the form; leaving out what the programme does not ask harms nobody.
_FORGETTABLE: Final = (
    keys.INDUSTRY,
    keys.EMPLOYEES,
    keys.AVERAGE_SALES,
    keys.MARKET_LISTING,
    keys.OVERSEAS_ACCOUNT,
    keys.CHANNEL_URL,
    keys.CONSORTIUM,
    keys.OWN_SHARE,
    keys.PRODUCTS,
)
NUMBERED: Final = "small_merchant_certificate"
"""The one paper that must bear a number."""
_MISTAKEN_INDUSTRIES: Final = ("56211", "46333", "68221", "47912", "64919")
_REISSUED_WITHIN: Final = 20  # days between the issue of a paper and its being handed in


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What goes wrong with one application; ``answers`` says whether a request for supplements is answered."""

    withdraws: bool = False
    answers: bool = True
    answered_after: int = 0
    """Days between the closing date and the answer."""
    paper_age: int = 0
    missing_document: int | None = None
    missing_fact: str = ""
    industry: str = ""
    brings_products: bool = True


NO_MISTAKES: Final = Mistakes()


@dataclass(frozen=True, slots=True)
class Filing:
    """One application in one round."""

    party: Party
    programme: Programme
    round_: Round
    track: str
    on: date
    mistakes: Mistakes = NO_MISTAKES

    @property
    def answered_on(self) -> date:
        """The day on which a request for supplements is answered, if it is."""
        day = self.round_.closes + timedelta(days=self.mistakes.answered_after)
        return min(max(day, self.on), self.round_.supplement_until)

    @property
    def keeps_papers_fresh(self) -> bool:
        """Whether papers that ran out are replaced: fetched by the agency with consent, or brought on request."""
        return self.party.shares_taxes or self.mistakes.answers

    def on_track(self, track: str) -> Filing:
        """Give the same application for another track."""
        return replace(self, track=track)

    def facts(self, wanted: Container[str], *, papers: date, registers: date, mended: bool) -> dict[str, Fact]:
        """Give what is known of the applicant.

        Args:
            wanted: the facts that matter; others may be left out.
            papers: the day up to which papers were handed in.
            registers: the day on which registers are asked.
            mended: whether what was missing or wrong has been brought.
        """
        facts = self.party.facts_on(papers, registers)
        if not self.party.shares_taxes and self.party.in_registers:
            brought = papers if papers > self.on else self.on - timedelta(days=self.mistakes.paper_age)
            facts.update(self.party.taxes_on(brought))
        if mended:
            _mend(facts, papers)
            if self.mistakes.brings_products:
                _complete_products(facts, papers)
        else:
            self._spoil(facts)
        if keys.DOCUMENTS in wanted and keys.DOCUMENTS not in facts:
            facts[keys.DOCUMENTS] = self._documents(facts, papers, mended=mended)
        return facts

    def papers(self, facts: Mapping[str, Fact]) -> list[Mapping[str, str]]:
        """Give the papers handed in, by code, as a snapshot lists them: a rehearsal has no files.

        Args:
            facts: what is known of the applicant, with the documents.
        """
        rows = cast("list[dict[str, str]]", facts[keys.DOCUMENTS].value) if keys.DOCUMENTS in facts else []
        return [
            {"code": row["code"], "issued_on": row["issued_on"], "number": self.number_of(row, facts), "sha256": ""}
            for row in sorted(rows, key=lambda row: row["code"])
        ]

    @staticmethod
    def number_of(paper: Mapping[str, str], facts: Mapping[str, Fact]) -> str:
        """Give the number printed on a paper: only the certificate must bear one."""
        if paper["code"] != NUMBERED:
            return ""
        known = facts.get(keys.CERTIFICATE)
        value = known.value if known is not None else None
        number = value.get("number") if isinstance(value, dict) else None
        return number if isinstance(number, str) else f"0010-{paper['issued_on'][:4]}-000000"

    def _spoil(self, facts: dict[str, Fact]) -> None:
        if self.mistakes.missing_fact:
            facts.pop(self.mistakes.missing_fact, None)
        if self.mistakes.industry and keys.INDUSTRY in facts:
            wrong: FactValue = {"code": self.mistakes.industry, "revision": 10}
            facts[keys.INDUSTRY] = replace(facts[keys.INDUSTRY], value=wrong)

    def _documents(self, facts: Mapping[str, Fact], papers: date, *, mended: bool) -> Fact:
        asked = [document for document in self.programme.documents if self._asks(document, facts)]
        missing = self.mistakes.missing_document
        if missing is not None and asked and not mended:
            del asked[missing % len(asked)]
        issued = self.on - timedelta(days=self.mistakes.paper_age)
        rows: list[FactValue] = []
        for document in asked:
            run_out = (
                document.valid_days is not None and (papers - issued).days > document.valid_days - _REISSUED_WITHIN
            )
            last = papers if run_out and papers > self.on else issued
            rows.append({"code": document.code, "issued_on": last.isoformat()})
        return Fact(keys.DOCUMENTS, rows, papers, "applicant")

    def _asks(self, document: DocumentData, facts: Mapping[str, Fact]) -> bool:
        if document.applicants is not None and self.party.type not in document.applicants:
            return False
        if document.tracks is not None and self.track not in document.tracks:
            return False
        if document.when is not None:
            fact = facts.get(document.when.fact)
            return fact is not None and fact.value == document.when.equals
        return document.required


def _mend(facts: dict[str, Fact], day: date) -> None:
    """Answer the question about an industry of which only a part is excluded."""
    industry = facts.get(keys.INDUSTRY)
    if keys.INDUSTRY_ANSWER in facts or industry is None:
        return
    verdict = exclusion_table(day).classify(*industry_code(industry))
    if verdict.answer is IndustryAnswer.ASK:
        answer: FactValue = {"row": asked_row(verdict), "excluded": False}
        facts[keys.INDUSTRY_ANSWER] = Fact(keys.INDUSTRY_ANSWER, answer, day, "applicant")


def _complete_products(facts: dict[str, Fact], day: date) -> None:
    products = facts.get(keys.PRODUCTS)
    if products is None or not isinstance(products.value, list):
        return
    rows = [row for row in products.value if isinstance(row, dict)]
    if all(row["origin"] and row["maker"] for row in rows):
        return
    complete: list[FactValue] = [
        {**row, "origin": row["origin"] or "KR", "maker": row["maker"] or "small"} for row in rows
    ]
    facts[keys.PRODUCTS] = Fact(keys.PRODUCTS, complete, day, "applicant")


def draw_mistakes(source: Random, population: Population, party: Party, round_: Round) -> Mistakes:
    """Draw what goes wrong with one application."""
    intake = population.intake
    withdraws = happens(source, intake.withdraws.rate)
    answers = happens(source, intake.answers_supplement.rate)
    days = (round_.supplement_until - round_.closes).days
    answered_after = source.randint(0, days)
    paper_age = within(source, population.taxes.paper_age_days)
    document = source.randrange(1000)
    forgets_document = happens(source, intake.missing_document.rate)
    fact = source.choice(_FORGETTABLE)
    forgets_fact = happens(source, intake.missing_fact.rate)
    industry = source.choice(_MISTAKEN_INDUSTRIES)
    mistakes_industry = happens(source, intake.wrong_industry.rate)
    return Mistakes(
        withdraws=withdraws,
        answers=answers,
        answered_after=answered_after,
        paper_age=paper_age,
        missing_document=document if forgets_document else None,
        missing_fact=fact if forgets_fact else "",
        industry=industry if mistakes_industry and keys.INDUSTRY in party.fixed else "",
        brings_products=happens(source, population.products.brought_later.rate),
    )
