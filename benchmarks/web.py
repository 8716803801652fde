"""The measurements over HTTP: the submit request, the whole journey, and the rush of an opening day."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import floor
import waiting
from made_site import HOST, Site, running_site

from panro.site.ports import first_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counting import Queries
    from merchants import Merchant

MOST_QUERIES: Final = 12
LEAST_OF_FLOOR: Final = 0.1
LEAST_OF_EMPTY: Final = 0.8
"""A full round may cost no more than what chance does to two runs."""
CLIENTS, JOURNEY_CLIENTS, RUSH_CLIENTS = 50, 10, 32
SLOW: Final = Path(__file__).with_name("slow_services.py")
ROUND: Final = "R1"
"""The one round that is open on the day the pages stand on; it is empty at first and filled on the way."""
PAPER_BYTES: Final = 200_000
WARM: Final = 16
UPLOADS_IN_TEN: Final = 3
"""Of ten who submit in the rush, so many upload a paper just before, and as many have the tax service asked."""
PEER: Final = {"empty": 9.5, "full": 2.3}
"""Whole submissions a second of pretalx 2026.2.1, recorded on a machine of this kind; see docs/benchmarks.md."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        drafts: submitted at a time, and by the bare loop.
        held: what the round holds already when it is full.
        journeys: walked at a time.
        journeys_held: what the round holds already when journeys are walked once more.
        rush_seconds: how long the rush lasts.
    """

    drafts: int
    held: int
    journeys: int
    journeys_held: int
    rush_seconds: int


WHOLE: Final = Sizes(drafts=2_000, held=60_000, journeys=60, journeys_held=3_500, rush_seconds=60)
SMALL: Final = Sizes(drafts=20, held=40, journeys=4, journeys_held=40, rush_seconds=3)


@dataclass(frozen=True, slots=True)
class WebFigure:
    """One figure over HTTP, what it stands beside, and whether a limit set for it was kept."""

    what: str
    figure: str
    beside: str = ""
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the load generator measured; times in seconds, sorted."""

    took: list[float]
    wall: float
    processor: float
    requests: int
    wrong: dict[str, int]

    @property
    def rate(self) -> float:
        """Tasks done a second."""
        return len(self.took) / self.wall

    @property
    def each(self) -> float:
        """Processor seconds of web server and database per task."""
        return self.processor / max(len(self.took), 1)

    @property
    def waits(self) -> str:
        """Half and nearly all of the times."""
        return f"p50 {_ms(waiting.quantile(self.took, 0.5))}, p95 {_ms(waiting.quantile(self.took, 0.95))}"

    @property
    def faults(self) -> str:
        """What went wrong, with how often; empty if nothing did."""
        return ", ".join(f"{count} x {what}" for what, count in self.wrong.items())


def pages(sizes: Sizes, scratch: Path) -> list[WebFigure]:
    """Submitting, whole journeys and the rush of an opening day, over HTTP."""
    with running_site(scratch / "site") as site:
        import merchants  # noqa: PLC0415 - Django is set up only now
        from counting import queries_of_a_submit  # noqa: PLC0415 - same

        pattern = merchants.first_merchant()
        writer = merchants.like(pattern, 1)[0]
        written = _run(site, [writer.task("draft", round=ROUND, bytes=PAPER_BYTES)], clients=1, seconds=120)
        if written.wrong:
            raise SystemExit(f"no draft: {written.faults}")
        queries = queries_of_a_submit(merchants.like(writer, 1)[0])
        figures = [_statements(queries), *_journeys(site, pattern, sizes, PEER["empty"])]
        _warm(site, writer)
        held, empty = merchants.held(), _submit(site, merchants.like(writer, sizes.drafts))
        bare = _bare(site, writer, sizes.drafts)
        figures += _submits(empty, held, f"{bare:.0f}/s by bare statements at {floor.CONNECTIONS} connections:", bare)
        merchants.hold(writer, sizes.journeys_held)
        figures += _journeys(site, pattern, sizes, PEER["full"])
        merchants.hold(writer, sizes.held)
        held, full = merchants.held(), _submit(site, merchants.like(writer, sizes.drafts))
        figures += _submits(full, held, "of the rate with the round nearly empty:", empty.rate, LEAST_OF_EMPTY)
        return [*figures, *_rush(site, writer, sizes)]


def _statements(queries: Queries) -> WebFigure:
    return WebFigure(
        "statements of one submit request",
        f"{queries.asked}, and {queries.brackets} around transactions",
        f"at most {MOST_QUERIES}",
        queries.asked <= MOST_QUERIES,
    )


def _submits(run: Run, held: int, beside: str, other: float, least: float = LEAST_OF_FLOOR) -> list[WebFigure]:
    return [
        WebFigure(
            f"submits, {CLIENTS} clients, round that holds {held:,}",
            f"{run.rate:.1f}/s, {run.waits}, {_ms(run.each)} of processor each",
            f"{beside} ratio {run.rate / other:.2f}",
            run.rate / other >= least and not run.wrong,
        ),
        *_faults(run),
    ]


def _bare(site: Site, writer: Merchant, number: int) -> float:
    """Transactions a second of the bare loop, on drafts of its own."""
    import merchants  # noqa: PLC0415 - Django is set up only now
    from counting import size_of_a_snapshot  # noqa: PLC0415 - same

    version, size = merchants.notice(), size_of_a_snapshot()
    drafts = [
        floor.Draft(one.application, one.user, version.pk, version.edition_id, ROUND, size)
        for one in merchants.like(writer, number)
        if one.application
    ]
    return floor.write(site.database, drafts)


