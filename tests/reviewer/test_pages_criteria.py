"""The pane of criteria: answered with a script and without, nothing lost, blind for an appeal."""

import re

import pytest
from django.urls import reverse

from reviewer.models import CriterionAnswer, Draft, Evidence
from reviewer.workflow.criteria import has_answered_all, lock_review, review_of
from tests import factories
from tests.factories import now
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
KEY = "7b0c2f50-3d0b-4e5e-9d0a-5a3f6f2f9d11"


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


@pytest.fixture
def case(cast, version):
    return factories.make_claimed(cast)


@pytest.fixture
def address(case, version):
    return reverse("reviewer:request_criteria", args=[case.number, version.pk])


@pytest.fixture
def nurse(cast, sign_in):
    return sign_in(cast.nurse)


def at(version, anchor="criteria-I-A"):
    return version.criteria.get(anchor=anchor)


def send(client, address, criterion, **typed):
    said = {"kept": "", "comment": "", "revision": 0} | typed
    return post(client, f"{address}/{criterion.pk}", **said)


def send_fragment(client, address, criterion, **typed):
    said = {"intent": KEY, "kept": "", "comment": ""}
    return client.post(f"{address}/{criterion.pk}", said | {"revision": 0} | typed, headers=HTMX)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_every_statement_stands_in_the_pane_and_leads_to_its_passage(nurse, address, version):
    page = text(nurse.get(address))

    for criterion in version.criteria.all():
        assert f'href="{version.get_absolute_url()}#{criterion.anchor}"' in page
    assert "8 of 8" in page
    assert "Applies" in page
    assert "Does not apply" in page
    assert "all of these" in page


def test_logic_that_nobody_confirmed_says_so(nurse, address):
    assert "Logic as read by software, not confirmed by a person." in text(nurse.get(address))


def test_the_pane_alone_is_given_to_a_page_that_asks(nurse, address):
    pane = text(nurse.get(address, headers=HTMX))

    assert pane.strip().startswith('<section class="pane criteria-pane" id="criteria-pane"')
    assert "<html" not in pane


def test_an_answer_without_a_script_leads_back_to_its_row(nurse, address, version):
    criterion = at(version)
    response = send(nurse, address, criterion, finding="met", comment="Billed by the hour")

    assert response["Location"] == f"{address}#c-{criterion.pk}"
    page = text(nurse.get(address))
    assert "An exclusion applies" in page
    assert "Billed by the hour" in page
    assert "7 of 8" in page


def test_a_fragment_brings_back_the_row_and_the_result(nurse, address, version):
    criterion = at(version)
    page = text(send_fragment(nurse, address, criterion, finding="met"))

    assert f'id="answers-{criterion.pk}" hx-swap-oob="true"' in page
    assert 'id="criteria-running" aria-live="polite" hx-swap-oob="true"' in page
    assert 'name="revision" value="1"' in page
    assert "textarea" not in page  # where the person goes on typing


def test_the_same_form_again_is_one_answer(nurse, address, version):
    for _ in range(2):
        send_fragment(nurse, address, at(version), finding="met", comment="Once")

    assert CriterionAnswer.objects.get().revision == 1


def test_a_comment_is_saved_while_it_is_typed_and_leaves_the_finding(nurse, address, version):
    criterion = at(version)
    send_fragment(nurse, address, criterion, finding="unclear")
    send_fragment(nurse, address, criterion, kept="unclear", comment="Half a sen", revision=1)

    answer = CriterionAnswer.objects.get()
    assert (answer.finding, answer.comment, answer.revision) == ("unclear", "Half a sen", 2)


def test_a_lost_race_shows_both_and_keeps_the_losers_words_on_the_server(nurse, address, version):
    criterion = at(version)
    send_fragment(nurse, address, criterion, finding="met", comment="The winner's words")
    page = text(send_fragment(nurse, address, criterion, finding="not_met", comment="My words"))

    assert "The winner" in page
    assert "My words" in page
    assert dict(Draft.objects.get().fields) == {"finding": "not_met", "comment": "My words"}
    assert CriterionAnswer.objects.get().comment == "The winner's words"
    again = text(nurse.get(address))
    assert "Yours, not saved" in again
    assert "My words" in again


