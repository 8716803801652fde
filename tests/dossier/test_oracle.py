"""The selection agrees with a second, naive one on whole random rounds."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.generate import generate
from panro.dossier.tables import public_tables
from rules.selection.oracle import Oracle


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=2**64))
def test_stages_results_and_differences_are_those_of_the_naive_reading(number: int) -> None:
    record = generate(random.Random(number)).record
    tables = {name: [tuple(row) for row in rows] for name, _, rows in public_tables(record)}
    stages, results, differences = Oracle(record).run()
    assert tables["stages.csv"] == stages
    assert tables["results.csv"] == results
    assert tables.get("difference.csv", []) == differences
