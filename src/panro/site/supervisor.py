"""The processes of a demonstration: started together, watched, stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from panro.site.ports import answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

type Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None

_STOP_SECONDS = 15
_ANSWER_SECONDS = 60
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildEndedError(RuntimeError):
    """A process of the demonstration ended by itself."""


class _Stop(BaseException):
    """Somebody asked to stop."""


@dataclass
class Supervisor:
    """Children die with this process, however it ends; a signal to stop ends :meth:`wait` quietly."""

    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _handlers: dict[signal.Signals, Handler] = field(default_factory=dict)
    _asked_to_stop: bool = False
    _ending: bool = False

    def __enter__(self) -> Self:
        """Begin to take signals as a request to stop."""
        for number in _STOP_SIGNALS:
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Swallow the request to stop: it was obeyed."""
        self.stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        return kind is not None and issubclass(kind, _Stop)

    def start(self, name: str, command: list[str], *, quiet: bool = False) -> None:
        """Start a child in a session of its own, so that a Ctrl-C in the terminal reaches it through us alone.

        What a quiet one says of itself is not shown; its errors are.
        """
        setpriv = shutil.which("setpriv")
        dies_with_us = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        self._children[name] = subprocess.Popen(  # noqa: S603 - our own command lines
            [*dies_with_us, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else None,
            start_new_session=True,
        )

    def wait_until_answering(self, host: str, port: int) -> None:
        """Wait until somebody listens.

        Raises:
            ChildEndedError: a child gave up, or nobody listens after a minute.
        """
        until = time.monotonic() + _ANSWER_SECONDS
        while not answers(host, port):
            self._raise_if_asked()
            self._raise_if_ended()
            if time.monotonic() > until:
                raise ChildEndedError(f"nothing answers on port {port} after {_ANSWER_SECONDS} s")
            time.sleep(0.1)

    def wait(self) -> None:
        """Watch until asked to stop.

        Raises:
            ChildEndedError: a child ended by itself.
        """
        while True:
            self._raise_if_asked()
            self._raise_if_ended()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all children to end, then make them and whatever they started."""
        self._ending = True
        for child in self._children.values():
            child.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for child in self._children.values():
            with suppress(ProcessLookupError):  # a session is a group of its own; mostly nobody of it is left
                os.killpg(child.pid, signal.SIGKILL)
        self._children.clear()

    def _raise_if_ended(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ChildEndedError(f"{name} ended with status {child.returncode}; see above")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked_to_stop = True
        if not self._ending:  # a second Ctrl-C must not leave half of it running
            raise _Stop

    def _raise_if_asked(self) -> None:
        """For a request that came while nothing may be raised, as in a finalizer, and so was lost."""
        if self._asked_to_stop:
            raise _Stop
