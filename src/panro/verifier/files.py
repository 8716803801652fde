"""The folder, its manifest and the root (section 2). Links are never followed, nothing unlisted is read."""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from .hashes import merkle_root, merkle_root_of_texts
from .report import DifferenceError
from .tables import Node, Sheet, parse_json_file, parse_sheet

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "panro-dossier-2"
MANIFEST = "manifest.json"
PROOF = "proof.json"
COLUMNS: dict[str, tuple[str, ...]] = {
    "pool.csv": ("result_no", "receipt"),
    "cases.csv": (
        "result_no", "track", "region", "requirement", "reason", "clause", "groups", "bonus", "facts",
    ),
    "scores.csv": ("phase", "commitment"),
    "stages.csv": ("stage", "result_no", "score", "criteria", "standing"),
    "results.csv": (
        "result_no", "outcome", "reason", "detail", "step", "rank", "service", "base", "bonus", "total", "draw",
        "position",
    ),
    "offers.csv": ("seq", "on", "result_no", "event"),
    "difference.csv": ("result_no", "before", "after", "total_before", "total_after"),
    "auditor/receipts.csv": ("result_no", "salt", "payload"),
    "auditor/facts.csv": ("result_no", "salt", "payload"),
    "auditor/panels.csv": ("stage", "salt", "payload"),
    "auditor/assignment.csv": ("stage", "phase", "result_no", "slot", "reviewer"),
    "auditor/scores.csv": ("stage", "result_no", "reviewer", "version", "phase", "points", "at", "salt"),
    "auditor/objections.csv": ("stage", "salt", "payload"),
}  # fmt: skip
JSON_FILES = ("rules.json", "programme.json", "panels.json", "draw.json", PROOF)
ADDENDUM_FILES = ("addendum.json", "difference.csv")
ADDENDUM_AUDITOR_FILES = ("auditor/objections.csv",)
AUDITOR_FOLDER = "auditor"
AUDITOR_FILES = tuple(name for name in COLUMNS if name.startswith(f"{AUDITOR_FOLDER}/"))
PUBLIC_FILES = (*JSON_FILES, *(name for name in COLUMNS if name not in (*AUDITOR_FILES, *ADDENDUM_FILES)))

# Bounds against absurd input, as section 2 allows them.
MOST_MANIFEST_BYTES = 1 << 16
MOST_JSON_BYTES = 1 << 26
MOST_CSV_BYTES = 1 << 30
MOST_NAMES = 64


@dataclass(frozen=True, slots=True)
class Dossier:
    """A folder whose every byte is as its manifest says, and whose root is that of its public files."""

    kind: str
    simulated: bool
    root: str
    addendum: bool
    texts: dict[str, str]

    def sheet(self, name: str) -> Sheet:
        """Return a CSV file, its header and signs checked."""
        return parse_sheet(self.texts[name], name, COLUMNS[name])

    def json(self, name: str) -> Node:
        """Return a JSON file, checked to be canonical."""
        return parse_json_file(self.texts[name], name)


def read_dossier(folder: Path) -> Dossier:
    """Read a whole dossier; a difference unless it holds exactly the files of section 2, as its manifest lists them."""
    present = _names_in(folder)
    if MANIFEST not in present:
        raise DifferenceError(MANIFEST, "the file", "the manifest of the dossier", "no such file")
    manifest = parse_json_file(_text(_read(folder, MANIFEST, None, MOST_MANIFEST_BYTES), MANIFEST), MANIFEST)
    top = manifest.fields(("format", "kind", "simulated", "root", "files"))
    if top["format"].text() != FORMAT:
        raise top["format"].differs(FORMAT)
    kind = top["kind"].text()
    if kind not in ("public", "auditor"):
        raise top["kind"].differs("public or auditor")
    listed = top["files"].members()
    addendum = any(name in listed or name in present for name in ADDENDUM_FILES)
    _same_names(_expected_names(kind, addendum=addendum), listed, present)
    texts, tree = _read_all(folder, listed)
    root = merkle_root_of_texts(f"{name}:{tree[name]}" for name in sorted(tree))
    if top["root"].hash() != root:
        raise top["root"].differs(f"{root}, computed from the public files")
    return Dossier(kind, top["simulated"].flag(), root, addendum, texts)


def _expected_names(kind: str, *, addendum: bool) -> tuple[str, ...]:
    return (
        *PUBLIC_FILES,
        *(ADDENDUM_FILES if addendum else ()),
        *(name for name in AUDITOR_FILES if kind == "auditor" and (addendum or name not in ADDENDUM_AUDITOR_FILES)),
    )


