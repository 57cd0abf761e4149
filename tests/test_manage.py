"""`manage.py`: what it says before anything was set up."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_a_database_without_tables_is_told_in_a_sentence():
    # Not tmp_path: where root may not use namespaces, the server's account must reach it.
    with tempfile.TemporaryDirectory(prefix="benchbook-", dir="/tmp") as state:
        environment = os.environ | {"BENCHBOOK_STATE": state}
        environment.pop("DATABASE_URL", None)
        environment.pop("BENCHBOOK_POSTGRES_LOCK", None)
        words = [sys.executable, "manage.py", "look_up", "97545"]
        ended = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("benchbook: the database has no tables yet: run ./benchbook")
    assert len(ended.stderr.splitlines()) == 1
