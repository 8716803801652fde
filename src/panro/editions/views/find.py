"""What may I get? A few questions without an account; nothing is stored, the answers travel in the form itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from panro.editions.answers import Answers, answers_of
from panro.editions.clock import pretended_day, today
from panro.editions.forms import STEPS, StepForm
from panro.editions.industries import industries_on
from panro.editions.showing import BonusShown, ProgrammeShown
from panro.editions.years import year_of
from panro.rules.eligibility.ask import what_may_i_get
from panro.rules.findings import Answer

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse, QueryDict

    from panro.editions.words import Label
    from panro.editions.years import Year
    from panro.rules.edition.programme import Programme
    from panro.rules.eligibility.ask import Offer
    from panro.rules.findings import Finding

OWN_FIELDS: Final = frozenset({"csrfmiddlewaretoken", "step", "go"})
VERDICTS: Final[dict[str, tuple[Label, Label, str]]] = {
    "may": (_("You may apply"), _("By your answers nothing stands against it."), "success"),
    "maybe": (
        _("Perhaps: this is still to be settled"),
        _("Nothing stands against it, but something is not known yet."),
        "warning",
    ),
    "not_open": (_("Not open now"), _("There is no intake at the moment."), "information"),
    "may_not": (
        _("Not for you, by your answers"),
        _("Something stands against it. It says what, and how to mend it."),
        "danger",
    ),
}
AFTERWARDS: Final[dict[str, Label]] = {
    "may": _("You would have qualified"),
    "maybe": _("Something would have had to be settled"),
    "may_not": _("You would not have qualified"),
}
ALIKE: Final = 3
"""What so many programmes ask alike is said once."""
_OF_ANSWER: Final = {Answer.YES: "may", Answer.UNKNOWN: "maybe", Answer.NO: "may_not"}
_WEIGHT: Final = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One rule's answer, with the answers of the visitor that decided."""

    finding: Finding
    used: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OfferShown:
    """What one programme says."""

    programme: Programme
    offer: Offer
    track: str
    findings: list[FindingShown]
    common: frozenset[str]
    bonus: list[BonusShown]

    @property
    def decisive(self) -> list[FindingShown]:
        """What stands against it; where nothing does, what is not known and not said once for all."""
        refused = [one for one in self.findings if one.finding.answer is Answer.NO]
        return refused or [one for one in self._unknown if one.finding.reason not in self.common]

    @property
    def settled_once(self) -> list[FindingShown]:
        """What is not known here and in other programmes alike."""
        if self.offer.answer is Answer.NO:
            return []
        return [one for one in self._unknown if one.finding.reason in self.common]

    @property
    def fulfilled(self) -> int:
        """How many rules say yes."""
        return sum(one.finding.answer is Answer.YES for one in self.findings)

    @property
    def _unknown(self) -> list[FindingShown]:
        return [one for one in self.findings if one.finding.answer is Answer.UNKNOWN]


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """All programmes with the same verdict."""

    code: str
    title: Label
    text: Label
    kind: str
    offers: list[OfferShown]


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step in the row of steps."""

    code: str
    label: Label
    state: str


class Interview:
    """The questions asked of one visitor: which steps there are, which one was sent, and every answer so far."""

    def __init__(self, data: QueryDict, year: Year, day: date) -> None:
        self.data, self.year, self.day = data, year, day
        self.applicant = data.get("applicant_type", "")
        self.steps = [step for step in STEPS if step is STEPS[0] or self._form(step).fields]

    def place(self, code: str | None) -> int:
        """Where a step stands; the first for a code that is none."""
        return next((place for place, step in enumerate(self.steps) if step.code == code), 0)

    def sent(self, place: int) -> StepForm:
        """A step with what was sent, to be checked."""
        return self._form(self.steps[place], self.data)

    def shown(self, place: int) -> StepForm:
        """A step to be shown again, without complaints."""
        step = self.steps[place]
        names = self._form(step).fields
        initial: dict[str, object] = {}
        for name in names:
            if name in self.data:
                several = name in ("members", "supported", "reasons", "groups")
                initial[name] = self.data.getlist(name) if several else self.data.get(name)
        return self._form(step, initial=initial)

    def carried(self, form: StepForm) -> list[tuple[str, str]]:
        """All answers that the shown step does not hold itself, to travel along."""
        return [
            (name, value)
            for name, values in self.data.lists()
            if name not in OWN_FIELDS and name not in form.fields
            for value in values
        ]

    def _form(
        self, step: type[StepForm], data: QueryDict | None = None, initial: dict[str, object] | None = None
    ) -> StepForm:
        return step(data, initial=initial, edition=self.year.edition, day=self.day, applicant=self.applicant)


def find(request: HttpRequest) -> HttpResponse:
    """Ask step by step; after the last step, show what every programme says.

    Everything comes and goes by POST, so that no answer lies in an address, a log or the database.
    """
    year = year_of(request)
    if year is None:
        return render(request, "editions/nothing_yet.html")
    interview = Interview(request.POST, year, min(today(), year.edition.head.window.closes))
    go = request.POST.get("go", "next")
    place = interview.place(request.POST.get("step"))
    if request.method != "POST":
        return _step(request, interview, 0)
    if go == "back":
        return _step(request, interview, max(place - 1, 0))
    if go.startswith("edit:"):
        return _step(request, interview, interview.place(go.removeprefix("edit:")))
    return _forward(request, interview, place)


def _forward(request: HttpRequest, interview: Interview, place: int) -> HttpResponse:
    """The sent step again if it must be mended, else the next one, at the end the result."""
    form = interview.sent(place)
    if not form.is_valid() or form.unanswered_follow_up:
        return _step(request, interview, place, form)
    if place + 1 < len(interview.steps):
        return _step(request, interview, place + 1)
    return _result(request, interview)


def _step(request: HttpRequest, interview: Interview, place: int, sent: StepForm | None = None) -> HttpResponse:
    form = sent or interview.shown(place)
    context = {
        **_common(interview),
        "form": form,
        "carried": interview.carried(form),
        "step": interview.steps[place],
        "is_first": place == 0,
        "is_last": place + 1 == len(interview.steps),
        "steps": _steps(interview, place),
        "suggestions": industries_on(interview.day) if "industry" in form.fields else [],
        "asks_more": form.is_bound and not form.errors and form.unanswered_follow_up,
    }
    return render(request, "editions/find.html", context)


def _result(request: HttpRequest, interview: Interview) -> HttpResponse:
    forms = [interview.sent(place) for place in range(len(interview.steps))]
    for place, form in enumerate(forms):
        if not form.is_valid():
            return _step(request, interview, place, form)
    edition = interview.year.edition
    answers = answers_of(forms, day=interview.day, edition=edition.head.code)
    is_over = today() > edition.head.window.closes
    offers = what_may_i_get(
        edition, answers.facts, on=interview.day, applicant_type=forms[0].cleaned_data["applicant_type"]
    )
    common = _asked_alike(offers)
    context = {
        **_common(interview),
        "common": [_finding_shown(finding, answers) for finding in common.values()],
        "verdicts": _verdicts(interview, answers, offers, common=frozenset(common), is_over=is_over),
        "is_over": is_over,
        "carried": [
            (name, value) for name, values in request.POST.lists() if name not in OWN_FIELDS for value in values
        ],
        "steps": _steps(interview, len(interview.steps)),
        "answers": list(dict.fromkeys(answers.words.values())),
    }
    return render(request, "editions/found.html", context)


def _common(interview: Interview) -> dict[str, object]:
    return {"year": interview.year, "day": interview.day, "pretended": pretended_day()}


def _steps(interview: Interview, place: int) -> list[StepShown]:
    found = []
    for number, step in enumerate(interview.steps):
        state = "done" if number < place else "current" if number == place else ""
        found.append(StepShown(step.code, step.title, state))
    return found


def _asked_alike(offers: list[Offer]) -> dict[str, Finding]:
    """What several programmes that refuse nothing do not know, by reason: the first finding stands for all."""
    unknown = [
        finding
        for offer in offers
        if offer.answer is not Answer.NO
        for finding in offer.findings
        if finding.answer is Answer.UNKNOWN
    ]
    counts = Counter(finding.reason for finding in unknown)
    first = {finding.reason: finding for finding in reversed(unknown)}
    return {reason: first[reason] for reason, count in counts.items() if count >= ALIKE}


def _finding_shown(finding: Finding, answers: Answers) -> FindingShown:
    used = [answers.words[fact.key] for fact in finding.facts if fact.key in answers.words]
    return FindingShown(finding, list(dict.fromkeys(used)))


def _verdicts(
    interview: Interview, answers: Answers, offers: list[Offer], *, common: frozenset[str], is_over: bool
) -> list[VerdictShown]:
    grouped: dict[str, list[OfferShown]] = {code: [] for code in VERDICTS}
    for offer in offers:
        code = _OF_ANSWER[offer.answer] if is_over else offer.verdict
        grouped[code].append(_offer_shown(interview, answers, offer, common))
    return [
        VerdictShown(
            code, AFTERWARDS.get(code, title) if is_over else title, "" if is_over else text, kind, grouped[code]
        )
        for code, (title, text, kind) in VERDICTS.items()
        if grouped[code]
    ]


def _offer_shown(interview: Interview, answers: Answers, offer: Offer, common: frozenset[str]) -> OfferShown:
    edition = interview.year.edition
    programme = edition.programme(offer.programme)
    shown = ProgrammeShown(edition, programme, interview.day)
    findings = [
        _finding_shown(finding, answers) for finding in sorted(offer.findings, key=lambda one: _WEIGHT[one.answer])
    ]
    mine = {group.code for group in edition.head.groups if group.fact in answers.groups}
    return OfferShown(
        programme=programme,
        offer=offer,
        track=shown.track_names.get(offer.track or "", ""),
        findings=findings,
        common=common,
        bonus=[one for one in shown.bonus if one.code in mine],
    )
