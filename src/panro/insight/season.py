"""A season as its page shows it: figures made into tables, each with a chart that says the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from panro.editions.words import column, in_page_language
from panro.insight.counting import AGES, ALL, ANY_GROUP, DUE_CLASSES
from panro.insight.datasets import region_name
from panro.insight.shown import Line, Panel, Series, number, places, share, with_share
from panro.korea.industries import classification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.insight.queries import Counts, Season


def panels(season: Season) -> list[Panel]:
    """Everything the page shows, in its order."""
    return [
        rounds(season),
        tallies(season),
        funnel(season),
        regions(season),
        industries(season),
        groups(season),
        ages(season),
        supplements(season),
        reviewing(season),
    ]


def rounds(season: Season) -> Panel:
    """Quota against applied, eligible and selected, by programme and round."""
    lines, labels = [], []
    told: dict[str, list[int]] = {"seats": [], "applied": [], "eligible": [], "selected": []}
    for programme in season.programmes:
        own = [one for one in season.rounds if one.programme == programme.code]
        total = [sum(getattr(one, name) for one in own) for name in ("applied", "eligible", "selected")]
        name = f"{programme.code} {in_page_language(programme.name)}"
        seats = season.round_seats if season.round_code else programme.quota
        lines.append(Line(name, [places(seats), *map(number, total), share(total[2], seats)]))
        labels.append(name)
        for key, value in zip(told, [seats or 0, *total], strict=True):
            told[key].append(value)
        lines += [
            Line(
                one.name,
                [
                    places(one.seats),
                    number(one.applied),
                    number(one.eligible),
                    number(one.selected),
                    share(one.selected, one.seats),
                ],
                level=1,
            )
            for one in own
        ]
    names = {"seats": _("Places"), "applied": _("Applied"), "eligible": _("Eligible"), "selected": _("Selected")}
    tones = {"seats": "line", "applied": "soft", "eligible": "middle", "selected": "brand"}
    return Panel(
        code="rounds",
        title=_("Places against applications"),
        note=_("Selected counts the results that hold; places given back later are not taken off."),
        head=_("Programme and round"),
        columns=[*names.values(), _("Places filled")],
        lines=lines,
        nothing=_("This year has no programme of this kind."),
        labels=labels,
        series=[Series(names[key], values, tones[key]) for key, values in told.items()],
    )


def tallies(season: Season) -> Panel:
    """The figures announced for the whole year against what was given so far."""
    lines, given_to = [], []
    for tally in season.tallies:
        given_to.append(tally.given)
        lines.append(
            Line(
                in_page_language(tally.name),
                [number(tally.target), number(tally.given), share(tally.given, tally.target)],
            )
        )
    return Panel(
        code="tallies",
        title=_("Announced for the year"),
        note=_("Counted over all programmes of the year, whatever the page is narrowed to."),
        head=_("What was announced"),
        columns=[_("Announced"), _("Selected so far"), _("Share")],
        lines=lines,
        nothing=_("Nothing was announced for the whole year."),
        labels=[line.label for line in lines],
        series=[
            Series(_("Announced"), [tally.target for tally in season.tallies], "line"),
            Series(_("Selected so far"), given_to, "brand"),
        ],
    )


def funnel(season: Season) -> Panel:
    """From an application begun to a place."""
    names = {
        "started": _("Begun"),
        "applied": _("Handed in"),
        "eligible": _("Eligible"),
        "evaluated": _("Evaluated"),
        "selected": _("Selected"),
    }
    counts = {key: sum(getattr(one, key) for one in season.rounds) for key in names}
    first = max(counts.values())
    lines = [Line(names[key], [number(count), share(count, first)]) for key, count in counts.items()]
    return Panel(
        code="funnel",
        title=_("From the first word to a place"),
        note=_("Evaluated: all sheets of a stage are in. Programmes without an evaluation have none."),
        head=_("How far"),
        columns=[_("Applications"), _("Of those begun")],
        lines=lines if first else [],
        nothing=_("Nobody has applied yet."),
        labels=[line.label for line in lines],
        series=[Series(_("Applications"), list(counts.values()), "brand")],
    )


def regions(season: Season) -> Panel:
    """Where those who apply are."""
    found = dict(season.regions)
    named = sorted(found, key=lambda key: (key == "", key))
    labels = [region_name(key, season.figures.day) if key else _("not given") for key in named]
    return _applied(
        Panel(
            code="regions",
            title=_("By region"),
            note="",
            head=_("Region"),
            columns=[],
            lines=[],
            nothing=_("No case has come to the desk yet."),
            labels=labels,
        ),
        [found[key] for key in named],
    )


def industries(season: Season) -> Panel:
    """What they do: divisions of the industrial classification, the largest first."""
    divisions = classification().divisions
    found = season.industries
    named = sorted(found, key=lambda key: (-found[key].get("applied", 0), key))
    labels = []
    for key in named:
        division = divisions.get(key)
        labels.append(f"{key} {column(division, 'name')}" if division else key or _("not given"))
    return _applied(
        Panel(
            code="industries",
            title=_("By industry"),
            note=_("Divisions of the Korean Standard Industrial Classification, two digits."),
            head=_("Industry"),
            columns=[],
            lines=[],
            nothing=_("No case has come to the desk yet."),
            labels=labels,
        ),
        [found[key] for key in named],
    )


def groups(season: Season) -> Panel:
    """How large a part of the eligible and of the selected preferred groups are."""
    found = season.groups
    everybody = found.get(ALL, {})
    of = {measure: everybody.get(measure, 0) for measure in ("eligible", "selected")}
    unnamed = {key: key for key in sorted(found) if key != ALL}
    names = {ANY_GROUP: _("Any of them"), **season.group_names}
    names = {**names, **{key: name for key, name in unnamed.items() if key not in names}}
    keys = [key for key in names if key in found] if everybody else []
    lines = [
        Line(
            names[key],
            [text for measure in of for text in with_share(found[key].get(measure, 0), of[measure])],
        )
        for key in keys
    ]
    return Panel(
        code="groups",
        title=_("Preferred groups"),
        note=_("Shares of the cases found eligible, and of those selected among them. One may belong to several."),
        head=_("Group"),
        columns=[_("Eligible"), _("Share"), _("Selected"), _("Share")],
        lines=lines,
        nothing=_("No case of a preferred group has been found eligible yet."),
        labels=[line.label for line in lines],
        series=[
            Series(_("Eligible"), [found[key].get("eligible", 0) for key in keys], "middle"),
            Series(_("Selected"), [found[key].get("selected", 0) for key in keys], "brand"),
        ],
    )


def ages(season: Season) -> Panel:
    """How long open cases have been at the desk."""
    found = season.ages
    labels = [
        _("%(first)d to %(last)d days") % {"first": first, "last": following - 1} for first, following in pairwise(AGES)
    ]
    labels.append(_("%(days)d days and more") % {"days": AGES[-1]})
    waiting = [found.get(str(age), {}).get("waiting", 0) for age in AGES]
    asked = [found.get(str(age), {}).get("asked", 0) for age in AGES]
    lines = [
        Line(label, [number(one), number(other), number(one + other)])
        for label, one, other in zip(labels, waiting, asked, strict=True)
    ]
    return Panel(
        code="ages",
        title=_("Age of open cases"),
        note=_("Days since the receipt."),
        head=_("Age"),
        columns=[_("To be reviewed"), _("Waits for the applicant"), _("Together")],
        lines=lines if any(waiting) or any(asked) else [],
        nothing=_("No case is open."),
        labels=labels,
        series=[
            Series(_("To be reviewed"), waiting, "brand"),
            Series(_("Waits for the applicant"), asked, "soft"),
        ],
        stacked=True,
    )


def supplements(season: Season) -> Panel:
    """What applicants were asked for, and when it is due."""
    found = season.supplements
    names = dict(
        zip(
            DUE_CLASSES,
            (_("past its last day"), _("today"), _("within 3 days"), _("within 7 days"), _("later")),
            strict=True,
        )
    )
    asked = [found.get(key, {}).get("asked", 0) for key in names]
    promised = [found.get(key, {}).get("promised", 0) for key in names]
    lines = [
        Line(name, [number(one), number(other)])
        for name, one, other in zip(names.values(), asked, promised, strict=True)
    ]
    return Panel(
        code="supplements",
        title=_("Supplements that are awaited"),
        note="",
        head=_("Due"),
        columns=[_("Asked by the agency"), _("Promised by the applicant")],
        lines=lines if any(asked) or any(promised) else [],
        nothing=_("Nothing is awaited from applicants."),
        labels=list(names.values()),
        series=[
            Series(_("Asked by the agency"), asked, "brand"),
            Series(_("Promised by the applicant"), promised, "soft"),
        ],
        stacked=True,
    )


def reviewing(season: Season) -> Panel:
    """How far the panels are."""
    lines, labels = [], []
    handed_in, missing = [], []
    for stage in season.stages:
        counts = stage.counts
        sheets, there = counts.get("sheets", 0), counts.get("handed_in", 0)
        labels.append(stage.label)
        handed_in.append(there)
        missing.append(sheets - there)
        reviewers = counts.get("reviewers", 0)
        lines.append(
            Line(
                stage.label,
                [
                    number(counts.get("participants", 0)),
                    number(counts.get("judged", 0)),
                    number(sheets),
                    number(there),
                    share(there, sheets),
                    ngettext("%(done)d of %(all)d reviewer", "%(done)d of %(all)d reviewers", reviewers)
                    % {"done": counts.get("reviewers_done", 0), "all": reviewers},
                ],
            )
        )
    return Panel(
        code="panels",
        title=_("Progress of the reviewers"),
        note=_("Sheets of the panels as they are seated now."),
        head=_("Stage"),
        columns=[
            _("Applications"),
            _("All sheets in"),
            _("Sheets"),
            _("Handed in"),
            _("Share"),
            _("Finished"),
        ],
        lines=lines,
        nothing=_("No panel has been seated yet."),
        labels=labels,
        series=[Series(_("Handed in"), handed_in, "brand"), Series(_("Missing"), missing, "line")],
        stacked=True,
    )


def _applied(panel: Panel, counts: Sequence[Counts]) -> Panel:
    """Fill a panel whose labels are there with who applied, was eligible and was selected."""
    names = {"applied": _("Applied"), "eligible": _("Eligible"), "selected": _("Selected")}
    lines = [
        Line(label, [number(one.get(measure, 0)) for measure in names])
        for label, one in zip(panel.labels, counts, strict=True)
    ]
    series = [
        Series(name, [one.get(measure, 0) for one in counts], tone)
        for (measure, name), tone in zip(names.items(), ("soft", "middle", "brand"), strict=True)
    ]
    return replace(panel, columns=list(names.values()), lines=lines, series=series)
