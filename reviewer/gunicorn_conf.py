"""How gunicorn serves the site: `./benchbook serve`, or `gunicorn -c reviewer/gunicorn_conf.py`."""

import gc
import os
import signal
import threading
from types import FrameType
from typing import Any

from reviewer import local_postgres

os.environ.setdefault("BENCHBOOK_POOL_SIZE", "4")  # a connection a thread
wsgi_app = "reviewer.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # the workers share what is loaded once
timeout = 60
graceful_timeout = 10
accesslog = None  # addresses of pages name members' requests
loglevel = "warning"
control_socket_disable = True

if local_postgres.is_used():
    local_postgres.start()


def when_ready(server: Any) -> None:
    """The last moment before the first worker is forked."""
    share_memory()
    end_with_terminal()


def share_memory() -> None:
    """Load what every worker would load for itself, and keep the collector off what is loaded:
    a page of memory stays shared until something is written into it."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def end_with_terminal() -> None:
    """A closed terminal ends the site; gunicorn itself would reload and stay."""

    def end(number: int, frame: FrameType | None) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGHUP, end)


def post_worker_init(worker: Any) -> None:
    """Under `serve`, let the first worker say where the site is, once it answers."""
    port = os.environ.get("BENCHBOOK_SERVE_PORT")
    if port and worker.age == 1:
        from reviewer.management.commands.serve import announce

        threading.Thread(target=announce, args=(int(port),), daemon=True).start()
