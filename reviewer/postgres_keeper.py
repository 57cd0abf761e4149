"""The process that keeps the embedded Postgres running while anyone uses it.

`reviewer.local_postgres` starts it as a script, apart from the user's terminal. Every user holds
a shared lock on the file `users`; the system drops it however the user ends, even by a kill. The
keeper waits for the same lock alone: when it has it, nobody is left, and it stops the server.
Standard library only: it runs without the virtual environment's packages.
"""

import fcntl
import locale
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

PORT: Final = "5432"  # only names the socket: nothing listens on the network
NOBODY: Final = 65534
AS_NOBODY_INSIDE: Final = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
START_SECONDS: Final = 60
CRASH_SECONDS: Final = 15  # how long the remains of a killed server may take to go
# Durable like a production server; and errors never quote a statement, a parameter or a row.
SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
SETUP_SQL: Final = r"""
SELECT 'CREATE ROLE benchbook_owner LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'benchbook_owner') \gexec
SELECT 'CREATE ROLE benchbook_site LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'benchbook_site') \gexec
SELECT 'CREATE DATABASE benchbook OWNER benchbook_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'benchbook') \gexec
"""


class KeeperError(Exception):
    """One sentence that tells the user what is wrong."""


Words = list[str | Path]


def environment() -> dict[str, str]:
    """This environment less the PG* variables, which would lead Postgres's programs astray."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}


def is_accepting(binaries: Path, sockets: Path) -> bool:
    """Whether a server answers on the socket."""
    words: Words = [binaries / "pg_isready", "-q", "-h", sockets, "-p", PORT, "-U", "postgres"]
    return subprocess.run(words, env=environment(), check=False).returncode == 0


def namespaces_are_allowed() -> bool:
    try:
        done = subprocess.run([*AS_NOBODY_INSIDE, "true"], stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def server_owner(home: Path) -> int:
    """The account whose server it is: one's own, or for root that of the data there are."""
    data = home / "data"
    owner = (data if data.exists() else home).stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise KeeperError(f"{data} belongs to another user (number {owner})")
        return owner
    return owner if owner or namespaces_are_allowed() else NOBODY


def give_to(uid: int, home: Path, sockets: Path) -> None:
    """Hand the directories to the server's account, and let that account pass their parent."""
    for path in [home, *home.rglob("*"), sockets]:
        os.chown(path, uid, uid, follow_symlinks=False)
    home.parent.chmod(home.parent.stat().st_mode | 0o011)


def run_as(owner: int) -> list[str]:
    """The words before a command that run it as the owner; Postgres refuses to be root."""
    if os.geteuid() != 0:
        return []
    if owner == 0:
        return AS_NOBODY_INSIDE
    return ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups"]


def make_private(directory: Path) -> None:
    """Make a directory that nobody else can enter, and refuse one that others made."""
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise KeeperError(f"{directory} is not a private directory (mode 0700): remove it")
    if os.geteuid() not in (0, found.st_uid):
        raise KeeperError(f"{directory} belongs to another user: remove it")


