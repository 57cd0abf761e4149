"""The columns of a file of requests: their names, what they hold, and which a file must have."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """`of_line`: each service line has its own; else the request has it once."""

    name: str
    says: str
    is_needed: bool = False
    of_line: bool = False


def needed(name: str, says: str, *, of_line: bool = False) -> Column:
    return Column(name, says, is_needed=True, of_line=of_line)


REFERENCE: Final = "reference"
WRONG: Final = "what_is_wrong"  # in files that come back for mending; read past
COLUMNS: Final = (
    needed(REFERENCE, "Your own number of the request. Lines with the same one are one request."),
    needed("member_number", "As on the card."),
    Column("given_name", "Of a member who is new here; so are the next two."),
    Column("family_name", "Of a new member."),
    Column("born_on", "Of a new member, as 1979-05-04 or 5/4/1979."),
    Column(
        "line_of_business",
        "As “Commercial, insured” or commercial_insured. It says which of a known member's"
        " coverages is meant, with plan and state; one that is known alone needs none of them.",
    ),
    Column("plan", "The name of the plan."),
    Column("state", "Two letters."),
    Column("covered_from", "The first day of a coverage that is new here."),
    needed("requesting_npi", "Ten digits with their check digit."),
    Column("requesting_name", "Of a provider whose NPI is new here."),
    Column("requesting_specialty", "Of a new provider."),
    Column("ordering_npi", "Where someone else orders it."),
    Column("ordering_name", "Of a new provider."),
    Column("ordering_specialty", "Of a new provider."),
    needed("servicing_npi", "Who gives the service."),
    Column("servicing_name", "Of a new provider."),
    Column("servicing_specialty", "Of a new provider."),
    needed("review_type", "prospective, concurrent or retrospective."),
    needed("urgency", "standard or expedited."),
    Column("urgency_attested_by", "Who attested it, where it is expedited."),
    needed("channel", "portal, fax, phone, mail or electronic."),
    needed("received_at", "When it came, in the plan's time zone: 2026-03-02 10:50."),
    needed("summary", "The clinical summary; it may have several lines, between quotation marks."),
    Column(
        "item_kind",
        "What is asked for, where a rule asks: service, part_b_drug …; several with spaces.",
    ),
    Column("course_ends_at", "The end of the approved course, where a rule asks for it."),
    Column("rating_period_start", "Medicaid: the start of the contract's rating period."),
    Column("information_complete_at", "When everything needed was in hand, where a rule asks."),
    needed("diagnoses", "Codes of ICD-10-CM with spaces between, the main one first; 12 at most."),
    Column("accept_diagnoses", "yes: codes that no set here holds are as the request has them."),
    Column("another_request", "yes: it is no duplicate of the one that exists already."),
    needed("code", "CPT, HCPCS or another service code.", of_line=True),
    Column("accept_code", "yes: a code that no set here holds is as it should be.", of_line=True),
    Column("modifiers", "Up to four, with spaces between.", of_line=True),
    needed("units", "How many are asked for.", of_line=True),
    Column("frequency", "As “2 a week for 6 weeks”.", of_line=True),
    needed("starts_on", "The first day of service.", of_line=True),
    needed("ends_on", "The last day of service.", of_line=True),
    Column("place_of_service", "The two digits of CMS's set.", of_line=True),
    Column(
        "line_diagnoses",
        "Which of the diagnoses the line is for, as 1 2; empty: all of them.",
        of_line=True,
    ),
)
NAMES: Final = tuple(one.name for one in COLUMNS)
OF_LINE: Final = frozenset(one.name for one in COLUMNS if one.of_line)


def name_of(cell: str) -> str:
    """A column's name as a spreadsheet may have it: `Member number` is member_number."""
    return re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_")


def faults_of(names: Sequence[str]) -> list[str]:
    """What is wrong with the names of a first line, a sentence each."""
    known = (*NAMES, WRONG)
    return [
        *(_unknown(one) for one in names if one and one not in known),
        *(f"Two columns are called {one}. Keep one of them." for one in twice(names)),
        *(
            f"The column {one.name} is missing. Add it: {one.says}"
            for one in COLUMNS
            if one.is_needed and one.name not in names
        ),
    ]


def twice(names: Iterable[str]) -> list[str]:
    found = list(names)
    return [one for one in dict.fromkeys(found) if one and found.count(one) > 1]


def _unknown(name: str) -> str:
    alike = get_close_matches(name, NAMES, n=1, cutoff=0.7)
    do = f"Is {alike[0]} meant? Name it so, or take it out" if alike else "Take it out"
    return f"The column {name} is not known here. {do}."
