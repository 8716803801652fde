"""Jobs for the processes of a rehearsal: these import what they are sent by its name, so it lives in a module."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from panro.site.rehearsing.room import Room


@dataclass(frozen=True)
class Naming:
    """Say what one was told, and which process one is."""

    word: str

    def done_by(self, room: Room) -> tuple[str, int, str]:
        return self.word, os.getpid(), room.officer.email


@dataclass(frozen=True)
class Failing:
    """Run into an error."""

    def done_by(self, room: Room) -> str:
        del room
        raise LookupError("the drawer is empty")


@dataclass(frozen=True)
class Dying:
    """End at once, as a process does that the system kills for its memory."""

    def done_by(self, room: Room) -> str:
        del room
        os.kill(os.getpid(), signal.SIGKILL)
        return ""
