"""박담당 decides at the desk: by the rules, by facts, in batches, and never about her own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import world as applicants
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, noon
from panro.intake import actions as intake
from panro.intake.actions import Answered, Asked
from panro.intake.calls import call_of
from panro.intake.models import ItemKind
from panro.record.models import Entry, Payload
from panro.rules.eligibility import keys
from panro.rules.findings import Moment
from panro.screening import actions, queries
from panro.screening.actions import Override, Verdict
from panro.screening.errors import NotYetError, ReasonMissingError, RefusedError, SettledError, UndecidedError
from panro.screening.models import Asking, Case, CaseAnswer, CaseDecision, Review
from panro.screening.refusals import Why
from panro.screening.words import asked as words_asked
from panro.staff.access import roles
from panro.staff.states import Role
from screening.world import MOMENTS, REVIEW_ON, again, asked, at_the_desk, clean, frozen, hire

if TYPE_CHECKING:
    from intake.world import Shop
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from panro.screening.actions import Outcome

LATER = noon(REVIEW_ON)
STOCK = Asked(ItemKind.DOCUMENT, "stock_list", "재고 표의 글자가 보이지 않습니다.")


def decide(officer: User, *cases: Case, dry_run: bool = False) -> Outcome:
    return actions.decide(actions.as_the_rules_say(cases), by=officer, now=LATER, today=REVIEW_ON, dry_run=dry_run)


def whys(outcome: Outcome) -> list[Why]:
    return [one.why for one in outcome.refused]


def statements(queries_seen: CaptureQueriesContext) -> int:
    return len([one for one in queries_seen if "SAVEPOINT" not in one["sql"]])


def test_what_was_handed_in_comes_to_the_desk_once(notice: EditionVersion, minji: Shop, junho: Shop) -> None:
    (first,) = at_the_desk(notice, minji)
    assert (first.state, first.name, first.region, first.received_on) == ("waiting", "미래상회", "11", OPENS)
    assert first.receipt_no == "2021-3-1-R1-000001"
    second = applicants.handed_in(junho, notice)
    draft = applicants.draft(applicants.shop("숲공방"), notice)
    assert actions.take_in([first.pk, second.pk, draft.pk], now=noon(OPENS)) == 1
    assert set(Case.objects.values_list("name", flat=True)) == {"미래상회", "바다식품"}
    public = [json.loads(one.document)["public"] for one in Entry.objects.filter(act="cases_taken_in")]
    assert public == [{"count": 1}, {"count": 1}]


def test_the_answers_of_the_rules_are_kept_with_fact_source_and_clause(
    notice: EditionVersion, minji: Shop, park: User
) -> None:
    (case,) = at_the_desk(notice, minji)
    (case,) = asked(park, case)
    assert (case.says, case.says_reason, case.risk) == ("eligible", "", 1)
    row = CaseAnswer.objects.get(asking__case=case, asking__moment="closing", rule="open_for_business")
    assert (row.answer, row.reason) == ("yes", "open_for_business")
    assert row.facts == [
        {"key": "operating", "value": {"status": "open", "ended_on": None}, "as_of": "2021-04-09", "source": "nts"}
    ]
    assert row.clause_ko
    assert row.message_ko == "영업하고 있습니다."


@pytest.mark.parametrize(("moment", "day"), [(Moment.CLOSING, CLOSES), (Moment.SELECTION, CLOSES)])
def test_a_moment_is_asked_from_its_day_on(
    notice: EditionVersion, minji: Shop, park: User, moment: Moment, day: object
) -> None:
    (case,) = at_the_desk(notice, minji)
    before = CLOSES - timedelta(days=1)
    with pytest.raises(NotYetError, match="2021-04-09"):
        actions.assess([case.pk], moment, by=park, now=noon(before), today=before)
    assert actions.assess([case.pk], moment, by=park, now=noon(CLOSES), today=CLOSES) == [case.pk]
    assert Asking.objects.get(case=case).on == day


def test_a_dry_run_names_exactly_who_and_writes_nothing(
    notice: EditionVersion, minji: Shop, junho: Shop, park: User
) -> None:
    first, second, third = at_the_desk(notice, minji, junho, applicants.shop("숲공방", "정숲"))
    first, second = asked(park, first, second)
    entries = Entry.objects.count()
    shown = decide(park, first, second, third, dry_run=True)
    assert [(one.name, one.requirement) for one in shown.decided] == [("미래상회", "eligible"), ("바다식품", "lapsed")]
    assert [(one.name, one.why) for one in shown.refused] == [("숲공방", Why.NOT_ASKED)]
    assert (Entry.objects.count(), CaseDecision.objects.count()) == (entries, 0)
    assert decide(park, first, second, third) == shown
    assert [case.state for case in again(first, second, third)] == ["eligible", "lapsed", "waiting"]
    said = CaseDecision.objects.get(case=second)
    assert said.reason == second.says_reason
    assert said.clause == second.says_clause
    assert Entry.objects.filter(act="case_decided").count() == 2


def test_a_case_that_changed_in_between_is_left_out_alone(
    notice: EditionVersion, minji: Shop, junho: Shop, park: User, choi: User
) -> None:
    first, second = asked(park, *at_the_desk(notice, minji, junho))
    actions.claim([first.pk], by=choi, now=LATER)
    outcome = decide(park, first, second)
    assert (whys(outcome), [one.name for one in outcome.decided]) == ([Why.STALE], ["바다식품"])
    assert [case.state for case in again(first, second)] == ["waiting", "lapsed"]


def test_nobody_decides_against_the_rules_but_a_wrong_fact_is_put_right(
    notice: EditionVersion, minji: Shop, park: User
) -> None:
    applicants.know(minji, keys.UNFAIR_PRACTICE, ["2021-02-01"], OPENS, "ftc")
    (case,) = asked(park, *at_the_desk(notice, minji))
    assert (case.says, case.says_reason, case.risk) == ("ineligible", "unfair_practice", 3)
    verdict = Verdict(case.pk, case.revision, "eligible")
    assert whys(actions.decide([verdict], by=park, now=LATER, today=REVIEW_ON)) == [Why.RULES_DIFFER]
    stated = Override(case.pk, case.revision, keys.UNFAIR_PRACTICE, [], OPENS, "공정위가 처분을 취소했습니다.")
    with pytest.raises(ReasonMissingError):
        actions.override_fact(
            Override(case.pk, case.revision, keys.UNFAIR_PRACTICE, [], OPENS, " "), by=park, now=LATER, today=REVIEW_ON
        )
    actions.override_fact(stated, by=park, now=LATER, today=REVIEW_ON)
    with pytest.raises(RefusedError):
        actions.override_fact(stated, by=park, now=LATER, today=REVIEW_ON)
    (case,) = asked(park, case)
    assert case.says == "eligible"
    used = CaseAnswer.objects.get(asking__case=case, asking__moment="closing", rule="no_unfair_practice").facts
    assert [(one["source"], one["value"]) for one in used] == [("officer", [])]
    assert [one.requirement for one in decide(park, case).decided] == ["eligible"]
    told = Payload.objects.get(entry__act="fact_overridden")
    assert json.loads(told.body)["reason"] == "공정위가 처분을 취소했습니다."


def test_what_is_not_known_lapses_once_the_time_for_supplements_is_over(
    notice: EditionVersion, junho: Shop, park: User
) -> None:
    (case,) = asked(park, *at_the_desk(notice, junho), day=SUPPLEMENT_UNTIL)
    verdicts = actions.as_the_rules_say([case])
    early = actions.decide(verdicts, by=park, now=noon(SUPPLEMENT_UNTIL), today=SUPPLEMENT_UNTIL)
    assert whys(early) == [Why.TOO_EARLY]
    assert [one.requirement for one in decide(park, case).decided] == ["lapsed"]


def test_who_is_asked_is_not_decided_until_it_answers(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = at_the_desk(notice, minji)
    day, due = OPENS + timedelta(days=2), OPENS + timedelta(days=9)
    sent = actions.ask([case.pk], [STOCK], due=due, by=park, now=noon(day), today=day)
    assert (sent.asked, sent.refused) == ((case.pk,), ())
    (case,) = again(case)
    assert (case.state, case.due) == ("asked", due)
    assert whys(decide(park, case)) == [Why.WAITS]
    twice = actions.ask([case.pk], [STOCK], due=due, by=park, now=noon(day), today=day)
    assert [one.why for one in twice.refused] == [Why.WAITS]
    assert actions.follow(now=noon(day), today=day) == 0
    (supplement,) = applicants.Application.objects.get(pk=case.pk).supplements.all()
    paper = applicants.paper_of(minji.party, minji.owner, "stock_list", day, number="새 번호")
    paper.save()
    answer = [Answered(ItemKind.DOCUMENT, "stock_list", paper=paper.pk)]
    intake.answer_supplement(supplement.pk, answer, by=minji.owner, now=noon(day), today=day)
    assert actions.follow(now=noon(day), today=day) == 1
    (case,) = again(case)
    assert (case.state, case.due) == ("waiting", None)
    asked(park, case)
    assert Asking.objects.get(case=case, moment="closing").papers_until == day


def test_who_withdraws_is_out_with_what_was_known(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = at_the_desk(notice, minji)
    intake.withdraw(case.pk, by=minji.owner, now=noon(OPENS), today=OPENS)
    assert whys(decide(park, case)) == [Why.WITHDRAWN]
    assert [actions.follow(now=noon(OPENS), today=OPENS) for _twice in range(2)] == [1, 0]
    (case,) = again(case)
    said = CaseDecision.objects.get(case=case)
    assert (case.state, said.requirement, said.reason) == ("withdrawn", "withdrawn", "withdrawn")
    assert [one["moment"] for one in json.loads(said.facts)["moments"]] == ["application"]
    assert [one.why for one in actions.reopen([case.pk], reason="왜", by=park, now=LATER)] == [Why.WITHDRAWN]


def test_a_decision_is_reopened_with_a_reason_until_the_review_is_settled(
    notice: EditionVersion, minji: Shop, park: User, choi: User
) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    decide(park, case)
    assert whys(decide(choi, case)) == [Why.DECIDED]
    with pytest.raises(ReasonMissingError):
        actions.reopen([case.pk], reason=" ", by=choi, now=LATER)
    assert actions.reopen([case.pk], reason="서류를 다시 봅니다.", by=choi, now=LATER) == []
    (case,) = again(case)
    first = CaseDecision.objects.get(case=case)
    assert (case.state, first.undone_by, first.undone_why) == ("waiting", str(choi.pk), "서류를 다시 봅니다.")
    with pytest.raises(UndecidedError):
        actions.settle(notice, "3-1", "R1", by=choi, now=LATER)
    decide(park, case)
    with pytest.raises(UndecidedError):  # the intake is not frozen yet
        actions.settle(notice, "3-1", "R1", by=choi, now=LATER)
    frozen(notice)
    for _twice in range(2):
        assert actions.settle(notice, "3-1", "R1", by=choi, now=LATER).settled_at == LATER
    assert [one.why for one in actions.reopen([case.pk], reason="한 번 더", by=choi, now=LATER)] == [Why.SETTLED]
    assert Entry.objects.filter(act="review_settled").count() == 1
    (decided,) = queries.decided(notice, "3-1", "R1")
    assert (decided.requirement, decided.region, decided.payload["name"]) == ("eligible", "11", "미래상회")


def test_who_has_no_role_at_the_desk_decides_nothing(
    notice: EditionVersion, minji: Shop, park: User, noh: User
) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    acts = [
        lambda: decide(noh, case),
        lambda: decide(minji.owner, case),
        lambda: actions.reopen([case.pk], reason="왜", by=noh, now=LATER),
        lambda: actions.claim([case.pk], by=noh, now=LATER),
        lambda: actions.assess([case.pk], MOMENTS[0], by=noh, now=LATER, today=REVIEW_ON),
        lambda: actions.ask([case.pk], [STOCK], due=SUPPLEMENT_UNTIL, by=noh, now=LATER, today=REVIEW_ON),
        lambda: actions.settle(notice, "3-1", "R1", by=noh, now=LATER),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_a_batch_takes_as_many_statements_as_one(notice: EditionVersion, park: User) -> None:
    shops = [applicants.shop(name) for name in ("미래상회", "바다식품", "숲공방", "들녘농원")]
    for who in shops:
        clean(who)
    cases = at_the_desk(notice, *shops)
    assert roles(park)  # both are read once
    assert call_of(notice, "3-1", "R1")
    taken = []
    for some in (cases[:1], cases[1:]):
        seen = []
        for moment in MOMENTS:
            with CaptureQueriesContext(connection) as asking:
                actions.assess([case.pk for case in some], moment, by=park, now=LATER, today=REVIEW_ON)
            seen.append(statements(asking))
        verdicts = actions.as_the_rules_say(again(*some))
        for dry_run in (True, False):
            with CaptureQueriesContext(connection) as deciding:
                outcome = actions.decide(verdicts, by=park, now=LATER, today=REVIEW_ON, dry_run=dry_run)
            seen.append(statements(deciding))
        assert len(outcome.decided) == len(some)
        with CaptureQueriesContext(connection) as opening:
            actions.reopen([case.pk for case in some], reason="다시", by=park, now=LATER)
        taken.append([*seen, statements(opening)])
    assert taken[0] == taken[1]


def test_decided_reads_a_round_in_two_queries(notice: EditionVersion, minji: Shop, junho: Shop, park: User) -> None:
    cases = asked(park, *at_the_desk(notice, minji, junho, applicants.shop("숲공방", "정숲")))
    frozen(notice)
    with pytest.raises(UndecidedError):
        queries.decided(notice, "3-1", "R1")
    decide(park, *cases)
    with CaptureQueriesContext(connection) as seen:
        found = queries.decided(notice, "3-1", "R1")
    assert statements(seen) == 2
    assert sorted(one.payload["name"] for one in found) == ["미래상회", "바다식품", "숲공방"]


def test_nothing_comes_to_a_settled_desk(notice: EditionVersion, minji: Shop, junho: Shop, park: User) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    late = applicants.handed_in(junho, notice)
    decide(park, case)
    frozen(notice)
    with pytest.raises(UndecidedError) as left:
        actions.settle(notice, "3-1", "R1", by=park, now=LATER)
    assert left.value.count == 1
    Review.objects.update(settled_at=LATER)
    with pytest.raises(SettledError):
        actions.take_in([late.pk], now=LATER)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("미래", {"미래상회"}),
        ("래상", {"미래상회"}),
        ("미", {"미래상회"}),
        ("식품", {"바다식품"}),
        ("상회 미래", {"미래상회"}),
        ("미래식품", set()),
        ("2021-3-1-R1-000002", {"바다식품"}),
        ("이준호", {"바다식품"}),
        ("!!", set()),
        ("' | 'x", set()),
    ],
)
def test_cases_are_found_by_pieces_of_names(
    notice: EditionVersion, minji: Shop, junho: Shop, words: str, found: set[str]
) -> None:
    at_the_desk(notice, minji, junho)
    assert {case.name for case in queries.queue(queries.Narrowed(words=words)).rows} == found


def test_numbers_are_found_with_and_without_hyphens(notice: EditionVersion, minji: Shop) -> None:
    (case,) = at_the_desk(notice, minji)
    number = minji.party.business.business_number
    for words in (number, f"{number[:3]}-{number[3:5]}-{number[5:]}", number[:6]):
        assert [one.pk for one in queries.queue(queries.Narrowed(words=words)).rows] == [case.pk]
    assert words_asked("124-81-00998") == "'1248100998':*"


def test_a_colleague_without_conflicts_is_free_to_judge(notice: EditionVersion, minji: Shop) -> None:
    (case,) = at_the_desk(notice, minji)
    assert actions.claim([case.pk], by=hire("한담당", Role.OFFICER), now=LATER) == []
