"""Fixtures of parties: the tax service's stand-in on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parties.people import Tax, tax_service

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def tax() -> Iterator[Tax]:
    with tax_service() as service:
        yield service
