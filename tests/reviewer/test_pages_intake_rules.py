"""Intake against the whole table of rules: every row for an initial decision is reached through
the form, and what no row fits is refused with what is missing."""

from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags

from policies.models import LineOfBusiness
from reviewer.clocks import shipped_book
from reviewer.models import Clock, Coverage, Request, ReviewType, Urgency
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests.factories import now
from tests.reviewer.pages import load_few_codes, post

pytestmark = pytest.mark.django_db
NEW = "/requests/new"
BOOK = shipped_book()
REVIEW_TYPES = {
    "pre_service": ReviewType.PROSPECTIVE,
    "concurrent": ReviewType.CONCURRENT,
    "post_service": ReviewType.RETROSPECTIVE,
}
CONTRACTS = ("ncqa", "urac")  # no law: a client's contract binds to them
EVERY_KIND = {
    "medicare_advantage": "item_subject_to_prior_auth",
    "new_york": "service",
    "texas": "not_hospitalized",
}


def cases():
    """A case for every value that a row for a decision on a request accepts."""
    for rule in BOOK.rules:
        if not {"initial", "extension"} & {*rule.stage} or "decision" not in rule.step:
            continue
        for review, urgency, kind in product(
            rule.alternatives("review_type") or REVIEW_TYPES,
            rule.alternatives("urgency") or Urgency.values,
            rule.alternatives("item_kind") or [""],
        ):
            if (review, urgency) != ("post_service", "expedited"):
                label = f"{rule.rule_id}-{review}-{urgency}-{kind}"
                yield pytest.param(rule, review, urgency, kind, id=label)


def cover_of(rule, kind):
    """A line of business, state and plan under the row's regime."""
    regime = rule.line_of_business[0]
    if regime in CONTRACTS:
        is_public = kind == "medicare_or_medicaid"
        line = LineOfBusiness.MEDICARE_ADVANTAGE if is_public else LineOfBusiness.MARKETPLACE
        return line, "OH", f"Contract {regime}"
    found = next(one for one in BOOK.regimes if one.regime == regime)
    state = "OH" if found.jurisdiction == "any" else found.jurisdiction
    return found.line_of_business, state, "Harbor"


def bind_by_contract(cast, regime, line, plan):
    """The plan's contract makes a regime's limits its service goals."""
    row = {
        "id": f"contract_{regime}", "line_of_business": line, "jurisdiction": "any",
        "plan": plan, "regime": regime, "role": "target", "applies_from": "", "applies_to": "",
        "citation": "Contract of 2024", "confidence": "CHOICE", "note": "",
    }  # fmt: skip
    change = propose_rule_change(
        table="regimes", key=row["id"], row=row, reason="The contract.",
        by=cast.policy_editor.user, at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())


@pytest.fixture
def client(cast, sign_in):
    load_few_codes()
    return sign_in(cast.intake)


def covered(cast, line, state, plan="Harbor"):
    return Coverage.objects.create(
        member=cast.member, line_of_business=line, jurisdiction=state, plan=plan,
        starts_on=date(2020, 1, 1),
    )  # fmt: skip


def at(day, hour=10):
    return datetime.combine(day, time(hour)).strftime("%Y-%m-%dT%H:%M")


def typed(cast, coverage, *, review, urgency, day, **more):
    return {
        "act": "enter",
        "member-number": cast.member.number,
        "member-coverage": str(coverage.pk),
        "requesting-npi": cast.clinic.npi,
        "servicing-npi": cast.therapist.npi,
        "review_type": review,
        "urgency": urgency,
        "urgency_attested_by": "Dr. L. Shore" if urgency == "expedited" else "",
        "channel": "fax",
        "received_at": at(day),
        "summary": "Lumbar strain nine weeks ago.",
        "diagnoses-TOTAL_FORMS": "1",
        "diagnoses-INITIAL_FORMS": "0",
        "diagnoses-0-code": "S39.012A",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-code": "97545",
        "lines-0-units": "20",
        "lines-0-starts_on": timezone.localdate().isoformat(),
        "lines-0-ends_on": timezone.localdate().isoformat(),
        "lines-0-pointers": "1",
    } | more


def text(response):
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def day_under(rule):
    """A day of receipt, or a start of a rating period, on which the row is in force."""
    return min(
        rule.applies_from or rule.applies_to or date(2026, 7, 6), rule.applies_to or date.max
    )


def course_end(rule, review, day):
    """When the course ends that the request asks to extend."""
    if "less_than_24h" in rule.condition:
        return at(day, 22)
    return at(day + timedelta(days=-1 if review == "post_service" else 2))


