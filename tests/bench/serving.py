"""`serve` on the scratch database, as its own process: its start and its memory."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psutil
from django.conf import settings
from django.db import connections

from tests.bench.report import Row

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60


class Served:
    """The site behind gunicorn, for the length of the block."""

    def __enter__(self) -> "Served":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=os.environ | here(),
            stdout=subprocess.DEVNULL,
        )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > LONGEST:
                self.__exit__()
                raise LookupError("the site does not start")
            time.sleep(0.02)
        self.start = time.monotonic() - began
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(LONGEST)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/accounts/login/", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def megabytes(self) -> float:
        """What master and workers take, pages that they share counted once."""
        master = psutil.Process(self.process.pid)
        family = [master, *master.children(recursive=True)]
        return sum(one.memory_full_info().pss for one in family) / 2**20


def here() -> dict[str, str]:
    """The variables by which another process finds the scratch database."""
    name = connections["default"].settings_dict["NAME"]
    site, owner = (
        urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        for url in (settings.SITE_URL, settings.OWNER_URL)
    )
    return {
        "DATABASE_URL": site,
        "DATABASE_OWNER_URL": owner,
        "BENCHBOOK_HTTPS": "0",
        "BENCHBOOK_SECRET_KEY": settings.SECRET_KEY,
    }


def serving_rows(served: Served) -> list[Row]:
    for _ in range(20):  # every worker has answered
        served._answers()
    memory = served.megabytes()
    return [
        Row("start of serve, warm", value=f"{served.start:.1f} s", bar="<= 5 s",
            is_met=served.start <= 5, note="with migrate and static files looked through"),
        Row("  master and two workers", value=f"{memory:.0f} MB", bar="<= 130 MB",
            is_met=memory <= 130, note="proportional set size"),
    ]  # fmt: skip
