"""A round's three entries in the agency's record, and their proof (selection-spec, 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.proof.chain import Entry

if TYPE_CHECKING:
    from panro.dossier.model import RoundRecord, RoundTimes
    from panro.proof.chain import Chain, Proof


def pool_frozen(record: RoundRecord, times: RoundTimes) -> Entry:
    """Give the entry made when the pool was frozen."""
    root, count = record.draw.pool_root, len(record.receipts)
    return Entry.of_round("pool_frozen", at=times.pool_frozen, count=count, root=root, round_id=record.rules.round_id)


def evaluation_sealed(record: RoundRecord, times: RoundTimes) -> Entry:
    """Give the entry made when all scores of the evaluation were in."""
    count = sum(1 for score in record.scores if score.phase == 0)
    at, root = times.evaluation_sealed, record.draw.scores_root
    return Entry.of_round("evaluation_sealed", at=at, count=count, root=root, round_id=record.rules.round_id)


def round_published(record: RoundRecord, root: str, times: RoundTimes) -> Entry:
    """Give the entry made when the results, or those of an addendum, were published; ``root`` is the dossier's."""
    count = sum(1 for result in record.results if result.outcome == "selected")
    return Entry.of_round("round_published", at=times.published, count=count, root=root, round_id=record.rules.round_id)


def round_entries(record: RoundRecord, root: str, times: RoundTimes) -> tuple[Entry, Entry, Entry]:
    """Give a round's three entries in their order.

    Raises:
        ValueError: if the times fall.
    """
    if not times.pool_frozen <= times.evaluation_sealed <= times.published:
        raise ValueError(f"the times of {record.rules.round_id} fall: {times}")
    return pool_frozen(record, times), evaluation_sealed(record, times), round_published(record, root, times)


def enter(chain: Chain, record: RoundRecord, root: str, times: RoundTimes) -> Proof:
    """Append a round's three entries, each sealed before the next, and prove them.

    For a year in which rounds overlap, append ``round_entries`` in the order of their times instead, seal at least
    once between a round's entries, and ask the chain for the proof.
    """
    positions = []
    for entry in round_entries(record, root, times):
        positions.append(chain.append(entry))
        chain.seal()
    return chain.proof(positions)
