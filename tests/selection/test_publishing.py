from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from made_rounds import NOW, MadeRound, make_addendum, make_round, verifier
from panro.record.models import Entry
from panro.rules.edition.load import load_edition
from panro.selection import actions
from panro.selection.dossiers import DossierError
from panro.selection.models import OfferLine, PublishedRound, ResultLine, StageLine
from panro.selection.summary import summary_from_json

if TYPE_CHECKING:
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(year: EditionVersion, made: MadeRound) -> PublishedRound:
    del year
    return actions.publish_dossier(made.public, verify=verifier, now=NOW, auditor=made.auditor)


def test_everything_of_the_dossier_is_published(
    published: PublishedRound, made: MadeRound, year: EditionVersion
) -> None:
    results = made.record.results
    outcomes = Counter(result.outcome for result in results)
    assert published.version == year
    assert (published.round_id, published.number, published.current, published.simulated) == (
        "2021/3-2/R1",
        0,
        True,
        True,
    )
    assert published.head == made.head
    for outcome in ("selected", "waiting", "not_selected", "ineligible", "lapsed", "withdrawn"):
        assert getattr(published, outcome) == outcomes[outcome]
    stored = ResultLine.objects.filter(published=published).order_by("result_no")
    assert [(one.result_no, one.outcome, one.rank, one.total, one.position) for one in stored] == [
        (one.result_no, one.outcome, one.rank, one.total, one.position) for one in results
    ]
    assert [one.receipt for one in stored] == [case.receipt for case in made.record.cases]
    assert StageLine.objects.count() == len(made.record.stages)
    assert list(OfferLine.objects.values_list("seq", "result_no", "event")) == [
        (one.seq, one.result_no, one.event) for one in made.record.offers
    ]
    assert Entry.objects.filter(act="dossier_published", subject="round:2021/3-2/R1").count() == 1


def test_the_summary_counts_the_lines(published: PublishedRound, made: MadeRound) -> None:
    summary = summary_from_json(published.summary)
    regions = Counter(case.region for case in made.record.cases)
    assert {one.region: one.applied for one in summary.regions} == dict(regions)
    assert sum(one.selected for one in summary.regions) == published.selected
    assert sum(one.count for one in summary.reasons) == published.receipts
    assert summary.ranked == sum(result.rank is not None for result in made.record.results)


def test_the_zip_holds_the_dossier_and_is_the_same_every_time(published: PublishedRound, made: MadeRound) -> None:
    with published.public_file.open("rb") as file:
        data = file.read()
    assert (len(data), sha256(data).hexdigest()) == (published.public_bytes, published.public_sha256)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {path.name: path.read_bytes() for path in made.public.iterdir()}
        assert {name: archive.read(name) for name in archive.namelist()} == files
    again = actions.write_archive(
        made.public, actions.DossierFolder(made.public).files(), Path(default_storage.path("again.zip"))
    )
    assert again.sha256 == published.public_sha256


def test_publishing_again_changes_nothing(published: PublishedRound, made: MadeRound) -> None:
    before = Entry.objects.count()
    assert actions.publish_dossier(made.public, verify=verifier, now=NOW) == published
    assert (PublishedRound.objects.count(), Entry.objects.count()) == (1, before)


