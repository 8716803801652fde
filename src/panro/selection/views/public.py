"""Published results: which rounds there are, what came of one, one's own line, and the dossier to recompute it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from panro.editions.documents import edition_of
from panro.editions.words import in_page_language
from panro.selection import queries
from panro.selection.models import Outcome, PublishedRound
from panro.selection.names import RoundNames
from panro.selection.reasons import reason_label
from panro.selection.summary import summary_from_json
from panro.ui.pager import BadCursorError, paginate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from panro.korea.text import Text
    from panro.rules.edition.base import TextData
    from panro.selection.models import OfferLine, ResultLine, StageLine
    from panro.selection.summary import Summary

ROUNDS_A_PAGE: Final = 50
LINES_A_PAGE: Final = 50
LONGEST_WANTED: Final = 80
BADGES: Final = {
    Outcome.SELECTED: "success",
    Outcome.WAITING: "information",
    Outcome.NOT_SELECTED: "",
    Outcome.INELIGIBLE: "danger",
    Outcome.LAPSED: "warning",
    Outcome.WITHDRAWN: "",
}


@dataclass(frozen=True, slots=True)
class PublishedShown:
    """A publication in the list."""

    published: PublishedRound
    programme: TextData
    round: TextData
    address: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line with its words."""

    line: ResultLine
    outcome: Outcome
    badge: str
    sentence: Text
    region: Text
    track: Text | None


@dataclass(frozen=True, slots=True)
class StageShown:
    """A line's score at one stage, criterion by criterion, with the most one can get."""

    name: str
    row: StageLine
    full: object
    mark: object
    criteria: list[tuple[str, object, object]]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What somebody sees who looks a line up."""

    shown: LineShown
    stages: list[StageShown]
    offers: list[OfferLine]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from receipts to places."""

    label: str
    count: int
    share: int


def results(request: HttpRequest) -> HttpResponse:
    """All published rounds, the latest first."""
    try:
        page = paginate(
            queries.current_rounds(),
            order=("-published_at", "-id"),
            cursor=request.GET.get("page"),
            size=ROUNDS_A_PAGE,
        )
    except BadCursorError:
        raise Http404 from None
    context = {
        "rounds": [_published_shown(published) for published in page.rows],
        "simulated": any(published.simulated for published in page.rows),
        **_pager(request, page.previous, page.next),
    }
    return render(request, "selection/results.html", context)


def round_results(request: HttpRequest, programme: str, round_: str) -> HttpResponse:
    """What came of one round."""
    published = queries.published_round(programme, round_, edition=request.GET.get("edition"))
    if published is None:
        raise Http404
    names = RoundNames(published)
    summary = summary_from_json(published.summary)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    try:
        page = paginate(
            queries.lines(published, outcome), order=("result_no",), cursor=request.GET.get("page"), size=LINES_A_PAGE
        )
    except BadCursorError:
        raise Http404 from None
    wanted = request.GET.get("find", "").replace("\0", "").strip()[:LONGEST_WANTED]
    context = {
        "published": published,
        "programme": names.programme,
        "round": names.round,
        "edition": names.edition.head,
        "summary": summary,
        "regions": [(in_page_language(names.region(one.region)), one.applied, one.selected) for one in summary.regions],
        "chart": _chart(summary, names),
        "funnel": _funnel(published, summary, names),
        "reasons": [(Outcome(one.outcome), reason_label(one.reason, names), one.count) for one in summary.reasons],
        "tabs": _tabs(request, published, outcome),
        "lines": [_line_shown(line, names) for line in page.rows],
        "wanted": wanted,
        "own": _own_line(published, wanted, names) if wanted else None,
        "earlier": queries.earlier_publications(published),
        "offers": summary.offers,
        **_pager(request, page.previous, page.next),
    }
    return render(request, "selection/round.html", context)


