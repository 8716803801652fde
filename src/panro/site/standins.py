"""The outside world of a demonstration: a stand-in server for each service, on this machine alone.

What the program is told of them goes into environment variables, as in any deployment, so web server and workers speak
the real contracts to them.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from panro.site.ports import first_free

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from panro.site.supervisor import Supervisor

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class StandIn:
    """One server: its name in the terminal, its command line, the port it answers on, and what is told of it."""

    name: str
    command: list[str]
    port: int
    variables: dict[str, str]
    shows: str = ""
    """Where a visitor can look at what it received; empty if there is nothing to see."""


def stand_ins(letters: Path, *, site_port: int) -> Iterator[StandIn]:
    """Plan all of them, each on a free port.

    Args:
        letters: the folder in which letters are kept.
        site_port: where the site will answer, for the services that call back.
    """
    taken: set[int] = {site_port}

    def port(first: int) -> int:
        found = first_free(HOST, first)
        while found in taken:
            found = first_free(HOST, found + 1)
        taken.add(found)
        return found

    yield _mail(letters, port)
    yield _telephone(port, site_port)
    yield _scanner(port)
    yield _tax_service(port)
    yield _log_in(port)


def start(supervisor: Supervisor, planned: list[StandIn]) -> None:
    """Start them, tell the processes that follow where they are, and wait until each answers.

    Raises:
        ChildEndedError: one of them gave up.
    """
    for one in planned:
        os.environ.update(one.variables)
    for one in planned:
        supervisor.start(one.name, one.command, quiet=True)
    for one in planned:
        supervisor.wait_until_answering(HOST, one.port)


def _module(name: str, **options: object) -> list[str]:
    said = [part for option, value in options.items() for part in (f"--{option.replace('_', '-')}", str(value))]
    return [sys.executable, "-m", name, *said]


def _mail(letters: Path, port: Callable[[int], int]) -> StandIn:
    smtp, web = port(8525), port(8526)
    command = _module("panro.notify.standin.mail", smtp_port=smtp, port=web, folder=letters)
    variables = {"PANRO_SMTP_HOST": HOST, "PANRO_SMTP_PORT": str(smtp), "PANRO_SMTP_PLAIN": "1"}
    return StandIn(_("mail server"), command, smtp, variables, shows=f"http://{HOST}:{web}/")


def _telephone(port: Callable[[int], int], site_port: int) -> StandIn:
    own, hook = port(8527), secrets.token_urlsafe(24)
    report_to = f"http://{HOST}:{site_port}/notify/solapi/{hook}"
    variables = {
        "PANRO_SOLAPI_KEY": "DEMONSTRATION",
        "PANRO_SOLAPI_SECRET": secrets.token_urlsafe(24),
        "PANRO_SOLAPI_SENDER": "0212345678",
        "PANRO_SOLAPI_URL": f"http://{HOST}:{own}",
        "PANRO_SOLAPI_HOOK": hook,
    }
    command = _module("panro.notify.standin.solapi", port=own, report_to=report_to)
    return StandIn(_("text messages"), command, own, variables, shows=f"http://{HOST}:{own}/")


def _scanner(port: Callable[[int], int]) -> StandIn:
    own = port(8528)
    return StandIn(
        _("virus scanner"), _module("panro.files.standin.clamd", port=own), own, {"PANRO_CLAMD": f"tcp:{HOST}:{own}"}
    )


def _tax_service(port: Callable[[int], int]) -> StandIn:
    own = port(8529)
    variables = {
        "PANRO_TAX_SERVICE_KEY": secrets.token_urlsafe(24),
        "PANRO_TAX_SERVICE_URL": f"http://{HOST}:{own}",
    }
    return StandIn(_("tax service"), _module("panro.parties.standin.taxservice", port=own), own, variables)


def _log_in(port: Callable[[int], int]) -> StandIn:
    own = port(8530)
    address = f"http://{HOST}:{own}"
    variables = {
        f"PANRO_{service}_{name}": value
        for service in ("KAKAO", "NAVER")
        for name, value in (
            ("ID", f"demonstration-{service.lower()}"),
            ("SECRET", secrets.token_urlsafe(24)),
            ("LOGIN_URL", address),
            ("API_URL", address),
        )
    }
    return StandIn(_("log-in of Kakao and Naver"), _module("panro.accounts.standin.oauth", port=own), own, variables)
