"""The screens of clocks: how long is left, by what, why, and what could move it.

Times and rules are those of the worked examples (`clocks/examples.jsonl`), by their ids.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import AccessEntry, Clock, Coverage, Event
from reviewer.views import clock_words, clocks
from reviewer.workflow.acts.extensions import extend_decision
from reviewer.workflow.clocks import note
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests import factories

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.fixture
def asked(cast):
    """A request received at a time of New York's wall clock, with the facts of an example."""

    def ask(received, *facts, line="commercial_self_funded", state="NY", **said):
        coverage = Coverage.objects.create(
            member=cast.member,
            line_of_business=line,
            plan="Harbor",
            jurisdiction=state,
            starts_on=date(2024, 1, 1),
        )
        at = local(received)
        if said.get("urgency") == "expedited":
            said["urgency_attested_by"] = "Dr. L. Shore"
        request = factories.make_request(cast, received_at=at, at=at, coverage=coverage, **said)
        for type, when, given in facts:
            is_day = "T" not in when
            moment = date.fromisoformat(when) if is_day else local(when)
            note(request=request, type=EventType(type), at=moment, by=cast.nurse, **given)
        return request

    return ask


@pytest.fixture
def page_of(cast, sign_in, monkeypatch):
    """The text of the page of a request's decision clock, as it is at a time of New York."""

    def read(request, at, **headers):
        monkeypatch.setattr(clocks, "now", lambda: local(at).astimezone(UTC))
        clock = Clock.objects.get(request=request, duty="decision")
        response = sign_in(cast.nurse).get(clock.get_absolute_url(), headers=headers)
        assert response.status_code == 200
        return plain(response.content.decode())

    return read


def plain(page):
    return " ".join(page.replace("&#x27;", "'").split())


NEEDED = {"ground": "claimant_information_missing", "needs_information": True}


def test_e22_a_stopped_clock_says_until_when_and_what_then(asked, page_of):
    received = {"received_by_claimant_at": date(2026, 9, 14)}
    notice = ("extension_notice_sent", "2026-09-11", NEEDED | received)
    page = page_of(asked("2026-09-01T10:00", notice), "2026-09-20T09:00")

    assert "stopped by law until 29 Oct" in page
    assert "<b>Thu 29 Oct 2026, 23:59:59 EDT</b>, or an answer before that" in page
    assert "Fri 13 Nov 2026, 23:59:59 EST, if no answer comes" in page
    assert "Wed 18 Nov 2026, 23:59:59 EST" in page  # legal maximum
    assert "also a partial answer, resumes the clock" in page
    assert 'class="is-resumed supposed"' in page
    assert 'class="stretch stopped"' in page
    assert "overdue" not in page


def test_e21_an_answered_clock_runs_again_and_keeps_the_stop_in_sight(asked, page_of):
    notice = ("extension_notice_sent", "2026-09-11", NEEDED)
    answer = ("information_received", "2026-10-02", {})
    page = page_of(asked("2026-09-01T10:00", notice, answer), "2026-10-05T09:00")

    assert "12 d 14 h left" in page
    assert "<b>Sat 17 Oct 2026, 23:59:59 EDT</b>" in page
    assert "Thu 22 Oct 2026, 23:59:59 EDT" in page  # legal maximum
    assert "supposed" not in page
    assert "stopped by law from Fri 11 Sep 2026, 00:00 EDT to Fri 2 Oct 2026, 00:00 EDT" in page


def test_m12_an_extension_keeps_the_wall_time_over_the_clock_change(asked, page_of):
    ground = {"ground": "noncontract_provider_evidence"}
    request = asked(
        "2026-10-20T09:00",
        ("extension_notice_sent", "2026-10-22T10:00", ground),
        line="medicare_advantage",
        urgency="expedited",
    )
    page = page_of(request, "2026-10-28T09:00")

    assert "<b>Fri 6 Nov 2026, 09:00 EST</b>" in page
    assert "Fri 23 Oct 2026, 09:00 EDT" in page  # base limit
    assert "there is no second extension" in page
    assert "day 14 of the extension" in page


