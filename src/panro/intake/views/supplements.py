"""Answering what the officer asked for: papers from the vault or handed in on the spot, and questions."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from panro.accounts.ids import as_uuid
from panro.accounts.language import say
from panro.intake import actions
from panro.intake.actions import Answered
from panro.intake.errors import IntakeError
from panro.intake.forms import kept_text
from panro.intake.models import ItemKind
from panro.intake.states import SupplementState
from panro.intake.views.adding import PaperWanted, add_paper, where_to_get
from panro.intake.views.guard import application_page
from panro.intake.views.waiting import open_requests
from panro.intake.views.wizard import Wizard
from panro.parties.access import Right
from panro.ui.clock import today
from panro.vault import kinds as vault_kinds
from panro.vault import queries as vault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from panro.intake.models import Supplement, SupplementItem
    from panro.intake.views.guard import Opened
    from panro.vault.models import Paper

LONGEST_ANSWER: Final = 1000


@dataclass(slots=True)
class ItemShown:
    """One thing asked for, with the papers that may answer it, or what was typed."""

    item: SupplementItem
    due: date
    why: str
    label: str
    where: str
    papers: list[Paper]
    typed: str
    chosen: str

    @property
    def is_document(self) -> bool:
        """Whether a paper is asked for."""
        return self.item.kind == ItemKind.DOCUMENT

    @property
    def is_done(self) -> bool:
        """Whether it was answered before."""
        return self.item.answered_at is not None


@application_page(Right.EDIT)
def answer(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """All things asked for; some may be answered now and others later."""
    asked = open_requests(opened.application)
    if not asked:
        return redirect("intake:application", opened.application.pk)
    items = _items(request, Wizard(opened), asked)
    error = ""
    if request.method == "POST":
        go = request.POST.get("go", "")
        answers = _answers(items, asked)
        if go.startswith("add:") and (code := go.removeprefix("add:")) in {one.item.code for one in items}:
            return redirect("intake:add_supplement", opened.application.pk, code)
        if not opened.may(Right.SUBMIT):
            error = _("Your role lets you prepare answers. An owner or manager must send them.")
        elif not answers:
            error = _("Nothing is answered yet. Choose a paper or write an answer.")
        else:
            try:
                done = actions.answer_supplements(answers, by=opened.acting.user.pk, now=timezone.now(), today=today())
            except IntakeError as wrong:
                error = say(wrong.text)
            else:
                text = _("Your answers are sent. Some points are still open.")
                if len(done) == len(asked) and all(one.state == SupplementState.ANSWERED for one in done):
                    text = _("Everything asked for is sent. The officer goes on with the review.")
                messages.success(request, text)
                return redirect("intake:application", opened.application.pk)
    context = {
        "opened": opened,
        "application": opened.application,
        "call": opened.call,
        "due": asked[0].due,
        "left": (asked[0].due - today()).days,
        "items": items,
        "open_count": sum(not one.is_done for one in items),
        "error": error,
        "may_send": opened.may(Right.SUBMIT),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "intake/supplement.html", context, status=status)


@application_page(Right.EDIT)
def add(request: HttpRequest, opened: Opened, code: str) -> HttpResponseBase:
    """Hand in a paper that is asked for; it is chosen on the page of answers."""
    found = [item for asked in open_requests(opened.application) for item in asked.items.all()]
    item = next((one for one in found if (one.kind, one.code) == (ItemKind.DOCUMENT, code)), None)
    kind = vault_kinds.kinds().get(code)
    if item is None or kind is None:
        raise Http404

    def then(_paper: Paper) -> HttpResponse:
        messages.success(request, _("The paper is in your vault. Check it below and send your answers."))
        return redirect("intake:supplement", opened.application.pk)

    back = reverse("intake:supplement", args=[opened.application.pk])
    wanted = PaperWanted(kind, vault_kinds.name_of(code), back, why=_why(item))
    return add_paper(request, opened, wanted, day=today(), then=then)


def _items(request: HttpRequest, wizard: Wizard, asked: Sequence[Supplement]) -> list[ItemShown]:
    """Everything that is waited for; what an officer asked for and was promised too stands there once."""
    rows: dict[tuple[str, str], tuple[Supplement, SupplementItem]] = {}
    for one in asked:
        for item in one.items.all():
            rows.setdefault((item.kind, item.code), (one, item))
    codes = [code for kind, code in rows if kind == ItemKind.DOCUMENT]
    held = vault.papers(wizard.opened.acting.party, codes, on=wizard.day) if codes else []
    names = {one.code: say(one.name.text) for one in wizard.opened.call.programme.documents}
    questions = {question.code: say(question.label) for screen in wizard.screens for question in screen.questions}
    shown = []
    for one, row in rows.values():
        papers = [paper for paper in held if paper.kind == row.code]
        newest = str(papers[0].pk) if papers else ""
        shown.append(
            ItemShown(
                item=row,
                due=one.due,
                why=_why(row),
                label=names.get(row.code) or questions.get(row.code) or vault_kinds.name_of(row.code),
                where=where_to_get(row.code) if row.kind == ItemKind.DOCUMENT else "",
                papers=papers,
                typed=kept_text(request.POST.get(f"answer.{row.code}", ""))[:LONGEST_ANSWER],
                chosen=request.POST.get(f"paper.{row.code}", newest),
            )
        )
    return shown


def _why(item: SupplementItem) -> str:
    """Why something is waited for, in the language of the page where nobody wrote it by hand."""
    return _("You said that this paper would follow.") if item.supplement.promised else item.why


def _answers(items: Sequence[ItemShown], asked: Sequence[Supplement]) -> dict[UUID, list[Answered]]:
    """What is answered, by request; one paper answers every request that waits for it."""
    given = {
        (one.item.kind, one.item.code): found
        for one in items
        if not one.is_done and (found := _answered(one)) is not None
    }
    answers = {
        one.pk: [
            given[item.kind, item.code]
            for item in one.items.all()
            if item.answered_at is None and (item.kind, item.code) in given
        ]
        for one in asked
    }
    return {key: found for key, found in answers.items() if found}


def _answered(shown: ItemShown) -> Answered | None:
    if not shown.is_document:
        text = shown.typed.strip()
        return Answered(ItemKind.QUESTION, shown.item.code, value=text) if text else None
    paper = as_uuid(shown.chosen)
    return None if paper is None else Answered(ItemKind.DOCUMENT, shown.item.code, paper=paper)
