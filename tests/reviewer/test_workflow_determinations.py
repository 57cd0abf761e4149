"""Signing and correcting determinations: who may, when, and what is kept."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from reviewer.models import ActiveDetermination, Event, Outcome, Request
from reviewer.workflow.capsules import canonical, sha256, verify
from reviewer.workflow.determinations import correct_determination, sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import assign_request, claim_request, reopen_request
from tests import factories
from tests.factories import approval, decide, denial, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


def sign(request, decision, by):
    return sign_determination(line=request.lines.get(), decision=decision, by=by, at=now())


def claimed(cast, by, **facts):
    request = factories.make_request(cast, **facts)
    return claim_request(request=request, by=by, at=now())


def test_nurse_approves_what_was_asked_for(cast, version):
    request = claimed(cast, cast.nurse)

    made = sign(request, approval(request.lines.get(), version), cast.nurse)

    assert made.authorization_number.startswith("N-26-")
    assert made.credential_kind == "nurse"
    assert ActiveDetermination.objects.get(line=made.line).determination == made
    request.refresh_from_db()
    assert request.state == Request.State.DETERMINED
    last = request.events.last()
    assert (last.name, last.by) == (Event.Name.DETERMINED, cast.nurse)
    assert "approved by 0298 v1. Signed by Rosa Okafor." in last.sentence


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.PARTIALLY_APPROVED, Outcome.MODIFIED])
def test_nurse_never_decides_against_a_request(cast, version, outcome):
    request = claimed(cast, cast.nurse)
    decision = decide(outcome, "B01", ground="benefit_exclusion")

    with pytest.raises(Refused, match=r"Only a physician reviewer .* Refer the request"):
        sign(request, decision, cast.nurse)


def test_fewer_units_are_not_an_approval(cast, version):
    request = claimed(cast, cast.nurse)
    decision = approval(request.lines.get(), version, units_granted=19)

    with pytest.raises(Refused, match="Less is a partial approval, which a physician signs"):
        sign(request, decision, cast.nurse)


def test_nobody_signs_what_they_have_not_taken(cast, version):
    request = factories.make_referral(cast).request

    with pytest.raises(Refused, match="Nobody has taken request .* Take it first"):
        sign(request, denial(version), cast.physician)


def test_nobody_signs_what_someone_else_has_taken(cast, version):
    request = claimed(cast, cast.nurse)

    with pytest.raises(Refused, match="is assigned to Rosa Okafor"):
        sign(request, denial(version), cast.physician)


def test_expired_license_signs_nothing(cast, version):
    request = claimed(cast, cast.expired_physician)

    with pytest.raises(Refused, match="Victor Hale has no license that is valid today"):
        sign(request, approval(request.lines.get(), version), cast.expired_physician)


def test_request_is_determined_with_its_last_line(cast, version):
    lines = [factories.line(), factories.line("97546")]
    request = claimed(cast, cast.nurse, lines=lines)
    first, second = request.lines.all()

    sign_determination(line=first, decision=approval(first, version), by=cast.nurse, at=now())
    request.refresh_from_db()
    assert request.state == Request.State.IN_REVIEW

    sign_determination(line=second, decision=approval(second, version), by=cast.nurse, at=now())
    request.refresh_from_db()
    assert request.state == Request.State.DETERMINED


def test_line_is_decided_once(cast, version):
    lines = [factories.line(), factories.line("97546")]
    request = claimed(cast, cast.nurse, lines=lines)
    first = request.lines.first()
    sign_determination(line=first, decision=approval(first, version), by=cast.nurse, at=now())

    with pytest.raises(Refused, match="Line 1: 97545 is decided already"):
        sign_determination(line=first, decision=approval(first, version), by=cast.nurse, at=now())


def test_capsule_tells_what_the_denial_was_based_on(cast, version):
    made = factories.make_denied(cast, version)

    capsule = json.loads(made.capsule)

    assert capsule["policy"]["content_hash"] == version.content_hash
    assert (capsule["policy"]["bulletin"], capsule["policy"]["ordinal"]) == ("0298", 1)
    assert capsule["policy"]["why_it_governs"] == made.version_reason
    [citation] = capsule["citations"]
    assert citation["quote"] == "Work hardening and work conditioning programs"
    [row] = [one for one in capsule["policy"]["code_rows"] if one["code"] == "97545"]
    assert (row["match"], row["printed"]) == ("exact", "97545")
    assert row["stance"] == "not_covered"
    assert capsule["line"]["units"] == 20
    assert capsule["request"]["diagnoses"] == ["S39012A"]
    assert capsule["clock"]["rule"] == "ERISA.PRE.INIT"
    assert capsule["signature"]["signer"] == "mlindqvist"
    assert capsule["signature"]["credential"]["kind"] == "physician"


def test_capsule_keeps_whether_a_stance_type_was_confirmed(cast, version):
    capsule = json.loads(factories.make_denied(cast, version).capsule)

    assert [one["stance_type_confirmed"] for one in capsule["citations"]] == [False]


def test_capsule_from_before_that_was_kept_still_agrees(cast, version):
    determination = factories.make_denied(cast, version)
    facts = json.loads(determination.capsule)
    for one in facts["citations"]:
        del one["stance_type_confirmed"]
    determination.capsule = canonical(facts)
    determination.capsule_hash = sha256(determination.capsule)

    assert verify(determination) == []


def test_capsule_is_canonical_and_agrees_with_the_rows(cast, version):
    made = factories.make_denied(cast, version)
    made.refresh_from_db()

    facts = json.loads(made.capsule)

    assert made.capsule == json.dumps(
        facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert verify(made) == []


def test_verification_finds_a_changed_row(cast, version):
    made = factories.make_denied(cast, version)
    made.line.units = 21
    made.line.save()

    assert verify(made) == ["“line.units” is 20 in the capsule and 21 in the records."]


def test_quotation_must_stand_in_the_passage(cast, version):
    request = claimed(cast, cast.physician)
    cited = factories.cite(version, "Work hardening and work conditioning programs")
    wrong = factories.CitationDraft(passage=cited.passage, quote="Work hardening is always covered")

    with pytest.raises(Refused, match="The quotation is not in passage"):
        sign(request, denial(version, citations=(wrong,)), cast.physician)


def test_denial_by_a_version_cites_a_passage(cast, version):
    request = claimed(cast, cast.physician)

    with pytest.raises(Refused, match="cites the passage it relies on"):
        sign(request, denial(version, citations=()), cast.physician)


def test_reason_and_outcome_agree(cast, version):
    request = claimed(cast, cast.physician)

    with pytest.raises(Refused, match="Choose another reason than A01"):
        sign(request, replace(denial(version), reason=factories.reason("A01")), cast.physician)


def test_unpublished_version_governs_nothing(cast):
    from policies.imports.bulletins import import_bulletin

    data = (factories.BULLETINS / factories.WORK_HARDENING).read_bytes()
    draft = import_bulletin(
        data, name="draft.txt", at=now(), author=cast.policy_editor.user
    ).version
    request = claimed(cast, cast.nurse)

    with pytest.raises(Refused, match="is not published"):
        sign(request, approval(request.lines.get(), draft), cast.nurse)


def test_withdrawn_line_needs_no_license(cast):
    request = claimed(cast, cast.expired_physician)

    made = sign(request, decide(Outcome.WITHDRAWN, "W01"), cast.expired_physician)

    assert (made.credential, made.authorization_number) == (None, "")


def test_correction_replaces_and_keeps_the_first(cast, version):
    first = factories.make_denied(cast, version)
    corrected = approval(first.line, version)

    second = correct_determination(
        determination=first,
        decision=corrected,
        reason="The plan of care was overlooked.",
        by=cast.physician,
        at=now(),
    )

    assert second.replaces == first
    assert ActiveDetermination.objects.get(line=first.line).determination == second
    assert verify(second) == verify(first) == []


def test_replaced_determination_is_not_corrected_again(cast, version):
    first = factories.make_denied(cast, version)
    said = {
        "decision": approval(first.line, version),
        "reason": "Overlooked.",
        "by": cast.physician,
    }
    correct_determination(determination=first, **said, at=now())

    with pytest.raises(Refused, match="was replaced"):
        correct_determination(determination=first, **said, at=now())


def test_determination_under_appeal_is_not_corrected(cast, version):
    appeal = factories.make_appeal(cast, factories.make_denied(cast, version))

    with pytest.raises(Refused, match="is under appeal. Decide appeal A-26-"):
        correct_determination(
            determination=appeal.determination,
            decision=approval(appeal.determination.line, version),
            reason="Overlooked.",
            by=cast.physician,
            at=now(),
        )


def test_reopened_request_is_taken_before_it_is_corrected(cast, version):
    made = factories.make_denied(cast, version)
    reopen_request(request=made.request, reason="New plan of care.", by=cast.supervisor, at=now())
    said = {"decision": approval(made.line, version), "reason": "New plan of care.", "at": now()}

    with pytest.raises(Refused, match="stands at “Reopened”"):
        correct_determination(determination=made, by=cast.physician, **said)

    claim_request(request=made.request, by=cast.other_physician, at=now())
    second = correct_determination(determination=made, by=cast.other_physician, **said)
    assert second.outcome == Outcome.APPROVED


def test_signature_carries_the_time_of_the_database(cast, version):
    request = claimed(cast, cast.nurse)

    with pytest.raises(Refused, match="the time at which it is given"):
        sign_determination(
            line=request.lines.get(),
            decision=approval(request.lines.get(), version),
            by=cast.nurse,
            at=now() - timedelta(days=1),
        )


def test_right_taken_away_bites_at_the_next_verb(cast, version):
    request = claimed(cast, cast.nurse)
    cast.nurse.user.has_perm("reviewer.approve_request")  # the account in hand has it cached
    cast.nurse.user.groups.clear()

    with pytest.raises(Refused, match="Only a nurse reviewer or physician reviewer may do this"):
        sign(request, approval(request.lines.get(), version), cast.nurse)


def test_referred_request_goes_to_a_physician(cast):
    request = factories.make_referral(cast).request

    with pytest.raises(Refused, match="Only a physician reviewer"):
        claim_request(request=request, by=cast.nurse, at=now())
    with pytest.raises(Refused, match="Rosa Okafor may not do this work"):
        assign_request(request=request, to=cast.nurse, by=cast.supervisor, at=now())
