"""A case as its page shows it: papers, the rules' answers with fact and source, sources that disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.utils.translation import pgettext, pgettext_lazy

from panro.accounts.language import say
from panro.editions.words import rule_label
from panro.intake.models import ChosenPaper
from panro.intake.queries import supplements, time_taken
from panro.korea.text import Text
from panro.rules.facts import Fact
from panro.rules.findings import Answer, Moment
from panro.screening.rounds import calls_of
from panro.screening.states import CaseState, Risk
from panro.vault import words
from panro.vault.knowledge import about, source_name
from panro.vault.queries import known
from panro.vault.showing import shown_known, shown_papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta

    from django.utils.functional import _StrPromise

    from panro.intake.calls import Call
    from panro.intake.models import Supplement
    from panro.rules.facts import FactValue
    from panro.screening.models import CaseAnswer
    from panro.screening.queries import Shown
    from panro.vault.showing import KnownShown, PaperShown

MOMENTS: Final[dict[str, _StrPromise]] = {
    Moment.APPLICATION.value: pgettext_lazy("moment", "On the day of application"),
    Moment.CLOSING.value: pgettext_lazy("moment", "As of the closing date"),
    Moment.SELECTION.value: pgettext_lazy("moment", "Before the evaluation"),
    Moment.AGREEMENT.value: pgettext_lazy("moment", "At the agreement"),
}
ANSWERS: Final[dict[str, tuple[str, _StrPromise]]] = {
    Answer.YES.value: ("success", pgettext_lazy("rule", "yes")),
    Answer.UNKNOWN.value: ("warning", pgettext_lazy("rule", "not known")),
    Answer.NO.value: ("danger", pgettext_lazy("rule", "no")),
}
STATE_BADGES: Final = {
    CaseState.WAITING: "information",
    CaseState.ASKED: "warning",
    CaseState.ELIGIBLE: "success",
    CaseState.INELIGIBLE: "danger",
    CaseState.LAPSED: "danger",
    CaseState.WITHDRAWN: "",
}
RISK_BADGES: Final = {Risk.NOT_ASKED: "", Risk.CLEAR: "success", Risk.UNKNOWN: "warning", Risk.REFUSED: "danger"}
_MET: Final = ANSWERS[Answer.YES.value][0]
_WEIGHT: Final = {Answer.NO.value: 0, Answer.UNKNOWN.value: 1, Answer.YES.value: 2}


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that decided: what it is, what it says, who says so and for which day."""

    name: str
    value: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One rule's answer."""

    rule: str
    kind: str
    answer: str
    message: str
    mend: str
    clause: str
    used: list[UsedFact]


@dataclass(frozen=True, slots=True)
class MomentShown:
    """The answers of one moment, the sharpest first."""

    label: str
    on: date
    answers: list[AnswerShown]

    @property
    def open(self) -> list[AnswerShown]:
        """What an officer has to look at: rules that say no, or do not know."""
        return [one for one in self.answers if one.kind != _MET]

    @property
    def met(self) -> list[AnswerShown]:
        """Rules that say yes."""
        return [one for one in self.answers if one.kind == _MET]

    @property
    def label_of_met(self) -> str:
        """Name the table of the rules that say yes."""
        return pgettext("rules", "%(moment)s: met") % {"moment": self.label}


@dataclass(frozen=True, slots=True)
class CaseShown:
    """All that the page shows beside the desk's own rows."""

    shown: Shown
    call: Call
    moments: list[MomentShown]
    papers: list[PaperShown]
    disagreeing: list[KnownShown]
    supplements: list[Supplement]
    taken: timedelta


def case_shown(shown: Shown, *, now: datetime, today: date) -> CaseShown:
    """Bring a case and all that is shown with it together; constant queries."""
    case = shown.case
    call = calls_of([case.review])[case.review_id]
    chosen = ChosenPaper.objects.filter(application=case.pk).select_related("paper__file", "paper__verified_by")
    asked = supplements(case.application)
    return CaseShown(
        shown=shown,
        call=call,
        moments=[
            MomentShown(
                str(MOMENTS[asking.moment]),
                asking.on,
                sorted((_answer(one) for one in asking.answers.all()), key=lambda one: _KIND_WEIGHT[one.kind]),
            )
            for asking in shown.askings
        ],
        papers=shown_papers([one.paper for one in chosen.order_by("code", "paper_id")], today),
        disagreeing=[shown_known(one) for one in known(case.party_id, on=today) if one.in_conflict],
        supplements=asked,
        taken=time_taken(case.application, until=now),
    )


_KIND_WEIGHT: Final = {ANSWERS[answer][0]: weight for answer, weight in _WEIGHT.items()}


def _answer(row: CaseAnswer) -> AnswerShown:
    kind, label = ANSWERS[row.answer]
    return AnswerShown(
        rule=str(rule_label(row.rule)),
        kind=kind,
        answer=str(label),
        message=_said(row.message_ko, row.message_en),
        mend=_said(row.mend_ko, row.mend_en),
        clause=_said(row.clause_ko, row.clause_en),
        used=[_used(one) for one in cast("list[Mapping[str, FactValue]]", row.facts)],
    )


def _used(told: Mapping[str, FactValue]) -> UsedFact:
    fact = Fact.from_json(told)
    return UsedFact(
        str(about(fact.key).name),
        words.in_words(fact.key, fact.value, fact.as_of),
        source_name(fact.source),
        fact.as_of,
    )


def _said(ko: str, en: str) -> str:
    return say(Text(ko, en))