def _same_names(expected: tuple[str, ...], listed: dict[str, Node], present: list[str]) -> None:
    for name in sorted(set(listed) - set(expected)):
        raise DifferenceError(MANIFEST, "files", "only the files of such a dossier", name)
    for name in sorted(set(expected) - set(listed)):
        raise DifferenceError(MANIFEST, "files", name, "no such entry")
    for name in sorted(set(expected) - set(present)):
        raise DifferenceError(name, "the file", "a file, as the manifest lists it", "no such file")
    for name in sorted(set(present) - {MANIFEST, *expected}):
        raise DifferenceError(name, "the file", "nothing that the manifest does not list", "a file or folder")


def _names_in(folder: Path) -> list[str]:
    """Return the paths of all files; a difference at a link, at anything but a file, at an unknown folder."""
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise DifferenceError(".", "the dossier", "a folder, and no link", "something else")
    names: list[str] = []
    for name, mode in _entries(folder):
        if name == AUDITOR_FOLDER and stat.S_ISDIR(mode):
            inner = _entries(folder / name)
            if not inner:
                raise DifferenceError(name, "the folder", "no empty folder", "an empty folder")
            for inner_name, inner_mode in inner:
                _must_be_file(f"{name}/{inner_name}", inner_mode)
                names.append(f"{name}/{inner_name}")
        else:
            _must_be_file(name, mode)
            names.append(name)
    return names


def _entries(folder: Path) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(found) == MOST_NAMES:
                raise DifferenceError(".", "the dossier", f"at most {MOST_NAMES} names in a folder", "more")
            found.append((entry.name, entry.stat(follow_symlinks=False).st_mode))
    return sorted(found)


def _must_be_file(name: str, mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise DifferenceError(name, "the file", "no link", "a link")
    if stat.S_ISDIR(mode):
        raise DifferenceError(name, "the folder", "no other folder", "a folder")
    if not stat.S_ISREG(mode):
        raise DifferenceError(name, "the file", "a plain file", "a pipe, socket or device")


def _read_all(folder: Path, listed: dict[str, Node]) -> tuple[dict[str, str], dict[str, str]]:
    """Return every file's text without its last line feed, and the tree hash of each that is under the root."""
    texts: dict[str, str] = {}
    tree: dict[str, str] = {}
    for name in sorted(listed):
        entry = listed[name].fields(("bytes", "sha256"))
        limit = MOST_JSON_BYTES if name.endswith(".json") else MOST_CSV_BYTES
        data = _read(folder, name, entry["bytes"].whole(), limit)
        digest = sha256(data).hexdigest()
        if entry["sha256"].hash() != digest:
            raise DifferenceError(name, "SHA-256", f"{entry['sha256'].text()}, as the manifest says", digest)
        texts[name] = _text(data, name)
        if name != PROOF and name not in AUDITOR_FILES:
            tree[name] = merkle_root(data[:-1].split(b"\n"))
        if name.endswith(".json"):
            parse_json_file(texts[name], name)
    return texts, tree


def _read(folder: Path, name: str, size: int | None, limit: int) -> bytes:
    """Read a file of the given size (any up to the limit if None), opened without following a link or waiting."""
    if size is not None and size > limit:
        raise DifferenceError(MANIFEST, f"files.{name}.bytes", f"at most {limit}", str(size))
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # a system has those it knows
        flags |= int(getattr(os, flag, 0))
    with os.fdopen(os.open(folder / name, flags), "rb") as file:
        state = os.fstat(file.fileno())
        _must_be_file(name, state.st_mode)
        if size is not None and state.st_size != size:
            raise DifferenceError(name, "size", f"{size} bytes, as the manifest says", f"{state.st_size} bytes")
        data = file.read(limit + 1 if size is None else size + 1)
    if len(data) > (limit if size is None else size):
        raise DifferenceError(name, "size", f"at most {limit if size is None else size} bytes", "more")
    return data


def _text(data: bytes, name: str) -> str:
    """Return the text without its last line feed; a difference unless it is UTF-8 in NFC that ends with one."""
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise DifferenceError(name, f"byte {error.start + 1}", "UTF-8", f"byte {data[error.start]:#04x}") from error
    if not text.endswith("\n"):
        raise DifferenceError(name, "the last line", "a line feed at its end", text[-20:] or "an empty file")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        line = next(i for i, part in enumerate(text.split("\n"), 1) if not unicodedata.is_normalized("NFC", part))
        raise DifferenceError(name, f"line {line}", "Unicode NFC", "another form")
    return text[:-1]
