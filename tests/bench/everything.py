"""`bench`: one library of generated bulletins, and the bars that it can show."""

from argparse import Namespace
from collections.abc import Callable

from tests.bench import deadlines, finding, library, pages, releases, report
from tests.bench.generator import bulletins
from tests.bench.report import Row
from tests.bench.scratch import tidy
from tests.bench.weight import weight_rows


def measure(options: Namespace, say: Callable[[str], None]) -> list[Row]:
    say("loading codes")
    rows = releases.release_rows(every=10 if options.quick else 1)
    say("computing deadlines")
    rows += deadlines.deadline_rows(quick=options.quick)
    say(f"writing and reading {options.bulletins:,} bulletins")
    made = list(bulletins(options.bulletins, seed=options.seed))
    rows += library.reading_rows(made)
    say("importing them")
    rows += library.import_rows(made)
    tidy()
    say("looking for codes")
    rows += finding.finding_rows(finding.keys_to_try(options.tries, seed=options.seed))
    say("asking for pages")
    measured = pages.ask_pages(made, pages.enter_reviewer(options), options)
    rows += measured.rows() + weight_rows(measured.code_page)
    size = sum(len(one.data) for one in made) / 1e6
    report.show(f"{options.bulletins:,} bulletins, {size:.0f} MB of text", rows)
    pages.show_profiles(measured.profiles)
    return rows
