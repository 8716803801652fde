"""A programme as its page tells it: what the document says, with names in place of codes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from panro.editions.applying import address_of
from panro.editions.kinds_shown import KindShown, show
from panro.editions.notes import Notes
from panro.editions.rounds import ACCEPTING, RoundState, days_left, state_on
from panro.editions.words import APPLICANTS, MOMENTS, in_page_language, rule_label
from panro.rules.edition.problems import entry_labels
from panro.ui.templatetags.ui import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from panro.editions.words import Label
    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import RuleUse
    from panro.rules.edition.programme import Condition, DocumentData, Programme, Round, SelectionStep, Stage


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round, where it stands, how many days are left, which tracks it is for, and where one applies (or empty)."""

    round: Round
    state: RoundState
    left: int
    tracks: list[str]
    apply: str


@dataclass(frozen=True, slots=True)
class RequirementShown:
    """One thing that is asked of an applicant."""

    label: Label
    use: RuleUse
    applicants: list[Label]
    tracks: list[str]
    moments: list[Label]
    path: str


@dataclass(frozen=True, slots=True)
class BonusShown:
    """Extra points, for whom and on which evidence."""

    code: str
    group: str
    evidence: str
    points: Decimal
    path: str


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A paper, and of whom it is asked."""

    document: DocumentData
    conditions: list[str]


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage with the sum of its rubric."""

    stage: Stage
    full: Decimal


