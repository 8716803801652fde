"""Ports of this machine."""

from __future__ import annotations

import socket

_TRIED = 100


def first_free(host: str, first: int) -> int:
    """The first port from ``first`` on that nobody listens on.

    Raises:
        OSError: none of the next hundred is free.
    """
    for port in range(first, min(first + _TRIED, 65536)):
        if is_free(host, port):
            return port
    raise OSError(f"no free port between {first} and {first + _TRIED - 1}")


def is_free(host: str, port: int) -> bool:
    """Whether one could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
