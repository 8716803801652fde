"""Processes die in the middle of a rush: what was acknowledged is there, once, and nothing is there by halves."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from faults.running import Ready, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBMITS = 500
AT_ONCE = 12
PATIENCE = 0.3
"""Seconds after which somebody else presses, if there was no answer."""
VICTIMS: dict[str, Callable[[Site], None]] = {
    "web": Site.kill_web_process,
    "worker": Site.kill_worker,
    "database": Site.kill_database,
}
PANRO = str(Path(sys.executable).with_name("panro"))
WRITTEN = """
    SELECT application.id::text, application.state,
        (SELECT count(*) FROM intake_snapshot WHERE application_id = application.id),
        (SELECT count(*) FROM intake_receipt WHERE application_id = application.id),
        (SELECT count(*) FROM record_entry
         WHERE act = 'application_submitted' AND subject = 'application:' || application.id),
        (SELECT coalesce(string_agg(channel, ' ' ORDER BY channel), '') FROM notify_message
         WHERE template = 'application_received' AND key LIKE 'application_received:' || application.id || ':%%')
    FROM intake_application AS application
"""
WHOLE = ("submitted", 1, 1, 1, "email inbox")
UNTOUCHED = ("draft", 0, 0, 0, "")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, list[Ready]]]:
    with Site(tmp_path_factory.mktemp("site")) as site:
        ready = site.prepare(SUBMITS)
        site.start_web()
        site.start_worker()
        yield site, ready


def rush(site: Site, ready: list[Ready], kill: Callable[[Site], None]) -> dict[Ready, bool]:
    """Everybody presses once; after a third and after two thirds of the answers somebody is killed.

    Returns who was told that it was taken.
    """
    taken: dict[Ready, bool] = {}
    answered = threading.Semaphore(0)

    def press(one: Ready) -> None:
        taken[one] = site.hand_in(one)
        answered.release()
        if not taken[one]:
            time.sleep(PATIENCE)

    with ThreadPoolExecutor(AT_ONCE) as people:
        pressing = [people.submit(press, one) for one in ready]
        for _time in range(2):
            for _one in range(len(ready) // 3):
                assert answered.acquire(timeout=60)
            kill(site)
        for one in pressing:
            one.result()
    return taken


def test_whoever_is_killed_every_acknowledged_receipt_exists_once_and_nothing_by_halves(
    crowd: tuple[Site, list[Ready]],
) -> None:
    site, ready = crowd
    taken: dict[Ready, bool] = {}
    for place, kill in enumerate(VICTIMS.values()):
        taken |= rush(site, ready[place :: len(VICTIMS)], kill)
        written = rows(site)
        assert {written[one.application] for one, was in taken.items() if was} == {WHOLE}
        assert set(written.values()) <= {WHOLE, UNTOUCHED}
    unanswered = [one for one in ready if not taken[one]]
    assert len(unanswered) < SUBMITS // 2  # most got through, or this test shows little
    before = numbers(site)
    with ThreadPoolExecutor(AT_ONCE) as people:  # they press again, and twice
        assert set(people.map(site.hand_in, unanswered * 2)) <= {True}
    after = numbers(site)
    assert after | before == after  # no receipt became another
    assert set(rows(site).values()) == {WHOLE}
    assert sorted(after.values()) == [f"2021-3-1-R1-{number:06d}" for number in range(1, SUBMITS + 1)]
    for one in ready[:: SUBMITS // 10]:
        assert site.number(one) == after[one.application]
    assert "all hold" in site.run(PANRO, "doctor", "--thorough")
    check_letters(site)


def rows(site: Site) -> dict[str, tuple[object, ...]]:
    """What is written of each application: its state, and how much of everything that comes with a receipt."""
    with site.connect() as connection:
        return {application: tuple(rest) for application, *rest in connection.execute(WRITTEN)}


def numbers(site: Site) -> dict[str, str]:
    """The number of each application's receipt."""
    with site.connect() as connection:
        return dict(connection.execute("SELECT application_id::text, receipt_no FROM intake_receipt").fetchall())


def check_letters(site: Site) -> None:
    """No letter left twice, and each that is called sent has left."""
    site.stop_worker()
    with site.connect() as connection:
        states = dict(
            connection.execute("SELECT id::text, state FROM notify_message WHERE channel = 'email'").fetchall()
        )
    left: Counter[str] = Counter()
    for file in (site.home / "mail").iterdir():
        left.update(re.findall(r"^Message-ID: <([0-9a-f-]{36})@", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(left.values()) == {1}
    assert {message for message, state in states.items() if state == "sent"} <= left.keys() <= states.keys()
    assert set(states.values()) <= {"sent", "queued", "sending"}
