"""A stand-in for clamd: speaks ``INSTREAM``, knows one virus (the EICAR test file), and can fail on purpose.

``python -m panro.files.standin.clamd --port 3310`` with ``PANRO_CLAMD=tcp:127.0.0.1:3310`` lets files become clean on
a machine without ClamAV. It protects nobody, so it refuses to start on a public site.
"""

from __future__ import annotations

import argparse
import enum
import socketserver
import struct
import sys
import time
from typing import Final

from panro.accounts.standin.serving import StandInRefusedError, refuse_public

EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_COMMAND: Final = b"zINSTREAM\0"
_OVERLAP: Final = len(EICAR)


class Fault(enum.StrEnum):
    """What goes wrong, until it is set to ``none``."""

    NONE = "none"
    SILENT = "silent"
    RESET = "reset"
    HANG_UP = "hang_up"
    NONSENSE = "nonsense"
    HALF_AN_ANSWER = "half_an_answer"
    LIMIT = "limit"


class StandIn(socketserver.ThreadingTCPServer):
    """Listens on a port of this machine."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, *, silence: float = 5.0) -> None:
        refuse_public("only a real scanner calls files clean")
        super().__init__(("127.0.0.1", port), _Scan)
        self.fault = Fault.NONE
        self.silence = silence
        self.scans = 0


class _Scan(socketserver.StreamRequestHandler):
    server: StandIn

    def handle(self) -> None:
        fault = self.server.fault
        self.server.scans += 1
        if fault is Fault.HANG_UP:
            return
        if self.rfile.read(len(_COMMAND)) != _COMMAND:
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        if fault is Fault.LIMIT:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            return
        found = self._found()
        if fault is Fault.SILENT:
            time.sleep(self.server.silence)
        elif fault is Fault.RESET:
            self.connection.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of zero: close by reset
        elif fault is Fault.NONSENSE:
            self.wfile.write(b"stream: maybe OK\0")
        elif fault is Fault.HALF_AN_ANSWER:
            self.wfile.write(b"stream: OK")
        else:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")

    def _found(self) -> bool:
        found, before = False, b""
        while (length := struct.unpack("!I", self.rfile.read(4).rjust(4, b"\0"))[0]) > 0:
            chunk = self.rfile.read(length)
            found = found or EICAR in before + chunk
            before = chunk[-_OVERLAP:]
        return found


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="stand-in for clamd; knows the EICAR test file alone")
    parser.add_argument("--port", type=int, default=3310)
    arguments = parser.parse_args()
    try:
        server = StandIn(arguments.port)
    except StandInRefusedError as refused:
        parser.error(str(refused))
    sys.stdout.write(f"PANRO_CLAMD=tcp:127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
