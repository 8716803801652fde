"""김민지 writes: what she saves stays, also with two windows open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.editions.models import EditionVersion
from panro.intake import actions, seams
from panro.intake.errors import (
    AlreadyAppliedError,
    NotAgainError,
    NotOpenError,
    StaleError,
    StrangerError,
    UnknownRoundError,
    WrongApplicantError,
    WrongStateError,
    WrongTrackError,
)
from panro.intake.models import Application
from panro.parties.models import Party
from panro.proof.canonical import CanonicalError

NOW = noon(OPENS)


def save(row: Application, who: Shop, values: dict[str, object], revision: int, **more: object) -> actions.Saved:
    return actions.save_step(row.pk, "plan", values, revision=revision, by=who.owner, now=NOW, **more)


def answers(row: Application) -> dict[str, object]:
    return Application.objects.get(pk=row.pk).answers


def test_beginning_twice_goes_on_with_the_same_draft(notice: EditionVersion, minji: Shop) -> None:
    first = world.draft(minji, notice)
    save(first, minji, {"why": "들기름을 알리고 싶습니다."}, 1)
    again = world.draft(minji, notice, day=OPENS + timedelta(days=3))
    assert (again.pk, again.answers) == (first.pk, {"why": "들기름을 알리고 싶습니다."})
    assert (first.applicant_type, first.closes, first.state) == ("merchant", CLOSES, "draft")


def test_a_trainee_begins_without_a_business(notice: EditionVersion) -> None:
    user, party = world.person()
    row = actions.open_draft(party, notice, "4-3", "R1", by=user, now=noon(OPENS), today=OPENS)
    assert row.applicant_type == "trainee"
    with pytest.raises(WrongApplicantError):
        actions.open_draft(party, notice, "3-1", "R1", by=user, now=noon(OPENS), today=OPENS)


def test_there_is_no_beginning_what_the_notice_does_not_have(notice: EditionVersion, minji: Shop) -> None:
    for programme, round_code in (("9-9", "R1"), ("3-1", "R9")):
        with pytest.raises(UnknownRoundError, match=f"{programme} {round_code}"):
            world.draft(minji, notice, programme, round_code)
    with pytest.raises(NotOpenError, match="2021-04-09 24시"):
        world.draft(minji, notice, day=CLOSES + timedelta(days=1))


def test_what_is_saved_is_kept_and_what_did_not_change_counts_for_nothing(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    first = save(row, minji, {"why": "하나", "how": "둘"}, 1)
    again = save(row, minji, {"why": "하나"}, first.revision)
    assert (first.revision, again.revision, again.saved_at) == (2, 2, first.saved_at)
    assert answers(row) == {"why": "하나", "how": "둘"}
    assert list(row.steps.values_list("step", flat=True)) == ["plan"]


def test_two_windows_that_change_different_answers_do_not_stand_in_each_others_way(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.draft(minji, notice)
    left = save(row, minji, {"why": "왼쪽 창"}, 1)
    right = save(row, minji, {"how": "오른쪽 창"}, 1)
    assert (left.elsewhere, right.elsewhere, right.revision) == ((), ("why",), 3)
    assert answers(row) == {"why": "왼쪽 창", "how": "오른쪽 창"}


def test_two_windows_that_change_the_same_answer_are_told_and_nothing_is_lost(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.draft(minji, notice)
    save(row, minji, {"why": "왼쪽 창"}, 1)
    with pytest.raises(StaleError) as refused:
        save(row, minji, {"why": "오른쪽 창", "how": "새 답"}, 1)
    assert (refused.value.fields, refused.value.stored.answers) == (("why",), {"why": "왼쪽 창"})
    assert answers(row) == {"why": "왼쪽 창"}
    save(row, minji, {"why": "오른쪽 창", "how": "새 답"}, refused.value.stored.revision)
    assert answers(row) == {"why": "오른쪽 창", "how": "새 답"}


def test_a_window_that_knows_what_it_was_opened_with_sends_only_what_was_touched(
    notice: EditionVersion, minji: Shop
) -> None:
    row = world.draft(minji, notice)
    save(row, minji, {"why": "처음", "how": "처음"}, 1)
    opened_with = {"why": "처음", "how": "처음"}
    save(row, minji, {"why": "왼쪽 창"}, 2)
    save(row, minji, {"why": "처음", "how": "오른쪽 창"}, 2, base=opened_with)
    assert answers(row) == {"why": "왼쪽 창", "how": "오른쪽 창"}


def test_texts_are_kept_in_normal_form_and_fractions_are_refused(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    save(row, minji, {"why": "한글"}, 1)
    assert answers(row) == {"why": "한글"}
    with pytest.raises(CanonicalError, match="fraction"):
        save(row, minji, {"share": 0.5}, 2)


def test_only_own_and_living_products_and_papers_can_be_chosen(notice: EditionVersion, minji: Shop) -> None:
    row, other = world.draft(minji, notice), world.shop("옆가게", "이웃")
    with pytest.raises(StrangerError):
        actions.choose_products(row.pk, other.products, revision=1, by=minji.owner, now=NOW)
    chosen = {"pledge": [other.papers["stock_list"]]}
    with pytest.raises(StrangerError):
        actions.choose_papers(row.pk, chosen, revision=1, by=minji.owner, now=NOW)
    second = world.product(minji.party, minji.owner, "참기름")
    wanted = [second.pk, *minji.products]
    actions.choose_products(row.pk, [*wanted, second.pk], revision=1, by=minji.owner, now=NOW)
    assert list(row.products.values_list("product_id", flat=True)) == wanted
    retired = world.product(minji.party, minji.owner, "옛 상품")
    type(retired).objects.filter(pk=retired.pk).update(state="retired", retired=NOW)
    with pytest.raises(StrangerError):
        actions.choose_products(row.pk, [retired.pk], revision=2, by=minji.owner, now=NOW)


def test_papers_of_one_document_leave_those_of_others_alone(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    stock, event = minji.papers["stock_list"], minji.papers["event_offer"]
    actions.choose_papers(row.pk, {"stock_list": [stock]}, revision=1, by=minji.owner, now=NOW)
    actions.choose_papers(row.pk, {"event_offer": [event]}, revision=1, by=minji.owner, now=NOW)
    assert set(row.papers.values_list("code", "paper_id")) == {("stock_list", stock), ("event_offer", event)}
    with pytest.raises(StaleError):
        actions.choose_papers(row.pk, {"stock_list": []}, revision=1, by=minji.owner, now=NOW)


def test_a_track_must_be_one_of_the_round(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    actions.choose_track(row.pk, "detail_page", revision=1, by=minji.owner, now=NOW)
    with pytest.raises(WrongTrackError):
        actions.choose_track(row.pk, "rooftop", revision=2, by=minji.owner, now=NOW)
    assert Application.objects.get(pk=row.pk).track == "detail_page"


def test_what_was_handed_in_is_not_written_on(notice: EditionVersion, minji: Shop) -> None:
    row = world.handed_in(minji, notice)
    for act in (
        lambda: save(row, minji, {"why": "나중에"}, row.revision),
        lambda: actions.choose_products(row.pk, [], revision=row.revision, by=minji.owner, now=NOW),
        lambda: actions.discard(row.pk, by=minji.owner),
    ):
        with pytest.raises(WrongStateError):
            act()


def test_a_draft_that_nobody_wants_is_thrown_away(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    actions.discard(row.pk, by=minji.owner)
    assert not Application.objects.exists()


def test_saving_takes_four_statements_however_much_is_there(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)

    def statements(values: dict[str, object], revision: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            save(row, minji, values, revision)
        return len([one for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    assert statements({"a": "1"}, 1) == statements({f"q{number}": "x" for number in range(30)}, 2) == 3


def test_a_second_application_in_one_round_needs_a_correction(notice: EditionVersion, minji: Shop) -> None:
    world.handed_in(minji, notice)
    with pytest.raises(AlreadyAppliedError):
        world.draft(minji, notice)
    assert world.draft(minji, notice, "2-1").programme == "2-1"


@pytest.mark.parametrize(
    ("selected", "again"),
    [(True, False), (False, True)],
    ids=["selected once a year", "refused, so again in a later round"],
)
def test_whether_one_may_apply_again_is_what_the_notice_says(
    notice: EditionVersion, minji: Shop, monkeypatch: pytest.MonkeyPatch, *, selected: bool, again: bool
) -> None:
    def outcomes(parties: list[object], call: object) -> dict[object, list[seams.Outcome]]:
        assert call.round_id == "2021/3-1/R2"
        return {party: [seams.Outcome("R1", selected)] for party in parties}

    monkeypatch.setattr(seams._Filled, "outcomes", staticmethod(outcomes))
    day = OPENS.replace(month=4, day=12)
    if again:
        assert world.draft(minji, notice, round_code="R2", day=day).round_code == "R2"
    else:
        with pytest.raises(NotAgainError, match="한 해에 한 번"):
            world.draft(minji, notice, round_code="R2", day=day)
        (opening,) = [actions.Opening(Party.objects.get(pk=minji.party.pk), minji.owner.pk)]
        (row,) = actions.open_drafts([opening], notice, "3-1", "R2", now=noon(day), today=day, again=False)
        assert row.state == "draft"
