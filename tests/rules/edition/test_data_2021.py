"""The 2021 edition against what the public guide prints."""

from datetime import date
from itertools import pairwise

import pytest

from panro.rules.edition.figures import source_of
from panro.rules.edition.model import Edition
from panro.rules.kinds import Advertising, Broadcasts, Channels, Content, Facilities, Matching, SalesEvents

# code: quota, unit, tracks with their places, as the guide prints them (None: the guide prints none)
PRINTED: dict[str, tuple[int | None, str]] = {
    "1-1": (1000, "person"),
    "1-2": (1200, "company"),
    "1-3": (2000, "company"),
    "1-4": (300, "company"),
    "2-1": (None, "company"),
    "2-2": (4, "place"),
    "2-4": (2, "place"),
    "3-1": (6000, "company"),
    "3-2": (300, "company"),
    "3-3": (1000, "company"),
    "3-4": (300, "company"),
    "4-1": (1000, "company"),
    "4-2": (2000, "company"),
    "4-3": (1000, "person"),
}


def test_all_sixteen_programmes_are_there(edition: Edition) -> None:
    expected = [
        f"{pillar}-{number}" for pillar, many in enumerate((4, 4, 5, 3), start=1) for number in range(1, many + 1)
    ]
    assert edition.head.programmes == expected
    assert [programme.code for programme in edition.programmes] == expected
    pillars = ["capability", "foundation", "channels", "live"]
    assert [programme.pillar for programme in edition.programmes] == [pillars[int(code[0]) - 1] for code in expected]


def test_quotas_and_units_are_those_of_the_guide(edition: Edition) -> None:
    found = {one.code: (one.quota, one.unit) for one in edition.programmes if one.code in PRINTED}
    assert found == PRINTED
    for code, (quota, _) in PRINTED.items():
        if quota is not None:
            assert source_of(edition.programme(code), "quota").kind == "guide"
    for code in ("2-3", "3-5"):
        assert source_of(edition.programme(code), "quota").kind == "illustrative"


def test_the_printed_quotas_add_up(edition: Edition) -> None:
    def total(unit: str) -> int:
        return sum(programme.quota or 0 for programme in edition.programmes if programme.unit == unit)

    assert (total("company"), total("person")) == (14_100, 2000)
    assert [(tally.code, tally.target) for tally in edition.head.tallies] == [("supports", 30_000), ("trained", 2000)]


def test_the_window_and_the_rolling_rounds(edition: Edition) -> None:
    window = edition.head.window
    assert (window.opens, window.closes) == (date(2021, 3, 17), date(2021, 12, 31))
    own = {"2-2", "2-3", "2-4", "3-5"}
    for programme in edition.programmes:
        rounds = [round_ for round_ in programme.rounds if round_.code.startswith("R")]
        if programme.code in own:
            continue
        assert (rounds[0].opens, rounds[-1].closes) == (window.opens, window.closes)
        gaps = [(later.opens - earlier.closes).days for earlier, later in pairwise(rounds)]
        assert set(gaps) == {1}
        assert rounds[0].closes > date(2021, 4, 1)  # after the day on which certificates are renewed


def test_methods(edition: Edition) -> None:
    differing = {one.code: one.method for one in edition.programmes if one.method != "ranked"}
    assert differing == {"2-1": "gate", "2-3": "nomination"}
    assert edition.programme("4-3").round("A1").method == "contest"


def test_own_notices_and_pilots(edition: Edition) -> None:
    assert [one.code for one in edition.programmes if one.own_notice] == ["2-2", "2-4", "3-5"]
    assert [one.code for one in edition.programmes if one.pilot] == ["2-3", "2-4"]
    notice = edition.programme("2-2").round("R1")
    assert (notice.opens, notice.closes) == (date(2021, 3, 18), date(2021, 4, 16))


@pytest.mark.parametrize(
    ("code", "tracks"),
    [
        ("2-2", {"capital": 1, "elsewhere": 3}),
        ("3-1", {"listing": 4000, "detail_page": 2000}),
        ("4-1", {"produced": 900, "self_made": 100}),
    ],
)
def test_printed_tracks(edition: Edition, code: str, tracks: dict[str, int]) -> None:
    programme = edition.programme(code)
    assert {track.code: track.seats for track in programme.tracks} == tracks
    assert source_of(programme, "tracks").kind == "guide"


def test_digital_commerce_centres(edition: Edition) -> None:
    programme = edition.programme("2-2")
    money = {
        one.code: (one.national_share, one.own_share, one.national_limit, one.in_kind) for one in programme.funding
    }
    assert money == {
        "capital": (7000, 3000, 1_000_000_000, True),
        "elsewhere": (8000, 2000, 1_200_000_000, True),
    }
    (cap,) = programme.caps
    assert (cap.by, cap.tracks, cap.limit) == ("region", ["elsewhere"], 1)
    assert programme.consortium is not None
    assert programme.consortium.allowed_alone == ["private"]
    (rooms,) = [kind.rooms for kind in programme.kinds if isinstance(kind, Facilities)]
    assert {room.code: room.count for room in rooms} == {
        "studio": 2,
        "recording_room": 1,
        "editing_room": 1,
        "classroom": 1,
        "shared_office": 1,
    }


def test_figures_of_the_kinds_of_support(edition: Edition) -> None:
    def kind_of[Kind](code: str, model: type[Kind]) -> Kind:
        return next(kind for kind in edition.programme(code).kinds if isinstance(kind, model))

    assert kind_of("1-3", Matching).partners == 2
    assert (kind_of("1-4", Content).seconds, kind_of("1-4", Advertising).exposures) == (15, 100_000)
    assert kind_of("2-1", Channels).commission == 300
    assert kind_of("3-1", SalesEvents).events == 400
    live = [kind for kind in edition.programme("4-1").kinds if isinstance(kind, Broadcasts)]
    assert [(kind.shows, kind.weekdays, kind.platforms) for kind in live] == [
        (400, ["mon", "wed"], 10),
        (200, [], None),
    ]
    channels = {channel.kind: channel.count for channel in edition.programme("3-2").channels}
    assert channels == {"tv_home_shopping": 7, "t_commerce": 5}


def test_the_listed_are_preferred_in_seven_programmes(edition: Edition) -> None:
    (bonus,) = edition.head.bonus
    assert (bonus.group, bonus.programmes) == ("listed", ["1-2", "1-3", "3-1", "3-2", "3-3", "3-4", "4-1"])
    assert source_of(edition.head, "bonus.listed.points").kind == "illustrative"


def test_what_the_machinery_offers_is_used(edition: Edition) -> None:
    stages = [stage for programme in edition.programmes for stage in programme.stages]
    assert {stage.kind for stage in stages} == {
        "requirement",
        "paper",
        "panel",
        "presentation",
        "site_visit",
        "heat",
    }
    assert {stage.aggregate for stage in stages if stage.scored} == {"mean", "trimmed_mean", "panel_adjusted"}
    assert {kind.kind for programme in edition.programmes for kind in programme.kinds} == {
        *("training", "consulting", "matching", "content", "advertising", "channels"),
        *("sales_events", "broadcasts", "grants", "facilities", "subscription", "audition"),
    }
    assert {programme.priority.steps[0].kind for programme in edition.programmes} == {"open", "set_aside"}


def test_a_paper_has_one_name_wherever_it_is_asked(edition: Edition) -> None:
    names: dict[str, set[str]] = {}
    for programme in edition.programmes:
        for document in programme.documents:
            names.setdefault(document.code, set()).add(document.name.ko)
    assert {code: sorted(found) for code, found in names.items() if len(found) > 1} == {}
