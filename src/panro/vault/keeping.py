"""What is kept no longer than it is needed, and what must hold of what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from panro.files import actions as files
from panro.files.models import StoredFile
from panro.files.states import State
from panro.record.doctor import Broken, Check, register
from panro.vault.actions.papers import PURPOSE
from panro.vault.kinds import kinds
from panro.vault.models import Paper, StoredFact
from panro.vault.states import PaperState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

UNATTACHED_FOR: Final = timedelta(days=2)
"""A form left open over night still finds its file."""
ACTOR: Final = "system:vault"
BATCH: Final = 500


def clear_unattached(*, now: datetime) -> int:
    """Destroy files chosen for a paper more than two days ago that no paper ever took; returns how many."""
    cleared = 0
    while count := _clear_batch(now):
        cleared += count
    return cleared


@transaction.atomic
def _clear_batch(now: datetime) -> int:
    taken = Paper.objects.filter(file=OuterRef("pk"))
    left = StoredFile.objects.filter(~Exists(taken), purpose=PURPOSE, created__lt=now - UNATTACHED_FOR)
    # Locked first, and looked at again: a form that is being sent at this moment holds the lock on its file.
    rows = left.exclude(state=State.DESTROYED).select_for_update(skip_locked=True).order_by("id")[:BATCH]
    found = [row.pk for row in rows]
    held = set(Paper.objects.filter(file__in=found).values_list("file", flat=True))
    return files.destroy([pk for pk in found if pk not in held], actor=ACTOR, reason="never_handed_in", now=now)


def register_checks() -> None:
    """Tell the doctor what must hold."""
    register(Check("vault: a paper stands where its file stands", _papers_and_files))
    register(Check("vault: what an unaccepted paper showed does not count", _facts_of_refused))
    register(Check("vault: every paper is of a kind that is known", _kinds))


def _papers_and_files() -> Iterator[Broken]:
    unread = Q(state=PaperState.ARRIVING, file__state=State.CLEAN)
    unsafe = Q(state__in=[PaperState.UNREAD, PaperState.VERIFIED]) & ~Q(file__state=State.CLEAN) & Q(file__isnull=False)
    for paper in Paper.objects.filter(unread | unsafe).select_related("file").order_by("id").iterator():
        state = "" if paper.file is None else paper.file.state
        yield Broken(f"paper {paper.pk}", "a state that fits its file", f"{paper.state} with a file that is {state}")


def _facts_of_refused() -> Iterator[Broken]:
    rows = StoredFact.objects.filter(paper__state=PaperState.REJECTED).exclude(withdrawn_on=F("known_from"))
    for fact in rows.order_by("id").iterator():
        yield Broken(f"fact {fact.pk}", "void", "it counts, though its paper was not accepted")


def _kinds() -> Iterator[Broken]:
    for kind in (
        Paper.objects.exclude(kind__in=list(kinds())).order_by("kind").values_list("kind", flat=True).distinct()
    ):
        yield Broken(f"papers of kind {kind}", "a kind in papers.toml or registered by a room above", "nobody knows it")