class Keeper:
    """One data directory, `HOME/data`, and its server."""

    def __init__(self, home: Path, binaries: Path, sockets: Path, log: TextIO) -> None:
        self.home, self.binaries, self.sockets, self.log = home, binaries, sockets, log
        self.data = home / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self.is_ending = False
        make_private(sockets)
        owner = server_owner(home)
        self.account = run_as(owner)
        if owner not in (0, os.geteuid()):
            give_to(owner, home, sockets)

    def run(self, *words: str | Path, text: str = "") -> None:
        """Run one of Postgres's programs to its end, its words in the log."""
        done = subprocess.run(
            words, input=text.encode(), stdout=self.log, stderr=self.log, env=environment()
        )
        if done.returncode:
            name = next(Path(w).name for w in words if Path(w).parent == self.binaries)
            raise KeeperError(f"{name} failed")

    def check_reach(self) -> None:
        postgres = self.binaries / "postgres"
        words: Words = [*self.account, "test", "-w", self.home, "-a", "-x", postgres]
        try:
            is_reached = subprocess.run(words, check=False).returncode == 0
        except FileNotFoundError:
            raise KeeperError("Postgres may not run as root, and setpriv is missing") from None
        if not is_reached:
            raise KeeperError(
                f"Postgres may not run as root, and the account it runs as cannot reach {self.home}"
                f" and {postgres}: run benchbook as an ordinary user, or from an open directory"
            )

    def initialise(self) -> None:
        """Make the data directory beside its place, so that half a one never stands there."""
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        major = int(self.home.name.rpartition("-")[2])
        self.run(
            *self.account, self.binaries / "initdb", "-D", new, *locale_options(major),
            "--encoding=UTF8", "--username=postgres", "--auth=trust", "--data-checksums",
        )  # fmt: skip
        new.rename(self.data)

    def launch(self) -> None:
        """Start the server and wait until it answers; after a crash, try for some seconds."""
        has_crashed = (self.data / "postmaster.pid").exists()
        until = time.monotonic() + (CRASH_SECONDS if has_crashed else 0)
        while not self.is_ending:
            forget_foreign_pid(self.data)
            if self.start():
                return
            if time.monotonic() > until:
                raise KeeperError("Postgres did not start")
            time.sleep(0.2)

    def start(self) -> bool:
        directory = str(self.sockets).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{directory}"'}
        options = [word for k, v in settings.items() for word in ("-c", f"{k}={v}")]
        self.process = subprocess.Popen(
            [*self.account, self.binaries / "postgres", "-D", self.data, "-p", PORT, *options],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=environment(),
        )
        until = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            if is_accepting(self.binaries, self.sockets):
                return True
            time.sleep(0.02)
        self.kill()
        return False

    def kill(self) -> None:
        """End a server that nobody has seen ready; its data recover like after a power cut."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def set_up(self) -> None:
        """Make the two roles and the database where they are missing."""
        self.run(
            self.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.sockets,
            "-p", PORT, "-U", "postgres", "-d", "postgres", text=SETUP_SQL,
        )  # fmt: skip

    def keep(self) -> None:
        """Restart the server when it dies under its users; return when it was told to end."""
        while self.process and not self.is_ending:
            self.process.wait()
            self.launch()
        if self.process:
            self.process.wait()

    def end_after_last_user(self) -> None:
        with (self.home / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            self.end()
            threading.Event().wait()  # newcomers wait for this lock until the keeper has gone

    def end_soon(self, number: int, frame: FrameType | None) -> None:
        threading.Thread(target=self.end, daemon=True).start()

    def end(self) -> None:
        """Ask for a fast shutdown until it comes, then for an immediate one."""
        self.is_ending = True
        for attempt in range(1000):
            if self.process:
                self.process.send_signal(signal.SIGINT if attempt < 150 else signal.SIGQUIT)
            time.sleep(0.2)


def locale_options(major: int) -> list[str]:
    """C.UTF-8 everywhere: built into Postgres from 17 on, of the system before."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return ["--locale=C"]
    return ["--locale=C.UTF-8"]


def processes_in(directory: Path) -> list[int]:
    """The processes at work in the directory, where the system tells (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == directory:
                found.append(int(entry.parent.name))
        except OSError:  # ended since, or somebody else's
            continue
    return found


def forget_foreign_pid(data: Path) -> None:
    """Remove a crashed server's pid file whose number now belongs to another process.

    Postgres would take that process for a server and never start again. It is removed only when
    no process at all is at work in the data directory.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or not Path("/proc/self/cwd").exists():
        return
    pid = pid_file.read_text().partition("\n")[0]
    if Path("/proc", pid).exists() and not processes_in(data):
        pid_file.unlink()


def end_orphan(keeper: Keeper) -> None:
    """Stop a server whose keeper was killed: nobody else would."""
    pid_file = keeper.data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text().partition("\n")[0])
    # A pid file may be stale, and its number another process's by now: never signal that one.
    if pid in processes_in(keeper.data) or is_accepting(keeper.binaries, keeper.sockets):
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + CRASH_SECONDS
        while pid_file.exists() and time.monotonic() < until:
            time.sleep(0.05)


def get_ready(keeper: Keeper) -> None:
    keeper.check_reach()
    end_orphan(keeper)
    if not keeper.data.exists():
        keeper.initialise()
    keeper.launch()
    keeper.set_up()


def main(home: Path, binaries: Path, sockets: Path) -> int:
    """Keep a server; say `ready` or one sentence of what is wrong on standard output."""
    with (home / "keeper").open("a") as lock, (home / "server.log").open("a") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        os.dup2(log.fileno(), 2)
        keeper = None
        try:
            keeper = Keeper(home, binaries, sockets, log)
            signal.signal(signal.SIGTERM, keeper.end_soon)
            get_ready(keeper)
            print(os.getpid(), file=lock, flush=True)  # for others: the roles are there
            print("ready", flush=True)
            os.dup2(log.fileno(), 1)
            threading.Thread(target=keeper.end_after_last_user, daemon=True).start()
            keeper.keep()
        except (KeeperError, OSError) as error:
            print(error, flush=True)
            return 1
        finally:
            if keeper:
                keeper.kill()
            with suppress(OSError):
                sockets.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
