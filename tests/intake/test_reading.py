"""What 김민지 reads about her applications, and what nobody else does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world
from intake.world import CLOSES, OPENS, RESULTS_ON, Shop, noon
from panro.accounts.models import User
from panro.editions.models import EditionVersion
from panro.intake import access, actions, lines, queries
from panro.intake.actions import Answered, Asked
from panro.intake.calls import call_of
from panro.intake.models import Application, ItemKind
from panro.korea.text import Text
from panro.parties.access import Right
from panro.parties.models import Membership
from panro.parties.states import Role

AFTER = CLOSES + timedelta(days=1)


def member(who: Shop, name: str, role: Role) -> User:
    user = world.someone(name)
    Membership.objects.create(user=user, party=who.party, role=role, since=noon(OPENS))
    return user


def test_a_timeline_tells_the_whole_story_in_plain_words(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.filled(minji, notice)
    world.hand_in(row, minji, OPENS, noon(OPENS) + timedelta(minutes=20))
    day = OPENS + timedelta(days=2)
    asked = actions.ask_supplement(
        row.pk,
        [Asked(ItemKind.QUESTION, "why", "이유를 더 적어 주세요.")],
        due=CLOSES,
        by=officer,
        now=noon(day),
        today=day,
    )
    why = [Answered(ItemKind.QUESTION, "why", value="이유")]
    answered = day + timedelta(days=1)
    actions.answer_supplement(asked.pk, why, by=minji.owner, now=noon(answered), today=answered)
    actions.freeze_pool(notice, "3-1", "R1", by="system:freezer", now=noon(AFTER), today=AFTER)
    told = queries.timeline(row)
    assert [(one.when, one.what.ko, one.who.ko) for one in told] == [
        (noon(OPENS), "신청서를 쓰기 시작했습니다.", "김민지"),
        (noon(OPENS) + timedelta(minutes=20), "신청서를 제출하고 접수증을 받았습니다.", "김민지"),
        (noon(day), "보완할 것 1가지를 요청했습니다.", "담당자"),
        (noon(answered), "요청한 것을 모두 보완했습니다.", "신청자"),
        (noon(AFTER), "접수가 끝나 신청 1건의 명단이 확정되었습니다. 요건검토로 넘어갑니다.", "운영기관"),
    ]
    assert [one.detail for one in told[1:3]] == ["2021-3-1-R1-000001", "이유를 더 적어 주세요."]
    assert told[2].due == CLOSES


def test_a_missed_draft_says_so_and_more_time_too(notice: EditionVersion, minji: Shop, officer: User) -> None:
    row = world.draft(minji, notice)
    actions.close_missed(AFTER, now=noon(AFTER))
    assert [one.what.en for one in queries.timeline(row)] == [
        "The application was begun.",
        "The intake ended before it was handed in.",
    ]
    actions.extend(
        minji.party, notice, "3-1", "R1", until=AFTER, reason="수해", by=officer, now=noon(AFTER), today=AFTER
    )
    assert [(one.what.en, one.detail) for one in queries.timeline(row)] == [
        ("The application was begun.", ""),
        ("The last day was put off to 2021-04-10.", "수해"),
    ]


def test_a_corrected_application_points_to_the_one_in_its_place(notice: EditionVersion, minji: Shop) -> None:
    first = world.handed_in(minji, notice)
    later = actions.open_draft(
        minji.party, notice, "3-1", "R1", by=minji.owner, now=noon(AFTER), today=CLOSES, correcting=True
    )
    world.hand_in(later, minji, CLOSES)
    assert queries.timeline(first)[-1].what.ko == "고쳐 쓴 신청서가 이 신청을 대신합니다."
    assert [row.pk for row in queries.applications_of(minji.party)] == [later.pk]


def test_a_stranger_does_not_learn_that_an_application_exists(notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice)
    assert queries.held(world.shop("옆가게", "이웃").owner, row.pk) is None
    assert queries.held(minji.owner, minji.party.pk) is None


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.OWNER, {Right.VIEW, Right.EDIT, Right.SUBMIT, Right.MANAGE}),
        (Role.MANAGER, {Right.VIEW, Right.EDIT, Right.SUBMIT}),
        (Role.STAFF, {Right.VIEW, Right.EDIT}),
    ],
)
def test_who_belongs_to_the_applicant_may_what_the_role_says(
    notice: EditionVersion, minji: Shop, role: Role, rights: set[Right]
) -> None:
    row = world.draft(minji, notice)
    held = queries.held(member(minji, "이직원", role), row.pk)
    assert held is not None
    assert {right for right in Right if held.may(right)} == rights
    assert (access.may_write(held), access.may_hand_in(held)) == (True, Right.SUBMIT in rights)


def test_what_may_be_done_follows_the_state_and_the_day(notice: EditionVersion, minji: Shop, officer: User) -> None:
    call = call_of(notice, "3-1", "R1")
    row = world.handed_in(minji, notice)

    def may(day: object) -> tuple[bool, ...]:
        held = queries.held(minji.owner, row.pk)
        assert held is not None
        return (
            access.may_write(held),
            access.may_hand_in(held),
            access.may_correct(held, call, day),
            access.may_withdraw(held, call, day),
            access.may_answer(held),
        )

    assert may(CLOSES) == (False, False, True, True, False)
    assert may(AFTER) == (False, False, False, True, False)
    assert may(RESULTS_ON) == (False, False, False, False, False)
    asked = [Asked(ItemKind.QUESTION, "why", "이유")]
    actions.ask_supplement(row.pk, asked, due=CLOSES, by=officer, now=noon(OPENS), today=OPENS)
    assert may(CLOSES) == (False, False, True, True, True)


def test_lists_take_as_many_statements_for_three_as_for_one(notice: EditionVersion, officer: User) -> None:
    few, many = world.shop("미래상회"), world.shop("바다식품", "정바다")
    asked = [Asked(ItemKind.QUESTION, "why", "이유"), Asked(ItemKind.QUESTION, "how", "방법")]
    for who, programmes in ((few, ["3-1"]), (many, ["3-1", "2-1", "4-2"])):
        for programme in programmes:
            row = world.handed_in(who, notice, programme=programme)
            actions.ask_supplement(row.pk, asked, due=OPENS, by=officer, now=noon(OPENS), today=OPENS)

    def statements(who: Shop) -> list[int]:
        counts = []
        for read in (
            lambda: [row.receipt.receipt_no for row in queries.applications_of(who.party)],
            lambda: [row.party.name for row in queries.page_of(who.owner).rows],
            lambda: [[item.why for item in one.items.all()] for one in queries.open_supplements([who.party.pk])],
            lambda: queries.timeline(Application.objects.filter(party=who.party).earliest("created")),
        ):
            with CaptureQueriesContext(connection) as seen:
                assert read()
            counts.append(len(seen))
        return counts

    assert statements(few) == statements(many)


def test_papers_handed_in_must_stay_until_that_is_settled(notice: EditionVersion, minji: Shop) -> None:
    row, paper = world.filled(minji, notice), minji.papers["stock_list"]
    assert queries.resting_on([paper]) == set()
    world.hand_in(row, minji)
    assert queries.resting_on([paper, minji.papers["articles"]]) == {paper}
    actions.withdraw(row.pk, by=minji.owner, now=noon(OPENS), today=OPENS)
    assert queries.resting_on([paper]) == set()


def test_the_own_line_of_a_dossier_comes_from_whoever_knows_it(
    notice: EditionVersion, minji: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_lookups", [])
    row = world.handed_in(minji, notice)
    assert lines.of(row) is None
    mine = lines.Line(7, Text("선정", "Selected"), Text("점수 순", "by score"))
    lines.register(lambda application: mine if application.pk == row.pk else None)
    assert lines.of(row) == mine
