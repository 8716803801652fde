"""Handing a paper in on the spot: for a document of an application, or for one that an officer asked for."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils import timezone

from panro.accounts.ids import as_uuid, new_id
from panro.files.models import StoredFile
from panro.files.refusals import explain
from panro.files.states import State
from panro.intake.paper_form import PURPOSE, PaperForm
from panro.vault import kinds

USABLE: Final = frozenset({State.PENDING, State.CLEAN, State.FAILED})
"""Of a file that waited while another field was mended; a worker may have looked at it in the meantime."""

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from panro.intake.views.guard import Opened
    from panro.vault.kinds import Kind
    from panro.vault.models import Paper


@dataclass(frozen=True, slots=True)
class PaperWanted:
    """What is to be handed in: its kind, how it is called here, why it is asked for, and the page one came from."""

    kind: Kind
    title: str
    back: str
    why: str = ""


def where_to_get(code: str) -> str:
    """Where a paper is to be had; empty if nobody wrote it down."""
    kind = kinds.kinds().get(code)
    return "" if kind is None else kinds.where_to_get(kind)


def add_paper(
    request: HttpRequest, opened: Opened, wanted: PaperWanted, *, day: date, then: Callable[[Paper], HttpResponse]
) -> HttpResponse:
    """Show the form, or take the paper into the vault and go on with ``then``.

    A file that arrived with a wrong form is kept, and the same form sent twice makes one paper.
    """
    kept = _kept_file(request, opened)
    unusable = "" if kept is None or kept.state in USABLE else explain(kept.reason)
    if unusable:
        kept = None
    identity = as_uuid(request.POST.get("identity")) or new_id()
    form = PaperForm(kind=wanted.kind, kept=kept.pk if kept else None)
    if request.method == "POST":
        form = PaperForm(
            request.POST, request.FILES, kind=wanted.kind, kept=kept.pk if kept else None, unusable=unusable
        )
        who = opened.acting.user
        if not form.is_valid():
            form.keep_file(by=who, now=timezone.now())
        elif paper := form.hand_in(opened.acting.party, by=who, now=timezone.now(), today=day, identity=identity):
            return then(paper)
    context = {
        "opened": opened,
        "application": opened.application,
        "call": opened.call,
        "title": wanted.title,
        "why": wanted.why,
        "where": kinds.where_to_get(wanted.kind),
        "form": form,
        "kept": StoredFile.objects.filter(pk=form.kept).first() if form.kept else None,
        "identity": identity,
        "back": wanted.back,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "intake/add_paper.html", context, status=status)


def _kept_file(request: HttpRequest, opened: Opened) -> StoredFile | None:
    """Return the file that arrived with the form before, when another field was wrong."""
    found = as_uuid(request.POST.get("kept"))
    if found is None:
        return None
    return StoredFile.objects.filter(pk=found, owner=opened.acting.user, purpose=PURPOSE).first()
