from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from panro.rehearsal.what_if import ChangeError, changed_edition, scaled_edition
from panro.rules.edition.check import check_edition

if TYPE_CHECKING:
    from panro.rules.edition.model import Edition


def test_a_quota_is_shared_out_in_the_old_proportion(edition: Edition) -> None:
    programme = changed_edition(edition, ["3-1.quota=5000"]).programme("3-1")
    assert programme.quota == 5000
    assert [round_.seats for round_ in programme.rounds] == [1500, 1250, 1250, 1000]
    assert [track.seats for track in programme.tracks] == [3333, 1667]


def test_a_quota_follows_its_tracks(edition: Edition) -> None:
    programme = changed_edition(edition, ["3-1.tracks.listing.seats=3000"]).programme("3-1")
    assert programme.quota == 5000
    assert [track.seats for track in programme.tracks] == [3000, 2000]
    assert sum(round_.seats or 0 for round_ in programme.rounds) == 5000


def test_deep_paths_reach_every_figure(edition: Edition) -> None:
    changed = changed_edition(
        edition,
        ["1-2.stages.paper.pass_mark=70", "3-1.priority.steps.1.share=1000", "edition.bonus.listed.points=5"],
    )
    assert str(changed.programme("1-2").stages[1].pass_mark) == "70"
    assert changed.programme("3-1").priority.steps[1].share == 1000
    assert str(changed.head.bonus[0].points) == "5"
    assert changed.programme("1-3") == edition.programme("1-3")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("quota=5", "'quota=5': write PROGRAMME.KEY=VALUE, for example 3-1.quota=5000"),
        ("3-1.quota", "'3-1.quota': write PROGRAMME.KEY=VALUE, for example 3-1.quota=5000"),
        ("9-9.quota=5", "'9-9.quota=5': no programme 9-9; there are 1-1, 1-2"),
        ("3-1.tracks.foo.seats=5", "'3-1.tracks.foo.seats=5': no foo; there are listing, detail_page"),
        ("3-1.rounds.R9.seats=5", "'3-1.rounds.R9.seats=5': no R9; there are R1, R2, R3, R4"),
        ("3-1.qouta=5", "'3-1.qouta=5': no qouta; there are code, pillar"),
        ("2-1.quota=5", "'2-1.quota=5': a quota can be changed, but neither given nor taken away"),
        ("3-1.quota=none", "'3-1.quota=none': a quota can be changed, but neither given nor taken away"),
        ("3-1.method=lottery", "edition, programmes.3-1.method: found"),
        ("3-1.rounds.R1.seats=1801", "programmes/3-1.toml, rounds: found 6001 places"),
        ("3-1.tracks.9=5", "'3-1.tracks.9=5': no 9; there are listing, detail_page"),
    ],
)
def test_what_cannot_be_changed_is_one_line(change: str, message: str, edition: Edition) -> None:
    with pytest.raises(ChangeError) as error:
        changed_edition(edition, [change])
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(companies=1)
@example(companies=60_000)
@given(companies=st.integers(min_value=1, max_value=60_000))
def test_a_scaled_year_is_always_valid(edition: Edition, companies: int) -> None:
    scaled = scaled_edition(edition, companies)
    assert check_edition(scaled).errors == ()
    for before, after in zip(edition.programmes, scaled.programmes, strict=True):
        expected = before.quota
        if before.quota is not None and before.quota >= 50:
            expected = max(-(-before.quota * max(companies, 600) // 30_000), 1)
        assert after.quota == expected


def test_thirty_thousand_companies_have_all_places(edition: Edition) -> None:
    assert scaled_edition(edition, 30_000) == edition
