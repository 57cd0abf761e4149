"""Deciding a line: ground, amounts, version, words and signature; and the capsule."""

import time
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse

from reviewer.models import Determination, Ground, Intent, Outcome, Request
from tests import factories
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
WORDS = "Work hardening and work conditioning programs"


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


def sign_address(request, position=1):
    return reverse("reviewer:determination_sign", args=[request.number, position])


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def approval(request, version, **facts):
    """What a nurse types to approve line 1 as asked."""
    line = request.lines.get(position=1)
    return {
        "outcome": "approved",
        "reason": str(factories.reason("A01").pk),
        "units_granted": str(line.units),
        "starts_on": line.starts_on.isoformat(),
        "ends_on": line.ends_on.isoformat(),
        "version": str(version.pk) if version else "none",
        "rationale_clinical": "Every criterion is met.",
        "rationale_plain": "Your plan pays for this.",
        **facts,
    }


def denial(request, version, **facts):
    """What a physician types to deny line 1 for medical necessity."""
    return {
        **approval(request, version),
        "ground": Ground.MEDICAL_NECESSITY,
        "outcome": "denied",
        "reason": str(factories.reason("M01").pk),
        "passages": [str(factories.passage(version, WORDS).pk)],
        "rationale_clinical": "The plan of care names a warehouse job.",
        "rationale_plain": "This program prepares you for a job.",
        **facts,
    }


@pytest.fixture
def claimed(cast, version):
    return factories.make_claimed(cast)


@pytest.fixture
def referred(cast, version):
    """A request that the physician has taken after the nurse's referral."""
    from reviewer.workflow.requests import claim_request

    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=factories.now())
    return request


def test_a_nurse_approves_a_line(cast, sign_in, version, claimed):
    response = post(sign_in(cast.nurse), sign_address(claimed), **approval(claimed, version))

    signed = Determination.objects.get()
    assert response.headers["Location"] == signed.get_absolute_url()
    assert (signed.outcome, signed.version, signed.signed_by) == ("approved", version, cast.nurse)
    assert signed.version_reason.startswith("0298 version 1, because")
    claimed.refresh_from_db()
    assert claimed.state == Request.State.DETERMINED


def test_the_governing_version_is_chosen_beforehand(cast, sign_in, version, claimed):
    response = sign_in(cast.nurse).get(sign_address(claimed))

    assert response.context["form"]["version"].initial == str(version.pk)
    assert "0298 version 1, because this line of business goes by date of service" in text(response)


def test_a_nurse_is_offered_approval_only_and_told_why(cast, sign_in, claimed):
    response = sign_in(cast.nurse).get(sign_address(claimed))

    assert [value for value, _ in response.context["form"].fields["outcome"].choices] == [
        Outcome.APPROVED
    ]
    assert "ground" not in response.context["form"].fields
    assert "A denial, and an approval of less, is a physician's" in text(response)
    assert reverse("reviewer:request_refer", args=[claimed.number]) in text(response)


def test_a_denial_that_a_nurse_forges_is_refused(cast, sign_in, version, claimed):
    response = post(sign_in(cast.nurse), sign_address(claimed), **denial(claimed, version))

    assert "denied is not one of the available choices" in text(response)
    assert not Determination.objects.exists()


def test_a_nurse_cannot_grant_less_than_was_asked_for(cast, sign_in, version, claimed):
    typed = approval(claimed, version, units_granted="5")

    response = post(sign_in(cast.nurse), sign_address(claimed), **typed)

    assert "Less than that is an adverse determination" in text(response)
    assert not Determination.objects.exists()


def test_a_physician_denies_a_line_by_ground_and_passage(cast, sign_in, version, referred):
    response = post(sign_in(cast.physician), sign_address(referred), **denial(referred, version))

    signed = Determination.objects.get()
    assert response.headers["Location"] == signed.get_absolute_url()
    assert (signed.outcome, signed.ground) == ("denied", Ground.MEDICAL_NECESSITY)
    assert (signed.units_granted, signed.starts_on) == (0, None)
    assert WORDS in signed.citations.get().quote


