"""What an amendment changes, and what it may not change any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.rules.edition.diff import diff_editions
from panro.rules.freeze import round_rules

if TYPE_CHECKING:
    from datetime import date

    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme, Round


def changes_between(before: Edition, after: Edition) -> list[dict[str, str | None]]:
    """What is different, as it is stored: the programme (None for the whole year) and a sentence in both languages."""
    return [
        {"programme": change.programme, "ko": change.sentence.ko, "en": change.sentence.en}
        for change in diff_editions(before, after)
    ]


def frozen_problems(before: Edition, after: Edition, *, day: date) -> list[str]:
    """What an amendment published on a day would change of rounds that have opened; nothing if it may be published.

    Once a round has opened its quota, caps, rubric, bonus, ladder and method stand (they are its ``rules.json``), it
    cannot close earlier than was announced, and it cannot vanish. A change of them needs a new round.
    """
    return [
        problem
        for programme in before.programmes
        for round_ in programme.rounds
        if round_.opens <= day
        for problem in _problems(before, after, programme, round_, day)
    ]


def _problems(before: Edition, after: Edition, programme: Programme, round_: Round, day: date) -> list[str]:
    where = f"{programme.code}, {round_.code}: opened on {round_.opens}"
    try:
        programme_after = after.programme(programme.code)
        round_after = programme_after.round(round_.code)
    except KeyError:
        return [f"{where} and is gone; put it back"]
    found = []
    old = round_rules(before, programme, round_).to_json()
    new = round_rules(after, programme_after, round_after).to_json()
    if changed := sorted(key for key in old if old[key] != new[key]):
        found.append(f"{where}, so {', '.join(changed)} stand; leave them, or add a new round with the new rules")
    if round_after.opens != round_.opens:
        found.append(f"{where}, but would open on {round_after.opens}; leave the day")
    if round_.closes < day and round_after.closes != round_.closes:
        found.append(f"{where} and closed on {round_.closes}; leave the day, or add a new round")
    elif round_after.closes < round_.closes:
        found.append(f"{where} until {round_.closes}; it may close later but not earlier, on {round_after.closes}")
    return found
