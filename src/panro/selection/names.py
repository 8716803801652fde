"""What the codes of a dossier are called, from the edition under which the round was run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from panro.editions.documents import edition_of
from panro.editions.words import rule_label
from panro.korea.regions import RegionError, region
from panro.korea.text import Text
from panro.rules.eligibility.registry import RULES
from panro.rules.selection.explanation import Names, explain
from panro.rules.selection.model import Result

if TYPE_CHECKING:
    from panro.rules.edition.programme import Programme, Round
    from panro.selection.models import PublishedRound, ResultLine

ONLY_TRACK: Final = "all"
"""The track of a programme that has none."""


def reason_names() -> dict[str, Text]:
    """What the reasons of the requirement review are called, in the language of the page.

    A reason goes by its sentence; one whose sentence needs the applicant's own facts goes by the name of its rule.
    """
    names = {}
    for entry in RULES.values():
        for reason in entry.reasons.values():
            own = reason.message
            label = str(rule_label(entry.name))
            names[reason.code] = Text(label, label) if "{" in own.ko + own.en else Text(own.ko[:-1], own.en[:-1])
    return names


class RoundNames:
    """Names of everything in one publication, in both languages."""

    def __init__(self, published: PublishedRound) -> None:
        self.published = published
        self.edition = edition_of(published.version)
        self.programme: Programme = self.edition.programme(published.programme)
        self.round: Round = self.programme.round(published.round)

    @cached_property
    def names(self) -> Names:
        """As the sentences about results need them."""
        return Names(
            regions={code: self.region(code) for code in self._regions},
            tracks={track.code: track.name.text for track in self.programme.tracks},
            caps={cap.name: cap.text.text for cap in self.programme.caps},
            stages={stage.code: stage.name.text for stage in self.programme.stages},
            groups={group.code: group.name.text for group in self.edition.head.groups},
            reasons=reason_names(),
        )

    def explain(self, line: ResultLine) -> Text:
        """One sentence on a line."""
        return explain(
            Result(
                result_no=line.result_no,
                outcome=line.outcome,  # type: ignore[arg-type] # a constraint of the table holds the words
                reason=line.reason,
                detail=line.detail,
                step=line.step,
                rank=line.rank,
                position=line.position,
            ),
            self.names,
        )

    def region(self, code: str) -> Text:
        """A province as it was called when the round closed; other texts stand for themselves."""
        try:
            found = region(code, on=self.round.closes)
        except RegionError:
            return Text(ko=code, en=code)
        return Text(ko=found.short_ko, en=found.short_en)

    def track(self, code: str) -> Text | None:
        """A track's name; None where the programme has only one."""
        if code == ONLY_TRACK and not self.programme.tracks:
            return None
        return self.names.tracks.get(code) or Text(ko=code, en=code)

    @cached_property
    def _regions(self) -> list[str]:
        return [str(row[0]) for row in self.published.summary["regions"]]
