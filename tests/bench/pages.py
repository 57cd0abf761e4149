"""The pages of the bars, each asked for as a signed-in reviewer in turns with the floors."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.test import override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from reviewer.models import Reviewer
from tests.bench.code_sets import MARKED
from tests.bench.floors import ROOT_URLCONF, Call, Visitor
from tests.bench.generator import RARE_WORD, Generated
from tests.bench.measuring import Times, in_turns
from tests.bench.profiles import Profile, profile
from tests.bench.report import Row, absent, against, print_table
from tests.bench.requests import OPEN_REQUEST, write_requests
from tests.bench.scratch import tidy
from tests.bench.words import COMMON
from tests.cast import enter_nurse

OWN = "full floor, site's own middleware"
FLOORS = ("bare view", "session and user", "full floor", OWN)
SUGGEST = "reviewer:search_suggest"
SUGGEST_SECONDS = 0.030  # at the 95th percentile, at full code sets
TYPED = (
    ("a code begun", "M54"),
    ("a whole code", MARKED),
    ("a word begun", COMMON[0][:5]),
    ("two words, one begun", f"{COMMON[90]} {COMMON[91][:3]}"),
    ("a misspelt word", "fractrue"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the bars: its address by name, and the most it may cost against the full floor."""

    subject: str
    name: str
    arguments: tuple[object, ...] = ()
    query: str = ""
    most: float | None = 2.0

    @property
    def bar(self) -> str:
        return f"<= {self.most:g} x" if self.most else ""


def wanted_pages(made: Sequence[Generated]) -> list[Page]:
    by_size = sorted(made, key=lambda one: len(one.data))
    median, largest = by_size[len(made) // 2], by_size[-1]
    return [
        Page("code page, 66 hits", "policies:code_detail", ("hcpcs", MARKED)),
        Page(named("bulletin page", median), "policies:bulletin_detail", (median.number,)),
        Page(named("bulletin page", largest), "policies:bulletin_detail", (largest.number,)),
        Page("bulletin list", "policies:bulletin_list", most=4.0),
        Page("search, common word", "reviewer:search", (), words(COMMON[0]), 6.0),
        Page("search, rare word", "reviewer:search", (), words(RARE_WORD), 3.0),
        Page("search, two words", "reviewer:search", (), words(" ".join(COMMON[90:92])), 6.0),
        Page(
            "search, exact phrase", "reviewer:search", (), words(f'"{COMMON[0]} {COMMON[1]}"'), None
        ),
        Page("search, misspelt word", "reviewer:search", (), words("treatmant"), None),
        *(Page(f"type-ahead, {what}", SUGGEST, (), words(typed), 1.2) for what, typed in TYPED),
        Page("worklist", "reviewer:work_queue", most=2.5),
        Page("workspace of a request", "reviewer:request_detail", (OPEN_REQUEST,), most=4.0),
    ]


def named(what: str, one: Generated) -> str:
    return f"{what}, {len(one.data) / 1e3:.0f} KB"


def words(typed: str) -> str:
    return urlencode({"q": typed})


def enter_reviewer(options: Namespace) -> Reviewer:
    """The nurse who asks for every page, and the requests of her worklist."""
    nurse = enter_nurse("bench", "Bea Bench")
    write_requests(options.requests, by=nurse, at=timezone.now(), seed=options.seed)
    tidy()
    return nurse


@dataclass(frozen=True, slots=True)
class Measured:
    """The pages of one run: what they took, their queries, and why others are not there."""

    pages: Sequence[Page]
    times: Mapping[str, Times]
    profiles: dict[str, Profile]
    missing: Mapping[str, str]
    code_page: bytes

    def rows(self) -> list[Row]:
        floor = self.times["full floor"]
        over_session = floor.p50 / self.times["session and user"].p50
        notes = {
            "full floor": f"{over_session:.1f} x session and user (1.6 x when the bars were set)",
            OWN: "in every page below",
        }
        floors = [name for name in self.times if name in FLOORS]
        rows = [self._row(name, None, notes.get(name, "")) for name in floors]
        for page in self.pages:
            if page.subject in self.times:
                rows.append(self._row(page.subject, page.most))
            else:
                rows.append(absent(page.subject, page.bar, self.missing[page.subject]))
        return rows

    def _row(self, name: str, most: float | None, note: str = "") -> Row:
        times = self.times[name]
        row = against(self.times["full floor"], name, times, most, note=note)
        row = replace(row, queries=len(self.profiles[name].queries))
        if name.startswith("type-ahead") and times.p95 > SUGGEST_SECONDS:
            row = replace(row, is_met=False, note="p95 <= 30 ms is missed")
        return row


def ask_pages(made: Sequence[Generated], nurse: Reviewer, options: Namespace) -> Measured:
    """The floors and every page in turns, and where each page's time goes."""
    with override_settings(ROOT_URLCONF=ROOT_URLCONF):
        visitor = Visitor(nurse.user)
        pages = wanted_pages(made)
        floors = visitor.floors() | {OWN: visitor.call("/bench/full")}
        calls, missing = reachable(visitor, pages)
        times = in_turns(floors | calls, rounds=options.rounds)
        profiles = {name: profile(call) for name, call in (floors | calls).items()}
        code_page = calls.get(pages[0].subject)
        return Measured(pages, times, profiles, missing, code_page() if code_page else b"")


def reachable(visitor: Visitor, pages: Sequence[Page]) -> tuple[dict[str, Call], dict[str, str]]:
    """The calls of pages that answer, and why the others do not."""
    calls, missing = {}, {}
    for page in pages:
        try:
            call = visitor.call(reverse(page.name, args=page.arguments), page.query)
            call()
        except NoReverseMatch:
            missing[page.subject] = "there is no such page yet"
        except LookupError as error:
            cause = type(error.__cause__).__name__ if error.__cause__ else ""
            missing[page.subject] = f"{error} {cause}".rstrip()
        else:
            calls[page.subject] = call
    return calls, missing


def show_profiles(profiles: dict[str, Profile]) -> None:
    headings = ("", "whole", "SQL", "templates", "queries", "page", "slowest query")
    print_table(
        "Where one request's time goes (SQL inside templates counts as both)",
        headings,
        [(name, *one.cells()) for name, one in profiles.items()],
        figures=5,
    )
