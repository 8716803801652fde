"""Where this installation keeps what it makes. Known before the settings are."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("PANRO_VAR") or PROJECT / "var").absolute()
