"""On what ground each passage speaks: proposed from the headings, confirmed by an editor."""

import json

import pytest
from django.db import IntegrityError
from django.urls import reverse

from policies.drafting.grounds import grounds_of
from policies.drafting.stances import confirm_stances, state_of, take_back_stance
from policies.models import Edit
from policies.publishing import Refused, approve, submit
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, cast):
    client.force_login(cast.policy_editor.user)
    return client


def page_of(version):
    return reverse("admin:policies_version_stances", args=[version.pk])


def passage(version, anchor="limitations-1"):
    return version.passages.get(anchor=anchor)


def form(version, *anchors, **types):
    """What the page sends of a section: every passage's list, and its state as it was shown."""
    sent = {}
    for one in version.passages.filter(anchor__in=anchors):
        sent[f"type:{one.anchor}"] = types.get(one.anchor.replace("-", "_"), one.stance_type)
        sent[f"seen:{one.anchor}"] = state_of(one)
    return sent


# What is proposed


def test_each_passage_has_a_type_and_the_heading_that_proposes_it():
    found = {
        group.title: (one.passage.stance_type, one.proposal and one.proposal.heading)
        for group in grounds_of(draft())
        for one in group.grounds[:1]
    }

    assert found == {
        "Scope of Policy": ("", None),
        "I. Medical Necessity": ("medical_necessity", "Medical Necessity"),
        "II. Policy Limitations and Exclusions": (
            "benefit_exclusion", "Policy Limitations and Exclusions",
        ),
        "III. Experimental, Investigational, or Unproven": (
            "experimental", "Experimental, Investigational, or Unproven",
        ),
        "IV. Cosmetic": ("cosmetic", "Cosmetic"),
    }  # fmt: skip


# The verbs


def test_a_confirmed_type_names_its_person_and_time():
    version, ann = draft(), person("ann")

    confirm_stances(version=version, types={"limitations-1": "administrative"}, by=ann, at=AT)

    one = passage(version)
    assert (one.stance_type, one.stance_confirmed_by, one.stance_confirmed_at) == (
        "administrative", ann, AT,
    )  # fmt: skip
    assert Edit.objects.get().what == "Confirmed the stance type of #limitations-1: Administrative."


def test_the_content_says_which_types_are_confirmed():
    version, ann = draft(), person("ann")
    before = version.content_hash

    confirm_stances(version=version, types={"limitations-1": "benefit_exclusion"}, by=ann, at=AT)

    version.refresh_from_db()
    confirmed = {"criteria": [], "stance_types": ["limitations-1"]}
    assert json.loads(version.content)["confirmed"] == confirmed
    assert version.content_hash != before


def test_whoever_confirms_cannot_approve():
    version, ann, ben = draft(), person("ann"), person("ben")
    confirm_stances(version=version, types={"limitations-1": "cosmetic"}, by=ben, at=AT)
    submit(version=version, by=ann, at=AT)

    with pytest.raises((Refused, IntegrityError)):
        approve(version=version, by=ben, at=AT)


def test_of_two_editors_the_second_is_told_and_nothing_is_lost():
    version, ann, ben = draft(), person("ann"), person("ben")
    seen = {"limitations-1": state_of(passage(version))}
    confirm_stances(version=version, types={"limitations-1": "cosmetic"}, seen=seen, by=ann, at=AT)

    with pytest.raises(Refused, match=r"changed by ann .* it is now “Cosmetic”"):
        confirm_stances(
            version=version, types={"limitations-1": "experimental"}, seen=seen, by=ben, at=AT
        )

    assert passage(version).stance_type == "cosmetic"
    assert not version.edits.filter(by=ben).exists()


def test_a_confirmation_can_be_taken_back():
    version, ann = draft(), person("ann")
    before = version.content_hash
    confirm_stances(version=version, types={"limitations-1": "benefit_exclusion"}, by=ann, at=AT)

    take_back_stance(version=version, anchor="limitations-1", by=ann, at=AT)

    version.refresh_from_db()
    assert passage(version).stance_confirmed_at is None
    assert version.content_hash == before


