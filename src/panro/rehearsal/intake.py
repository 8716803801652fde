"""Who applies for what, in which round and on which day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from panro.rehearsal.stream import Table, happens, stream
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from random import Random

    from panro.rehearsal.party import Party
    from panro.rehearsal.population import Intake, Population
    from panro.rehearsal.schedule import RoundPlan
    from panro.rehearsal.state import YearState
    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme

_LAST_DAYS: Final = 3
_NO_TRACK: Final = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's application in the making: on which day, and on which track if the programme has any."""

    party: Party
    on: date
    track: str


@dataclass(slots=True)
class Wishes:
    """Everybody's wishes of the year, by programme and round; those who apply again come later."""

    population: Population
    seed: int
    by_ref: Mapping[str, Party]
    first: dict[tuple[str, str], list[Wish]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, population: Population, seed: int, edition: Edition, parties: Sequence[Party]) -> Wishes:
        """Draw what each applicant wants, each from its own stream."""
        wishes = cls(population, seed, {party.ref: party for party in parties})
        choices = [_Choice.of(programme, population.intake) for programme in edition.programmes if programme.rounds]
        for party in parties:
            source = stream(seed, "wishes", party.ref)
            for choice in choices:
                wishes._draw(source, party, choice)
        return wishes

    def of_round(self, plan: RoundPlan, state: YearState) -> list[Wish]:
        """Give all who apply in a round: those who wished to from the start, and those who try again."""
        code, round_ = plan.programme.code, plan.round_
        wishes = list(self.first[code, round_.code])
        inside = {wish.party.ref for wish in wishes}
        intake = self.population.intake
        choice = _Choice.of(plan.programme, intake)
        still = []
        for left in state.left[code]:
            if left.on >= round_.closes:
                still.append(left)
                continue
            source = stream(self.seed, "again", left.ref, code, left.round_)
            rate = intake.applies_though_selected.rate if left.selected else intake.applies_again.rate
            allowed = plan.programme.reapplication.after_refusal or left.selected
            if allowed and happens(source, rate) and left.ref not in inside:
                inside.add(left.ref)
                day = choice.day(source, max(round_.opens, left.on + timedelta(days=1)), round_.closes)
                party = self.by_ref[left.ref]
                track = choice.track(source, round_.code, party.type)
                if track is not None:
                    wishes.append(Wish(party, day, track))
        state.left[code] = still
        return wishes

    def _draw(self, source: Random, party: Party, choice: _Choice) -> None:
        """Draw one programme; as many draws whatever comes of them, so that one programme does not shift the next."""
        rate = party.wishes.get(choice.programme.code, party.other)
        wanted = source.random() * 10_000
        round_code = choice.rounds.draw(source)
        round_ = choice.programme.round(round_code)
        day = choice.day(source, round_.opens, round_.closes)
        track = choice.track(source, round_code, party.type)
        if party.type not in choice.types or track is None:
            return
        if choice.programme.method == "nomination":
            named = party.fixed.get(keys.NOMINATED)
            if named is None or named.value is not True:
                rate = rate * self.population.intake.applies_without_nomination.rate // 10_000
        if wanted < rate:
            self.first[choice.programme.code, round_code].append(Wish(party, day, track))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What there is to choose in one programme."""

    programme: Programme
    types: frozenset[str]
    rounds: Table[str]
    tracks: Mapping[tuple[str, str], Table[str]]
    """Tracks by round and type of applicant; without an entry, the round has none for this type."""
    part: Table[str]

    @classmethod
    def of(cls, programme: Programme, intake: Intake) -> _Choice:
        """Prepare the choices: longer rounds and tracks with more places are chosen more often."""
        tracks: dict[tuple[str, str], Table[str]] = {}
        left = max((programme.quota or 0) - sum(track.seats or 0 for track in programme.tracks), 1)
        types: frozenset[str] = frozenset(applicant.type for applicant in programme.applicants)
        for round_, type_ in product(programme.rounds, sorted(types)):
            inside = [
                track for track in programme.tracks_of(round_) if track.applicants is None or type_ in track.applicants
            ]
            if inside:
                tracks[round_.code, type_] = Table(
                    (track.code for track in inside),
                    (left if track.seats is None else max(track.seats, 1) for track in inside),
                )
        rounds = programme.rounds
        return cls(
            programme,
            types,
            Table((one.code for one in rounds), ((one.closes - one.opens).days + 1 for one in rounds)),
            tracks,
            Table(("first", "middle", "last"), (intake.first_tenth, intake.middle, intake.last_days)),
        )

    def day(self, source: Random, opens: date, closes: date) -> date:
        """Draw a day: many come in the first tenth of an intake, many in its last three days."""
        part = self.part.draw(source)
        share = source.random()
        days = max((closes - opens).days + 1, 1)
        if part == "first":
            offset = int(share * max(days // 10, 1))
        elif part == "last":
            offset = days - 1 - int(share * min(_LAST_DAYS, days))
        else:
            offset = int(share * days)
        return opens + timedelta(days=offset)

    def track(self, source: Random, round_code: str, type_: str) -> str | None:
        """Draw a track of a round: an empty one where the programme has none, None where none is for this type."""
        if not self.programme.tracks:
            return _NO_TRACK
        table = self.tracks.get((round_code, type_))
        if table is None:
            source.random()  # as many draws whatever comes of them
            return None
        return table.draw(source)


def in_submission_order(wishes: Iterable[Wish]) -> list[Wish]:
    """Order applications by day, and by the applicant's name in the population on one day."""
    return sorted(wishes, key=lambda wish: (wish.on, wish.party.ref))
