"""What this room does: it counts, and it makes exports. Nothing of another room is changed."""

from panro.insight.actions.exports import (
    NoReasonError,
    NotYoursError,
    Wanted,
    ask_again,
    ask_for,
    claim,
    expire,
    fail,
    give_back,
    note_opening,
    settle,
    tell,
)
from panro.insight.actions.figures import count_season

__all__ = [
    "NoReasonError",
    "NotYoursError",
    "Wanted",
    "ask_again",
    "ask_for",
    "claim",
    "count_season",
    "expire",
    "fail",
    "give_back",
    "note_opening",
    "settle",
    "tell",
]
