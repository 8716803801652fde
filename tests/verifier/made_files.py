"""Hashes, canonical files and the record, by hand from docs/selection-spec.md, for the tests of the verifier.

Shares no code with the verifier, and is written for plainness: fractions, recursion, lists.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Files = dict[str, bytes]
Row = dict[str, str]


def h(tag: str, *parts: object) -> str:
    texts = [str(part).encode() for part in (tag, *parts)]
    return hashlib.sha256(b"".join(len(t).to_bytes(8, "big") + t for t in texts)).hexdigest()


def m(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + m(leaves[:split]) + m(leaves[split:])).digest()


def path_of(index: int, leaves: list[bytes]) -> list[str]:
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*path_of(index, leaves[:split]), m(leaves[split:]).hex()]
    return [*path_of(index - split, leaves[split:]), m(leaves[:split]).hex()]


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commit(salt: str, value: object) -> str:
    return h("panro-commitment-1", salt, canonical(value))


def to_step(x: Fraction, step: str) -> Fraction:
    return floor(x / Fraction(step) + Fraction(1, 2)) * Fraction(step)


def dec(x: Fraction, step: str) -> str:
    digits = len(step.partition(".")[2])
    units = x * 10**digits
    assert units.denominator == 1
    text = str(abs(units.numerator)).rjust(digits + 1, "0")
    sign = "-" if x < 0 else ""
    return sign + (text if not digits else f"{text[:-digits]}.{text[-digits:]}")


def table(columns: str, rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.split(", "))
    writer.writerows(rows)
    return out.getvalue().encode()


def line(value: object) -> bytes:
    return (canonical(value) + "\n").encode()


def file_root(data: bytes) -> str:
    return m(data[:-1].split(b"\n")).hex()


def root_of(files: Files) -> str:
    names = sorted(n for n in files if n not in ("manifest.json", "proof.json") and not n.startswith("auditor/"))
    return m([f"{name}:{file_root(files[name])}".encode() for name in names]).hex()


def with_manifest(files: Files) -> Files:
    """Fix up sizes, hashes and root of the manifest."""
    kind = "auditor" if any(name.startswith("auditor/") for name in files) else "public"
    listed = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if name != "manifest.json"
    }
    source = "manifest.json" if "manifest.json" in files else "rules.json"  # the rules may have been made unreadable
    simulated = json.loads(files[source])["simulated"]
    manifest = {
        "files": listed, "format": "panro-dossier-2", "kind": kind, "root": root_of(files), "simulated": simulated,
    }  # fmt: skip
    return {**files, "manifest.json": line(manifest)}


def with_proof(files: Files, *, first: int = 1) -> Files:
    """Fix up the record for what the files now say, with entries of others in the seals; then the manifest."""
    draw = json.loads(files["draw.json"])
    phases = [row["phase"] for row in rows_of(files["scores.csv"])]
    selected = sum(row["outcome"] == "selected" for row in rows_of(files["results.csv"]))
    acts = [
        ("pool_frozen", len(rows_of(files["pool.csv"])), draw["pool_root"]),
        ("evaluation_sealed", phases.count("0"), draw["scores_root"]),
        ("round_published", selected, root_of(files)),
    ]
    seals: list[dict[str, Any]] = []
    entries = []
    previous = "0" * 64 if first == 1 else h("elsewhere", first)
    for at in range(6):
        others = [f"other entry {at} {i}".encode() for i in range(at + 1)]
        if at % 2 == 0 and at // 2 < len(acts):
            act, number, root = acts[at // 2]
            entry = {
                "act": act, "at": f"2021-06-0{at + 1}T00:00:00Z", "count": number, "root": root,
                "round": draw["round"],
            }  # fmt: skip
            others.insert(at // 2, canonical(entry).encode())
            path = path_of(at // 2, others)
            entries.append({"entry": entry, "index": at // 2, "path": path, "seal": first + at})
        seal = {"number": first + at, "previous": previous, "root": m(others).hex(), "count": len(others)}
        previous = h("panro-seal-1", seal["number"], previous, seal["root"], seal["count"])
        seals.append({**seal, "head": previous})
    return with_manifest({**files, "proof.json": line({"entries": entries, "seals": seals})})


def rows_of(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def with_rows(files: Files, name: str, rows: list[Row]) -> Files:
    columns = files[name].decode().split("\n", 1)[0].split(",")
    return {**files, name: table(", ".join(columns), ([row[c] for c in columns] for row in rows))}


def head_of(files: Files) -> str:
    head: str = json.loads(files["proof.json"])["seals"][-1]["head"]
    return head


def public(files: Files) -> Files:
    return with_manifest({n: d for n, d in files.items() if not n.startswith("auditor/")})


def write(folder: Path, files: Files) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
