"""`serve`: bring the database up to date, then answer on this machine until Ctrl-C."""

import hashlib
import http.client
import os
import socket
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.shortcuts import resolve_url

from reviewer import local_postgres
from reviewer.workflow.earlier import start_clocks

ADDRESS = "127.0.0.1"
READY_SECONDS = 30


class Command(BaseCommand):
    help = "Serve the site on this machine; without DATABASE_URL, with demonstration data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=8000, metavar="N")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        refuse_taken(port)
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if local_postgres.is_used() and not apps.get_model("policies", "Bulletin").objects.exists():
            self.stdout.write("Loading the demonstration data")
            call_command("load_demonstration")
        for objection in start_clocks():
            self.stderr.write(objection)
        become_gunicorn(port)


def port_number(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise ArgumentTypeError("a port is a number from 1 to 65535")


def refuse_taken(port: int) -> None:
    """Say so now when the port cannot be had, in a sentence."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is not free ({error.strerror}): choose another with --port N"
            ) from error


def static_fingerprint() -> str:
    """Changes whenever a static file of the project or of a package does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Run collectstatic unless the last one saw the same files."""
    mark = settings.STATIC_ROOT.with_name("static.collected")
    fingerprint = static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint)


def become_gunicorn(port: int) -> None:
    """Replace this process, so that signals and the database's lock go to gunicorn itself."""
    os.environ["BENCHBOOK_SERVE_PORT"] = str(port)
    os.environ["BENCHBOOK_STATE"] = str(settings.STATE_DIR.resolve())
    os.chdir(settings.BASE_DIR)  # where gunicorn looks for the site
    sys.stdout.flush()
    config = "reviewer/gunicorn_conf.py"
    words = [sys.executable, "-m", "gunicorn", "--config", config, "--bind", f"{ADDRESS}:{port}"]
    os.execv(words[0], words)  # noqa: S606 (no shell is wanted)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request("GET", resolve_url(settings.LOGIN_URL))
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def announce(port: int) -> None:
    """Print the address and the demonstration's sign-ins, once the site really answers."""
    until = time.monotonic() + READY_SECONDS
    while not answers(port):
        if time.monotonic() > until:
            print("The site does not answer properly; see the errors above", flush=True)
            return
        time.sleep(0.05)
    print(f"Benchbook is ready at http://{ADDRESS}:{port}/ (Ctrl-C ends it)")
    if local_postgres.is_used():
        from reviewer.demonstration import PASSWORD, SIGN_INS

        print(f"Sign in with the password {PASSWORD} as")
        width = max(len(name) for name, _ in SIGN_INS)
        for name, role in SIGN_INS:
            print(f"  {name:<{width}}  {role}")
    sys.stdout.flush()