def test_who_has_not_taken_the_request_takes_it_on_the_form(cast, sign_in, version):
    request = factories.make_referral(cast).request
    client, address = sign_in(cast.physician), sign_address(request)

    assert "Take it to decide it." in text(client.get(address))
    taken = post(client, reverse("reviewer:request_claim", args=[request.number]), line="1")

    assert taken.headers["Location"] == address
    assert "Take it to decide it." not in text(client.get(address))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ground": ""}, "Choose the ground first"),
        ({"passages": []}, "Tick each passage that the decision relies on."),
        ({"reason": ""}, "Nothing is chosen under “Reason”."),
        ({"outcome": "approved"}, "An approval refuses nothing"),
        ({"outcome": "partially_approved", "units_granted": "21"}, "Grant 20 or fewer"),
        ({"outcome": "partially_approved", "units_granted": ""}, "Say how much is granted"),
        ({"version": "none", "passages": []}, "Say why no bulletin applies."),
        ({"ground": Ground.EXPERIMENTAL}, "belongs to another ground"),
        ({"rationale_plain": ""}, "Nothing is entered under “For the member, in plain language”."),
    ],
)
def test_a_wrong_decision_comes_back_with_a_sentence_and_all_that_was_typed(
    cast, sign_in, version, referred, wrong, words
):
    typed = denial(referred, version) | wrong

    page = text(post(sign_in(cast.physician), sign_address(referred), **typed))

    assert words in page
    assert "Not signed." in page
    assert "The plan of care names a warehouse job." in page
    for pk in typed["passages"]:
        assert f'value="{pk}" checked' in page
    assert not Determination.objects.exists()


def test_a_reason_of_approval_does_not_deny(cast, sign_in, version, referred):
    typed = denial(referred, version, reason=str(factories.reason("A01").pk))

    page = text(post(sign_in(cast.physician), sign_address(referred), **typed))

    assert "is not a reason for an outcome that refuses" in page


def test_a_near_miss_is_chosen_only_with_a_reason(cast, sign_in, version, referred):
    other = factories.make_version(
        cast,
        file="0298-v1-vocational-rehabilitation.txt",
        effective_from=factories.now().date().replace(year=2199),
    )
    theirs = other.passages.get(text__startswith="Work conditioning programs")
    typed = denial(referred, version) | {"version": str(other.pk), "passages": [str(theirs.pk)]}
    client = sign_in(cast.physician)

    assert "This version does not govern. Say why it applies." in text(
        post(client, sign_address(referred), **typed)
    )
    post(client, sign_address(referred), **typed, version_note="The plan adopted it early.")

    signed = Determination.objects.get()
    assert signed.version == other
    assert "The plan adopted it early." in signed.version_reason
    assert "takes effect on 2199" in signed.version_reason


def test_without_a_bulletin_the_reason_is_kept(cast, sign_in, version):
    request = factories.make_claimed(cast, lines=[factories.line("99999")])
    typed = approval(request, None, version_note="No bulletin names 99999; the plan covers it.")

    post(sign_in(cast.nurse), sign_address(request), **typed)

    signed = Determination.objects.get()
    assert signed.version is None
    assert signed.no_bulletin_reason == "No bulletin names 99999; the plan covers it."


def test_passages_of_another_version_are_refused(cast, sign_in, version, referred):
    therapy = factories.make_version(cast, file="0614-v1-outpatient-physical-therapy.txt")
    strange = therapy.passages.get(text__contains="Work hardening, work conditioning")
    typed = denial(referred, version)

    page = text(
        post(
            sign_in(cast.physician),
            sign_address(referred),
            **typed | {"passages": [*typed["passages"], str(strange.pk)]},
        )
    )

    assert "Tick passages of the chosen version only." in page or "not one of the available" in page
    assert not Determination.objects.exists()


def test_the_button_names_signer_and_credential(cast, sign_in, claimed):
    assert "Sign as R. Okafor, RN" in text(sign_in(cast.nurse).get(sign_address(claimed)))


def test_an_ended_license_is_explained_and_signs_nothing(cast, sign_in, claimed):
    page = text(sign_in(cast.expired_physician).get(sign_address(claimed)))

    assert "ended on 2020-06-30" in page
    assert "disabled" in page.partition("Sign as V. Hale")[0].rpartition("<button")[2]


def test_that_someone_else_has_the_request_is_said_before_anything_is_written(
    cast, sign_in, claimed
):
    page = text(sign_in(cast.physician).get(sign_address(claimed)))

    assert "Rosa Okafor has this request. Have it assigned to you first." in page
    assert "disabled" in page.partition("Sign as M. Lindqvist")[0].rpartition("<button")[2]


def test_that_a_line_is_decided_is_said_before_anything_is_written(cast, sign_in, version):
    signed = factories.make_approved(cast, version)

    page = text(sign_in(cast.nurse).get(sign_address(signed.request)))

    assert "is decided already. Correct that determination if it is wrong." in page


