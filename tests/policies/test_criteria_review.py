"""An editor confirms the tree of criteria node by node; reviewers see what is not confirmed."""

import json

import pytest
from django.db import IntegrityError
from django.urls import reverse

from policies.drafting.criteria import (
    change_rule,
    confirm_all,
    confirm_branch,
    confirm_criterion,
    state_of,
    take_back_confirmation,
)
from policies.drafting.matches import match_criterion
from policies.drafting.tree import tree_of
from policies.imports.content import confirmed_in, current_content
from policies.models import Criterion
from policies.publishing import Refused, approve, submit
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db

TREE = (
    "1. Either of the following:\n\n          1. Red; or\n          2. Green; and\n\n"
    "      2. The member reads."
)
DOUBTFUL = (
    "1. Any of the following:\n\n          1. Red; and\n          2. Green.\n\n      2. Blue."
)


@pytest.fixture
def editor(client, cast):
    client.force_login(cast.policy_editor.user)
    return client


def page_of(version, anchor=""):
    address = reverse("admin:policies_version_criteria", args=[version.pk])
    return f"{address}?at={anchor}#n-{anchor}" if anchor else address


def at(version, anchor):
    return Criterion.objects.get(version=version, anchor=f"criteria-I-{anchor}")


def confirmed(version):
    rows = version.criteria.filter(confirmed_at__isnull=False)
    return [one.anchor.removeprefix("criteria-I-") for one in rows.order_by("position")]


def press(client, version, verb, anchor, **more):
    """Press a button of the page as it stands now."""
    token = state_of(at(version, anchor))
    data = {"do": f"{verb}:{token}:criteria-I-{anchor}", **more}
    return client.post(page_of(version), data)


# Confirming


def test_a_confirmed_criterion_names_its_person_and_time(ann):
    version = draft(lamps(criteria=TREE))

    confirm_criterion(version=version, anchor="criteria-I-A", by=ann, at=AT)

    assert (at(version, "A").confirmed_by, at(version, "A").confirmed_at) == (ann, AT)
    assert [one.what for one in version.edits.all()] == ["Confirmed criterion I.A."]


def test_a_branch_is_confirmed_with_all_under_it(ann):
    version = draft(lamps(criteria=TREE))

    confirm_branch(version=version, anchor="criteria-I-A", by=ann, at=AT)

    assert confirmed(version) == ["A", "A-1", "A-2"]


def test_all_at_once_leaves_what_the_reader_doubted(ann):
    version = draft(lamps(criteria=DOUBTFUL))

    confirm_all(version=version, by=ann, at=AT)

    assert "A" not in confirmed(version)
    assert {"A-1", "A-2", "B"} <= set(confirmed(version))
    (doubt,) = tree_of(version).at("criteria-I-A").doubts
    assert "no rule is decided" in doubt.reason


def test_a_doubtful_criterion_is_confirmed_by_itself(ann):
    version = draft(lamps(criteria=DOUBTFUL))

    confirm_criterion(version=version, anchor="criteria-I-A", by=ann, at=AT)

    assert confirmed(version) == ["A"]


def test_a_confirmation_can_be_taken_back(ann):
    version = draft()
    before = version.content_hash
    confirm_criterion(version=version, anchor="criteria-I-A", by=ann, at=AT)

    take_back_confirmation(version=version, anchor="criteria-I-A", by=ann, at=AT)

    version.refresh_from_db()
    assert confirmed(version) == []
    assert version.content_hash == before


def test_whoever_confirms_cannot_approve(ann):
    version, ben = draft(), person("ben")
    confirm_criterion(version=version, anchor="criteria-I-A", by=ben, at=AT)
    submit(version=version, by=ann, at=AT)

    with pytest.raises((Refused, IntegrityError)):
        approve(version=version, by=ben, at=AT)


def test_only_drafts_are_worked_on(ann):
    done = published()
    waiting = submit(version=draft(lamps(title="Lanterns")), by=ann, at=AT)

    for version, said in [(done, "is published"), (waiting, "return it to draft")]:
        with pytest.raises(Refused, match=said):
            confirm_all(version=version, by=ann, at=AT)


# The content and its hash