def test_m06_a_rejected_extension_stands_in_its_place_with_the_reason(asked, page_of):
    ground = {"ground": "contract_provider_records"}
    notice = ("extension_notice_sent", "2026-11-28T12:00", ground)
    request = asked("2026-11-23T16:30", notice, line="medicare_advantage")
    page = page_of(request, "2026-11-29T09:00")

    step = page.partition('<li class="is-no_effect">')[2].partition("</li>")[0]
    assert "Without effect" in step
    assert "ground: contract provider records" in step
    assert "MA.STD.PA allows only enrollee request or noncontract provider evidence" in step
    assert "Extension notice sent: without effect" in page
    assert "<b>Mon 30 Nov 2026, 23:59:59 EST</b>" in page
    assert "is possible until Mon 30 Nov 2026, 23:59:59 EST" in page


def test_m07_a_withdrawn_extension_leaves_the_base_limit(asked, page_of):
    asking = ("extension_requested", "2026-11-25T09:00", {"by_whom": "enrollee"})
    withdrawn = ("extension_withdrawn", "2026-11-27T09:00", {})
    request = asked("2026-11-23T16:30", asking, withdrawn, line="medicare_advantage")
    page = page_of(request, "2026-11-28T09:00")

    assert "<b>Mon 30 Nov 2026, 23:59:59 EST</b>" in page
    assert "the base limit counts again" in page


def test_e02_hours_are_drawn_day_by_day_with_the_hour_that_comes_twice(asked, page_of):
    page = page_of(asked("2026-10-30T14:00", urgency="expedited"), "2026-10-31T08:00")

    assert "<b>Mon 2 Nov 2026, 13:00 EST</b>" in page
    assert "Sunday 1 November has 25 hours" in page
    assert "the hour from 01:00 comes twice" in page
    assert "Sun 1 Nov: 59 h elapsed at its end." in page
    assert "ERISA.URG.INIT is never extended." in page
    assert "sent until Sat 31 Oct 2026, 14:00 EDT, moves it to 48 hours" in page


def test_e03_an_alarm_keeps_the_wall_time_when_clocks_go_forward(asked, page_of):
    page = page_of(asked("2027-03-12T14:00", urgency="expedited"), "2027-03-13T08:00")

    assert "<b>Mon 15 Mar 2027, 15:00 EDT</b>" in page
    assert "<dt>Alarm</dt><dd>Mon 15 Mar 2027, 14:00 EDT" in page
    assert "Sunday 14 March has 23 hours" in page
    assert "the hour from 02:00 does not exist" in page


def test_d02_medicaid_goes_by_the_rule_of_its_rating_period(asked, page_of):
    request = asked("2026-03-02T08:00", line="medicaid", rating_period_start=date(2025, 7, 1))
    page = page_of(request, "2026-03-03T08:00")

    assert "MCD.STD.OLD</a></b>, 14 calendar days" in page
    assert "<b>Mon 16 Mar 2026, 23:59:59 EDT</b>" in page
    assert "42 CFR 438.210(d)(1)(ii)(A)" in page


def test_an_overdue_clock_says_what_the_law_makes_of_it(asked, page_of):
    page = page_of(asked("2026-11-23T16:30", line="medicare_advantage"), "2026-12-02T12:00")

    assert "overdue by 1 d 12 h" in page
    assert "it is deemed adverse" in page
    assert "recorded by the system; nothing is denied by itself" in page
    assert "it is too late for one" in page
    assert 'class="stretch late"' in page


def test_a_calm_clock_says_what_would_follow(asked, page_of):
    page = page_of(asked("2026-11-23T16:30", line="medicare_advantage"), "2026-11-24T12:00")

    assert "Once it passes, it is deemed adverse" in page
    assert "If urgency is attested, 72 hours count from then" in page


