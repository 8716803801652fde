"""Tables that leave the house: whole, harmless to open, with a reason, and made again after a worker died."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from insight import world
from insight.world import DAY, NOW
from panro.accounts.lifecycles import WrongStateError
from panro.catalog.sheets import cells
from panro.files import storage
from panro.insight import actions, clearing, datasets, exporting, sheets
from panro.insight.models import ExportJob
from panro.record.actions import payload_of
from panro.record.models import AccessNote, Entry
from panro.screening.models import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
WHY = "국정감사 자료 요구 제12호"


class Killed(BaseException):
    """As when a worker is killed: nothing catches it."""


def clock() -> datetime:
    return NOW


def asked(notice: EditionVersion, by: User, **more: str) -> ExportJob:
    wanted = {"dataset": "cases", "form": "csv", "language": "en", **more}
    return actions.ask_for(actions.Wanted(edition=notice.edition, **wanted), WHY, by=by, now=NOW)  # type: ignore[arg-type] # texts all


def made(job: ExportJob) -> ExportJob:
    assert exporting.make(job.pk, clock=clock)
    return ExportJob.objects.get(pk=job.pk)


def content(job: ExportJob) -> bytes:
    with storage.files_storage().open(job.key) as file:
        return bytes(file.read())


def table(job: ExportJob) -> list[list[str]]:
    if job.form == "csv":
        text = content(job).decode("utf-8")
        assert text.startswith("\ufeff")
        return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(content(job)), read_only=True)
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    book.close()
    return rows


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_exactly_the_cases(notice: EditionVersion, park: User, form: str) -> None:
    season = world.season(notice, 40)
    job = made(asked(notice, park, form=form))
    header, *rows = table(job)
    assert header[:3] == ["Receipt number", "Name", "Business number"]
    expected = sorted(season.cases, key=lambda case: (case.programme, case.round_code, case.received, case.pk))
    names = {"11": "Seoul", "26": "Busan", "41": "Gyeonggi", "": ""}
    states = {"waiting": "to be reviewed", "asked": "waits for the applicant", "ineligible": "not eligible"}
    assert [[*row[:3], row[4], row[5], row[7], row[8], row[9]] for row in rows] == [
        [
            case.receipt_no,
            case.name,
            f"{case.business_number[:3]}-{case.business_number[3:5]}-{case.business_number[5:]}",
            case.programme,
            case.round_code,
            names[case.region],
            case.received_on.isoformat(),
            states.get(case.state, case.state),
        ]
        for case in expected
    ]
    standing = {decision.case_id: decision for decision in season.decisions if decision.undone_at is None}
    assert [(row[10], row[12]) for row in rows] == [
        (standing[case.pk].reason, ", ".join(standing[case.pk].groups)) if case.pk in standing else ("", "")
        for case in expected
    ]
    assert (job.state, job.done, job.total) == ("done", len(expected), len(expected))


def test_results_bring_their_applicants_together_with_the_lines(notice: EditionVersion, park: User) -> None:
    season = world.season(notice, 120)
    header, *rows = table(made(asked(notice, park, dataset="results", programme="3-1", round_code="R1")))
    chosen = season.chosen["3-1", "R1"]
    assert header[2:5] == ["Result number", "Receipt number", "Name"]
    assert [(row[0], row[1], row[2], row[3], row[4], row[8]) for row in rows] == [
        ("3-1", "R1", str(number), receipt.receipt_no, case.name, "Selected")
        for number, (receipt, case) in enumerate(chosen, 1)
    ]


def test_an_export_is_narrowed_as_asked(notice: EditionVersion, park: User) -> None:
    season = world.season(notice, 60)
    _header, *rows = table(made(asked(notice, park, programme="3-1", state="eligible")))
    assert sorted(row[0] for row in rows) == sorted(
        case.receipt_no for case in season.cases if case.programme == "3-1" and case.state == "eligible"
    )


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example")', "+82", "-1", "@SUM(A1)", "\t=1", "＝1"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_is_a_formula(notice: EditionVersion, park: User, form: str, name: str) -> None:
    world.season(notice, 6, seed=3, name=name)
    Case.objects.filter(pk=Case.objects.order_by("pk")[0].pk).update(name=name)
    job = made(asked(notice, park, form=form))
    if form == "csv":
        assert f"'{name}" in [row[1] for row in table(job)]
        return
    book = openpyxl.load_workbook(io.BytesIO(content(job)))
    there = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in there} <= {"s", "inlineStr"}
    risky = [cell for cell in there if cell.value == name]
    assert [cell.quotePrefix for cell in risky] == [True]


@given(rows=st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=3)))
def test_any_text_comes_back_from_a_text_table(rows: list[list[str]]) -> None:
    text = "".join(sheets.csv_lines(["a", "b"], rows)).removeprefix(sheets.MARK)
    back = list(csv.reader(io.StringIO(text, newline="")))[1:]
    undone = [[cells.restored(cell) for cell in row] for row in back]
    assert undone == rows
    assert [cell for row in back for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_without_a_reason_nothing_leaves_and_the_attempt_is_recorded(notice: EditionVersion, park: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(park)
    for reason in ("", "  \n"):
        response = client.post("/office/exports/", {"dataset": "cases", "form": "csv", "reason": reason})
        assert response.status_code == 200
        assert "Without a reason nothing is exported." in response.content.decode()
        assert response.context["form"].data["dataset"] == "cases"
    with pytest.raises(actions.NoReasonError):
        actions.ask_for(actions.Wanted("results", "csv", "ko", notice.edition), " ", by=park, now=NOW)
    refused = Entry.objects.filter(act="export_refused", actor=str(park.pk)).order_by("number")
    assert [(entry.subject, '"why":"no_reason"' in entry.document) for entry in refused] == [("season:2021", True)] * 3
    assert ExportJob.objects.count() == 0
    with pytest.raises(IntegrityError, match="export_has_a_reason"), transaction.atomic():
        ExportJob.objects.create(
            dataset="cases", form="csv", language="ko", edition=notice.edition, reason=" ", asked_by=park, asked_at=NOW
        )


def test_who_takes_what_out_and_why_is_in_the_record_and_in_the_access_log(notice: EditionVersion, park: User) -> None:
    season = world.season(notice, 20)
    client = Client()
    client.force_login(park)
    form = {"dataset": "cases", "form": "csv", "where": "3-1/R1", "reason": WHY}
    response = client.post("/office/exports/", form)
    job = ExportJob.objects.get()
    assert response["Location"] == f"/office/exports/{job.pk}/"
    assert (job.programme, job.round_code, job.reason, job.asked_by, job.state) == ("3-1", "R1", WHY, park, "queued")
    made(job)
    parties = {f"party:{case.party_id}" for case in season.cases if (case.programme, case.round_code) == ("3-1", "R1")}
    notes = AccessNote.objects.filter(actor=str(park.pk))
    assert sorted(notes.values_list("party", "what", "why")) == sorted((party, "exported", WHY) for party in parties)
    address = f"/office/exports/{job.pk}/file"
    got = client.get(address)
    assert b"".join(got.streaming_content).startswith("\ufeff".encode())  # type: ignore[attr-defined] # a stream
    for close in got._resource_closers:  # not the response itself: that would end the test's connection
        close()
    entries = Entry.objects.filter(subject=f"export:{job.pk}").order_by("number")
    assert [entry.act for entry in entries] == ["export_asked", "export_made", "export_opened"]
    assert payload_of(entries[0]) == {"reason": WHY}


def test_a_worker_killed_half_way_loses_nothing(
    notice: EditionVersion, park: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    season = world.season(notice, 30)
    monkeypatch.setattr(datasets, "BATCH", 5)
    monkeypatch.setattr(exporting, "BATCH", 5)
    job = asked(notice, park)
    whole = datasets.Content.rows

    def dying(self: datasets.Content) -> Iterator[sheets.Row]:
        for number, row in enumerate(whole(self)):
            if number == 12:
                raise Killed
            yield row

    monkeypatch.setattr(datasets.Content, "rows", dying)
    with pytest.raises(Killed):
        exporting.make(job.pk, clock=clock)
    monkeypatch.setattr(datasets.Content, "rows", whole)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done, job.total) == ("running", 1, 10, len(season.cases))
    assert AccessNote.objects.count() == 0
    assert not exporting.make(job.pk, clock=clock)  # it is still somebody's
    soon = NOW + exporting.SILENCE
    assert exporting.silent(soon) == []
    later = soon + timedelta(seconds=1)
    assert exporting.silent(later) == [job.pk]
    assert actions.give_back([job.pk], silent_since=later - exporting.SILENCE) == [job.pk]
    done = made(job)
    assert (done.state, done.attempt, done.done) == ("done", 2, len(season.cases))
    assert len(table(done)) == len(season.cases) + 1
    assert AccessNote.objects.count() == len({case.party_id for case in season.cases})


def test_a_worker_that_was_given_up_settles_nothing(notice: EditionVersion, park: User) -> None:
    world.season(notice, 5)
    job = asked(notice, park)
    lost = actions.claim(job.pk, now=NOW)
    assert lost is not None
    actions.give_back([job.pk], silent_since=NOW + timedelta(hours=1))
    done = made(job)
    assert not actions.tell(lost, done=1, total=5, now=NOW)
    assert not actions.settle(lost, key="x", length=1, rows=1, parties=[], now=NOW)
    actions.fail(lost, now=NOW)
    assert ExportJob.objects.get() == done
    assert ExportJob.objects.get().state == "done"


def test_a_failure_of_the_storage_may_be_tried_again(
    notice: EditionVersion, park: User, choi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.season(notice, 5)
    job = asked(notice, park)
    with monkeypatch.context() as broken:
        broken.setattr(storage, "write", _away)
        assert not exporting.make(job.pk, clock=clock)
    assert ExportJob.objects.get().state == "failed"
    client = Client()
    client.force_login(choi)
    client.post(f"/office/exports/{job.pk}/again/")
    client.post(f"/office/exports/{job.pk}/again/")
    assert ExportJob.objects.get().state == "queued"
    assert Entry.objects.filter(act="export_asked_again").count() == 1
    assert made(job).state == "done"
    with pytest.raises(WrongStateError):
        actions.ask_again(job.pk, by=park, now=NOW)


def _away(*_given: object, **_more: object) -> None:
    raise OSError("no storage")


def test_exports_are_deleted_after_seven_days(notice: EditionVersion, park: User) -> None:
    world.season(notice, 5)
    job = made(asked(notice, park))
    store = storage.files_storage()
    assert clearing.clear_away(now=NOW + exporting.KEPT) == 0
    assert store.exists(job.key)
    assert clearing.clear_away(now=NOW + exporting.KEPT + timedelta(seconds=1)) == 1
    assert not store.exists(job.key)
    assert ExportJob.objects.get().state == "expired"
    client = Client()
    client.force_login(park)
    assert client.get(f"/office/exports/{job.pk}/file").status_code == 404
    assert client.get(f"/office/exports/{job.pk}/").status_code == 200
    orphan = storage.new_key(exporting.EXPORTS, job.pk, NOW)
    storage.write(orphan, [b"x"], limit=1)
    assert clearing.clear_away(now=NOW + timedelta(days=1)) == 0
    assert clearing.clear_away(now=NOW + clearing.AGE) == 1
    assert not store.exists(orphan)


def test_progress_is_told_while_it_goes_on(notice: EditionVersion, park: User, monkeypatch: pytest.MonkeyPatch) -> None:
    season = world.season(notice, 30)
    monkeypatch.setattr(datasets, "BATCH", 5)
    monkeypatch.setattr(exporting, "BATCH", 5)
    client = Client()
    client.force_login(park)
    job = asked(notice, park)
    address = f"/office/exports/{job.pk}/progress.json"
    assert client.get(address).json() == {"state": "queued", "goes_on": True, "done": 0, "total": 0}
    seen = []
    tell = actions.tell

    def told(*given_: object, **more: object) -> bool:
        mine = tell(*given_, **more)  # type: ignore[arg-type] # passed on
        seen.append(client.get(address).json())
        return mine

    monkeypatch.setattr(actions, "tell", told)
    made(job)
    total = len(season.cases)
    assert seen == [
        {"state": "running", "goes_on": True, "done": done, "total": total} for done in range(0, total + 1, 5)
    ]
    assert client.get(address).json() == {"state": "done", "goes_on": False, "done": total, "total": total}


@pytest.mark.parametrize("dataset", ["cases", "results"])
def test_an_export_is_read_in_batches(
    notice: EditionVersion, park: User, django_assert_num_queries: DjangoAssertNumQueries, dataset: str
) -> None:
    world.season(notice, 60)
    job = asked(notice, park, dataset=dataset)
    wanted = datasets.Content(job, DAY)
    with django_assert_num_queries(1 if dataset == "cases" else 2):
        rows = list(wanted.rows())
    assert len(rows) == wanted.count()
