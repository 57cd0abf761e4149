"""The drawn clock: no label lies on another, no staff runs through one; days as one counts them."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.clocks import compute, shipped_book
from reviewer.clocks.events import Event
from reviewer.views.clock_drawing import FLAG, WIDTH, Mark, Stretch, draw, width_of
from reviewer.views.clock_hours import hours_of
from reviewer.views.clock_months import Span, months_of

NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
START = datetime(2026, 9, 1, 14, tzinfo=UTC)
MARKS = st.lists(
    st.builds(
        lambda minutes, name: Mark(
            START + timedelta(minutes=minutes), name, "Tue 1 Sep, end of day"
        ),
        st.integers(0, 90 * 24 * 60),
        st.sampled_from(["Received", "Extension notice sent", "Determination signed", "Due"]),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=200)
@given(MARKS, MARKS)
def test_labels_never_overlap_and_no_staff_runs_through_one(events, limits):
    whole = Stretch(START, START + timedelta(days=90), "base", "counted")

    picture = draw([whole], events, limits, now=None, zone=NEW_YORK, said="")

    for flags in (picture.above, picture.below):
        assert len(flags) in (len(events), len(limits))
        for one, other in combinations(flags, 2):
            assert not meet(one, other)
            assert not runs_through(one, other)
            assert not runs_through(other, one)
    assert all(flag.x + width_of(flag.mark) <= WIDTH for flag in picture.above)
    assert min(flag.y for flag in picture.above) >= 12
    assert max(flag.y + 13 for flag in picture.below) <= picture.height


def meet(one, other):
    apart = abs(one.y - other.y) >= FLAG
    left, right = sorted((one, other), key=lambda flag: flag.x)
    return not apart and left.x + width_of(left.mark) > right.x


def runs_through(one, other):
    """Whether the staff of one crosses the words of the other."""
    top, bottom = sorted((one.y, one.staff))
    is_beside = not other.x < one.x < other.x + width_of(other.mark)
    return not is_beside and top < other.y < bottom


def span_of(rule_id, *events, zone, **facts):
    found = compute(shipped_book().rule(rule_id), events, zone.key)
    return Span(
        zone,
        found.starts_at,
        found.base_at,
        found.due_at,
        stopped_from=found.stopped_from,
        resumed_at=found.resumed_at,
        **facts,
    )


def event(type, at, **facts):
    return Event.from_json({"type": type, "at": at, **facts})


def days_of(rule_id, span):
    found = months_of(shipped_book().rule(rule_id), span, shipped_book())
    return {
        cell.day: cell
        for month in found.shown
        for week in month.weeks
        for cell in week
        if cell is not None
    }


def test_s01_business_days_leave_out_thanksgiving_and_the_weekend():
    start = event("necessary_information_received", "2026-11-24")
    days = days_of("CA.STD", span_of("CA.STD", start, zone=LOS_ANGELES))

    counted = {day: cell.count for day, cell in days.items() if cell.count}
    assert counted == {
        date(2026, 11, 25): "1",
        date(2026, 11, 27): "2",
        date(2026, 11, 30): "3",
        date(2026, 12, 1): "4",
        date(2026, 12, 2): "5",
    }
    assert days[date(2026, 11, 26)].said == "Thursday 26 November, Thanksgiving Day, not counted"
    assert "weekend" in days[date(2026, 11, 28)].look
    assert "due" in days[date(2026, 12, 2)].look.split()


def test_e21_the_days_of_the_stop_are_not_counted_and_the_extension_has_its_own():
    notice = event(
        "extension_notice_sent",
        "2026-09-11",
        ground="claimant_information_missing",
        needs_information=True,
    )
    events = [
        event("received", "2026-09-01T10:00"),
        notice,
        event("information_received", "2026-10-02"),
    ]
    days = days_of("ERISA.PRE.INIT", span_of("ERISA.PRE.INIT", *events, zone=NEW_YORK))

    assert days[date(2026, 9, 11)].count == "10"
    assert days[date(2026, 9, 12)].said.endswith("the clock is stopped")
    assert days[date(2026, 10, 2)].count == ""
    assert days[date(2026, 10, 3)].count == "+1"
    assert days[date(2026, 10, 17)].count == "+15"


@pytest.mark.parametrize(
    ("received", "rows", "change"),
    [
        ("2026-10-30T14:00", ["10 h", "34 h", "59 h", "72 h"], "comes twice"),  # E02
        ("2027-03-12T14:00", ["10 h", "34 h", "57 h", "72 h"], "does not exist"),  # E03
    ],
)
def test_hours_are_added_up_day_by_day_over_a_clock_change(received, rows, change):
    span = span_of("ERISA.URG.INIT", event("received", received), zone=NEW_YORK)

    found = hours_of(shipped_book().rule("ERISA.URG.INIT"), span)

    assert [row.elapsed for row in found.rows] == rows
    assert change in found.notes[0]
    wide = sum(piece.width for row in found.rows for piece in row.pieces)
    assert round(wide / found.hour) == 72


def test_only_hours_are_drawn_of_a_rule_in_hours_and_only_days_of_one_in_days():
    book = shipped_book()
    hours = span_of("ERISA.URG.INIT", event("received", "2026-06-01T10:00"), zone=NEW_YORK)
    days = span_of("ERISA.PRE.INIT", event("received", "2026-06-01T10:00"), zone=NEW_YORK)

    assert months_of(book.rule("ERISA.URG.INIT"), hours, book) is None
    assert hours_of(book.rule("ERISA.PRE.INIT"), days) is None
