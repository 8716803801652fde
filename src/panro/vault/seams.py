"""What rooms above tell this one, each in ``AppConfig.ready``.

===================  ===============================================================================================
``facts_from``       facts that a room above holds itself (supports received, listings), merged with the stored ones
``in_use``           which papers a submitted application rests on: those may not be removed by their owner
``facts_asked_from``  from which day on a room above may still ask what was known of a party
``paper_settled``    told, in its transaction, that papers were accepted, not accepted, or removed
``consent_withdrawn``  told, in its transaction, that consents were withdrawn
===================  ===============================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from panro.rules.facts import Fact
    from panro.vault.models import Consent, Paper


class FactsFrom(Protocol):
    """Answers for many parties at once, with a constant number of queries."""

    def __call__(
        self, parties: Collection[UUID], *, papers_until: date, registers_on: date
    ) -> Mapping[UUID, Iterable[Fact]]:
        """Return what the room knows of parties as of a day; one that is left out is not known to it."""


class InUse(Protocol):
    """Says which papers must stay."""

    def __call__(self, papers: Collection[UUID]) -> Collection[UUID]:
        """Return those of the papers that something rests on."""


class FactsAskedFrom(Protocol):
    """Says how far back facts are needed."""

    def __call__(self, parties: Collection[UUID]) -> Mapping[UUID, date]:
        """Return the earliest day whose facts may still be asked; a party that is left out is asked about no more."""


class PaperSettled(Protocol):
    """Is told what became of papers."""

    def __call__(self, papers: Sequence[Paper], *, now: datetime) -> None:
        """Act in the transaction in which the papers changed."""


class ConsentWithdrawn(Protocol):
    """Is told that consents ended."""

    def __call__(self, consents: Sequence[Consent], *, now: datetime) -> None:
        """Act in the transaction of the withdrawal."""


class Seam[Part]:
    """A registry with one part per name."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def register(self, name: str, part: Part) -> None:
        """Add a part; registering the same name again replaces it."""
        self._parts[name] = part

    def forget(self, name: str) -> None:
        """Take a part out again; of a name that is not there, nothing."""
        self._parts.pop(name, None)

    def __iter__(self) -> Iterator[Part]:
        """The parts in the order of their names."""
        return iter([part for _, part in sorted(self._parts.items())])


facts_from: Final[Seam[FactsFrom]] = Seam()
in_use: Final[Seam[InUse]] = Seam()
facts_asked_from: Final[Seam[FactsAskedFrom]] = Seam()
paper_settled: Final[Seam[PaperSettled]] = Seam()
consent_withdrawn: Final[Seam[ConsentWithdrawn]] = Seam()
