"""What the page of intake says while it is typed: codes, the list, duplicates, what is missing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from policies.imports.code_sets import CodeLine
from policies.models import Code, LineOfBusiness
from reviewer.models import AccessEntry, Provider, Request
from tests import factories
from tests.policies.authorization_rows import kept
from tests.reviewer.pages import load, load_few_codes, post

pytestmark = pytest.mark.django_db
NEW = "/requests/new"


@pytest.fixture
def client(cast, sign_in):
    load_few_codes()
    return sign_in(cast.intake)


@pytest.fixture
def typed(cast):
    """A whole request; a test changes what it is about."""
    today = timezone.localdate()
    return {
        "member-number": cast.member.number,
        "member-coverage": str(cast.coverage.pk),
        "requesting-npi": cast.clinic.npi,
        "servicing-npi": cast.therapist.npi,
        "review_type": "prospective",
        "urgency": "standard",
        "channel": "fax",
        "received_at": (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "summary": "Lumbar strain nine weeks ago.",
        "limit-kind-new_york": "service",
        "diagnoses-TOTAL_FORMS": "4",
        "diagnoses-INITIAL_FORMS": "0",
        "diagnoses-0-code": "S39.012A",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-code": "97545",
        "lines-0-units": "20",
        "lines-0-starts_on": today.isoformat(),
        "lines-0-ends_on": (today + timedelta(days=30)).isoformat(),
        "lines-0-pointers": "1",
    }


def text(response):
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def look(client, typed):
    """As htmx asks after a change."""
    headers = {"HX-Request": "true", "HX-Target": "looked-at"}
    intent = "6f2c1f6e-3d4a-4c55-9a71-0f6f6f0a1a11"
    return client.post(NEW, {**typed, "act": "look", "intent": intent}, headers=headers)


def entered():
    return Request.objects.order_by("pk").last()


# Providers


def test_a_provider_is_found_by_the_only_name_that_fits(client, typed, cast):
    post(client, NEW, **typed | {"act": "enter", "servicing-npi": "bridge street"})

    assert entered().servicing_provider == cast.therapist


def test_of_several_providers_of_a_name_one_is_chosen(client, typed, cast):
    other = Provider.objects.create(npi="1003000126", name="Lakeside Imaging")
    typed |= {"act": "enter", "requesting-npi": "lakeside"}

    page = text(post(client, NEW, **typed))

    assert "Lakeside Clinic, 1234567893" in page
    assert "Lakeside Imaging, 1003000126" in page
    assert "Several providers are called so: choose one, or enter the NPI." in page
    assert not Request.objects.exists()
    post(client, NEW, **typed | {"requesting-chosen": other.npi})
    assert entered().requesting_provider == other


def test_a_name_that_no_provider_has_asks_for_the_npi(client, typed):
    typed |= {"act": "enter", "requesting-npi": "Quay Clinic"}
    page = text(post(client, NEW, **typed))

    assert "No provider here is called “Quay Clinic”. Enter the NPI" in page


def test_who_orders_is_entered_where_it_is_another(client, typed, cast):
    post(client, NEW, **typed | {"act": "enter", "ordering-npi": "1003000126",
                                 "ordering-name": "Dr. Q. Marsh"})  # fmt: skip

    assert str(entered().ordering_provider) == "Dr. Q. Marsh"


def test_without_another_nobody_orders(client, typed):
    post(client, NEW, **typed | {"act": "enter"})

    assert entered().ordering_provider is None


def test_the_check_digit_of_who_orders_is_tested(client, typed):
    page = text(post(client, NEW, **typed | {"act": "enter", "ordering-npi": "1003000127"}))

    assert "The check digit of this NPI is wrong." in page


def test_providers_are_offered_by_the_words_of_their_name(client, cast):
    page = client.get("/search/suggest?of=providers&q=street").content.decode()

    assert f'<b class="n">{cast.therapist.npi}</b> <span>Bridge Street Therapy</span>' in page
    assert "Lakeside" not in page


# Lines


def test_frequency_and_place_of_service_are_kept_with_the_line(client, typed):
    typed |= {"act": "enter", "lines-0-frequency": "2 a week for 10 weeks",
              "lines-0-place_of_service": "62"}  # fmt: skip

    page = text(post(client, NEW, **typed | {"lines-0-units": ""}))
    post(client, NEW, **typed)

    assert "62 Comprehensive outpatient rehabilitation facility" in page
    line = entered().lines.get()
    assert (line.frequency, line.place_of_service) == ("2 a week for 10 weeks", "62")


def test_a_place_of_service_that_is_none_is_refused(client, typed):
    page = text(post(client, NEW, **typed | {"act": "enter", "lines-0-place_of_service": "98"}))

    assert "98 is not one of the available choices" in page


def test_a_line_that_is_taken_away_lets_those_behind_it_move_up(client, typed):
    typed |= {
        "lines-TOTAL_FORMS": "3",
        "lines-1-code": "97546",
        "lines-1-units": "4",
        "lines-1-pointers": "1",
        "lines-2-code": "97110",
        "lines-2-units": "8",
        "lines-2-pointers": "2",
    }

    rows = post(client, NEW, **typed | {"act": "drop-2"}).context["intake"].lines

    assert [row["code"].value() for row in rows] == ["97545", "97110"]
    assert (rows[1]["units"].value(), rows[1]["pointers"].value()) == ("8", "2")


def test_the_last_line_is_emptied_and_stays(client, typed):
    rows = post(client, NEW, **typed | {"act": "drop-1"}).context["intake"].lines

    assert [row["code"].value() for row in rows] == [None]


def test_another_line_left_blank_is_passed_over(client, typed):
    page = post(client, NEW, **typed | {"act": "line"})
    assert 'name="lines-1-code"' in page.content.decode()
    assert page.context["intake"].lines[1]["pointers"].value() == "1"

    post(client, NEW, **typed | {"act": "enter", "lines-TOTAL_FORMS": "2", "lines-1-pointers": "1"})

    assert entered().lines.count() == 1


def test_a_likely_code_takes_the_place_of_what_was_typed(client, typed):
    typed |= {"lines-0-code": "97455", "lines-0-accept": "on"}

    page = post(client, NEW, **typed | {"act": "take:lines-0-code:97545"})

    row = page.context["intake"].lines[0]
    assert (row["code"].value(), row["accept"].value()) == ("97545", False)


# Codes while they are typed


def test_a_good_code_is_told_by_its_words(client, typed):
    assert "CPT 97545: Work hardening" in text(look(client, typed))


@pytest.mark.parametrize(
    ("field", "code", "words"),
    [
        ("diagnoses-0-code", "S39.012", "too general to be billed. Enter a code below it."),
        ("lines-0-code", "97455", "It may be 97545, with 4 and 5 in the other order."),
        ("lines-0-code", "S39.012A", "S39.012A is a diagnosis code."),
    ],
)
def test_what_is_wrong_with_a_code_is_told_while_the_rest_is_missing(client, field, code, words):
    assert words in text(look(client, {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
        "diagnoses-TOTAL_FORMS": "1", "diagnoses-INITIAL_FORMS": "0", field: code,
    }))  # fmt: skip


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"valid_to": date(2024, 12, 31)}, "it is valid until 2024-12-31"),
        ({"valid_from": date(2199, 1, 1)}, "it is valid from 2199-01-01"),
    ],
)
def test_a_code_is_held_against_its_own_first_day(client, typed, bounds, words):
    Code.objects.filter(key="97545").update(**bounds)

    assert words in text(look(client, typed))


def test_likely_codes_are_buttons(client, typed):
    page = look(client, typed | {"lines-0-code": "97455"}).content.decode()

    assert 'value="take:lines-0-code:97545"' in page


# The authorization list


def test_that_no_authorization_is_required_is_told_before_anyone_works(client, typed):
    kept("97545", "not_required")

    assert "No authorization is required." in text(look(client, typed))


def test_the_row_that_asks_for_authorization_is_named(client, typed):
    kept("97545", "prior_authorization")

    assert "Prior authorization is required for 97545" in text(look(client, typed))


# Duplicates


def test_possible_duplicates_come_while_the_request_is_typed(client, typed, cast):
    first = factories.make_request(cast)

    page = look(client, typed)

    assert f'href="{first.get_absolute_url()}"' in page.content.decode()
    assert "Requests like this one exist: compare them." in text(page)
    assert first.number in AccessEntry.objects.latest("pk").requests


def test_duplicates_of_a_line_of_business_outside_ones_scope_are_not_shown(client, typed, cast):
    factories.make_request(cast, coverage=cast.medicaid_coverage)
    cast.intake.lines_of_business = [LineOfBusiness.COMMERCIAL_INSURED]
    cast.intake.save()

    assert "Possible duplicates" not in text(look(client, typed))


# What is missing


def test_what_is_missing_is_listed_from_the_start(client):
    page = text(client.get(NEW))

    for words in (
        "Member member number", "Coverage once the member is known", "Who asks NPI or name",
        "The request review type, how it came and received", "Diagnosis 1 ICD-10-CM code",
        "Line 1 code, units, first day and last day",
    ):  # fmt: skip
        assert words in page, words
    assert "Who orders NPI" not in page


def test_a_whole_request_lacks_nothing(client, typed):
    assert "Nothing is missing." in text(look(client, typed))


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("limit-kind-new_york", "What the limit depends on what is asked for (New York)"),
        ("summary", "Clinical summary write what the request tells"),
        ("lines-0-units", "Line 1 units"),
    ],
)
def test_one_thing_that_is_missing_is_named(client, typed, without, words):
    typed[without] = ""

    page = text(look(client, typed))

    assert words in page
    assert "Nothing is missing." not in page
    assert "Nothing is entered under" not in page


def test_the_only_coverage_in_ones_scope_is_chosen(client, typed, cast):
    cast.intake.lines_of_business = [LineOfBusiness.COMMERCIAL_INSURED]
    cast.intake.save()

    post(client, NEW, **typed | {"act": "enter", "member-coverage": ""})

    assert entered().coverage == cast.coverage


def test_parts_that_are_shown_already_are_left_alone(client, typed, cast):
    shown = {"member-shown": cast.member.number, "requesting-shown": cast.clinic.npi}

    page = look(client, typed | shown).content.decode()

    assert 'id="member-known"' not in page
    assert 'id="requesting-known"' not in page
    assert 'id="servicing-known" hx-swap-oob="true"' in page


def test_a_code_of_two_systems_is_read_as_a_service(client, typed):
    load("HCPCS", CodeLine("HCPCS", "S9117", "Back school"))

    assert "HCPCS S9117: Back school" in text(look(client, typed | {"lines-0-code": "s9117"}))
