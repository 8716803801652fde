"""`python -m panro.verifier DOSSIER [--head HASH] [--original DOSSIER] [--lang en|ko]`.

Exit 0: everything agreed. Exit 1: a difference, named on standard output. Exit 2: wrong use.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .check import verify
from .numbers import is_hash
from .summary import LANGUAGES, summary

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the dossier named on the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify", description="Recompute a selection from its dossier.", allow_abbrev=False
    )
    parser.add_argument("dossier", metavar="DOSSIER", help="folder of the dossier")
    parser.add_argument("--head", metavar="HASH", help="head of the last seal, as published elsewhere")
    parser.add_argument("--original", metavar="DOSSIER", help="for an addendum: folder of the dossier that it changes")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="en", help="language of the summary")
    chosen = parser.parse_args(arguments)
    for folder in (chosen.dossier, chosen.original):
        if folder is not None and not Path(folder).is_dir():
            parser.error(f"{folder!r} is not a folder; name the folder that holds manifest.json")
    if chosen.head is not None and not is_hash(chosen.head):
        parser.error("--head takes 64 lower-case hexadecimal digits")
    report = verify(chosen.dossier, chosen.head, chosen.original)
    sys.stdout.write(summary(report, chosen.lang) + "\n")
    return 0 if report.ok else 1


def run() -> None:
    """Start the program: the exit code is `main`'s, and signs a terminal cannot show are escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


if __name__ == "__main__":
    run()
