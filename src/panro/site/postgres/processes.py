"""What runs here: which process is our postmaster, proven, and which merely carries its number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PORT_LINE = 3  # line 4 of postmaster.pid, see PostgreSQL's miscadmin.h


@dataclass(frozen=True, slots=True)
class PidFile:
    """What a ``postmaster.pid`` claims; nothing in it is proof."""

    pid: int
    port: int | None


def read_pid_file(cluster: Path) -> PidFile | None:
    """Read the cluster's ``postmaster.pid``; None if it is absent or holds no number."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    port = lines[_PORT_LINE] if len(lines) > _PORT_LINE else ""
    return PidFile(pid=abs(pid), port=int(port) if port.isdecimal() else None)


def proven_postmaster(cluster: Path, programs: Path) -> PidFile | None:
    """The running postmaster of ``cluster``, or None.

    Proven means: the process with the number in the pid file was started as *our* ``postgres`` program
    with ``-D`` and exactly this data directory. A process that merely inherited the number is not it.
    """
    claim = read_pid_file(cluster)
    if claim is None:
        return None
    arguments = command_line(claim.pid)
    started_as = [str(programs / "postgres"), "-D", str(cluster)]
    return claim if arguments[:3] == started_as else None


def command_line(pid: int) -> list[str]:
    """The arguments ``pid`` was started with; empty if it is gone or only waits to be reaped."""
    try:
        raw = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode(errors="surrogateescape") for part in raw.split(b"\0")[:-1]]


def exists(pid: int) -> bool:
    """Whether the number is taken, be it by a process that is already dead and not yet reaped."""
    return (_PROC / str(pid)).exists()


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is ``folder``: a cluster's own server processes live there."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            try:
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
            except OSError:  # gone meanwhile, or of another user
                continue
    return sorted(found)
