from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).parents[2] / "benchmarks" / "run.py"


def test_the_benchmark_runs_and_prints_every_figure_with_its_floor() -> None:
    done = subprocess.run([sys.executable, RUN, "--quick"], capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    for what in (
        "one round ranked",
        "selection proper",
        "public dossier",
        "auditor dossier",
        "year of 300 companies",
        "results published",
        "statements of one",
        "submits, 50 clients",
        "whole journeys",
        "model of the rush",
        "tax service down",
    ):
        assert what in done.stdout
    assert "went wrong" not in done.stdout
    assert "CPython" in done.stdout
