from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy

from panro.record.models import Entry
from panro.staff import access, actions, acts, grants, queries
from panro.staff.models import Approval, StaffRole
from panro.staff.states import ApprovalState, Role
from staff.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.test import Client

    from panro.accounts.models import User
    from panro.proof.canonical import Json
    from staff.conftest import Hire

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """An act of some room that writes down who had it done, and refuses what is marked as changed."""
    happened: list[tuple[str, str]] = []
    monkeypatch.setattr(acts, "_acts", dict(acts._acts))

    def execute(approval: Approval, by: User, now: datetime) -> None:
        del now
        if approval.payload.get("changed"):
            raise acts.StaleError("the case has changed")
        happened.append((approval.subject, by.name))

    chief = frozenset({Role.CHIEF})
    acts.register(
        acts.Act("publish", gettext_lazy("Publish"), chief | {Role.OFFICER}, chief, lambda _: [("a", "b")], execute)
    )
    return happened


READY = actions.Proposal(act="publish", subject="round:2021/3-1/R1", payload={"root": "ab"}, why="ready")


def proposal(*, payload: Mapping[str, Json] = READY.payload, why: str = READY.why) -> actions.Proposal:
    return actions.Proposal(READY.act, READY.subject, payload, why)


class TestTwoPersons:
    def test_a_second_person_has_it_done_once(
        self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User
    ) -> None:
        approval = actions.propose(proposal(), by=officer_han, now=NOW)
        assert done == []
        decided = actions.approve(approval.pk, by=chief_yoon, now=LATER)
        assert (decided.state, done) == (ApprovalState.APPROVED, [("round:2021/3-1/R1", "yoon")])
        with pytest.raises(actions.DecidedError):
            actions.approve(approval.pk, by=chief_yoon, now=LATER)
        assert len(done) == 1
        assert list(
            Entry.objects.filter(subject="round:2021/3-1/R1").values_list("act", "actor").order_by("number")
        ) == [("approval_proposed", str(officer_han.pk)), ("approval_approved", str(chief_yoon.pk))]

    def test_nobody_approves_alone(self, done: list[tuple[str, str]], chief_yoon: User) -> None:
        approval = actions.propose(proposal(), by=chief_yoon, now=NOW)
        with pytest.raises(actions.NotTwoPersonsError):
            actions.approve(approval.pk, by=chief_yoon, now=LATER)
        with pytest.raises(actions.NotTwoPersonsError):
            actions.refuse(approval.pk, reason="no", by=chief_yoon, now=LATER)
        assert done == []
        entered = Entry.objects.filter(subject="round:2021/3-1/R1").order_by("number")
        assert list(entered.values_list("act", "actor")) == [
            ("approval_proposed", str(chief_yoon.pk)),
            ("approval_alone_refused", str(chief_yoon.pk)),
        ]

    def test_the_database_holds_it_too(self, done: list[tuple[str, str]], chief_yoon: User) -> None:
        del done
        approval = actions.propose(proposal(), by=chief_yoon, now=NOW)
        with pytest.raises(IntegrityError, match="approval_takes_two"), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(state="approved", decided_by=chief_yoon, decided_at=LATER)

    def test_who_lacks_the_role_neither_proposes_nor_approves(
        self, done: list[tuple[str, str]], officer_han: User, auditor_noh: User, hire: Hire
    ) -> None:
        with pytest.raises(PermissionDenied):
            actions.propose(proposal(), by=auditor_noh, now=NOW)
        approval = actions.propose(proposal(), by=officer_han, now=NOW)
        with pytest.raises(PermissionDenied):
            actions.approve(approval.pk, by=hire("gu", Role.OFFICER), now=LATER)
        assert done == []

    def test_what_no_longer_fits_is_not_done_and_says_so(
        self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User
    ) -> None:
        approval = actions.propose(proposal(payload={"changed": True}), by=officer_han, now=NOW)
        decided = actions.approve(approval.pk, by=chief_yoon, now=LATER)
        assert (decided.state, decided.reason, done) == (ApprovalState.FAILED, "the case has changed", [])

    def test_particulars_changed_behind_its_back_are_not_done(
        self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User
    ) -> None:
        approval = actions.propose(proposal(), by=officer_han, now=NOW)
        Approval.objects.filter(pk=approval.pk).update(payload={"root": "cd"})
        assert actions.approve(approval.pk, by=chief_yoon, now=LATER).state == ApprovalState.FAILED
        assert done == []

    def test_the_same_act_waits_once(self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User) -> None:
        del done
        first = actions.propose(proposal(), by=officer_han, now=NOW)
        with pytest.raises(actions.AlreadyProposedError):
            actions.propose(proposal(payload={"root": "cd"}), by=chief_yoon, now=NOW)
        actions.withdraw(first.pk, by=officer_han, now=LATER)
        assert actions.propose(proposal(), by=chief_yoon, now=LATER).state == ApprovalState.OPEN

    def test_only_the_proposer_withdraws(
        self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User
    ) -> None:
        del done
        approval = actions.propose(proposal(), by=officer_han, now=NOW)
        with pytest.raises(PermissionDenied):
            actions.withdraw(approval.pk, by=chief_yoon, now=LATER)

    def test_a_refusal_and_a_proposal_need_a_reason(
        self, done: list[tuple[str, str]], officer_han: User, chief_yoon: User
    ) -> None:
        del done
        with pytest.raises(actions.ReasonMissingError):
            actions.propose(proposal(why="  "), by=officer_han, now=NOW)
        approval = actions.propose(proposal(), by=officer_han, now=NOW)
        with pytest.raises(actions.ReasonMissingError):
            actions.refuse(approval.pk, reason=" ", by=chief_yoon, now=LATER)
        assert actions.refuse(approval.pk, reason="wrong root", by=chief_yoon, now=LATER).reason == "wrong root"