@pytest.mark.parametrize(("rule", "review", "urgency", "kind"), cases())
def test_a_request_for_every_rule_of_an_initial_decision_is_entered_under_it(
    client, cast, rule, review, urgency, kind
):
    regime = rule.line_of_business[0]
    is_rated = rule.applies_by == "rating_period_start"
    day = date(2026, 7, 6) if is_rated else day_under(rule)
    line, state, plan = cover_of(rule, kind)
    if regime in CONTRACTS:
        bind_by_contract(cast, regime, line, plan)
    kinds = EVERY_KIND | ({regime: kind} if kind else {})
    sent = typed(
        cast, covered(cast, line, state, plan),
        review=REVIEW_TYPES[review], urgency=urgency, day=day,
        **{f"limit-kind-{name}": value for name, value in kinds.items()},
    )  # fmt: skip
    if is_rated:
        sent["limit-rating_period_start"] = day_under(rule).isoformat()
    if "extension" in rule.stage or review == "concurrent":
        sent["limit-course_ends_at"] = course_end(rule, review, day)
    if "necessary_information_received" in rule.starts_on:
        sent["limit-information_complete_at"] = at(day, 15)
    if kind == "electronic_request":
        sent["channel"] = "portal"

    page = post(client, NEW, **sent)

    assert page.status_code == 302, text(page)
    clock = Clock.objects.get(request=Request.objects.get(), duty="decision")
    names = [clock.rule_id, *(one["rule_id"] for one in clock.others)]
    of_the_regime = [one for one in names if regime in BOOK.rule(one).line_of_business]
    assert of_the_regime == [rule.rule_id]
    assert clock.answer["by_rule"].get(rule.rule_id, clock.answer["due_at"])


ALL = [*product(LineOfBusiness, REVIEW_TYPES, Urgency)]


def governed(line):
    selected = [one for one in BOOK.regimes if one.role == "selected"]
    return next(one.regime for one in selected if one.line_of_business == line)


def has_a_rule(line, review, urgency):
    return any(
        governed(line) in one.line_of_business
        and {"initial", "extension"} & {*one.stage}
        and "decision" in one.step
        and review in (one.alternatives("review_type") or [review])
        and urgency in (one.alternatives("urgency") or [urgency])
        for one in BOOK.rules
    )


@pytest.mark.parametrize(
    ("line", "review", "urgency"), [case for case in ALL if not has_a_rule(*case)]
)
def test_what_no_rule_is_for_is_refused_with_what_there_is(client, cast, line, review, urgency):
    coverage = covered(cast, line, "OH")

    page = text(
        post(client, NEW, **typed(
            cast, coverage, review=REVIEW_TYPES[review], urgency=urgency, day=date(2026, 7, 6)
        ))
    )  # fmt: skip

    if urgency == "expedited" and review == "post_service":
        assert "What was already done is not urgent" in page
    else:
        assert "No rule states a limit for this request" in page
        assert "A row exists for review_type concurrent or pre_service" in page
    assert not Request.objects.exists()


# What is asked


CALIFORNIA, NEW_YORK, TEXAS = ("marketplace", "CA"), ("marketplace", "NY"), ("marketplace", "TX")
WASHINGTON = ("marketplace", "WA")
OHIO = ("commercial_self_funded", "OH")
MEDICARE, MEDICAID, DUAL = (
    ("medicare_advantage", "OH"),
    ("medicaid", "OH"),
    ("integrated_dsnp", "OH"),
)
FIELDS = ("course_ends_at", "rating_period_start", "information_complete_at")


@pytest.mark.parametrize(
    ("cover", "review", "urgency", "asked"),
    [
        (OHIO, "pre_service", "standard", set()),
        (OHIO, "pre_service", "expedited", set()),
        (OHIO, "concurrent", "expedited", {"course_ends_at"}),
        (OHIO, "concurrent", "standard", {"course_ends_at"}),
        (OHIO, "post_service", "standard", {"course_ends_at"}),
        (MEDICARE, "pre_service", "standard", {"kind-medicare_advantage"}),
        (MEDICARE, "concurrent", "expedited", {"kind-medicare_advantage"}),
        (MEDICARE, "post_service", "standard", {"kind-medicare_advantage"}),
        (DUAL, "pre_service", "expedited", {"kind-integrated_dsnp"}),
        (MEDICAID, "pre_service", "standard", {"kind-medicaid_mco", "rating_period_start"}),
        (MEDICAID, "pre_service", "expedited", {"kind-medicaid_mco"}),
        (CALIFORNIA, "pre_service", "standard", {"information_complete_at"}),
        (NEW_YORK, "pre_service", "standard", {"kind-new_york", "information_complete_at"}),
        (NEW_YORK, "pre_service", "expedited", set()),
        (TEXAS, "pre_service", "standard", {"kind-texas"}),
        (WASHINGTON, "pre_service", "standard", set()),  # the channel tells
    ],
)
def test_only_what_the_rules_of_the_case_need_is_asked(client, cast, cover, review, urgency, asked):
    sent = typed(
        cast, covered(cast, *cover), review=REVIEW_TYPES[review], urgency=urgency,
        day=date(2026, 7, 6), act="find",
    )  # fmt: skip

    page = post(client, NEW, **sent).content.decode()

    kinds = [f"kind-{name}" for name in ("medicare_advantage", "integrated_dsnp", "medicaid_mco",
             "new_york", "texas", "washington", "ncqa")]  # fmt: skip
    assert {name for name in (*FIELDS, *kinds) if f'name="limit-{name}"' in page} == asked


