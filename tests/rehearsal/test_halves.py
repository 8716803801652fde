"""Work that a second process does half of comes to the same, whatever becomes of that process."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from panro.proof.canonical import CanonicalError, canonical_text, encode_text
from panro.rehearsal import halves
from panro.rehearsal.halves import WORTH_IT, in_halves
from panro.rehearsal.population import default_population
from panro.rehearsal.rehearse import Options, rehearse
from panro.rules.edition.load import load_edition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HERE = os.getpid()


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "_possible", lambda: True)


def doubled_where(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(2 * number, os.getpid()) for number in numbers]


@pytest.mark.parametrize("size", [0, 1, WORTH_IT - 1, WORTH_IT, WORTH_IT + 1])
def test_results_come_in_order_and_only_many_come_from_two_processes(size: int) -> None:
    found = in_halves(doubled_where, range(size))
    assert [number for number, _ in found] == [2 * number for number in range(size)]
    elsewhere = sum(process != HERE for _, process in found)
    assert elsewhere == (size - size // 2 if size >= WORTH_IT else 0)


def test_a_process_that_dies_is_done_without() -> None:
    def die_there(numbers: Sequence[int]) -> list[int]:
        if os.getpid() != HERE:
            os._exit(1)
        return list(numbers)

    assert in_halves(die_there, range(WORTH_IT)) == list(range(WORTH_IT))


def test_a_process_that_cannot_start_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    assert {process for _, process in in_halves(doubled_where, range(WORTH_IT))} == {HERE}


def test_an_error_in_either_half_is_raised_here(capfd: pytest.CaptureFixture[str]) -> None:
    for bad in (0, WORTH_IT - 1):

        def refuse(numbers: Sequence[int], bad: int = bad) -> list[int]:
            if bad in numbers:
                raise ValueError(f"{bad} is not liked")
            return list(numbers)

        with pytest.raises(ValueError, match=f"^{bad} is not liked"):
            in_halves(refuse, range(WORTH_IT))
    assert "is not liked" in capfd.readouterr().err  # the second process says so too


def test_it_is_not_possible_beside_other_threads_or_on_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("sys.platform", "linux")
    for threads, processors, possible in ((1, {0, 1}, True), (2, {0, 1}, False), (1, {0}, False)):
        monkeypatch.setattr(threading, "active_count", lambda threads=threads: threads)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, found=processors: found, raising=False)
        assert halves._possible() == possible


def test_a_year_comes_to_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, population = load_edition("2021"), default_population()
    for name, worth_it in (("alone", 10**9), ("halves", 10)):
        monkeypatch.setattr(halves, "WORTH_IT", worth_it)
        rehearse(edition, population, Options(80, 5, tmp_path / name), timer=lambda: 0.0)

    def files(name: str) -> dict[str, bytes]:
        folder = tmp_path / name
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files("halves") == files("alone")
    assert len(files("alone")) > 200


def test_text_that_is_canonical_already_was_checked() -> None:
    assert canonical_text({"b": 1, "a": "한"}) == encode_text({"b": 1, "a": "한"}) == '{"a":"한","b":1}'
    with pytest.raises(CanonicalError):
        canonical_text({"a": "\u1112\u1161\u11ab"})
