"""The pages of the bars, each asked for as a signed-in reviewer in turns with the floors."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.test import override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from reviewer.models import Role
from tests.bench.code_sets import MARKED
from tests.bench.floors import ROOT_URLCONF, Call, Visitor
from tests.bench.generator import RARE_WORD, Generated
from tests.bench.measuring import in_turns
from tests.bench.profiles import Profile, profile
from tests.bench.report import Row, absent, against, print_table
from tests.bench.requests import OPEN_REQUEST, write_requests
from tests.bench.scratch import tidy
from tests.bench.weight import weight_rows
from tests.bench.words import COMMON
from tests.cast import enter

OWN = "full floor, site's own middleware"
SUGGEST = "reviewer:search_suggest"
TYPED = (
    ("a code begun", "M54"),
    ("a whole code", MARKED),
    ("a word begun", COMMON[0][:5]),
    ("two words, one begun", f"{COMMON[90]} {COMMON[91][:3]}"),
)
NOT_MEASURED = (
    ("signing a determination", ">= 0.25 x; >= 0.15 x", "not in this bench yet"),
    ("in Chromium", "paint <= 1.2 x", "not in this bench yet"),
    ("start of serve", "<= 5 s; <= 130 MB", "not in this bench yet"),
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


def page_rows(
    made: Sequence[Generated], options: Namespace
) -> tuple[list[Row], dict[str, Profile]]:
    """The floors, every page against the full floor, and where each page's time goes."""
    with override_settings(ROOT_URLCONF=ROOT_URLCONF):
        nurse = enter("bench", "Bea Bench", Role.NURSE_REVIEWER)
        write_requests(options.requests, by=nurse, at=timezone.now(), seed=options.seed)
        tidy()
        visitor = Visitor(nurse.user)
        pages = wanted_pages(made)
        floors = visitor.floors() | {OWN: visitor.call("/bench/full")}
        calls, missing = reachable(visitor, pages)
        times = in_turns(floors | calls, rounds=options.rounds)
        profiles = {name: profile(call) for name, call in (floors | calls).items()}
        code_page = calls.get(pages[0].subject)
        weights = weight_rows(code_page()) if code_page else []
    floor = times["full floor"]
    over_session = floor.p50 / times["session and user"].p50
    notes = {
        "full floor": f"{len(profiles['full floor'].queries)} queries; {over_session:.1f} x session"
        " and user (1.6 x when the bars were set)",
        OWN: "in every page below",
    }
    rows = [against(floor, name, times[name], note=notes.get(name, "")) for name in floors]
    rows += [
        against(floor, page.subject, times[page.subject], page.most)
        if page.subject in times
        else absent(page.subject, page.bar, missing[page.subject])
        for page in pages
    ]
    return rows + weights + [absent(*one) for one in NOT_MEASURED], profiles


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