@pytest.fixture
def three_regimes(cast):
    """New York is bound by its own rules beside ERISA; the client adds accreditation."""
    at = factories.now()
    row = {
        "id": "commercial_insured_ncqa",
        "line_of_business": "commercial_insured",
        "jurisdiction": "any",
        "plan": "any",
        "regime": "ncqa",
        "role": "binding",
        "applies_from": "",
        "applies_to": "",
        "citation": "NCQA HP 2026 UM 5",
        "confidence": "G",
        "note": "",
    }
    change = propose_rule_change(
        table="regimes",
        key=row["id"],
        row=row,
        reason="Accredited.",
        by=cast.policy_editor.user,
        at=at,
    )
    approve_rule_change(change=change, by=cast.policy_approver.user, at=at)


def test_e44_the_strictest_of_three_regimes_governs_and_all_are_shown(
    asked, page_of, three_regimes
):
    request = asked("2026-11-23T09:00", line="commercial_insured")
    page = page_of(request, "2026-11-24T09:00")

    table = page.partition('<table class="table regimes">')[2].partition("</table>")[0]
    rows = table.split("<tr")[2:]
    assert "<b>Mon 30 Nov 2026, 23:59:59 EST</b>" in page
    assert len(rows) == 3
    assert all(any(name in row for row in rows) for name in ("ERISA.PRE", "NCQA.PRE", "NY.PRE"))
    assert ["NCQA.PRE.STD" in row for row in rows if "governs" in row] == [True]
    assert "Tue 8 Dec 2026, 23:59:59 EST" in table
    assert "not started" in table
    assert "Rule NCQA.PRE.STD: 7 calendar days" in page  # its own arithmetic stands there too


def test_a_rule_that_is_not_confirmed_says_so(asked, page_of):
    request = asked("2026-11-24T09:00", line="commercial_insured", state="WA", channel="fax")
    page = page_of(request, "2026-11-24T10:00")

    assert ">WA.NONELEC</a></b>, 5 calendar days" in page
    assert "General knowledge: confirm it before relying on it." in page


def test_a_rule_confirmed_in_the_official_text_says_nothing_of_it(asked, page_of):
    page = page_of(asked("2026-11-24T09:00"), "2026-11-24T10:00")

    assert "before relying on it" not in page


# -- who sees it, and how it opens -----------------------------------------------------------


def test_the_drawer_is_the_same_clock_without_the_page(asked, page_of):
    page = page_of(asked("2026-11-24T09:00"), "2026-11-24T10:00", **{"HX-Request": "true"})

    assert "<html" not in page
    assert 'id="drawer-head"' in page
    assert "Wed 9 Dec 2026, 23:59:59 EST" in page
    assert "ERISA.PRE.INIT: 15 calendar days" in page


def test_marks_of_time_left_are_plain_links_to_their_arithmetic(cast, sign_in):
    request = factories.make_claimed(cast)
    client = sign_in(cast.nurse)
    clock = Clock.objects.get(request=request)
    of_request = reverse("reviewer:request_clocks", args=[request.number])

    work = client.get(reverse("reviewer:work_mine")).content.decode()
    page = client.get(request.get_absolute_url()).content.decode()

    assert f'href="{of_request}" data-drawer' in work
    assert f'href="{clock.get_absolute_url()}" data-drawer' in page
    assert "Why this time: the clock of the row" in page  # in the list of keys


def test_every_going_clock_stands_at_the_head_of_the_request(cast, sign_in):
    denied = factories.make_denied(cast)

    page = sign_in(cast.nurse).get(denied.line.request.get_absolute_url()).content.decode()

    head = page.partition('<p class="clocks">')[2].partition("</p>")[0]
    notices = Clock.objects.going().filter(determination=denied)
    assert {"notice_member", "notice_provider"} <= {one.duty for one in notices}
    for one in notices:
        assert one.label in head
        assert one.get_absolute_url() in head


@pytest.mark.parametrize("is_fragment", [False, True])
def test_a_look_at_a_clock_is_logged_with_its_request(cast, sign_in, is_fragment):
    request = factories.make_request(cast)
    clock = Clock.objects.get(request=request)
    headers = {"HX-Request": "true"} if is_fragment else {}

    sign_in(cast.nurse).get(clock.get_absolute_url(), headers=headers)

    entry = AccessEntry.objects.get()
    assert entry.view == "reviewer:clock_detail"
    assert entry.requests == [request.number]
    assert entry.is_fragment is is_fragment


