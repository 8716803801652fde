"""Fixtures of the record."""

import pytest
from django.db import connection

from panro.record.roles import grant_runtime


@pytest.fixture
def runtime_role(request: pytest.FixtureRequest) -> None:
    """The runtime role, with its rights, in this test's database."""
    request.getfixturevalue("db")
    with connection.cursor() as cursor:
        grant_runtime(cursor)
