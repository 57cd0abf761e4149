"""What a plan could take instead, on the same data: Datasette.

It stands in an environment of its own, made from `requirements-peers.txt`.

It gets the library as SQLite, indexed for the question, with the words of passages in FTS5, and
answers as HTML.
"""

import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from policies.models.code_sets import SLUGS
from tests.bench.browsing import signed_in
from tests.bench.code_sets import MARKED
from tests.bench.report import Row
from tests.bench.scratch import plain
from tests.bench.serving import ROOT, Served
from tests.bench.words import COMMON

LOCK = ROOT / "requirements-peers.txt"
CLIENTS = 8
ROUNDS = 5
SECONDS = 2.0  # of one subject in one round
LONGEST = 60
FEWEST = (4, 10)  # times Datasette's requests a second for a code: smallest library, larger ones

# name of a SQLite table: its columns there, and where they come from
TABLES = {
    "code_rows": (
        ("number", "title", "effective_from", "heading", "scope", "stance", "system", "low",
         "high", "lower", "upper", "description"),
        """
        SELECT b.number, v.title, p.effective_from::text, g.heading, g.scope, g.stance, s.system,
          s.low, s.high, s.lower, s.upper, r.description
        FROM policies_codespan s JOIN policies_coderow r ON r.id = s.row_id
        JOIN policies_codegroup g ON g.id = r.group_id
        JOIN policies_version v ON v.id = s.version_id
        JOIN policies_bulletin b ON b.id = v.bulletin_id
        JOIN policies_publication p ON p.version_id = v.id
        """,
    ),
    "passages": (
        ("number", "title", "heading", "text"),
        """
        SELECT b.number, v.title, s.heading, p.text
        FROM policies_passage p JOIN policies_section s ON s.id = p.section_id
        JOIN policies_version v ON v.id = p.version_id
        JOIN policies_bulletin b ON b.id = v.bulletin_id
        """,
    ),
}  # fmt: skip
INDEXED = """
CREATE INDEX code_bounds ON code_rows (system, lower, upper);
CREATE VIRTUAL TABLE words USING fts5 (text, content='passages', content_rowid='rowid');
INSERT INTO words (words) VALUES ('rebuild');
ANALYZE;
"""
QUERIES = {
    "code": "SELECT * FROM code_rows WHERE system = :system AND lower <= :key AND upper >= :key"
    " ORDER BY number",
    "search": "SELECT number, title, heading, snippet(words, 0, '[', ']', '...', 24) AS found"
    " FROM words JOIN passages ON passages.rowid = words.rowid WHERE words MATCH :q"
    " ORDER BY rank LIMIT 20",
}


def peer_rows(user: User, *, is_smallest: bool) -> list[Row]:
    """Requests a second with eight clients, every subject in turns."""
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={signed_in(user)}"}
    code = reverse("policies:code_detail", args=[SLUGS["HCPCS"], MARKED])
    search = reverse("reviewer:search")
    with (
        TemporaryDirectory() as folder,
        datasette(write_library(Path(folder))) as port,
        Served() as served,
    ):
        asked_code = urlencode({"system": "HCPCS", "key": MARKED})
        asked_words = urlencode({"q": COMMON[0]})
        subjects = {
            "code page": (served.port, code, cookie),
            "its code": (
                port,
                f"/library/code?{asked_code}",
                {},
            ),
            "search page": (served.port, f"{search}?{asked_words}", cookie),
            "its words": (port, f"/library/search?{asked_words}", {}),
        }
        speed = speeds({name: asking(*subject) for name, subject in subjects.items()})
    least = FEWEST[0] if is_smallest else FEWEST[1]
    return [
        compared("code page, and Datasette's", speed["code page"], speed["its code"], least),
        compared("search, and Datasette's", speed["search page"], speed["its words"], 1),
    ]


def compared(subject: str, own: float, peer: float, least: float) -> Row:
    return Row(
        f"{subject}, 8 clients",
        value=f"{own:.0f} and {peer:.0f} a second",
        ratio=own / peer,
        bar=f">= {least} x",
        is_met=own >= least * peer,
        note="requests a second",
    )


def write_library(folder: Path) -> Path:
    """Code rows and passages of every published version, from the scratch database to SQLite."""
    path = folder / "library.db"
    with closing(sqlite3.connect(path)) as library, plain("owner") as owner:
        for name, (columns, query) in TABLES.items():
            library.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            places = ", ".join("?" * len(columns))
            with owner.cursor(f"bench_{name}") as rows:
                rows.itersize = 5_000
                rows.execute(query)
                library.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        library.executescript(INDEXED)
    return path


@contextmanager
def datasette(library: Path) -> Iterator[int]:
    """Its port, for the length of the block."""
    queries = {name: {"sql": sql} for name, sql in QUERIES.items()}
    metadata = library.with_name("metadata.json")
    metadata.write_text(json.dumps({"databases": {"library": {"queries": queries}}}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", "--immutable", library, "--metadata", metadata, "--port", port]
    limits = ["--setting", "sql_time_limit_ms", 60_000]
    log = library.with_name("datasette.log")
    with log.open("w") as said:
        process = subprocess.Popen(
            [str(one) for one in (program(), *words, *limits)], stdout=said, stderr=said
        )
    try:
        await_answer(process, port, log)
        yield port
    finally:
        process.terminate()
        process.wait(LONGEST)


def await_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + LONGEST
    while True:
        try:
            return asking(port, "/", {})()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise LookupError(f"Datasette does not start: {log.read_text()}") from None
            time.sleep(0.1)


def program() -> Path:
    """Datasette's, installed where it is not, as locked."""
    environment = settings.STATE_DIR / "peers"
    python = environment / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([python, *install, "-r", LOCK], check=True)
    return environment / "bin/datasette"


def asking(port: int, address: str, headers: dict[str, str]) -> Callable[[], None]:
    """A function that fetches a page on a connection of its own, as the next reader would."""

    def fetch() -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=LONGEST)) as connection:
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            answer.read()
        if answer.status != 200:
            raise LookupError(f"{address} answers {answer.status}")

    return fetch


def speeds(calls: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Requests a second of each, the median of some rounds; the first round is not counted."""
    counted: dict[str, list[float]] = {name: [] for name in calls}
    with ThreadPoolExecutor(CLIENTS) as clients:
        for at in range(ROUNDS + 1):
            for name, call in calls.items():
                began = time.monotonic()
                asked = [clients.submit(answered, call, began + SECONDS) for _ in range(CLIENTS)]
                done = sum(one.result() for one in asked)
                if at:
                    counted[name].append(done / (time.monotonic() - began))
    return {name: median(each) for name, each in counted.items()}


def answered(call: Callable[[], None], until: float) -> int:
    """How often one client was answered before the time was up, at least once."""
    count = 0
    while not count or time.monotonic() < until:
        call()
        count += 1
    return count
