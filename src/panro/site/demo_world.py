"""What a demonstration holds beside an empty site, and what its visitor is told to look at.

The demonstration pretends that it is a day in autumn of the edition's year: most rounds are decided and published, some
are open. Companies are invented, and places are scaled down with their number, so that not everybody is selected.
"""

from __future__ import annotations

import json
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from panro.editions.actions import load_edition_folder, publish
from panro.editions.models import VersionState
from panro.rehearsal.population import default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rehearsal.what_if import scaled_edition
from panro.rules.edition.load import load_edition
from panro.selection.actions import publish_dossier
from panro.selection.models import PublishedRound
from panro.site.verifying import differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EDITION: Final = "2021"
COMPANIES: Final = 1_200
SEED: Final = 2021
PRETENDED_DAY: Final = date(2021, 10, 20)
_MORNING: Final = clock_time(1, tzinfo=UTC)  # ten o'clock in Seoul


def steps() -> list[tuple[str, Callable[[], str]]]:
    """Title and act of each step that fills the demonstration, in order; each does nothing when done before."""
    return [
        (_("Publishing the 2021 edition"), _publish_edition),
        (_("Rehearsing its year with invented companies"), _rehearse_year),
        (_("Verifying and publishing the results, marked as a rehearsal"), _publish_results),
    ]


def what_to_look_at() -> list[str]:
    """Sentences for the terminal, printed under the address."""
    return [
        _("Answer a few questions under “What may I get?”: every programme's rules run on your answers."),
        _("Open a result, download its dossier, and recompute it: panro verify FOLDER."),
        _("Sign up, and open the link in the mail to confirm the address."),
    ]


def _publish_edition() -> str:
    version = load_edition_folder(EDITION, now=timezone.now())
    if version.state == VersionState.PUBLISHED:
        return _("unchanged")
    publish(version, now=timezone.now())
    return ""


def _rehearse_year() -> str:
    folder = _folder()
    if (folder / "rehearsal.json").exists():
        return _("unchanged")
    if folder.exists():
        shutil.rmtree(folder)  # a rehearsal that was interrupted
    edition = scaled_edition(load_edition(EDITION), COMPANIES)
    done = rehearse(edition, default_population(), Options(COMPANIES, SEED, folder), timer=time.perf_counter)
    count = len(done.dossiers)
    return ngettext("%(count)d dossier", "%(count)d dossiers", count) % {"count": count}


def _publish_results() -> str:
    known = set(PublishedRound.objects.values_list("root", flat=True))
    fresh = [(folder, day) for folder, day in _dossiers(_folder()) if _root_of(folder) not in known]
    for folder, day in fresh:
        now = datetime.combine(day, _MORNING)
        publish_dossier(folder / "public", auditor=folder / "auditor", verify=differences, now=now)
    count = len(fresh)
    return ngettext("%(count)d dossier", "%(count)d dossiers", count) % {"count": count} if count else _("unchanged")


def _folder() -> Path:
    folder: Path = settings.VAR / "rehearsal"
    return folder


def _root_of(folder: Path) -> str:
    root: str = json.loads((folder / "public" / "manifest.json").read_bytes())["root"]
    return root


def _dossiers(year: Path) -> Iterator[tuple[Path, date]]:
    """All dossiers that are out by the pretended day, each before the addendum that changes it."""
    edition = load_edition(EDITION)
    for programme in edition.programmes:
        for round_ in programme.rounds:
            folder = year / programme.code / round_.code
            for number, changed in enumerate([folder, *sorted(folder.glob("addendum-*"))]):
                day = round_.results_on if not number else round_.objections_until + timedelta(days=14)
                if changed.is_dir() and day <= PRETENDED_DAY:
                    yield changed, day
