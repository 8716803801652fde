from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.korea.text import Text
from panro.rules.eligibility import shapes
from panro.rules.eligibility.shapes import FactShapeError
from panro.rules.eligibility.words import Word, day, listing, percent, won
from rules.eligibility.world import CONSORTIUM_TABLE, asking, fact, facts, programme, reason, rule_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from panro.rules.facts import Fact


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (shapes.record, []),
        (shapes.records, {}),
        (shapes.records, [{}, 1]),
        (shapes.words, "2021-01-01"),
        (shapes.words, ["2021-01-01", None]),
        (shapes.flag, 1),
        (shapes.word, None),
        (lambda known: shapes.choice(known, "own", "none"), "able"),
        (shapes.whole, True),
        (shapes.whole, "1"),
        (shapes.decimal, 1),
        (shapes.decimal, "many"),
        (shapes.decimal, "NaN"),
        (lambda known: shapes.text_in(known, {"code": 1}, "code"), {}),
        (lambda known: shapes.choice_in(known, {"status": "shut"}, "status", "open"), {}),
        (lambda known: shapes.flag_in(known, {"excluded": 0}, "excluded"), {}),
        (lambda known: shapes.whole_in(known, {}, "members"), {}),
        (lambda known: shapes.date_in(known, {"to": "31 March"}, "to"), {}),
        (lambda known: shapes.date_of(known, 20210331), {}),
    ],
)
def test_a_value_of_another_shape_names_the_fact_and_its_source(read: Callable[[Fact], object], value: object) -> None:
    with pytest.raises(FactShapeError, match=r"^fact key \(source nts, as of 2021-03-20\): expected .+ at its source$"):
        read(fact("key", value, source="nts"))


def test_values_of_the_right_shape_are_given_back() -> None:
    known = fact("key", "x")
    assert shapes.date_in(known, {"to": None}, "to") is None
    assert shapes.date_in(known, {"to": "2021-03-31"}, "to") == date(2021, 3, 31)
    assert shapes.decimal(fact("key", "4.5")) == shapes.decimal(fact("key", "4.50"))


def test_what_no_rule_can_read_is_an_error_of_the_source() -> None:
    with pytest.raises(FactShapeError, match="an industry code"):
        reason("industry_not_excluded", facts(industry={"code": None, "revision": 10}))
    together = asking(of=programme(consortium=CONSORTIUM_TABLE), applicant_type="consortium")
    with pytest.raises(FactShapeError, match="a list of private, public_body"):
        reason("consortium_composition", facts(consortium=["church"]), together)
    with pytest.raises(ValueError, match=r"3-1 asks consortium_composition without a \[consortium\] table"):
        rule_on("consortium_composition", {}, asking(applicant_type="consortium"))


def test_dates_sums_and_shares_as_letters_write_them() -> None:
    assert day(date(2021, 3, 1)) == Text("2021. 3. 1.", "1 March 2021")
    assert won(1_234_567) == Text("1,234,567원", "1,234,567 won")
    assert [percent(points) for points in (0, 50, 2000, 3333, 10_000)] == ["0%", "0.5%", "20%", "33.33%", "100%"]


@pytest.mark.parametrize(
    ("word", "written"),
    [("떡", "떡은"), ("사과", "사과는"), ("47911", "47911은"), ("56212", "56212는"), ("SKU", "SKU는")],
)
def test_a_word_takes_the_particle_that_fits_its_last_sound(word: str, written: str) -> None:
    assert Text("{it:은/는}", "{it}").format(it=Word.same(word)) == Text(written, word)


def test_the_last_of_several_names_takes_the_particle() -> None:
    names = listing([Text("기관", "a body"), Text("회사", "a firm")])
    assert Text("{them:이/가}", "{them}").format(them=names) == Text("기관, 회사가", "a body, a firm")
