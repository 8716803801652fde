"""A year rehearsed with the desk deciding: the same dossiers as in memory, and whoever recomputes them agrees."""

from __future__ import annotations

from dataclasses import asdict
from itertools import count
from typing import TYPE_CHECKING

import pytest

from panro.dossier.audit import audit_dossier
from panro.intake import seams
from panro.intake.models import Application
from panro.rehearsal.population import Population, default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rehearsal.round_run import RoundRun
from panro.rules.edition.load import load_edition
from panro.screening import actions, queries
from panro.screening.models import Case, CaseDecision
from panro.screening.rounds import Days
from panro.screening.states import OPEN
from panro.site.rehearsing import run
from panro.site.rehearsing.desk import RoomsDesk
from panro.verifier import verify
from screening.world import with_roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from panro.dossier.sources import Application as Decided
    from panro.rehearsal.desk import Asking
    from panro.rules.facts import Fact

PROGRAMMES = ("3-1", "4-3")
COMPANIES, SEED = 50, 11  # of these some are eligible, ineligible, lapsed and withdrawn
PROOFS = {"proof.json", "manifest.json"}
"""The manifest lists the bytes of the proof."""


def population() -> Population:
    """The usual people, who wish for some programmes only."""
    whole = default_population()

    def some(one):  # noqa: ANN001, ANN202 - profiles and parties alike
        wishes = {code: rate for code, rate in one.wishes.items() if code in PROGRAMMES}
        return one.model_copy(update={"wishes": wishes, "other": 0})

    return whole.model_copy(update={"profile": [*map(some, whole.profile)], "party": [*map(some, whole.party)]})


def files(folder: Path) -> dict[str, str]:
    """All files of all dossiers, heads and record proofs apart."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in PROOFS and path.parent.name != "record" and path.parent != folder
    }


def differing(one: Decided, other: Decided) -> list[object]:
    """What two decided applications do not have in common."""
    return [(name, value, getattr(other, name)) for name, value in asdict(one).items() if value != asdict(other)[name]]


class ScreeningDesk(RoomsDesk):
    """Asks the rules of the cases at the desk whenever the rehearsal asks what is known."""

    def known(self, asking: Sequence[Asking]) -> list[Mapping[str, Fact]]:
        found = super().known(asking)
        if asking:
            first = asking[0]
            rows = Application.objects.filter(
                programme=first.filing.programme.code, round_code=first.filing.round_.code, replaced=False
            )
            ids = dict(rows.values_list("applicant", "pk"))
            actions.take_in(ids.values(), now=self.now)
            questions = [
                actions.Question(ids[one.filing.party.applicant], Days(one.on, one.papers, one.registers))
                for one in asking
            ]
            actions.assess_on(questions, first.moment, by="system:rehearsal", now=self.now)
        return found


@pytest.mark.django_db(transaction=True)
def test_a_year_decided_at_the_desk_gives_the_same_dossiers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams._Filled, "holdings", seams._Filled.holdings)
    edition = load_edition("2021")
    options = Options(COMPANIES, SEED, tmp_path / "memory")
    rehearse(edition, population(), options, timer=count().__next__)

    by_hand, rounds = RoundRun._applications, []

    def at_the_desk(self: RoundRun) -> list[Decided]:
        expected = by_hand(self)
        desk = self.desk
        assert isinstance(desk, ScreeningDesk)
        day, where = self.plan.review_on, (self.plan.programme.code, self.plan.round_.code)
        while actions.follow(now=desk.now, today=day):
            pass
        waiting = Case.objects.filter(programme=where[0], round_code=where[1], state__in=OPEN)
        officer = with_roles(desk.officer)
        outcome = actions.decide(actions.as_the_rules_say(waiting), by=officer, now=desk.now, today=day)
        assert outcome.refused == ()
        if expected:
            actions.settle(desk.version, *where, by=officer, now=desk.now)
        found = queries.decided(desk.version, *where)
        for one, other in zip(found, expected, strict=True):
            assert one == other, differing(one, other)
        rounds.append(self.rules.round_id)
        return found

    monkeypatch.setattr(RoundRun, "_applications", at_the_desk)
    monkeypatch.setattr(run, "RoomsDesk", ScreeningDesk)
    options = Options(COMPANIES, SEED, tmp_path / "desk")
    rehearse(edition, population(), options, timer=count().__next__, rooms=run.DatabaseRooms(edition))
    memory, desk = files(tmp_path / "memory"), files(tmp_path / "desk")
    assert list(memory) == list(desk)
    for name, content in memory.items():
        assert desk[name].splitlines() == content.splitlines(), name
    assert rounds
    written = sorted((tmp_path / "desk").rglob("public"))
    assert written
    for folder in written:
        assert verify(folder).difference is None, folder
    outcomes = set(CaseDecision.objects.values_list("requirement", flat=True))
    assert outcomes == {"eligible", "ineligible", "lapsed", "withdrawn"}
    assert Application.objects.filter(pool__isnull=False).count() == Case.objects.count()
    audited = sorted((tmp_path / "desk").rglob("facts.csv"))
    assert audited
    for table in audited:
        assert audit_dossier(table.parent.parent).differences == [], table
