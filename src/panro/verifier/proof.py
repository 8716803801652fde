"""The agency's record: entries, seals and the head, `proof.json` (section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .hashes import h, root_by_path
from .numbers import is_time
from .tables import canonical_json

if TYPE_CHECKING:
    from .tables import Node

NO_SEAL = "0" * 64
SEAL_KEYS = ("number", "previous", "root", "count", "head")
ENTRY_KEYS = ("entry", "index", "path", "seal")
ACTS = ("pool_frozen", "evaluation_sealed", "round_published")


class Claims(NamedTuple):
    """What the record must say of the round: count and root of pool, evaluation and publication."""

    round_id: str
    counts: tuple[int, int, int]
    roots: tuple[str, str, str]


class _Seal(NamedTuple):
    root: str
    entries: int


def check_proof(proof: Node, claims: Claims, head: str | None) -> str:
    """Check that the record says what the dossier shows; returns the last seal's head.

    Args:
        proof: `proof.json`.
        claims: Counts and roots as computed.
        head: The head known from elsewhere, which the last seal must have; None if none is known.
    """
    top = proof.fields(("entries", "seals"))
    seals, last_head = _seals(top["seals"])
    entries = top["entries"].items()
    if len(entries) != len(ACTS):
        raise top["entries"].differs(f"{len(ACTS)} entries", f"{len(entries)} entries")
    last_seal, last_time = 0, ""
    for place, entry in enumerate(entries):
        keys = entry.fields(ENTRY_KEYS)
        last_time = _entry(keys["entry"], ACTS[place], claims, place, last_time)
        number = keys["seal"].whole(1)
        if number not in seals:
            raise keys["seal"].differs("the number of a seal of this file")
        if number <= last_seal or (place == 0 and number != min(seals)):
            raise keys["seal"].differs("the first seal" if place == 0 else f"a seal after {last_seal}")
        last_seal = number
        _included(keys, seals[number])
    if head is not None and last_head != head:
        raise top["seals"].items()[-1].differs(f"the head {head}, as given", last_head)
    return last_head


def _seals(node: Node) -> tuple[dict[int, _Seal], str]:
    """Check that the seals are chained; returns them by number, and the last one's head."""
    seals: dict[int, _Seal] = {}
    previous, last_number = "", 0
    for item in node.items():
        keys = item.fields(SEAL_KEYS)
        number, count = keys["number"].whole(1), keys["count"].whole()
        if seals and number != last_number + 1:
            raise keys["number"].differs(str(last_number + 1))
        if number == 1:
            previous = NO_SEAL
        if keys["previous"].hash() != previous and previous:
            raise keys["previous"].differs(previous)
        head = h("panro-seal-1", str(number), keys["previous"].text(), keys["root"].hash(), str(count))
        if keys["head"].text() != head:
            raise keys["head"].differs(head)
        seals[number] = _Seal(keys["root"].text(), count)
        previous, last_number = head, number
    if not seals:
        raise node.differs("at least three seals")
    return seals, previous


def _entry(node: Node, act: str, claims: Claims, place: int, last_time: str) -> str:
    """Check what an entry says; returns its time."""
    keys = node.fields(("act", "at", "count", "root", "round"))
    if keys["act"].text() != act:
        raise keys["act"].differs(act)
    if not is_time(keys["at"].text()):
        raise keys["at"].differs("a time as YYYY-MM-DDTHH:MM:SSZ")
    if keys["at"].text() < last_time:
        raise keys["at"].differs(f"a time not before {last_time}")
    if keys["count"].whole() != claims.counts[place]:
        raise keys["count"].differs(str(claims.counts[place]))
    if keys["root"].text() != claims.roots[place]:
        raise keys["root"].differs(claims.roots[place])
    if keys["round"].text() != claims.round_id:
        raise keys["round"].differs(claims.round_id)
    return keys["at"].text()


def _included(keys: dict[str, Node], seal: _Seal) -> None:
    index = keys["index"].whole()
    if index >= seal.entries:
        raise keys["index"].differs(f"an index below the seal's count {seal.entries}")
    path = [sibling.hash() for sibling in keys["path"].items()]
    leaf = canonical_json(keys["entry"].value).encode()
    root = root_by_path(leaf, index, seal.entries, path)
    if root != seal.root:
        raise keys["path"].differs(f"a path to the seal's root {seal.root}", root or "a path of another length")
