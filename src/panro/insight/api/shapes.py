"""What open data and the read API give, field by field. The description of the API is made from these very classes.

Nothing here is personal: results go by result number, as in the public dossier.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A thing that is given out; nothing is added to it by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class Words(Shape):
    """A text in both languages."""

    ko: str
    en: str


class Programme(Shape):
    """A programme of a year, under the notice in force."""

    edition: str
    code: str
    pillar: str
    name: Words
    summary: Words
    unit: Literal["company", "person", "place", "product"]
    quota: int | None = Field(description="None where the notice says no number.")
    method: Literal["ranked", "gate", "nomination", "contest"]
    applicants: list[str]
    kinds: list[str]
    pilot: bool
    opens: date | None = Field(description="First day of its first round; None without any.")
    closes: date | None = Field(description="Last day of its last round; None without any.")
    page: str


class Round(Shape):
    """An intake of a programme. Days are whole days in Seoul, the last one included."""

    edition: str
    programme: str
    code: str
    name: Words
    opens: date
    closes: date
    supplement_until: date
    results_on: date
    objections_until: date
    seats: int | None
    until_budget_used: bool


class Result(Shape):
    """The publication of a round that holds, with its counts; ``number`` 1 and up follow objections."""

    edition: str
    programme: str
    round: str
    number: int
    simulated: bool = Field(description="Whether it is a rehearsal with made-up applicants.")
    published_at: datetime
    seats: int | None
    receipts: int
    selected: int
    waiting: int
    not_selected: int
    ineligible: int
    lapsed: int
    withdrawn: int
    root: str = Field(description="Root of the round, 64 hexadecimal digits.")
    head: str = Field(description="Head of the agency's record in which the round is sealed.")
    dossier: str = Field(description="Where the public dossier is, from which anybody recomputes the selection.")
    dossier_sha256: str
    page: str
    lines: str = Field(description="Where the lines are.")


class Line(Shape):
    """What became of one receipt; what does not apply is null or empty. Points are decimal texts."""

    result_no: int
    receipt: str = Field(description="Commitment to the receipt, 64 hexadecimal digits.")
    track: str
    region: str
    outcome: Literal["selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"]
    reason: str
    clause: str
    detail: str
    step: str
    rank: int | None
    service: int | None
    base: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    draw: str
    position: int | None = Field(description="Place on the waiting list.")


class Notice(Shape):
    """The call of one round in the shape of the public notice API of SMEs 24 (중소벤처24 공고 API).

    Codes that this system has no figures for are empty, which there means: not narrowed.
    """

    pblancSeq: int = Field(description="Number of the notice; the same as long as the round exists.")  # noqa: N815 - names of that API
    creatDt: date  # noqa: N815 - same
    pblancNm: str  # noqa: N815 - same
    detailBsnsNm: str  # noqa: N815 - same
    policyCnts: str  # noqa: N815 - same
    sportMg: str  # noqa: N815 - same
    sportCnts: str  # noqa: N815 - same
    sportTrget: str  # noqa: N815 - same
    reqstRcept: str  # noqa: N815 - same
    sportInsttNm: str  # noqa: N815 - same
    sportInsttCd: str  # noqa: N815 - same
    pblancBgnDt: date  # noqa: N815 - same
    pblancEndDt: date  # noqa: N815 - same
    pblancAttach: str  # noqa: N815 - same
    reqstLinkInfo: str  # noqa: N815 - same
    bizType: str  # noqa: N815 - same
    bizTypeCd: str  # noqa: N815 - same
    sportType: str  # noqa: N815 - same
    sportTypeCd: str  # noqa: N815 - same
    areaCd: str  # noqa: N815 - same
    salsAmtCd: str  # noqa: N815 - same
    ablbizCd: str  # noqa: N815 - same
    emplyCntCd: str  # noqa: N815 - same
    cmpScaleCd: str  # noqa: N815 - same
    needCrtfnCd: str  # noqa: N815 - same
    cntcInsttCd: str  # noqa: N815 - same


class Links(Shape):
    """Where the neighbours of this page are; null at an end."""

    next: str | None = None
    previous: str | None = None


class Programmes(Shape):
    """All programmes of a year, in the order of the notice."""

    items: list[Programme]
    links: Links


class Rounds(Shape):
    """All rounds of a year, or of one programme, in the order of the notice."""

    items: list[Round]
    links: Links


class Results(Shape):
    """A page of published rounds, the newest first."""

    items: list[Result]
    links: Links


class Lines(Shape):
    """A page of the lines of a round, by result number."""

    items: list[Line]
    links: Links


class Notices(Shape):
    """All calls of a year, in the order of the notice."""

    items: list[Notice]
    links: Links


class Wrong(Shape):
    """One thing that is wrong with a request."""

    name: str
    reason: str


class ProblemShape(Shape):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str
    errors: list[Wrong] = Field(default_factory=list)
