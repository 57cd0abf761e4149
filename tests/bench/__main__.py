"""`./benchbook bench`: a scratch database, generated bulletins, one table."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewer.settings")
os.environ.setdefault("BENCHBOOK_POOL_SIZE", "2")  # pooled, as the site is served

import django

from reviewer import local_postgres


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchbook bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=["everything", "look-up", "worklists"],
        default="everything",
        help="everything: one library, every bar. look-up: libraries of several sizes, the"
        " pages of the look-up, signing, serving and Chromium. worklists: the lists of a day's"
        " work over ten thousand requests and over a million, or over --requests",
    )  # fmt: skip
    parser.add_argument("--bulletins", type=int, default=200, metavar="N")
    parser.add_argument("--sizes", type=sizes, default=(1_000, 10_000), metavar="N,N")
    parser.add_argument("--requests", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--quick", action="store_true", help="few of everything: does it run?")
    parser.add_argument(
        "--peers",
        action="store_true",
        help="with look-up: Datasette and a plain admin on the same data",
    )
    options = parser.parse_args(words)
    options.requests = options.requests or (1_000_000 if options.what == "worklists" else 5_000)
    if options.quick:
        options.bulletins, options.requests = min(options.bulletins, 40), 500
        options.sizes = tuple(min(one, 40 * at) for at, one in enumerate(options.sizes, start=1))
    if options.bulletins < 1:
        parser.error("at least one bulletin is needed")
    options.rounds = 20 if options.quick else 60
    options.tries = 50 if options.quick else 300
    return options


def sizes(text: str) -> tuple[int, ...]:
    """`1000,10000`: the second a multiple of the first, for its bulletins are multiplied."""
    found = tuple(int(one) for one in text.split(","))
    if any(one < 1 or one % found[0] for one in found) or list(found) != sorted(set(found)):
        raise argparse.ArgumentTypeError("sizes grow, each a multiple of the first: 1000,10000")
    return found


def run(options: argparse.Namespace) -> None:
    """Needs a running database; imports Django's models only now, after its set-up."""
    from reviewer.management.commands.serve import collect_static
    from tests.bench import everything, look_up, measuring, report, worklists
    from tests.bench.scratch import scratch_database

    collect_static()
    with scratch_database() as name:
        say(f"the scratch database is {name}")
        modules = {"everything": everything, "look-up": look_up, "worklists": worklists}
        rows = modules[options.what].measure(options, say)
    print(f"\n{report.summary(rows)}")
    if busy := measuring.busyness():
        print(busy)


def say(what: str) -> None:
    print(f"bench: {time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def end(number: int, frame: object) -> None:
    """A signal ends the run as Ctrl-C does: the scratch database is dropped on the way out."""
    sys.exit(128 + number)


def main(words: Sequence[str]) -> int:
    options = arguments(words)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        if local_postgres.is_used():
            local_postgres.start()
        django.setup()
        run(options)
    except local_postgres.LocalPostgresError as error:
        sys.exit(f"benchbook: {error}")
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