def _warm(site: Site, writer: Merchant) -> None:
    """Have every process and connection do once what is measured next."""
    import merchants  # noqa: PLC0415 - Django is set up only now

    _run(site, [one.task("submit") for one in merchants.like(writer, WARM)], clients=WARM, seconds=60)


def _submit(site: Site, drafts: list[Merchant]) -> Run:
    return _run(site, [one.task("submit") for one in drafts], clients=CLIENTS, seconds=180)


def _journeys(site: Site, pattern: Merchant, sizes: Sizes, peer: float) -> list[WebFigure]:
    import merchants  # noqa: PLC0415 - Django is set up only now

    held = merchants.held()
    tasks = [one.task("journey", round=ROUND, bytes=PAPER_BYTES) for one in merchants.like(pattern, sizes.journeys)]
    done = _run(site, tasks, clients=JOURNEY_CLIENTS, seconds=240)
    requests = done.requests / max(len(done.took), 1)
    return [
        WebFigure(
            f"whole journeys of {requests:.0f} requests with two uploads, {JOURNEY_CLIENTS} clients, "
            f"round that holds {held:,}",
            f"{done.rate:.2f}/s, {done.waits}, {_ms(done.each)} of processor each",
            f"pretalx, as recorded: {peer}/s of 6 requests without uploads",
            not done.wrong,
        ),
        *_faults(done),
    ]


def _rush(site: Site, writer: Merchant, sizes: Sizes) -> list[WebFigure]:
    """One minute as busy as the first half hour of an opening day, while scanner and tax service are slow or away."""
    import merchants  # noqa: PLC0415 - Django is set up only now

    one_by_one = _run(
        site,
        [one.task("submit") for one in merchants.like(writer, min(sizes.drafts, 100))],
        clients=1,
        seconds=60,
    )
    servers = min(os.cpu_count() or 1, 2)
    model = waiting.rush(_scaled(one_by_one), servers=servers)
    figures = [
        WebFigure(
            f"model of the rush: {model.arrivals:,} submits in half an hour, {waiting.RATE:.1f}/s",
            f"{model.busy:.0%} of {servers} cores; waiting p50 {_ms(model.waits_p50)}, p95 {_ms(model.waits_p95)}, "
            f"longest {_ms(model.longest)}",
            f"one client alone: {one_by_one.waits}, {_ms(one_by_one.each)} of processor each",
            model.busy < 1 and not one_by_one.wrong,
        )
    ]
    for state in ("slow", "down"):
        done = _minute(site, writer, sizes.rush_seconds, state)
        figures += [
            WebFigure(
                f"{sizes.rush_seconds} s of that rush, scanner and tax service {state}",
                f"{len(done.took)} of {len(done.took) + sum(done.wrong.values())} done, {done.waits}",
                f"submits, with an upload and a check by {UPLOADS_IN_TEN} in ten each",
                not done.wrong,
            ),
            *_faults(done),
        ]
    return figures


def _minute(site: Site, writer: Merchant, seconds: int, state: str) -> Run:
    import merchants  # noqa: PLC0415 - Django is set up only now

    moments = waiting.arrivals(waiting.RATE, seconds, seed=len(state))
    people = merchants.like(writer, len(moments))
    tasks: list[dict[str, Any]] = []
    for number, (moment, one) in enumerate(zip(moments, people, strict=True)):
        if number % 10 < UPLOADS_IN_TEN:
            tasks.append(one.task("upload_and_submit", at=moment, bytes=PAPER_BYTES))
        elif number % 10 < 2 * UPLOADS_IN_TEN:
            tasks.append(one.task("check_and_submit", at=moment, check=merchants.check_address(one)))
        else:
            tasks.append(one.task("submit", at=moment))
    with _troubled(site, state):
        _warm(site, writer)
        return _run(site, tasks, clients=RUSH_CLIENTS, seconds=seconds + 60)


@contextmanager
def _troubled(site: Site, state: str) -> Iterator[None]:
    """Have the worker run beside a scanner and a tax service that are slow, or that nobody can reach."""
    scanner = first_free(HOST, 8740)
    tax = first_free(HOST, scanner + 1)
    os.environ |= {
        "PANRO_CLAMD": f"tcp:{HOST}:{scanner}",
        "PANRO_TAX_SERVICE_KEY": secrets.token_urlsafe(24),
        "PANRO_TAX_SERVICE_URL": f"http://{HOST}:{tax}",
    }
    services = (("scanner", scanner), ("tax", tax)) if state == "slow" else ()
    for name, port in services:
        site.start(name, [sys.executable, str(SLOW), name, str(port)], port=port)
    site.restart()
    site.work()
    yield
    for name in ("worker", *(name for name, _port in services)):
        site.stop(name)


def _run(site: Site, tasks: list[dict[str, Any]], *, clients: int, seconds: float) -> Run:
    before = site.processor()
    found = site.load({"clients": clients, "tasks": tasks}, seconds=seconds)
    processor = site.processor() - before
    took = sorted(one for each in found["took"].values() for one in each)
    missing = len(tasks) - len(took) - sum(found["wrong"].values())
    wrong = found["wrong"] | ({"not begun in time": missing} if missing else {})
    return Run(took, found["wall"], processor, found["requests"], wrong)


def _scaled(run: Run) -> list[float]:
    """Processor time of each submission: its share of all by how long it took when nobody else was there."""
    whole = sum(run.took)
    return [one / whole * run.processor for one in run.took]


def _faults(*runs: Run) -> list[WebFigure]:
    return [WebFigure("went wrong", run.faults, "nothing may", holds=False) for run in runs if run.wrong]


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1_000:.1f} ms"
