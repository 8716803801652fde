"""The papers of a party, for its own people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panro.accounts.lifecycles import WrongStateError
from panro.parties.access import Right
from panro.parties.views.guard import party_page
from panro.ui.clock import today
from panro.ui.pager import BadCursorError, neighbours, paginate
from panro.vault import kinds, queries
from panro.vault.actions import add_paper, remove
from panro.vault.errors import PaperInUseError, VaultError
from panro.vault.forms import PaperForm
from panro.vault.showing import FILTERS, PaperShown, fact_rows, shown_papers
from panro.vault.states import PaperState

if TYPE_CHECKING:
    from panro.parties.views.guard import Acting
    from panro.vault.models import Paper

PAGE: Final = 30


@party_page(Right.VIEW)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """All papers, those that count first asked for; by kind and state."""
    chosen = request.GET.get("show", "current")
    kind = request.GET.get("kind", "")
    day = today()
    if chosen not in FILTERS:
        raise Http404
    rows = FILTERS[chosen].narrow(queries.all_papers(acting.party), day)
    held = set(queries.all_papers(acting.party).order_by().values_list("kind", flat=True).distinct())
    if kind:
        rows = rows.filter(kind=kind)
    try:
        page = paginate(rows, order=["-added_at", "-id"], cursor=request.GET.get("page"), size=PAGE)
    except BadCursorError:
        raise Http404 from None
    context = {
        "papers": shown_papers(page.rows, day),
        **neighbours(page, request.GET),
        "filters": [(code, one.label, code == chosen) for code, one in FILTERS.items()],
        "chosen": chosen,
        "kind": kind,
        "kinds": [(code, kinds.name_of(code)) for code in kinds.kinds() if code in held],
        "any": bool(held),
        "may_edit": acting.may(Right.EDIT),
        "conflicts": len(queries.conflicts(acting.party, on=day)),
    }
    return render(request, "vault/papers.html", context)


@party_page(Right.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Hand a paper in: first which, then the paper."""
    code = request.GET.get("kind", "")
    if not code:
        return _choose(request)
    try:
        kind = kinds.kind(code)
    except kinds.UnknownKindError:
        raise Http404 from None
    old = _replaced(request, acting, kind)
    now, day = timezone.now(), today()
    sent = request.method == "POST"
    form = PaperForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        kind=kind,
        owner=acting.user,
        now=now,
        today=day,
    )
    if sent and form.is_valid():
        try:
            paper = add_paper(
                acting.party,
                kind.code,
                by=acting.user,
                now=now,
                today=day,
                replaces=None if old is None else old.pk,
                **form.given,
            )
        except VaultError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, _("%(paper)s has been handed in.") % {"paper": kind.name})
            return redirect(_next(request) or reverse("vault:paper", args=[acting.party.pk, paper.pk]))
    context = {
        "form": form,
        "kind": kind,
        "where": kinds.where_to_get(kind),
        "old": old,
        "query": request.GET.urlencode(),
        "next": _next(request),
    }
    return render(request, "vault/paper_add.html", context, status=200 if not sent else 422)


@party_page(Right.VIEW)
def show(request: HttpRequest, acting: Acting, paper: UUID) -> HttpResponse:
    """One paper with all that is known of it."""
    if gone := queries.destroyed_by_term(acting.party, paper):
        return render(request, "vault/paper_destroyed.html", {"paper": gone, "name": kinds.name_of(gone.kind)})
    found = _paper(acting, paper)
    context = {
        "paper": PaperShown(found, today()),
        "facts": fact_rows(found),
        "may_edit": acting.may(Right.EDIT),
        "in_use": queries.in_use([found.pk]),
    }
    return render(request, "vault/paper.html", context)


@party_page(Right.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, acting: Acting, paper: UUID) -> HttpResponse:
    """Ask once more, then remove a paper with its file."""
    found = _paper(acting, paper)
    if request.method == "POST":
        try:
            remove(found.pk, party=acting.party, by=acting.user, now=timezone.now(), today=today())
        except PaperInUseError as wrong:
            messages.error(request, str(wrong))
            return redirect("vault:paper", acting.party.pk, found.pk)
        except WrongStateError:
            pass  # removed in another window: it is gone, as was asked
        messages.success(request, _("%(paper)s has been removed.") % {"paper": kinds.name_of(found.kind)})
        return redirect("vault:papers", acting.party.pk)
    context = {
        "paper": PaperShown(found, today()),
        "facts": fact_rows(found),
        "in_use": queries.in_use([found.pk]),
    }
    return render(request, "vault/paper_remove.html", context)


def _choose(request: HttpRequest) -> HttpResponse:
    carried = request.GET.copy()
    groups = []
    for code, group in kinds.groups().items():
        inside = []
        for kind in kinds.kinds().values():
            if kind.group == code:
                carried["kind"] = kind.code
                inside.append((kind, carried.urlencode()))
        groups.append((group, inside))
    return render(request, "vault/paper_choose.html", {"groups": groups})


def _paper(acting: Acting, paper: UUID) -> Paper:
    found = queries.all_papers(acting.party).select_related("replaces", "added_by").filter(pk=paper).first()
    if found is None:
        raise Http404
    return found


def _replaced(request: HttpRequest, acting: Acting, kind: kinds.Kind) -> Paper | None:
    text = request.GET.get("replaces", "")
    if not text:
        return None
    try:
        found = _paper(acting, UUID(text))
    except ValueError:
        raise Http404 from None
    if found.kind != kind.code or found.state == PaperState.REPLACED:
        raise Http404
    return found


def _next(request: HttpRequest) -> str:
    """Return where to go on after the paper is handed in, if that is a page of this site."""
    address = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if safe and address.startswith("/") else ""
