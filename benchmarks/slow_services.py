"""Stand-ins of the virus scanner and the tax service that take very long to answer: ``slow_services.py WHICH PORT``."""

from __future__ import annotations

import os
import sys
from typing import Final

from panro.files.standin import clamd
from panro.parties.standin import taxservice

SECONDS: Final = 20.0


def main() -> None:
    which, port = sys.argv[1], int(sys.argv[2])
    if which == "scanner":
        scanner = clamd.StandIn(port, silence=SECONDS)
        scanner.fault = clamd.Fault.SILENT
        scanner.serve_forever()
    register = taxservice.Register(os.environ["PANRO_TAX_SERVICE_KEY"], slow=SECONDS, fault=taxservice.Fault.SLOW)
    taxservice.serve(register, port).serve_forever()


if __name__ == "__main__":
    main()