def test_what_is_typed_on_after_a_lost_race_is_kept_beside_what_holds(nurse, address, version):
    criterion = at(version)
    send_fragment(nurse, address, criterion, finding="met", comment="Theirs")
    send_fragment(nurse, address, criterion, finding="met", comment="Mine")
    send_fragment(
        nurse, address, criterion, kept="met", comment="Mine, longer", revision=1, in_conflict="1"
    )

    assert CriterionAnswer.objects.get().comment == "Theirs"
    assert dict(Draft.objects.get().fields)["comment"] == "Mine, longer"


def test_the_loser_saves_over_it_or_keeps_theirs(nurse, address, version):
    criterion = at(version)
    send_fragment(nurse, address, criterion, finding="met", comment="Theirs")
    send_fragment(nurse, address, criterion, finding="not_met", comment="Mine")
    send_fragment(nurse, address, criterion, theirs="1", comment="Mine", revision=1)
    assert not Draft.objects.exists()
    assert CriterionAnswer.objects.get().comment == "Theirs"

    send_fragment(nurse, address, criterion, finding="not_met", comment="Mine")
    send_fragment(
        nurse, address, criterion, finding="not_met", comment="Mine", revision=1, in_conflict="1"
    )
    assert not Draft.objects.exists()
    assert CriterionAnswer.objects.get().comment == "Mine"


def test_an_answer_after_the_signature_is_refused_and_its_words_are_kept(
    nurse, case, address, version
):
    send_fragment(nurse, address, at(version), finding="met")
    lock_review(review_of(case, version), now())
    page = text(send_fragment(nurse, address, at(version), finding="unclear", comment="Late"))

    assert "stay as they are" in page
    assert dict(Draft.objects.get().fields)["comment"] == "Late"
    assert review_of(case, version).answers.get().finding == "met"


def test_a_comment_that_is_too_long_is_kept_and_told(nurse, address, version):
    send(nurse, address, at(version), finding="met", comment="x" * 20_001)

    page = text(nurse.get(address))
    assert "Keep the comment under 20000 characters" in page
    assert "x" * 20_001 in page


def test_locked_answers_say_who_signed_and_begin_again_by_a_button(
    cast, nurse, case, address, version
):
    factories.make_answers(cast, case, version)
    review = review_of(case, version)
    lock_review(review, now())

    page = text(nurse.get(address))
    assert "Locked" in page
    assert 'name="finding"' not in page
    post(nurse, f"{address}/open")
    assert review_of(case, version).began_from == review


@pytest.mark.parametrize("who", ["auditor", "supervisor", "intake", "physician"])
def test_whoever_has_it_not_in_hand_reads_and_is_told_why(cast, sign_in, address, who):
    page = text(sign_in(getattr(cast, who)).get(address))

    assert "Read only." in page
    assert 'name="finding"' not in page


@pytest.mark.parametrize("who", ["auditor", "supervisor", "intake"])
def test_whoever_does_not_review_answers_nothing(cast, sign_in, address, version, who):
    response = send(sign_in(getattr(cast, who)), address, at(version), finding="met")

    assert response.status_code == 403
    assert not CriterionAnswer.objects.exists()


def test_a_physician_without_the_request_in_hand_changes_nothing(cast, sign_in, address, version):
    send(sign_in(cast.physician), address, at(version), finding="met")

    assert not CriterionAnswer.objects.exists()


def test_out_of_scope_is_not_found(cast, sign_in, address, version):
    client = sign_in(cast.other_nurse)

    assert client.get(address).status_code == 404
    assert send(client, address, at(version), finding="met").status_code == 404


def test_what_is_no_published_version_or_not_its_criterion_is_not_found(cast, nurse, case, address):
    other = factories.make_version(cast, file="0614-v1-outpatient-physical-therapy.txt")

    assert nurse.get(address.rpartition("/")[0] + "/99999").status_code == 404
    assert send(nurse, address, at(other, "criteria-I-A"), finding="met").status_code == 404


def test_an_answer_points_to_a_page_and_no_longer(cast, nurse, case, address, version):
    criterion, paper = at(version), factories.make_document(cast, case)
    there = f"{address}/{criterion.pk}/evidence"
    typed = {"kept": "", "comment": "Typed before", "revision": 0}
    post(nurse, there, document=paper.pk, page=2, note="25 pounds", **typed)

    page = text(nurse.get(address))
    assert f"{paper.get_absolute_url()}?page=2" in page
    assert "25 pounds" in page
    assert CriterionAnswer.objects.get().comment == "Typed before"

    post(nurse, f"{there}/{Evidence.objects.get().pk}/remove", kept="", comment="", revision=1)
    assert not Evidence.objects.exists()


