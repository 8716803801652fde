"""Every check and test of the project, one after the other; fails if any fails. Called by ``make test``.

One cluster of the embedded database, made for this run and removed after it, serves all of them; with
DATABASE_URL that server is used instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from panro.site.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]
BIN = PROJECT / ".venv" / "bin"
CODE = [name for name in ("src", "tests", "scripts", "benchmarks") if (PROJECT / name).is_dir()]
CHECKS: list[tuple[str, list[str]]] = [
    ("Format", ["ruff", "format", "--check", *CODE]),
    ("Lint", ["ruff", "check", *CODE]),
    ("Types", ["mypy"]),
    ("Types of scripts", ["mypy", "scripts"]),
    ("Import contracts", ["lint-imports"]),
    ("Migrations", ["panro", "manage", "makemigrations", "--check", "--dry-run"]),
    ("Translations", ["python", "scripts/messages.py", "check"]),
    ("Tests", ["pytest", "-q", "-n", "2", "--cov", "--cov-report=term:skip-covered"]),
]


def main() -> None:
    os.chdir(PROJECT)
    with database():
        results = [(title, *run(title, command)) for title, command in CHECKS]
    width = max(len(title) for title, _, _ in results)
    print("\n" + "=" * 78)
    for title, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {title:<{width}}  {seconds:6.1f} s")
    raise SystemExit(0 if all(passed for _, passed, _ in results) else 1)


def run(title: str, command: list[str]) -> tuple[bool, float]:
    print(f"\n\033[1m==> {title}\033[0m", flush=True)
    began = time.monotonic()
    done = subprocess.run([str(BIN / command[0]), *command[1:]], check=False)
    return done.returncode == 0, time.monotonic() - began


@contextmanager
def database() -> Iterator[None]:
    if os.environ.get("DATABASE_URL"):
        yield
        return
    home = PROJECT / "var" / f"check-postgres-{os.getpid()}"
    server = EmbeddedPostgres(home, durable=False)
    try:
        server.start()
        os.environ["DATABASE_URL"] = server.url()
        yield
    finally:
        server.destroy()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
