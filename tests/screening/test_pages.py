"""The pages of the desk: who may enter, what they show, what they do, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake import world as applicants
from intake.world import CLOSES, OPENS, noon
from panro.intake.models import Application, Supplement
from panro.record.models import AccessNote
from panro.rules.eligibility import keys
from panro.screening import actions, queries
from panro.screening.actions import ConflictGiven
from panro.screening.models import Case, CaseDecision, Review, Sanction, StaffConflict
from panro.screening.states import ConflictKind
from panro.screening.words import words_of
from panro.staff.states import Role
from panro.vault.access import reason_to_see
from screening.world import REVIEW_ON, again, asked, at_the_desk, hire, looked_up

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from intake.world import Shop
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

QUEUE = "/office/cases/"
PAGES = ["screening:queue", "screening:sanctions", "screening:conflicts"]


@pytest.fixture(autouse=True)
def _day(settings: Settings) -> None:
    settings.PRETENDED_DAY = REVIEW_ON


def browse(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def text(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode()


def case_page(case: Case) -> str:
    return reverse("screening:case", args=[case.pk])


@pytest.mark.parametrize("route", PAGES)
def test_who_works_at_the_desk_or_audits_it_may_enter(route: str, park: User, choi: User, noh: User) -> None:
    engineer, merchant = hire("정기술", Role.ENGINEER), applicants.someone("김민지")
    answers = [browse(user).get(reverse(route)).status_code for user in (park, choi, noh, engineer, merchant)]
    assert answers == [200, 200, 200, 403, 403]
    assert Client().get(reverse(route)).status_code == 302


def test_an_auditor_looks_and_decides_nothing(notice: EditionVersion, minji: Shop, park: User, noh: User) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    client = browse(noh)
    assert 'name="act"' not in text(client.get(case_page(case)))
    assert client.post(case_page(case), {"act": "decide", "revision": case.revision}).status_code == 403
    for route in ("screening:batch", "screening:decide"):
        assert client.post(reverse(route), {"case": str(case.pk)}).status_code == 403
    sanction = {"business_number": "1248100998", "name": "x", "since": OPENS, "until": CLOSES}
    client.post(reverse("screening:sanctions"), {**sanction, "reason": "x", "source": "x"})
    assert (CaseDecision.objects.count(), Sanction.objects.count()) == (0, 0)


def test_a_batch_is_shown_before_it_is_decided_and_then_done_exactly(
    notice: EditionVersion, minji: Shop, junho: Shop, park: User
) -> None:
    first, second = asked(park, *at_the_desk(notice, minji, junho))
    client = browse(park)
    assert "미래상회" in text(client.get(QUEUE))
    shown = text(client.post(reverse("screening:batch"), {"case": [str(first.pk), str(second.pk)]}))
    assert "Nothing is decided yet." in shown
    assert CaseDecision.objects.count() == 0
    verdicts = [f"{case.pk}:{case.revision}:{case.says}" for case in (first, second)]
    assert all(f'value="{one}"' in shown for one in verdicts)
    actions.claim([second.pk], by=park, now=noon(REVIEW_ON))
    done = text(client.post(reverse("screening:decide"), {"verdict": verdicts, "note": "일괄"}))
    assert "Somebody changed this case in between." in done
    assert [case.state for case in again(first, second)] == ["eligible", "waiting"]
    assert CaseDecision.objects.get().note == "일괄"
    every = text(client.post(reverse("screening:batch"), {"all": "1", "query": "words=바다"}))
    assert f"{second.pk}:" in every
    assert str(first.pk) not in every


def test_nobody_chosen_leads_back_with_a_word(park: User) -> None:
    answer = browse(park).post(reverse("screening:batch"), {}, follow=True)
    assert "Please choose at least one case." in text(answer)


def test_a_case_shows_answer_fact_source_and_clause_and_who_looked(
    notice: EditionVersion, minji: Shop, park: User
) -> None:
    looked_up(minji, keys.OPERATING, {"status": "closed", "ended_on": "2021-04-01"}, OPENS, "officer")
    (case,) = asked(park, *at_the_desk(notice, minji))
    shown = text(browse(park).get(case_page(case)))
    for words in (
        "미래상회",
        "The business is open.",
        "National Tax Service",
        "Sources disagree",
        "제2021-stock_list호",
    ):
        assert words in shown, words
    note = AccessNote.objects.get(party=f"party:{minji.party.pk}", what="case_opened")
    assert (note.actor, note.why) == (str(park.pk), "신청서 요건검토")
    assert reason_to_see(park, minji.party.pk) == "신청서 요건검토"


def test_one_case_is_decided_and_reopened_on_its_page(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = at_the_desk(notice, minji)
    client, page = browse(park), case_page(case)
    assert client.post(page, {"act": "assess"}).status_code == 302
    assert client.post(page, {"act": "claim"}).status_code == 302
    (case,) = again(case)
    assert (case.says, case.officer) == ("eligible", park)
    stale = text(client.post(page, {"act": "decide", "revision": case.revision - 1, "note": "확인함"}))
    assert "Somebody changed this case in between." in stale
    assert "확인함" in stale
    assert client.post(page, {"act": "decide", "revision": case.revision, "note": "확인함"}).status_code == 302
    assert again(case)[0].state == "eligible"
    assert "This field is required." in text(client.post(page, {"act": "reopen", "reason": ""}))
    assert client.post(page, {"act": "reopen", "reason": "다시 봅니다."}).status_code == 302
    assert again(case)[0].state == "waiting"
    assert client.post(page, {"act": "erase"}).status_code == 404


def test_asking_for_papers_stops_the_clock_and_a_late_day_is_refused(
    notice: EditionVersion, minji: Shop, park: User, settings: Settings
) -> None:
    settings.PRETENDED_DAY = OPENS + timedelta(days=2)
    (case,) = at_the_desk(notice, minji)
    client, page = browse(park), case_page(case)
    asking = {"act": "ask", "documents": ["stock_list"], "why": "글자가 보이지 않습니다."}
    late = text(client.post(page, {**asking, "due": "2021-04-20"}))
    assert "글자가 보이지 않습니다." in late
    assert "2021-04-19" in late
    assert client.post(page, {**asking, "due": "2021-03-30"}).status_code == 302
    assert Supplement.objects.get().due.isoformat() == "2021-03-30"
    assert again(case)[0].state == "asked"
    assert "글자가 보이지 않습니다." in text(client.get(page))


def test_an_officer_states_a_fact_and_the_rules_are_asked_again(
    notice: EditionVersion, minji: Shop, park: User
) -> None:
    applicants.know(minji, keys.UNFAIR_PRACTICE, ["2021-02-01"], OPENS, "ftc")
    (case,) = asked(park, *at_the_desk(notice, minji))
    assert case.says == "ineligible"
    said = {"act": "fact", "revision": case.revision, "what": "unfair_practice", "as_of": OPENS, "reason": "공문 확인"}
    client = browse(park)
    assert "This field is required." in text(client.post(case_page(case), {**said, "reason": ""}))
    assert client.post(case_page(case), said).status_code == 302
    assert again(case)[0].says == "eligible"
    assert "공문 확인" in text(client.get(case_page(case)))


def test_more_time_is_given_to_one_applicant(
    notice: EditionVersion, minji: Shop, park: User, settings: Settings
) -> None:
    settings.PRETENDED_DAY = OPENS + timedelta(days=2)
    (case,) = at_the_desk(notice, minji)
    client, page = browse(park), case_page(case)
    assert "2021-04-19" in text(client.post(page, {"act": "extend", "until": "2021-04-20", "reason": "입원"}))
    assert client.post(page, {"act": "extend", "until": "2021-04-12", "reason": "입원"}).status_code == 302


def test_who_is_near_does_not_even_see_the_case(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = at_the_desk(notice, minji)
    given = ConflictGiven(ConflictKind.RELATIVE, business_number=case.business_number)
    actions.declare_conflict(given, user=park, by=park, now=noon(OPENS))
    answer = browse(park).get(case_page(case))
    assert answer.status_code == 403
    assert "미래상회" not in answer.content.decode()
    assert reason_to_see(park, minji.party.pk) == ""
    assert not AccessNote.objects.filter(what="case_opened").exists()


def test_a_sanction_is_entered_and_lifted_by_a_chief(minji: Shop, park: User, choi: User) -> None:
    page, number = reverse("screening:sanctions"), minji.party.business.business_number
    said = {"name": "미래상회", "since": OPENS, "until": REVIEW_ON, "reason": "허위 서류", "source": "제3호"}
    wrong = text(browse(park).post(page, {**said, "business_number": "1234567890"}))
    assert "This is no business number" in wrong
    assert "허위 서류" in wrong
    printed = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    assert browse(park).post(page, {**said, "business_number": printed}).status_code == 302
    row = Sanction.objects.get()
    lift = reverse("screening:lift", args=[row.pk])
    assert lift not in text(browse(park).get(page))
    assert browse(park).post(lift, {"reason": "왜"}).status_code == 403
    assert lift in text(browse(choi).get(page, {"words": printed}))
    assert browse(choi).post(lift, {"reason": "취소 결정"}).status_code == 302
    assert "취소 결정" in text(browse(choi).get(page))
    assert "미래상회" not in text(browse(choi).get(page, {"words": "999"}))


def test_officers_declare_whom_they_may_not_judge(minji: Shop, park: User, choi: User) -> None:
    page = reverse("screening:conflicts")
    assert "Please fill this in." in text(browse(park).post(page, {"kind": "relative"}))
    number = minji.party.business.business_number
    assert browse(park).post(page, {"kind": "relative", "business_number": number}).status_code == 302
    assert browse(park).post(page, {"kind": "same_address", "address": "서울 종로구 1"}).status_code == 302
    one = StaffConflict.objects.get(kind="relative")
    end = reverse("screening:end_conflict", args=[one.pk])
    assert end in text(browse(choi).get(page))
    assert browse(park).get(end).status_code == 403
    assert browse(choi).post(end, {"reason": "이혼"}).status_code == 302
    assert end not in text(browse(choi).get(page))


def count_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        text(client.get(path))
    return len(seen)


def test_pages_cost_the_same_with_one_row_and_with_three(notice: EditionVersion, minji: Shop, park: User) -> None:
    client = browse(park)
    (first,) = asked(park, *at_the_desk(notice, minji))
    before = count_queries(client, QUEUE), count_queries(client, case_page(first))
    others = [applicants.shop(name) for name in ("바다식품", "숲공방")]
    asked(park, *at_the_desk(notice, *others))
    assert (count_queries(client, QUEUE), count_queries(client, case_page(first))) == before


def many(notice: EditionVersion, minji: Shop, number: int) -> None:
    """Cases of made-up applicants, written as rows."""
    row = applicants.handed_in(minji, notice)
    actions.take_in([row.pk], now=noon(OPENS))
    model = Application.objects.get(pk=row.pk)
    case = Case.objects.get(pk=row.pk)
    parties = applicants.Party.objects.bulk_create(
        applicants.Party(kind=minji.party.kind, name=f"가게 {place}", created=noon(OPENS)) for place in range(number)
    )
    rows = []
    for place, party in enumerate(parties):
        made = Application()
        for field in model._meta.concrete_fields:
            if field.name not in {"id", "party", "applicant", "state"}:
                setattr(made, field.attname, getattr(model, field.attname))
        made.party, made.applicant, made.state = party, f"made-{place}", "submitted"
        rows.append(made)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    Application.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    review = Review.objects.get()
    Case.objects.bulk_create(
        Case(
            application=one,
            review=review,
            party=one.party,
            programme=case.programme,
            round_code=case.round_code,
            applicant_type=case.applicant_type,
            name=one.party.name,
            receipt_no=f"2021-3-1-R1-{place:06d}",
            received=noon(OPENS) + timedelta(seconds=place // 3),
            received_on=OPENS,
            words=words_of(one.party.name),
        )
        for place, one in enumerate(rows, 2)
    )


@pytest.mark.parametrize("order", queries.ORDERS)
def test_two_thousand_cases_are_paged_without_losing_one(notice: EditionVersion, minji: Shop, order: str) -> None:
    many(notice, minji, 2_000)
    seen, cursor = [], None
    while True:
        with CaptureQueriesContext(connection) as cost:
            page = queries.queue(queries.Narrowed(order=order), cursor=cursor)
        assert len(cost) == 1
        seen += [case.pk for case in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 2_001
    assert [case.name for case in queries.queue(queries.Narrowed(words="가게 1234")).rows] == ["가게 1234"]


def test_a_strange_page_of_the_queue_is_not_found(park: User) -> None:
    assert browse(park).get(QUEUE, {"page": "zzz"}).status_code == 404
    assert text(browse(park).get(QUEUE, {"round": "9-9/R1", "risk": "x", "older_than": "y"}))
