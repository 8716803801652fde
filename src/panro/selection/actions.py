"""What is done to results: publishing a round from its dossiers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from panro.dossier.audit import programme_payload
from panro.editions.documents import edition_of
from panro.editions.models import EditionVersion, VersionState
from panro.proof.canonical import encode
from panro.record.actions import record
from panro.record.models import Seal
from panro.selection.archive import Archive, write_archive
from panro.selection.dossiers import DossierError, DossierFolder, text
from panro.selection.loading import copy_dossier
from panro.selection.models import Outcome, PublishedRound
from panro.selection.summary import summary_of

if TYPE_CHECKING:
    from datetime import datetime

    from panro.accounts.models import User

type Verify = Callable[[Path], Sequence[str]]
"""Runs the verifier on a folder and gives what is wrong, nothing if the dossier is consistent.

A seam: rooms never import the verifier, so that it stays a second opinion; the roof passes it in.
"""

PUBLISHER: Final = "system:round_publisher"


class NotConsistentError(DossierError):
    """The verifier refused a dossier; ``differences`` is what it said."""

    def __init__(self, folder: Path, differences: Sequence[str]) -> None:
        super().__init__(f"{folder}: the verifier found {'; '.join(differences)}. Nothing was published")
        self.differences = list(differences)


def publish_dossier(
    public: Path, *, verify: Verify, now: datetime, auditor: Path | None = None, by: User | None = None
) -> PublishedRound:
    """Publish a round: verify its dossiers, load every line, keep the dossiers as files to download.

    Publishing the same dossier again changes nothing and returns what is published. An addendum takes the place of
    the publication it changes.

    Args:
        public: the folder of the public dossier.
        verify: the verifier.
        now: aware.
        auditor: the folder of the auditor's dossier with the same root; kept for auditors only, never listed.
        by: who publishes; None for a command.

    Raises:
        NotConsistentError: the verifier refused a dossier.
        DossierError: it is no public dossier, of no published edition, out of order, or mixes rehearsal and reality.
    """
    dossier = DossierFolder(public)
    _check_kinds(dossier, auditor)
    for folder in filter(None, (public, auditor)):
        if differences := verify(folder):
            raise NotConsistentError(folder, differences)
    if (already := PublishedRound.objects.filter(root=dossier.root).first()) is not None:
        return already
    with tempfile.TemporaryDirectory() as place:
        archive = write_archive(public, dossier.files(), Path(place) / "public.zip")
        sealed = (
            None
            if auditor is None
            else write_archive(auditor, DossierFolder(auditor).files(), Path(place) / "auditor.zip")
        )
        return _store(dossier, archive, sealed, now=now, by=by)


@transaction.atomic
def open_auditor_dossier(published: PublishedRound, *, by: str, now: datetime) -> None:
    """Write down that somebody opened the auditor's dossier, which holds personal data."""
    record(
        "auditor_dossier_opened",
        actor=by,
        subject=f"round:{published.round_id}",
        at=now,
        now=now,
        public={"round": published.round_id, "root": published.root},
    )


def _check_kinds(dossier: DossierFolder, auditor: Path | None) -> None:
    if dossier.kind != "public":
        raise DossierError(f"{dossier.folder}: a dossier of kind {dossier.kind}; only a public one is published")
    if auditor is None:
        return
    other = DossierFolder(auditor)
    if other.kind != "auditor" or other.root != dossier.root:
        raise DossierError(f"{auditor}: not the auditor's dossier with the root {dossier.root}")


def _store(
    dossier: DossierFolder, archive: Archive, sealed: Archive | None, *, now: datetime, by: User | None
) -> PublishedRound:
    """Save the files, then everything else in one transaction; if that fails, the files go again."""
    rules = dossier.rules
    place = f"dossiers/{text(rules, 'edition')}/{text(rules, 'programme')}/{text(rules, 'round')}/{dossier.root}"
    saved: list[str] = []
    try:
        saved.append(_save(f"{place}/public.zip", archive))
        if sealed is not None:
            saved.append(_save(f"{place}/auditor.zip", sealed))
        with transaction.atomic():
            return _publish(dossier, archive, saved, now=now, by=by)
    except BaseException:
        for name in saved:
            default_storage.delete(name)
        raise


def _save(name: str, archive: Archive) -> str:
    with archive.path.open("rb") as file:
        return default_storage.save(name, File(file))