@pytest.mark.parametrize("is_fragment", [False, True])
def test_the_clock_of_an_appeal_is_for_those_who_see_appeals(cast, sign_in, is_fragment):
    appeal = factories.make_appeal(cast)
    clock = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    headers = {"HX-Request": "true"} if is_fragment else {}

    seen = sign_in(cast.nurse).get(clock.get_absolute_url(), headers=headers)
    unseen = sign_in(cast.intake).get(clock.get_absolute_url(), headers=headers)

    assert seen.status_code == 200
    assert unseen.status_code == 404


def test_intake_is_told_of_no_appeal_among_the_clocks(cast, sign_in):
    appeal = factories.make_appeal(cast)
    address = reverse("reviewer:request_clocks", args=[appeal.request.number])

    assert appeal.number in sign_in(cast.nurse).get(address).content.decode()
    assert appeal.number not in sign_in(cast.intake).get(address).content.decode()


def test_a_clock_is_found_only_under_its_own_request(cast, sign_in):
    clock = Clock.objects.get(request=factories.make_request(cast))
    other = factories.make_request(cast)

    address = reverse("reviewer:clock_detail", args=[other.number, clock.pk])

    assert sign_in(cast.nurse).get(address).status_code == 404


def test_another_line_of_business_finds_no_clock(cast, sign_in):
    clock = Clock.objects.get(request=factories.make_request(cast))
    cast.nurse.lines_of_business = [LineOfBusiness.MEDICAID]
    cast.nurse.save(update_fields=["lines_of_business"])

    assert sign_in(cast.nurse).get(clock.get_absolute_url()).status_code == 404


# -- names -----------------------------------------------------------------------------------


def test_milestones_have_the_names_of_the_timeline_on_the_clock_page(cast, sign_in):
    denied = factories.make_denied(cast)
    factories.make_notice(cast, denied)
    request = denied.line.request
    client = sign_in(cast.nurse)
    named = {str(label) for label in Event.Name.labels}

    for clock in Clock.objects.filter(request=request):
        response = client.get(clock.get_absolute_url())
        opened = response.context["opened"]
        names = {opened.name_of(fact).partition(" (")[0] for fact in opened.facts}
        assert names <= named
        assert all(name in response.content.decode() for name in names)


def test_an_act_that_is_two_facts_is_drawn_once(cast, sign_in):
    request = factories.make_claimed(cast)
    extend_decision(
        of=request,
        ground="claimant_information_missing",
        needs_information=True,
        why="The plan of care is not there.",
        wanted="The plan of care with its goals.",
        channel="mail",
        by=cast.nurse,
        at=factories.now(),
    )
    address = reverse("reviewer:request_clocks", args=[request.number])

    opened = sign_in(cast.nurse).get(address).context["opened"]

    names = [line.name for line in opened.lines]
    assert names.count("Decision extended") == 1


def test_the_clocks_of_an_open_request_lead_to_what_would_move_them(cast, sign_in):
    request = factories.make_claimed(cast)
    address = reverse("reviewer:request_clocks", args=[request.number])

    page = sign_in(cast.nurse).get(address).content.decode()

    assert reverse("reviewer:clock_what_if", args=[request.number]) in page


@pytest.mark.parametrize("type", EventType)
def test_a_fact_with_a_milestone_is_called_by_its_name(type):
    name = clock_words.milestone(type.value)

    if type.value in Event.Name.values:
        assert name == Event.Name(type.value).label
    assert name[0].isupper()
    assert "_" not in name


def test_arithmetic_calls_a_fact_as_the_timeline_does(cast, sign_in):
    denied = factories.make_denied(cast)
    clock = Clock.objects.get(determination=denied, duty="notice_member")

    opened = sign_in(cast.nurse).get(clock.get_absolute_url()).context["opened"]

    said = " ".join(step.sentence for step in opened.steps)
    assert "determination made" not in said
