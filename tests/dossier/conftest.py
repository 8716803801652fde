import os

import pytest


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of dossiers are compared in one file; test_write.py sees to it that writing waits for the disk."""
    if request.path.name == "test_agreement.py":
        monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
