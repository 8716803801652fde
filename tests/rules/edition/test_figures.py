from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from panro.rules.edition.figures import Figure, figures, figures_without_source, find_source, paths, source_of
from panro.rules.edition.model import Edition
from panro.rules.edition.parts import Source
from panro.rules.edition.programme import Programme

type Data = dict[str, Any]


def test_every_figure_of_2021_has_a_source(edition: Edition) -> None:
    for part in (edition.head, *edition.programmes):
        assert figures_without_source(part) == []
        assert {of for source in part.sources for of in source.of} - paths(part) == set()


def test_the_figures_of_a_small_programme(edition: Edition) -> None:
    listed = figures(edition.programme("2-4"))
    assert listed[:6] == [
        Figure("quota", 2),
        Figure("rounds.R1.opens", date(2021, 4, 12)),
        Figure("rounds.R1.closes", date(2021, 5, 11)),
        Figure("rounds.R1.supplement_until", date(2021, 5, 21)),
        Figure("rounds.R1.results_on", date(2021, 6, 25)),
        Figure("rounds.R1.objections_until", date(2021, 7, 5)),
    ]
    by_path = {figure.path: figure.value for figure in listed}
    assert by_path["stages.paper.rubric.space.max"] == Decimal(25)
    assert by_path["kinds.facilities.rooms.showroom.count"] == 1
    assert "stages.paper.aggregate" not in by_path
    assert "pilot" not in by_path


def with_sources(programme: Programme, *sources: tuple[str, list[str]]) -> Programme:
    made: list[Data] = [{"kind": kind, "of": of, "note": {"ko": "글", "en": "text"}} for kind, of in sources]
    return programme.model_copy(update={"sources": [Source.model_validate(one) for one in made]})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rounds", "guide"),
        ("rounds.R1.closes", "press"),
        ("rounds.R1.opens", "guide"),
        ("rounds.R2.closes", "guide"),
        ("rounds.R10.opens", "guide"),
        ("round", None),
        ("quota", "law"),
        ("quotas", None),
    ],
)
def test_the_longest_key_that_covers_counts(edition: Edition, path: str, kind: str | None) -> None:
    programme = with_sources(
        edition.programme("3-1"),
        ("guide", ["rounds"]),
        ("press", ["rounds.R1.closes"]),
        ("law", ["quota"]),
        ("reading", ["quota"]),
    )
    found = find_source(programme, path)
    assert (found and found.kind) == kind


def test_a_path_without_a_source_is_an_error(edition: Edition) -> None:
    assert source_of(edition.head, "tallies.supports.target").kind == "reading"
    assert source_of(edition.head, "tallies.trained.target").kind == "guide"
    assert source_of(edition.programme("3-4"), "tracks.agency.seats").kind == "decision"
    with pytest.raises(KeyError, match="no source covers summary of 3-4"):
        source_of(edition.programme("3-4"), "summary")


def test_entries_that_share_a_word_are_told_apart(changed: Callable[..., Edition]) -> None:
    programme = changed().programme("4-1")
    shows = [figure for figure in figures(programme) if figure.path.endswith(".shows")]
    assert shows == [Figure("kinds.broadcasts.shows", 400), Figure("kinds.broadcasts-2.shows", 200)]
