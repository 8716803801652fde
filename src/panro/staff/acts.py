"""Acts that take two persons: a seam that rooms fill in ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from panro.accounts.models import User
    from panro.staff.models import Approval
    from panro.staff.states import Role

    type Payload = Mapping[str, object]


class UnknownActError(LookupError):
    """No room knows this act."""


class StaleError(Exception):
    """What was proposed no longer fits what is there; says what has changed, for the person who approves."""


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act.

    Attributes:
        code: as the record names it.
        label: on pages.
        propose: roles that may propose it.
        approve: roles that may approve it.
        describe: tells what would be done, line by line as label and value, from the payload.
        execute: does it, in the transaction of the approval; raises :class:`StaleError` if it no longer fits.
    """

    code: str
    label: _StrPromise
    propose: frozenset[Role]
    approve: frozenset[Role]
    describe: Callable[[Payload], list[tuple[str, str]]]
    execute: Callable[[Approval, User, datetime], None]


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    """Declare an act; declaring it again replaces it."""
    _acts[act.code] = act


def act(code: str) -> Act:
    """Return an act.

    Raises:
        UnknownActError: names the code.
    """
    try:
        return _acts[code]
    except KeyError:
        raise UnknownActError(f"no room knows the act {code!r}") from None


def approved_by(held: frozenset[Role]) -> list[str]:
    """Return the codes of acts that holders of some roles may approve."""
    return sorted(code for code, one in _acts.items() if held & one.approve)
