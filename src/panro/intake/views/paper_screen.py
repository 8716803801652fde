"""Papers of the application: chosen from the vault, or handed in on the spot, one document at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from panro.accounts.ids import as_uuid
from panro.accounts.language import say
from panro.intake import actions, following
from panro.intake.declarations import CODES
from panro.intake.errors import IntakeError, StaleError
from panro.intake.views.adding import PaperWanted, add_paper, where_to_get
from panro.intake.views.frame import NEXT, frame, move_on, revision_of
from panro.intake.views.guard import application_page
from panro.intake.views.wizard import Wizard
from panro.parties.access import Right
from panro.vault import kinds as vault_kinds
from panro.vault import queries as vault
from panro.vault.notices import reason_in_words
from panro.vault.states import CURRENT, PaperState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from panro.intake.models import Application
    from panro.intake.questions import DocumentAsked, Screen
    from panro.intake.views.guard import Opened
    from panro.vault.models import Paper


@dataclass(frozen=True, slots=True)
class PaperOffered:
    """A paper of the vault for a document."""

    paper: Paper
    chosen: bool
    too_old: bool
    """Whether it will have run out on the last day of the intake, by the days that the notice allows."""


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A document, and the papers that may serve for it."""

    asked: DocumentAsked
    where: str
    offered: list[PaperOffered]
    is_proposal: bool = False
    """Whether the ticks are proposed and not saved yet."""
    may_follow: bool = False
    """Whether it may be promised for later."""
    promised: bool = False
    """Whether the applicant said so."""
    refused: tuple[str, ...] = ()
    """Why papers that were chosen for it do not count any more."""

    @property
    def is_there(self) -> bool:
        """Whether a paper is chosen for it."""
        return not self.is_proposal and any(one.chosen for one in self.offered)

    @property
    def follows(self) -> bool:
        """Whether it is not there, and rightly promised for later."""
        return self.may_follow and self.promised and not self.is_there


def uploaded(wizard: Wizard) -> list[DocumentAsked]:
    """The documents of an application that are handed in as papers, not by a word on the page."""
    return [one for one in wizard.case.documents if one.code not in CODES]


def shown(
    wizard: Wizard, chosen: Mapping[str, set[UUID]] | None = None, promised: Collection[str] | None = None
) -> list[DocumentShown]:
    """Return every document with the papers that the vault has for it. Four queries."""
    asked = uploaded(wizard)
    held = vault.papers(wizard.opened.acting.party, [one.code for one in asked], on=wizard.day)
    picked = chosen_papers(wizard) if chosen is None else chosen
    refused = refused_papers(wizard.application)
    round_ = wizard.opened.call.round_
    told = set(wizard.application.promises.values_list("code", flat=True)) if promised is None else promised
    return [
        DocumentShown(
            one,
            where_to_get(one.code),
            [
                PaperOffered(paper, paper.pk in picked.get(one.code, set()), _too_old(one, paper, round_.closes))
                for paper in held
                if paper.kind == one.code
            ],
            may_follow=following.may_follow(one, round_),
            promised=one.code in told,
            refused=refused.get(one.code, ()),
        )
        for one in asked
    ]


def chosen_papers(wizard: Wizard) -> dict[str, set[UUID]]:
    """Return the papers chosen so far that still count, by document. One query."""
    found: dict[str, set[UUID]] = {}
    counting = wizard.application.papers.filter(paper__state__in=CURRENT)
    for code, paper in counting.values_list("code", "paper_id"):
        found.setdefault(code, set()).add(paper)
    return found


def refused_papers(application: Application) -> dict[str, tuple[str, ...]]:
    """Return why papers do not count that were chosen and then not accepted, by document. One query."""
    found: dict[str, tuple[str, ...]] = {}
    rows = application.papers.filter(paper__state=PaperState.REJECTED)
    for code, name, why in rows.values_list("code", "paper__file__name", "paper__reason"):
        found[code] = (*found.get(code, ()), f"{name or vault_kinds.name_of(code)}: {reason_in_words(why)}")
    return found


def _too_old(asked: DocumentAsked, paper: Paper, on: date) -> bool:
    days = asked.document.valid_days
    by_notice = days is not None and paper.issued_on is not None and (on - paper.issued_on).days > days
    return by_notice or (paper.valid_to is not None and paper.valid_to < on)


