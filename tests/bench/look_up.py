"""`bench look-up`: the same pages over libraries of several sizes, against the floors."""

from argparse import Namespace
from collections.abc import Callable, Sequence

from tests.bench import finding, library, pages, peers, plain_admin, releases, report, signing
from tests.bench.browsing import browser_rows
from tests.bench.generator import bulletins
from tests.bench.multiplying import multiply
from tests.bench.report import Row, at_most
from tests.bench.scratch import tidy
from tests.bench.serving import Served, serving_rows
from tests.bench.weight import weight_rows

# What may grow with the library, and how much: the 95th percentile at the largest size against
# that at the smallest.
GROWTH = {"code page, 66 hits": 1.5, "search, common word": 2.0, "search, rare word": 2.0}


def measure(options: Namespace, say: Callable[[str], None]) -> list[Row]:
    smallest, *larger = options.sizes
    say("loading codes")
    rows = releases.release_rows(every=10 if options.quick else 1)
    say(f"reading and importing {smallest:,} bulletins")
    made = list(bulletins(smallest, seed=options.seed))
    rows += library.reading_rows(made) + library.import_rows(made)
    tidy()
    report.show("Loading", rows)
    nurse = pages.enter_reviewer(options)
    measured = []
    for size in options.sizes:
        if size > smallest:
            say(f"multiplying them to {size:,} by SQL: the importer would take too long")
            multiply(size // smallest)
        say(f"{size:,} bulletins: looking for codes, asking for pages")
        found = finding.finding_rows(finding.keys_to_try(options.tries, seed=options.seed))
        measured.append(pages.ask_pages(made, nurse, options))
        shown = found + measured[-1].rows()
        how = "" if size == smallest else f" ({smallest:,} imported, the others their copies)"
        report.show(f"{size:,} bulletins{how}", shown)
        rows += shown
        if options.peers:
            say("asking a plain admin and Datasette the same")
            beside = plain_admin.admin_rows(nurse.user, options)
            beside += peers.peer_rows(nurse.user, is_smallest=size == smallest)
            report.show(f"{size:,} bulletins, beside others", beside)
            rows += beside
    pages.show_profiles(measured[-1].profiles)
    rest = growth_rows(measured, options.sizes) if larger else []
    say("signing determinations")
    rest += signing.signing_rows(nurse, rounds=10 if options.quick else 40)
    rest += weight_rows(measured[0].code_page)
    say("serving, and asking from Chromium")
    with Served() as served:
        rest += serving_rows(served) + browser_rows(served, nurse.user)
    report.show("All sizes", rest)
    return rows + rest


def growth_rows(measured: Sequence[pages.Measured], sizes: Sequence[int]) -> list[Row]:
    first, last = measured[0].times, measured[-1].times
    return [
        at_most(
            f"{name}: p95 at {sizes[-1]:,} / at {sizes[0]:,}",
            last[name].p95 / first[name].p95,
            most,
        )
        for name, most in GROWTH.items()
        if name in first and name in last
    ]
