"""Every stage that an appeal may open is entered through its page and goes by its own row."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.clocks import shipped_book
from reviewer.clocks.rules import Calculation
from reviewer.models import Appeal, Clock, Coverage
from reviewer.workflow.appeal_receipts import Place
from reviewer.workflow.errors import Refused
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests import factories
from tests.cast import enter_coverage
from tests.factories import now
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
PLACES = {  # by whose rules: the line of business and the state of the cover
    "erisa": (LineOfBusiness.COMMERCIAL_SELF_FUNDED, "OH"),
    "aca_external": (LineOfBusiness.MARKETPLACE, "OH"),
    "medicare_advantage": (LineOfBusiness.MEDICARE_ADVANTAGE, "OH"),
    "integrated_dsnp": (LineOfBusiness.INTEGRATED_DSNP, "OH"),
    "medicaid_mco": (LineOfBusiness.MEDICAID, "OH"),
    "texas": (LineOfBusiness.COMMERCIAL_INSURED, "TX"),
    "new_york": (LineOfBusiness.COMMERCIAL_INSURED, "NY"),
    "ncqa": (LineOfBusiness.COMMERCIAL_SELF_FUNDED, "OH"),
    "urac": (LineOfBusiness.COMMERCIAL_SELF_FUNDED, "OH"),
}
REVIEWS = {"post_service": "retrospective", "pre_service": "prospective"}
STAGES = {"appeal_decision", "hearing_decision"}
# What begins with a request to a reviewer outside; its later steps begin with events of their own.
BEGINS = {"preliminary_review"}
ROWS = [
    one for one in shipped_book().rules if STAGES & {*one.stage} or BEGINS & {*one.step}
]  # fmt: skip


def first(rule, column, default):
    return next(iter(rule.alternatives(column)), default)


def denied_for(cast, rule):
    """A denial of a case that the row is for."""
    regime = rule.line_of_business[0]
    line_of_business, state = PLACES[regime]
    if regime in ("ncqa", "urac"):
        choose(cast, regime, line_of_business)
    coverage = Coverage.objects.create(
        member=cast.member,
        line_of_business=line_of_business,
        plan="Harbor Test",
        jurisdiction=state,
        starts_on=date(2020, 1, 1),
    )
    review = REVIEWS[first(rule, "review_type", "pre_service")]
    # A limit of Texas and New York may run from the day on which all was in hand.
    asked = {"coverage": coverage, "review_type": review, "information_complete_at": now()}
    return factories.make_denied(cast, request=factories.make_claimed(cast, **asked))


def choose(cast, regime, line_of_business):
    """A client goes by an accreditation, too: a row of the regimes that two people agree to."""
    row = {
        "id": regime,
        "line_of_business": line_of_business.value,
        "jurisdiction": "any",
        "plan": "any",
        "regime": regime,
        "role": "binding",
        "applies_from": "",
        "applies_to": "",
        "citation": "The plan's accreditation.",
        "confidence": "CHOICE",
        "note": "",
    }
    said = {"table": "regimes", "key": regime, "row": row, "reason": "We are accredited."}
    change = propose_rule_change(**said, by=cast.policy_editor.user, at=now())
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())


def typed_for(rule):
    """What is typed for the row, and nothing that it does not ask."""
    typed = {
        "route": f"{rule.line_of_business[0]}/{rule.stage[0]}/{rule.step[0]}",
        "urgency": first(rule, "urgency", "standard"),
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "initiator": "member",
        "initiator_name": "Ada Winter",
        "channel": "mail",
        "grounds": "The program is part of the treatment.",
    }
    if kind := first(rule, "item_kind", ""):
        typed["item_kind"] = kind
    if levels := first(rule, "appeal_levels", ""):
        typed["plan_levels"] = levels
    if rule.calculation is Calculation.MEETING_SCHEDULE:
        days = (timezone.localdate() + timedelta(days=ahead) for ahead in (20, 110, 200))
        typed["meeting_dates"] = ", ".join(map(str, days))
    if "necessary_information_received" in rule.starts_on:
        typed["information_complete_at"] = typed["received_at"]
    return typed


@pytest.mark.parametrize("rule", ROWS, ids=str)
def test_every_stage_is_entered_through_the_page_and_opens_the_clock_of_its_row(
    cast, sign_in, rule
):
    denied = denied_for(cast, rule)
    address = reverse("reviewer:appeal_new", args=[denied.request.number, denied.pk])
    client = sign_in(cast.appeals_coordinator)
    typed = typed_for(rule)

    shown = post(client, address, **typed, act="show").context
    response = post(client, address, **typed)

    assert response.status_code == 302, response.context["form"].errors
    appeal = Appeal.objects.get()
    clock = Clock.objects.filter(appeal=appeal).earliest("pk")
    assert (clock.rule_id, appeal.step) == (rule.rule_id, rule.step[0])
    assert shown["form"].limit.due_at == clock.due_at
    assert shown["opening"].citation == clock.citation
    assert set(shown["form"].fields) == {*typed}
    assert appeal.decision_due_at == clock.due_at


def test_the_rows_above_are_all_that_begin_with_somebodys_asking():
    assert len(ROWS) == 34


@pytest.fixture
def denied(cast):
    return factories.make_denied(cast)


@pytest.fixture
def address(denied):
    return reverse("reviewer:appeal_new", args=[denied.request.number, denied.pk])


def typed(**facts):
    """An appeal of a denial under ERISA, before the service; the plan has one level."""
    return {
        "route": "erisa/appeal_decision/decision",
        "urgency": "standard",
        "plan_levels": "1",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "initiator": "member",
        "initiator_name": "Ada Winter",
        "channel": "mail",
        "grounds": "The program is part of the treatment.",
        **facts,
    }


@pytest.fixture
def client_of_appeals(cast, sign_in):
    return sign_in(cast.appeals_coordinator)


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, {"plan_levels"}),
        ({"urgency": "expedited"}, set()),
        ({"route": "erisa/appeal_decision/board_meeting"}, set()),  # only after the service
        ({"route": "new_york/appeal_decision/decision"}, {"information_complete_at"}),
        ({"route": "aca_external/external_review/preliminary_review"}, set()),
        ({"initiator": "representative"}, {"plan_levels", "standing"}),
        ({"initiator": "provider", "urgency": "expedited"}, {"standing"}),
    ],
)
def test_only_what_the_limit_or_the_standing_needs_is_asked(
    address, client_of_appeals, facts, asked
):
    form = post(client_of_appeals, address, **typed(**facts), act="show").context["form"]

    assert form.asked == asked


def test_the_limit_stands_with_its_rule_and_citation_before_anything_is_entered(
    address, client_of_appeals
):
    page = post(client_of_appeals, address, **typed(), act="show").content.decode()

    due = timezone.localdate() + timedelta(days=30)  # 29 CFR 2560.503-1(i)(2)(ii)
    assert f'Due <time datetime="{due}T23:59' in page
    assert "ERISA.APP.PRE.1: 30 calendar days" in page
    assert "29 CFR 2560.503-1(i)(2)(ii)" in page
    assert not Appeal.objects.exists()


def test_what_is_still_missing_is_not_complained_of_before_entering(address, client_of_appeals):
    form = post(client_of_appeals, address, urgency="standard", act="show").context["form"]

    assert not form.errors


@pytest.mark.parametrize("act", ["show", "enter"])
@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"plan_levels": ""}, "plan_levels", "No rule fits “erisa, appeal decision, decision"),
        (
            {"route": "erisa/appeal_decision/board_meeting"},
            "route",
            "A row exists for review_type post_service",
        ),
        (
            {"route": "new_york/appeal_decision/decision"},
            "information_complete_at",
            "no event “necessary information received” is recorded",
        ),
    ],
)
def test_an_incomplete_or_unknown_case_is_refused_at_its_field_in_the_engines_words(
    address, client_of_appeals, act, facts, field, sentence
):
    response = post(client_of_appeals, address, **typed(**facts), act=act)

    assert sentence in response.context["form"].errors[field][0]
    assert "The program is part of the treatment." in response.content.decode()
    assert not Appeal.objects.exists()


def test_what_was_typed_for_one_route_comes_back_with_it(address, client_of_appeals):
    levels = typed(plan_levels="2", urgency="expedited")
    page = post(client_of_appeals, address, **levels, act="show").content.decode()

    assert '<input type="hidden" name="plan_levels" value="2"' in page


def test_the_limits_alone_are_sent_where_only_they_are_asked(address, client_of_appeals):
    sent = {"intent": "5f0c1a53-66a7-4c47-9b9c-6a8a4d5fd1a0", **typed(), "act": "show"}
    response = client_of_appeals.post(
        address, sent, headers={"HX-Request": "true", "HX-Target": "limits"}
    )

    page = response.content.decode()
    assert page.lstrip().startswith('<div id="limits"')
    assert "ERISA.APP.PRE.1" in page


def test_another_than_the_member_says_what_lets_them_appeal(address, client_of_appeals):
    of_provider = typed(initiator="provider", initiator_name="Lakeside Clinic")
    refused = post(client_of_appeals, address, **of_provider)
    assert refused.context["form"].errors["standing"] == [
        "Nothing is entered under “Standing”. Only the member appeals without more."
    ]

    post(client_of_appeals, address, **of_provider, standing="Written consent of 3 March")

    appeal = Appeal.objects.get()
    assert appeal.standing == "Written consent of 3 March"
    assert appeal.request.events.filter(sentence__endswith="Standing: Written consent of 3 March")


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [(-60, "not complete before it is received"), (60, "has not arrived")],
)
def test_information_is_complete_between_the_receipt_and_now(
    address, client_of_appeals, minutes, sentence
):
    then = timezone.localtime() + timedelta(minutes=minutes)
    facts = {"information_complete_at": then.strftime("%Y-%m-%dT%H:%M")}
    wrong = typed(route="new_york/appeal_decision/decision", **facts)

    response = post(client_of_appeals, address, **wrong)

    assert sentence in response.context["form"].errors["information_complete_at"][0]


def test_a_case_with_no_rule_is_refused_by_the_verb_too(cast, denied):
    place = Place("erisa", "hearing_decision", "state_fair_hearing")

    with pytest.raises(Refused, match="No rule of this case is about an appeal there"):
        factories.make_appeal(cast, denied, place=place)


def test_an_optional_step_without_a_rule_is_refused_in_the_engines_words(cast):
    medicare = enter_coverage(cast.member, LineOfBusiness.MEDICARE_ADVANTAGE, "Harbor Advantage")
    denied = factories.make_denied(cast, request=factories.make_claimed(cast, coverage=medicare))
    place = Place("medicare_advantage", "appeal_decision", "ire")

    with pytest.raises(Refused, match="A row exists for item_kind"):
        factories.make_appeal(
            cast, denied, place=place, item_kinds={"medicare_advantage": "wheelchair"}
        )


def test_what_a_body_outside_decides_is_not_decided_by_the_plan(cast):
    denied = factories.make_denied(cast)
    place = Place("aca_external", "external_review", "preliminary_review")
    appeal = factories.make_assigned_appeal(cast, denied, place=place)

    with pytest.raises(Refused, match="decided outside the plan"):
        factories.make_appeal_decision(cast, appeal)