@pytest.mark.usefixtures("year")
def test_a_dossier_that_the_verifier_refuses_is_not_published(made: MadeRound, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(made.public, forged)
    table = (forged / "results.csv").read_text(encoding="utf-8")
    (forged / "results.csv").write_text(table.replace("not_selected", "selected", 1), encoding="utf-8")
    with pytest.raises(actions.NotConsistentError, match="Nothing was published"):
        actions.publish_dossier(forged, verify=verifier, now=NOW)
    assert not PublishedRound.objects.exists()
    assert not default_storage.exists("dossiers")


@pytest.mark.usefixtures("year")
def test_an_auditors_dossier_is_never_published_as_the_public_one(made: MadeRound) -> None:
    with pytest.raises(DossierError, match="only a public one"):
        actions.publish_dossier(made.auditor, verify=verifier, now=NOW)
    with pytest.raises(DossierError, match="not the auditor's dossier"):
        actions.publish_dossier(made.public, verify=verifier, now=NOW, auditor=made.public)


@pytest.mark.usefixtures("db")
def test_without_its_edition_nothing_is_published_and_no_file_stays(made: MadeRound) -> None:
    with pytest.raises(DossierError, match="publish that edition first"):
        actions.publish_dossier(made.public, verify=verifier, now=NOW)
    assert not list(Path(default_storage.path("")).rglob("*.zip"))


def _row(published: PublishedRound, **changes: object) -> PublishedRound:
    row = PublishedRound.objects.get(pk=published.pk)
    fields = {field.attname: getattr(row, field.attname) for field in PublishedRound._meta.concrete_fields}
    del fields["id"]
    return PublishedRound(**{**fields, "root": "a" * 64, "round": "R2", **changes})


def test_rehearsal_and_reality_never_share_a_database(published: PublishedRound) -> None:
    with pytest.raises(IntegrityError, match="published_rehearsal_alone"), transaction.atomic():
        _row(published, simulated=False).save()


def test_counts_must_add_up(published: PublishedRound) -> None:
    with pytest.raises(IntegrityError, match="published_counts_add_up"), transaction.atomic():
        _row(published, receipts=published.receipts + 1).save()


def test_counts_must_be_those_of_the_lines(published: PublishedRound) -> None:
    def publish_without_lines() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            _row(published).save()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="states the counts"):
        publish_without_lines()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE selection_publishedround SET selected = selected + 1, waiting = waiting - 1",
        "UPDATE selection_publishedround SET current = false, root = repeat('0', 64)",
        "DELETE FROM selection_publishedround",
        "UPDATE selection_resultline SET outcome = 'selected' WHERE outcome = 'waiting'",
        "DELETE FROM selection_resultline WHERE result_no = 1",
        "UPDATE selection_stageline SET score = 100",
        "DELETE FROM selection_offerline",
        (
            "INSERT INTO selection_resultline (published_id, result_no, receipt, track, region, outcome, reason,"
            " clause, detail, step, draw) SELECT published_id, 9999, repeat('e', 64), track, region, 'lapsed', 'x',"
            " '', '', '', '' FROM selection_resultline LIMIT 1"
        ),
    ],
)
@pytest.mark.usefixtures("published")
def test_what_is_published_stays(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"rank": 5, "outcome": "not_selected"}, "line_ranked_whole"),
        ({"position": 1}, "line_position_iff_waiting"),
        ({"step": "open"}, "line_step_iff_selected"),
        ({"outcome": "selected", "step": "open", "reason": "selected"}, "line_rank_fits_outcome"),
        ({"reason": "selected"}, "line_reason_fits_outcome"),
        ({"receipt": "short"}, "line_receipt_form"),
        ({"outcome": "winner"}, "line_outcome_known"),
    ],
)
def test_impossible_lines_are_refused(published: PublishedRound, changes: dict[str, object], constraint: str) -> None:
    line = {"result_no": 9999, "receipt": "e" * 64, "track": "all", "outcome": "lapsed", "reason": "late"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ResultLine.objects.create(published=published, **(line | changes))


@pytest.mark.usefixtures("year")
def test_a_real_round_needs_a_head_of_the_agencys_record(tmp_path: Path) -> None:
    real = make_round(load_edition("2021"), "2-2", "R1", tmp_path, receipts=6, simulated=False)
    assert json.loads((real.public / "rules.json").read_text(encoding="utf-8"))["simulated"] is False
    with pytest.raises(DossierError, match="not of this agency's record"):
        actions.publish_dossier(real.public, verify=verifier, now=NOW)


@pytest.fixture(scope="module")
def objected(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeRound, MadeRound]:
    """A round whose results were published before any place was offered, and the addendum after two objections."""
    folder = tmp_path_factory.mktemp("objected")
    first = make_round(load_edition("2021"), "3-2", "R1", folder / "first", receipts=60, offers=False)
    return first, make_addendum(first, folder / "addendum")


def test_an_addendum_takes_the_place_of_what_it_changes(
    year: EditionVersion, objected: tuple[MadeRound, MadeRound]
) -> None:
    del year
    first, addendum = objected
    original = actions.publish_dossier(first.public, verify=verifier, now=NOW, auditor=first.auditor)
    changed = actions.publish_dossier(addendum.public, verify=verifier, now=NOW, auditor=addendum.auditor)
    original.refresh_from_db()
    assert [(one.number, one.current, one.root == changed.root) for one in (original, changed)] == [
        (0, False, False),
        (1, True, True),
    ]
    for made, published in ((first, original), (addendum, changed)):
        stored = ResultLine.objects.filter(published=published).order_by("result_no")
        assert [(one.result_no, one.outcome, one.rank, one.total) for one in stored] == [
            (one.result_no, one.outcome, one.rank, one.total) for one in made.record.results
        ]
    acts = Entry.objects.filter(act="dossier_published", subject="round:2021/3-2/R1").order_by("number")
    assert [json.loads(entry.document)["public"]["number"] for entry in acts] == [0, 1]
    assert actions.publish_dossier(addendum.public, verify=verifier, now=NOW).pk == changed.pk
    assert actions.publish_dossier(first.public, verify=verifier, now=NOW).pk == original.pk
    assert PublishedRound.objects.filter(current=True).get() == changed


def test_an_addendum_to_nothing_or_to_something_else_is_refused(
    year: EditionVersion, objected: tuple[MadeRound, MadeRound], made: MadeRound
) -> None:
    del year
    _first, addendum = objected
    with pytest.raises(DossierError, match="expected number 0 changing nothing"):
        actions.publish_dossier(addendum.public, verify=verifier, now=NOW)
    other = actions.publish_dossier(made.public, verify=verifier, now=NOW)
    with pytest.raises(DossierError, match=f"expected number 1 changing {other.root}"):
        actions.publish_dossier(addendum.public, verify=verifier, now=NOW)
    assert [(one.number, one.current) for one in PublishedRound.objects.all()] == [(0, True)]
