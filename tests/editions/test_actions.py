from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from panro.editions import actions
from panro.editions.documents import digest_of, document_of, edition_of
from panro.editions.models import TRANSITIONS, Edition, EditionVersion, ProgrammeRow, RoundRow, VersionState
from panro.korea.text import Text
from panro.record.models import Entry
from panro.rules.edition.load import load_edition
from panro.rules.edition.problems import EditionError

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2021, 3, 10, 1, tzinfo=UTC)
WHY = Text("규모를 늘렸습니다.", "The quota grew.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "2021"
    shutil.copytree(str(files("panro.editions") / "data" / "2021"), copy)
    return copy


def _change(folder: Path, code: str, old: str, new: str) -> None:
    file = folder / "programmes" / f"{code}.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.django_db
def test_a_folder_becomes_a_draft_with_its_rows() -> None:
    version = actions.load_edition_folder("2021", now=NOW)
    year = load_edition("2021")
    assert (version.number, version.state, version.published_at) == (1, "draft", None)
    assert version.digest == digest_of(document_of(year))
    rows = list(version.programmes.values_list("code", "quota", "unit", "method"))
    assert rows == [(one.code, one.quota, one.unit, one.method) for one in year.programmes]
    rounds = RoundRow.objects.filter(programme__version=version).values_list("programme__code", "code", "closes")
    assert set(rounds) == {(one.code, round_.code, round_.closes) for one in year.programmes for round_ in one.rounds}
    assert edition_of(version) == year


@pytest.mark.django_db
def test_loading_twice_changes_nothing(published: EditionVersion) -> None:
    before = Entry.objects.count()
    again = actions.load_edition_folder("2021", now=NOW + timedelta(days=1))
    assert again == published
    assert EditionVersion.objects.count() == 1
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_new_draft_replaces_the_draft_before(folder: Path) -> None:
    first = actions.load_edition_folder("2021", now=NOW)
    _change(folder, "1-1", 'en = "', 'en = "Free: ')
    second = actions.load_edition_folder(folder, now=NOW)
    assert second.pk != first.pk
    assert list(EditionVersion.objects.values_list("pk", "number")) == [(second.pk, 1)]


@pytest.mark.django_db
def test_publishing_is_checked_and_recorded() -> None:
    published = actions.publish(actions.load_edition_folder("2021", now=NOW), now=NOW)
    assert list(Entry.objects.values_list("act", "subject")) == [
        ("edition_drafted", "edition:2021"),
        ("edition_published", "edition:2021"),
    ]
    assert (published.state, published.reason, published.changes) == ("published", None, [])
    with pytest.raises(actions.TransitionError):
        actions.publish(published, now=NOW, reason=WHY)


@pytest.mark.django_db
def test_a_year_with_errors_is_not_published(folder: Path) -> None:
    _change(folder, "3-1", 'pillar = "channels"', 'pillar = "nowhere"')
    draft = actions.load_edition_folder(folder, now=NOW)
    with pytest.raises(EditionError, match="nowhere"):
        actions.publish(draft, now=NOW)
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.django_db
def test_an_amendment_has_a_reason_and_says_what_changed(published: EditionVersion, folder: Path) -> None:
    _change(folder, "1-4", 'name = { ko = "', 'name = { ko = "새 ')
    draft = actions.load_edition_folder(folder, now=NOW)
    with pytest.raises(actions.ReasonError, match="needs its reason"):
        actions.publish(draft, now=NOW)
    amended = actions.amend(folder, reason=WHY, now=NOW)
    published.refresh_from_db()
    assert (amended.number, amended.state, published.state) == (2, "published", "superseded")
    assert amended.reason == {"ko": WHY.ko, "en": WHY.en}
    assert [change["programme"] for change in amended.changes] == ["1-4"]
    assert "새 우수제품" in amended.changes[0]["ko"]


@pytest.mark.django_db
def test_the_first_version_has_no_reason() -> None:
    draft = actions.load_edition_folder("2021", now=NOW)
    with pytest.raises(actions.ReasonError, match="amends nothing"):
        actions.publish(draft, now=NOW, reason=WHY)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "refused"), [(16, False), (17, True)])
