"""One programme of a year, as its notice prints it."""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from panro.rules.edition.base import (
    BasisPoints,
    Code,
    Count,
    DecimalText,
    Positive,
    ProgrammeCode,
    Strict,
    TextData,
    Won,
)
from panro.rules.edition.parts import ApplicantType, RuleUse, Source, Unit
from panro.rules.kinds import KindOfSupport

WHOLE = 10_000  # basis points

Method = Literal["ranked", "gate", "nomination", "contest"]
WizardStep = Literal["sign_up", "log_in", "verify", "products", "apply", "choose_products", "documents", "consortium"]


class Applicant(Strict):
    """One type of applicant and the steps it goes through (guide, how to apply; the last step sends)."""

    type: ApplicantType
    steps: list[WizardStep] = Field(min_length=1)


class Track(Strict):
    """A part of a programme with places of its own; ``seats`` None means only the programme's quota bounds it."""

    code: Code
    name: TextData
    seats: Count | None = None
    applicants: list[ApplicantType] | None = None
    """Who may choose this track; None means every applicant of the programme."""


class Round(Strict):
    """One intake. It has its own closing date, because "closed as of the closing date" needs one."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9]*$")
    name: TextData
    opens: date
    closes: date
    supplement_until: date
    results_on: date
    objections_until: date
    seats: Count | None = None
    """Places of this round; None in a programme without a quota."""
    carry_over: bool = False
    """Whether places that the programme's earlier rounds left unfilled are added."""
    until_budget_used: bool = False
    tracks: list[Code] | None = None
    stages: list[Code] | None = None
    method: Method | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [self.opens, self.closes, self.supplement_until, self.results_on, self.objections_until]
        if days != sorted(days):
            raise ValueError("opens, closes, supplement_until, results_on, objections_until must follow each other")
        return self


class CriterionData(Strict):
    """One line of a rubric; ``anchors`` say what a reviewer should see at each grade, best first."""

    code: Code
    name: TextData
    max: DecimalText
    anchors: list[TextData] = Field(default_factory=list)


class Stage(Strict):
    """One step of the evaluation. A ``requirement`` stage has no rubric; a scored one has all its figures."""

    code: Code
    kind: Literal["requirement", "paper", "panel", "presentation", "site_visit", "heat"]
    name: TextData
    rubric: list[CriterionData] = Field(default_factory=list)
    panel: Count = 0
    aggregate: Literal["mean", "trimmed_mean", "panel_adjusted"] = "trimmed_mean"
    point_step: DecimalText = Decimal("0.5")
    step: DecimalText = Decimal("0.01")
    pass_mark: DecimalText | None = None
    keep: Positive | None = None
    weight: BasisPoints = 0
    blind: bool = False

    @property
    def scored(self) -> bool:
        """Whether reviewers give points at this stage."""
        return self.kind != "requirement"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        smallest = {"mean": 1, "trimmed_mean": 3, "panel_adjusted": 2}[self.aggregate]
        if self.scored and (not self.rubric or self.panel < smallest):
            raise ValueError(f"a scored stage needs a rubric and a panel of at least {smallest} for {self.aggregate}")
        if not self.scored and (self.rubric or self.panel or self.weight or self.keep or self.pass_mark is not None):
            raise ValueError("a requirement stage has no rubric, panel, weight, keep or pass_mark")
        return self


class BonusItem(Strict):
    """Extra points of this programme for members of a group, on evidence."""

    item: Code
    group: Code
    points: DecimalText


class SelectionStep(Strict):
    """One step of filling the places, in the printed order.

    ``seats`` is a number of places, ``share`` basis points of the round's places rounded down; neither means: as many
    as remain.
    """

    kind: Literal["open", "set_aside"]
    group: Code | None = None
    seats: Positive | None = None
    share: BasisPoints | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind == "set_aside") != (self.group is not None):
            raise ValueError("a set_aside step names its group, an open step none")
        if self.seats is not None and self.share is not None:
            raise ValueError("give seats or share, not both")
        return self


class Priority(Strict):
    """How preferred groups are preferred: points, seats or order of service. Data, because the guide leaves it open."""

    service_order: list[Code] = Field(default_factory=list)
    bonus_cap: DecimalText = Decimal(0)
    bonus: list[BonusItem] = Field(default_factory=list)
    steps: list[SelectionStep] = Field(default_factory=lambda: [SelectionStep(kind="open")], min_length=1)
    ladder: list[str] = Field(default_factory=list)
    total_step: DecimalText = Decimal("0.01")
    waiting: BasisPoints | None = None
    """Length of the waiting list as a share of the round's places, rounded up; None means everybody who passed."""


