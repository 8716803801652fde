"""What the rules say of an application or of somebody who might apply, in words for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.utils.translation import gettext as _

from panro.accounts.language import say
from panro.catalog.queries import chosen, product_facts
from panro.editions.words import rule_label
from panro.rules.eligibility import keys
from panro.rules.eligibility.registry import RULES
from panro.rules.facts import Fact
from panro.rules.findings import Answer, Moment
from panro.vault.knowledge import about, source_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from panro.editions.words import Label
    from panro.intake.calls import Call
    from panro.intake.views.wizard import Wizard
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.facts import Facts, FactValue
    from panro.rules.findings import Finding

ASKED_LATER: Final = frozenset({keys.PRODUCTS, keys.DOCUMENTS})
LOOKED_UP: Final = frozenset({keys.SANCTIONS, keys.OPERATING, keys.AWARDS, keys.NOMINATED})
"""What the agency looks up itself: the applicant has nothing to bring."""
KINDS: Final = {Answer.YES: "success", Answer.UNKNOWN: "warning", Answer.NO: "danger"}
_WEIGHT: Final = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One rule's answer: its name, the sentence, how to mend it, the clause, and which facts were used."""

    rule: Label
    answer: str
    kind: str
    message: str
    mend: str
    clause: str
    used: list[str]
    later: bool
    """Whether the application itself will ask what is not known yet."""
    looked_up: bool
    """Whether the agency itself will look up what is not known yet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All findings, the sharpest first, and what they come to."""

    findings: list[FindingShown]
    answer: str

    @property
    def against(self) -> list[FindingShown]:
        """What stands against it."""
        return [one for one in self.findings if one.answer == Answer.NO]

    @property
    def open(self) -> list[FindingShown]:
        """What is not known yet, and nobody but the applicant can settle outside of the application."""
        return [one for one in self.findings if one.answer == Answer.UNKNOWN and not (one.later or one.looked_up)]

    @property
    def looked_up(self) -> list[FindingShown]:
        """What the agency will look up."""
        return [one for one in self.findings if one.answer == Answer.UNKNOWN and one.looked_up]

    @property
    def later(self) -> list[FindingShown]:
        """What the application will ask."""
        return [one for one in self.findings if one.answer == Answer.UNKNOWN and one.later and not one.looked_up]

    @property
    def fulfilled(self) -> list[FindingShown]:
        """What is met."""
        return [one for one in self.findings if one.answer == Answer.YES]


def judge(
    call: Call,
    facts: Facts,
    *,
    on: date,
    applicant_type: ApplicantType,
    track: str | None,
    asked: frozenset[str] = frozenset(),
) -> Judged:
    """Ask the rules of a round as at application.

    Args:
        call: the round.
        facts: what is known.
        on: the day.
        applicant_type: as what.
        track: the chosen track; None where none is chosen or there is none.
        asked: keys of facts that the application will ask for.
    """
    assessment = call.questions.assess(
        facts, moment=Moment.APPLICATION, on=on, applicant_type=applicant_type, track=track
    )
    shown = [_shown(one, facts, asked | ASKED_LATER) for one in assessment.findings]
    settled = [one for one in shown if not (one.later or one.looked_up)]
    worst = min((one.answer for one in settled), key=lambda one: _WEIGHT[Answer(one)], default=Answer.YES)
    return Judged(sorted(shown, key=lambda one: _WEIGHT[Answer(one.answer)]), str(worst))


def judge_application(wizard: Wizard) -> Judged:
    """Ask the rules of an application as it stands, with the products chosen. One query."""
    facts: dict[str, Fact] = dict(wizard.facts)
    ids = list(wizard.application.products.order_by("position").values_list("product_id", flat=True))
    if ids:
        known = cast("FactValue", product_facts(chosen(ids, wizard.opened.acting.party)))
        facts[keys.PRODUCTS] = Fact(keys.PRODUCTS, known, wizard.day, "applicant")
    return judge(
        wizard.opened.call,
        facts,
        on=wizard.day,
        applicant_type=wizard.opened.applicant_type,
        track=wizard.application.track or None,
    )


def _shown(finding: Finding, facts: Mapping[str, Fact], asked: frozenset[str]) -> FindingShown:
    reads = set(RULES[finding.rule].reads)
    lacking = reads - set(facts)
    return FindingShown(
        rule=rule_label(finding.rule),
        answer=str(finding.answer),
        kind=KINDS[finding.answer],
        message=say(finding.message),
        mend=say(finding.mend) if finding.mend is not None else "",
        clause=say(finding.clause),
        used=_used(finding.facts),
        later=finding.answer is Answer.UNKNOWN and bool(lacking & asked),
        looked_up=finding.answer is Answer.UNKNOWN and not finding.facts and bool(lacking) and lacking <= LOOKED_UP,
    )


def _used(facts: Sequence[Fact]) -> list[str]:
    """Which facts decided, since when, and who says so."""
    return [
        _("%(fact)s – %(source)s, %(day)s")
        % {"fact": about(fact.key).name, "source": source_name(fact.source), "day": fact.as_of.isoformat()}
        for fact in facts
    ]
