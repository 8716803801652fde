"""What this room is given by others: the verifier by the roof, and what follows a publication by the rooms above."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from panro.selection.actions import Verify
    from panro.selection.models import PublishedRound, RoundCourse

    type Follow = Callable[[RoundCourse, PublishedRound, datetime], None]
    type Pending = Callable[[RoundCourse], str]


class NoVerifierError(RuntimeError):
    """Nobody gave this room a verifier, and nothing is published unverified."""


_verifier: dict[str, Verify] = {}
_pending: dict[str, Pending] = {}
_following: dict[str, Follow] = {}


def use_verifier(verify: Verify) -> None:
    """Give the verifier by which every dossier is checked before it is published."""
    _verifier["verify"] = verify


def verifier() -> Verify:
    """Return the verifier.

    Raises:
        NoVerifierError: the roof has given none.
    """
    try:
        return _verifier["verify"]
    except KeyError:
        raise NoVerifierError(
            "no verifier was given; the roof calls panro.selection.course.seams.use_verifier"
        ) from None


def follow(name: str, act: Follow) -> None:
    """Declare what follows a publication, in its transaction; declaring it again under a name replaces it."""
    _following[name] = act


def following() -> list[Follow]:
    """Return what follows a publication, by name."""
    return [act for _name, act in sorted(_following.items())]


def keep_open(name: str, pending: Pending) -> None:
    """Declare what keeps a round from being settled: a sentence that says what to do first, empty for nothing."""
    _pending[name] = pending


def pending(course: RoundCourse) -> list[str]:
    """Return what keeps a round from being settled, by name."""
    return [said for _name, one in sorted(_pending.items()) if (said := one(course))]
