"""Years in the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from panro.editions import actions
from panro.editions.models import EditionVersion, VersionState
from panro.rules.edition.load import load_edition

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import Settings

    from panro.rules.edition.model import Edition

NOW = datetime(2021, 3, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def year() -> Edition:
    """The year that comes with the program."""
    return load_edition("2021")


@pytest.fixture
def published(db: None, year: Edition) -> EditionVersion:
    """The year, published; without the check of the whole, which takes longer than the rest."""
    del db
    version = actions._keep_draft(year, now=NOW, by=None)
    EditionVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED, published_at=NOW)
    return EditionVersion.objects.get(pk=version.pk)


@pytest.fixture
def publish_some(db: None, year: Edition) -> Callable[..., EditionVersion]:
    """Publish a year that has only some of its programmes, without the check of the whole."""
    del db

    def publish(*codes: str) -> EditionVersion:
        head = year.head.model_copy(update={"programmes": list(codes)})
        some = year.model_copy(update={"head": head, "programmes": [year.programme(code) for code in codes]})
        version = actions._keep_draft(some, now=NOW, by=None)
        reason = None if version.number == 1 else {"ko": "시험", "en": "a test"}
        found = EditionVersion.objects.filter(pk=version.pk)
        found.update(state=VersionState.PUBLISHED, published_at=NOW, reason=reason)
        return found.get()

    return publish


@pytest.fixture
def on_day(settings: Settings) -> Callable[[date], None]:
    """Let the pages stand on a day."""

    def stand(day: date) -> None:
        settings.PRETENDED_DAY = day

    return stand
