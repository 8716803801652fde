"""What one application asks: its screens in order, the questions on each, and the papers that apply.

Pure: everything is told from the edition, the round, the type of applicant, the track, the facts that the vault holds
and what was answered so far. A question stands on a screen if a rule, a condition of a paper or a preferred group of
the programme needs its fact, and nobody but the applicant can tell it; what the vault knows is not asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from panro.intake import asked
from panro.intake.asked import Choice, Kind, Question
from panro.korea.industries import KSIC_10, IndustryAnswer, IndustryError, exclusion_table, parse_industry_code
from panro.korea.text import Text
from panro.rules.eligibility import keys
from panro.rules.eligibility.ask import Asking, prepare
from panro.rules.findings import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.edition.programme import DocumentData, Programme, Round, Track, WizardStep
    from panro.rules.facts import Facts

type Answer = str | list[str]
type Answers = Mapping[str, Answer]

CLAIMANT: Final = "applicant"
"""Source of what an applicant merely says; such a fact can be said anew."""
EXCLUDED: Final = "out"
INCLUDED: Final = "in"
LATER_QUESTIONS: Final = frozenset({keys.SIZE_GRACE, keys.INDUSTRY_ANSWER})
"""Facts that only an earlier answer makes a rule ask for."""
BEFORE_THE_WIZARD: Final = frozenset({"sign_up", "log_in"})
STEP_TITLES: Final[dict[str, Text]] = {
    "verify": Text("사업자 확인", "Business"),
    "products": Text("상품 등록", "Products"),
    "apply": Text("신청서", "Application"),
    "choose_products": Text("상품 선택", "Choice of products"),
    "consortium": Text("컨소시엄", "Consortium"),
    "documents": Text("서류", "Papers"),
    "consents": Text("동의", "Consents"),
    "review": Text("확인과 제출", "Check and send"),
}
SCREEN_TITLES: Final[dict[str, Text]] = {
    **STEP_TITLES,
    "verify": Text("사업자 정보를 확인해 주세요", "Check the business"),
    "products": Text("상품을 등록해 주세요", "Register your products"),
    "choose_products": Text("신청할 상품을 골라 주세요", "Choose the products of this application"),
    "consortium": Text("컨소시엄 구성과 서명", "Members and signatures of the consortium"),
    "documents": Text("서류를 골라 주세요", "Choose the papers"),
    "consents": Text("동의와 서약", "Consents and declarations"),
    "review": Text("제출하기 전에 확인해 주세요", "Check before you send"),
    "track": Text("세부유형", "Track"),
    "business": Text("사업장", "Your business"),
    "standing": Text("신청자격", "Standing"),
    "situation": Text("판로와 우대 대상", "Channels and preferred groups"),
    "plan": Text("신청 내용", "Your case"),
}
PERSON_TITLES: Final[dict[str, Text]] = {"business": Text("신청자", "About you")}
WITHOUT_BUSINESS: Final = frozenset({"trainee", "creator"})


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that need not be asked, with the question it would have answered."""

    question: Question
    key: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the application. ``step`` is its place in the row of steps; several screens may share one."""

    code: str
    step: str
    title: Text
    questions: tuple[Question, ...] = ()
    known: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Case:
    """What decides which questions one application asks.

    ``facts`` are those of the vault (with the draft's own left out or in: an answer of the draft keeps its question on
    the screen); ``answers`` the draft as it was typed; ``changing`` codes of questions asked anew though known.
    """

    edition: Edition
    programme: Programme
    round_: Round | None
    applicant_type: ApplicantType
    track: str | None
    on: date
    facts: Facts
    answers: Answers = field(default_factory=dict)
    changing: frozenset[str] = frozenset()

    @cached_property
    def steps(self) -> tuple[WizardStep, ...]:
        """The steps of this type of applicant, as the programme lists them; none if it may not apply."""
        for applicant in self.programme.applicants:
            if applicant.type == self.applicant_type:
                return tuple(applicant.steps)
        return ()

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that this applicant may choose in this round."""
        open_ = self.programme.tracks if self.round_ is None else self.programme.tracks_of(self.round_)
        return tuple(one for one in open_ if one.applicants is None or self.applicant_type in one.applicants)

    @cached_property
    def asking(self) -> Asking:
        """The rules' own view of the case, at application."""
        return Asking(
            Moment.APPLICATION,
            self.on,
            self.edition.head,
            self.programme,
            self.round_,
            self.applicant_type,
            self.track,
        )

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Facts of the preferred groups that mean something in this programme, in the order of the year."""
        programme = self.programme
        wanted = {item.group for item in programme.priority.bonus} | set(programme.priority.service_order)
        wanted |= {step.group for step in programme.priority.steps if step.group is not None}
        wanted |= {item.group for item in self.edition.head.bonus if programme.code in item.programmes}
        conditions = {one.when.fact for one in programme.documents if one.when is not None}
        if asked.GROUPS.of is not None and self.applicant_type not in asked.GROUPS.of:
            return ()
        return tuple(
            group.fact for group in self.edition.head.groups if group.code in wanted or group.fact in conditions
        )

    @cached_property
    def needed(self) -> frozenset[str]:
        """Keys of the facts that rules asked of this applicant, conditions of its papers or its groups read."""
        prepared = prepare(self.edition, self.programme, self.round_)
        found = set(self.groups)
        for rule in prepared.rules:
            moments = (Moment.APPLICATION, Moment.CLOSING)
            if not any(rule.concerns(moment, self.applicant_type, self.track) for moment in moments):
                continue
            found |= set(rule.entry.reads) - LATER_QUESTIONS
            lacks = rule.entry.function(self.facts, rule.parameters, self.asking).lacks
            found |= LATER_QUESTIONS & {*lacks, *self.facts} & set(rule.entry.reads)
        found |= {one.when.fact for one in self._asked_of_me(self.programme.documents) if one.when is not None}
        return frozenset(found)

    @cached_property
    def documents(self) -> tuple[DocumentAsked, ...]:
        """The papers that apply, required ones first, each list in the order of the notice."""
        found = []
        for document in self._asked_of_me(self.programme.documents):
            known = None if document.when is None else self.facts.get(document.when.fact)
            if document.when is not None:
                if known is None and not document.required:
                    continue
                if known is not None and known.value != document.when.equals:
                    continue
            found.append(DocumentAsked(document, is_open=document.when is not None and known is None))
        return tuple(sorted(found, key=lambda one: not one.is_required))

    def _asked_of_me(self, documents: Iterable[DocumentData]) -> list[DocumentData]:
        return [
            one
            for one in documents
            if (one.applicants is None or self.applicant_type in one.applicants)
            and (one.tracks is None or self.track in one.tracks)
        ]


@dataclass(frozen=True, slots=True)
class DocumentAsked:
    """A paper that this application may hand in; ``is_open`` where the fact on which it hangs is not known."""

    document: DocumentData
    is_open: bool = False

    @property
    def code(self) -> str:
        """Its code."""
        return self.document.code

    @property
    def is_required(self) -> bool:
        """Whether it must be there before the application is complete."""
        return self.document.required and not self.is_open


def screens(case: Case) -> list[Screen]:
    """Return the screens of an application in order: the steps of the notice, then consents and the last check.

    Screens without anything to ask are left out. The steps before the wizard (signing up, logging in) have none.
    """
    found: list[Screen] = []
    for step in case.steps:
        if step in BEFORE_THE_WIZARD:
            continue
        found += _application(case) if step == "apply" else [Screen(step, step, SCREEN_TITLES[step])]
    found += [Screen(code, code, SCREEN_TITLES[code]) for code in ("consents", "review")]
    return found


def _application(case: Case) -> list[Screen]:
    """The screens of the step "apply"."""
    found = []
    if len(case.tracks) > 1:
        found.append(Screen("track", "apply", SCREEN_TITLES["track"], (_track(case),)))
    for code, questions in (
        ("business", asked.BUSINESS_QUESTIONS),
        ("standing", asked.STANDING_QUESTIONS),
        ("situation", asked.SITUATION_QUESTIONS),
    ):
        screen = _of_facts(case, code, questions)
        if screen.questions or screen.known:
            found.append(screen)
    if statements := _statements(case):
        found.append(Screen("plan", "apply", SCREEN_TITLES["plan"], statements))
    return found


def _of_facts(case: Case, code: str, questions: Sequence[Question]) -> Screen:
    mine, known = [], []
    for question in questions:
        made = _made(case, question)
        if made is None or not set(made.facts) & case.needed:
            continue
        if (key := _known(case, made)) is not None:
            if made.when is None:
                known.append(Known(made, key))
        else:
            mine.append(made)
    shown = {one.code for one in mine}
    mine = [one for one in mine if one.when is None or one.when.question in shown]
    title = PERSON_TITLES.get(code) if case.applicant_type in WITHOUT_BUSINESS else None
    return Screen(code, "apply", title or SCREEN_TITLES[code], tuple(mine), tuple(known))


def _known(case: Case, question: Question) -> str | None:
    """Return the fact because of which a question need not be asked; None if it must be.

    What the draft itself answered stays on its screen. Facts that come in parts (three reasons, several groups) are
    known only if all that are needed are.
    """
    head = question.code if question.when is None else question.when.question
    if head in case.changing and _may_change(case, question):
        return None
    if head in case.answers and _may_change(case, question):
        return None
    wanted = [key for key in question.facts if key in case.needed]
    return wanted[0] if wanted and all(key in case.facts for key in wanted) else None


def _may_change(case: Case, question: Question) -> bool:
    """Whether the applicant may say anew what is known: not what a register or an officer says."""
    return all(case.facts[key].source == CLAIMANT for key in question.facts if key in case.facts)


def may_change(case: Case, known: Known) -> bool:
    """Whether a known fact can be corrected on the screen, because only the applicant said so."""
    return _may_change(case, known.question)


def _made(case: Case, question: Question) -> Question | None:
    """Fill in what a question takes from the edition or from earlier answers; None where there is nothing to ask."""
    if question.of is not None and case.applicant_type not in question.of:
        return None
    if question.code == asked.SUPPORTED_BY.code:
        programmes = tuple(Choice(one.code, _numbered(one)) for one in case.edition.programmes)
        return replace(question, choices=programmes)
    if question.code == asked.GROUPS.code:
        return _groups(case, question)
    if question.code == asked.INDUSTRY_PART.code:
        part = _part(case)
        return None if part is None else _about_part(question, part)
    return question


def _about_part(question: Question, part: Part) -> Question:
    """A yes means that the industry is out, or that it is in after all; the answer's code says which."""
    yes, no = (EXCLUDED, INCLUDED) if part.yes_excludes else (INCLUDED, EXCLUDED)
    choices = (
        Choice(f"{yes}:{part.row}", asked.YES.label),
        Choice(f"{no}:{part.row}", asked.NO.label),
        asked.UNKNOWN,
    )
    return replace(question, label=question.label.format(about=part.about), choices=choices)