def dossier(_request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The public dossier as one file."""
    published = get_object_or_404(PublishedRound, pk=pk)
    name = f"panro-{published.edition}-{published.programme}-{published.round}-{published.number}.zip"
    response = FileResponse(published.public_file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["ETag"] = f'"{published.public_sha256}"'
    return response


def _published_shown(published: PublishedRound) -> PublishedShown:
    found = edition_of(published.version).programme(published.programme)
    return PublishedShown(published, found.name, found.round(published.round).name, address_of(published))


def address_of(published: PublishedRound) -> str:
    """Where the results of a round stand."""
    path = reverse("selection:round", args=[published.programme, published.round])
    return f"{path}?{urlencode({'edition': published.edition})}"


def _line_shown(line: ResultLine, names: RoundNames) -> LineShown:
    outcome = Outcome(line.outcome)
    return LineShown(
        line, outcome, BADGES[outcome], names.explain(line), names.region(line.region), names.track(line.track)
    )


def _own_line(published: PublishedRound, wanted: str, names: RoundNames) -> OwnLine | None:
    line = queries.line_of(published, wanted)
    if line is None:
        return None
    rows = queries.stages_of(line)
    stages = [
        StageShown(
            name=in_page_language(stage.name),
            row=rows[stage.code],
            full=sum(criterion.max for criterion in stage.rubric),
            mark=stage.pass_mark,
            criteria=[
                (in_page_language(criterion.name), mean, criterion.max)
                for criterion, mean in zip(stage.rubric, rows[stage.code].criteria, strict=True)
            ],
        )
        for stage in names.programme.stages_of(names.round)
        if stage.code in rows
    ]
    return OwnLine(_line_shown(line, names), stages, queries.offers_of(line))


def _funnel(published: PublishedRound, summary: Summary, names: RoundNames) -> list[Step]:
    steps = [(_("Applications"), published.receipts)]
    eligible = published.receipts - published.ineligible - published.lapsed - published.withdrawn
    steps.append((_("Requirements met"), eligible))
    stage_names = {stage.code: in_page_language(stage.name) for stage in names.programme.stages}
    steps += [
        (_("Passed: %(stage)s") % {"stage": stage_names.get(one.stage, one.stage)}, one.passed)
        for one in summary.stages
    ]
    steps.append((_("Selected"), published.selected))
    return [Step(label, count, _share(count, published.receipts)) for label, count in steps]


def _chart(summary: Summary, names: RoundNames) -> dict[str, object]:
    """What the chart draws, as the page's script reads it."""
    return {
        "regions": [in_page_language(names.region(one.region)) or _("not given") for one in summary.regions],
        "applied": [one.applied for one in summary.regions],
        "selected": [one.selected for one in summary.regions],
        "applied_label": _("Applied"),
        "selected_label": _("Selected"),
    }


def _share(count: int, whole: int) -> int:
    """Basis points; 0 of nothing."""
    return count * 10_000 // whole if whole else 0


def _tabs(request: HttpRequest, published: PublishedRound, chosen: str) -> Sequence[dict[str, object]]:
    counts = [("", _("All"), published.receipts)]
    counts += [(one.value, str(one.label), getattr(published, one.value)) for one in Outcome]
    return [
        {
            "address": _address(request, outcome=code, page="") + "#lines",
            "label": f"{label} {count:,}",
            "current": code == chosen,
        }
        for code, label, count in counts
        if count or code == chosen
    ]


def _pager(request: HttpRequest, previous: str | None, following: str | None) -> dict[str, str | None]:
    return {
        "previous": None if previous is None else _address(request, page=previous) + "#lines",
        "next": None if following is None else _address(request, page=following) + "#lines",
    }


def _address(request: HttpRequest, **changes: str) -> str:
    """This page with other parameters; empty ones are left out."""
    kept = {key: request.GET.get(key, "") for key in ("edition", "outcome", "find", "page")} | changes
    query = urlencode({key: value for key, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path
