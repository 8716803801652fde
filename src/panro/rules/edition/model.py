"""The year: an edition with its shared rules, and what is counted over all programmes."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from panro.rules.edition.base import Code, DecimalText, Positive, ProgrammeCode, Strict, TextData
from panro.rules.edition.parts import RuleUse, Source, Unit
from panro.rules.edition.programme import Programme


class Agency(Strict):
    """Who runs the year, and where one applies."""

    name: TextData
    portal: TextData
    market: TextData


class Window(Strict):
    """From the first to the last day on which one can apply, both included."""

    opens: date
    closes: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes < self.opens:
            raise ValueError(f"closes {self.closes} lies before opens {self.opens}")
        return self


class Pillar(Strict):
    """One of the parts into which the year's programmes are grouped."""

    code: Code
    name: TextData
    gives: TextData


class Group(Strict):
    """A group that is preferred somewhere: by points, by seats or by being served first."""

    code: Code
    name: TextData
    evidence: TextData
    fact: Code
    """Key of the fact that shows membership (a true value, or a non-empty list)."""


class SharedBonus(Strict):
    """Extra points that several programmes give alike."""

    item: Code
    group: Code
    points: DecimalText
    programmes: list[ProgrammeCode] = Field(min_length=1)


class CalendarEvent(Strict):
    """A date of the year that programmes and sales events lean on."""

    code: Code
    name: TextData
    starts: date
    ends: date


class Tally(Strict):
    """A figure announced for the whole year, against which the supports given are counted."""

    code: Code
    name: TextData
    target: Positive
    units: list[Unit] = Field(min_length=1)


class EditionHead(Strict):
    """``edition.toml``: everything of the year but its programmes."""

    code: str = Field(min_length=1)
    name: TextData
    summary: TextData
    agency: Agency
    window: Window
    industry_revision: int
    programmes: list[ProgrammeCode] = Field(min_length=1)
    pillars: list[Pillar] = Field(min_length=1)
    groups: list[Group]
    bonus: list[SharedBonus]
    eligibility: list[RuleUse]
    calendar: list[CalendarEvent]
    tallies: list[Tally]
    draw_event: TextData
    assignment_event: TextData
    sources: list[Source]


class Edition(Strict):
    """A whole year: the head and its programmes in their order."""

    head: EditionHead
    programmes: list[Programme]

    def programme(self, code: str) -> Programme:
        """Return one programme; raises KeyError naming those there are."""
        for programme in self.programmes:
            if programme.code == code:
                return programme
        raise KeyError(f"no programme {code}; there are {', '.join(p.code for p in self.programmes)}")

    def rules_of(self, programme: Programme) -> list[RuleUse]:
        """All rule uses of one programme, the shared ones first, without those it waives."""
        shared = [use for use in self.head.eligibility if use.rule not in programme.waives]
        return [*shared, *programme.eligibility]
