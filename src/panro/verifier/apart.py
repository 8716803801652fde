"""A check that a second process makes while this one goes on with the others.

The facts are most of an auditor's dossier, and no other check needs them. Where a second
process cannot be had (another system than Linux, a single processor, other threads) or ends without an answer, the
check is made here instead: what is found is the same, only later.
"""

from __future__ import annotations

import os
import sys
import threading
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

from .report import DifferenceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

    from .report import Difference

WORTH_IT = 1 << 23
"""Bytes to be read from which on a second process saves more than it costs."""


class Apart:
    """Makes a check beside what is done inside its ``with``; its difference comes before any that is found there."""

    def __init__(self, check: Callable[[], None], size: int) -> None:
        """Take a check that changes nothing but raises a difference, and the number of bytes that it reads."""
        self._check = check
        self._wanted = size >= WORTH_IT and _possible()
        self._process: BaseProcess | None = None
        self._answer: Connection | None = None

    def __enter__(self) -> Self:
        """Start the second process if there is to be one."""
        if self._wanted:
            fork = get_context("fork")
            answer, question = fork.Pipe(duplex=False)
            process = fork.Process(target=_answer, args=(self._check, question), daemon=True)
            try:
                process.start()
            except OSError:
                answer.close()
            else:
                self._process, self._answer = process, answer
            question.close()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Raise the difference that the check found, if any; ends it unheard if something else went wrong meanwhile."""
        try:
            if error is None or isinstance(error, DifferenceError):
                self._raise_difference()
        finally:
            if self._process is not None:
                self._process.kill()
                self._process.join()

    def _raise_difference(self) -> None:
        if self._answer is not None:
            try:
                difference: Difference | None = self._answer.recv()
            except EOFError:
                self._check()
                return
            if difference is not None:
                raise DifferenceError.of(difference)
        else:
            self._check()


def _possible() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _answer(check: Callable[[], None], question: Connection) -> None:
    """Make the check in the second process and send the difference, or None."""
    try:
        check()
    except DifferenceError as error:
        question.send(error.difference)
    else:
        question.send(None)