class ProgrammeShown:
    """Everything the page of a programme shows, computed once."""

    def __init__(self, edition: Edition, programme: Programme, day: date) -> None:
        self.edition = edition
        self.programme = programme
        self.notes = Notes(programme, edition.head)
        self._groups = {group.code: group for group in edition.head.groups}
        self._tracks = {track.code: in_page_language(track.name) for track in programme.tracks}
        self._stages = {stage.code: stage for stage in programme.stages}
        self.pillar = next(pillar for pillar in edition.head.pillars if pillar.code == programme.pillar)
        self.rounds = [self._round(round_, day) for round_ in programme.rounds]

    def _round(self, round_: Round, day: date) -> RoundShown:
        state = state_on(round_, day)
        apply = address_of(self.edition.head.code, self.programme.code, round_.code) if state in ACCEPTING else ""
        return RoundShown(round_, state, days_left(round_, day), self._track_names(round_.tracks or []), apply)

    @property
    def kinds(self) -> list[KindShown]:
        """What one gets, kind by kind."""
        labels = entry_labels([{"kind": kind.kind} for kind in self.programme.kinds])
        return [show(kind, label, self._track_names) for kind, label in zip(self.programme.kinds, labels, strict=True)]

    @property
    def requirements(self) -> list[RequirementShown]:
        """All rules of the programme, the shared ones first."""
        uses = self.edition.rules_of(self.programme)
        shared = len(uses) - len(self.programme.eligibility)
        paths = [f"year.eligibility.{use.rule}" for use in uses[:shared]]
        paths += [f"eligibility.{word}" for word in entry_labels([{"rule": use.rule} for use in uses[shared:]])]
        return [
            RequirementShown(
                label=rule_label(use.rule),
                use=use,
                applicants=self._asked_of(use),
                tracks=self._track_names(use.tracks or []),
                moments=[MOMENTS[moment] for moment in use.moments],
                path=path,
            )
            for use, path in zip(uses, paths, strict=True)
            if use.applicants is None or {one.type for one in self.programme.applicants} & set(use.applicants)
        ]

    @property
    def stages(self) -> list[StageShown]:
        """The stages in order."""
        return [
            StageShown(stage, sum((line.max for line in stage.rubric), start=Decimal(0)))
            for stage in self.programme.stages
        ]

    @property
    def bonus(self) -> list[BonusShown]:
        """Extra points, the shared ones last."""
        own = [(one.group, one.points, f"priority.bonus.{one.item}") for one in self.programme.priority.bonus]
        shared = [
            (one.group, one.points, "year.bonus")
            for one in self.edition.head.bonus
            if self.programme.code in one.programmes
        ]
        return [
            BonusShown(
                code=code,
                group=in_page_language(self._groups[code].name),
                evidence=in_page_language(self._groups[code].evidence),
                points=points,
                path=path,
            )
            for code, points, path in [*own, *shared]
        ]

    @property
    def service_order(self) -> list[str]:
        """Groups that are served before others."""
        return [self._group(code) for code in self.programme.priority.service_order]

    @property
    def steps(self) -> list[str]:
        """How the places are filled, step by step."""
        return [self._step(step) for step in self.programme.priority.steps]

    @property
    def ladder(self) -> list[str]:
        """What decides between equal totals, before the draw."""
        return [self._rung(rung) for rung in self.programme.priority.ladder]

    @property
    def documents(self) -> list[DocumentShown]:
        """The papers, those that are required first, in the order of the notice."""
        shown = [DocumentShown(document, self._conditions(document)) for document in self.programme.documents]
        return sorted(shown, key=lambda one: not one.document.required)

    @property
    def follow_on(self) -> list[Programme]:
        """Programmes that follow on this one, as far as the year has them."""
        known = {programme.code: programme for programme in self.edition.programmes}
        return [known[code] for code in self.programme.follow_on if code in known]

    @property
    def track_names(self) -> dict[str, str]:
        """Names of the tracks by code."""
        return dict(self._tracks)

    @property
    def draw_matters(self) -> bool:
        """Whether places are given by rank, so that a draw may decide."""
        return self.programme.method in ("ranked", "contest") or bool(self.programme.priority.ladder)

    def tracks_of(self, codes: Sequence[str] | None) -> list[str]:
        """Names of tracks; none where all are meant."""
        return self._track_names(codes or [])

    def _track_names(self, codes: Iterable[str]) -> list[str]:
        return [self._tracks.get(code, code) for code in codes]

    def _group(self, code: str) -> str:
        group = self._groups.get(code)
        return code if group is None else in_page_language(group.name)

    def _step(self, step: SelectionStep) -> str:
        seats = _("all places that are left")
        if step.seats is not None:
            seats = _("%(count)s places") % {"count": f"{step.seats:,}"}
        elif step.share is not None:
            seats = _("%(share)s of the places") % {"share": percent(step.share)}
        if step.group is None:
            return _("To everybody, by rank: %(seats)s") % {"seats": seats}
        return _("Set aside for %(group)s, by rank: %(seats)s") % {"group": self._group(step.group), "seats": seats}

    def _rung(self, rung: str) -> str:
        kind, _colon, place = rung.partition(":")
        if kind == "bonus":
            return _("More bonus points")
        stage_code, _dot, criterion_code = place.partition(".")
        stage = self._stages.get(stage_code)
        if stage is None:
            return rung
        if kind == "stage":
            return _("A higher score in “%(stage)s”") % {"stage": in_page_language(stage.name)}
        name = next(
            (in_page_language(line.name) for line in stage.rubric if line.code == criterion_code), criterion_code
        )
        return _("A higher score for “%(criterion)s”") % {"criterion": name}

    def _conditions(self, document: DocumentData) -> list[str]:
        found = []
        everybody = {applicant.type for applicant in self.programme.applicants}
        if document.applicants is not None and not everybody <= set(document.applicants):
            found += [str(APPLICANTS[one]) for one in document.applicants if one in everybody]
        found += self._track_names(document.tracks or [])
        if document.when is not None:
            found.append(self._condition(document.when))
        return found

    def _asked_of(self, use: RuleUse) -> list[Label]:
        """Who is asked, of those who may apply here; none where that is everybody."""
        types = [applicant.type for applicant in self.programme.applicants]
        if use.applicants is None or set(types) <= set(use.applicants):
            return []
        return [APPLICANTS[one] for one in types if one in use.applicants]

    def _condition(self, condition: Condition) -> str:
        group = next((group for group in self._groups.values() if group.fact == condition.fact), None)
        if group is not None and condition.equals is True:
            return _("If you belong to: %(group)s") % {"group": in_page_language(group.name)}
        return _("Where it applies")