def test_rules_freeze_on_the_day_a_round_opens(
    published: EditionVersion, folder: Path, *, day: int, refused: bool
) -> None:
    _change(folder, "3-1", 'pass_mark = "60"', 'pass_mark = "65"')
    noon = datetime(2021, 3, day, 3, tzinfo=UTC)
    if refused:
        with pytest.raises(actions.FrozenRuleError, match=r"3-1, R1: opened on 2021-03-17, so stages stand"):
            actions.amend(folder, reason=WHY, now=noon)
        published.refresh_from_db()
        assert published.state == "published"
    else:
        assert actions.amend(folder, reason=WHY, now=noon).number == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("published")
def test_an_open_round_may_close_later_but_not_earlier(folder: Path) -> None:
    noon = datetime(2021, 4, 1, 3, tzinfo=UTC)
    found = load_edition("2021").programme("3-1").round("R1")
    _change(folder, "3-1", f"closes = {found.closes}", f"closes = {found.closes - timedelta(days=1)}")
    with pytest.raises(actions.FrozenRuleError, match="may close later but not earlier"):
        actions.amend(folder, reason=WHY, now=noon)


@pytest.mark.django_db
def test_export_writes_a_folder_that_loads_as_the_same(published: EditionVersion, tmp_path: Path) -> None:
    actions.export("2021", tmp_path / "out")
    assert load_edition(tmp_path / "out") == load_edition("2021")
    assert actions.load_edition_folder(tmp_path / "out", now=NOW) == published
    assert EditionVersion.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("published")
def test_export_of_what_is_not_published_says_what_is(tmp_path: Path) -> None:
    with pytest.raises(actions.NoEditionError, match=re.escape("no published edition '1999'; published are: 2021")):
        actions.export("1999", tmp_path / "out")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editions_editionversion SET document = '{}'",
        "UPDATE editions_editionversion SET state = 'draft', published_at = NULL",
        "UPDATE editions_editionversion SET state = 'superseded', digest = repeat('0', 64)",
        "DELETE FROM editions_roundrow",
        "DELETE FROM editions_programmerow",
        "UPDATE editions_programmerow SET quota = 1",
        (
            "INSERT INTO editions_roundrow SELECT gen_random_uuid(), position + 90, 'X' || code, name_ko, name_en,"
            " opens, closes, supplement_until, results_on, objections_until, seats, until_budget_used, programme_id"
            " FROM editions_roundrow LIMIT 1"
        ),
        "UPDATE editions_edition SET code = '1999'",
    ],
)
def test_the_database_refuses_to_change_what_is_published(published: EditionVersion, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert edition_of(published) == load_edition("2021")


@pytest.mark.django_db
@pytest.mark.parametrize("origin", list(VersionState))
@pytest.mark.parametrize("target", list(VersionState))
def test_the_table_of_transitions_is_that_of_the_database(origin: VersionState, target: VersionState) -> None:
    version = actions.load_edition_folder("2021", now=NOW)
    found = EditionVersion.objects.filter(pk=version.pk)
    if origin is not VersionState.DRAFT:
        found.update(state=VersionState.PUBLISHED, published_at=NOW)
    if origin is VersionState.SUPERSEDED:
        found.update(state=VersionState.SUPERSEDED)
    at = NOW if target is not VersionState.DRAFT else None
    allowed = target in TRANSITIONS[origin] or (origin, target) == (VersionState.DRAFT, VersionState.DRAFT)
    try:
        with transaction.atomic():
            found.update(state=target, published_at=at)
    except IntegrityError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.django_db
def test_a_second_draft_and_a_second_current_version_are_refused(published: EditionVersion) -> None:
    copy = {
        name: getattr(published, name) for name in ("edition_id", "document", "digest", "opens", "closes", "created_at")
    }
    EditionVersion.objects.create(number=2, **copy)
    with pytest.raises(IntegrityError, match="version_one_draft"), transaction.atomic():
        EditionVersion.objects.create(number=3, **copy)
    with pytest.raises(IntegrityError, match="version_one_current"), transaction.atomic():
        EditionVersion.objects.filter(number=2).update(state="published", published_at=NOW, reason={"ko": "", "en": ""})
    assert Edition.objects.count() == 1
    assert ProgrammeRow.objects.filter(version__number=2).count() == 0