def _groups(case: Case, question: Question) -> Question | None:
    mine = set(case.groups)
    groups = [group for group in case.edition.head.groups if group.fact in mine]
    if not groups:
        return None
    choices = [Choice(group.fact, _with_evidence(group.name.text, group.evidence.text)) for group in groups]
    return replace(question, facts=tuple(group.fact for group in groups), choices=(*choices, asked.NOTHING))


def _with_evidence(name: Text, evidence: Text) -> Text:
    return Text(f"{name.ko} – 증빙: {evidence.ko}", f"{name.en} – evidence: {evidence.en}")


def _numbered(programme: Programme) -> Text:
    return Text(f"{programme.code} {programme.name.ko}", f"{programme.code} {programme.name.en}")


@dataclass(frozen=True, slots=True)
class Part:
    """A question where only a part of an industry is excluded; ``row`` is the rules' name of it."""

    row: str
    about: Text
    yes_excludes: bool


def part_of_industry(code: str, on: date) -> Part | None:
    """Return what must still be asked about an industry (KSIC 10), if its code alone does not decide."""
    try:
        verdict = exclusion_table(on).classify(parse_industry_code(code), KSIC_10)
    except IndustryError:
        return None
    if verdict.answer is not IndustryAnswer.ASK or verdict.row is None:
        return None
    exception = verdict.exception
    if exception is not None and exception.condition_ko is not None and exception.condition_en is not None:
        return Part(exception.prefix, Text(exception.condition_ko, exception.condition_en), yes_excludes=False)
    return Part(verdict.row.prefix, Text(verdict.row.name_ko, verdict.row.name_en), yes_excludes=True)


def _part(case: Case) -> Part | None:
    fact = case.facts.get(keys.INDUSTRY)
    if fact is None or not isinstance(fact.value, dict):
        return None
    return part_of_industry(str(fact.value.get("code", "")), case.on)


def _track(case: Case) -> Question:
    return replace(asked.TRACK, choices=tuple(Choice(one.code, one.name.text) for one in case.tracks))


def _statements(case: Case) -> tuple[Question, ...]:
    """One statement per criterion of the first stage at which papers are scored, with what reviewers look for."""
    stages = case.programme.stages if case.round_ is None else case.programme.stages_of(case.round_)
    first = next((stage for stage in stages if stage.scored), None)
    if first is None:
        return ()
    return tuple(
        Question(
            code=f"statement_{first.code}_{line.code}",
            kind=Kind.STATEMENT,
            label=line.name.text,
            most=asked.STATEMENT_LENGTH,
            hints=tuple(anchor.text for anchor in line.anchors[:1]),
        )
        for line in first.rubric
    )
