"""How a round is selected: panels, scores, order, places, waiting list, and the re-run after objections.

The contract is ``docs/selection-spec.md``; every module names the section it carries out. Numbers are exact:
whole numbers of steps inside, ``Decimal`` outside.
"""
