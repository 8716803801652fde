"""Whatever 김민지, 박담당 and the nights do in whatever order: the database stands where a plain model says it must."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from intake import world
from intake.world import CLOSES, OPENS, RESULTS_ON, SUPPLEMENT_UNTIL, noon
from panro.intake import actions
from panro.intake.actions import Answered, Asked, Opening, Submission
from panro.intake.checks import hashes, numbers, open_requests, receipts_of_handed_in, roots
from panro.intake.errors import IntakeError
from panro.intake.models import Application, ItemKind, Pool, Receipt, Supplement
from panro.intake.states import LIVE, TRANSITIONS, State

WHY = Asked(ItemKind.QUESTION, "why", "이유를 더 적어 주세요.")
DAYS = st.integers(min_value=0, max_value=14)


class Lifecycle(RuleBasedStateMachine):
    """One applicant in one round. ``current`` is what was handed in and still counts, ``writing`` the draft."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.version = world.publish("3-1")
        self.minji, self.officer = world.shop(), world.officer()
        self.day = OPENS - timedelta(days=1)
        self.writing: str | None = None
        self.closes = self.longest = CLOSES
        self.current: str | None = None
        self.in_pool = self.frozen = False
        self.due: date | None = None
        self.issued = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)

    def attempt(self, act: object, *, allowed: bool) -> object:
        """Do it, and see that it is refused exactly when the model says so."""
        done: object = None
        try:
            with transaction.atomic():
                done = act()
        except IntakeError:
            done = None
        assert (done is not None) == allowed
        return done

    @property
    def when(self) -> dict[str, object]:
        return {"now": noon(self.day), "today": self.day}

    def newest(self) -> Application:
        return Application.objects.filter(state__in=[*LIVE, State.WITHDRAWN]).latest("submitted_at", "pk")

    @initialize(days=DAYS)
    def begins(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(days=DAYS)
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(correcting=st.booleans())
    def opens_a_draft(self, *, correcting: bool) -> None:
        in_time = OPENS <= self.day <= self.longest and not self.frozen
        fits = self.writing == "draft" or self.current not in LIVE or correcting
        done = self.attempt(
            lambda: actions.open_drafts(
                [Opening(self.minji.party, self.minji.owner.pk)],
                self.version,
                "3-1",
                "R1",
                correcting=correcting,
                **self.when,
            ),
            allowed=in_time and fits,
        )
        if done and self.writing != "draft":
            self.writing, self.closes = "draft", self.longest

    @rule()
    def hands_in(self) -> None:
        if self.writing is None:
            return
        row = Application.objects.filter(state__in=["draft", "missed"]).latest("pk")
        submission = Submission(row.pk, self.minji.owner.pk, self.day)
        done = self.attempt(
            lambda: actions.submit_many([submission], now=noon(self.day), checks=actions.NO_CHECKS),
            allowed=self.writing == "draft" and OPENS <= self.day <= self.closes and not self.frozen,
        )
        if done:
            self.writing, self.current, self.due, self.issued = None, "submitted", None, self.issued + 1

    @rule()
    def withdraws(self) -> None:
        if self.current is None:
            return
        row = self.newest()
        done = self.attempt(
            lambda: actions.withdraw(row.pk, by=self.minji.owner, **self.when),
            allowed=self.current == "withdrawn" or self.day < RESULTS_ON,
        )
        if done:
            self.current, self.due = "withdrawn", None

    @rule(days=st.integers(min_value=-2, max_value=20))
    def is_asked(self, days: int) -> None:
        if self.current is None:
            return
        row, due = self.newest(), self.day + timedelta(days=days)
        done = self.attempt(
            lambda: actions.ask_supplement(row.pk, [WHY], due=due, by=self.officer, **self.when),
            allowed=self.current in {"submitted", "closed"} and self.day <= due <= SUPPLEMENT_UNTIL,
        )
        if done:
            self.current, self.due = "supplementing", due

    @rule()
    def answers(self) -> None:
        asked = Supplement.objects.order_by("clock_stopped", "pk").last()
        if asked is None:
            return
        given = [Answered(ItemKind.QUESTION, "why", value="이유")]
        done = self.attempt(
            lambda: actions.answer_supplement(asked.pk, given, by=self.minji.owner, **self.when),
            allowed=self.due is not None and self.day <= self.due,
        )
        if done:
            self.goes_on()

    def goes_on(self) -> None:
        self.due, self.current = None, "closed" if self.in_pool else "submitted"

    @rule()
    def a_night_passes(self) -> None:
        missed = actions.close_missed(self.day, now=noon(self.day))
        expired = actions.expire_supplements(self.day, now=noon(self.day))
        assert missed == (self.writing == "draft" and self.closes < self.day)
        assert expired == (self.due is not None and self.due < self.day)
        if missed:
            self.writing = "missed"
        if expired:
            self.goes_on()

    @rule(days=DAYS)
    def gets_more_time(self, days: int) -> None:
        until = CLOSES + timedelta(days=days)
        done = self.attempt(
            lambda: actions.extend(
                self.minji.party,
                self.version,
                "3-1",
                "R1",
                until=until,
                reason="수해",
                by=self.officer,
                **self.when,
            ),
            allowed=CLOSES < until <= SUPPLEMENT_UNTIL and self.day <= until and not self.frozen,
        )
        if done:
            self.longest = max(self.longest, until)
            if self.writing is not None and self.closes < until:
                self.writing, self.closes = "draft", until

    @rule()
    def is_frozen(self) -> None:
        still = self.writing == "draft" and self.longest > CLOSES and self.day <= self.longest
        done = self.attempt(
            lambda: (actions.freeze_pool(self.version, "3-1", "R1", by="system:freezer", **self.when),),
            allowed=self.day > CLOSES and not still,
        )
        if done and not self.frozen:
            self.frozen, self.in_pool = True, self.current is not None
            self.current = "closed" if self.current == "submitted" else self.current

    @invariant()
    def stands_where_the_model_says(self) -> None:
        rows = list(Application.objects.filter(replaced=False).order_by("pk"))
        drafts = [row for row in rows if row.state in {"draft", "missed"}]
        counting = [row for row in rows if row not in drafts]
        assert [row.state for row in drafts][-1:] == ([] if self.writing is None else [self.writing])
        assert [row.state for row in counting] == ([] if self.current is None else [self.current])
        assert Receipt.objects.count() == self.issued
        pool = Pool.objects.first()
        assert (pool.issued if pool else 0) == self.issued
        for check in (receipts_of_handed_in, open_requests, numbers, roots, hashes):
            assert list(check()) == []


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_the_database_agrees_with_the_model() -> None:
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_every_state_can_be_reached_and_only_withdrawn_is_an_end() -> None:
    reached = {after for following in TRANSITIONS.values() for after in following}
    assert reached == set(State)
    assert [state for state, following in TRANSITIONS.items() if not following] == [State.WITHDRAWN]
