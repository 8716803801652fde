from datetime import UTC, datetime, timedelta, timezone

import pytest

from panro.proof.chain import Chain, ChainError, Entry, seal_batch, utc_text
from panro.proof.hashing import tagged_hash
from panro.proof.merkle import merkle_root, verify_path

AT = datetime(2021, 4, 1, 9, 0, 5, 999, tzinfo=UTC)


def entries(count: int) -> list[Entry]:
    return [Entry.of({"n": number}) for number in range(count)]


def test_seals_follow_one_another() -> None:
    first = seal_batch(entries(3), None)
    assert first.root == merkle_root([b'{"n":0}', b'{"n":1}', b'{"n":2}'])
    assert first.head == tagged_hash("panro-seal-1", 1, "0" * 64, first.root, 3)
    second = seal_batch([], first)
    assert (second.number, second.previous, second.count) == (2, first.head, 0)
    assert second.head == tagged_hash("panro-seal-1", 2, first.head, merkle_root([]), 0)


def test_a_rounds_entry_has_the_specifications_keys() -> None:
    entry = Entry.of_round("pool_frozen", at=AT, count=7, root="ab" * 32, round_id="2021/3-1/R1")
    assert entry.canonical.decode() == (
        '{"act":"pool_frozen","at":"2021-04-01T09:00:05Z","count":7,"root":"' + "ab" * 32 + '","round":"2021/3-1/R1"}'
    )


def test_times_must_be_utc() -> None:
    for at in (AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=9)))):
        with pytest.raises(ValueError, match="not an aware UTC time"):
            utc_text(at)


def test_a_proof_leads_from_the_entries_to_the_head() -> None:
    chain = Chain()
    chain.seal()
    positions = []
    for batch in range(3):
        for entry in entries(batch):
            chain.append(entry)
        positions.append(chain.append(Entry.of({"mine": batch})))
        chain.append(Entry.of({"other": batch}))
        chain.seal()
        chain.seal()
    proof = chain.proof(positions, through=7)
    assert [seal.number for seal in proof.seals] == [2, 3, 4, 5, 6, 7]
    assert [entry.seal for entry in proof.entries] == [2, 4, 6]
    assert proof.head == chain.seals[-1].head
    for entry in proof.entries:
        seal = chain.seals[entry.seal - 1]
        assert verify_path(entry.entry.canonical, entry.index, seal.count, entry.path, seal.root)
    assert chain.proof(positions).seals[-1].number == 6


def test_what_cannot_be_proven_is_refused() -> None:
    chain = Chain()
    first = [chain.append(entry) for entry in entries(3)]
    with pytest.raises(ChainError, match="not sealed"):
        chain.proof(first)
    chain.seal()
    with pytest.raises(ChainError, match="three entries in three ascending seals"):
        chain.proof(first)
    last = []
    for entry in entries(3):
        last.append(chain.append(entry))
        chain.seal()
    with pytest.raises(ChainError, match="is missing"):
        chain.proof(last, through=3)