def test_the_hash_speaks_for_what_is_confirmed(ann):
    version = draft()
    before = version.content_hash

    confirm_criterion(version=version, anchor="criteria-I-A", by=ann, at=AT)

    version.refresh_from_db()
    stated = json.loads(version.content)["confirmed"]
    assert stated == {"criteria": ["criteria-I-A"], "stance_types": []}
    assert version.content_hash != before
    assert version.content == current_content(version)


def test_a_content_without_the_key_has_nothing_confirmed():
    content = json.loads(draft().content)

    assert "confirmed" not in content
    assert confirmed_in(content).criteria == frozenset()


def test_submitting_seals_what_is_confirmed(ann):
    version = draft(lamps(criteria=TREE))
    confirm_all(version=version, by=ann, at=AT)

    submit(version=version, by=ann, at=AT)

    version.refresh_from_db()
    anchors = list(version.criteria.order_by("position").values_list("anchor", flat=True))
    assert json.loads(version.content)["confirmed"]["criteria"] == anchors


# Rules


def rule_of(version, anchor):
    return at(version, anchor).rule, at(version, anchor).at_least


def test_a_rule_against_the_words_needs_a_reason(ann):
    version = draft(lamps(criteria=TREE))
    change = {"version": version, "anchor": "criteria-I-A", "rule": "all", "by": ann, "at": AT}

    with pytest.raises(Refused, match=r"say “any of these”.*“all of these”"):
        change_rule(**change)
    change_rule(**change, reason="A misprint, says the author.")

    assert rule_of(version, "A") == ("all", None)
    assert "A misprint" in version.edits.get().what


def test_a_rule_where_the_words_say_none_needs_no_reason(ann):
    plain = "1. Lamps:\n\n          1. Red;\n          2. Green."
    version = draft(lamps(criteria=plain))

    change_rule(version=version, anchor="criteria-I-A", rule="at_least", at_least=2, by=ann, at=AT)

    assert rule_of(version, "A") == ("at_least", 2)


def test_a_changed_rule_is_to_be_confirmed_again_and_stands_in_the_content(ann):
    version = draft(lamps(criteria=TREE))
    confirm_all(version=version, by=ann, at=AT)

    change_rule(
        version=version, anchor="criteria-I-A", rule="none", reason="Negated.", by=ann, at=AT
    )

    assert "A" not in confirmed(version)
    version.refresh_from_db()
    assert version.content == current_content(version)


@pytest.mark.parametrize("number", [None, 0, 3])
def test_at_least_must_be_possible(ann, number):
    with pytest.raises(Refused, match="from 1 to 2"):
        change_rule(
            version=draft(lamps(criteria=TREE)), anchor="criteria-I-A", rule="at_least",
            at_least=number, reason="So.", by=ann, at=AT,
        )  # fmt: skip


def test_a_criterion_with_nothing_under_it_has_no_rule(ann):
    with pytest.raises(Refused, match="no criteria under it"):
        change_rule(version=draft(), anchor="criteria-I-A", rule="any", by=ann, at=AT)


# Matching by hand


def pair(*later):
    """A version with two criteria, and a draft after it with others."""
    first = draft(lamps(criteria="1. The room is dark.\n      2. The member reads."))
    texts = "\n      ".join(f"{number}. {text}" for number, text in enumerate(later, 1))
    return first, draft(lamps(criteria=texts, background="Lamps are cold."))


def match(version, anchor, earlier, by):
    earlier = earlier and f"criteria-I-{earlier}"
    return match_criterion(
        version=version, anchor=f"criteria-I-{anchor}", earlier=earlier, by=by, at=AT
    )


def test_what_is_gone_went_on_as_another(ann):
    first, second = pair("Lanterns were lit for many years.", "The member reads.")
    assert [one.anchor for one in tree_of(second).gone] == ["criteria-I-A"]

    match(second, "A", "A", ann)

    assert (at(second, "A").identity, at(second, "A").fate) == (at(first, "A").identity, "reworded")
    assert tree_of(second).gone == []


def test_two_that_go_on_from_one_are_its_parts(ann):
    first, second = pair("The room is dark.", "The member reads.", "Nobody else is there.")

    match(second, "C", "A", ann)

    origin = at(first, "A").identity
    assert [at(second, one).fate for one in "AC"] == ["split", "split"]
    assert [at(second, one).split_from for one in "AC"] == [origin, origin]
    assert at(second, "A").identity == origin
    assert at(second, "C").identity != origin