@pytest.mark.django_db(transaction=True)
def test_two_chiefs_at_once_have_it_done_once(
    done: list[tuple[str, str]], officer_han: User, chief_yoon: User, chief_bae: User
) -> None:
    approval = actions.propose(proposal(), by=officer_han, now=NOW)
    together, outcomes = Barrier(2), []

    def decide(chief: User) -> None:
        together.wait()
        try:
            outcomes.append(actions.approve(approval.pk, by=chief, now=LATER).state)
        except actions.DecidedError:
            outcomes.append("decided before")
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(chief,)) for chief in (chief_yoon, chief_bae)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["approved", "decided before"]
    assert len(done) == 1


class TestRoles:
    def test_a_role_is_given_by_two_and_ended_by_two(
        self, chief_yoon: User, chief_bae: User, django_user_model: type[User]
    ) -> None:
        newcomer = django_user_model.objects.create_user("sim@agency.kr", "pw", name="sim")
        particulars = {"email": "sim@agency.kr", "role": "officer"}
        for act, held in (("role_grant", {Role.OFFICER}), ("role_end", set())):
            asked = actions.Proposal(act, "role:officer:sim@agency.kr", particulars, "joins, leaves")
            approval = actions.propose(asked, by=chief_yoon, now=NOW)
            assert actions.approve(approval.pk, by=chief_bae, now=LATER).state == ApprovalState.APPROVED
            now_is = django_user_model.objects.get(pk=newcomer.pk)
            assert access.roles(now_is) == held
            assert now_is.is_staff is bool(held)
        acts_recorded = Entry.objects.filter(subject=f"account:{newcomer.pk}").order_by("number")
        assert [entry.act for entry in acts_recorded] == ["role_granted", "role_ended"]

    def test_granting_twice_is_granting_once(self, officer_han: User) -> None:
        grants.grant(officer_han.email, Role.OFFICER, granted_by=grants.BY_OPERATOR, now=LATER)
        assert StaffRole.objects.filter(user=officer_han).count() == 1

    def test_nobody_is_promoted_to_a_role_by_an_address_nobody_has(self, chief_yoon: User) -> None:
        with pytest.raises(grants.UnknownPersonError):
            grants.grant("nobody@agency.kr", Role.CHIEF, granted_by=str(chief_yoon.pk), now=NOW)


class TestPages:
    def test_a_chief_proposes_on_the_page_and_another_approves(
        self, chief_yoon: User, chief_bae: User, officer_han: User, as_user: Callable[[User], Client]
    ) -> None:
        yoon, bae = as_user(chief_yoon), as_user(chief_bae)
        said = {"email": officer_han.email, "role": "reviewer_manager", "act": "role_grant", "why": "더 맡습니다"}
        assert yoon.post("/office/roles/", said).status_code == 302
        approval = Approval.objects.get()
        page = bae.get("/office/approvals/").content.decode()
        assert str(approval.pk) in page
        assert queries.waiting_for(chief_bae) == 1
        assert queries.waiting_for(chief_yoon) == 0
        assert yoon.post(f"/office/approvals/{approval.pk}/approve/").status_code == 302
        assert Approval.objects.get().state == ApprovalState.OPEN
        bae.post(f"/office/approvals/{approval.pk}/approve/")
        assert Approval.objects.get().state == ApprovalState.APPROVED
        assert StaffRole.objects.filter(user=officer_han, ended_at=None).count() == 2

    def test_what_was_typed_stays_when_something_is_wrong(
        self, chief_yoon: User, as_user: Callable[[User], Client]
    ) -> None:
        said = {"email": "no address", "role": "officer", "act": "role_grant", "why": "새로 왔습니다"}
        page = as_user(chief_yoon).post("/office/roles/", said)
        assert list(page.context["form"].errors) == ["email"]
        assert "새로 왔습니다" in page.content.decode()

    def test_a_refusal_on_the_page_asks_why(
        self, chief_yoon: User, chief_bae: User, as_user: Callable[[User], Client]
    ) -> None:
        asked = actions.Proposal("role_grant", "role:x", {"email": "a@agency.kr", "role": "officer"}, "joins")
        approval = actions.propose(asked, by=chief_yoon, now=NOW)
        bae = as_user(chief_bae)
        assert bae.post(f"/office/approvals/{approval.pk}/", {"reason": ""}).status_code == 200
        bae.post(f"/office/approvals/{approval.pk}/", {"reason": "그런 사람이 없습니다"})
        assert Approval.objects.get().reason == "그런 사람이 없습니다"
