"""Which year a page shows: the current one, or another one that the address asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.http import urlencode

from panro.editions.documents import edition_of
from panro.editions.queries import public_versions

if TYPE_CHECKING:
    from django.http import HttpRequest

    from panro.editions.models import EditionVersion
    from panro.rules.edition.model import Edition


@dataclass(frozen=True, slots=True)
class Year:
    """A published version, its document, and the other years there are."""

    version: EditionVersion
    edition: Edition
    versions: list[EditionVersion]

    @property
    def code(self) -> str:
        """The edition's code."""
        return self.edition.head.code

    @property
    def is_current(self) -> bool:
        """Whether it is the newest year."""
        return self.version == self.versions[0]

    @property
    def query(self) -> str:
        """What an address within this year ends with: nothing in the current one."""
        return "" if self.is_current else f"?{urlencode({'edition': self.code})}"


def year_of(request: HttpRequest) -> Year | None:
    """The year that ``?edition=`` names, else the newest; None where nothing is published yet. One query.

    Raises:
        Http404: there is no such published year.
    """
    versions = list(public_versions())
    wanted = request.GET.get("edition")
    chosen = [version for version in versions if wanted in (None, version.edition.code)]
    if not chosen:
        if wanted is None:
            return None
        raise Http404
    return Year(chosen[0], edition_of(chosen[0]), versions)


def required_year(request: HttpRequest) -> Year:
    """As `year_of`; where nothing is published there is no page.

    Raises:
        Http404: there is no such published year, or none at all.
    """
    year = year_of(request)
    if year is None:
        raise Http404
    return year
