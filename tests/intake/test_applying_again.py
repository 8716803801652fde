"""Applying again: what the notice says is on the page before one starts, and holds when two pages submit at once."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from intake.test_at_once import together
from intake.world import OPENS, Shop, noon
from panro.intake import actions, seams
from panro.intake.errors import AlreadyAppliedError, NotAgainError
from panro.intake.models import Application, Extension
from panro.korea.text import Text
from panro.rules.edition.programme import Programme, Reapplication
from panro.rules.reapplication import Earlier, Standing, may_apply_again

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

SECOND = date(2021, 4, 12)
"""A day of the second round of 3-1."""
NAME = Text("1차", "First round")
CLAUSE = {"ko": "조항", "en": "the clause"}


@pytest.mark.parametrize(
    ("standing", "flags"),
    list(
        product(
            Standing,
            [
                {},
                {"after_selection": True},
                {"after_refusal": False},
                {"after_withdrawal": False},
                {"after_selection_in_another_track": True},
            ],
        )
    ),
)
def test_each_rule_speaks_for_its_own_case(standing: Standing, flags: dict[str, bool]) -> None:
    rule = Reapplication.model_validate({"text": CLAUSE} | flags)
    answer = may_apply_again(rule, [Earlier("R1", NAME, "listing", standing)], round_code="R2", track="live")
    refused = {
        Standing.RUNNING: flags == {"after_refusal": False},
        Standing.WITHDRAWN: flags == {"after_withdrawal": False},
        Standing.REFUSED: flags == {"after_refusal": False},
        Standing.SELECTED: flags not in ({"after_selection": True}, {"after_selection_in_another_track": True}),
    }
    assert answer is not None
    assert (answer.allowed, answer.clause) == (not refused[standing], Text("조항", "the clause"))
    assert "1차" in answer.reason.ko


def test_in_the_same_track_a_selection_counts_and_a_no_goes_before_a_yes() -> None:
    rule = Reapplication.model_validate({"text": CLAUSE, "after_selection_in_another_track": True})
    selected = Earlier("R1", NAME, "listing", Standing.SELECTED)
    withdrawn = Earlier("R2", NAME, "live", Standing.WITHDRAWN)

    def allowed(track: str) -> bool:
        answer = may_apply_again(rule, [selected, withdrawn], round_code="R3", track=track)
        return answer is not None and answer.allowed

    assert {track: allowed(track) for track in ("listing", "live", "")} == {"listing": False, "live": True, "": True}
    assert may_apply_again(rule, [], round_code="R1") is None


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice of 3-1 takes one application of an applicant."""
    rule = Reapplication.model_validate({"text": CLAUSE, "after_refusal": False})
    whole = world.year()
    changed: list[Programme] = [
        one.model_copy(update={"reapplication": rule}) if one.code == "3-1" else one for one in whole.programmes
    ]
    monkeypatch.setattr(world, "year", lambda: whole.model_copy(update={"programmes": changed}))


def both_rounds(who: Shop, notice: EditionVersion, officer: User) -> tuple[Application, Application]:
    """Drafts of both rounds: the first was given more time, so both can be handed in on one day."""
    first = world.filled(who, notice)
    Extension.objects.create(
        party=who.party,
        edition=notice.edition,
        programme="3-1",
        round_code="R1",
        until=SECOND,
        reason="수해",
        given_by=officer,
        given_at=noon(OPENS),
    )
    Application.objects.filter(pk=first.pk).update(closes=SECOND)
    first.refresh_from_db()
    return first, world.filled(who, notice, round_code="R2", day=SECOND)


@pytest.mark.django_db
def test_after_a_withdrawal_the_page_says_yes_with_the_clause(
    notice: EditionVersion, minji: Shop, settings: Settings
) -> None:
    row = world.handed_in(minji, notice)
    actions.withdraw(row.pk, by=minji.owner, now=noon(OPENS), today=OPENS)
    settings.PRETENDED_DAY = SECOND
    client = Client(headers={"accept-language": "en"})
    client.force_login(minji.owner)
    page = client.get("/apply/2021/3-1/R2/").text
    assert ("You may apply again." in page, "was withdrawn" in page, "Begin the application" in page) == (True,) * 3
    assert "After a refusal one may apply again in a later round" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("selected", "allowed"), [(True, False), (False, True)])
def test_after_a_decision_the_page_and_the_act_give_the_same_answer(
    notice: EditionVersion,
    minji: Shop,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *,
    selected: bool,
    allowed: bool,
) -> None:
    world.handed_in(minji, notice)
    second = world.filled(minji, notice, round_code="R2", day=SECOND)  # begun while the first was under review
    told = {minji.party.pk: [seams.Outcome("R1", selected)]}
    monkeypatch.setattr(seams._Filled, "outcomes", staticmethod(lambda _parties, _call: told))
    settings.PRETENDED_DAY = SECOND
    client = Client(headers={"accept-language": "en"})
    client.force_login(minji.owner)
    actions.discard(second.pk, by=minji.owner)
    page = client.get("/apply/2021/3-1/R2/").text
    assert ("You may apply again." in page, "Applying again is not possible." in page) == (allowed, not allowed)
    assert ("Begin the application" in page) is allowed
    posted = client.post("/apply/2021/3-1/R2/", {"party": str(minji.party.pk)})
    assert posted.status_code == (302 if allowed else 409)


@pytest.mark.django_db
def test_a_draft_begun_before_the_decision_is_refused_when_it_is_handed_in(
    notice: EditionVersion, minji: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.handed_in(minji, notice)
    second = world.filled(minji, notice, round_code="R2", day=SECOND)
    told = {minji.party.pk: [seams.Outcome("R1", selected=True)]}
    monkeypatch.setattr(seams._Filled, "outcomes", staticmethod(lambda _parties, _call: told))
    with pytest.raises(NotAgainError, match=r"1차.*선정되었습니다"):
        world.hand_in(second, minji, SECOND)


@pytest.mark.django_db
@pytest.mark.usefixtures("once")
def test_where_one_is_all_the_second_is_refused_until_the_first_is_withdrawn(minji: Shop, officer: User) -> None:
    notice = world.publish("3-1")
    first, second = both_rounds(minji, notice, officer)
    world.hand_in(first, minji, SECOND)
    with pytest.raises(NotAgainError, match="심사 중"):
        world.hand_in(second, minji, SECOND)
    actions.withdraw(first.pk, by=minji.owner, now=noon(SECOND), today=SECOND)
    assert world.hand_in(second, minji, SECOND)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("once")
def test_two_rounds_handed_in_at_once_leave_one(minji: Shop, officer: User) -> None:
    notice = world.publish("3-1")
    rows = both_rounds(minji, notice, officer)
    done = together(*[lambda row=row: world.hand_in(row, minji, SECOND) for row in rows])
    refused = [one for one in done if isinstance(one, NotAgainError | AlreadyAppliedError)]
    assert (len(refused), Application.objects.filter(state="submitted").count()) == (1, 1)
