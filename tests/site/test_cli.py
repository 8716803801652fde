from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from panro.site.cli import run

PANRO = str(Path(sys.executable).with_name("panro"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "panro: No such command 'bogus'. (try 'panro --help')\n"),
        (["db"], "panro: Missing command. (try 'panro db --help')\n"),
        (["serve", "--port", "0"], "panro: Invalid value for '--port': "),
        (["serve", "--port", "65536"], "panro: Invalid value for '--port': "),
        (["demo", "--no-such-option"], "panro: No such option: --no-such-option (try 'panro demo --help')\n"),
        (["worker", "too much"], "panro: Got unexpected extra argument(s) (too much) (try 'panro worker --help')\n"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert printed.err.count("\n") == 1


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "demo" in capsys.readouterr().out


def panro(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [PANRO, *arguments],
        env={**inherited, "PANRO_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/"}, "DATABASE_URL names no database"),
        ({"PANRO_HOSTS": "panro.example.kr"}, "PANRO_SECRET_KEY must be set too"),
        ({"PANRO_BEHIND_PROXY": "perhaps"}, "PANRO_BEHIND_PROXY='perhaps': expected 1 or 0"),
        ({"PANRO_SMTP_HOST": "mail", "PANRO_SMTP_PORT": "x"}, "PANRO_SMTP_PORT='x': expected a number"),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_2(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    done = panro("db", "migrate", var=tmp_path, **environment)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_a_server_that_is_not_there_is_one_line_and_exit_1(tmp_path: Path) -> None:
    done = panro(
        "manage", "showmigrations", var=tmp_path, DATABASE_URL="postgresql://u:p@127.0.0.1:1/x?connect_timeout=2"
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("panro: the database does not answer: ")


def test_the_embedded_database_from_nothing_to_stopped(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert panro("db", "status", var=var).stdout == "absent\n"
    assert panro("db", "url", var=var).returncode == 1
    started = panro("db", "start", var=var)
    try:
        assert started.stdout.startswith("started: port ")
        assert panro("db", "start", var=var).stdout.startswith("already running: port ")
        assert panro("db", "url", var=var).stdout.startswith("postgresql://panro:")
        assert panro("db", "status", var=var).returncode == 0
        migrated = panro("db", "migrate", var=var)
        assert (migrated.returncode, migrated.stderr) == (0, "")
        assert "Applying accounts.0001_initial... OK" in migrated.stdout
    finally:
        assert panro("db", "stop", var=var).stdout == "stopped\n"
    assert panro("db", "stop", var=var).stdout == "was not running\n"
    stopped = panro("db", "status", var=var)
    assert (stopped.returncode, stopped.stdout) == (1, "stopped\n")
    assert panro("db", "remove", "--yes", var=var).returncode == 0
    assert panro("db", "status", var=var).stdout == "absent\n"


def test_with_a_server_named_the_embedded_one_is_left_alone(tmp_path: Path) -> None:
    done = panro("db", "start", var=tmp_path, DATABASE_URL="postgresql://u:p@127.0.0.1:1/x")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATABASE_URL is set" in done.stderr
