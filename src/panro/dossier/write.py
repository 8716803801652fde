"""Writing a round's two dossiers: one set of public files, one root (selection-spec, 2)."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from panro.dossier.csvtext import csv_lines
from panro.dossier.tables import auditor_tables, public_objects, public_tables
from panro.proof.canonical import encode_line
from panro.proof.merkle import merkle_root, text_root
from panro.proof.quiet import collector_paused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from panro.dossier.model import RoundRecord
    from panro.dossier.tables import Table
    from panro.proof.canonical import Json
    from panro.proof.chain import Proof

FORMAT: Final = "panro-dossier-2"
_PUBLIC_MODE: Final = 0o755
_AUDITOR_MODE: Final = 0o700

type Kind = Literal["public", "auditor"]


class FolderError(OSError):
    """A dossier cannot be written there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class DossierFile:
    """The bytes of one file and their SHA-256."""

    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A round's files, ready to be written as either kind; all but the manifest and the proof."""

    public: Mapping[str, DossierFile]
    auditor: Mapping[str, DossierFile]
    root: str
    simulated: bool


def render(record: RoundRecord) -> Dossier:
    """Make all files of a round and their root.

    Raises:
        TableError: if a text cannot stand in a table.
        CanonicalError: if a value has no canonical JSON, or holds a control character.
    """
    with collector_paused():
        lines = {name: [encode_line(value)] for name, value in public_objects(record)}
        lines |= _tables(public_tables(record))
        roots = [f"{name}:{merkle_root(lines[name])}" for name in sorted(lines)]
        auditor = _tables(auditor_tables(record))
    return Dossier(_files(lines), _files(auditor), text_root(roots), record.rules.simulated)


def write_public(dossier: Dossier, proof: Proof, folder: Path) -> None:
    """Write the dossier for everybody; ``folder`` must not exist or be empty, and appears whole or not at all.

    Raises:
        FolderError: if the folder is in use.
    """
    _write(dossier, proof, folder, "public")


def write_auditor(dossier: Dossier, proof: Proof, folder: Path) -> None:
    """Write the auditor's dossier, which holds personal data: only the writing account can enter the folder.

    Raises:
        FolderError: if the folder is in use.
    """
    _write(dossier, proof, folder, "auditor")


def _tables(tables: Iterable[Table]) -> dict[str, list[bytes]]:
    return {name: csv_lines(name, header, rows) for name, header, rows in tables}


def _files(lines: Mapping[str, list[bytes]]) -> dict[str, DossierFile]:
    return {name: _file(b"\n".join([*of, b""])) for name, of in lines.items()}


def _file(content: bytes) -> DossierFile:
    return DossierFile(content, sha256(content).hexdigest())


def _write(dossier: Dossier, proof: Proof, folder: Path, kind: Kind) -> None:
    files = {**dossier.public, "proof.json": _file(encode_line(proof.to_json()) + b"\n")}
    if kind == "auditor":
        files |= dossier.auditor
    listed: dict[str, Json] = {
        name: {"bytes": len(one.content), "sha256": one.sha256} for name, one in sorted(files.items())
    }
    manifest: dict[str, Json] = {
        "format": FORMAT,
        "kind": kind,
        "simulated": dossier.simulated,
        "root": dossier.root,
        "files": listed,
    }
    contents = {name: one.content for name, one in files.items()}
    contents["manifest.json"] = encode_line(manifest) + b"\n"
    mode = _PUBLIC_MODE if kind == "public" else _AUDITOR_MODE
    _write_folder(contents, folder, mode, durable=not dossier.simulated)


def _write_folder(contents: Mapping[str, bytes], folder: Path, mode: int, *, durable: bool) -> None:
    """Fill a sibling, then rename it to its name: nobody ever sees half a dossier.

    A ``durable`` one is whole even after the power failed. A rehearsal's can be made again, so it does not wait.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise FolderError(f"{folder} is not an empty folder; choose another place or empty it first")
    folder.parent.mkdir(parents=True, exist_ok=True)
    sibling = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in contents.items():
            path = sibling / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        sibling.chmod(mode)
        if durable:
            _sync_all(sibling, contents)
        sibling.rename(folder)
        if durable:
            _sync(folder.parent)
    except BaseException:
        shutil.rmtree(sibling, ignore_errors=True)
        raise


def _sync_all(folder: Path, names: Iterable[str]) -> None:
    paths = [folder / name for name in names]
    inner = {path.parent for path in paths} - {folder}
    for path in (*paths, *sorted(inner), folder):
        _sync(path)


def _sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
