from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.rules.edition.load import load_edition
from panro.rules.edition.model import Edition
from panro.rules.freeze import bonus_items, largest_remainder, round_rules, track_places
from panro.rules.selection.round_rules import Bonus, Cap, RoundRules, Step

type Data = dict[str, Any]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition("2021")


def changed(edition: Edition, code: str, change: Callable[[Data], object]) -> Edition:
    parts: Data = edition.model_dump(mode="python")
    change(next(programme for programme in parts["programmes"] if programme["code"] == code))
    return Edition.model_validate(parts)


def frozen(edition: Edition, code: str, round_: str, **more: Any) -> RoundRules:  # noqa: ANN401 - passed on
    programme = edition.programme(code)
    return round_rules(edition, programme, programme.round(round_), **more)


def test_shares_become_places(edition: Edition) -> None:
    rules = frozen(edition, "3-1", "R1")
    assert rules.round_id == "2021/3-1/R1"
    assert (rules.method, rules.simulated, rules.seats, rules.waiting) == ("ranked", False, 1800, 360)
    assert dict(rules.tracks) == {"listing": 1200, "detail_page": 600}
    assert rules.caps == (
        Cap("listing_per_region", "region", ("listing",), 360),
        Cap("page_per_region", "region", ("detail_page",), 180),
    )
    assert rules.steps == (
        Step("open", None, 1440),
        Step("set_aside", "first_time_online", 270),
        Step("open", None, None),
    )
    assert rules.bonus == Bonus(
        Decimal(5),
        {
            "listed": Decimal(3),
            "designated": Decimal(3),
            "first_time_online": Decimal(2),
            "ministry_participant": Decimal(1),
            "innovative": Decimal(2),
            "cooperative_member": Decimal(1),
        },
    )
    assert rules.ladder == ("criterion:paper.product", "criterion:paper.market", "bonus")
    assert [(stage.code, stage.panel, stage.weight) for stage in rules.stages] == [("paper", 5, 10_000)]
    assert (rules.draw_event, rules.assignment_event) == (
        edition.head.draw_event.ko,
        edition.head.assignment_event.ko,
    )


def test_shares_are_rounded_down_and_the_waiting_list_up(edition: Edition) -> None:
    def change(data: Data) -> None:
        for round_ in data["rounds"]:
            round_["seats"] = 7

    rules = frozen(changed(edition, "1-2", change), "1-2", "R1")
    assert rules.caps[0].limit == 2  # 30% of 7 is 2.1
    assert rules.steps[0].seats == 1  # 20% of 7 is 1.4
    assert rules.waiting == 3  # 30% of 7 is 2.1


def test_every_round_of_the_year_freezes_within_its_quota(edition: Edition) -> None:
    for programme in edition.programmes:
        rules = [round_rules(edition, programme, round_) for round_ in programme.rounds]
        if programme.quota is not None:
            assert sum(one.seats or 0 for one in rules) == programme.quota
        for track in programme.tracks:
            if track.seats is not None:
                assert sum(one.tracks.get(track.code) or 0 for one in rules) == track.seats


def test_a_programme_without_tracks_has_one(edition: Edition) -> None:
    assert dict(frozen(edition, "2-1", "R1").tracks) == {"all": None}
    assert frozen(edition, "2-1", "R1").seats is None
    assert frozen(edition, "2-1", "R1").method == "gate"


def test_a_round_of_its_own_has_its_tracks_stages_method_and_ladder(edition: Edition) -> None:
    audition = frozen(edition, "4-3", "A1")
    assert (audition.method, audition.seats, dict(audition.tracks)) == ("contest", 40, {"audition": 40})
    assert [stage.code for stage in audition.stages] == ["heat_1", "heat_2", "final"]
    assert audition.ladder == ("stage:final", "stage:heat_2")
    course = frozen(edition, "4-3", "R2")
    assert (course.method, dict(course.tracks)) == ("ranked", {"creator_course": 120, "merchant_course": 200})
    assert course.ladder == ("criterion:motivation.motivation",)


def test_a_track_without_places_leaves_the_others_theirs(edition: Edition) -> None:
    programme = edition.programme("4-2")
    assert [track_places(programme, round_) for round_ in programme.rounds] == [
        {"video": None, "ppl": 160},
        {"video": None, "ppl": 120},
        {"video": None, "ppl": 120},
    ]


def test_only_the_programmes_named_get_the_shared_bonus(edition: Edition) -> None:
    assert bonus_items(edition.head, edition.programme("1-4")) == {"designated": Decimal(3), "innovative": Decimal(2)}
    with_listed = [p.code for p in edition.programmes if "listed" in bonus_items(edition.head, p)]
    assert with_listed == ["1-2", "1-3", "3-1", "3-2", "3-3", "3-4", "4-1"]


@pytest.mark.parametrize(
    ("carried", "tracks"),
    [
        (0, {"listing": 1000, "detail_page": 500}),
        (100, {"listing": 1067, "detail_page": 533}),
        ({"detail_page": 100}, {"listing": 1000, "detail_page": 600}),
        ({"listing": 0}, {"listing": 1000, "detail_page": 500}),
    ],
)
def test_places_carried_over_are_added(edition: Edition, carried: int | dict[str, int], tracks: dict[str, int]) -> None:
    rules = frozen(edition, "3-1", "R2", carried_over=carried)
    assert dict(rules.tracks) == tracks
    assert rules.seats == sum(tracks.values())
    assert rules.caps[1].limit == tracks["detail_page"] * 3 // 10


def test_carried_places_reach_a_programme_without_tracks(edition: Edition) -> None:
    rules = frozen(edition, "1-2", "R2", carried_over=50)
    assert (rules.seats, dict(rules.tracks), rules.caps[0].limit, rules.waiting) == (450, {"all": None}, 135, 135)


def test_places_are_not_carried_where_the_notice_does_not(edition: Edition) -> None:
    with pytest.raises(ValueError, match="round R1 of 1-2 takes no places over, but 5 were given"):
        frozen(edition, "1-2", "R1", carried_over=5)
    with pytest.raises(ValueError, match="round R2 of 3-1 has no track pages"):
        frozen(edition, "3-1", "R2", carried_over={"pages": 1})


def test_a_rehearsal_says_so(edition: Edition) -> None:
    assert frozen(edition, "1-2", "R1", simulated=True).simulated is True


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_the_largest_remainder_splits_whole_and_fair(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert sum(parts) == total
    assert all(share.__floor__() <= part <= share.__ceil__() for part, share in zip(parts, exact, strict=True))
    raised = [(share - part, at) for at, (part, share) in enumerate(zip(parts, exact, strict=True)) if part > share]
    kept = [(share - part, at) for at, (part, share) in enumerate(zip(parts, exact, strict=True)) if part < share]
    assert all((1 + up, -at) >= (low, -other) for up, at in raised for low, other in kept)


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_must_tell_how_to_split(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="do not tell how to split 5"):
        largest_remainder(5, weights)
