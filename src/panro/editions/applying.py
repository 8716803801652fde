"""Where one applies in a round: a seam that the room which takes applications fills in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    type Address = Callable[[str, str, str], str]

_addresses: list[Address] = []


def register(address: Address) -> None:
    """Say which address begins an application, given edition, programme and round; a later one replaces it."""
    _addresses[:] = [address]


def address_of(edition: str, programme: str, round_code: str) -> str:
    """Return where an application begins; empty if no room takes any."""
    return _addresses[0](edition, programme, round_code) if _addresses else ""
