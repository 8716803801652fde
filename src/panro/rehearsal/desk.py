"""Where applications are taken in, and who says what is known of applicants: in memory, unless somebody else does."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

from panro.dossier.snapshot import fact_text, snapshot_digest, snapshot_text
from panro.proof.canonical import encode
from panro.proof.hashing import commitment
from panro.rules.edition.load import edition_to_json
from panro.rules.eligibility import keys
from panro.rules.findings import Moment
from panro.rules.freeze import ONLY_TRACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from panro.dossier.salts import SeededSalts
    from panro.proof.canonical import Json
    from panro.rehearsal.filing import Filing
    from panro.rehearsal.schedule import RoundPlan
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition
    from panro.rules.eligibility.ask import Questions
    from panro.rules.facts import Fact
    from panro.rules.selection.round_rules import RoundRules


@dataclass(frozen=True, slots=True)
class Receipt:
    """An application with what its receipt committed to."""

    filing: Filing
    salt: str
    payload: Mapping[str, Json]
    commitment: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The intake of one round: its days, its rules, and whence the salts of its receipts come."""

    plan: RoundPlan
    rules: RoundRules
    questions: Questions
    salts: SeededSalts
    write: Callable[[Fact], str] = fact_text
    """Gives the text of a fact."""


class Asking(NamedTuple):
    """What is asked about one application.

    ``papers`` is the day up to which papers were handed in, ``registers`` that on which registers are asked; facts
    that are not ``wanted`` may be left out. ``mended`` tells whether what was missing or wrong has been brought.
    """

    filing: Filing
    moment: Moment
    on: date
    papers: date
    registers: date
    mended: bool
    wanted: frozenset[str]


class Desk(Protocol):
    """Takes applications in, and says what is known of applicants."""

    def clock(self, at: datetime) -> None:
        """The simulated clock has come to a moment; the next act happens then."""
        ...

    def take_in(self, intake: Intake, filings: Sequence[Filing]) -> list[Receipt]:
        """Take in all applications of a round, in the order in which they came, and freeze its pool."""
        ...

    def known(self, asking: Sequence[Asking]) -> Iterable[Mapping[str, Fact]]:
        """Give what is known for each asking, in the order given; no applicant occurs twice, all are of one round."""
        ...


@dataclass(slots=True)
class MemoryDesk:
    """Everything in memory: the population says what is known, and receipts are issued as the intake issues them."""

    state: YearState
    version: str = ""
    """Digest of the notice."""
    told: dict[tuple[str, str], dict[str, dict[str, Fact]]] = field(default_factory=dict)
    """What applicants told on their day, until it is asked: by programme and round, and by applicant."""

    def clock(self, at: datetime) -> None:
        """What is in memory needs no clock."""

    def take_in(self, intake: Intake, filings: Sequence[Filing]) -> list[Receipt]:
        """Issue receipts for applications, numbered in the order given."""
        wanted = intake.questions.keys_read()
        self.told[intake.rules.programme, intake.rules.round] = {}
        return [self._receipt(intake, number, filing, wanted) for number, filing in enumerate(filings, 1)]

    def known(self, asking: Sequence[Asking]) -> Iterator[Mapping[str, Fact]]:
        """Give what the population says, and what the year remembers of it."""
        for one in asking:
            filing, of_round = one.filing, (one.filing.programme.code, one.filing.round_.code)
            facts = None
            if one.moment is Moment.APPLICATION and not one.mended:
                facts = self.told.get(of_round, {}).pop(filing.party.ref, None)
            elif one.moment is Moment.SELECTION:
                self.told.pop(of_round, None)
            if facts is None:
                facts = filing.facts(one.wanted, papers=one.papers, registers=one.registers, mended=one.mended)
            self.state.add_to(facts, filing.party, one.registers)
            yield facts

    def _receipt(self, intake: Intake, number: int, filing: Filing, wanted: frozenset[str]) -> Receipt:
        rules, party = intake.rules, filing.party
        facts = filing.facts(wanted, papers=filing.on, registers=filing.on, mended=False)
        self.told[rules.programme, rules.round][party.ref] = facts
        payload: dict[str, Json] = {
            "receipt_no": f"{rules.edition}-{rules.programme}-{rules.round}-{number:06d}",
            "applicant": party.applicant,
            "applicant_type": party.type,
            "name": party.name,
            "round": rules.round_id,
            "track": filing.track or ONLY_TRACK,
            "on": filing.on.isoformat(),
            "snapshot": snapshot_digest(self._snapshot(filing, facts, wanted, intake.write)),
        }
        salt = intake.salts.salt("receipt", rules.round_id, party.ref)
        return Receipt(filing, salt, payload, commitment(salt, payload))

    def _snapshot(
        self, filing: Filing, facts: Mapping[str, Fact], wanted: frozenset[str], write: Callable[[Fact], str]
    ) -> str:
        """Write what was handed in: no answers and no products beside what the facts tell."""
        return snapshot_text(
            version=self.version,
            programme=filing.programme.code,
            round_code=filing.round_.code,
            track=filing.track,
            answers={},
            products=(),
            papers=filing.papers(facts),
            facts=[fact for key, fact in facts.items() if key in wanted and key != keys.DOCUMENTS],
            write=write,
        )


def version_digest(edition: Edition) -> str:
    """Give the digest under which an edition is published: SHA-256 of its canonical JSON."""
    return sha256(encode(edition_to_json(edition))).hexdigest()
