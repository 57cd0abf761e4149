"""The coverage page: doors, its four tables and their files, the picture, and empty states."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from policies import usage
from policies.usage import Decided, Usage
from tests.policies.library import lamps, published
from tests.policies.pages import queries_of
from tests.policies.test_coverage import COVERED, LAMP, REFUSED, rule

pytestmark = pytest.mark.django_db
PAGE = "/policies/coverage"
TABLES = ["opposite-stances", "unnamed-codes", "uncited-bulletins", "nearly-always-approved"]


@pytest.fixture
def asked(monkeypatch):
    """The periods that were asked for, with usage of three codes and one bulletin."""
    periods = []

    def provider(period):
        periods.append(period)
        kind = Decided(("CPT", "97110"), "medicaid", "Harbor", "NY")
        return Usage(
            requested=Counter({("CPT", "97110"): 20, ("CPT", "99213"): 7, ("CPT", "99214"): 2}),
            decided=Counter({kind: 20}),
            approved=Counter({kind: 20}),
        )

    monkeypatch.setattr(usage, "_PROVIDERS", {"test": provider})
    return periods


@pytest.fixture
def library(asked):
    published(lamps(number="0901", codes=COVERED.format(LAMP)))
    published(lamps(number="0902", codes=REFUSED.format("97110 Lamp [at night]")))
    rule()


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


# Doors


@pytest.mark.parametrize("role", ["nurse", "physician", "supervisor", "auditor", "administrator"])
def test_whoever_is_not_policy_staff_does_not_come_in(role, cast, client, library):
    client.force_login(getattr(cast, role).user)

    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}/unnamed-codes.csv").status_code == 403


@pytest.mark.parametrize("role", ["policy_editor", "policy_approver"])
def test_policy_staff_come_in(role, cast, client, library):
    client.force_login(getattr(cast, role).user)

    assert client.get(PAGE).status_code == 200


def test_policy_staff_are_led_there_and_reviewers_are_not(cast, client, library):
    client.force_login(cast.policy_editor.user)
    assert f'href="{PAGE}"' in client.get("/policies/").content.decode()

    client.force_login(cast.nurse.user)
    assert f'href="{PAGE}"' not in client.get("/policies/").content.decode()


# The four tables


def test_opposite_stances_are_told_with_their_notes(editor, library):
    page = text(editor.get(PAGE))

    assert "97110 0901 Lamps v1" in page
    assert "0902 Lamps v1" in page
    assert "[at night]" in page


def test_codes_named_nowhere_are_told_with_their_counts(editor, library):
    page = editor.get(PAGE)

    assert "99213CPTno release describes it7" in text(page)
    assert "99214CPTno release describes itfewer than 3" in text(page)
    assert 'href="/codes/cpt/99213/"' in page.content.decode()


def test_bulletins_nobody_cited_are_told(editor, library):
    page = text(editor.get(PAGE))

    assert "0901Lampsv1no categorynot statednobody" in page
    assert "0902Lampsv1" in page


def test_codes_nearly_always_approved_are_told(editor, library):
    page = text(editor.get(PAGE))

    assert "97110: Prior authorizationall lines of business20 of 20" in page


@pytest.mark.parametrize(
    ("question", "days"),
    [("", 180), ("?days=90", 90), ("?days=365", 365), ("?days=1", 180), ("?days=x%00", 180)],
)
def test_the_period_is_chosen_and_ends_today(editor, asked, question, days):
    editor.get(f"{PAGE}{question}")

    (period,) = asked
    assert period.last == timezone.localdate()
    assert (period.last - period.first) == timedelta(days=days - 1)


def test_diagnoses_are_said_to_be_another_matter(editor, library):
    icd = "ICD-10 codes {}:\n\nS13.4 Sprain\n"
    covered, refused = "covered if selection criteria are met", "not covered for indications listed"
    published(lamps(number="0903", codes=icd.format(covered)))
    published(lamps(number="0904", codes=icd.format(f"{refused} in the CPB")))

    page = text(editor.get(f"{PAGE}?codes=diagnoses"))

    assert "S13.4" in page
    assert "The stance of a diagnosis is about the services of its own bulletin" in page


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_a_file_too(editor, library, table):
    response = editor.get(f"{PAGE}/{table}.csv?days=90")

    assert response["Content-Type"] == "text/csv"
    assert len(response.content.decode().splitlines()) == {
        "opposite-stances": 2, "unnamed-codes": 3, "uncited-bulletins": 3,
        "nearly-always-approved": 2,
    }[table]  # fmt: skip


def test_another_table_is_not_found(editor, library):
    assert editor.get(f"{PAGE}/members.csv").status_code == 404


# The picture


def test_the_picture_has_a_dot_a_square_and_an_arc_with_words(editor, library):
    page = editor.get(PAGE).content.decode()

    assert (
        'aria-label="0901 Lamps: cited by nobody; service codes covered 1, not covered 0"' in page
    )
    assert 'aria-label="0901 and 0902 say opposite things"' in page
    assert 'href="#opposite-1"' in page
    assert 'id="opposite-1"' in page
    assert 'aria-label="CPT 99213: requested 7 times, named nowhere"' in page
    said = "2 bulletins hold today; 0 were cited in the last half a year."
    assert said in text(editor.get(PAGE))


# Empty, and many


def test_an_empty_library_says_what_is_true(editor, monkeypatch):
    monkeypatch.setattr(usage, "_PROVIDERS", {})

    page = text(editor.get(PAGE))

    for sentence in [
        "No bulletin holds today, so there is nothing to draw.",
        "No two bulletins that hold today say opposite things of a service code.",
        "Every service code that was requested is named by a bulletin, or none was requested.",
        "Every bulletin that holds today was cited.",
        "No code of the authorization list came to 10 decided lines",
    ]:
        assert sentence in page


def test_the_page_takes_a_fixed_number_of_queries(editor, library):
    few = queries_of(editor, PAGE)
    for number in range(4):
        codes = (COVERED if number % 2 else REFUSED).format(LAMP)
        published(lamps(number=f"091{number}", codes=codes))

    assert queries_of(editor, PAGE) == few
