"""Papers, facts and proofs of consent go a day after their term and not before; what is still asked stays."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake.test_at_once import together
from panro.files.models import StoredFile
from panro.record.doctor import examine
from panro.record.models import Entry
from panro.vault import retention, seams
from panro.vault.actions import add_paper, give_consent, reject, withdraw_consent, withdraw_facts
from panro.vault.models import Consent, Paper, StoredFact
from vault import world
from vault.world import TODAY, at, certificate, examined, known, tell, uploaded

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from panro.accounts.models import User
    from panro.parties.models import Party

pytestmark = pytest.mark.django_db
LAST = date(2022, 3, 31)
"""The last day of the certificate; three years later its term is over."""
OVER = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def _nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams.facts_asked_from, "_parts", {})


def night(day: date) -> int:
    return retention.destroy_outlived(day, now=at(day))


def broken() -> list[object]:
    return [
        finding
        for finding in examine(slow=True)
        if finding.broken and finding.check.name.startswith(("vault", "files"))
    ]


@pytest.mark.django_db(transaction=True)
def test_a_paper_goes_three_years_after_its_last_day_with_its_file(shop: Party, owner: User) -> None:
    file = examined(uploaded(owner))
    paper = certificate(shop, owner, file=file.pk)
    assert night(OVER - timedelta(days=1)) == 0
    assert [night(OVER) for _night in range(2)] == [1, 0]
    paper.refresh_from_db()
    file.refresh_from_db()
    assert (paper.state, paper.number, paper.destroyed_on, paper.reason) == ("destroyed", "", OVER, "term_over")
    assert (file.state, file.name) == ("destroyed", "")
    (entry,) = Entry.objects.filter(act="papers_destroyed")
    told = json.loads(entry.document)["public"]
    assert (entry.subject, told["papers"], told["years"]) == ("retention:papers", [str(paper.pk)], 3)
    assert broken() == []


def test_a_paper_that_never_runs_out_stays_and_a_replaced_one_goes(shop: Party, owner: User) -> None:
    old = add_paper(shop, "articles", by=owner, now=at(TODAY), today=TODAY)
    new = add_paper(shop, "articles", by=owner, now=at(LAST), today=LAST, replaces=old.pk)
    assert [night(OVER - timedelta(days=1)), night(OVER)] == [0, 1]
    assert {paper.pk: paper.state for paper in Paper.objects.all()} == {old.pk: "destroyed", new.pk: "unread"}


def test_a_refused_paper_goes_and_so_do_the_facts_it_never_proved(shop: Party, owner: User, officer: User) -> None:
    paper = certificate(shop, owner)
    reject([paper.pk], reason="글씨를 읽을 수 없습니다.", by=officer, now=at(TODAY), today=TODAY)
    held = StoredFact.objects.filter(paper=paper).count()
    assert held > 0
    assert night(date(2024, 4, 9)) == held  # facts withdrawn three years ago count for no day asked
    assert night(date(2024, 4, 10)) == 1
    assert (Paper.objects.get().state, StoredFact.objects.count()) == ("destroyed", 0)


def test_a_paper_on_which_an_application_rests_stays(shop: Party, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    kept, gone = certificate(shop, owner), certificate(shop, owner, number="0010-2021-000002")
    seams.in_use.register("test", lambda papers: set(papers) & {kept.pk})
    assert night(OVER) == 1
    assert {paper.pk: paper.state for paper in Paper.objects.all()} == {kept.pk: "unread", gone.pk: "destroyed"}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_paper_needs_stays(shop: Party, owner: User) -> None:
    file = examined(uploaded(owner))
    certificate(shop, owner, file=file.pk)
    add_paper(shop, "articles", file=file.pk, by=owner, now=at(TODAY), today=TODAY)
    assert night(OVER) == 1
    assert StoredFile.objects.get().state == "clean"
    assert broken() == []


def test_of_facts_only_what_no_later_day_asks_for_goes(shop: Party) -> None:
    for day, value in ((date(2018, 1, 1), "3"), (date(2019, 1, 1), "4"), (date(2021, 4, 1), "5")):
        tell(shop, "employees", value, day)
    assert known(shop, date(2021, 3, 31))["employees"] == ("4", date(2019, 1, 1), "applicant")
    asked = date(2024, 3, 31)  # three years after the day before the newest came
    before = known(shop, date(2021, 3, 31))
    assert night(asked) == 1
    assert known(shop, date(2021, 3, 31)) == before
    assert [night(date(2024, 4, 1)) for _night in range(2)] == [1, 0]
    assert [fact.value for fact in StoredFact.objects.all()] == ["5"]
    assert Entry.objects.filter(act="facts_destroyed").count() == 2


def test_facts_stay_as_long_as_an_application_of_their_day_is_kept(shop: Party) -> None:
    for day, value in ((date(2019, 1, 1), "4"), (date(2021, 4, 1), "5")):
        tell(shop, "employees", value, day)
    seams.facts_asked_from.register("test", lambda parties: dict.fromkeys(parties, date(2021, 3, 17)))
    assert night(date(2030, 1, 1)) == 0
    assert known(shop, date(2021, 3, 17))["employees"] == ("4", date(2019, 1, 1), "applicant")
    seams.facts_asked_from.register("test", lambda parties: dict.fromkeys(parties, date(2021, 4, 1)))
    assert night(date(2030, 1, 1)) == 1


def test_what_another_source_says_is_not_superseded(shop: Party) -> None:
    tell(shop, "employees", "4", date(2019, 1, 1), source="officer")
    tell(shop, "employees", "5", date(2021, 4, 1))
    assert night(date(2030, 1, 1)) == 0


def test_a_withdrawn_fact_goes_when_its_last_day_is_three_years_ago(shop: Party, owner: User) -> None:
    tell(shop, "employees", "4", date(2019, 1, 1))
    withdraw_facts(
        StoredFact.objects.values_list("pk", flat=True), by=owner, reason="wrong", now=at(TODAY), today=TODAY
    )
    assert [night(date(2024, 4, 8)), night(date(2024, 4, 9))] == [0, 1]


def test_proof_of_a_withdrawn_consent_is_kept_for_five_years(shop: Party, owner: User) -> None:
    for purpose in ("collect", "publicity"):
        give_consent(shop, programme="2021/3-1", recipients=["기관"], purpose=purpose, by=owner, now=at(TODAY))
    withdraw_consent([Consent.objects.get(purpose="publicity").pk], party=shop, by=owner, now=at(TODAY))
    assert [night(date(2026, 4, 9)), night(date(2026, 4, 10))] == [0, 1]
    assert [consent.purpose for consent in Consent.objects.all()] == ["collect"]


def test_the_page_of_a_destroyed_paper_says_when(shop: Party, owner: User, settings: Settings) -> None:
    paper = certificate(shop, owner)
    night(OVER)
    settings.PRETENDED_DAY = OVER
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner)
    page = client.get(f"/my/{shop.pk}/papers/{paper.pk}/")
    assert (page.status_code, "Destroyed on" in page.text, "0010-2021-123456" in page.text) == (200, True, False)
    stranger = Client()
    stranger.force_login(world.person("han@example.kr", "한남남"))
    assert stranger.get(f"/my/{shop.pk}/papers/{paper.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_destroy_each_paper_once(shop: Party, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    for serial in range(4):
        certificate(shop, owner, number=f"0010-2021-00000{serial}")
    counted = together(lambda: night(OVER), lambda: night(OVER))
    assert all(isinstance(count, int) for count in counted)
    assert Entry.objects.filter(act="papers_destroyed").count() == 4


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_the_next_night_does_the_rest(
    shop: Party, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    for serial in range(3):
        certificate(shop, owner, number=f"0010-2021-00000{serial}", file=examined(uploaded(owner)).pk)
    destroy, calls = retention.record_destroyed, []

    def dies(code: str, **more: object) -> None:
        calls.append(code)
        if len(calls) == 2:
            raise KeyboardInterrupt
        destroy(code, **more)

    monkeypatch.setattr(retention, "record_destroyed", dies)
    with pytest.raises(KeyboardInterrupt):
        night(OVER)
    assert (Paper.objects.filter(state="destroyed").count(), broken()) == (1, [])
    assert night(OVER) == 2
    assert (StoredFile.objects.exclude(state="destroyed").count(), broken()) == (0, [])
