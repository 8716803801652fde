"""The command lines of the processes that make up the running site."""

from __future__ import annotations

import sys

_THREADS = 8


def server_command(*, host: str, port: int, workers: int) -> list[str]:
    """The web server: granian over WSGI, which answered pages with the least work of those measured."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        f"--blocking-threads={_THREADS}",
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level=error",
        "panro.site.wsgi:application",
    ]


def worker_command() -> list[str]:
    """The worker that runs queued tasks."""
    return [sys.executable, "-m", "panro.site.worker"]
