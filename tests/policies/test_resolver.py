"""Which version governs, by the rule: published, in effect on the day that the bulletin or the line
of business goes by, for the line and the jurisdiction; nothing guessed where one is not stated."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import User

from policies.effective_bases import approve_basis, line_bases, propose_basis
from policies.models import Bulletin, LineOfBusiness, Version
from policies.publishing import retire
from policies.resolver import (
    TERMS,
    Fit,
    Occasion,
    Terms,
    fit,
    governing_version,
    governing_versions,
)
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
# Service, receipt and processing lie a month apart, so that a case shows which was compared.
OCCASION = Occasion("medicaid", "TX", DAY, date(2026, 2, 2), date(2026, 4, 2))
NO_DAY = replace(OCCASION, service_on=None)
NO_LINE = replace(OCCASION, line_of_business="")
NO_STATE = replace(OCCASION, jurisdiction="")
NEITHER = replace(NO_LINE, jurisdiction="")
SERVICE, RECEIPT, PROCESSING = "date_of_service", "receipt", "processing"


def on(day):
    return replace(OCCASION, service_on=day)


# Versions as (effective from, ended on, lines of business, jurisdictions), in order.
PAST = (date(2025, 1, 1), date(2026, 1, 1), (), ())
NOW = (date(2026, 1, 1), None, (), ())
UNTIL_NEXT = (date(2026, 1, 1), date(2026, 7, 1), (), ())
NEXT = (date(2026, 7, 1), None, (), ())
UNDATED = (None, None, (), ())
UNDATED_PAST = (None, date(2026, 1, 1), (), ())
MEDICARE = (date(2026, 1, 1), None, ("medicare_advantage",), ())
COMMERCIAL = (date(2026, 1, 1), None, ("commercial_insured", "marketplace"), ())
MEDICAID = (date(2026, 1, 1), None, ("medicaid", "integrated_dsnp"), ())
WEST = (date(2026, 1, 1), None, (), ("CA", "WA"))
AROUND_RECEIPT = (date(2026, 1, 15), date(2026, 2, 15), (), ())
AROUND_SERVICE = (date(2026, 3, 1), date(2026, 4, 1), (), ())
TEXAS = (date(2026, 1, 1), None, (), ("TX",))
OTHERS = (date(2026, 1, 1), None, ("medicare_advantage",), ("CA",))
CALLED_OFF = (date(2026, 7, 1), date(2026, 7, 1), (), ())

LINE = "this line of business goes by"
OWN = "this bulletin goes by"
EVERY = "every line of business goes by"
BY_SERVICE = f"{LINE} date of service (2026-03-02)"
BY_RECEIPT = f"{LINE} date of receipt (2026-02-02)"
BY_PROCESSING = f"{LINE} date of processing (2026-04-02)"
MANAGED = "Medicaid managed care"
IN_TEXAS = f"{MANAGED} in TX"
DEPENDS = "the day depends on the line of business, which is not stated:"
DIFFERENT = (
    f"{MANAGED} goes by date of receipt (2026-02-02), the others by date of service (2026-03-02)"
)
FROM_JANUARY = "is in effect from 2026-01-01"
ONLY = f"{FROM_JANUARY}, but only for "
ENDED = "ended on 2025-12-31, 61 days before the service."
# What lines of business go by where it is not the date of service.
PLAIN = {}
MEDICAID_BY_RECEIPT = {"medicaid": RECEIPT}
MEDICAID_BY_PROCESSING = {"medicaid": PROCESSING}
MEDICARE_BY_RECEIPT = {"medicare_advantage": RECEIPT}
ALL_BY_RECEIPT = dict.fromkeys(LineOfBusiness.values, RECEIPT)
THREE_WAYS = {"medicaid": RECEIPT, "integrated_dsnp": RECEIPT, "marketplace": PROCESSING}


def none(why):
    return f"0907: no version, because {why}."


def governs(ordinal, why, period=FROM_JANUARY):
    return f"0907 version {ordinal}, because {why} and version {ordinal} {period}."


def nobody(goes_by, whom=IN_TEXAS):
    return none(f"{goes_by} and no version is in effect on that day for {whom}")


def service(day):
    return f"{LINE} date of service ({day})"


PAST_DAYS = "is in effect from 2025-01-01 to 2025-12-31"
ONLY_MANAGED = f"only for {MANAGED} and Integrated D-SNP"
EARLY = Occasion("medicaid", "TX", None, None, None)
SAME_DAY = Occasion("", "TX", DAY, DAY, DAY)
CASES = [
    # name, the bulletin's own basis, lines of business, versions, occasion, version, sentence
    # In effect, gaps, the future
    ("in effect", "", PLAIN, [NOW], OCCASION, 1, governs(1, BY_SERVICE)),
    ("the first day", "", PLAIN, [NOW], on(date(2026, 1, 1)), 1, governs(1, service("2026-01-01"))),
    ("the day before", "", PLAIN, [NOW], on(date(2025, 12, 31)), None,
     nobody(service("2025-12-31"))),
    ("the last day", "", PLAIN, [PAST], on(date(2025, 12, 31)), 1,
     governs(1, service("2025-12-31"), PAST_DAYS)),
    ("the day after the last", "", PLAIN, [PAST], on(date(2026, 1, 1)), None,
     nobody(service("2026-01-01"))),
    ("in a gap", "", PLAIN, [PAST, NEXT], OCCASION, None, nobody(BY_SERVICE)),
    ("none published", "", PLAIN, [], OCCASION, None, none("none has been published")),
    ("none published, nothing stated", "", MEDICAID_BY_RECEIPT, [], replace(EARLY, jurisdiction=""),
     None, none("none has been published")),
    # Superseded, scheduled, retired, withdrawn
    ("the later of two", "", PLAIN, [PAST, NOW], OCCASION, 2, governs(2, BY_SERVICE)),
    ("the superseded one in its time", "", PLAIN, [PAST, NOW], on(date(2025, 5, 1)), 1,
     governs(1, service("2025-05-01"), PAST_DAYS)),
    ("before both", "", PLAIN, [PAST, NOW], on(date(2024, 12, 31)), None,
     nobody(service("2024-12-31"))),
    ("before a scheduled one", "", PLAIN, [UNTIL_NEXT, NEXT], OCCASION, 1,
     governs(1, BY_SERVICE, "is in effect from 2026-01-01 to 2026-06-30")),
    ("the scheduled one in its time", "", PLAIN, [UNTIL_NEXT, NEXT], on(date(2026, 7, 1)), 2,
     governs(2, service("2026-07-01"), "is in effect from 2026-07-01")),
    ("only scheduled", "", PLAIN, [NEXT], OCCASION, None, nobody(BY_SERVICE)),
    ("retired before the day", "", PLAIN, [PAST], OCCASION, None, nobody(BY_SERVICE)),
    ("retired after the day", "", PLAIN, [UNTIL_NEXT], OCCASION, 1,
     governs(1, BY_SERVICE, "is in effect from 2026-01-01 to 2026-06-30")),
    ("called off before it took effect", "", PLAIN, [CALLED_OFF], on(date(2026, 7, 1)), None,
     nobody(service("2026-07-01"))),
    ("called off, and the one before ended for it", "", PLAIN, [UNTIL_NEXT, CALLED_OFF],
     on(date(2026, 7, 1)), None, nobody(service("2026-07-01"))),
    # No effective date
    ("undated", "", PLAIN, [UNDATED], OCCASION, None,
     none(f"{BY_SERVICE} and version 1 states no effective date")),
    ("undated and ended", "", PLAIN, [UNDATED_PAST], OCCASION, None, nobody(BY_SERVICE)),
    ("undated, before its end", "", PLAIN, [UNDATED_PAST], on(date(2025, 12, 31)), None,
     none(f"{service('2025-12-31')} and version 1 states no effective date and goes on to"
          " 2025-12-31")),
    ("undated, then dated", "", PLAIN, [UNDATED_PAST, NOW], OCCASION, 2, governs(2, BY_SERVICE)),
    # Days that are not stated
    ("service day not stated", "", PLAIN, [NOW], NO_DAY, None,
     none(f"{LINE} date of service, and the date of service is not stated")),
    ("receipt not stated", "", MEDICAID_BY_RECEIPT, [NOW], replace(OCCASION, received_on=None),
     None, none(f"{LINE} date of receipt, and the date of receipt is not stated")),
    ("processing not stated", "", MEDICAID_BY_PROCESSING, [NOW],
     replace(OCCASION, processed_on=None), None,
     none(f"{LINE} date of processing, and the date of processing is not stated")),
    ("a day not stated that does not count", "", MEDICAID_BY_RECEIPT, [NOW], NO_DAY, 1,
     governs(1, BY_RECEIPT)),
    ("the bulletin's day not stated", RECEIPT, PLAIN, [NOW], replace(OCCASION, received_on=None),
     None, none(f"{OWN} date of receipt, and the date of receipt is not stated")),
    # What the line of business goes by
    ("the line by receipt", "", MEDICAID_BY_RECEIPT, [AROUND_RECEIPT], OCCASION, 1,
     governs(1, BY_RECEIPT, "is in effect from 2026-01-15 to 2026-02-14")),
    ("the line by receipt, service alone fits", "", MEDICAID_BY_RECEIPT, [AROUND_SERVICE], OCCASION,
     None, nobody(BY_RECEIPT)),
    ("the line by processing", "", MEDICAID_BY_PROCESSING, [(date(2026, 4, 1), None, (), ())],
     OCCASION, 1, governs(1, BY_PROCESSING, "is in effect from 2026-04-01")),
    ("the line by processing, service alone fits", "", MEDICAID_BY_PROCESSING, [AROUND_SERVICE],
     OCCASION, None, nobody(BY_PROCESSING)),
    ("another line by receipt", "", MEDICARE_BY_RECEIPT, [AROUND_SERVICE], OCCASION, 1,
     governs(1, BY_SERVICE, "is in effect from 2026-03-01 to 2026-03-31")),
    ("one version for each day", "", MEDICAID_BY_RECEIPT, [AROUND_RECEIPT, AROUND_SERVICE],
     OCCASION, 1, governs(1, BY_RECEIPT, "is in effect from 2026-01-15 to 2026-02-14")),
    # What the bulletin goes by, whatever the line of business
    ("the bulletin by receipt", RECEIPT, PLAIN, [AROUND_RECEIPT], OCCASION, 1,
     governs(1, f"{OWN} date of receipt (2026-02-02)",
             "is in effect from 2026-01-15 to 2026-02-14")),
    ("the bulletin by service, the line by receipt", SERVICE, MEDICAID_BY_RECEIPT, [AROUND_SERVICE],
     OCCASION, 1, governs(1, f"{OWN} date of service (2026-03-02)",
                          "is in effect from 2026-03-01 to 2026-03-31")),
    ("the bulletin by processing", PROCESSING, PLAIN, [AROUND_SERVICE], OCCASION, None,
     nobody(f"{OWN} date of processing (2026-04-02)")),
    ("the bulletin by receipt, line not stated", RECEIPT, MEDICAID_BY_PROCESSING, [NOW], NO_LINE, 1,
     governs(1, f"{OWN} date of receipt (2026-02-02)")),
    # The line of business is not stated
    ("no line, all by service", "", PLAIN, [NOW], NO_LINE, 1,
     governs(1, f"{EVERY} date of service (2026-03-02)")),
    ("no line, all by receipt", "", ALL_BY_RECEIPT, [NOW], NO_LINE, 1,
     governs(1, f"{EVERY} date of receipt (2026-02-02)")),
    ("no line, lines differ", "", MEDICAID_BY_RECEIPT, [AROUND_SERVICE], NO_LINE, None,
     none(f"{DEPENDS} {DIFFERENT}")),
    ("no line, lines differ, either day would do", "", MEDICAID_BY_RECEIPT, [NOW], NO_LINE, None,
     none(f"{DEPENDS} {DIFFERENT}")),
    ("no line, lines differ, neither day would do", "", MEDICAID_BY_RECEIPT, [NEXT], NO_LINE, None,
     none(f"{DIFFERENT}, and no version is in effect on any of these days for TX")),
    ("no line, lines differ, one day for both", "", MEDICAID_BY_RECEIPT, [NOW], SAME_DAY, 1,
     governs(1, f"{EVERY} date of service or date of receipt (both 2026-03-02)")),
    ("no line, three ways, one day for all", "", THREE_WAYS, [NOW], SAME_DAY, 1,
     governs(1, f"{EVERY} date of service or date of receipt or date of processing"
                " (all 2026-03-02)")),
    ("no line, three ways", "", THREE_WAYS, [NOW], NO_LINE, None,
     none(f"{DEPENDS} Marketplace goes by date of processing (2026-04-02), Integrated D-SNP and"
          f" {MANAGED} go by date of receipt (2026-02-02), the others by date of service"
          " (2026-03-02)")),
    ("no line, lines differ, one day not stated", "", MEDICAID_BY_RECEIPT, [NOW],
     replace(NO_LINE, received_on=None), None,
     none(f"{DEPENDS} {MANAGED} goes by date of receipt (not stated), the others by date of service"
          " (2026-03-02)")),
    ("no line, lines differ, no day stated", "", MEDICAID_BY_RECEIPT, [NOW],
     replace(EARLY, line_of_business=""), None,
     none(f"{EVERY} date of service or date of receipt, and neither is stated")),
    ("no line, no day, all by service", "", PLAIN, [NOW], replace(EARLY, line_of_business=""), None,
     none(f"{EVERY} date of service, and the date of service is not stated")),
    # For whom a version is
    ("for this line of business", "", PLAIN, [MEDICAID], OCCASION, 1, governs(1, BY_SERVICE)),
    ("for another line of business", "", PLAIN, [MEDICARE], OCCASION, None, nobody(BY_SERVICE)),
    ("for several others", "", PLAIN, [COMMERCIAL], OCCASION, None, nobody(BY_SERVICE)),
    ("line of business not stated, for two", "", PLAIN, [MEDICAID], NO_LINE, None,
     none(f"{EVERY} date of service (2026-03-02) and version 1 {FROM_JANUARY}, but {ONLY_MANAGED},"
          " and the line of business is not stated")),
    ("for this jurisdiction", "", PLAIN, [TEXAS], OCCASION, 1, governs(1, BY_SERVICE)),
    ("for other jurisdictions", "", PLAIN, [WEST], OCCASION, None, nobody(BY_SERVICE)),
    ("jurisdiction not stated", "", PLAIN, [TEXAS], NO_STATE, None,
     none(f"{BY_SERVICE} and version 1 {FROM_JANUARY}, but only for TX, and the jurisdiction is not"
          " stated")),
    ("jurisdiction not stated, for all", "", PLAIN, [NOW], NO_STATE, 1, governs(1, BY_SERVICE)),
    ("for others in both", "", PLAIN, [OTHERS], OCCASION, None, nobody(BY_SERVICE)),
    ("neither stated, none in effect", "", PLAIN, [PAST], NEITHER, None,
     none(f"{EVERY} date of service (2026-03-02) and no version is in effect on that day")),
    ("this line by receipt, for this line", "", MEDICAID_BY_RECEIPT,
     [(date(2026, 2, 1), None, ("medicaid",), ())], OCCASION, 1,
     governs(1, BY_RECEIPT, "is in effect from 2026-02-01")),
]  # fmt: skip
TABLE = pytest.mark.parametrize(
    ("own", "lines", "versions", "occasion", "ordinal", "sentence"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)


def bulletin_with(versions, own="", lines=()):
    for line, basis in dict(lines).items():
        change = propose_basis(
            line_of_business=line, basis=basis, reason="The contract.", by=someone("ann"), at=AT
        )
        approve_basis(change=change, by=someone("ben"), at=AT)
    for number, (start, ended_on, of, states) in enumerate(versions, start=1):
        version = published(
            lamps(limitation=f"Lamp {number}."), effective_from=start,
            effective_basis=own, lines_of_business=of, jurisdictions=states,
        )  # fmt: skip
        version.publication.refresh_from_db()
        if ended_on and version.publication.ended_on is None:
            retire(version=version, on=ended_on, reason="Ended.", by=None, at=AT)
    if not versions:
        draft(effective_basis=own)
    return Bulletin.objects.get()


def someone(name):
    return User.objects.get_or_create(username=name)[0]


@TABLE
def test_the_version_that_governs_and_the_sentence_that_says_why(
    own, lines, versions, occasion, ordinal, sentence
):
    answer = governing_version(bulletin_with(versions, own, lines), occasion)

    assert answer.sentence == sentence
    assert (answer.version.ordinal if answer.version else None) == ordinal
    assert len(answer.near_misses) == len(versions) - (1 if ordinal else 0)


@TABLE
def test_the_terms_alone_say_the_same(own, lines, versions, occasion, ordinal, sentence):
    bulletin = bulletin_with(versions, own, lines)
    published_terms = Version.objects.published().order_by("ordinal").values_list(*TERMS)
    bases = line_bases()

    fits = [fit(Terms(*terms), occasion, bases) for terms in published_terms]

    misses = {
        miss.version.ordinal: Fit.OPEN if miss.is_possible else Fit.NO
        for miss in governing_version(bulletin, occasion).near_misses
    }
    assert fits == [
        Fit.YES if place == ordinal else misses[place] for place in range(1, len(versions) + 1)
    ]


def test_the_table_has_forty_cases_and_more():
    assert len({case[0] for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize(
    ("basis", "day", "words"),
    [
        ("date_of_service", "2026-03-02", "date of service"),
        ("receipt", "2026-02-02", "date of receipt"),
        ("processing", "2026-04-02", "date of processing"),
    ],
)
def test_the_sentence_names_the_day_that_was_compared(basis, day, words):
    answer = governing_version(bulletin_with([NOW], basis), OCCASION)

    assert f"goes by {words} ({day})" in answer.sentence
    assert answer.on == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("versions", "occasion", "basis", "near"),
    [
        # 31 days of January, 28 of February, 2 of March.
        ([PAST], OCCASION, SERVICE, ENDED),
        ([PAST], OCCASION, RECEIPT, "ended on 2025-12-31, 33 days before the receipt."),
        ([PAST], OCCASION, PROCESSING, "ended on 2025-12-31, 92 days before the processing."),
        ([PAST], on(date(2026, 1, 1)), SERVICE, "ended on 2025-12-31, 1 day before the service."),
        # 29 days of March, 30, 31, 30, 1.
        ([NEXT], OCCASION, SERVICE, "takes effect on 2026-07-01, 121 days after the service."),
        ([UNDATED], OCCASION, SERVICE, "states no effective date."),
        ([UNDATED_PAST], OCCASION, SERVICE, f"states no effective date and {ENDED}"),
        ([CALLED_OFF], OCCASION, SERVICE, "was withdrawn before it took effect on 2026-07-01."),
        ([MEDICARE], OCCASION, SERVICE, ONLY + "Medicare Advantage."),
        ([COMMERCIAL], OCCASION, SERVICE, ONLY + "Commercial, insured; and Marketplace."),
        ([WEST], OCCASION, SERVICE, ONLY + "CA and WA."),
        ([OTHERS], OCCASION, SERVICE, ONLY + "Medicare Advantage and only for CA."),
        ([NOW], NO_DAY, SERVICE, "is in effect from 2026-01-01."),
    ],
)
def test_a_near_miss_says_what_was_missing(versions, occasion, basis, near):
    answer = governing_version(bulletin_with(versions, basis), occasion)

    assert [miss.sentence for miss in answer.near_misses] == [f"version 1 {near}"]


@pytest.mark.parametrize(
    ("versions", "occasion", "is_possible"),
    [
        ([UNDATED], OCCASION, True),
        ([NOW], NO_DAY, True),
        ([MEDICAID], NO_LINE, True),
        ([TEXAS], NO_STATE, True),
        ([MEDICARE], NO_DAY, False),
        ([PAST], NO_LINE, False),
        ([UNDATED_PAST], OCCASION, False),
        ([CALLED_OFF], NO_DAY, False),
    ],
)
def test_a_near_miss_is_possible_only_where_something_is_not_stated(
    versions, occasion, is_possible
):
    (miss,) = governing_version(bulletin_with(versions), occasion).near_misses

    assert miss.is_possible is is_possible


def test_the_nearest_miss_comes_first():
    answer = governing_version(bulletin_with([PAST, NEXT]), OCCASION)

    assert [miss.version.ordinal for miss in answer.near_misses] == [1, 2]  # 61 days, 121 days


def test_drafts_neither_govern_nor_come_near():
    bulletin = bulletin_with([NOW])
    draft(lamps(limitation="No lamp."))

    answer = governing_version(bulletin, OCCASION)

    assert (answer.version.ordinal, answer.near_misses) == (1, ())


def test_many_bulletins_take_two_queries(django_assert_num_queries):
    for number in range(6):
        published(lamps(number=f"091{number}"))
    bulletins = list(Bulletin.objects.order_by("-number"))

    with django_assert_num_queries(2):  # what the lines go by, versions
        answers = governing_versions(bulletins, OCCASION)

    assert [answer.bulletin for answer in answers] == bulletins
    assert all(answer.version.bulletin == answer.bulletin for answer in answers)
