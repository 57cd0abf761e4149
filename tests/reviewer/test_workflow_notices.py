"""Notices: what they must tell, kept as the exact bytes, and when everyone is told."""

import hashlib

import pytest

from reviewer.models import Notice, Request
from reviewer.workflow.errors import Refused
from reviewer.workflow.notices import RIGHTS, compose_notice
from tests import factories
from tests.cast import enter_coverage

pytestmark = pytest.mark.django_db


@pytest.fixture
def denied(cast):
    return factories.make_denied(cast)


def letter(determination, recipient="member"):
    return compose_notice(determination=determination, recipient=recipient)


def test_denial_tells_what_29_cfr_2560_503_1_g_asks_for(denied):
    said = letter(denied)

    assert "Reason: M01, A criterion of the policy is not met" in said  # (g)(1)(i)
    assert "Policy 0298, " in said  # (ii)
    assert '"Work hardening and work conditioning programs"' in said
    assert "Ask within 180 days after you received this notice" in said  # (iv)
    assert "section 502(a) of ERISA" in said
    assert "free on request" in said  # (v)
    assert "How this was judged for you" in said  # (v)(B)
    assert "within 72 hours" in said  # (vi)


def test_denial_tells_what_45_cfr_147_136_adds(denied):
    said = letter(denied)

    assert "CPT 97545, 20 units" in said
    assert "Bridge Street Therapy" in said
    assert "So are the diagnosis and service codes with their meaning" in said
    assert "external review by an independent organization, within 4 months" in said
    assert "consumer assistance program" in said
    assert "in another language" in said


def test_letter_says_who_decided_and_why_this_version(denied):
    said = letter(denied)

    assert "Decided by Maya Lindqvist, MD, physical medicine" in said
    assert denied.version_reason in said
    assert denied.rationale_plain in said
    assert "Dear Ada Winter," in said


def test_provider_is_told_the_clinical_reason(denied):
    said = letter(denied, "provider")

    assert "Dear Lakeside Clinic," in said
    assert f"For the clinician: {denied.rationale_clinical}" in said
    assert "How this was judged for the member" in said


def test_approval_tells_the_number_the_units_and_the_days(cast):
    made = factories.make_approved(cast)
    said = letter(made)

    assert "NOTICE OF APPROVAL" in said
    assert f"Authorization number: {made.authorization_number}" in said
    assert "Units: 20" in said
    assert "APPEAL" not in said


@pytest.mark.parametrize(
    ("line_of_business", "right"),
    [
        ("commercial_insured", "180 days"),
        ("marketplace", "180 days"),
        ("medicare_advantage", "within 65 calendar days of the date of this notice"),
        ("integrated_dsnp", "within 65 calendar days of the date of this notice"),
        ("medicaid", "within 60 calendar days from the date of this notice"),
    ],
)
def test_each_coverage_has_its_own_right_of_appeal(cast, denied, line_of_business, right):
    request = denied.request
    request.coverage = enter_coverage(cast.member, line_of_business, "Harbor")
    request.line_of_business = line_of_business

    assert right in letter(denied)


def test_every_line_of_business_has_rights():
    from policies.models import LineOfBusiness

    assert set(RIGHTS) == set(LineOfBusiness)


def test_words_are_not_escaped(denied):
    denied.rationale_plain = "Pain < 3 & Ada's goals"

    assert "Pain < 3 & Ada's goals" in letter(denied)
    assert "&#" not in letter(denied)


def test_letter_has_no_gaps_of_the_template(denied):
    for recipient in ("member", "provider"):
        assert "\n\n\n" not in letter(denied, recipient)


def test_notice_is_kept_as_the_exact_bytes(cast, denied):
    notice = factories.make_notice(cast, denied)

    notice.refresh_from_db()
    assert notice.body == letter(denied)
    assert notice.sha256 == hashlib.sha256(notice.body.encode()).hexdigest()
    assert denied.request.events.last().sentence == "Line 1: 97545: the member was told by mail."


def test_request_is_notified_when_both_are_told(cast, denied):
    factories.make_notice(cast, denied)
    assert Request.objects.get().state == Request.State.DETERMINED

    factories.make_notice(cast, denied, recipient="provider", channel="fax")
    assert Request.objects.get().state == Request.State.NOTIFIED


def test_replaced_determination_is_not_told(cast):
    decision = factories.make_appeal_decision(cast)

    with pytest.raises(Refused, match="was replaced"):
        factories.make_notice(cast, decision.determination)


def test_what_an_appeal_led_to_is_told_by_the_notice_of_the_appeal(cast):
    decision = factories.make_appeal_decision(cast)

    with pytest.raises(Refused, match=f"carries out appeal {decision.appeal}"):
        factories.make_notice(cast, decision.determinations.get())


def test_intake_sends_no_notice(cast, denied):
    with pytest.raises(Refused, match="may do this"):
        factories.make_notice(cast, denied, by=cast.intake)
    assert not Notice.objects.exists()