class CapData(Strict):
    """An upper limit inside the quota: per region if ``by`` says so. A limit is a number of places or a share."""

    name: Code
    text: TextData
    by: Literal["region"] | None = None
    tracks: list[Code] | None = None
    limit: Positive | None = None
    share: BasisPoints | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.limit is None) == (self.share is None):
            raise ValueError("give either limit or share")
        return self


class Condition(Strict):
    """When a document or question applies: the fact ``fact`` has the value ``equals``."""

    fact: Code
    equals: JsonValue


class DocumentData(Strict):
    """A paper that is asked for. ``valid_days`` counts from its issue; None means it does not run out."""

    code: Code
    name: TextData
    required: bool = True
    applicants: list[ApplicantType] | None = None
    tracks: list[Code] | None = None
    when: Condition | None = None
    valid_days: Positive | None = None
    evidence_of: Code | None = None


class FundingShare(Strict):
    """Who pays. Shares are basis points of the total and add up to 10,000; ``in_kind_limit`` None means not stated."""

    code: Code
    name: TextData
    tracks: list[Code] | None = None
    national_share: BasisPoints
    own_share: BasisPoints
    national_limit: Won | None = None
    in_kind: bool = False
    in_kind_limit: BasisPoints | None = None
    basis: TextData

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.national_share + self.own_share != WHOLE:
            raise ValueError(f"shares add up to {self.national_share + self.own_share}, not 10000")
        return self


class ConsortiumData(Strict):
    """Who may stand together. Members are ``private``, ``public_body`` or ``local_government``."""

    allowed_alone: list[Literal["private", "public_body", "local_government"]]
    required_with_public: Literal["private", "private_retail_platform"]
    text: TextData


class Reapplication(Strict):
    """Whether one may apply again within the year: after a refusal, a selection or a withdrawal, in another track.

    What a notice does not say about the last two is None: one may after a withdrawal, and a selection in one track
    counts for all.
    """

    after_refusal: bool = True
    after_selection: bool = False
    after_withdrawal: bool | None = None
    after_selection_in_another_track: bool | None = None
    text: TextData


class ChannelData(Strict):
    """Where the goods are shown or sold."""

    code: Code
    name: TextData
    kind: Literal[
        "mall",
        "tv_home_shopping",
        "t_commerce",
        "v_commerce",
        "overseas",
        "live",
        "iptv",
        "subscription",
        "market",
        "offline",
        "sns",
    ]
    count: Positive | None = None


class Programme(Strict):
    """``programmes/CODE.toml``: one programme with everything its notice must say."""

    code: ProgrammeCode
    pillar: Code
    name: TextData
    summary: TextData
    for_whom: TextData
    offers: list[TextData] = Field(min_length=1)
    how_chosen: TextData
    pilot: bool = False
    own_notice: TextData | None = None
    unit: Unit
    quota: Positive | None = None
    method: Method
    applicants: list[Applicant] = Field(min_length=1)
    tracks: list[Track] = Field(default_factory=list)
    rounds: list[Round] = Field(default_factory=list)
    stages: list[Stage] = Field(default_factory=list)
    waives: list[Code] = Field(default_factory=list)
    """Shared rules that this programme does not ask."""
    eligibility: list[RuleUse] = Field(default_factory=list)
    priority: Priority = Field(default_factory=Priority)
    caps: list[CapData] = Field(default_factory=list)
    documents: list[DocumentData] = Field(default_factory=list)
    funding: list[FundingShare] = Field(default_factory=list)
    consortium: ConsortiumData | None = None
    reapplication: Reapplication
    kinds: list[KindOfSupport] = Field(min_length=1)
    follow_on: list[ProgrammeCode] = Field(default_factory=list)
    channels: list[ChannelData] = Field(default_factory=list)
    sources: list[Source]

    def stages_of(self, round_: Round) -> list[Stage]:
        """The stages of one round: those it names, else all."""
        if round_.stages is None:
            return list(self.stages)
        return [stage for stage in self.stages if stage.code in round_.stages]

    def tracks_of(self, round_: Round) -> list[Track]:
        """The tracks open in one round: those it names, else all."""
        if round_.tracks is None:
            return list(self.tracks)
        return [track for track in self.tracks if track.code in round_.tracks]

    def round(self, code: str) -> Round:
        """Return one round; raises KeyError naming those there are."""
        for round_ in self.rounds:
            if round_.code == code:
                return round_
        raise KeyError(f"no round {code} in {self.code}; there are {', '.join(r.code for r in self.rounds)}")
