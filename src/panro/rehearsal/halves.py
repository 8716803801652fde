"""Long pure work on many things, half of it in a second process."""

from __future__ import annotations

import os
import sys
import threading
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

WORTH_IT: Final = 2_000
"""Things from which on a second process saves more than it costs."""


def in_halves[T, R](work: Callable[[Sequence[T]], list[R]], things: Sequence[T]) -> list[R]:
    """Give ``work(things)``, where each thing's result rests on that thing alone and can be pickled.

    The second process is a copy of this one, so what ``work`` changes there is not seen here. Where none can be had
    (another system than Linux, a single processor, other threads) or it ends without an answer, all is done here.
    """
    if len(things) < WORTH_IT or not _possible():
        return work(things)
    middle = len(things) // 2
    fork = get_context("fork")
    answer, question = fork.Pipe(duplex=False)
    second = fork.Process(target=_answer, args=(work, things[middle:], question), daemon=True)
    try:
        second.start()
    except OSError:
        answer.close()
        question.close()
        return work(things)
    question.close()
    try:
        first = work(things[:middle])
        rest: list[R] | None = _received(answer)
        return first + (work(things[middle:]) if rest is None else rest)
    finally:
        answer.close()
        second.kill()
        second.join()


def _possible() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _answer[T, R](work: Callable[[Sequence[T]], list[R]], things: Sequence[T], question: Connection) -> None:
    question.send(work(things))


def _received[R](answer: Connection) -> list[R] | None:
    try:
        found: list[R] = answer.recv()
    except EOFError:  # it ended: its half is done here, where an error is raised as it should be
        return None
    return found