def _publish(
    dossier: DossierFolder, archive: Archive, saved: Sequence[str], *, now: datetime, by: User | None
) -> PublishedRound:
    version, as_announced = _version_of(dossier)
    _check_reality(dossier)
    _replace_current(dossier)
    outcomes = dossier.outcomes()
    published = PublishedRound.objects.create(
        version=version,
        edition=text(dossier.rules, "edition"),
        programme=text(dossier.rules, "programme"),
        round=text(dossier.rules, "round"),
        number=dossier.number,
        simulated=dossier.simulated,
        as_announced=as_announced,
        root=dossier.root,
        head=dossier.head,
        published_at=now,
        published_by=by,
        seats=cast("int | None", dossier.rules["seats"]),
        receipts=outcomes.total(),
        selected=outcomes[Outcome.SELECTED],
        waiting=outcomes[Outcome.WAITING],
        not_selected=outcomes[Outcome.NOT_SELECTED],
        ineligible=outcomes[Outcome.INELIGIBLE],
        lapsed=outcomes[Outcome.LAPSED],
        withdrawn=outcomes[Outcome.WITHDRAWN],
        rules=dict(dossier.rules),
        draw=dict(dossier.draw),
        summary=summary_of(dossier).to_json(),
        public_file=saved[0],
        public_bytes=archive.length,
        public_sha256=archive.sha256,
        auditor_file=saved[1] if len(saved) > 1 else "",
    )
    copy_dossier(published.pk, dossier)
    record(
        "dossier_published",
        actor=PUBLISHER if by is None else str(by.pk),
        subject=f"round:{published.round_id}",
        at=now,
        now=now,
        public={
            "round": published.round_id,
            "root": published.root,
            "number": published.number,
            "simulated": published.simulated,
            "sha256": archive.sha256,
        },
    )
    return published


def _version_of(dossier: DossierFolder) -> tuple[EditionVersion, bool]:
    """The version under which the round was run, and whether its programme is the very same.

    That is the newest published one with this programme. A rehearsal may try other figures: it then goes with the
    newest version that has the round, and says so.
    """
    code, programme, round_ = (text(dossier.rules, key) for key in ("edition", "programme", "round"))
    versions = (
        EditionVersion.objects.filter(edition__code=code)
        .exclude(state=VersionState.DRAFT)
        .defer("document")
        .order_by("-number")
    )
    wanted = encode(dict(dossier.programme))
    nearest: EditionVersion | None = None
    for version in versions:
        edition = edition_of(version)
        try:
            found = edition.programme(programme)
            payload = programme_payload(edition.head, found, found.round(round_))
        except KeyError:
            continue
        if encode(payload) == wanted:
            return version, True
        nearest = nearest or version
    if nearest is not None and dossier.simulated:
        return nearest, False
    raise DossierError(
        f"{dossier.folder}: no published version of edition {code} has programme {programme} as this dossier has it; "
        "publish that edition first"
    )


def _check_reality(dossier: DossierFolder) -> None:
    if PublishedRound.objects.exclude(simulated=dossier.simulated).exists():
        mine, theirs = ("a rehearsal", "real results") if dossier.simulated else ("real results", "a rehearsal")
        raise DossierError(f"{dossier.folder}: {mine}, but this database holds {theirs}; use a database of its own")
    if not dossier.simulated and not Seal.objects.filter(head=dossier.head).exists():
        raise DossierError(f"{dossier.folder}: its head {dossier.head} is not of this agency's record")


def _replace_current(dossier: DossierFolder) -> None:
    """Let an addendum take the place of what is current; every addendum changes the first dossier (spec, 10)."""
    rules = dossier.rules
    of_round = PublishedRound.objects.filter(
        edition=text(rules, "edition"), programme=text(rules, "programme"), round=text(rules, "round")
    )
    current = of_round.select_for_update().filter(current=True).first()
    number = -1 if current is None else current.number
    first = of_round.filter(number=0).first()
    root = None if first is None else first.root
    if dossier.amends != root or dossier.number != number + 1:
        raise DossierError(
            f"{dossier.folder}: number {dossier.number} changing {dossier.amends or 'nothing'}; "
            f"expected number {number + 1} changing {root or 'nothing'}"
        )
    if current is None:
        return
    current.current = False
    current.save(update_fields=["current"])
