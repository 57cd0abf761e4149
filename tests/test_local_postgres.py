"""The embedded Postgres: shared by processes, gone with the last, whole after any kill."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from reviewer import local_postgres
from reviewer.local_postgres import LocalPostgres, LocalPostgresError

ROOT = Path(__file__).resolve().parent.parent
USER = """
import sys
from reviewer import local_postgres
local_postgres.start()
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def postgres():
    # Not tmp_path: where root may not use namespaces, the server's account must reach it.
    with tempfile.TemporaryDirectory(prefix="benchbook test ", dir="/tmp") as state:
        yield LocalPostgres(Path(state), local_postgres.from_environment().own_binaries)


@pytest.fixture
def new_user(postgres):
    """Starts processes that use the server, and ends them."""
    users = []

    def start_user():
        environment = os.environ | {"BENCHBOOK_STATE": str(postgres.state)}
        environment.pop("DATABASE_URL", None)
        user = subprocess.Popen(
            [sys.executable, "-c", USER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        users.append(user)
        assert user.stdout.readline() == "up\n"
        return user

    yield start_user

    for user in users:
        user.kill()
        user.communicate()
    wait_until_ended(postgres)


def ask(postgres, question, role="benchbook_site"):
    with psycopg.connect(postgres.url(role)) as connection:
        return connection.execute(question).fetchone()


def answers_within(postgres, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return ask(postgres, "SELECT 1") == (1,)
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False


def postmaster(postgres):
    return int((postgres.home / "data" / "postmaster.pid").read_text().partition("\n")[0])


def wait_until_ended(postgres, seconds=10):
    until = time.monotonic() + seconds
    while (postgres.home / "data" / "postmaster.pid").exists() or postgres._has_keeper():
        assert time.monotonic() < until, "the server is still there"
        time.sleep(0.02)


def test_site_role_may_create_nothing_and_owner_may_create_databases(postgres, new_user):
    new_user()

    roles = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"

    assert ask(postgres, roles, "benchbook_site") == (False, False, False)
    assert ask(postgres, roles, "benchbook_owner") == (False, True, False)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres, "CREATE TABLE public.mine ()")


def test_database_is_utf8_in_code_point_order_durable_and_off_the_network(postgres, new_user):
    new_user()

    assert ask(postgres, "SHOW server_encoding") == ("UTF8",)
    assert ask(postgres, "SELECT 'a' < 'B', lower('É')") == (False, "é")
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(postgres, f"SHOW {setting}") == ("on",)
    assert ask(postgres, "SHOW listen_addresses") == ("",)
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700


def test_processes_share_one_server_and_the_last_stops_it(postgres, new_user):
    first, second = new_user(), new_user()
    server = postmaster(postgres)

    first.communicate()

    assert postmaster(postgres) == server
    assert answers_within(postgres, seconds=1)

    second.communicate()

    assert not (postgres.home / "data" / "postmaster.pid").exists()


def test_server_ends_when_its_last_user_is_killed(postgres, new_user):
    user = new_user()

    user.kill()

    wait_until_ended(postgres)


def test_killed_server_comes_back_under_its_users(postgres, new_user):
    new_user()

    os.kill(postmaster(postgres), signal.SIGKILL)

    assert answers_within(postgres, seconds=10)


def test_start_succeeds_after_server_keeper_and_user_are_killed(postgres, new_user):
    user = new_user()
    keeper = int((postgres.home / "keeper").read_text())

    for process in (keeper, postmaster(postgres), user.pid):
        os.kill(process, signal.SIGKILL)
    new_user()

    assert answers_within(postgres, seconds=1)


def test_stale_pid_file_with_the_number_of_another_process_is_no_obstacle(postgres, new_user):
    new_user().communicate()
    pid_file = postgres.home / "data" / "postmaster.pid"

    with subprocess.Popen(["sleep", "60"]) as unrelated:
        pid_file.write_text(f"{unrelated.pid}\n{postgres.home / 'data'}\n0\n5432\n\n\n0 0\n")
        new_user()

        assert answers_within(postgres, seconds=1)
        assert unrelated.poll() is None
        unrelated.kill()


def test_long_or_comma_paths_get_a_short_socket_directory():
    for state in (Path("/srv", "x" * 100), Path("/srv/a,b")):
        sockets = LocalPostgres(state).sockets

        assert len(str(sockets)) < 40
        assert "," not in str(sockets)


def test_directory_of_another_user_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "postgres-18").mkdir()
    (tmp_path / "postgres-18" / "run").mkdir(mode=0o755)

    with pytest.raises(LocalPostgresError, match="not a private directory"):
        LocalPostgres(tmp_path).start()


def test_too_old_or_missing_binaries_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(LocalPostgresError, match="has no Postgres"):
        _ = LocalPostgres(tmp_path, tmp_path).home

    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
    program.chmod(0o755)
    local_postgres.major_of.cache_clear()

    with pytest.raises(LocalPostgresError, match="14.9 is too old"):
        _ = LocalPostgres(tmp_path, tmp_path).home


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("migrate", True),
        ("serve --port 8001", True),
        ("makemigrations --check", True),
        ("check --database default", True),
        ("check --deploy", False),
        ("collectstatic --no-input", False),
        ("migrate --help", False),
        ("help", False),
        ("", False),
    ],
)
def test_only_commands_that_read_a_table_start_the_server(monkeypatch, words, needed):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert local_postgres.is_needed(["manage.py", *words.split()]) is needed


def test_a_database_of_ones_own_needs_no_embedded_one(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://site@db/benchbook")

    assert local_postgres.is_needed(["manage.py", "migrate"]) is False
