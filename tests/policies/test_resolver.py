"""Which version governs, by the rule: published, in effect on the day that the bulletin goes by,
for the line of business and the jurisdiction; and nothing guessed where one is not stated."""

from dataclasses import replace
from datetime import date

import pytest

from policies.models import Bulletin, Version
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

GOES_BY = "this line of business goes by date of service (2026-03-02)"
IN_EFFECT = "is in effect from 2026-01-01"
ONLY = f"{IN_EFFECT}, but only for "
ENDED = "ended on 2025-12-31, 61 days before the service."
MANAGED = "Medicaid managed care"
REST = "Integrated D-SNP, and the line of business is not stated."
UNSTATED = "this line of business goes by date of service, and the date of service is not stated."
NONE = "0907: no version, because"
CASES = [
    # name, basis, versions, occasion, version that governs
    ("in effect", SERVICE, [NOW], OCCASION, 1),
    ("first day", SERVICE, [NOW], on(date(2026, 1, 1)), 1),
    ("day before", SERVICE, [NOW], on(date(2025, 12, 31)), None),
    ("last day", SERVICE, [PAST], on(date(2025, 12, 31)), 1),
    ("day after the last", SERVICE, [PAST], on(date(2026, 1, 1)), None),
    ("second of two", SERVICE, [PAST, NOW], OCCASION, 2),
    ("first of two", SERVICE, [PAST, NOW], on(date(2025, 5, 1)), 1),
    ("before a scheduled one", SERVICE, [UNTIL_NEXT, NEXT], OCCASION, 1),
    ("a scheduled one in time", SERVICE, [UNTIL_NEXT, NEXT], on(date(2026, 7, 1)), 2),
    ("only scheduled", SERVICE, [NEXT], OCCASION, None),
    ("only ended", SERVICE, [PAST], OCCASION, None),
    ("called off", SERVICE, [CALLED_OFF], on(date(2026, 7, 1)), None),
    ("in a gap", SERVICE, [PAST, NEXT], OCCASION, None),
    ("undated", SERVICE, [UNDATED], OCCASION, None),
    ("undated and ended", SERVICE, [UNDATED_PAST], OCCASION, None),
    ("undated before a dated one", SERVICE, [UNDATED_PAST, NOW], OCCASION, 2),
    ("back in the undated one's time", SERVICE, [UNDATED_PAST, NOW], on(date(2025, 5, 1)), None),
    ("none published", SERVICE, [], OCCASION, None),
    ("by receipt, in effect", RECEIPT, [AROUND_RECEIPT], OCCASION, 1),
    ("by receipt, service alone fits", RECEIPT, [(date(2026, 3, 1), None, (), ())], OCCASION, None),
    ("by processing, in effect", PROCESSING, [(date(2026, 4, 1), None, (), ())], OCCASION, 1),
    ("by processing, service alone fits", PROCESSING, [AROUND_SERVICE], OCCASION, None),
    ("service day not stated", SERVICE, [NOW], NO_DAY, None),
    ("receipt not stated", RECEIPT, [NOW], replace(OCCASION, received_on=None), None),
    ("processing not stated", PROCESSING, [NOW], replace(OCCASION, processed_on=None), None),
    ("another day not stated", RECEIPT, [NOW], NO_DAY, 1),
    ("for this line of business", SERVICE, [MEDICAID], OCCASION, 1),
    ("for another line of business", SERVICE, [MEDICARE], OCCASION, None),
    ("for several others", SERVICE, [COMMERCIAL], OCCASION, None),
    ("line of business not stated", SERVICE, [MEDICAID], NO_LINE, None),
    ("line of business not stated, for all", SERVICE, [NOW], NO_LINE, 1),
    ("for this jurisdiction", SERVICE, [TEXAS], OCCASION, 1),
    ("for other jurisdictions", SERVICE, [WEST], OCCASION, None),
    ("jurisdiction not stated", SERVICE, [TEXAS], NO_STATE, None),
    ("other in both", SERVICE, [OTHERS], OCCASION, None),
]  # fmt: skip


def bulletin_with(versions, basis="date_of_service"):
    for number, (start, ended_on, lines, states) in enumerate(versions, start=1):
        version = published(
            lamps(limitation=f"Lamp {number}."), effective_from=start,
            effective_basis=basis, lines_of_business=lines, jurisdictions=states,
        )  # fmt: skip
        if ended_on:
            retire(version=version, on=ended_on, reason="Ended.", by=None, at=AT)
    if not versions:
        draft(effective_basis=basis)
    return Bulletin.objects.get()


@pytest.mark.parametrize(
    ("basis", "versions", "occasion", "governs"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_version_that_governs(basis, versions, occasion, governs):
    answer = governing_version(bulletin_with(versions, basis), occasion)

    assert (answer.version.ordinal if answer.version else None) == governs
    assert len(answer.near_misses) == len(versions) - (1 if governs else 0)
    named = f"0907 version {governs}" if governs else "0907: no version"
    assert answer.sentence.startswith(f"{named}, because ")


@pytest.mark.parametrize(
    ("basis", "versions", "occasion", "governs"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_terms_alone_say_the_same(basis, versions, occasion, governs):
    bulletin_with(versions, basis)
    published_terms = Version.objects.published().order_by("ordinal").values_list(*TERMS)

    fits = [fit(Terms(*terms), occasion) for terms in published_terms]

    assert [one is Fit.YES for one in fits] == [
        ordinal == governs for ordinal in range(1, len(versions) + 1)
    ]


@pytest.mark.parametrize(
    ("versions", "occasion", "sentence"),
    [
        (
            [PAST, NOW],
            OCCASION,
            f"0907 version 2, because {GOES_BY} and version 2 {IN_EFFECT}.",
        ),
        (
            [UNTIL_NEXT],
            OCCASION,
            f"0907 version 1, because {GOES_BY} and version 1 {IN_EFFECT} to 2026-06-30.",
        ),
        ([], OCCASION, f"{NONE} none has been published."),
        (
            [NOW],
            NO_DAY,
            f"{NONE} {UNSTATED}",
        ),
        (
            [UNDATED],
            OCCASION,
            f"{NONE} {GOES_BY} and version 1 states no effective date.",
        ),
        (
            [PAST],
            OCCASION,
            f"{NONE} {GOES_BY} and no version is in effect on that day for {MANAGED} in TX.",
        ),
        (
            [PAST],
            NEITHER,
            f"{NONE} {GOES_BY} and no version is in effect on that day.",
        ),
        (
            [MEDICAID],
            NO_LINE,
            f"{NONE} {GOES_BY} and version 1 {ONLY}{MANAGED} and {REST}",
        ),
    ],
)
def test_the_sentence_says_why(versions, occasion, sentence):
    assert governing_version(bulletin_with(versions), occasion).sentence == sentence


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


def test_many_bulletins_take_one_query(django_assert_num_queries):
    for number in range(6):
        published(lamps(number=f"091{number}"))
    bulletins = list(Bulletin.objects.order_by("-number"))

    with django_assert_num_queries(1):
        answers = governing_versions(bulletins, OCCASION)

    assert [answer.bulletin for answer in answers] == bulletins
    assert all(answer.version.bulletin == answer.bulletin for answer in answers)
