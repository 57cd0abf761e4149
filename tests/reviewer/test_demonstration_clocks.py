"""Three clocks of the demonstration, opened: each states its arithmetic to the second.

Days are relative to the loading, so the expected ones are counted here from the receipt, by the
words of the regulation; the page is read, not the engine.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User

from reviewer.models import Clock, ClockEvent, Request

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]
PLAN = ZoneInfo("America/New_York")


def told(at):
    """As every page writes a moment; seconds only where there are some."""
    local = at.astimezone(PLAN)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{day(local)}, {clock} {local:%Z}"


def day(one):
    return f"{one:%a} {one.day} {one:%b %Y}"


def end_of(one):
    return datetime.combine(one, time(23, 59, 59), PLAN)


def of(request, type):
    return ClockEvent.objects.get(request=request, type=type).at.astimezone(PLAN)


def days_between(first, last):
    """The midnights after each day, from the first on."""
    midnight = datetime.combine(first.date(), time(), PLAN)
    while (midnight := midnight + timedelta(days=1)) <= last:
        yield midnight


@pytest.fixture
def opened(client):
    """The request of a story, and the text of the page of its decision's clock."""

    def open_clock(story):
        request = Request.objects.get(summary__startswith=story)
        client.force_login(User.objects.get(username="gmoreno"))
        clock = Clock.objects.get(request=request, duty="decision")
        page = client.get(clock.get_absolute_url()).content.decode()
        return request, " ".join(page.replace("&#x27;", "'").split())

    return open_clock


def test_a_stopped_erisa_clock_counts_from_the_answer(opened):
    """29 CFR 2560.503-1(f)(4): stopped from the notice until the claimant responds; 15 days then,
    and by the total period 15 + 15 less those used before the notice."""
    request, page = opened("Strain of the lower back after a fall. The examination")
    received, sent = of(request, "received").date(), of(request, "extension_notice_sent").date()
    answered = of(request, "information_received").date()

    due = answered + timedelta(days=15)
    longest = answered + timedelta(days=30 - (sent - received).days)
    assert request.decision_due_at == end_of(due)
    assert f"15 calendar days end on {day(received + timedelta(days=15))}." in page
    assert f"first answer, {day(answered)}, {(answered - sent).days} days after it stopped." in page
    assert f"15 days after it resumes: {told(end_of(due))}." in page
    assert f"{(sent - received).days} used before the notice" in page
    assert told(end_of(longest)) in page
    for authority in ("29 CFR 2560.503-1(f)(2)(iii)(A)", "Convention C13", "Convention C14"):
        assert authority in page
    assert 'class="stretch stopped"' in page


def test_an_extended_medicare_advantage_clock_runs_over_a_clock_change(opened):
    """42 CFR 422.572(a)(1), (b): 72 hours and 14 days more, at the same time of the wall clock."""
    request, page = opened("Heart failure. Six nursing visits")
    received = request.received_at.astimezone(PLAN)

    base = request.received_at + timedelta(hours=72)
    due = request.decision_due_at.astimezone(PLAN)
    assert due.replace(tzinfo=None) == received.replace(tzinfo=None) + timedelta(days=17)
    assert due.utcoffset() != received.utcoffset()  # it truly runs over a change
    change = due.utcoffset() - received.utcoffset()
    assert request.decision_due_at - request.received_at == timedelta(days=17) - change
    assert f"72 hours after it, as elapsed: {told(base)}." in page
    assert f"at the same time of day as the clocks change in between: {told(due)}." in page
    first = next(one for one in days_between(received, due) if one.dst() != received.dst())
    turn = "the clocks go back" if change < timedelta(0) else "the clocks go forward"
    assert f"{(first - timedelta(days=1)).day}: {turn}" in page
    assert "ground: noncontract provider evidence" in page
    assert "42 CFR 422.572(a)(1),(b)" in page
    assert "Convention C11" in page


def test_a_medicaid_clock_goes_by_its_rating_period(opened):
    """42 CFR 438.210(d)(1)(ii): 7 days in periods from 2026 on, 14 more; promised for day 13."""
    request, page = opened("Cerebral palsy. More visits")
    received, sent = of(request, "received").date(), of(request, "extension_notice_sent").date()

    begins = date(received.year, 7, 1)
    begins = begins if begins <= received else begins.replace(year=received.year - 1)
    promised = sent + timedelta(days=9)
    assert request.rating_period_start == begins
    assert f"Chosen by the rating period start, {day(begins)}." in page
    assert f"7 calendar days end on {day(received + timedelta(days=7))}." in page
    assert told(end_of(received + timedelta(days=21))) in page
    assert f"The notice promises an earlier day: {told(end_of(promised))}." in page
    assert request.decision_due_at == end_of(promised)
    assert "42 CFR 438.210(d)(1)(ii)(B)" in page
    assert "Convention C20" in page