def papers(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Choose among the papers of the vault, and save."""
    if request.method == "POST":
        return _sent(request, wizard, screen)
    documents = shown(wizard)
    if not any(one.is_there for one in documents):
        documents = _proposed(documents)
    return _shown(request, wizard, screen, documents)


def _proposed(documents: Sequence[DocumentShown]) -> list[DocumentShown]:
    """Where nothing was chosen yet, the newest paper that is still good on the last day is proposed."""
    found = []
    for one in documents:
        good = None if one.follows else next((paper for paper in one.offered if not paper.too_old), None)
        offers = [PaperOffered(paper.paper, paper is good, paper.too_old) for paper in one.offered]
        found.append(replace(one, offered=offers, is_proposal=good is not None))
    return found


def _sent(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    go = request.POST.get("go", NEXT)
    wanted = {
        one.code: [found for text in request.POST.getlist(f"paper.{one.code}")[:50] if (found := as_uuid(text))]
        for one in uploaded(wizard)
    }
    ticked = {code for code in wanted if request.POST.get(f"promise.{code}") == "yes"}
    # A promise is not needed where a paper is chosen, and goes with the document where that is asked no more.
    promises = {code: code in ticked and not ids for code, ids in wanted.items()}
    if error := save(wizard, wanted, revision_of(request.POST), promises):
        documents = shown(wizard, {code: set(ids) for code, ids in wanted.items()}, ticked)
        return _shown(request, wizard, screen, documents, error=error, status=HTTPStatus.CONFLICT)
    if go.startswith("add:") and (code := go.removeprefix("add:")) in wanted:
        return redirect("intake:add_paper", wizard.application.pk, code)
    return move_on(request, wizard, screen)


def save(wizard: Wizard, wanted: Mapping[str, Sequence[UUID]], revision: int, promises: Mapping[str, bool]) -> str:
    """Save the choice of papers, and which are to follow; returns what is wrong, empty if nothing is."""
    try:
        actions.choose_papers(
            wizard.application.pk,
            wanted,
            revision=revision,
            by=wizard.opened.acting.user,
            now=timezone.now(),
            promises=promises,
        )
    except StaleError as stale:
        wizard.application.revision = stale.stored.revision
        return _("Another window changed the papers. Your choice is ticked here; save again to keep it.")
    except IntakeError as wrong:
        return say(wrong.text)
    return ""


def _shown(
    request: HttpRequest,
    wizard: Wizard,
    screen: Screen,
    documents: Sequence[DocumentShown],
    *,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    required = [one for one in documents if one.asked.is_required]
    context = {
        **frame(wizard, screen),
        "required": required,
        "optional": [one for one in documents if not one.asked.is_required],
        "there": sum(one.is_there for one in required),
        "following": sum(one.follows for one in required),
        "follow_until": following.last_day(wizard.opened.call.round_),
        "error": error,
        "supplement_until": wizard.opened.call.round_.supplement_until,
    }
    return render(request, "intake/steps/documents.html", context, status=status)


@application_page(Right.EDIT)
def add(request: HttpRequest, opened: Opened, code: str) -> HttpResponseBase:
    """Hand one paper in and choose it for its document."""
    if not opened.is_draft:
        return redirect("intake:application", opened.application.pk)
    wizard = Wizard(opened)
    asked = next((one for one in uploaded(wizard) if one.code == code), None)
    kind = vault_kinds.kinds().get(code)
    if asked is None or kind is None:
        raise Http404

    def then(paper: Paper) -> HttpResponse:
        if error := _choose_too(wizard, code, paper):
            messages.warning(request, error)
        else:
            messages.success(request, _("The paper is in your vault and chosen for this application."))
        return redirect(wizard.address("documents"))

    wanted = PaperWanted(kind, say(asked.document.name.text), wizard.address("documents"))
    return add_paper(request, opened, wanted, day=wizard.day, then=then)


def _choose_too(wizard: Wizard, code: str, paper: Paper) -> str:
    """Choose a new paper beside those chosen; if it replaces an older one of a kind with a validity, instead of it.

    Returns what is wrong, empty if nothing is.
    """
    before = chosen_papers(wizard).get(code, set())
    kind = vault_kinds.kind(code)
    keep = set() if kind.bears_issue else before
    wizard.application.refresh_from_db(fields=["revision"])
    return save(wizard, {code: sorted({*keep, paper.pk})}, wizard.application.revision, {code: False})