def test_a_refusal_of_the_workflow_is_shown_at_the_form(cast, sign_in, version):
    request = factories.make_request(cast)

    page = text(post(sign_in(cast.nurse), sign_address(request), **approval(request, version)))

    assert "a determination is signed only at" in page
    assert "Every criterion is met." in page


def test_a_line_that_is_not_there_is_not_found(cast, sign_in, claimed):
    assert sign_in(cast.nurse).get(sign_address(claimed, 9)).status_code == 404


class TestPassword:
    """A signature is proved again when the last proof is too old."""

    @pytest.fixture
    def client(self, cast, sign_in):
        cast.nurse.user.set_password("quiet-harbor-bench")
        cast.nurse.user.save()
        return sign_in(cast.nurse)

    def test_it_is_asked_for_and_nothing_is_lost(self, client, claimed, version):
        typed = approval(claimed, version)

        page = text(post(client, sign_address(claimed), **typed))
        assert 'name="password"' in page
        assert "Every criterion is met." in page
        assert not Determination.objects.exists()

        post(client, sign_address(claimed), **typed, password="quiet-harbor-bench")
        assert Determination.objects.count() == 1

    def test_no_hash_that_is_kept_depends_on_it(self, client, claimed, version):
        typed = approval(claimed, version) | {"intent": str(uuid4())}
        client.post(sign_address(claimed), typed | {"password": "quiet-harbor-bench"})
        again = client.post(sign_address(claimed), typed | {"password": "another-word"})

        assert again.headers["Location"] == Intent.objects.get().location

    def test_a_wrong_one_signs_nothing(self, client, claimed, version):
        typed = approval(claimed, version, password="a-wrong-word")

        page = text(post(client, sign_address(claimed), **typed))

        assert "This is not your password. Nothing was signed." in page
        assert "a-wrong-word" not in page
        assert not Determination.objects.exists()

    def test_it_is_not_asked_again_when_only_something_else_is_wrong(
        self, client, claimed, version
    ):
        typed = approval(claimed, version, rationale_plain="", password="quiet-harbor-bench")

        assert 'name="password"' not in text(post(client, sign_address(claimed), **typed))

    def test_an_old_proof_does_not_do(self, client, claimed, version, monkeypatch):
        typed = approval(claimed, version, rationale_plain="", password="quiet-harbor-bench")
        post(client, sign_address(claimed), **typed)
        later = time.time() + 3600
        monkeypatch.setattr("reviewer.forms.signing.time", SimpleNamespace(time=lambda: later))

        assert 'name="password"' in text(client.get(sign_address(claimed)))


def test_the_capsule_shows_what_it_was_based_on(cast, sign_in, version):
    signed = factories.make_denied(cast, version)

    page = text(sign_in(cast.auditor).get(signed.get_absolute_url()))

    assert "Verified: its hashes agree." in page
    assert WORDS in page
    assert "Under “CPT codes not covered for indications listed in the CPB”" in page
    assert signed.capsule_hash in page
    assert version.content_hash in page
    assert "Maya Lindqvist" in page
    assert "MD, NY" in page


def test_a_capsule_that_disagrees_is_told(cast, sign_in, version):
    signed = factories.make_denied(cast, version)
    signed.line.units = 21
    signed.line.save(update_fields=["units"])

    page = text(sign_in(cast.auditor).get(signed.get_absolute_url()))

    assert "Verified" not in page
    assert "“line.units” is 20 in the capsule and 21 in the records." in page


def test_a_correction_replaces_and_both_are_kept(cast, sign_in, version, claimed):
    client = sign_in(cast.nurse)
    post(client, sign_address(claimed), **approval(claimed, version))
    first = Determination.objects.get()
    correct = reverse("reviewer:determination_correct", args=[claimed.number, first.pk])
    typed = approval(claimed, version, rationale_plain="Your plan pays for twenty visits.")

    assert "Nothing is entered under" in text(post(client, correct, **typed))
    post(client, correct, **typed | {"correction-reason": "The letter was unclear."})

    second = Determination.objects.get(replaces=first)
    assert second.replacement_reason == "The letter was unclear."
    page = text(client.get(first.get_absolute_url()))
    assert "Another determination holds now" in page
    assert second.get_absolute_url() in page


def test_an_adverse_determination_leads_to_its_appeal(cast, sign_in, version):
    signed = factories.make_denied(cast, version)
    address = reverse("reviewer:appeal_new", args=[signed.request.number, signed.pk])

    assert address in text(sign_in(cast.appeals_coordinator).get(signed.get_absolute_url()))
    assert address not in text(sign_in(cast.nurse).get(signed.get_absolute_url()))