def test_the_page_that_is_open_is_added(cast, nurse, case, address, version):
    paper = factories.make_document(cast, case)
    there = f"{address}/{at(version).pk}/evidence"
    opened = {"open": "1", "open-document": paper.pk, "open-page": 3}
    nurse.post(there, {"intent": KEY, **opened}, headers=HTMX)

    assert (Evidence.objects.get().document, Evidence.objects.get().page) == (paper, 3)


def test_without_an_open_page_that_is_said(nurse, address, version):
    there = f"{address}/{at(version).pk}/evidence"
    key = {"intent": KEY}
    page = text(nurse.post(there, {**key, "open": "1"}, headers=HTMX))

    assert "No page is open. Open one, then add it." in page


def test_setting_a_statement_aside_brings_the_list_anew(nurse, address, version):
    criterion = at(version, "therapy-this-bulletin-does-not-exclude-1")
    response = send_fragment(nurse, address, criterion, finding="not_applicable")

    assert response["HX-Retarget"] == "#criteria-list"
    set_aside = re.findall(r'class="check d\d(?: inner)? aside"', text(response))
    assert len(set_aside) == 5  # II.A to II.C, and II.C.1 and II.C.2


def test_answers_to_another_version_are_warned_of_and_taken_over_by_a_button(
    cast, nurse, case, version
):
    factories.make_answers(cast, case, version, I_B="not_met")
    day = now().date().replace(year=now().year + 2)
    new = factories.make_version(
        cast, file="0298-v1-vocational-rehabilitation.txt", effective_from=day
    )
    address = reverse("reviewer:request_criteria", args=[case.number, new.pk])

    page = text(nurse.get(address))
    assert f"{new} does not govern here now." in page
    assert f"1 answer to {version} is kept: 1 can be taken over" in page
    assert review_of(case, new) is None

    key = re.search(r'name="answers" value="(\d+)"', page)[1]
    post(nurse, f"{address}/take-over", answers=key)
    assert review_of(case, new).answers.get().finding == "not_met"
    assert review_of(case, version).answers.get().finding == "not_met"


@pytest.fixture
def appeal(cast, case, version):
    """Of a denial that the nurse's answers had led to; one of them has a word nobody else says."""
    factories.make_answers(cast, case, version, I_A="met")
    CriterionAnswer.objects.update(comment="quicksilver")
    denied = factories.make_denied(cast, version, request=case)
    return factories.make_assigned_appeal(cast, denied)


def answers_for(appeal, version):
    return reverse("reviewer:appeal_criteria", args=[appeal.number, version.pk])


def test_first_answers_are_hidden_from_who_decides_until_all_is_answered(
    cast, sign_in, appeal, version, address
):
    decider, own = sign_in(cast.other_physician), answers_for(appeal, version)

    for hidden in (own, address, appeal.request.get_absolute_url()):
        assert "quicksilver" not in text(decider.get(hidden))
    assert "The first answers are hidden from you." in text(decider.get(address))

    factories.make_answers(cast, appeal.request, version, by=cast.other_physician, appeal=appeal)

    assert has_answered_all(appeal)
    page = text(decider.get(own))
    assert "quicksilver" in page
    assert "First review: <b>Applies</b>" in page
    assert "quicksilver" in text(decider.get(address))


def test_everyone_else_sees_both_at_once(cast, sign_in, appeal, version):
    page = text(sign_in(cast.appeals_coordinator).get(answers_for(appeal, version)))

    assert "quicksilver" in page


def test_answers_for_an_appeal_are_its_deciders_alone(cast, sign_in, appeal, version):
    own = answers_for(appeal, version)
    assert send(sign_in(cast.nurse), own, at(version), finding="met").status_code == 403
    send(sign_in(cast.physician), own, at(version), finding="met")
    assert review_of(appeal.request, version, appeal) is None

    send(sign_in(cast.other_physician), own, at(version), finding="not_met")
    assert review_of(appeal.request, version, appeal).answers.get().finding == "not_met"


def test_the_pane_takes_the_same_queries_whatever_is_answered(cast, nurse, case, version, address):
    factories.make_answers(cast, case, version, I_A="met")
    few = queries_of(nurse, address)
    factories.make_answers(cast, case, version)

    assert queries_of(nurse, address) == few


def test_a_get_changes_nothing(nurse, address, version):
    assert nurse.get(f"{address}/{at(version).pk}").status_code == 405
    nurse.get(address)
    assert not CriterionAnswer.objects.exists()
