"""A check that a second process makes finds the same, in the same order, whatever becomes of that process."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from panro.verifier import Difference, apart, verify
from panro.verifier.apart import WORTH_IT, Apart
from panro.verifier.report import DifferenceError
from verifier.made_files import rows_of, with_manifest, with_rows, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.made_files import Files

HERE = os.getpid()
WRONG = DifferenceError("auditor/facts.csv", "line 2", "this", "that")
OTHER = DifferenceError("results.csv", "line 2", "this", "that")


def wrong() -> None:
    raise WRONG


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_possible", lambda: True)


@pytest.mark.parametrize("size", [WORTH_IT - 1, WORTH_IT])
def test_its_difference_is_raised_and_comes_before_any_other(size: int) -> None:
    with pytest.raises(DifferenceError) as found, Apart(wrong, size):
        pass
    assert found.value.difference == WRONG.difference
    with pytest.raises(DifferenceError) as found, Apart(wrong, size):
        raise OTHER
    assert found.value.difference == WRONG.difference
    with pytest.raises(DifferenceError) as found, Apart(lambda: None, size):
        raise OTHER
    assert found.value.difference == OTHER.difference


def test_it_is_made_in_another_process_only_if_there_is_much_to_read(tmp_path: Path) -> None:
    def tell() -> None:
        (tmp_path / "process").write_text(str(os.getpid()))

    for size, elsewhere in ((WORTH_IT - 1, False), (WORTH_IT, True)):
        with Apart(tell, size):
            pass
        assert ((tmp_path / "process").read_text() != str(HERE)) == elsewhere


def test_a_process_that_dies_is_done_without() -> None:
    def die_there() -> None:
        if os.getpid() != HERE:
            os._exit(1)
        raise WRONG

    with pytest.raises(DifferenceError), Apart(die_there, WORTH_IT):
        pass


def test_a_process_that_cannot_start_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(DifferenceError), Apart(wrong, WORTH_IT):
        pass


def test_something_else_that_goes_wrong_is_not_held_up() -> None:
    def wait() -> None:
        threading.Event().wait(600)

    with pytest.raises(KeyboardInterrupt), Apart(wait, WORTH_IT):
        raise KeyboardInterrupt


def test_two_at_once_are_not_started_beside_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # whatever the tests before have left running
    assert apart._possible()
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not apart._possible()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert not apart._possible()


def changed(files: Files, name: str, **cells: str) -> Files:
    rows = rows_of(files[name])
    rows[0] |= cells
    return with_manifest(with_rows(files, name, rows))


def without_facts(files: Files) -> Files:
    return changed(files, "auditor/facts.csv", payload="{}")


CHANGES: dict[str, Callable[[Files], Files]] = {
    "nothing": with_manifest,
    "facts": without_facts,
    "receipts": lambda files: changed(files, "auditor/receipts.csv", salt="0" * 64),
    "facts and scores": lambda files: changed(without_facts(files), "auditor/scores.csv", version="2"),
    "scores": lambda files: changed(files, "auditor/scores.csv", version="2"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_dossier_has_the_same_difference_with_and_without(
    tmp_path: Path, tiny_files: Files, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    folder = write(tmp_path, CHANGES[change](tiny_files))

    def found() -> Difference | None:
        return verify(folder).difference

    alone = found()
    monkeypatch.setattr(apart, "WORTH_IT", 0)
    assert found() == alone
    assert (alone is None) == (change == "nothing")
