"""What officers may not judge, and the register of sanctions."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from intake import world as applicants
from intake.world import CLOSES, OPENS, SUPPLEMENT_UNTIL, noon
from panro.intake.actions import Asked
from panro.intake.models import ItemKind
from panro.parties.addresses import address_digest
from panro.parties.models import Business, Membership
from panro.parties.states import Role as PartyRole
from panro.record.models import Entry
from panro.rules.eligibility import keys
from panro.screening import actions
from panro.screening.access import conflicts
from panro.screening.actions import ConflictGiven, Override, SanctionGiven
from panro.screening.errors import AlreadyThereError, DaysError, ReasonMissingError, RefusedError
from panro.screening.models import Asking, Case, CaseAnswer, CaseDecision, Sanction, StaffConflict
from panro.screening.refusals import Why
from panro.screening.states import TRANSITIONS, CaseState, ConflictKind
from panro.vault.models import StoredFact
from panro.vault.queries import facts
from screening.world import REVIEW_ON, again, asked, at_the_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from intake.world import Shop
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

LATER = noon(REVIEW_ON)
STOCK = Asked(ItemKind.DOCUMENT, "stock_list", "다시 내 주세요.")
HOME = "서울특별시 종로구 1"


def own_business(officer: User, who: Shop) -> None:
    Membership.objects.create(user=officer, party=who.party, role=PartyRole.MANAGER, since=noon(OPENS))


def relative(officer: User, who: Shop) -> None:
    given = ConflictGiven(ConflictKind.RELATIVE, business_number=who.party.business.business_number, note="동생")
    actions.declare_conflict(given, user=officer, by=officer, now=noon(OPENS))


def same_address(officer: User, _who: Shop) -> None:
    given = ConflictGiven(ConflictKind.SAME_ADDRESS, address=" 서울특별시  종로구, 1 ")
    actions.declare_conflict(given, user=officer, by=officer, now=noon(OPENS))


@pytest.mark.parametrize(
    ("declare", "why"),
    [
        (own_business, Why.OWN_BUSINESS),
        (relative, Why.RELATIVE),
        (same_address, Why.SAME_ADDRESS),
    ],
)
def test_an_officer_judges_nobody_near_and_every_attempt_is_recorded(
    notice: EditionVersion, minji: Shop, junho: Shop, park: User, choi: User, *, declare: Callable[..., None], why: Why
) -> None:
    declare(park, minji)
    Business.objects.exclude(party=minji.party).update(address="부산광역시 중구 2")
    near, far = asked(choi, *at_the_desk(notice, minji, junho))
    verdicts = actions.as_the_rules_say([near, far])
    shown = actions.decide(verdicts, by=park, now=LATER, today=REVIEW_ON, dry_run=True)
    assert not Entry.objects.filter(act="screening_refused").exists()
    outcome = actions.decide(verdicts, by=park, now=LATER, today=REVIEW_ON)
    assert shown == outcome
    assert [(one.name, one.why) for one in outcome.refused] == [("미래상회", why)]
    assert [one.name for one in outcome.decided] == ["바다식품"]
    asked_for = actions.ask([near.pk], [STOCK], due=SUPPLEMENT_UNTIL, by=park, now=noon(OPENS), today=OPENS)
    assert [one.why for one in asked_for.refused] == [why]
    assert [one.why for one in actions.claim([near.pk], by=park, now=LATER)] == [why]
    stated = Override(near.pk, near.revision, keys.REGION, "26", OPENS, "이사")
    with pytest.raises(RefusedError):
        actions.override_fact(stated, by=park, now=LATER, today=REVIEW_ON)
    with pytest.raises(RefusedError):
        actions.extend(near.pk, until=SUPPLEMENT_UNTIL, reason="입원", by=park, now=noon(OPENS), today=OPENS)
    (near,) = again(near)
    assert near.state == "waiting"
    said = [json.loads(one.document) for one in Entry.objects.filter(act="screening_refused").order_by("number")]
    assert [(one["public"]["act"], one["public"]["why"]) for one in said] == [
        (act, why.value) for act in ("decide", "ask", "claim", "override_fact", "extend")
    ]
    assert {(one["actor"], one["subject"]) for one in said} == {(str(park.pk), f"application:{near.pk}")}
    outcome = actions.decide(actions.as_the_rules_say([near]), by=choi, now=LATER, today=REVIEW_ON)
    assert [one.name for one in outcome.decided] == ["미래상회"]


def test_conflicts_are_seen_in_two_queries(notice: EditionVersion, minji: Shop, junho: Shop, park: User) -> None:
    relative(park, minji)
    cases = at_the_desk(notice, minji, junho, applicants.shop("숲공방", "정숲"))
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as seen:
            assert set(conflicts(park, some)) == {cases[0].pk}
        assert len(seen) == 2


def test_only_a_chief_ends_a_conflict_and_never_an_own_one(minji: Shop, park: User, choi: User) -> None:
    relative(park, minji)
    relative(choi, minji)
    of_park, of_choi = (StaffConflict.objects.get(user=user) for user in (park, choi))
    for row, by in ((of_park, park), (of_choi, choi)):
        with pytest.raises(PermissionDenied):
            actions.end_conflict(row.pk, reason="끝났습니다.", by=by, now=LATER)
    assert actions.end_conflict(of_park.pk, reason="끝났습니다.", by=choi, now=LATER).ended_at == LATER
    with pytest.raises(AlreadyThereError):
        actions.end_conflict(of_park.pk, reason="끝났습니다.", by=choi, now=LATER)
    with pytest.raises(AlreadyThereError):
        relative(choi, minji)
    with pytest.raises(ReasonMissingError):
        actions.declare_conflict(ConflictGiven(ConflictKind.SAME_ADDRESS), user=park, by=park, now=LATER)
    other = ConflictGiven(ConflictKind.SAME_ADDRESS, address=HOME)
    with pytest.raises(PermissionDenied):
        actions.declare_conflict(other, user=choi, by=park, now=LATER)
    assert actions.declare_conflict(other, user=park, by=choi, now=LATER).declared_by == choi


def test_addresses_are_compared_however_they_are_spaced() -> None:
    assert address_digest("서울특별시 종로구 1") == address_digest("서울특별시종로구1")
    assert address_digest("서울특별시 종로구 1") != address_digest("서울특별시 종로구 11")
    assert address_digest(" , ") == ""


def given(who: Shop, since: date, until: date) -> SanctionGiven:
    number = who.party.business.business_number
    return SanctionGiven(number, who.party.name, since, until, "허위 서류", "제재심의 2021-3호")


@pytest.mark.parametrize(
    ("until", "says", "reason"),
    [
        (REVIEW_ON, "ineligible", "sanctioned"),
        (OPENS, "ineligible", "sanctioned"),
        (OPENS - timedelta(days=1), "eligible", ""),
    ],
)
def test_a_sanction_speaks_against_a_case_through_its_last_day(
    notice: EditionVersion, minji: Shop, park: User, *, until: date, says: str, reason: str
) -> None:
    actions.impose(given(minji, OPENS - timedelta(days=30), until), by=park, now=noon(OPENS))
    (case,) = asked(park, *at_the_desk(notice, minji))
    assert (case.says, case.says_reason) == (says, reason)


def test_the_vault_hears_of_a_sanction_at_once_and_of_its_end(minji: Shop, junho: Shop, choi: User) -> None:
    made = actions.impose(given(minji, OPENS, CLOSES), by=choi, now=noon(OPENS))
    both = [minji.party.pk, junho.party.pk]
    told = facts(both, papers_until=CLOSES, wanted=[keys.SANCTIONS])
    assert told[minji.party.pk][keys.SANCTIONS].value == [
        {"from": OPENS.isoformat(), "to": CLOSES.isoformat(), "reason": "허위 서류"}
    ]
    assert told[minji.party.pk][keys.SANCTIONS].source == "sanctions_register"
    assert keys.SANCTIONS not in told[junho.party.pk]
    actions.lift(made.pk, reason="취소 결정", by=choi, now=LATER)
    assert facts(both, papers_until=CLOSES)[minji.party.pk][keys.SANCTIONS].value == []
    with pytest.raises(AlreadyThereError):
        actions.lift(made.pk, reason="취소 결정", by=choi, now=LATER)


def test_looking_the_register_up_is_told_to_the_vault(notice: EditionVersion, junho: Shop, park: User) -> None:
    asked(park, *at_the_desk(notice, junho))
    rows = StoredFact.objects.filter(party=junho.party, key=keys.SANCTIONS).order_by("as_of")
    assert [(one.as_of, one.value, one.source, one.looked_up) for one in rows] == [
        (day, [], "sanctions_register", True) for day in (OPENS, CLOSES, REVIEW_ON)
    ]


def test_a_sanction_says_whom_why_and_until_when(minji: Shop, park: User, noh: User) -> None:
    number, name = minji.party.business.business_number, minji.party.name
    with pytest.raises(PermissionDenied):
        actions.impose(given(minji, OPENS, CLOSES), by=noh, now=LATER)
    with pytest.raises(DaysError):
        actions.impose(given(minji, CLOSES, OPENS), by=park, now=LATER)
    with pytest.raises(ReasonMissingError):
        actions.impose(SanctionGiven(number, name, OPENS, CLOSES, " ", "결정"), by=park, now=LATER)
    made = actions.impose(given(minji, OPENS, OPENS), by=park, now=LATER)
    with pytest.raises(AlreadyThereError):
        actions.impose(given(minji, OPENS, OPENS), by=park, now=LATER)
    with pytest.raises(PermissionDenied):
        actions.lift(made.pk, reason="왜", by=park, now=LATER)
    assert Entry.objects.filter(act="sanction_imposed").count() == 1


def test_the_database_holds_the_same_table_of_steps(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    row = Case.objects.filter(pk=case.pk)
    allowed = set()
    for before in CaseState:
        for after in CaseState:
            if before == after:
                continue
            put(row, before)
            with suppress(DatabaseError), transaction.atomic():
                row.update(**_columns(after))
                allowed.add((before, after))
    put(row, CaseState.WAITING)
    assert allowed == {(before, after) for before, afters in TRANSITIONS.items() for after in afters}


def put(row: QuerySet[Case], state: CaseState) -> None:
    """Bring a case into a state past all triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        row.update(**_columns(state))
        cursor.execute("SET LOCAL session_replication_role = origin")