def test_a_part_that_is_new_after_all_leaves_the_other_whole(ann):
    first, second = pair("The room is dark.", "The member reads.", "Nobody else is there.")
    match(second, "C", "A", ann)

    match(second, "A", None, ann)

    assert at(second, "A").fate == "new"
    assert at(second, "C").identity == at(first, "A").identity
    assert at(second, "C").split_from is None


def test_another_match_is_to_be_confirmed_again(ann):
    _, second = pair("The room is dark.", "The member reads.")
    confirm_all(version=second, by=ann, at=AT)

    match(second, "A", None, ann)

    assert "A" not in confirmed(second)
    assert "B" in confirmed(second)


def test_a_first_version_matches_nothing(ann):
    with pytest.raises(Refused, match="No version was before"):
        match(draft(), "A", "A", ann)


# Two editors


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(ann):
    version, ben = draft(lamps(criteria=TREE)), person("ben")
    seen = state_of(at(version, "A"))
    change_rule(
        version=version, anchor="criteria-I-A", rule="all", reason="So.", by=ann, at=AT, seen=seen
    )

    with pytest.raises(Refused, match=r"I\.A was changed by ann .* it is now “all of these”"):
        confirm_criterion(version=version, anchor="criteria-I-A", seen=seen, by=ben, at=AT)

    assert confirmed(version) == []
    assert rule_of(version, "A") == ("all", None)


def test_a_criterion_that_another_reading_took_away_is_told(ann):
    with pytest.raises(Refused, match="read again"):
        confirm_criterion(version=draft(), anchor="criteria-I-Z", by=ann, at=AT)


# The page


def test_the_page_goes_on_to_the_next_that_waits(editor):
    version = draft(lamps(criteria=TREE))

    response = press(editor, version, "confirm", "A")

    assert response["Location"] == page_of(version, "criteria-I-A-1")
    assert confirmed(version) == ["A"]


def test_the_page_says_how_far_it_is_and_shows_the_source_beside(editor):
    version = draft(lamps(criteria=TREE))
    press(editor, version, "confirm", "A")
    total = version.criteria.count()

    page = editor.get(f"{page_of(version)}?at=criteria-I-A-1").content.decode()

    assert f"<b>1 of {total} confirmed.</b>" in page
    assert "<mark>Red; or</mark>" in page


def test_a_key_brings_only_the_rows_that_changed(editor):
    version = draft(lamps(criteria=TREE))
    token = state_of(at(version, "A"))

    page = editor.post(
        page_of(version),
        {"do": f"confirm:{token}:criteria-I-A"},
        headers={"HX-Request": "true"},
    ).content.decode()

    assert '<tr id="n-criteria-I-A" hx-swap-oob="true"' in page
    assert 'n-criteria-I-B" hx-swap' not in page
    assert 'data-selects="#n-criteria-I-A-1"' in page


def test_what_was_typed_stays_when_refused(editor):
    version = draft(lamps(criteria=TREE))

    response = press(editor, version, "rule", "A", rule="all", reason="")

    assert response.status_code == 409
    assert response.context["rule"] == "all"
    assert "give the reason" in response.content.decode()


def test_what_is_gone_is_placed_on_the_page(editor):
    _, second = pair("Lanterns were lit for many years.", "The member reads.")

    editor.post(page_of(second), {"do": "went_on", "gone": "criteria-I-A", "as": "criteria-I-A"})

    assert at(second, "A").fate == "reworded"


def test_an_approver_looks_and_does_not_write(client, cast):
    version = draft(lamps(criteria=TREE))
    client.force_login(cast.policy_approver.user)

    assert b"data-key" not in client.get(page_of(version)).content
    assert press(client, version, "confirm", "A").status_code == 403


# What reviewers read


def test_reviewers_read_whether_the_logic_is_confirmed(client, cast, ann):
    plain = published(lamps(number="0901"))
    version = draft(lamps(number="0902"), author=ann)
    confirm_all(version=version, by=ann, at=AT)
    client.force_login(cast.policy_editor.user)

    read = client.get(plain.get_absolute_url()).content.decode()
    confirmed_page = client.get(version.get_absolute_url()).content.decode()

    assert "Logic as read by software, not confirmed by a person." in read
    assert "Logic confirmed by policy staff." in confirmed_page
    assert "(proposed, not confirmed)" in read
