"""The scanner: clamd itself with the EICAR signature, and a stand-in that fails in every way a socket can."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.conftest import CLAMD_LIMIT
from files.made import EICAR, packed
from panro.accounts.standin.serving import StandInRefusedError
from panro.files import scanner, tasks
from panro.files.conf import TcpAddress, UnixSocket, clamd
from panro.files.scanner import ClamdScanner, NoScanner, Scan, Verdict
from panro.files.standin.clamd import Fault, StandIn


def scan(program: ClamdScanner, body: bytes) -> Scan:
    stream = io.BytesIO(body)
    stream.read(1)
    return program.scan(stream)


@pytest.mark.parametrize("body", [b"a", bytes(1024 * 1024), EICAR[:-1]])
def test_clamd_calls_clean_what_is_clean(clamd: ClamdScanner, body: bytes) -> None:
    assert scan(clamd, body) == Scan(Verdict.CLEAN)


@pytest.mark.parametrize(
    "body",
    [EICAR, b"before " * 100_000 + EICAR + b" after", packed({"a/b.txt": EICAR})],
    ids=["alone", "inside", "packed"],
)
def test_clamd_finds_the_test_virus(clamd: ClamdScanner, body: bytes) -> None:
    assert scan(clamd, body) == Scan(Verdict.INFECTED, "Eicar.Test.UNOFFICIAL")


@pytest.mark.parametrize("more", [1, 8 * 1024 * 1024])
def test_what_clamd_will_not_take_is_not_clean(clamd: ClamdScanner, more: int) -> None:
    assert scan(clamd, bytes(CLAMD_LIMIT)) == Scan(Verdict.CLEAN)
    found = scan(clamd, bytes(CLAMD_LIMIT + more))
    assert (found.verdict, found.detail) == (Verdict.TOO_LARGE, "INSTREAM size limit exceeded. ERROR")


def at(server: StandIn, timeout: float = 0.5) -> ClamdScanner:
    return ClamdScanner(TcpAddress("127.0.0.1", server.server_address[1]), timeout=timeout)


def test_the_stand_in_answers_as_clamd_does(standin: StandIn) -> None:
    assert scan(at(standin), b"x" * 300_000) == Scan(Verdict.CLEAN)
    split = b"x" * (256 * 1024 - 30) + EICAR  # across two chunks
    assert scan(at(standin), split) == Scan(Verdict.INFECTED, "Eicar-Test-Signature")


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.SILENT, Verdict.FAILED),
        (Fault.RESET, Verdict.FAILED),
        (Fault.HANG_UP, Verdict.FAILED),
        (Fault.NONSENSE, Verdict.FAILED),
        (Fault.HALF_AN_ANSWER, Verdict.FAILED),
        (Fault.LIMIT, Verdict.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("size", [1, 5 * 1024 * 1024])
def test_no_fault_of_the_scanner_is_taken_for_clean(
    standin: StandIn, fault: Fault, verdict: Verdict, size: int
) -> None:
    standin.fault = fault
    found = scan(at(standin), bytes(size))
    if fault is Fault.LIMIT and size > 1:  # it hangs up while we send; its reason may be lost with the connection
        assert found.verdict in {Verdict.TOO_LARGE, Verdict.FAILED}
    else:
        assert found.verdict is verdict
        assert found.detail


@given(st.binary(max_size=60).filter(lambda answer: answer != b"stream: OK\0"))
def test_only_the_exact_answer_is_clean(answer: bytes) -> None:
    assert scanner._judge(b"stream: OK\0").verdict is Verdict.CLEAN
    assert scanner._judge(answer).verdict is not Verdict.CLEAN
    assert scanner._judge(b"stream: OK." + answer).verdict is not Verdict.CLEAN


@pytest.mark.parametrize("address", [TcpAddress("127.0.0.1", 9), UnixSocket("/nowhere/clamd")])
def test_a_scanner_that_is_not_there_fails(address: TcpAddress | UnixSocket) -> None:
    assert scan(ClamdScanner(address, timeout=1), b"a").verdict is Verdict.FAILED


def test_without_a_scanner_nothing_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PANRO_CLAMD", raising=False)
    assert isinstance(tasks.scanner(), NoScanner)
    assert tasks.scanner().scan(io.BytesIO(b"a")).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("unix:/run/clamav/clamd.ctl", UnixSocket("/run/clamav/clamd.ctl")),
        ("tcp:127.0.0.1:3310", TcpAddress("127.0.0.1", 3310)),
        ("", None),
    ],
)
def test_its_address_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, written: str, address: object
) -> None:
    monkeypatch.setenv("PANRO_CLAMD", written)
    assert clamd() == address


@pytest.mark.parametrize("written", ["unix:relative", "tcp:host", "tcp:host:0", "tcp:host:65536", "http://x:1"])
def test_an_address_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PANRO_CLAMD", written)
    with pytest.raises(Exception, match="expected unix:"):
        clamd()


def test_the_stand_in_does_not_start_on_a_public_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_HOSTS", "panro.example")
    with pytest.raises(StandInRefusedError):
        StandIn(0)