def _columns(state: CaseState) -> dict[str, object]:
    decided = state not in {CaseState.WAITING, CaseState.ASKED}
    return {
        "state": state,
        "decided_at": LATER if decided else None,
        "due": SUPPLEMENT_UNTIL if state == CaseState.ASKED else None,
    }


def test_what_a_decision_rests_on_stays_whoever_asks(notice: EditionVersion, minji: Shop, park: User) -> None:
    (case,) = asked(park, *at_the_desk(notice, minji))
    actions.decide(actions.as_the_rules_say([case]), by=park, now=LATER, today=REVIEW_ON)
    acts: list[Callable[[], object]] = [
        lambda: CaseDecision.objects.filter(case=case).update(requirement="lapsed", reason="x", clause="x"),
        lambda: CaseDecision.objects.filter(case=case).delete(),
        lambda: CaseDecision.objects.filter(case=case).update(facts="{}"),
        lambda: Asking.objects.filter(case=case).update(facts=[]),
        lambda: CaseAnswer.objects.filter(asking__case=case).update(answer="no"),
        lambda: CaseAnswer.objects.filter(asking__case=case)._raw_delete("default"),
        lambda: Case.objects.filter(pk=case.pk)._raw_delete("default"),
        lambda: Case.objects.filter(pk=case.pk).update(receipt_no="2021-3-1-R1-000009"),
        lambda: Case.objects.filter(pk=case.pk).update(decided_at=None),
    ]
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_case_is_not_decided_without_a_decision(notice: EditionVersion, minji: Shop) -> None:
    (case,) = at_the_desk(notice, minji)
    Case.objects.filter(pk=case.pk).update(state="eligible", decided_at=LATER)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="its decision says nothing"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_sanction_is_lifted_and_never_changed(minji: Shop, park: User) -> None:
    actions.impose(given(minji, OPENS, CLOSES), by=park, now=LATER)
    for act in (lambda: Sanction.objects.update(until=OPENS), lambda: Sanction.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="sanction_number_is_ten_digits"), transaction.atomic():
        actions.impose(SanctionGiven("123", "x", OPENS, CLOSES, "x", "x"), by=park, now=LATER)
