"""A stand-in for the business registrations of the National Tax Service, speaking its interface on the wire.

``python -m panro.parties.standin.taxservice --port 8027`` answers ``/api/nts-businessman/v1/status`` and
``…/validate`` for the key in ``PANRO_TAX_SERVICE_KEY``, from a register that is empty at first and filled by
``POST /register`` (see :class:`Registered`). A number that is not in it is a business of which nothing else is known:
the first digit of its serial says what becomes of it (7 suspended, 8 closed, 9 not registered, all others in
business), and representative and opening day match unless the day is a 1 January. With ``--strict`` it is not
registered. Faults of the service itself are set by ``POST /faults``; see :class:`Fault`.
"""

from __future__ import annotations

import argparse
import enum
import json
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from panro.accounts.standin.serving import JsonHandler, bound, refuse_public, refuse_public_or_exit, run
from panro.parties import conf
from panro.parties.taxservice import LARGEST_CALL
from panro.parties.taxservice.odcloud import STATUS, VALIDATE

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from panro.accounts.standin.serving import Json

NOT_REGISTERED: Final = "국세청에 등록되지 않은 사업자등록번호입니다."
NOT_CONFIRMED: Final = "확인할 수 없습니다"
_WORDS: Final = {"01": "계속사업자", "02": "휴업자", "03": "폐업자"}
_BY_SERIAL: Final = {"7": "02", "8": "03", "9": ""}
_CLOSED_ON: Final = "20201231"
_WHY: Final = "only the tax service itself answers"


class Fault(enum.StrEnum):
    """What goes wrong with the service, until it is set to ``none``."""

    NONE = "none"
    SLOW = "slow"
    HANG_UP = "hang_up"
    BROKEN = "broken"
    NONSENSE = "nonsense"
    STRANGE_ROWS = "strange_rows"
    HALF = "half"
    QUOTA = "quota"


@dataclass(frozen=True)
class Registered:
    """One registration, as ``POST /register`` takes it: days as ``YYYYMMDD``, ``status`` 01, 02 or 03."""

    number: str
    representative: str
    opened_on: str
    status: str = "01"
    ended_on: str = ""
    tax_type: str = "부가가치세 일반과세자"
    tax_type_code: str = "01"


@dataclass
class Register:
    """What the stand-in knows; shared by its threads under one lock."""

    key: str
    strict: bool = False
    slow: float = 5.0
    fault: Fault = Fault.NONE
    rows: dict[str, Registered] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *rows: Registered) -> None:
        """Register businesses, or change them."""
        with self.lock:
            self.rows.update({row.number: row for row in rows})

    def found(self, number: str) -> Registered | None:
        """Return what is registered under a number, invented where it may be."""
        if number in self.rows or self.strict:
            return self.rows.get(number)
        status = _BY_SERIAL.get(number[5:6], "01")
        ended = _CLOSED_ON if status == "03" else ""
        return Registered(number, "", "", status, ended) if status else None

    def status(self, number: str) -> Json:
        """Answer about one number."""
        row = self.found(number)
        empty = dict.fromkeys(("tax_type_change_dt", "invoice_apply_dt"), "")
        if row is None:
            nothing = {"b_stt": "", "b_stt_cd": "", "tax_type": NOT_REGISTERED, "tax_type_cd": "", "end_dt": ""}
            return {"b_no": number, **nothing, "utcc_yn": "", **empty, "rbf_tax_type": "", "rbf_tax_type_cd": ""}
        return {
            "b_no": number,
            "b_stt": _WORDS[row.status],
            "b_stt_cd": row.status,
            "tax_type": row.tax_type,
            "tax_type_cd": row.tax_type_code,
            "end_dt": row.ended_on,
            "utcc_yn": "N",
            **empty,
            "rbf_tax_type": "해당없음",
            "rbf_tax_type_cd": "99",
        }

    def validate(self, asked: Json) -> Json:
        """Answer whether number, day and name belong together."""
        number, row = str(asked["b_no"]), self.found(str(asked["b_no"]))
        if row is not None and row.opened_on:
            true = (row.opened_on, row.representative) == (asked["start_dt"], asked["p_nm"])
        else:
            true = row is not None and not str(asked["start_dt"]).endswith("0101")
        if not true:
            return {"b_no": number, "valid": "02", "valid_msg": NOT_CONFIRMED, "request_param": asked}
        return {"b_no": number, "valid": "01", "request_param": asked, "status": self.status(number)}


