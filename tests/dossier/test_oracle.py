"""The selection agrees with a second, naive one on whole random rounds."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.generate import generate
from panro.dossier.tables import public_tables
from rules.selection.oracle import Oracle, Plain, h


class OracleOfAddenda(Oracle):
    """Reads the new panels of section 10 again: all objections of all addenda, with who left."""

    def objection_panels(self, stage: Plain, numbers: list[int], ever: dict[int, set[str]]) -> dict[int, list[str]]:
        assert self.record.addendum is not None
        a, size = self.key(stage["code"]), stage["panel"]
        panel = self.record.panels[stage["code"]].panel
        clash = {(one.receipt, one.reviewer) for one in panel.conflicts}
        gone = {one.reviewer for one in panel.resigned}
        found: dict[int, list[str]] = {}

        def best(number: int, word: str, out: set[str]) -> list[str]:
            whose = self.now[number].receipt
            able = [r for r in panel.roster if r not in out | ever.get(number, set()) and (whose, r) not in clash]
            return sorted(able, key=lambda r: (sum(r in mine for mine in found.values()), h(a, word, whose, r)))

        for one in self.record.addendum.rounds:
            for number in one.numbers:
                found[number] = best(number, "objection", gone)[:size]
            changes = one.changes.get(stage["code"])
            named: dict[int, set[str]] = {}
            for entry, left in enumerate(changes.replaced if changes else (), 1):
                number = next(n for n in one.numbers if self.now[n].receipt == left.receipt)
                slot = found[number].index(left.reviewer)
                rest = found[number][:slot] + found[number][slot + 1 :]
                found[number] = rest
                named.setdefault(number, set()).add(left.reviewer)
                resigned = {who.reviewer for who in changes.resigned if who.after < entry} if changes else set()
                new = best(number, "objection-replace", gone | {*rest} | named[number] | resigned)[0]
                found[number] = [*rest[:slot], new, *rest[slot:]]
            gone |= {who.reviewer for who in changes.resigned} if changes else set()
        return {number: found[number] for number in numbers}


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=2**64))
def test_stages_results_and_differences_are_those_of_the_naive_reading(number: int) -> None:
    record = generate(random.Random(number)).record
    tables = {name: [tuple(row) for row in rows] for name, _, rows in public_tables(record)}
    stages, results, differences = OracleOfAddenda(record).run()
    assert tables["stages.csv"] == stages
    assert tables["results.csv"] == results
    assert tables.get("difference.csv", []) == differences
