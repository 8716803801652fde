"""The application as a row of screens: where one stands, what is asked, what is known, what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from panro.accounts.language import say
from panro.intake import told
from panro.intake.asked import Kind
from panro.intake.forms import QuestionForm
from panro.intake.profile_facts import facts_of_agency, facts_of_profile
from panro.intake.questions import STEP_TITLES, Case, Screen, may_change, screens
from panro.ui.clock import today
from panro.vault.actions import Statement, state_facts
from panro.vault.knowledge import about, source_name
from panro.vault.queries import facts as vault_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from panro.intake.asked import Question
    from panro.intake.questions import Answer, Known
    from panro.intake.views.guard import Opened
    from panro.rules.facts import Fact

MOST_CHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step in the row of steps."""

    code: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class KnownShown:
    """Something that is not asked again: what, since when, who says so, and whether it can be corrected here."""

    question: str
    answer: str
    as_of: date
    source: str
    code: str
    may_change: bool


class Wizard:
    """The screens of one application on a day."""

    def __init__(
        self, opened: Opened, *, changing: Iterable[str] = (), day: date | None = None, ask_rooms: bool = True
    ) -> None:
        """Take an application; with ``ask_rooms``, its facts hold what rooms above know, which nobody hands in."""
        self.opened = opened
        self.ask_rooms = ask_rooms
        self.application = opened.application
        self.day = day or today()
        self.changing = frozenset(changing)
        self._checked: dict[str, QuestionForm] = {}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """What the vault knows, over what the profile says. Constant queries."""
        party = self.opened.acting.party
        own = facts_of_profile(party, self.day, platforms=self.platforms)
        agency = facts_of_agency(party, self.opened.call, self.application.edition_id, self.day)
        return {**own, **self.in_the_vault, **agency}

    @cached_property
    def in_the_vault(self) -> dict[str, Fact]:
        """What the vault knows. One query, and those of its seams."""
        party = self.opened.acting.party.pk
        known = vault_facts({party}, papers_until=self.day, registers_on=self.day, ask_rooms=self.ask_rooms)
        return known.get(party, {})

    @cached_property
    def platforms(self) -> frozenset[str]:
        """Members of the consortium that run a retail platform, as the draft says."""
        chosen = self.application.answers.get("platforms")
        return frozenset(map(str, chosen)) if isinstance(chosen, list) else frozenset()

    @cached_property
    def case(self) -> Case:
        """What decides which questions are asked."""
        call = self.opened.call
        return Case(
            edition=call.edition,
            programme=call.programme,
            round_=call.round_,
            applicant_type=self.opened.applicant_type,
            track=self.application.track or None,
            on=self.day,
            facts=self.facts,
            answers=self.answers,
            changing=self.changing,
        )

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """The draft as it was typed."""
        return {
            code: [str(one) for one in value] if isinstance(value, list) else str(value)
            for code, value in self.application.answers.items()
        }

    @cached_property
    def screens(self) -> list[Screen]:
        """All screens in order."""
        return screens(self.case)

    @cached_property
    def done(self) -> frozenset[str]:
        """Codes of the screens that were filled in. One query."""
        return frozenset(self.application.steps.values_list("step", flat=True))

    def screen(self, code: str) -> Screen:
        """Return one screen.

        Raises:
            Http404: the application has none of this code.
        """
        for screen in self.screens:
            if screen.code == code:
                return screen
        raise Http404

    def asks_more_than(self, screen: Screen) -> bool:
        """Whether the screen of this code has questions that it had not when it was shown."""
        return bool({one.code for one in self.screen(screen.code).questions} - {one.code for one in screen.questions})

    def neighbours(self, code: str) -> tuple[Screen | None, Screen | None]:
        """The screens before and after one."""
        codes = [screen.code for screen in self.screens]
        place = codes.index(code)
        before = self.screens[place - 1] if place else None
        after = self.screens[place + 1] if place + 1 < len(codes) else None
        return before, after

    @property
    def resume(self) -> Screen:
        """Where to go on: the first screen that was not filled in."""
        return next((screen for screen in self.screens if screen.code not in self.done), self.screens[-1])

    def address(self, screen: Screen | str) -> str:
        """Where a screen is."""
        code = screen if isinstance(screen, str) else screen.code
        return reverse("intake:step", args=[self.application.pk, code])

    def steps(self, code: str) -> list[StepShown]:
        """The row of steps, seen from one screen; screens of one step stand together."""
        current = self.screen(code).step
        order = list(dict.fromkeys(screen.step for screen in self.screens))
        here = order.index(current)
        shown = []
        for place, step in enumerate(order):
            codes = [screen.code for screen in self.screens if screen.step == step]
            label = say(STEP_TITLES[step])
            if step == current and len(codes) > 1:
                label += f" ({codes.index(code) + 1}/{len(codes)})"
            passed = place < here and self.done.issuperset(codes)
            shown.append(StepShown(step, label, "current" if place == here else "done" if passed else ""))
        return shown

    def initial(self, screen: Screen) -> dict[str, Answer]:
        """What the fields of a screen hold: what was typed, else what is known and asked anew."""
        found: dict[str, Answer] = {}
        for question in screen.questions:
            if question.code == "track":
                found["track"] = self.application.track
            elif question.code in self.answers:
                found[question.code] = self.answers[question.code]
            elif question.facts and (known := told.as_typed(question, self.facts)) is not None:
                found[question.code] = known
        return found

    def form(self, screen: Screen) -> QuestionForm:
        """The questions of a screen as they stand."""
        return QuestionForm(questions=screen.questions, answers=self.initial(screen), day=self.day)

    def checked(self, screen: Screen) -> QuestionForm:
        """The same, checked; once for each screen, as a wizard is made anew after every save."""
        if screen.code not in self._checked:
            sent = _as_sent(self.initial(screen))
            self._checked[screen.code] = QuestionForm(sent, questions=screen.questions, answers={}, day=self.day)
        return self._checked[screen.code]

    def known(self, screen: Screen) -> list[KnownShown]:
        """What this screen does not ask because it is known."""
        return [self._known(one) for one in screen.known]

    def said(self, question: Question, answer: Answer | None) -> str:
        """An answer in words, in the language of the page; empty for none."""
        if not answer:
            return ""
        names = {one.code: say(one.label) for one in question.choices}
        if question.kind is Kind.PLACE:
            form = QuestionForm(questions=[question], answers={}, day=self.day)
            names = {str(code): str(label) for code, label in getattr(form.fields[question.code], "choices", [])}
        words = [names.get(one, one) for one in (answer if isinstance(answer, list) else [answer])]
        text = ", ".join(words)
        return f"{text} {say(question.unit)}" if question.unit is not None and text else text

    def tell(self) -> None:
        """State what valid answers tell, and what the profile says, so that it is known from now on.

        What the vault says already is not said again.
        """
        party = self.opened.acting.party
        facts = {key: fact.value for key, fact in facts_of_profile(party, self.day, platforms=self.platforms).items()}
        for screen in self.screens:
            if not screen.questions or screen.code == "track":
                continue
            form = self.checked(screen)
            form.is_valid()
            questions = [one for one in screen.questions if one.code not in form.errors]
            facts |= told.facts_told(questions, form.cleaned_data, on=self.day, edition=self.case.edition.head.code)
        new = {
            key: value
            for key, value in sorted(facts.items())
            if key not in self.in_the_vault or self.in_the_vault[key].value != value
        }
        if not new:
            return
        state_facts(
            [Statement(party.pk, key, value, self.day) for key, value in new.items()],
            by=self.opened.acting.user,
            now=timezone.now(),
            today=self.day,
        )

    def _known(self, known: Known) -> KnownShown:
        fact = self.facts[known.key]
        answer = told.as_typed(known.question, self.facts)
        label = say(known.question.label) if known.question.code != "groups" else str(about(known.key).name)
        return KnownShown(
            question=label,
            answer=self.said(known.question, answer),
            as_of=fact.as_of,
            source=source_name(fact.source),
            code=known.question.code,
            may_change=may_change(self.case, known),
        )


def _as_sent(answers: Mapping[str, Answer]) -> QueryDict:
    """Answers as a form would send them."""
    data = QueryDict(mutable=True)
    for code, answer in answers.items():
        data.setlist(code, answer if isinstance(answer, list) else [answer])
    return data
