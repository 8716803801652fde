"""The verifier as the rooms may use it: they never import it, so that it stays a second opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def differences(folder: Path) -> Sequence[str]:
    """What the verifier finds wrong in a dossier: nothing, or the first difference."""
    found = verify(folder).difference
    return [] if found is None else [str(found)]
