"""The pages: who may enter, what a reviewer sees and sends, a round from roster to seal at the office."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation import world
from evaluation.world import BY, START
from intake import world as intake
from panro.dossier.salts import SeededSalts
from panro.evaluation import actions
from panro.evaluation.models import (
    Assignment,
    Conflict,
    Declaration,
    Evaluation,
    ReviewerInvitation,
    ScoreDraft,
    ScoreVersion,
    SiteVisit,
    TimetableSlot,
)
from panro.evaluation.states import RunState
from panro.intake.models import Application
from panro.record.models import AccessNote
from panro.rules.freeze import round_rules
from panro.staff.states import Role
from panro.vault.access import reason_to_see

if TYPE_CHECKING:
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion
    from staff.conftest import Hire

ROUND = ["2021", "3-1", "R1"]
NAMES = [f"심사{number}" for number in range(1, 12)]


@pytest.fixture
def real(notice: EditionVersion) -> world.Judged:
    """The first round of 3-1 as the notice has it, being judged."""
    year = intake.year()
    programme = year.programme("3-1")
    judged = world.begun(notice, round_rules(year, programme, programme.round("R1")), names=NAMES)
    run = judged.evaluation.runs.get(position=0)
    actions.assign(run.pk, world.VALUE, by=BY, now=START)
    actions.open_(run.pk, None, by=BY, now=START)
    return judged


def first_stage(judged: world.Judged) -> str:
    return judged.evaluation.runs.get(position=0).stage


def log_in(user: User, *, second_factor: bool = True) -> Client:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - only here

    if second_factor:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def a_seat() -> Assignment:
    return Assignment.objects.filter(left_at=None).select_related("reviewer__user", "participant").order_by("pk")[0]


@pytest.mark.usefixtures("real")
def test_reviewers_only_and_with_two_factors(manager: User) -> None:
    seat = a_seat()
    pages = [reverse("evaluation:mine"), reverse("evaluation:sheet", args=[seat.pk])]
    for page in pages:
        assert Client().get(page).status_code == 302
        assert log_in(manager).get(page).status_code == 404
        answer = log_in(seat.reviewer.user, second_factor=False).get(page)
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_activate_totp"))
    assert log_in(seat.reviewer.user).get(pages[0]).status_code == 200


def test_an_application_that_is_not_hers_does_not_exist(real: world.Judged) -> None:
    seat = a_seat()
    sitting = set(real.seats(first_stage(real))[seat.participant.result_no])
    stranger = next(one for name, one in real.people.items() if name not in sitting)
    client = log_in(stranger.user)
    assert client.get(reverse("evaluation:sheet", args=[seat.pk])).status_code == 404
    assert client.post(reverse("evaluation:sheet", args=[seat.pk]), {"hand_in": "1"}).status_code == 404
    assert client.post(reverse("evaluation:conflict", args=[seat.pk]), {"why": "kinship"}).status_code == 404
    assert client.get(reverse("evaluation:sheet", args=[seat.participant_id])).status_code == 404


def test_a_reviewer_gives_her_word_types_hands_in_and_goes_on(real: world.Judged) -> None:
    seat = a_seat()
    client = log_in(seat.reviewer.user)
    address = reverse("evaluation:sheet", args=[seat.pk])
    word = reverse("evaluation:declare", args=ROUND)
    assert client.get(address)["Location"] == word
    client.post(word)
    client.post(word)
    assert Declaration.objects.count() == 1
    stage = first_stage(real)
    codes = [one["code"] for one in real.evaluation.rules["stages"][0]["criteria"]]
    Application.objects.filter(pk=seat.participant.application_id).update(
        answers={f"statement_{stage}_{codes[0]}": "국산 들깨 <만> 씁니다."}
    )
    shown = client.get(address).content.decode()
    assert "국산 들깨 &lt;만&gt; 씁니다." in shown
    assert "A record of steady production and delivery." in shown
    assert AccessNote.objects.get().what == "application_judged"
    typed = {f"points_{code}": "5" for code in codes} | {"comment": "좋음", "revision": "0", "latest": "0"}
    typed[f"points_{codes[1]}"] = "9x"
    answer = client.post(address, typed, headers={"accept": "application/json"})
    assert answer.json() == {"revision": 1, "said": "Saved."}
    assert ScoreDraft.objects.get().points[codes[1]] == "9x"
    behind = client.post(address, typed | {"comment": "다른 창"}, headers={"accept": "application/json"})
    assert (behind.status_code, "Another window" in behind.json()["error"]) == (409, True)
    refused = client.post(address, typed | {"hand_in": "1"})
    assert (refused.status_code, ScoreVersion.objects.count()) == (422, 0)
    assert 'value="9x"' in refused.content.decode()
    typed[f"points_{codes[1]}"] = "9"
    for _twice in range(2):
        assert client.post(address, typed | {"hand_in": "1"}).status_code == 302
    assert [one.version for one in ScoreVersion.objects.all()] == [1]
    assert reason_to_see(seat.reviewer.user, seat.participant.application.party_id)
    actions.replace(seat.run_id, seat.participant.result_no, seat.reviewer.code, "ill", by=BY, now=START)
    assert client.get(address).status_code == 404
    assert not reason_to_see(seat.reviewer.user, seat.participant.application.party_id)


@pytest.mark.usefixtures("real")
def test_a_conflict_told_on_the_page_moves_the_sheet() -> None:
    seat = a_seat()
    client = log_in(seat.reviewer.user)
    actions.declare(seat.reviewer, "/".join(ROUND), "ab" * 32, now=START)
    address = reverse("evaluation:conflict", args=[seat.pk])
    assert client.post(address, {"why": "nothing"}).status_code == 422
    assert client.post(address, {"why": "kinship", "note": "처남"}).status_code == 302
    assert Conflict.objects.get().why == "kinship"
    seat.refresh_from_db()
    assert seat.left_at is not None
    assert client.get(reverse("evaluation:sheet", args=[seat.pk])).status_code == 404


@pytest.mark.usefixtures("real")
def test_a_blind_stage_does_not_tell_whose_application_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seat = a_seat()
    actions.declare(seat.reviewer, "/".join(ROUND), "ab" * 32, now=START)
    client = log_in(seat.reviewer.user)
    name = seat.participant.application.party.name
    addresses = [reverse("evaluation:mine"), reverse("evaluation:sheet", args=[seat.pk])]
    assert all(name in client.get(address).content.decode() for address in addresses)
    from panro.evaluation import access, showing, words  # noqa: PLC0415 - patched here only

    def blind(run: object) -> object:
        found = words.stage_of(run)  # type: ignore[arg-type] # a stage run
        assert found is not None
        return found.model_copy(update={"blind": True})

    monkeypatch.setattr(showing, "stage_of", blind)
    monkeypatch.setattr(access, "stage_of", blind)
    assert all(name not in client.get(address).content.decode() for address in addresses)
    assert not reason_to_see(seat.reviewer.user, seat.participant.application.party_id)


def test_the_list_asks_a_constant_number_of_queries(notice: EditionVersion) -> None:
    year = intake.year()
    programme = year.programme("3-1")
    rules = round_rules(year, programme, programme.round("R1"))
    judged = world.begun(notice, rules, count=3, names=NAMES[: rules.stages[0].panel])
    run = judged.evaluation.runs.get(position=0)
    actions.assign(run.pk, world.VALUE, by=BY, now=START)
    actions.open_(run.pk, None, by=BY, now=START)
    one, other = list(judged.people.values())[:2]
    for number in (1, 2):
        gone = Assignment.objects.get(reviewer=one, participant__result_no=number)
        Assignment.objects.filter(pk=gone.pk).update(left_at=START)
    counts = []
    for person in (one, other):
        client = log_in(person.user)
        client.get(reverse("evaluation:mine"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("evaluation:mine"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


OFFICE = {Role.REVIEWER_MANAGER: 200, Role.CHIEF: 200, Role.AUDITOR: 200, Role.OFFICER: 403, Role.ENGINEER: 403}


@pytest.mark.parametrize(("role", "status"), OFFICE.items())
def test_who_sees_the_panels_and_who_acts(role: Role, status: int, real: world.Judged, hire: Hire) -> None:
    client = log_in(hire("somebody", role))
    stage = reverse("evaluation:stage", args=[*ROUND, first_stage(real)])
    pages = [
        reverse("evaluation:reviewers"),
        reverse("evaluation:panels"),
        reverse("evaluation:round", args=ROUND),
        stage,
    ]
    assert [client.get(page).status_code for page in pages] == [status] * 4
    acted = client.post(stage, {"act": "remind"}).status_code
    assert acted == (302 if role == Role.REVIEWER_MANAGER else 403)
    assert client.post(reverse("evaluation:round", args=ROUND)).status_code == acted
    assert not Evaluation.objects.filter(sealed_at__isnull=False).exists()
    if status == 200:
        assert client.get(reverse("evaluation:round", args=["2021", "3-1", "R9"])).status_code == 404
        assert client.get(reverse("evaluation:stage", args=[*ROUND, "zzz"])).status_code == 404


def test_a_round_at_the_office_from_roster_to_seal(notice: EditionVersion, hire: Hire) -> None:
    year = intake.year()
    programme = year.programme("3-1")
    rules = round_rules(year, programme, programme.round("R1"))
    judged = world.begun(notice, rules, names=NAMES)
    client = log_in(hire("han", Role.REVIEWER_MANAGER))
    codes = [stage.code for stage in rules.stages]
    for code in codes:
        address = reverse("evaluation:stage", args=[*ROUND, code])
        people = [str(one.pk) for one in judged.people.values()]
        small = client.post(address, {"act": "roster", "reviewers": people[:1]})
        assert small.status_code == 302
        refused = client.post(address, {"act": "assign", "value": world.VALUE})
        assert (refused.status_code, "add reviewers to the roster" in refused.content.decode()) == (422, True)
        client.post(address, {"act": "roster", "reviewers": people})
        assert client.post(address, {"act": "assign", "value": world.VALUE}).status_code == 302
        assert client.post(address, {"act": "open", "due": "soon"}).status_code == 422
        assert client.post(address, {"act": "open", "due": "2021-04-30"}).status_code == 302
        number, members = next(iter(judged.seats(code).items()))
        assert client.post(address, {"act": "replace", "seat": f"{number} {members[0]}", "why": ""}).status_code == 422
        client.post(address, {"act": "replace", "seat": f"{number} {members[0]}", "why": "입원"})
        assert members[0] not in judged.seats(code)[number]
        assert client.post(address, {"act": "resign", "reviewer": "nobody", "why": "x"}).status_code == 422
        client.post(address, {"act": "resign", "reviewer": members[1], "why": "출장"})
        refused = client.post(address, {"act": "close"})
        assert (refused.status_code, "Sheets are missing" in refused.content.decode()) == (422, True)
        judged.hand_in_all(code)
        client.post(address, {"act": "minute", "text": "1번을 다시 논의함", "result_no": str(number)})
        shown = client.get(address).content.decode()
        assert "1번을 다시 논의함" in shown
        assert "How reviewers scored" in shown
        assert client.post(address, {"act": "nonsense"}).status_code == 404
        client.post(address, {"act": "close"})
        assert judged.run(code).state == RunState.CLOSED
    assert client.post(reverse("evaluation:round", args=ROUND)).status_code == 302
    judged.evaluation.refresh_from_db()
    assert judged.evaluation.sealed_at is not None
    assert judged.evaluation.scores_root in client.get(reverse("evaluation:round", args=ROUND)).content.decode()
    refused = client.post(reverse("evaluation:stage", args=[*ROUND, codes[0]]), {"act": "reopen", "why": "x"})
    assert (refused.status_code, "is sealed" in refused.content.decode()) == (422, True)


def test_inviting_and_accepting_on_pages(notice: EditionVersion, hire: Hire) -> None:
    del notice
    client = log_in(hire("han", Role.REVIEWER_MANAGER))
    page = reverse("evaluation:reviewers")
    assert client.post(page, {"name": "강하나", "email": "no address"}).status_code == 422
    assert (
        client.post(page, {"name": "강하나", "email": "kang@reviewers.kr", "fields_": "식품, 패션"}).status_code == 302
    )
    assert ReviewerInvitation.objects.get().fields == ["식품", "패션"]
    from panro.accounts.models import User as Account  # noqa: PLC0415 - a name of its own

    kang = Account.objects.create_user("kang@reviewers.kr", name="강하나")
    token = SeededSalts("x").salt("token")
    now = datetime.now(UTC)
    ReviewerInvitation.objects.all().delete()
    actions.invite("kang@reviewers.kr", "강하나", [], by=hire("yoon", Role.REVIEWER_MANAGER), now=now, token=token)
    address = reverse("evaluation:invitation", args=[token])
    guest = log_in(kang)
    assert guest.get(address).status_code == 200
    assert log_in(hire("bae", Role.CHIEF)).get(address).status_code == 200
    assert guest.get(reverse("evaluation:invitation", args=["nothing"])).status_code == 404
    wrong = guest.post(address, {"accept": "1", "businesses": "123-45-67890"})
    assert "is no business registration number" in wrong.content.decode()
    assert guest.post(address, {"accept": "1", "businesses": "124-81-00998"}).status_code == 302
    assert kang.reviewer.businesses == ["1248100998"]
    assert guest.get(reverse("evaluation:mine")).status_code == 200
    rest = reverse("evaluation:reviewer_state", args=[kang.reviewer.pk])
    client.post(rest, {"state": "resting"})
    kang.reviewer.refresh_from_db()
    assert kang.reviewer.state == "resting"
    assert client.post(rest, {"state": "dead"}).status_code == 404


def test_presentations_and_visits_on_the_stages_page(db: None, hire: Hire) -> None:
    del db
    version = intake.publish("2-2")
    programme = intake.year().programme("2-2")
    rules = round_rules(intake.year(), programme, programme.rounds[0])
    kinds = {stage.code: stage.kind for stage in programme.stages_of(programme.rounds[0]) if stage.scored}
    judged = world.begun(version, rules, names=NAMES)
    client = log_in(hire("han", Role.REVIEWER_MANAGER))
    met = []
    for stage in rules.stages:
        run = judged.run(stage.code)
        address = reverse("evaluation:stage", args=["2021", "2-2", programme.rounds[0].code, stage.code])
        actions.set_up(run.pk, [one.pk for one in judged.people.values()], by=BY, now=START)
        actions.assign(run.pk, world.VALUE, by=BY, now=START)
        actions.open_(run.pk, None, by=BY, now=START)
        if kinds[stage.code] == "presentation":
            when = {"place": "회의실 1", "starts": "2021-04-26T10:00", "ends": "2021-04-26T10:20"}
            assert client.post(address, {"act": "presentation", "result_no": "1", **when}).status_code == 302
            assert client.post(address, {"act": "presentation", "result_no": "2", **when}).status_code == 422
            assert "회의실 1" in client.get(address).content.decode()
            slot = TimetableSlot.objects.get()
            assert (slot.starts, slot.participant.result_no) == (datetime(2021, 4, 26, 1, tzinfo=UTC), 1)
            seat = Assignment.objects.select_related("reviewer__user").get(participant=slot.participant_id, slot=1)
            actions.declare(seat.reviewer, rules.round_id, "ab" * 32, now=START)
            shown = log_in(seat.reviewer.user).get(reverse("evaluation:sheet", args=[seat.pk]))
            assert "회의실 1" in shown.content.decode()
        if kinds[stage.code] == "site_visit":
            when = {"place": "전주시 완산구 1", "planned": "2021-04-27T14:00"}
            assert client.post(address, {"act": "visit", "result_no": "1", **when}).status_code == 302
            visit = SiteVisit.objects.get()
            told = {"act": "seen", "visit": str(visit.pk), "visited_at": "2021-04-27T14:05", "note": "작업장이 깨끗함"}
            assert client.post(address, told | {"note": ""}).status_code == 422
            assert client.post(address, told | {"visit": str(run.pk)}).status_code == 422
            assert client.post(address, told).status_code == 302
            assert client.post(address, told).status_code == 422
            assert "작업장이 깨끗함" in client.get(address).content.decode()
        met.append(kinds[stage.code])
        judged.hand_in_all(stage.code)
        actions.close(run.pk, by=BY, now=START)
    assert set(met) >= {"presentation"}
