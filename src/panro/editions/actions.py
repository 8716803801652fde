"""What is done to editions: load a folder as a draft, publish it, amend what is published, write it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from panro.accounts.lifecycles import leads
from panro.editions.changes import changes_between, frozen_problems
from panro.editions.clock import day_of
from panro.editions.documents import digest_of, document_of, edition_of
from panro.editions.models import TRANSITIONS, Edition, EditionVersion, ProgrammeRow, RoundRow, VersionState
from panro.record.actions import record
from panro.rules.edition.check import check_edition
from panro.rules.edition.load import load_edition
from panro.rules.edition.problems import EditionError
from panro.rules.edition.write import write_edition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from panro.accounts.models import User
    from panro.korea.text import Text
    from panro.rules.edition.model import Edition as Year
    from panro.rules.edition.programme import Programme

LOADER: Final = "system:edition_loader"


class TransitionError(RuntimeError):
    """A version cannot go from the state it is in to the one wanted."""


class FrozenRuleError(ValueError):
    """An amendment touches what froze when a round opened; ``problems`` says what, and how to mend it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class ReasonError(ValueError):
    """An amendment without a reason, or a first version with one."""


class NoEditionError(LookupError):
    """There is no such edition, or nothing of it is published."""


@transaction.atomic
def load_edition_folder(source: str | Path, *, now: datetime, by: User | None = None) -> EditionVersion:
    """Read a folder of TOML, or an edition that comes with the program, and keep it as the edition's draft.

    A draft there is replaced. If what is read is already published, nothing changes and the published version is
    returned.

    Args:
        source: a folder, or a code such as ``2021``.
        now: aware.
        by: who loads it; None for a task or a command.

    Raises:
        EditionError: with every problem of the folder.
    """
    return _keep_draft(load_edition(source), now=now, by=by)


@transaction.atomic
def publish(
    version: EditionVersion, *, now: datetime, by: User | None = None, reason: Text | None = None
) -> EditionVersion:
    """Publish a draft; the version published before is superseded, and what changed is published with it.

    Args:
        version: a draft.
        now: aware.
        by: who publishes; None for a command.
        reason: why it is amended; needed from the second version on.

    Raises:
        TransitionError: it is not a draft.
        ReasonError: an amendment without reason, or the first version with one.
        EditionError: the check of the whole year found errors.
        FrozenRuleError: a round that has opened would get other rules.
    """
    edition = Edition.objects.select_for_update().get(pk=version.edition_id)
    draft = EditionVersion.objects.select_for_update().get(pk=version.pk)
    before = edition.versions.select_for_update().filter(state=VersionState.PUBLISHED).first()
    _check_transition(draft, VersionState.PUBLISHED)
    if (reason is None) != (before is None):
        raise ReasonError(
            "an amendment needs its reason" if before else "the first version amends nothing, so it has no reason"
        )
    new = edition_of(draft)
    if errors := check_edition(new).errors:
        raise EditionError(errors)
    if before is not None:
        old = edition_of(before)
        if problems := frozen_problems(old, new, day=day_of(now)):
            raise FrozenRuleError(problems)
        draft.changes = changes_between(old, new)
        _supersede(before)
    draft.state = VersionState.PUBLISHED
    draft.published_at, draft.published_by = now, by
    draft.reason = None if reason is None else {"ko": reason.ko, "en": reason.en}
    draft.save()
    record(
        "edition_published" if before is None else "edition_amended",
        actor=LOADER if by is None else str(by.pk),
        subject=f"edition:{edition.code}",
        at=now,
        now=now,
        public={"edition": edition.code, "version": draft.number, "digest": draft.digest},
    )
    return draft


@transaction.atomic
def amend(source: str | Path, *, reason: Text, now: datetime, by: User | None = None) -> EditionVersion:
    """Load a folder and publish it as the next version, with its reason and a public list of what changed.

    If the folder holds what is published already, nothing changes. Raises what `load_edition_folder` and
    `publish` raise.
    """
    version = load_edition_folder(source, now=now, by=by)
    if version.state == VersionState.PUBLISHED:
        return version
    return publish(version, now=now, by=by, reason=reason)