def serve(register: Register, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server that is bound and ready; run it with ``serve_forever``.

    Raises:
        StandInRefusedError: this is a public site.
    """
    refuse_public(_WHY)
    return bound(_Handler, host, port, register=register)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="stand-in for the business registrations of the tax service")
    parser.add_argument("--port", type=int, default=8027)
    parser.add_argument("--strict", action="store_true", help="numbers that nobody registered are not registered")
    arguments = parser.parse_args()
    refuse_public_or_exit(parser, _WHY)
    account = conf.tax_account()
    if account is None:
        parser.error("set PANRO_TAX_SERVICE_KEY as the program has it")
    server = serve(Register(account.key, strict=arguments.strict), arguments.port)
    return run(server, f"answering on http://127.0.0.1:{arguments.port}/")


class _Handler(JsonHandler):
    register: Register

    def do_POST(self) -> None:
        content = self.content()
        parts = urlsplit(self.path)
        if parts.path == "/faults":
            self.register.fault = Fault(json.loads(content)["fault"])
            self.answer(200, {})
        elif parts.path == "/register":
            self.register.add(*(Registered(**row) for row in json.loads(content)))
            self.answer(200, {})
        elif parts.path in {STATUS, VALIDATE}:
            self._asked(parts.path, parse_qs(parts.query), content)
        else:
            self.answer(404, {"code": -2, "msg": "there is no such interface"})

    def do_GET(self) -> None:
        with self.register.lock:
            rows = [asdict(row) for row in self.register.rows.values()]
        self.answer(200, {"rows": rows, "calls": len(self.register.calls)})

    def _asked(self, path: str, query: dict[str, list[str]], content: bytes) -> None:
        fault = self.register.fault
        if fault is Fault.HANG_UP:
            self.hang_up()
        elif fault is Fault.BROKEN:
            self.answer(500, {"status_code": "INTERNAL_ERROR"})
        elif fault is Fault.QUOTA:
            self.answer(429, {"code": -10, "msg": "the calls of the day are used up"})
        elif query.get("serviceKey") != [self.register.key]:
            self.answer(401, {"code": -4, "msg": "등록되지 않은 인증키 입니다."})
        elif fault is Fault.NONSENSE:
            self.send(200, b"<html><body>\xec\xa0\x90\xea\xb2\x80 \xec\xa4\x91</body></html>", "text/html")
        else:
            if fault is Fault.SLOW:
                time.sleep(self.register.slow)
            self.answer(*self._found(path, content))

    def _found(self, path: str, content: bytes) -> tuple[int, Json]:
        try:
            body = json.loads(content)
        except ValueError:
            return 400, {"status_code": "BAD_JSON_REQUEST"}
        asked = body.get("b_no" if path == STATUS else "businesses") if isinstance(body, dict) else None
        if not isinstance(asked, list) or not all(_readable(path, one) for one in asked):
            return 411, {"status_code": "REQUEST_DATA_MALFORMED"}
        if len(asked) > LARGEST_CALL:
            return 413, {"status_code": "TOO_LARGE_REQUEST"}
        with self.register.lock:
            self.register.calls.append([one if path == STATUS else one["b_no"] for one in asked])
            make = self.register.status if path == STATUS else self.register.validate
            rows = [make(one) for one in asked]
        if self.register.fault is Fault.HALF:
            rows = rows[: len(rows) // 2]
        if self.register.fault is Fault.STRANGE_ROWS:
            rows = [{"b_no": row["b_no"], "b_stt_cd": "77", "tax_type": 3, "valid": None} for row in rows]
        return 200, {"status_code": "OK", "request_cnt": len(asked), **_count(path, rows), "data": rows}


def _readable(path: str, one: object) -> bool:
    if path == STATUS:
        return isinstance(one, str) and one.isdecimal()
    return isinstance(one, dict) and all(isinstance(one.get(name), str) for name in ("b_no", "start_dt", "p_nm"))


def _count(path: str, rows: list[Json]) -> Json:
    """Say how many were found; of none the real service says nothing."""
    if path == STATUS:
        found = sum(bool(row.get("b_stt_cd")) for row in rows)
        return {"match_cnt": found} if found else {}
    valid = sum(row.get("valid") == "01" for row in rows)
    return {"valid_cnt": valid} if valid else {}


if __name__ == "__main__":
    raise SystemExit(main())
