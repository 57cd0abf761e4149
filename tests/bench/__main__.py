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
    parser.add_argument("--bulletins", type=int, default=200, metavar="N")
    parser.add_argument("--requests", type=int, default=5_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--quick", action="store_true", help="few of everything: does it run?")
    options = parser.parse_args(words)
    if options.quick:
        options.bulletins, options.requests = min(options.bulletins, 40), 500
    if options.bulletins < 1:
        parser.error("at least one bulletin is needed")
    options.rounds = 20 if options.quick else 60
    options.tries = 50 if options.quick else 300
    return options


def run(options: argparse.Namespace) -> None:
    """Needs a running database; imports Django's models only now, after its set-up."""
    from reviewer.management.commands.serve import collect_static
    from tests.bench import finding, library, measuring, pages, releases, report
    from tests.bench.generator import bulletins
    from tests.bench.scratch import scratch_database, tidy

    collect_static()
    with scratch_database() as name:
        say(f"loading codes into {name}")
        rows = releases.release_rows(every=10 if options.quick else 1)
        say(f"writing and reading {options.bulletins:,} bulletins")
        made = list(bulletins(options.bulletins, seed=options.seed))
        rows += library.reading_rows(made)
        say("importing them")
        rows += library.import_rows(made)
        tidy()
        say("looking for codes")
        rows += finding.finding_rows(finding.keys_to_try(options.tries, seed=options.seed))
        say("asking for pages")
        measured, profiles = pages.page_rows(made, options)
    size = sum(len(one.data) for one in made) / 1e6
    report.show(f"{options.bulletins:,} bulletins, {size:.0f} MB of text", rows + measured)
    pages.show_profiles(profiles)
    print(f"\n{report.summary(rows + measured)}")
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