@pytest.mark.parametrize(
    ("types", "said"),
    [({"limitations-1": "lovely"}, "no stance type"), ({"gone-1": "cosmetic"}, "no passage")],
)
def test_what_is_no_type_and_no_passage_is_refused(types, said):
    with pytest.raises(Refused, match=said):
        confirm_stances(version=draft(), types=types, by=person("ann"), at=AT)


def test_published_versions_and_those_in_review_are_refused():
    ann = person("ann")
    done = published()
    waiting = submit(version=draft(lamps(title="Lanterns")), by=ann, at=AT)

    for version, said in [(done, "is published"), (waiting, "return it to draft")]:
        with pytest.raises(Refused, match=said):
            confirm_stances(version=version, types={"limitations-1": "cosmetic"}, by=ann, at=AT)


# The page


def test_one_passage_is_changed_and_confirmed(editor):
    version = draft()
    sent = form(version, "limitations-1", limitations_1="administrative")

    response = editor.post(page_of(version), sent | {"do": "one:limitations-1"})

    assert response["Location"] == f"{page_of(version)}#p-limitations-1"
    assert passage(version).stance_type == "administrative"
    assert passage(version).stance_confirmed_by is not None


def test_a_whole_section_is_confirmed_as_chosen(editor):
    version = draft(lamps(limitation="Colored lamps.\n\n    Golden lamps."))
    sent = form(version, "limitations-1", "limitations-2", limitations_2="cosmetic")

    editor.post(page_of(version), sent | {"do": "section:limitations"})

    both = version.passages.filter(anchor__startswith="limitations-").order_by("position")
    assert [one.stance_type for one in both] == ["benefit_exclusion", "cosmetic"]
    assert all(one.stance_confirmed_at for one in both)


def test_a_whole_section_is_set_at_once(editor):
    version = draft(lamps(limitation="Colored lamps.\n\n    Golden lamps."))
    sent = form(version, "limitations-1", "limitations-2")

    editor.post(page_of(version), sent | {"do": "all_as:limitations", "whole": "administrative"})

    stated = version.passages.filter(anchor__startswith="limitations-")
    assert set(stated.values_list("stance_type", flat=True)) == {"administrative"}


def test_what_was_chosen_stays_on_the_page_when_refused(editor):
    version = draft()
    sent = form(version, "limitations-1", limitations_1="administrative")
    confirm_stances(version=version, types={"limitations-1": "cosmetic"}, by=person("ann"), at=AT)

    response = editor.post(page_of(version), sent | {"do": "one:limitations-1"})

    assert response.status_code == 409
    rows = [row for _, rows in response.context["groups"] for row in rows]
    assert ("limitations-1", "administrative") in [(one.passage.anchor, it) for one, it in rows]
    assert passage(version).stance_type == "cosmetic"


def test_the_page_says_how_far_it_is(editor):
    version = draft()
    confirm_stances(version=version, types={"cosmetic-1": "cosmetic"}, by=person("ann"), at=AT)
    total = version.passages.exclude(stance_type="").count()

    assert f"<b>1 of {total} confirmed.</b>" in editor.get(page_of(version)).content.decode()


def test_an_approver_looks_and_does_not_write(client, cast):
    version = draft()
    client.force_login(cast.policy_approver.user)

    page = client.get(page_of(version))
    response = client.post(page_of(version), {"do": "one:limitations-1"})

    assert (page.status_code, response.status_code) == (200, 403)
    assert b"<select" not in page.content


def test_a_reviewer_has_no_such_page(client, cast):
    client.force_login(cast.nurse.user)

    assert client.get(page_of(draft())).status_code in (302, 403)


def test_the_stance_types_of_a_long_bulletin_are_sent_together(editor):
    items = "\n    ".join(f"* Lamp number {number};" for number in range(500))
    version = draft(lamps(limitation=f"Not covered:\n\n    {items}"))
    anchors = version.passages.filter(section__anchor="limitations").values_list(
        "anchor", flat=True
    )
    sent = form(version, *anchors)

    editor.post(page_of(version), sent | {"do": "all_as:limitations", "whole": "cosmetic"})

    assert version.passages.filter(text__startswith="Lamp", stance_type="cosmetic").count() == 500
