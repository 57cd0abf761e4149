"""Intake: a request is entered as it arrived, and comes back whole when something is wrong."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.forms.fields import check_npi
from reviewer.models import AccessEntry, Member, Provider, Request
from tests import factories
from tests.reviewer.pages import load_few_codes, post

pytestmark = pytest.mark.django_db
NEW = "/requests/new"


@pytest.fixture
def client(cast, sign_in):
    load_few_codes()
    return sign_in(cast.intake)


@pytest.fixture
def typed(cast):
    """A whole request for a known member by known providers."""
    today = timezone.localdate()
    received = timezone.localtime() - timedelta(hours=2)
    return {
        "act": "enter",
        "member-number": cast.member.number,
        "member-coverage": str(cast.coverage.pk),
        "requesting-npi": cast.clinic.npi,
        "servicing-npi": cast.therapist.npi,
        "review_type": "prospective",
        "urgency": "standard",
        "urgency_attested_by": "",
        "channel": "fax",
        "received_at": received.strftime("%Y-%m-%dT%H:%M"),
        "summary": "Lumbar strain nine weeks ago.",
        "limit-kind-new_york": "service",
        "diagnoses-TOTAL_FORMS": "4",
        "diagnoses-INITIAL_FORMS": "0",
        "diagnoses-0-code": "s39.012a",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-code": "97545",
        "lines-0-modifiers": "gp",
        "lines-0-units": "20",
        "lines-0-starts_on": today.isoformat(),
        "lines-0-ends_on": (today + timedelta(days=30)).isoformat(),
        "lines-0-pointers": "1",
        "lines-1-pointers": "1",
    }


def entered():
    return Request.objects.order_by("pk").last()


def test_a_request_is_entered_as_it_arrived(client, typed, cast):
    response = post(client, NEW, **typed)

    request = entered()
    assert response.headers["Location"] == request.get_absolute_url()
    line = request.lines.get()
    assert (line.system, line.code, line.modifiers, line.units) == ("CPT", "97545", ["GP"], 20)
    assert [one.code for one in line.diagnoses.all()] == ["S39012A"]
    assert (request.member, request.coverage) == (cast.member, cast.coverage)
    assert request.decision_due_at is not None
    assert request.entered_by == cast.intake


def test_a_new_member_and_new_providers_are_entered_with_it(client, typed):
    typed |= {
        "member-number": "M700700700",
        "member-coverage": "",
        "member-given_name": "Bo",
        "member-family_name": "Tarn",
        "member-born_on": "1990-02-03",
        "member-line_of_business": LineOfBusiness.MARKETPLACE,
        "member-plan": "Harbor Silver",
        "member-jurisdiction": "ny",
        "member-covered_from": "2024-01-01",
        "requesting-npi": "1003000126",
        "requesting-name": "Quay Clinic",
    }

    post(client, NEW, **typed)

    request = entered()
    assert str(request.member) == "Bo Tarn"
    assert (request.line_of_business, request.jurisdiction) == ("marketplace", "NY")
    assert str(request.requesting_provider) == "Quay Clinic"


def test_nobody_is_born_in_the_future(client, typed):
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed |= {"member-number": "M700700700", "member-born_on": tomorrow.isoformat()}

    assert "Nobody is born in the future" in text(post(client, NEW, **typed))


def test_a_refused_request_leaves_no_new_member_behind(client, typed):
    typed |= {
        "member-number": "M700700700",
        "member-given_name": "Bo",
        "member-family_name": "Tarn",
        "member-born_on": "1990-02-03",
        "member-line_of_business": LineOfBusiness.MARKETPLACE,
        "member-plan": "Harbor Silver",
        "member-jurisdiction": "NY",
        "member-covered_from": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }

    response = post(client, NEW, **typed)

    assert "The member did not have this coverage on the day of receipt." in text(response)
    assert not Member.objects.filter(number="M700700700").exists()


def text(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"member-number": ""}, "Nothing is entered under “Member number”."),
        ({"member-number": "M0"}, "No member has this number yet: enter the given name."),
        ({"member-coverage": ""}, "Choose under which coverage the request is made."),
        ({"requesting-npi": "1234567890"}, "The check digit of this NPI is wrong."),
        ({"servicing-npi": "123"}, "An NPI has ten digits."),
        ({"servicing-npi": "1003000126"}, "This NPI is new here: enter the provider&#x27;s name."),
        ({"urgency": "expedited"}, "An expedited request names who attested that it is urgent"),
        ({"received_at": "2199-01-01T10:00"}, "A request cannot be received in the future."),
        ({"lines-0-units": "0"}, "At least 1 unit is asked for on a line."),
        ({"lines-0-ends_on": "2020-01-01"}, "The last day is before the first"),
        ({"lines-0-pointers": "3"}, "No diagnosis stands in row 3."),
        ({"lines-0-pointers": "first"}, "Name diagnoses by their numbers, as 1, 2."),
        ({"lines-0-code": "S39.012A"}, "S39.012A is a diagnosis code."),
        ({"diagnoses-0-code": "97545"}, "97545 is not an ICD-10-CM code."),
        (
            {"diagnoses-0-code": "S39.012"},
            "too general to be billed. Enter a code below it.",
        ),
        ({"lines-0-code": "97549"}, "No code set here holds 97549."),
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_all_that_was_typed(
    client, typed, wrong, words
):
    response = post(client, NEW, **typed | wrong)

    page = text(response)
    assert words in page
    assert Request.objects.count() == 0
    assert "Lumbar strain nine weeks ago." in page
    for name, value in (typed | wrong).items():
        if name not in ("act", "urgency", "channel", "review_type", "member-coverage", "summary"):
            assert value == "" or f'value="{value}"' in page, name


def test_likely_codes_stand_beside_an_unknown_one(client, typed):
    page = text(post(client, NEW, **typed | {"lines-0-code": "97549"}))

    assert "Likely: 97545, 97546." in page


def test_an_unknown_code_is_entered_once_it_is_accepted(client, typed):
    typed |= {"lines-0-code": "97549"}
    assert 'name="lines-0-accept"' in text(post(client, NEW, **typed))

    post(client, NEW, **typed | {"lines-0-accept": "on"})

    assert entered().lines.get().code == "97549"


def test_a_code_that_ended_is_not_accepted(client, typed):
    from policies.models import Code

    Code.objects.filter(key="97545").update(valid_to=date(2024, 12, 31))

    page = text(post(client, NEW, **typed | {"lines-0-accept": "on"}))

    assert "it is valid until 2024-12-31" in page
    assert Request.objects.count() == 0


def test_a_possible_duplicate_is_shown_before_it_is_entered(client, typed, cast):
    first = factories.make_request(cast)

    page = text(post(client, NEW, **typed))

    assert first.number in page
    assert Request.objects.count() == 1
    post(client, NEW, **typed | {"accept_duplicates": "on"})
    assert Request.objects.count() == 2


def test_other_days_are_no_duplicate(client, typed, cast):
    day = timezone.localdate() + timedelta(days=400)
    factories.make_request(cast, lines=[factories.line(starts_on=day, ends_on=day)])

    post(client, NEW, **typed)

    assert Request.objects.count() == 2


def test_finding_a_member_keeps_the_rest_and_complains_of_nothing(client, typed, cast):
    typed |= {"act": "find", "summary": "Half written", "lines-0-code": ""}

    page = text(post(client, NEW, **typed))

    assert "Ada Winter" in page
    assert "Half written" in page
    assert "Nothing is entered" not in page
    assert "Not entered yet." not in page


@pytest.mark.parametrize(
    ("act", "prefix", "shown"), [("line", "lines", 3), ("diagnosis", "diagnoses", 8)]
)
def test_more_rows_come_by_a_button_that_posts(client, typed, act, prefix, shown):
    page = text(post(client, NEW, **typed | {"act": act}))

    assert f'name="{prefix}-{shown - 1}-code"' in page
    assert f'name="{prefix}-{shown}-code"' not in page
    assert 'value="97545"' in page


def test_six_lines_are_the_most(client, typed):
    page = text(post(client, NEW, **typed | {"act": "line", "lines-TOTAL_FORMS": "6"}))

    assert 'name="lines-5-code"' in page
    assert 'name="lines-6-code"' not in page


def test_a_member_outside_ones_lines_of_business_is_not_shown(client, typed, cast):
    cast.intake.lines_of_business = [LineOfBusiness.MARKETPLACE]
    cast.intake.save()

    page = text(post(client, NEW, **typed | {"act": "find"}))

    assert "Ada Winter" not in page
    assert "1979" not in page
    assert "outside your scope" in page
    assert AccessEntry.objects.latest("pk").requests == []


@pytest.mark.parametrize("act", ["find", "enter"])
def test_who_was_found_by_number_is_in_the_access_log(client, typed, cast, act):
    post(client, NEW, **typed | {"act": act, "lines-0-code": ""})

    assert AccessEntry.objects.latest("pk").requests == [cast.member.number]


def test_a_diagnosis_row_left_blank_does_not_shift_the_pointers(client, typed):
    from policies.imports.code_sets import CodeLine
    from tests.reviewer.pages import load

    load("HCPCS", CodeLine("HCPCS", "S9117", "Back school"))
    typed |= {
        "diagnoses-0-code": "S39.012A",
        "diagnoses-1-code": "",
        "diagnoses-2-code": "M54.50",
        "diagnoses-2-accept": "on",
        "lines-0-pointers": "3",
    }

    post(client, NEW, **typed)

    assert [one.code for one in entered().lines.get().diagnoses.all()] == ["M5450"]


@pytest.mark.parametrize("npi", ["1234567893", "1245319599", "1003000126"])
def test_an_npi_ends_in_its_check_digit(npi):
    check_npi(npi)  # raises nothing

    assert not Provider.objects.filter(npi=npi).exists()


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ("97455", "It may be 97545, with 4 and 5 in the other order."),
        ("97545-GP", "97545 with the modifier GP: a modifier is no part of the code"),
    ],
)
def test_a_slip_in_a_code_is_told_with_the_code_that_was_meant(client, typed, slip, words):
    page = text(post(client, NEW, **typed | {"lines-0-code": slip}))

    assert words in page
    assert "Likely: 97545" in page
    assert Request.objects.count() == 0


def test_looking_while_the_page_is_sent_stands_against_nothing(client, typed):
    """The parts that follow what is typed may ask once more when the request is entered already."""
    sent = {"intent": "1d0f0c1e-6f5a-4d7e-8d64-0c2a52d0f1aa"} | typed
    assert client.post(NEW, sent).status_code == 302

    looked = client.post(NEW, sent | {"act": "look"}, HTTP_HX_REQUEST="true")
    again = client.post(NEW, sent)

    assert looked.status_code == 200
    assert again["Location"] == Request.objects.get().get_absolute_url()