def export(code: str, folder: Path) -> EditionVersion:
    """Write the published version of an edition as a folder; loading it again changes nothing.

    Raises:
        NoEditionError: nothing is published under this code.
        EditionError: the folder is not empty.
    """
    version = EditionVersion.objects.filter(edition__code=code, state=VersionState.PUBLISHED).first()
    if version is None:
        codes = ", ".join(_published_codes()) or "none"
        raise NoEditionError(f"no published edition {code!r}; published are: {codes}")
    write_edition(edition_of(version), folder)
    return version


def _published_codes() -> list[str]:
    return list(
        EditionVersion.objects.filter(state=VersionState.PUBLISHED)
        .order_by("edition__code")
        .values_list("edition__code", flat=True)
    )


def _keep_draft(year: Year, *, now: datetime, by: User | None) -> EditionVersion:
    document = document_of(year)
    digest = digest_of(document)
    Edition.objects.bulk_create([Edition(code=year.head.code)], ignore_conflicts=True)
    edition = Edition.objects.select_for_update().get(code=year.head.code)
    known = list(edition.versions.defer("document").order_by("number"))
    versions = {version.state: version for version in known}
    draft, current = versions.get(VersionState.DRAFT), versions.get(VersionState.PUBLISHED)
    if draft is not None and draft.digest == digest:
        return draft
    number = 1 + max((one.number for one in known if one.state != VersionState.DRAFT), default=0)
    if draft is not None:
        draft.delete()
    if current is not None and current.digest == digest:
        return current
    version = EditionVersion.objects.create(
        edition=edition,
        number=number,
        document=document,
        digest=digest,
        opens=year.head.window.opens,
        closes=year.head.window.closes,
        created_at=now,
    )
    _write_rows(version, year)
    record(
        "edition_drafted",
        actor=LOADER if by is None else str(by.pk),
        subject=f"edition:{edition.code}",
        at=now,
        now=now,
        public={"edition": edition.code, "version": version.number, "digest": digest},
    )
    return version


def _write_rows(version: EditionVersion, year: Year) -> None:
    rows = [_programme_row(version, place, programme) for place, programme in enumerate(year.programmes, start=1)]
    ProgrammeRow.objects.bulk_create(rows)
    RoundRow.objects.bulk_create(
        RoundRow(
            programme=row,
            position=place,
            code=round_.code,
            name_ko=round_.name.ko,
            name_en=round_.name.en,
            opens=round_.opens,
            closes=round_.closes,
            supplement_until=round_.supplement_until,
            results_on=round_.results_on,
            objections_until=round_.objections_until,
            seats=round_.seats,
            until_budget_used=round_.until_budget_used,
        )
        for row, programme in zip(rows, year.programmes, strict=True)
        for place, round_ in enumerate(programme.rounds, start=1)
    )


def _programme_row(version: EditionVersion, place: int, programme: Programme) -> ProgrammeRow:
    return ProgrammeRow(
        version=version,
        position=place,
        code=programme.code,
        pillar=programme.pillar,
        name_ko=programme.name.ko,
        name_en=programme.name.en,
        summary_ko=programme.summary.ko,
        summary_en=programme.summary.en,
        pilot=programme.pilot,
        quota=programme.quota,
        unit=programme.unit,
        method=programme.method,
        applicants=[applicant.type for applicant in programme.applicants],
        kinds=list(dict.fromkeys(kind.kind for kind in programme.kinds)),
        opens=min((round_.opens for round_ in programme.rounds), default=None),
        closes=max((round_.closes for round_ in programme.rounds), default=None),
    )


def _check_transition(version: EditionVersion, wanted: VersionState) -> None:
    if not leads(TRANSITIONS, version.state, wanted):
        raise TransitionError(f"version {version.number} is {version.state} and cannot become {wanted}; load it again")


def _supersede(version: EditionVersion) -> None:
    _check_transition(version, VersionState.SUPERSEDED)
    version.state = VersionState.SUPERSEDED
    version.save(update_fields=["state"])