@pytest.mark.parametrize(
    ("cover", "review", "urgency", "more", "field", "words"),
    [
        (OHIO, "concurrent", "expedited", {}, "course_ends_at",
         "Say when the approved course of treatment ends."),
        (MEDICAID, "pre_service", "standard", {"limit-kind-medicaid_mco": "service"},
         "rating_period_start", "Say when the rating period of the plan's contract starts."),
        (MEDICARE, "pre_service", "standard", {}, "kind-medicare_advantage",
         "Say what kind of item it is. The limits of Medicare Advantage depend on it."),
        (MEDICARE, "pre_service", "standard", {"limit-kind-medicare_advantage": "service"},
         "kind-medicare_advantage", "have no limit for this kind of item here."),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_at_the_field_that_mends_it(
    client, cast, cover, review, urgency, more, field, words
):
    sent = typed(
        cast, covered(cast, *cover), review=REVIEW_TYPES[review], urgency=urgency,
        day=date(2026, 7, 6), **more,
    )  # fmt: skip

    response = post(client, NEW, **sent)

    assert not Request.objects.exists()
    limit = response.context["intake"].limit
    assert words in " ".join(limit.errors[field])
    assert "Lumbar strain nine weeks ago." in text(response)


def test_what_was_typed_for_another_type_goes_along(client, cast):
    sent = typed(
        cast, covered(cast, *OHIO), review="prospective", urgency="standard",
        day=date(2026, 7, 6), act="find", **{"limit-course_ends_at": "2026-07-09T10:00"},
    )  # fmt: skip

    page = post(client, NEW, **sent).content.decode()

    assert '<input type="hidden" name="limit-course_ends_at" value="2026-07-09T10:00">' in page


# The limit before it is entered


def looked_at(client, sent):
    return client.post(
        NEW, {"intent": "", **sent, "act": "look"}, headers={"HX-Request": "true",
        "HX-Target": "looked-at"},
    )  # fmt: skip


def test_the_limit_is_told_before_the_request_is_entered_and_is_the_one_it_gets(client, cast):
    sent = typed(
        cast, covered(cast, *OHIO), review="prospective", urgency="standard", day=date(2026, 7, 6)
    )

    page = post(client, NEW, **sent | {"act": "find"})
    told = text(page)

    assert "Tue 21 Jul 2026, 23:59:59" in told  # 15 calendar days
    assert "15 calendar days, ERISA" in told
    assert "29 CFR 2560.503-1(f)(2)(iii)(A)" in told
    assert "Wed 5 Aug 2026, 23:59:59" in told  # 15 more days by an extension
    assert 'href="/rules/ERISA.PRE.INIT"' in page.content.decode()
    post(client, NEW, **sent)
    due = datetime(2026, 7, 21, 23, 59, 59, tzinfo=ZoneInfo(settings.TIME_ZONE))
    assert Request.objects.get().decision_due_at == due


def test_a_limit_that_waits_for_information_is_told_beside_the_one_that_runs(client, cast):
    day = date(2026, 7, 6)
    sent = typed(
        cast, covered(cast, *CALIFORNIA), review="prospective", urgency="standard",
        day=day, act="find",
    )  # fmt: skip

    waiting = text(post(client, NEW, **sent))
    complete = text(
        post(client, NEW, **sent | {"limit-information_complete_at": at(date(2026, 7, 6), 12)})
    )

    assert "Tue 21 Jul 2026, 23:59:59" in waiting
    assert "not running: something is missing still" in waiting
    assert "Mon 13 Jul 2026, 23:59:59" in complete  # 5 business days


def test_what_cannot_be_urgent_has_no_limit_to_tell(client, cast):
    sent = typed(
        cast, covered(cast, *OHIO), review="retrospective", urgency="expedited",
        day=date(2026, 7, 6), intent="6f2c1f6e-3d4a-4c55-9a71-0f6f6f0a1a11",
    )  # fmt: skip

    page = text(looked_at(client, sent))

    assert "What was already done is not urgent" in page
    assert "calendar days" not in page


def test_a_part_of_the_page_comes_where_htmx_asks_for_it(client, cast):
    sent = typed(
        cast, covered(cast, *NEW_YORK), review="prospective", urgency="standard",
        day=date(2026, 7, 6), intent="6f2c1f6e-3d4a-4c55-9a71-0f6f6f0a1a11",
    )  # fmt: skip

    first = looked_at(client, sent).content.decode()
    again = looked_at(
        client, sent | {"limit-shown": "kind-new_york information_complete_at"}
    ).content.decode()

    assert "<html" not in first
    assert 'name="limit-kind-new_york"' in first
    assert 'name="limit-kind-new_york"' not in again  # it is shown already
    assert not Request.objects.exists()
