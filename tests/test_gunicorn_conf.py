"""What gunicorn's master holds before its first worker is forked from it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOBODY = "postgresql://nobody:nothing@127.0.0.1:9/nowhere"  # where no database is
PROGRAM = """
import gc, json, sys
from reviewer import gunicorn_conf, wsgi
gunicorn_conf.when_ready(None)
from django.db import connections
print(json.dumps({
    "loaded": sorted(sys.modules),
    "connected": [one.alias for one in connections.all() if one.connection is not None],
    "frozen": gc.get_freeze_count(),
}))
"""


@pytest.fixture(scope="module")
def master():
    named = {"DATABASE_URL": NOBODY, "DATABASE_OWNER_URL": NOBODY, "BENCHBOOK_SECRET_KEY": "k" * 60}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=ROOT, env=os.environ | named, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_the_views_are_loaded_once_for_all_workers(master):
    assert {"reviewer.urls", "policies.views", "reviewer.views"} <= set(master["loaded"])


def test_what_few_requests_need_is_loaded_when_one_needs_it(master):
    assert not {"openpyxl", "PIL", "tqdm"} & set(master["loaded"])


def test_no_connection_is_shared_with_a_worker(master):
    assert master["connected"] == []


def test_the_collector_leaves_what_is_shared_alone(master):
    assert master["frozen"] > 100_000
